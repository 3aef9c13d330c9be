# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits on HTTP: how long an attempt may take, how often and after which wait it is repeated, how much is read.

They are kept where the bytes are read: the whole answer is read inside urllib3's attempt, so that its `Retry` also
covers a connection that breaks off in the middle of a body, and no trickle of bytes outlives the deadline.
"""

from __future__ import annotations

import datetime
import email.utils
import functools
import http.client
import io
import json
import math
import re
import socket
import ssl
import time
import typing as t

try:
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.exceptions import MaxRetryError, ProtocolError, SSLError
    from urllib3.util.retry import Retry
except ImportError:
    # a stand-in, so that this file can be imported for inspection; _http.py tells the user
    Retry = object  # type: ignore[assignment,misc]
    USUAL: tuple[type, ...] = ()
else:
    USUAL = (HTTPConnectionPool.ConnectionCls, HTTPSConnectionPool.ConnectionCls)

#: Bytes of an answer's body; the account's record has about 3 KiB.
MAX_BODY = 1024 * 1024

#: Answers that another attempt may change: rate limits, and the errors of the server and of the CDN in front of it.
RETRIED = frozenset([429, *range(500, 600)])


class TooLarge(Exception):
    """The body is over MAX_BODY. Not an OSError: another attempt would not make it smaller."""


class NotHttp(http.client.HTTPException):
    """What came is no answer of HTTP, or one whose end nobody can be sure of."""


class Attempts:
    """Counts the attempts at one request, keeps each one's deadline, and says how long a wait may be."""

    def __init__(self, timeout: int, retries: int, retry_max_delay: int) -> None:
        """timeout: seconds of one attempt; retries: attempts after the first; retry_max_delay: seconds between two."""
        self._timeout = timeout
        self.retries = retries
        self.retry_max_delay = retry_max_delay
        self.restart()

    def restart(self) -> None:
        """A new request."""
        self.count = 0
        #: The server may have received an attempt and carried it out.
        self.maybe_applied = False
        self.begin()

    def begin(self) -> None:
        """The next attempt at it."""
        self.count += 1
        #: There is a connection that the request may go over: false only while one is being made.
        self.connected = True
        self._deadline = time.monotonic() + self._timeout

    def left(self) -> float:
        """Seconds until the attempt's deadline, more than 0. Raises socket.timeout, like a socket, when it is over."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise socket.timeout("the attempt's time is over")
        return left


def limit(pool: t.Any, attempts: Attempts) -> None:
    """Give the connections of a pool of urllib3's the deadline and the cap."""
    pool.ConnectionCls = functools.partial(_limited(pool.ConnectionCls), attempts=attempts)


class _Limited:
    """Mixed into urllib3's connections: every wait ends at the attempt's deadline."""

    def __init__(self, *args: t.Any, attempts: Attempts, **kwargs: t.Any) -> None:
        self._attempts = attempts
        super().__init__(*args, **kwargs)
        # http.client asks this attribute for the answer's class
        self.response_class = functools.partial(_WholeAnswer, attempts=attempts)

    def connect(self) -> None:
        # the TLS handshake, and a proxy's CONNECT, are in it
        self._attempts.connected = False
        super().connect()  # type: ignore[misc]
        self._attempts.connected = True

    def _new_conn(self) -> t.Any:
        # urllib3 gives the whole time to each address of the host in turn: the deadline is for all of them
        self.timeout = self._attempts.left() / self._addresses()
        sock = super()._new_conn()  # type: ignore[misc]
        # what is left of the deadline is what the TLS handshake may take
        sock.settimeout(self._attempts.left())
        return sock

    def _addresses(self) -> int:
        host, port = self._dns_host, self.port  # type: ignore[attr-defined]
        try:
            return len(socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)) or 1
        except OSError:
            # urllib3 asks again and reports it
            return 1


@functools.lru_cache(maxsize=None)
def _limited(kind: type) -> type:
    return type("Limited" + kind.__name__, (_Limited, kind), {})


# made here, the usual ones are made once for all of Ansible's workers
for usual in USUAL:
    _limited(usual)


class _WholeAnswer(http.client.HTTPResponse):
    """An answer that is read to its end, or refused, while the attempt lasts."""

    def __init__(self, sock: t.Any, *args: t.Any, attempts: Attempts, **kwargs: t.Any) -> None:
        super().__init__(sock, *args, **kwargs)
        raw = self.fp.detach()
        self._bytes = _UntilDeadline(raw, sock, attempts)
        self.fp = io.BufferedReader(self._bytes)

    def _read_status(self) -> tuple[str, int, str]:
        try:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            # http.client itself steps over 100 alone; others may come, too (RFC 9110, section 15.2)
            while 101 < status < 200:
                http.client.parse_headers(self.fp)
                version, status, reason = super()._read_status()  # type: ignore[misc]
        except http.client.RemoteDisconnected:
            raise
        except (http.client.BadStatusLine, http.client.LineTooLong):
            raise NotHttp("the status line is none") from None
        return version, status, reason

    def begin(self) -> None:
        try:
            super().begin()
        except (http.client.IncompleteRead, http.client.BadStatusLine, NotHttp):
            raise
        except http.client.HTTPException:
            # a line that is too long, or too many of them
            raise NotHttp("the header is none") from None
        if self._bytes.ended:
            # http.client takes the end of the connection for the end of the header
            raise http.client.IncompleteRead(b"")
        if self.status in (101, 204, 304):
            # without a body, whatever its header says (RFC 9112, section 6.3)
            self.chunked = False
        else:
            self._see_one_length()
        expected = self.length
        body = b""
        while len(body) <= MAX_BODY:
            chunk = self.read(65536)
            if not chunk:
                break
            body += chunk
        else:
            raise TooLarge()
        if expected is not None and len(body) < expected:
            raise http.client.IncompleteRead(body, expected - len(body))
        # from here on urllib3 reads from memory
        self.fp = io.BytesIO(body)  # type: ignore[assignment]
        self.chunked = False
        self.length = len(body)

    def _see_one_length(self) -> None:
        """Refuse an answer whose end nobody knows: by lengths that are none or contradict each other (RFC 9112, 6.3)."""
        lengths = self._listed("Content-Length")
        codings = self._listed("Transfer-Encoding")
        if codings and (codings != ["chunked"] or lengths):
            raise NotHttp("the coding is none that was asked for")
        if codings and not self.chunked:
            # http.client does not know it with white space behind it (RFC 9112, section 5)
            self.chunked, self.chunk_left = True, None
        if len(set(lengths)) > 1 or not all(re.fullmatch("[0-9]+", length) for length in lengths):
            raise NotHttp("the length is none")

    def _listed(self, name: str) -> list[str]:
        """What a header says, in one line or several."""
        return [part.strip().lower() for value in self.headers.get_all(name, []) for part in value.split(",")]


class _UntilDeadline(io.RawIOBase):
    """The socket's bytes, none of them after the deadline, however slowly they trickle."""

    def __init__(self, raw: t.Any, sock: t.Any, attempts: Attempts) -> None:
        self._raw = raw
        self._sock = sock
        self._attempts = attempts
        #: The connection is at its end.
        self.ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int | None:
        self._sock.settimeout(self._attempts.left())
        count: int | None = self._raw.readinto(buffer)
        self.ended = count == 0
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class Policy(Retry):
    """urllib3's Retry, with the longest wait enforced and the attempts counted."""

    attempts: Attempts
    # a body that is too large does not shrink while one waits
    RETRY_AFTER_STATUS_CODES = frozenset([429, 503])

    @classmethod
    def of(cls, attempts: Attempts) -> Policy:
        policy = cls(
            total=attempts.retries,
            # a certificate does not get better by asking again
            other=0,
            status_forcelist=RETRIED,
            # an update sets values, so it may be sent again like a read
            allowed_methods=None,
            backoff_factor=0.5,
            raise_on_status=False,
        )
        policy.attempts = attempts
        return policy

    def new(self, **kwargs: t.Any) -> Policy:
        policy = super().new(**kwargs)
        policy.attempts = self.attempts
        return policy

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: t.Any = None,
        error: Exception | None = None,
        _pool: t.Any = None,
        _stacktrace: t.Any = None,
    ) -> Policy:
        if isinstance(error, SSLError) and (self.attempts.connected or isinstance(error.args[0], ssl.SSLEOFError)):
            # a connection that broke, which no certificate is to blame for
            error = ProtocolError("the TLS connection broke", error)
        status = response.status if response is not None else 0
        if status >= 500 or (error is not None and self._is_read_error(error) and self.attempts.connected):
            self.attempts.maybe_applied = True
        if response is not None and (self.get_retry_after(response) or 0) > self.attempts.retry_max_delay:
            # urllib3 then hands out the answer as it is
            raise MaxRetryError(_pool, str(url), None)
        return super().increment(method, url, response, error, _pool, _stacktrace)

    def get_retry_after(self, response: t.Any) -> float | None:
        return retry_after_seconds(response)

    def get_backoff_time(self) -> float:
        return min(super().get_backoff_time(), self.attempts.retry_max_delay)

    def sleep(self, response: t.Any = None) -> None:
        super().sleep(response)
        self.attempts.begin()


def retry_after_seconds(response: t.Any) -> float | None:
    """Seconds that the server asks to wait: in `Retry-After` (RFC 9110, section 10.2.3), v1's `retryAfter` or v2's reset."""
    asked = response.headers.get("Retry-After")
    if asked is None and response.status == 429:
        # documented as a time; as a number it would mean another thing at each API that has it
        reset = response.headers.get("X-RateLimit-Reset") or ""
        asked = reset if ":" in reset else None
    if asked is None and response.status == 429:
        try:
            asked = json.loads(response.data).get("retryAfter")
        except (ValueError, AttributeError, RecursionError):
            return None
    # anything else is no time, and can be nested too deep to be written out
    return _seconds(str(asked)) if isinstance(asked, (str, int, float)) else None


#: A number, of seconds unless it says otherwise.
_WAIT = "([0-9]{1,30}(?:[.][0-9]{1,9})?) *(s|secs?|seconds?|m|mins?|minutes?|h|hours?)?"


def _seconds(asked: str) -> float | None:
    """Seconds, an HTTP date or an ISO 8601 time; None for anything else. Of several numbers the longest wait counts."""
    numbers = [re.fullmatch(_WAIT, part.strip().lower()) for part in asked.split(",") if part.strip()]
    if numbers and all(numbers):
        return max(float(n.group(1)) * {"s": 1, "m": 60, "h": 3600}[(n.group(2) or "s")[0]] for n in numbers if n)
    if ":" not in asked:
        return None
    try:
        when = email.utils.parsedate_to_datetime(asked)
    except (TypeError, ValueError, IndexError, OverflowError):
        try:
            when = datetime.datetime.fromisoformat(asked.strip().replace("Z", "+00:00"))
        except ValueError:
            return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=datetime.timezone.utc)
    return max(0.0, math.ceil(when.timestamp() - time.time()))
