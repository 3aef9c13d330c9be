# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What comes in: the bytes of a body (RFC 9112), the JSON in them (RFC 8259), and whether a field takes a text."""

from __future__ import annotations

import io
import json
import re
import typing as t
from email.message import Message

from ansible_collections.hostup.cloud.plugins.module_utils._fields import Field

#: Bytes of a body. No update comes near it.
LONGEST = 1024 * 1024


class Incoming(t.NamedTuple):
    """A request of the API as it came, whatever becomes of it."""

    method: str
    #: As it stands in the first line.
    target: str
    #: Names and values, in order, those that stand twice twice.
    fields: tuple[tuple[str, str], ...]
    body: bytes


class Unreadable(Exception):
    """Where the body ends can't be told: nothing more can be read from this connection. str() says why."""


def read_body(headers: Message, stream: io.BufferedIOBase) -> bytes:
    """The body that follows these header fields, of the length that they say. Raises Unreadable."""
    lengths = set(headers.get_all("Content-Length") or ["0"])
    if "Transfer-Encoding" in headers or len(lengths) > 1:
        raise Unreadable("A body has one length, and no transfer coding")
    digits = lengths.pop().strip(" \t")
    # int() itself takes signs, underscores and other scripts' digits
    if not re.fullmatch("[0-9]{1,9}", digits) or int(digits) > LONGEST:
        raise Unreadable("The length of the body is none, or too large")
    data = stream.read(int(digits))
    if len(data) != int(digits):
        raise Unreadable("The body breaks off")
    return data


def parsed(body: bytes) -> t.Any:
    """The JSON in a body: UTF-8, no key twice in an object, no NaN and the like. Raises ValueError."""
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _unique(pairs: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(word: str) -> t.NoReturn:
    raise ValueError("%s is no JSON" % word)


def takes(field: Field, value: str) -> bool:
    """Whether a field takes a text, "" being what clears it. Inferred, but for the choices."""
    if field.choices:
        return value in field.choices
    if not value:
        return field.clearable
    return field.option != "country" or bool(re.fullmatch("[A-Z]{2}", value))
