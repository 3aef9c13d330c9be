# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults of the connection and of HTTP's framing: ends, silence, trickles, lengths, head lines, redirects."""

from __future__ import annotations

import functools
import gzip
import typing as t

from .fault import CONNECT, FINE, IDLE, REFUSED, UNKNOWN, UNSENT, Exchange, Fault, reset, wire

_LOST = "lost its connection"
_LATE = "was not answered in full within 1 s"
_NOT_HTTP = "was answered with something that is not HTTP"

Strike = t.Callable[[Exchange], t.Optional[bool]]


def _nothing(x: Exchange) -> None:
    """What the gate itself does is all."""


def _head(x: Exchange, *fields: str) -> bytes:
    """The head of an answer whose body is longer than what comes of it."""
    return wire(200, b"", "Content-Type: application/json", *fields, length=False)


def _part(x: Exchange) -> bytes:
    """All of the true answer but its last byte."""
    return wire(x.reply.status, x.reply.body, "Content-Type: application/json")[:-1]


def _then(*steps: t.Callable[[Exchange], object]) -> Strike:
    def strike(x: Exchange) -> None:
        for step in steps:
            step(x)

    return strike


def _send(make: t.Callable[[Exchange], bytes]) -> t.Callable[[Exchange], None]:
    return lambda x: x.send(make(x))


def _raw(data: bytes) -> t.Callable[[Exchange], None]:
    return lambda x: x.send(data)


def _rst(x: Exchange) -> None:
    reset(x.sock)


_silence = Exchange.silence


def _trickle(piece: bytes) -> t.Callable[[Exchange], None]:
    return lambda x: x.trickle(piece)


CONNECTING = (
    Fault("connecting", "refused", _nothing, UNSENT, at=CONNECT, words="(connection refused)"),
    Fault("connecting", "no answer (full backlog)", _nothing, UNSENT, at=CONNECT, slow=True, words="within 1 s"),
)

ENDING = (
    Fault("ending", "reset", _rst, words=_LOST),
    Fault("ending", "closed", _nothing, words=_LOST),
    Fault("ending", "reset in the header", _then(_raw(b"HTTP/1.1 200 OK\r\nContent-Ty"), _rst), words=_LOST),
    Fault("ending", "closed in the header", _raw(b"HTTP/1.1 200 OK\r\nContent-Ty"), words=_LOST),
    Fault("ending", "reset in the body", _then(_send(_part), _rst), words=_LOST),
    Fault("ending", "closed in the body", _send(_part), words=_LOST),
    Fault("ending", "closed in a chunk", _send(lambda x: _head(x, "Transfer-Encoding: chunked") + b"ff\r\n{"), words=_LOST),
    Fault("ending", "an idle connection closed", _nothing, FINE, attempts=1, at=IDLE, retries=0),
)

LATE = tuple(
    Fault("late", name, strike, slow=True, words=_LATE)
    for name, strike in (
        ("silence", _silence),
        ("silence in the header", _then(_raw(b"HTTP/1.1 200 OK\r\nContent-Ty"), _silence)),
        ("silence in the body", _then(_send(_part), _silence)),
        ("Content-Length too long", _then(_send(lambda x: _head(x, "Content-Length: 99999") + x.reply.body), _silence)),
        ("trickle of a status line", _then(_raw(b"HTTP/1.1 200 "), _trickle(b"O"))),
        ("trickle of a header", _then(_raw(b"HTTP/1.1 200 OK\r\n"), _trickle(b"X-Pad: x\r\nX-"))),
        ("trickle of a body", _then(_send(lambda x: _head(x, "Content-Length: 99999")), _trickle(b" "))),
        ("trickle of a body without length", _then(_send(_head), _trickle(b" "))),
        ("trickle of chunks", _then(_send(lambda x: _head(x, "Transfer-Encoding: chunked")), _trickle(b"1\r\n \r\n"))),
        (
            "trickle of a trailer",
            _then(_send(lambda x: _head(x, "Transfer-Encoding: chunked") + b"0\r\n"), _trickle(b"X-Pad: x\r\n")),
        ),
        ("100 Continue for ever", _trickle(b"HTTP/1.1 100 Continue\r\n\r\n")),
    )
)


def _framed(*fields: str, body: t.Callable[[bytes], bytes] = bytes) -> t.Callable[[Exchange], None]:
    """The true answer with these header lines in place of its length."""
    return lambda x: x.send(_head(x, *fields) + body(x.reply.body))


def _lengths(*lengths: int) -> t.Callable[[Exchange], None]:
    return lambda x: _framed(*("Content-Length: %d" % (len(x.reply.body) + more) for more in lengths))(x)


def _garbled(x: Exchange) -> None:
    """With a line that urllib3 would quote in its log."""
    _framed("Content-Length: %d" % len(x.reply.body), "canary-line of no header")(x)


def _in_chunks(body: bytes) -> bytes:
    half = len(body) // 2
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:], b""))


def _coded(fields: t.Sequence[str], x: Exchange) -> bytes:
    return _head(x, *fields) + _in_chunks(x.reply.body)


def _whole(x: Exchange, *fields: str, before: bytes = b"") -> bool:
    x.send(before + wire(x.reply.status, x.reply.body, "Content-Type: application/json", *fields))
    return True


FRAMING = (
    Fault("framing", "Content-Length too long, then closed", _lengths(20), words=_LOST),
    Fault("framing", "Content-Length too short", _lengths(-20), UNKNOWN, 200, 1, words="a body that is not JSON"),
    Fault("framing", "Content-Length negative", _framed("Content-Length: -5"), words=_NOT_HTTP),
    Fault("framing", "Content-Length no number", _framed("Content-Length: many"), words=_NOT_HTTP),
    Fault("framing", "two Content-Lengths, the first right", _lengths(0, -20), words=_NOT_HTTP),
    Fault("framing", "two Content-Lengths, the second right", _lengths(-20, 0), words=_NOT_HTTP),
    Fault("framing", "one Content-Length twice", _lengths(0, 0), FINE, attempts=1),
    Fault(
        "framing", "a chunk's size no number", _framed("Transfer-Encoding: chunked", body=lambda b: b"zz\r\n" + b), words=_LOST
    ),
    *(
        Fault("framing", "Transfer-Encoding " + name, _then(_send(functools.partial(_coded, fields)), _silence), words=_NOT_HTTP)
        for name, fields in {
            "gzip, chunked": ("Transfer-Encoding: gzip, chunked",),
            "gzip": ("Transfer-Encoding: gzip",),
            "identity, chunked": ("Transfer-Encoding: identity, chunked",),
            "chunked, chunked": ("Transfer-Encoding: chunked, chunked",),
            "xchunked": ("Transfer-Encoding: xchunked",),
            # allowed, but http.client does not know it
            "chunked and white space": ("Transfer-Encoding: chunked ",),
            "chunked twice": ("Transfer-Encoding: chunked", "transfer-encoding: Chunked"),
            "chunked, and a Content-Length": ("Transfer-Encoding: chunked", "Content-Length: 9"),
            "gzip, and a Content-Length": ("Content-Length: 9", "Transfer-Encoding: gzip"),
        }.items()
    ),
    Fault("framing", "a garbage status line", _raw(b"\x00\xffGARBAGE canary-line\r\n\r\n"), words=_NOT_HTTP),
    Fault("framing", "another protocol", _raw(b"220 mail.example ESMTP\r\n"), words=_NOT_HTTP),
    Fault("framing", "a status of 99999", _raw(b"HTTP/1.1 99999 Odd\r\n\r\n"), words=_NOT_HTTP),
    Fault("framing", "an over-long status line", _raw(b"HTTP/1.1 200 " + b"O" * 99999 + b"\r\n\r\n"), words=_NOT_HTTP),
    Fault("framing", "an over-long header", lambda x: _whole(x, "X-Pad: " + "x" * 99999), words=_NOT_HTTP),
    Fault("framing", "thousands of headers", lambda x: _whole(x, *("X-%d: x" % n for n in range(5000))), words=_NOT_HTTP),
    Fault(
        "framing",
        "a gigabyte in one chunk",
        _then(_send(lambda x: _head(x, "Transfer-Encoding: chunked") + b"40000000\r\n"), lambda x: _flood(x, 4096)),
        UNKNOWN,
        None,
        1,
        words="more than 1 MiB",
    ),
    Fault(
        "framing", "no end of a body", _then(_send(_head), lambda x: _flood(x, 4096)), UNKNOWN, None, 1, words="more than 1 MiB"
    ),
    # allowed, but http.client takes it for the answer
    Fault(
        "framing",
        "102 Processing and 103 Early Hints",
        functools.partial(_whole, before=b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
        words=_NOT_HTTP,
    ),
    Fault("framing", "103 Early Hints for ever", _trickle(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), words=_NOT_HTTP),
    Fault("framing", "a line that is no header", _garbled, FINE, attempts=1),
    # what HTTP allows
    Fault("allowed", "CHUNKS", _framed("Transfer-Encoding:  Chunked", body=_in_chunks), FINE, attempts=1),
    Fault("allowed", "chunks", _framed("Transfer-Encoding: chunked", body=_in_chunks), FINE, attempts=1),
    Fault("allowed", "no length, closed", _framed(), FINE, attempts=1),
    Fault("allowed", "HTTP/1.0", lambda x: x.send(_head(x).replace(b"1.1", b"1.0") + x.reply.body), FINE, attempts=1),
    Fault("allowed", "Connection: close", lambda x: not _whole(x, "Connection: close"), FINE, attempts=1),
    Fault(
        "allowed",
        "100 Continue three times",
        functools.partial(_whole, before=b"HTTP/1.1 100 Continue\r\n\r\n" * 3),
        FINE,
        attempts=1,
    ),
    Fault("allowed", "Retry-After with a success", lambda x: _whole(x, "Retry-After: 3600"), FINE, attempts=1),
)


def _flood(x: Exchange, kilobytes: int) -> None:
    """The client must have had enough before the end of it."""
    for _dummy in range(kilobytes):
        x.send(b" " * 1024)


@functools.lru_cache(maxsize=None)
def _bomb() -> bytes:
    """A GiB of nothing in less than a MiB."""
    return gzip.compress(b" " * 16 * 1024 * 1024) * 60


def _compressed(x: Exchange, body: bytes) -> bool:
    x.send(wire(200, body, "Content-Type: application/json", "Content-Encoding: gzip"))
    return True


def _unnamed(x: Exchange) -> bool:
    x.send(wire(200, gzip.compress(x.reply.body), "Content-Type: application/json"))
    return True


_COMPRESSED = "a body that is not JSON, but compressed, which was not asked for"

COMPRESSED = (
    Fault(
        "compressed",
        "gzip, although identity was asked for",
        lambda x: _compressed(x, gzip.compress(x.reply.body)),
        UNKNOWN,
        200,
        1,
        words=_COMPRESSED,
    ),
    Fault("compressed", "gzip bomb", lambda x: _compressed(x, _bomb()), UNKNOWN, 200, 1, words=_COMPRESSED),
    Fault("compressed", "gzip that no header names", _unnamed, UNKNOWN, 200, 1, words=_COMPRESSED),
    Fault("compressed", "gzip in name only", lambda x: _whole(x, "Content-Encoding: gzip"), FINE, attempts=1),
)


def _redirect(status: int) -> Strike:
    def strike(x: Exchange) -> bool:
        x.send(wire(status, b"", "Location: %s/account/details?key=canary-of-a-redirect" % x.elsewhere))
        return True

    return strike


def _nowhere(status: int, *fields: str) -> Strike:
    """An answer without a body; fields: what its header says instead of a length of 0."""

    def strike(x: Exchange) -> bool:
        x.send(wire(status, b"", *fields, length=not fields))
        return True

    return strike


_TO_LOCALHOST = "a redirect to the host localhost"
_TO_NOWHERE = "a redirect without an address"

REDIRECTS = (
    *(
        Fault("redirect", str(status), _redirect(status), UNKNOWN, status, 1, words=_TO_LOCALHOST)
        for status in (301, 302, 303, 307, 308)
    ),
    *(
        Fault("redirect", "%d to nowhere" % status, _nowhere(status), UNKNOWN, status, 1, words=_TO_NOWHERE)
        for status in (300, 302, 305, 306, 308, 399)
    ),
    *(
        Fault("redirect", "304 " + name, strike, UNKNOWN, 304, 1, words="HTTP 304, not modified, which answers a question")
        for name, strike in {
            "Not Modified": _nowhere(304),
            "in chunks": _nowhere(304, "Transfer-Encoding: chunked"),
            "of some length": _nowhere(304, "Content-Length: 999"),
            "to another host": _redirect(304),
        }.items()
    ),
)

NO_CONTENT = (
    *(
        Fault("no content", name, _nowhere(int(name[:3]), *fields), UNKNOWN, int(name[:3]), 1, words="a body that is empty")
        for name, fields in {"204": (), "204 in chunks": ("Transfer-Encoding: chunked",), "205": ()}.items()
    ),
    Fault("no content", "101", _nowhere(101, "Upgrade: h2c"), REFUSED, 101, 1, words="HTTP 101", after=False),
)

WIRE = (*CONNECTING, *ENDING, *LATE, *FRAMING, *COMPRESSED, *REDIRECTS, *NO_CONTENT)
