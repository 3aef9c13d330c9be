# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults of the connection and of HTTP's framing: ends, silence, trickles, lengths, head lines, redirects."""

from __future__ import annotations

import functools
import gzip
import typing as t

from .fault import CONNECT, FINE, IDLE, REFUSED, UNKNOWN, UNSENT, Exchange, Fault, Strike, reset, wire

_LOST = "lost its connection"
_LATE = "was not answered in full within 1 s"
_TOO_LONG = "more than 1 MiB"
_NOT_HTTP = "was answered with something that is not HTTP"

_JSON = "Content-Type: application/json"


def _nothing(x: Exchange) -> None:
    """What the server itself does is all."""


def _head(*fields: str) -> bytes:
    """The head of an answer whose body is longer than what comes of it."""
    return wire(200, b"", _JSON, *fields, length=False)


def _part(x: Exchange) -> bytes:
    """All of the true answer but its last byte."""
    return wire(x.reply.status, x.reply.body, _JSON)[:-1]


#: Bytes that are sent, or what makes them; what makes none does something else.
Step = t.Union[bytes, t.Callable[[Exchange], t.Optional[bytes]]]


def _do(*steps: Step, keep: bool = False) -> Strike:
    """One step after the other. keep: the connection is for more requests then."""

    def strike(x: Exchange) -> bool:
        for step in steps:
            data = step if isinstance(step, bytes) else step(x)
            if data:
                x.send(data)
        return keep

    return strike


def _rst(x: Exchange) -> None:
    reset(x.sock)


def _trickle(piece: bytes) -> t.Callable[[Exchange], None]:
    return lambda x: x.trickle(piece)


_CHUNKED = "Transfer-Encoding: chunked"
_BEGUN = b"HTTP/1.1 200 OK\r\nContent-Ty"

CONNECTING = (
    Fault("connecting", "refused", _nothing, UNSENT, at=CONNECT, words="(connection refused)"),
    Fault("connecting", "no answer (full backlog)", _nothing, UNSENT, at=CONNECT, slow=True, words="within 1 s"),
)

ENDING = (
    Fault("ending", "reset", _rst, words=_LOST),
    Fault("ending", "closed", _nothing, words=_LOST),
    Fault("ending", "reset in the header", _do(_BEGUN, _rst), words=_LOST),
    Fault("ending", "closed in the header", _do(_BEGUN), words=_LOST),
    Fault("ending", "reset in the body", _do(_part, _rst), words=_LOST),
    Fault("ending", "closed in the body", _do(_part), words=_LOST),
    Fault("ending", "closed in a chunk", _do(_head(_CHUNKED) + b"ff\r\n{"), words=_LOST),
    Fault("ending", "an idle connection closed", _nothing, FINE, attempts=1, at=IDLE, retries=0),
)

LATE = tuple(
    Fault("late", name, strike, slow=True, words=_LATE)
    for name, strike in (
        ("silence", Exchange.silence),
        ("silence in the body", _do(_part, Exchange.silence)),
        ("trickle of a status line", _do(b"HTTP/1.1 200 ", _trickle(b"O"))),
        ("trickle of a header", _do(b"HTTP/1.1 200 OK\r\n", _trickle(b"X-Pad: x\r\nX-"))),
        ("trickle of a body", _do(_head("Content-Length: 99999"), _trickle(b" "))),
        ("trickle of chunks", _do(_head(_CHUNKED), _trickle(b"1\r\n \r\n"))),
        ("trickle of a trailer", _do(_head(_CHUNKED) + b"0\r\n", _trickle(b"X-Pad: x\r\n"))),
        ("100 Continue for ever", _trickle(b"HTTP/1.1 100 Continue\r\n\r\n")),
    )
)


def _ending(*fields: str, body: t.Callable[[bytes], bytes] = bytes) -> t.Callable[[Exchange], bytes]:
    """The true answer with these header lines in place of its length."""
    return lambda x: _head(*fields) + body(x.reply.body)


def _framed(*fields: str, body: t.Callable[[bytes], bytes] = bytes) -> Strike:
    return _do(_ending(*fields, body=body))


def _lengths(*lengths: int) -> Strike:
    return _do(lambda x: _head(*("Content-Length: %d" % (len(x.reply.body) + more) for more in lengths)) + x.reply.body)


def _garbled(x: Exchange) -> bytes:
    """With a line that urllib3 would quote in its log."""
    return _head("Content-Length: %d" % len(x.reply.body), "canary-line of no header") + x.reply.body


def _in_chunks(body: bytes) -> bytes:
    half = len(body) // 2
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:], b""))


def _whole(*fields: str, before: bytes = b"") -> Strike:
    """The true answer, with more header lines, and bytes before it."""
    return _do(lambda x: before + wire(x.reply.status, x.reply.body, _JSON, *fields), keep=True)


def _flood(x: Exchange) -> None:
    """The client must have had enough before the end of these 4 MiB."""
    for _dummy in range(4096):
        x.send(b" " * 1024)


#: Answers whose end, or whose encoding, is not clear.
_CODINGS = {
    "gzip, chunked": ("Transfer-Encoding: gzip, chunked",),
    "xchunked": ("Transfer-Encoding: xchunked",),
    "chunked twice": (_CHUNKED, "transfer-encoding: Chunked"),
    "chunked, and a Content-Length": (_CHUNKED, "Content-Length: 9"),
}
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_HINTS = b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"

FRAMING = (
    Fault("framing", "Content-Length too long, then closed", _lengths(20), words=_LOST),
    Fault("framing", "Content-Length too short", _lengths(-20), UNKNOWN, 200, 1, words="a body that is not JSON"),
    Fault("framing", "Content-Length no number", _framed("Content-Length: many"), words=_NOT_HTTP),
    Fault("framing", "two Content-Lengths, the first right", _lengths(0, -20), words=_NOT_HTTP),
    Fault("framing", "two Content-Lengths, the second right", _lengths(-20, 0), words=_NOT_HTTP),
    Fault("framing", "one Content-Length twice", _lengths(0, 0), FINE, attempts=1),
    Fault("framing", "a chunk's size no number", _framed(_CHUNKED, body=lambda b: b"zz\r\n" + b), words=_LOST),
    *(
        Fault("framing", "Transfer-Encoding " + name, _do(_ending(*fields, body=_in_chunks), Exchange.silence), words=_NOT_HTTP)
        for name, fields in _CODINGS.items()
    ),
    Fault("framing", "a garbage status line", _do(b"\x00\xffGARBAGE canary-line\r\n\r\n"), words=_NOT_HTTP),
    Fault("framing", "a status of 99999", _do(b"HTTP/1.1 99999 Odd\r\n\r\n"), words=_NOT_HTTP),
    Fault("framing", "an over-long status line", _do(b"HTTP/1.1 200 " + b"O" * 99999 + b"\r\n\r\n"), words=_NOT_HTTP),
    Fault("framing", "an over-long header", _whole("X-Pad: " + "x" * 99999), words=_NOT_HTTP),
    Fault("framing", "thousands of headers", _whole(*("X-%d: x" % n for n in range(5000))), words=_NOT_HTTP),
    Fault("framing", "a gigabyte in one chunk", _do(_head(_CHUNKED) + b"40000000\r\n", _flood), attempts=1, words=_TOO_LONG),
    Fault("framing", "no end of a body", _do(_head(), _flood), attempts=1, words=_TOO_LONG),
    # allowed, but http.client takes it for the answer
    Fault("framing", "102 Processing and 103 Early Hints", _whole(before=_HINTS), words=_NOT_HTTP),
    Fault("framing", "a line that is no header", _do(_garbled), FINE, attempts=1),
    # what HTTP allows
    Fault("allowed", "chunks", _framed("Transfer-Encoding:  Chunked", body=_in_chunks), FINE, attempts=1),
    Fault("allowed", "no length, closed", _framed(), FINE, attempts=1),
    Fault("allowed", "HTTP/1.0", _do(lambda x: _head().replace(b"1.1", b"1.0") + x.reply.body), FINE, attempts=1),
    Fault("allowed", "Connection: close", _whole("Connection: close"), FINE, attempts=1),
    Fault("allowed", "100 Continue three times", _whole(before=_CONTINUE * 3), FINE, attempts=1),
    Fault("allowed", "Retry-After with a success", _whole("Retry-After: 3600"), FINE, attempts=1),
)


def _zipped(x: Exchange) -> bytes:
    return wire(200, gzip.compress(x.reply.body), _JSON, "Content-Encoding: gzip")


@functools.lru_cache(maxsize=None)
def _gibibyte() -> bytes:
    """Of nothing, in less than a MiB."""
    return gzip.compress(b" " * 16 * 1024 * 1024) * 60


def _bomb(x: Exchange) -> bytes:
    return wire(200, _gibibyte(), _JSON, "Content-Encoding: gzip")


_COMPRESSED = "a body that is not JSON, but compressed, which was not asked for"

COMPRESSED = (
    *(
        Fault("compressed", name, _do(make, keep=True), UNKNOWN, 200, 1, words=_COMPRESSED)
        for name, make in {"gzip, although identity was asked for": _zipped, "gzip bomb": _bomb}.items()
    ),
    Fault("compressed", "gzip in name only", _whole("Content-Encoding: gzip"), FINE, attempts=1),
)


def _redirect(x: Exchange) -> bytes:
    return wire(302, b"", "Location: %s/account/details?key=canary-of-a-redirect" % x.elsewhere)


def _bare(status: int, *fields: str) -> Strike:
    """An answer without a body; fields: what its header says instead of a length of 0."""
    return _do(wire(status, b"", *fields, length=not fields), keep=True)


_NOT_MODIFIED = "HTTP 304, not modified, which answers a question"

REDIRECTS = (
    Fault("redirect", "302", _do(_redirect, keep=True), UNKNOWN, 302, 1, words="a redirect to the host localhost"),
    Fault("redirect", "308 to nowhere", _bare(308), UNKNOWN, 308, 1, words="a redirect without an address"),
    Fault("redirect", "304", _bare(304), UNKNOWN, 304, 1, words=_NOT_MODIFIED),
    Fault("redirect", "304 in chunks", _bare(304, _CHUNKED), UNKNOWN, 304, 1, words=_NOT_MODIFIED),
    Fault("redirect", "304 of some length", _bare(304, "Content-Length: 999"), UNKNOWN, 304, 1, words=_NOT_MODIFIED),
)

_EMPTY = "a body that is empty"

NO_CONTENT = (
    Fault("no content", "204", _bare(204), UNKNOWN, 204, 1, words=_EMPTY),
    Fault("no content", "204 in chunks", _bare(204, _CHUNKED), UNKNOWN, 204, 1, words=_EMPTY),
    Fault("no content", "205", _bare(205), UNKNOWN, 205, 1, words=_EMPTY),
    Fault("no content", "101", _bare(101, "Upgrade: h2c"), REFUSED, 101, 1, words="HTTP 101", after=False),
)

WIRE = (*CONNECTING, *ENDING, *LATE, *FRAMING, *COMPRESSED, *REDIRECTS, *NO_CONTENT)
