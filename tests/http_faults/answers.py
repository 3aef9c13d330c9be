# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults in what an answer says: statuses with each kind of body, and bodies that are not what they should be.

Whatever else is no JSON is in the unit tests of `parse()`, and whatever else asks to wait in those of `retry_after_seconds()`.
"""

from __future__ import annotations

import json
import typing as t

from .fault import FINE, REFUSED, UNKNOWN, Exchange, Fault, Strike, wire

#: What may be sent again, as it may change.
_RETRIED = (429, *range(500, 600))
#: Those that messages tell apart, and one that they do not know, of clients and of servers.
_STATUSES = (400, 401, 403, 404, 405, 413, 422, 429, 500, 503, 524)
_JSON = "Content-Type: application/json"
_NUMBER = "7d1f0a6c-0000-4000-8000-00000000abcd"

#: Makes a body.
Make = t.Callable[[Exchange], bytes]


def _sends(status: int, make: Make | bytes, *fields: str) -> Strike:
    def strike(x: Exchange) -> bool:
        x.send(wire(status, make if isinstance(make, bytes) else make(x), *fields))
        return True

    return strike


def _envelope(x: Exchange) -> bytes:
    return json.dumps({"code": "E_TEST", "error": "Error", "message": "Refused " + x.key, "requestId": _NUMBER}).encode()


def _problem(x: Exchange) -> bytes:
    said = {"type": "about:blank", "title": "Odd", "detail": "Refused " + x.key, "code": "e_test", "requestId": _NUMBER}
    return json.dumps(said).encode()


def _page(x: Exchange) -> bytes:
    return b"<html><h1>Gone</h1><p>%s</p></html>" % x.key.encode()


#: Kind of body -> its type, its making, and the `code` and `message` that are read from it.
_BODIES: dict[str, tuple[str, Make | bytes, tuple[str | None, str | None]]] = {
    "JSON": (_JSON, _envelope, ("E_TEST", "Refused (redacted)")),
    "problem": ("Content-Type: application/problem+json", _problem, ("e_test", "Refused (redacted)")),
    "HTML": ("Content-Type: text/html", _page, (None, None)),
    "empty": ("Content-Type: text/plain", b"", (None, None)),
}


def _error(group: str, name: str, status: int, make: Make | bytes, *fields: str, **more: t.Any) -> Fault:
    strike, late = _sends(status, make, *fields), status >= 500
    known = {"attempts": 2 if status in _RETRIED else 1, "words": "HTTP %d" % status, "after": late, **more}
    return Fault(group, name, strike, UNKNOWN if late else REFUSED, status, **known)


STATUSES = tuple(
    _error("status %d" % status, kind, status, make, content_type, said=said, shade=kind != "JSON")
    for status in _STATUSES
    for kind, (content_type, make, said) in _BODIES.items()
)

WAITS = tuple(
    _error("Retry-After", "%d with %s" % (status, wait), status, b"", "Retry-After: " + wait, attempts=attempts)
    for status, wait, attempts in ((429, "1", 2), (429, "3600", 1), (503, "3600", 1), (413, "1", 1))
)

#: Errors that can't be read as one, and words of the message.
_ODD_ERRORS = {
    "an array": (b'["canary-a"]', "is not a JSON object"),
    "a list for each text": (b'{"code": ["E"], "message": ["m"], "error": ["e"], "requestId": [1], "errors": ["x"]}', ""),
    "an object for each text": (b'{"code": {}, "message": {"a": 1}, "error": {}, "requestId": {}, "errors": {"a": {}}}', ""),
    "a number for each text": (b'{"code": -1.5, "message": 2, "error": 3, "requestId": -4.5, "errors": 5}', ""),
    "errors of errors": (b'{"errors": [{"pointer": ["a"], "detail": {"a": 1}, "code": [2]}, null, 3]}', ""),
    "half characters": (b'{"code": "\\ud83d", "message": "\\ud83d\\u0000", "requestId": "\\udc00"}', ""),
}
ODD = tuple(
    _error("odd errors", "%d, %s" % (status, name), status, raw, _JSON, words=words, shade=True)
    for name, (raw, words) in _ODD_ERRORS.items()
    for status in (400, 503)
)


def _inside(raw: str) -> Make:
    """The true answer with one more key, of this JSON."""
    return lambda x: x.reply.body.rstrip()[:-1] + b', "extra": ' + raw.encode() + b"}"


def _twice(x: Exchange) -> bytes:
    """The true answer, in which a key of the record stands twice."""
    body = x.reply.body
    inner = body.find(b"{", 1)
    return body[: inner + 1] + b'"extra": 1, "extra": 2, ' + body[inner + 1 :] if inner > 0 else b'{"a": 1, "a": 2, ' + body[1:]


#: Successes whose body can't be used, and what it is.
_UNUSABLE: dict[str, tuple[Make | bytes, str]] = {
    "empty": (b"", "is empty"),
    "a page": (b"<html><title>Log in</title></html>", "is not JSON"),
    "truncated JSON": (lambda x: x.reply.body[: len(x.reply.body) // 2], "is not JSON"),
    "an array": (lambda x: b"[" + x.reply.body + b"]", "is not a JSON object"),
    "an empty object": (b"{}", ""),
    "nested 800 times": (_inside('{"a":' * 800 + "1" + "}" * 800), "is nested too deeply"),
    "the same key twice": (_twice, "has the same key twice"),
    "a number beyond all range": (_inside("1e999"), "has a number out of range"),
}
BODIES = tuple(
    Fault("body", name, _sends(200, make, _JSON), UNKNOWN, 200, 1, words="a body that " + words)
    for name, (make, words) in _UNUSABLE.items()
)


def _huge(x: Exchange) -> bytes:
    return json.dumps({**x.value(), "filler": "x" * 8 * 1024 * 1024}).encode()


def _odd_texts(value: t.Any) -> t.Any:
    """With NUL, half characters and signs of direction in names that nothing hangs on, and beside everything."""
    odd = "A\x00\ud83d\u202e\u2028B"
    if not isinstance(value, dict):
        return value
    names = ("firstname", "firstName", "companyName", "participantName", "message", "status")
    return {"note " + odd: odd, **{key: odd if key in names else _odd_texts(inner) for key, inner in value.items()}}


#: Answers that are good enough: their type and their body.
_GOOD_ENOUGH: dict[str, tuple[str, Make]] = {
    "a type that does not exist": ("Content-Type: \x01/;;=", lambda x: x.reply.body),
    "NUL, half characters and signs of direction in texts": (_JSON, lambda x: json.dumps(_odd_texts(x.value())).encode()),
}
GOOD_ENOUGH = tuple(
    Fault("body", name, _sends(200, make, content_type), FINE, attempts=1) for name, (content_type, make) in _GOOD_ENOUGH.items()
)

ANSWERS = (
    *STATUSES,
    *WAITS,
    *ODD,
    *BODIES,
    Fault("body", "8 MiB", _sends(200, _huge, _JSON), UNKNOWN, None, 1, words="more than 1 MiB"),
    *GOOD_ENOUGH,
)
