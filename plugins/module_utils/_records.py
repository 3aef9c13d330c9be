# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From an API's records to options, and from options to the body of a request. Pure functions, no Ansible, no HTTP.

Only what the tables name gets out of a record: an allow-list, since the raw record holds passwords and payment data.
"""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._characters import as_read
from ansible_collections.hostup.cloud.plugins.module_utils._fields import FIELDS, VERSIONS, Account
from ansible_collections.hostup.cloud.plugins.module_utils._shapes import ID, TEXT, Shape, Unusable

Record = t.Dict[str, t.Any]

#: The keys of an account's record that are no profile field and yet may be shown. v2 documents no status.
_SHOWN = {"id": ID, "status": TEXT, "email": TEXT}

#: By version: every name, dotted where objects are nested, that may be shown.
_ALLOWED = {
    version: frozenset(_SHOWN)
    | {f.name_in(version) for f in FIELDS if f.name_in(version)}
    | {f.v1_else[0] for f in FIELDS if f.v1_else and version == "v1"}
    for version in VERSIONS
}

#: Keys whose values are secrets or payment data, however short.
_SECRET = ("password", "reset_token", "cardtype", "cardnum", "expdate", "achtype", "achaccount", "achrouting")

#: Characters; no dotted name is longer.
_MAX_NAME = 100


def account(record: Record, version: str, needed: t.Container[str] = ()) -> Account:
    """The allow-listed part of an account's raw record. What can't be read is unset; if it is `needed`, that raises Unusable."""
    shown = {name: known(record, name, shape, name == "id") or None for name, shape in _SHOWN.items()}
    values, given = {}, set()
    for field in FIELDS:
        name, shape = field.name_in(version), field.shape_in(version)
        values[field.option] = (known(record, name, shape, field.option in needed) or "") if name else ""
        if name and has(record, name):
            given.add(field.option)
        if version == "v1" and field.v1_else and field.v1_else[0] in record:
            other, meanings = field.v1_else
            given.add(field.option)
            values[field.option] = values[field.option] or meanings.get(
                known(record, other, TEXT, field.option in needed) or "", ""
            )
    return Account(shown["id"], shown["status"], shown["email"], values, frozenset(given))


def find(record: Record, name: str) -> tuple[bool, t.Any]:
    """Whether the record has this dotted name, and what stands there. An object that is null holds null. Raises Unusable."""
    found: t.Any = record
    for key in name.split("."):
        if found is None or found == []:
            return True, None
        if not isinstance(found, dict):
            raise Unusable("holds something else than an object in %s" % name)
        if key not in found:
            return False, None
        found = found[key]
    return True, found


def value(record: Record, name: str, shape: Shape) -> t.Any:
    """The value that the record has under a dotted name; what a missing key reads as is the shape's. Raises Unusable."""
    try:
        return shape.read(_plain(find(record, name)[1]))
    except ValueError as expected:
        raise Unusable("holds something else than %s as %s" % (expected, name)) from None


def known(record: Record, name: str, shape: Shape, needed: bool = False) -> t.Any:
    """The same; None where it can't be read. Raises Unusable only if the value is needed."""
    try:
        return value(record, name, shape)
    except Unusable:
        if needed:
            raise
        return None


def has(record: Record, name: str) -> bool:
    """Whether the record has this dotted name. Where an object should be and something else is, it has."""
    try:
        return find(record, name)[0]
    except Unusable:
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


def secrets(record: t.Any, version: str) -> t.Iterator[str]:
    """All of an account's raw record that may not be shown."""
    return hidden(record, _ALLOWED[version])


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
