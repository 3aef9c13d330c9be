# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which bodies are taken for an answer of the API, and which are refused as ambiguous."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._api_versions import API_VERSIONS, parse
from ansible_collections.hostup.cloud.plugins.module_utils._codec import InvalidResponse


def nested(times: int) -> bytes:
    return b'{"a":' * times + b"1" + b"}" * times


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b" \n", "is empty"),
    "no JSON": (b"<html>", "is not JSON"),
    "JSON and more": (b"{} {}", "is not JSON"),
    "a comment": (b"/* debug */ {}", "is not JSON"),
    "single quotes": (b"{'a': 1}", "is not JSON"),
    "invalid UTF-8": (b'{"a": "\xff\xfe"}', "is not JSON"),
    "a raw NUL": (b'{"a": "\0"}', "is not JSON"),
    "NUL behind the end": (b"{}\0", "is not JSON"),
    "null": (b"null", "is not a JSON object"),
    "a text": (b'"{}"', "is not a JSON object"),
    "an array": (b"[{}]", "is not a JSON object"),
    "the same key twice": (b'{"a": 1, "a": 1}', "has the same key twice in one object"),
    "the same key twice further in": (b'{"a": [{"b": {"c": 1, "\\u0063": 2}}]}', "has the same key twice in one object"),
    "NaN": (b'{"a": NaN}', "has a number that JSON does not have (NaN)"),
    "-Infinity": (b'{"a": [-Infinity]}', "has a number that JSON does not have (-Infinity)"),
    "beyond all range": (b'{"a": -1e400}', "has a number out of range"),
    "too many digits": (b'{"a": ' + b"1" * 101 + b"}", "has a number out of range"),
    "too many digits of a fraction": (b'{"a": 0.' + b"1" * 99 + b"}", "has a number out of range"),
    "nested too deeply": (nested(51), "is nested too deeply"),
    "lists nested too deeply": (b'{"a": ' + b"[" * 50 + b"]" * 50 + b"}", "is nested too deeply"),
    "nested without end": (b'{"a":' * 100000, "is not JSON"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_body_that_is_refused(name: str) -> None:
    body, words = REFUSED[name]
    with pytest.raises(InvalidResponse) as refused:
        parse(body)
    assert str(refused.value) == words


TAKEN: dict[str, tuple[bytes, t.Any]] = {
    "the same key in two objects": (b'{"a": {"b": 1}, "c": {"b": 1}}', {"a": {"b": 1}, "c": {"b": 1}}),
    "a byte order mark": (b'\xef\xbb\xbf{"a": null}', {"a": None}),
    "numbers": (b'{"a": -12, "b": 1.5e3}', {"a": -12, "b": 1500.0}),
    "many digits": (b'{"a": ' + b"1" * 100 + b"}", {"a": int("1" * 100)}),
    "white space": (b"{}" + b" " * 500000, {}),
    "half a character": (b'{"a": "\\ud83d"}', {"a": "\ud83d"}),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_body_that_is_taken(name: str) -> None:
    body, value = TAKEN[name]
    assert parse(body) == value
    assert parse(nested(50))["a"]


#: The flag outside, the one in `data`, and what is made of both; None: it does not say.
FLAGS: list[tuple[t.Any, t.Any, bool | None]] = [
    (True, True, True),
    ("true", "1", True),
    (None, 1, True),
    (True, False, False),
    ("0", None, False),
    (None, None, None),
    ([True], True, None),
    (True, "yes", None),
    (7, None, None),
]


@pytest.mark.parametrize(("outside", "inside", "said"), FLAGS)
def test_what_counts_as_success(outside: t.Any, inside: t.Any, said: bool | None) -> None:
    envelope = {"success": outside, "data": {"success": inside}}
    if said is None:
        with pytest.raises(InvalidResponse, match="does not say whether"):
            API_VERSIONS["v1"].unwrap(envelope)
    else:
        assert API_VERSIONS["v1"].unwrap(envelope)[0] is said
