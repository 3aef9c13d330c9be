# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a value stands in an API's JSON: read from it, and written to it. Pure functions, no Ansible, no HTTP.

Texts are the common case. The rest are what HostUp's documentation shows: flags that may arrive as text, version 2's
object for an organisation number, and its object for the categories of e-mail.
"""

from __future__ import annotations

import re
import typing as t

#: ``[SE]555555-5555``: the one text for an organisation number and its country, as API v1 has it.
BRACKETED = re.compile(r"\[ *([A-Za-z]{2}) *\] *(.*)")

#: The value of `notification_delivery` that stands for HostUp's own choice of categories.
DEFAULT = "default"


class Unusable(Exception):
    """The body of an answer is not what the API documents. str() says how, as in "a body that ..."."""


class Shape(t.NamedTuple):
    """One way to write values into JSON."""

    #: What stands there -> the value; None where that says nothing. Raises ValueError with what was expected instead.
    read: t.Callable[[t.Any], t.Any]
    #: The value -> what is written there.
    write: t.Callable[[t.Any], t.Any]


def _as_it_is(value: t.Any) -> t.Any:
    return value


def is_empty(raw: t.Any) -> bool:
    """Whether the value is unset. PHP has one kind of empty array, and writes it as a list whatever it would hold."""
    return raw is None or raw in ([], {})


def text(raw: t.Any) -> str:
    """Text; null and an empty array or object read as "". Numbers mostly arrive as text, but need not."""
    if is_empty(raw):
        return ""
    if isinstance(raw, bool):
        return str(int(raw))
    if isinstance(raw, (int, float)):
        return str(raw)
    if not isinstance(raw, str):
        raise ValueError("text")
    # JSON can carry half a character, nothing after it can
    return raw.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def plain_id(raw: str) -> str:
    """An id without outer white space, and without the fraction that it has where something took it for a number."""
    return re.sub(r"\A([0-9]+)\.0+\Z", r"\1", raw.strip())


def _id(raw: t.Any) -> str:
    found = plain_id(text(raw))
    # messages and the headers of diffs name it
    if isinstance(raw, bool) or not re.fullmatch("[A-Za-z0-9._:-]{0,64}", found):
        raise ValueError("a short id")
    return found


def _nothing_or_as_it_is(value: str) -> str | None:
    """What clears a field of API v2 is null."""
    return value or None


def _identifier(raw: t.Any) -> str:
    if not isinstance(raw, dict):
        return text(raw)
    number, country = text(raw.get("value")), text(raw.get("countryCode"))
    return "[%s]%s" % (country, number) if number and country and not BRACKETED.fullmatch(number) else number


def _to_identifier(value: str) -> dict[str, str | None] | None:
    if not value:
        return None
    match = BRACKETED.fullmatch(value)
    return {"value": match.group(2), "countryCode": match.group(1).upper()} if match else {"value": value, "countryCode": None}


def _flag(raw: t.Any) -> bool | None:
    word = text(raw).lower()
    if word not in ("", "0", "1", "false", "true"):
        raise ValueError("a flag")
    return word in ("1", "true") if word else None


def _object(raw: t.Any) -> dict[str, t.Any]:
    if not is_empty(raw) and not isinstance(raw, dict):
        raise ValueError("an object")
    return raw or {}


def _categories(raw: t.Any) -> str | list[str]:
    if is_empty(raw):
        return DEFAULT
    if not isinstance(raw, dict) or not isinstance(raw.get("enabledEmails") or [], list):
        raise ValueError("an object")
    names = sorted({text(name) for name in raw.get("enabledEmails") or []})
    return names if _flag(raw.get("overrideEnabled")) else DEFAULT


def _to_categories(value: str | list[str]) -> dict[str, t.Any]:
    chosen = value != DEFAULT
    return {"overrideEnabled": chosen, "enabledEmails": value if chosen else []}


#: API v1's texts, which an empty one clears.
TEXT = Shape(text, _as_it_is)
#: API v2's.
NULLABLE_TEXT = Shape(text, _nothing_or_as_it_is)
#: API v2's `registrationIdentifier`.
IDENTIFIER = Shape(_identifier, _to_identifier)
#: true and false; of API v1, flags may arrive as "1" and "0".
FLAG = Shape(_flag, _as_it_is)
#: API v2's `notifications.delivery`: `default`, or the sorted names of the categories.
CATEGORIES = Shape(_categories, _to_categories)
#: What the API names an account or an invoice by.
ID = Shape(_id, _as_it_is)
#: An object of which single values are read.
OBJECT = Shape(_object, _as_it_is)
