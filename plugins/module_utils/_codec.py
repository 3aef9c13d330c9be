# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the API's JSON to values, and back. Pure functions, no Ansible, no HTTP.

Texts are the common case. The rest are what HostUp's documentation shows: flags that may arrive as text, version 2's
object for an organisation number, and its object for the categories of e-mail.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._characters import as_read

Record = t.Dict[str, t.Any]

#: Characters; no dotted name is longer.
_MAX_NAME = 100

#: Keys whose values are secrets or payment data, however short.
_SECRET = ("password", "reset_token", "cardtype", "cardnum", "expdate", "achtype", "achaccount", "achrouting")

#: ``[SE]555555-5555``: the one text for an organisation number and its country, as API v1 has it.
BRACKETED = re.compile(r"\[ *([A-Za-z]{2}) *\] *(.*)")

#: The value of `notification_delivery` that stands for HostUp's own choice of categories.
DEFAULT = "default"


class InvalidResponse(Exception):
    """The body of an answer is not what the API documents. str() says how, as in "a body that ..."."""


class JsonCodec(t.NamedTuple):
    """One way to write values into JSON."""

    #: The JSON -> the value; None if it says nothing. Raises ValueError with what was expected instead.
    read: t.Callable[[t.Any], t.Any]
    #: The value -> what is written there.
    write: t.Callable[[t.Any], t.Any] = lambda value: value


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
TEXT = JsonCodec(text)
#: API v2's, which null clears.
NULLABLE_TEXT = JsonCodec(text, lambda value: value or None)
#: API v2's `registrationIdentifier`.
IDENTIFIER = JsonCodec(_identifier, _to_identifier)
#: true and false; of API v1, flags may arrive as "1" and "0".
FLAG = JsonCodec(_flag)
#: API v2's `notifications.delivery`: `default`, or the sorted names of the categories.
CATEGORIES = JsonCodec(_categories, _to_categories)
#: What the API names an account or an invoice by.
ID = JsonCodec(_id)
#: An object of which single values are read.
OBJECT = JsonCodec(_object)


def find(record: Record, name: str) -> tuple[bool, t.Any]:
    """Whether the record has this dotted name, and its value: null inside an object that is null. Raises InvalidResponse."""
    found: t.Any = record
    for key in name.split("."):
        if found is None or found == []:
            return True, None
        if not isinstance(found, dict):
            raise InvalidResponse("holds something else than an object in %s" % name)
        if key not in found:
            return False, None
        found = found[key]
    return True, found


def value(record: Record, name: str, codec: JsonCodec) -> t.Any:
    """The value that the record has under a dotted name; what a missing key reads as is the codec's. Raises InvalidResponse."""
    try:
        return codec.read(_plain(find(record, name)[1]))
    except ValueError as expected:
        raise InvalidResponse("holds something else than %s as %s" % (expected, name)) from None


def known(record: Record, name: str, codec: JsonCodec, needed: bool = False) -> t.Any:
    """The same; None where it can't be read. Raises InvalidResponse only if the value is needed."""
    try:
        return value(record, name, codec)
    except InvalidResponse:
        if needed:
            raise
        return None


def has(record: Record, name: str) -> bool:
    """Whether the record has this dotted name. Where an object should be and something else is, it has."""
    try:
        return find(record, name)[0]
    except InvalidResponse:
        return True


def _plain(raw: t.Any, depth: int = 2) -> t.Any:
    """The texts in it as they are shown."""
    if isinstance(raw, str):
        return as_read(raw)
    if depth and isinstance(raw, list):
        return [_plain(item, depth - 1) for item in raw]
    if depth and isinstance(raw, dict):
        return {key: _plain(item, depth - 1) for key, item in raw.items()}
    return raw


def body(values: t.Mapping[str, t.Any]) -> Record:
    """An object of dotted names and what is to stand there, nested."""
    whole: Record = {}
    for name, raw in values.items():
        *outer, last = name.split(".")
        inner = whole
        for key in outer:
            inner = inner.setdefault(key, {})
        inner[last] = raw
    return whole


def option_of(pointer: str, names: t.Mapping[str, str]) -> str | None:
    """The option that an error is about; None where it is about none of them.

    pointer: a JSON pointer (RFC 6901) into the body, or the same with dots. names: dotted name -> option, of what was sent.
    """
    place = ".".join(key for key in pointer.replace("/", ".").split(".") if key not in ("", "#"))
    for name, option in names.items():
        if place == name or place.startswith(name + "."):
            return option
    inside = [option for name, option in names.items() if place and name.startswith(place + ".")]
    return " and ".join(inside) or None


def hidden(raw: t.Any, allowed: t.Container[str] = ()) -> t.Iterator[str]:
    """All texts and numbers but those under allowed names; of ordinary words, the ones long enough to tell something."""
    # no function that calls itself: JSON can be nested deeper than Python's stack is
    found: list[tuple[str, t.Any, t.Container[str]]] = [("", raw, allowed)]
    while found:
        path, inner, names = found.pop()
        if path and path in names:
            continue
        if isinstance(inner, dict):
            # the end of a path that is too long for any name is enough
            around = path[-_MAX_NAME:] + "." if path else ""
            found += [(around + key, value, names) for key, value in inner.items()]
        elif isinstance(inner, list):
            found += [(path, value, ()) for value in inner]
        elif inner is not None and not isinstance(inner, bool):
            shortest = 3 if path.rpartition(".")[2] in _SECRET else 8
            if len(str(inner)) >= shortest:
                yield str(inner)
