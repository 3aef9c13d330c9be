# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Version 2's nested bodies, checked against the table of fields, and its errors (RFC 7807)."""

from __future__ import annotations

import datetime
import re
import typing as t
import uuid

from ansible_collections.hostup.cloud.plugins.module_utils._fields import Field

from .intake import parsed, takes
from .replies import Refusal, Reply, json_reply, now

#: The keys from the top of a body to a value. No dotted text: a body that has dots in its keys is a wrong one.
Keys = t.Tuple[str, ...]
Table = t.Mapping[Keys, Field]

#: An error of a body: keys, words and code.
Error = t.Tuple[Keys, str, str]

#: inferred: a success has no other place for it.
ID_FIELD = "X-Request-Id"


def table_of(fields: t.Iterable[Field]) -> dict[Keys, Field]:
    """The fields by their keys."""
    return {tuple(field.v2.split(".")): field for field in fields if field.v2}


def put(record: dict[str, t.Any], name: Keys, value: t.Any) -> None:
    """Put a value into its object in a record."""
    for key in name[:-1]:
        record = record.setdefault(key, {})
    record[name[-1]] = value


def read_update(body: bytes, path: str) -> dict[str, t.Any]:
    """The object in a body. Raises Refusal."""
    try:
        value = parsed(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        refuse([((), "Is no JSON object.", "invalid_type")], path)
    return t.cast("dict[str, t.Any]", value)


def flat(sent: dict[str, t.Any], table: Table, outer: Keys = ()) -> dict[Keys, t.Any]:
    """What was sent, by its keys; only the objects around known values are looked into."""
    found: dict[Keys, t.Any] = {}
    for key, value in sent.items():
        name = (*outer, key)
        found.update(flat(value, table, name) if _is_around(name, table) and isinstance(value, dict) else {name: value})
    return found


def _is_around(name: Keys, table: Table) -> bool:
    return any(len(known) > len(name) and known[: len(name)] == name for known in table)


def errors_of(name: Keys, value: t.Any, table: Table) -> t.Iterator[Error]:
    """What is wrong with a value that was sent under this name."""
    field = table.get(name)
    if field is None:
        yield (
            (name, "Is no object.", "invalid_type") if _is_around(name, table) else (name, "Is not documented.", "unknown_field")
        )
    elif value is None:
        if not field.clearable and field.type != "list":
            yield name, "May not be null.", "invalid_type"
    elif field.option in _OBJECTS:
        keys, check = _OBJECTS[field.option]
        if not isinstance(value, dict):
            yield name, "Is no object.", "invalid_type"
            return
        yield from (((*name, key), "Is not documented.", "unknown_field") for key in sorted(set(value) - set(keys)))
        yield from (((*name, key), words, code) for key, words, code in check(*map(value.get, keys)))
    elif not isinstance(value, bool if field.type == "bool" else str):
        yield name, "Is of the wrong type.", "invalid_type"
    elif isinstance(value, str) and not (value and takes(field, value)):
        yield name, "Is not one of the values that can be.", "invalid_value"


_InnerErrors = t.Iterator[t.Tuple[str, str, str]]


def _identifier_errors(number: t.Any, country: t.Any) -> _InnerErrors:
    if not isinstance(number, str):
        yield "value", "Is no string.", "missing_required"
    elif not number or number.startswith("["):
        # inferred: the brackets are version 1's
        yield "value", "Is no number of an organisation.", "invalid_value"
    if country is not None and not isinstance(country, str):
        yield "countryCode", "Is no string.", "invalid_type"
    elif country is not None and not re.fullmatch("[A-Z]{2}", country):
        yield "countryCode", "Is no country.", "invalid_value"


def _delivery_errors(enabled: t.Any, emails: t.Any) -> _InnerErrors:
    if not isinstance(enabled, bool):
        yield "overrideEnabled", "Is no boolean.", "invalid_type"
    if not isinstance(emails, list) or not all(isinstance(email, str) for email in emails):
        yield "enabledEmails", "Is no list of strings.", "invalid_type"


#: Option whose value is an object: its keys, and what checks their values.
_OBJECTS: dict[str, tuple[tuple[str, str], t.Callable[[t.Any, t.Any], _InnerErrors]]] = {
    "org_number": (("value", "countryCode"), _identifier_errors),
    "notification_delivery": (("overrideEnabled", "enabledEmails"), _delivery_errors),
}


def refuse(errors: t.Sequence[Error], path: str) -> None:
    """Raise Refusal if there are errors."""
    if errors:
        listed = [{"pointer": _pointer(name), "detail": detail, "code": code} for name, detail, code in errors]
        raise Refusal(error(400, "invalid_request", "The request is invalid.", path, listed))


def _pointer(name: Keys) -> str:
    """As RFC 6901 has it."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in name)


def error(status: int, code: str, detail: str, path: str, errors: t.Sequence[dict[str, str]] = (), **headers: str) -> Reply:
    """A problem as documented (RFC 7807). How the type spells a code of two words is inferred."""
    fields = response_fields()
    problem: dict[str, t.Any] = {
        "type": "https://developer.hostup.se/errors/" + code.replace("_", "-"),
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "instance": path,
        "requestId": fields[ID_FIELD],
        "timestamp": now(),
    }
    if errors:
        problem["errors"] = list(errors)
    return json_reply(status, problem, "application/problem+json", **{**fields, **headers})


def response_fields() -> dict[str, str]:
    """The header fields that every answer has: what is left of the rate limit, and the request's id."""
    reset = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=60)
    return {
        "X-RateLimit-Limit": "120",
        "X-RateLimit-Remaining": "100",
        "X-RateLimit-Reset": reset.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        ID_FIELD: "req_f" + uuid.uuid4().hex[:11],
    }
