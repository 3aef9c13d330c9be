# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Version 2's nested bodies: looked into by the tables' names, and what is wrong with them by pointer."""

from __future__ import annotations

import typing as t

from .intake import parsed
from .problems import error
from .replies import Refusal

#: The keys from the top of a body to a value. No dotted text: a body that has dots in its keys is a wrong one.
Keys = t.Tuple[str, ...]


#: An error of a body: pointer, words and code.
Error = t.Tuple[str, str, str]


def keys_of(dotted: str) -> Keys:
    """The keys of a table's dotted name."""
    return tuple(dotted.split("."))


def objects_around(names: t.Iterable[Keys]) -> frozenset[Keys]:
    """The objects around the values."""
    return frozenset(name[:depth] for name in names for depth in range(1, len(name)))


def put(record: dict[str, t.Any], name: Keys, value: t.Any) -> None:
    """Put a value into its object in a record."""
    for key in name[:-1]:
        record = record[key]
    record[name[-1]] = value


def pointer_to(name: Keys) -> str:
    """As RFC 6901 has it."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in name)


def unknown(name: Keys, known: t.Iterable[Keys]) -> Error:
    """What is wrong with a name that is none of those known."""
    if name in objects_around(known):
        return pointer_to(name), "Is no object.", "invalid_type"
    return pointer_to(name), "Is not documented.", "unknown_field"


def flat(sent: dict[str, t.Any], known: t.Iterable[Keys], outer: Keys = ()) -> dict[Keys, t.Any]:
    """What was sent, by its keys; only the objects around known values are looked into."""
    found: dict[Keys, t.Any] = {}
    for key, value in sent.items():
        name = (*outer, key)
        if name in objects_around(known) and isinstance(value, dict):
            found.update(flat(value, known, name))
        else:
            found[name] = value
    return found


def object_of(body: bytes, path: str) -> dict[str, t.Any]:
    """The object in a body. Raises Refusal."""
    try:
        value = parsed(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        refuse([("", "Is no JSON object.", "invalid_type")], path)
    return t.cast("dict[str, t.Any]", value)


def refuse(errors: t.Sequence[Error], path: str) -> None:
    """Raise Refusal, where there are errors."""
    if errors:
        listed = [{"pointer": pointer, "detail": detail, "code": code} for pointer, detail, code in errors]
        raise Refusal(error(400, "invalid_request", "The request is invalid.", path, listed))
