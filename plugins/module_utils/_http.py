# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP with one API, on `requests`: a complete response, within limits, or one plain sentence on why there is none."""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import logging
import re
import socket
import ssl
import sys
import threading
import time
import typing as t
import warnings
from urllib.parse import urlsplit

from ansible_collections.hostup.cloud.plugins.module_utils import _adapter
from ansible_collections.hostup.cloud.plugins.module_utils._api_versions import retry_after_seconds
from ansible_collections.hostup.cloud.plugins.module_utils._errors import LibraryMissing
from ansible_collections.hostup.cloud.plugins.module_utils._validate import Connection

try:
    with warnings.catch_warnings():
        # of versions that requests has not been tried with; they end up in Ansible's output
        warnings.simplefilter("ignore")
        import requests
    import urllib3
    from urllib3.exceptions import InvalidHeader, ProtocolError
    from urllib3.exceptions import TimeoutError as Timeout
except ImportError:
    HAVE_LIBRARY = False
else:
    _FOUND = [[int(n) for n in re.findall("[0-9]+", package.__version__)[:2]] for package in (requests, urllib3)]
    # urllib3 1.26 is the first that takes a TLS context for an https:// proxy
    HAVE_LIBRARY = _FOUND[0] >= [2, 25] and _FOUND[1] >= [1, 26]

#: The product's name in requests (RFC 9110, section 10.1.5).
AGENT = "ansible-collection-hostup.cloud"
#: Bytes of a response's body; the account's record has about 3 KiB.
MAX_BODY = 1024 * 1024

#: Status, headers and body.
Received = t.Tuple[int, t.Mapping[str, str], bytes]


class Response(t.NamedTuple):
    """A complete response, whatever its status."""

    status: int
    headers: t.Mapping[str, str]
    body: bytes
    #: Requests sent, this one included.
    attempts: int
    #: Seconds that the server asked to wait, if it did.
    retry_after_seconds: float | None
    #: An attempt to change something may have been applied, although this response does not say so.
    maybe_applied: bool


class NoResponse(Exception):
    """No complete response came: str() says what happened, without a secret, and `advice` what to do."""

    def __init__(self, happened: str, advice: str, attempts: int, maybe_applied: bool) -> None:
        super().__init__(happened)
        self.advice = advice
        self.attempts = attempts
        #: The server may have received a request that changes something.
        self.maybe_applied = maybe_applied


class HttpSession:
    """Sends requests to one API with one key. Use as a context manager: it closes the connection."""

    def __init__(self, connection: Connection, headers: dict[str, str]) -> None:
        """headers: those that carry the key; they go to this API's host alone. Raises LibraryMissing, InvalidOption."""
        if not HAVE_LIBRARY:
            raise LibraryMissing(
                "The Python that runs this task (%s) has no requests 2.25 or newer with urllib3 1.26 or newer: "
                "install it with `%s -m pip install requests`." % (sys.executable, sys.executable)
            )
        self._connection = connection
        # no encoding: a compressed body could grow far beyond MAX_BODY
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": AGENT, **headers}
        self._proxy = _adapter.proxy_for(connection.url)
        secure = connection.url.startswith("https:")
        self._tls = _adapter.tls_context(connection.ca_path, connection.validate_certs) if secure else None
        if self._tls:
            self._tls.sslsocket_class = _TlsSocket
        if not connection.validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        # a Session would add cookies, ~/.netrc and the system's proxies, and read all of a redirect's body, however large
        self._adapter = _adapter.Adapter(self._tls, self._proxy)

    def __enter__(self) -> HttpSession:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._adapter.close()

    @property
    def host(self) -> str:
        """The API's host, for messages."""
        return urlsplit(self._connection.url).hostname or ""

    def path(self, endpoint: str) -> str:
        """The path of an endpoint on the server, for messages."""
        return urlsplit(self._connection.url + endpoint).path

    def send(self, method: str, endpoint: str, body: dict[str, t.Any] | None = None) -> Response:
        """Send one request, and as many retries as the options allow. Raises NoResponse."""
        # it quotes the server in Ansible's own log. It is not set back, since threads would undo what others have set
        logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)
        data = None if body is None else json.dumps(body).encode()
        headers = self._headers if data is None else {"Content-Type": "application/json", **self._headers}
        attempts, maybe_applied = 0, False
        while True:
            attempts += 1
            attempt = _Attempt(self._connection, self._adapter)
            received = attempt.finish(requests.Request(method, self._connection.url + endpoint, headers), data)
            wait = None
            if received:
                self._adapter.sock = attempt.sock
                wait, failed = retry_after_seconds(*received), 500 <= received[0] < 600
                maybe_applied = maybe_applied or (failed and data is not None)
                final = not (failed or received[0] == 429) or (wait or 0) > self._connection.retry_max_delay
                if final or attempts > self._connection.retries:
                    return Response(*received, attempts, wait, maybe_applied)
            else:
                self._adapter = _adapter.Adapter(self._tls, self._proxy)
                maybe_applied = maybe_applied or attempt.body.begun
                failure = self._diagnose(attempt)
                if failure.final or attempts > self._connection.retries:
                    raise NoResponse(failure.happened, failure.advice, attempts, maybe_applied)
            # an update sets values, so it may be sent again like a read
            time.sleep(wait or min(0.5 * 2 ** (attempts - 1) if attempts > 1 else 0, self._connection.retry_max_delay))

    def _diagnose(self, attempt: _Attempt) -> _adapter.Failure:
        """What happened. The exceptions' own texts are not used: they quote URLs and their secrets."""
        if isinstance(attempt.error, RuntimeError):
            return _adapter.Failure("could not be sent, since no more threads can be started", "lower forks or concurrency")
        causes = _adapter.causes_of(None if attempt.late else attempt.error)
        late = not causes or _adapter.caused_by(causes, socket.timeout, Timeout)
        if _adapter.caused_by(causes, _TooLarge):
            return _adapter.Failure("was answered with more than 1 MiB", "check api_url", final=True)
        failure = _adapter.connection_failure(
            self._connection, self._proxy, causes, attempt.connected, attempt.sock is not None, late
        )
        if failure:
            return failure
        if late:
            happened = "was not answered in full within %d s" % self._connection.timeout
            return _adapter.Failure(happened, "try again later, or raise api_timeout")
        host = urlsplit(self._connection.url).netloc
        if _adapter.caused_by(causes, http.client.IncompleteRead, http.client.RemoteDisconnected, ConnectionError, ssl.SSLError):
            return _adapter.Failure("lost its connection to %s before the answer was complete" % host, "try again later")
        if _adapter.caused_by(causes, http.client.HTTPException, InvalidHeader, ProtocolError):
            return _adapter.Failure("was answered with something that is not HTTP", "check api_url, and what stands between")
        what = type(causes[-1]).__name__
        return _adapter.Failure("could not be sent to %s (%s)" % (host, what), "check api_url and the network", final=True)


def prepare(url: str, ca_path: str | None) -> None:
    """Do once, ahead of many tasks in forks of this process, what each would do for itself: read the authorities, mostly."""
    # whatever is wrong is for the tasks to report
    with contextlib.suppress(Exception):
        HttpSession(Connection("", url, "v1", 1, 0, 0, True, ca_path), {})


class _TooLarge(Exception):
    """The body is over MAX_BODY."""


class _Body(io.BytesIO):
    """A request's body. Until it is begun, no server can apply the request; once it is stopped, none will."""

    begun = stopped = False

    def read(self, size: int | None = -1) -> bytes:
        # in this order: the other thread stops it first, and then looks whether it was begun
        self.begun = True
        if self.stopped:
            raise TimeoutError
        return super().read(size)


class _Attempt(threading.Thread):
    """One request in a thread of its own, since requests can't end a look-up, a handshake or a header that takes too long.

    If it is late, its TLS socket is shut down, its body is never sent, and nobody looks at it again.
    """

    def __init__(self, connection: Connection, adapter: _adapter.Adapter) -> None:
        super().__init__(daemon=True)
        self._connection, self.adapter, self._received = connection, adapter, t.cast("Received | None", None)
        #: The TLS connection, and whether the request may be on its way; without TLS nothing says that it is not.
        self.sock, self.connected = adapter.sock, adapter.sock is not None or connection.url.startswith("http:")
        #: Why there is no response, unless it is late.
        self.error: Exception | None = None
        self.late = False
        self._ended = threading.Event()
        self.body = _Body()

    def finish(self, request: requests.Request, data: bytes | None) -> Received | None:
        """Run it to its end, or to its deadline; what was received, if all was."""
        if data is not None:
            request.data = self.body = _Body(data)
        self._request = request
        try:
            self.start()
            # join() takes a thread for ended when a signal's handler interrupts it (bpo-45274)
            self._ended.wait(self._connection.timeout)
        except RuntimeError as error:
            # there are too many threads
            self.error = error
            self._ended.set()
        finally:
            self.late = not self._ended.is_set()
            self.body.stopped = True
            if self.late and self.sock:
                # past SSLSocket's own, which takes the TLS state from under the thread that reads
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
        return None if self.late else self._received

    def run(self) -> None:
        verify, proxy = self._connection.validate_certs, self.adapter.proxy
        try:
            # urllib3 would give all of the time to the first of the host's addresses
            timeout = (self._connection.timeout / self._addresses(), self._connection.timeout)
            request, proxies = self._request.prepare(), {"all": proxy.url} if proxy else {}
            with self.adapter.send(request, stream=True, timeout=timeout, verify=verify, proxies=proxies) as response:
                self.connected = True
                self._received = response.status_code, response.headers, self._read(response)
        except Exception as error:
            self.error = error
        self._ended.set()

    def _addresses(self) -> int:
        """How many addresses the host has that the connection goes to, if there is none yet."""
        target = urlsplit(self.adapter.proxy.url if self.adapter.proxy else self._connection.url)
        try:
            return 1 if self.sock else len(socket.getaddrinfo(target.hostname, target.port or 443, 0, socket.SOCK_STREAM))
        except (OSError, ValueError):
            # no such host, or no name that can be looked up: urllib3 asks again and reports it
            return 1

    def _read(self, response: requests.Response) -> bytes:
        """The body. Its end must be clear, by one length or by chunks (RFC 9112, section 6.3)."""
        status, body = response.status_code, b""
        if status in (101, 204, 304):
            return body
        coding = response.headers.get("Transfer-Encoding", "").lower()
        lengths = {part.strip() for part in response.headers.get("Content-Length", "").split(",")} - {""}
        clear = (not coding and len(lengths) < 2) or (coding == "chunked" and not lengths)
        # http.client takes a 103 for the answer, which is still to come
        if status < 200 or not clear or not all(re.fullmatch("[0-9]{1,18}", length) for length in lengths):
            raise http.client.HTTPException
        while len(body) <= MAX_BODY:
            chunk = response.raw.read(4096, decode_content=False)
            body += chunk
            if self.body.stopped:
                raise TimeoutError
            if not chunk:
                # a header that breaks off is a whole one to http.client, here one without a length
                if len(body) < int(lengths.pop() if lengths else not coding and status < 300):
                    raise http.client.IncompleteRead(body)
                return body
        raise _TooLarge


class _TlsSocket(ssl.SSLSocket):
    """Tells the attempt whose thread it is in how far the connection is."""

    def do_handshake(self, block: bool = False) -> None:
        attempt = t.cast(_Attempt, threading.current_thread())
        attempt.sock, attempt.connected = self, False
        if attempt.body.stopped:
            raise TimeoutError
        super().do_handshake(block)
        # the handshake with a proxy comes before the one with the API, in which there is no socket of this class
        attempt.connected = not (attempt.adapter.proxy and attempt.adapter.proxy.url.startswith("https:"))
