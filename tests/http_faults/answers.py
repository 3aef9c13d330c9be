# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults in what an answer says: statuses with each kind of body, and bodies that are not what they should be."""

from __future__ import annotations

import json
import typing as t

from .fault import FINE, REFUSED, UNKNOWN, Exchange, Fault, wire

#: What may be sent again, as it may change.
_RETRIED = (429, *range(500, 600))
_STATUSES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524)
_JSON = "Content-Type: application/json"
_NUMBER = "7d1f0a6c-0000-4000-8000-00000000abcd"


def _nothing(key: str) -> str:
    return ""


#: Kind of body -> its type, its making from the key, and the `code` and `message` that are read from it.
_BODIES: dict[str, tuple[str, t.Callable[[str], t.Any], tuple[str | None, str | None]]] = {
    "JSON": (
        _JSON,
        lambda key: {"code": "E_TEST", "error": "Error", "message": "Refused " + key, "requestId": _NUMBER},
        ("E_TEST", "Refused (redacted)"),
    ),
    "problem": (
        "Content-Type: application/problem+json",
        lambda key: {"type": "about:blank", "title": "Odd", "detail": "Refused " + key, "code": "e_test", "requestId": _NUMBER},
        ("e_test", "Refused (redacted)"),
    ),
    "HTML": ("Content-Type: text/html", lambda key: "<html><h1>Gone</h1><p>%s</p></html>" % key, (None, None)),
    "empty": ("Content-Type: text/plain", _nothing, (None, None)),
}


def _answer(status: int, kind: str, *fields: str) -> t.Callable[[Exchange], bool]:
    content_type, make, _said = _BODIES[kind]

    def strike(x: Exchange) -> bool:
        body = make(x.key)
        x.send(wire(status, (body if isinstance(body, str) else json.dumps(body)).encode(), content_type, *fields))
        return True

    return strike


def _status(status: int, kind: str) -> Fault:
    return Fault(
        "status %d" % status,
        kind,
        _answer(status, kind),
        UNKNOWN if status >= 500 else REFUSED,
        status,
        2 if status in _RETRIED else 1,
        words="HTTP %d" % status,
        said=_BODIES[kind][2],
        after=status >= 500,
        shade=kind != "JSON",
    )


def _waits(status: int, wait: str, attempts: int) -> Fault:
    return Fault(
        "Retry-After",
        "%d with %s" % (status, wait),
        _answer(status, "empty", "Retry-After: " + wait),
        UNKNOWN if status >= 500 else REFUSED,
        status,
        attempts,
        words="HTTP %d" % status,
        after=status >= 500,
    )


def _waits_in_body(wait: str, words: str) -> Fault:
    """A 429 whose wait is in its body, and is none."""

    def strike(x: Exchange) -> bool:
        x.send(wire(429, b'{"retryAfter": ' + wait.encode() + b"}", _JSON))
        return True

    return Fault("Retry-After", "429 with %s in the body" % wait, strike, REFUSED, 429, 2, words=words, after=False)


STATUSES = tuple(_status(status, kind) for status in _STATUSES for kind in _BODIES)

WAITS = (
    _waits(429, "1", 2),
    _waits(429, "3600", 1),
    _waits(429, "-5", 2),
    _waits(429, "9" * 400, 2),
    _waits_in_body("[1]", "HTTP 429"),
    _waits_in_body("1e999", "a number out of range"),
    _waits(503, "1", 2),
    _waits(503, "3600", 1),
    _waits(500, "3600", 1),
    _waits(400, "3600", 1),
    _waits(403, "1", 1),
)


def _says(status: int, name: str, raw: bytes, words: str = "") -> Fault:
    """An error that can't be read as one."""

    def strike(x: Exchange) -> bool:
        x.send(wire(status, raw, _JSON))
        return True

    attempts = 2 if status in _RETRIED else 1
    outcome = UNKNOWN if status >= 500 else REFUSED
    after = status >= 500
    return Fault("odd errors", "%d, %s" % (status, name), strike, outcome, status, attempts, words=words, after=after, shade=True)


_ODD_ERRORS = {
    "an array": (b'["canary-a"]', "is not a JSON object"),
    "a list for each text": (b'{"code": ["E"], "message": ["m"], "error": ["e"], "requestId": [1], "errors": ["x"]}', ""),
    "an object for each text": (b'{"code": {}, "message": {"a": 1}, "error": {}, "requestId": {}, "errors": {"a": {}}}', ""),
    "a number for each text": (b'{"code": -1.5, "message": 2, "error": 3, "requestId": -4.5, "errors": 5}', ""),
    "a flag for each text": (b'{"code": true, "message": true, "error": true, "requestId": true, "errors": true}', ""),
    "errors of errors": (b'{"errors": [{"pointer": ["a"], "detail": {"a": 1}, "code": [2]}, null, 3]}', ""),
    "half characters": (b'{"code": "\\ud83d", "message": "\\ud83d\\u0000", "requestId": "\\udc00"}', ""),
    "one key twice": (b'{"code": "E", "code": "F"}', "the same key twice"),
    "nested without end": (b'{"a":' * 50000, "is not JSON"),
}

ODD = tuple(_says(status, name, raw, words) for name, (raw, words) in _ODD_ERRORS.items() for status in (400, 503))

Spoil = t.Callable[[Exchange], bytes]


def _body(name: str, spoil: Spoil | bytes, words: str) -> Fault:
    """A success whose body can't be used."""

    def strike(x: Exchange) -> bool:
        x.send(wire(200, spoil if isinstance(spoil, bytes) else spoil(x), _JSON))
        return True

    return Fault("body", name, strike, UNKNOWN, 200, 1, words="a body that " + words)


def _inside(raw: str) -> Spoil:
    """The true answer with one more key, of this JSON."""
    return lambda x: x.reply.body.rstrip()[:-1] + b', "extra": ' + raw.encode() + b"}"


def _twice(x: Exchange) -> bytes:
    """The true answer, in which the first key at each depth of the record stands twice, with another value first."""
    body = x.reply.body
    inner = body.find(b"{", 1)
    return body[: inner + 1] + b'"extra": 1, "extra": 2, ' + body[inner + 1 :] if inner > 0 else b'{"a": 1, "a": 2, ' + body[1:]


BODIES = (
    _body("empty", b"", "is empty"),
    _body("white space", b" \r\n\t", "is empty"),
    _body("a page", b"<html><title>Log in</title></html>", "is not JSON"),
    _body("invalid JSON", lambda x: b"/* debug */" + x.reply.body, "is not JSON"),
    _body("truncated JSON", lambda x: x.reply.body[: len(x.reply.body) // 2], "is not JSON"),
    _body("two objects", lambda x: x.reply.body * 2, "is not JSON"),
    _body("single quotes", lambda x: x.reply.body.replace(b'"', b"'"), "is not JSON"),
    _body("an array", lambda x: b"[" + x.reply.body + b"]", "is not a JSON object"),
    _body("null", b"null", "is not a JSON object"),
    _body("a text", lambda x: json.dumps(x.reply.body.decode()).encode(), "is not a JSON object"),
    _body("an empty object", b"{}", ""),
    _body("nested without end", b'{"a":' * 100000, "is not JSON"),
    _body("nested 100000 times", _inside("[" * 100000 + "]" * 100000), "is "),
    _body("nested 800 times", _inside('{"a":' * 800 + "1" + "}" * 800), "is nested too deeply"),
    _body("nested 4000 times", _inside("[" * 4000 + "]" * 4000), "is "),
    _body("the same key twice", _twice, "has the same key twice"),
    _body("NaN", _inside("NaN"), "has a number that JSON does not have"),
    _body("Infinity", _inside("[-Infinity]"), "has a number that JSON does not have"),
    _body("a number beyond all range", _inside("1e999"), "has a number out of range"),
    _body("a number of 5000 digits", _inside("9" * 5000), "has a number out of range"),
    _body("invalid UTF-8", lambda x: x.reply.body[:-1] + b', "extra": "\xff\xfe"}', "is not JSON"),
    _body("raw NUL", _inside('"\x00"'), "is not JSON"),
    _body("NUL behind the end", lambda x: x.reply.body + b"\x00", "is not JSON"),
    _body("NUL alone", b"\x00" * 4000, "is not JSON"),
)


def _huge(x: Exchange) -> None:
    x.send(wire(200, json.dumps({**x.value(), "filler": "x" * 8 * 1024 * 1024}).encode(), _JSON))


def _sent_as(content_type: str, make: Spoil) -> t.Callable[[Exchange], bool]:
    def strike(x: Exchange) -> bool:
        x.send(wire(x.reply.status, make(x), "Content-Type: " + content_type))
        return True

    return strike


def _odd_texts(value: t.Any) -> t.Any:
    """With NUL, half characters and signs of direction in names that nothing hangs on, and beside everything."""
    odd = "A\x00\ud83d\u202e\u2028B"
    if not isinstance(value, dict):
        return value
    names = ("firstname", "firstName", "companyName", "participantName", "message", "status")
    return {"note " + odd: odd, **{key: odd if key in names else _odd_texts(inner) for key, inner in value.items()}}


GOOD_ENOUGH = (
    Fault("type", "text/html", _sent_as("text/html", lambda x: x.reply.body), FINE, attempts=1),
    Fault("type", "none that exists", _sent_as("\x01/;;=", lambda x: x.reply.body), FINE, attempts=1),
    Fault("body", "a byte order mark", _sent_as("application/json", lambda x: b"\xef\xbb\xbf" + x.reply.body), FINE, attempts=1),
    Fault(
        "body",
        "NUL, half characters and signs of direction in texts",
        _sent_as("application/json", lambda x: json.dumps(_odd_texts(x.value())).encode()),
        FINE,
        attempts=1,
    ),
    Fault(
        "body",
        "half a megabyte of white space",
        _sent_as("application/json", lambda x: x.reply.body + b" " * 500000),
        FINE,
        attempts=1,
    ),
)

ANSWERS = (
    *STATUSES,
    *WAITS,
    *ODD,
    *BODIES,
    Fault("body", "8 MiB", _huge, UNKNOWN, None, 1, words="more than 1 MiB"),
    *GOOD_ENOUGH,
)
