# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One session with the API: sends requests, gives complete answers, and says plainly why there is none.

Knows nothing of accounts. The limits are in `_limits.py`.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import logging
import re
import ssl
import sys
import typing as t
import warnings
from urllib.parse import urlsplit

from ansible_collections.hostup.cloud.plugins.module_utils import _tls
from ansible_collections.hostup.cloud.plugins.module_utils._errors import LibraryMissing
from ansible_collections.hostup.cloud.plugins.module_utils._limits import (
    Attempts,
    NotHttp,
    Policy,
    TooLarge,
    limit,
    retry_after_seconds,
)
from ansible_collections.hostup.cloud.plugins.module_utils._proxy import Proxy, proxy_for
from ansible_collections.hostup.cloud.plugins.module_utils._validate import Connection

try:
    import urllib3
    from urllib3.util.retry import Retry
except ImportError:
    HAVE_LIBRARY = False
else:
    # 1.26, which requests takes since 2.25, is the first whose Retry repeats every method by a public name
    HAVE_LIBRARY = hasattr(Retry, "DEFAULT_ALLOWED_METHODS")


class Response(t.NamedTuple):
    """A complete answer of the server, whatever its status."""

    status: int
    headers: t.Mapping[str, str]
    body: bytes
    #: Requests sent, this one included.
    attempts: int
    #: Seconds that the server asked to wait, where it did.
    retry_after_seconds: float | None
    #: An attempt may have been carried out, although this answer does not say so.
    maybe_applied: bool


class NoResponse(Exception):
    """No complete answer came. str() says what happened, without a secret."""

    def __init__(self, happened: str, advice: str, attempts: int, maybe_applied: bool) -> None:
        super().__init__(happened)
        self.advice = advice
        self.attempts = attempts
        #: The server may have received the request and carried it out.
        self.maybe_applied = maybe_applied


#: X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL.
_ANOTHER_NAME = (62, 64)

#: The product's name in requests (RFC 9110, section 10.1.5).
AGENT = "ansible-collection-hostup.cloud"


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
        self._attempts = Attempts(connection.timeout, connection.retries, connection.retry_max_delay)
        self._policy = Policy.of(self._attempts)
        # no encoding: a compressed body could grow far beyond MAX_BODY
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": AGENT, **headers}
        secure = connection.url.startswith("https:")
        self._proxy = proxy_for(connection.url)
        tls = _tls.context(connection.ca_path, connection.validate_certs) if secure else None
        self._pool = _pool(connection.url, self._proxy, tls)
        limit(self._pool, self._attempts)
        if not connection.validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def __enter__(self) -> HttpSession:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._pool.close()

    @property
    def host(self) -> str:
        """The API's host, for messages."""
        return urlsplit(self._connection.url).hostname or ""

    def path(self, endpoint: str) -> str:
        """The path of an endpoint on the server, for messages."""
        return urlsplit(self._connection.url + endpoint).path

    def _target(self, endpoint: str) -> str:
        # a proxy that sees the request is told the whole address (RFC 9112, section 3.2.2)
        seen = self._proxy and not self._proxy.socks and self._connection.url.startswith("http:")
        return self._connection.url + endpoint if seen else self.path(endpoint)

    def send(self, method: str, endpoint: str, body: dict[str, t.Any] | None = None) -> Response:
        """Send one request and as many retries as the options allow. Raises NoResponse."""
        self._attempts.restart()
        try:
            with silent():
                response = self._pool.request(
                    method,
                    self._target(endpoint),
                    body=None if body is None else json.dumps(body).encode(),
                    headers=self._headers if body is None else {"Content-Type": "application/json", **self._headers},
                    timeout=float(self._connection.timeout),
                    retries=self._policy,
                    redirect=False,
                    assert_same_host=False,
                    preload_content=False,
                    decode_content=False,
                )
        except TooLarge:
            raise self._no_response("was answered with more than 1 MiB", "check api_url", maybe_applied=True) from None
        except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            raise self._no_response(*self._diagnose(error)) from None
        return Response(
            status=response.status,
            headers=response.headers,
            body=response.data or b"",
            attempts=self._attempts.count,
            retry_after_seconds=retry_after_seconds(response),
            maybe_applied=self._attempts.maybe_applied,
        )

    def _no_response(self, happened: str, advice: str, maybe_applied: bool = False) -> NoResponse:
        return NoResponse(happened, advice, self._attempts.count, maybe_applied or self._attempts.maybe_applied)

    def _diagnose(self, error: Exception) -> tuple[str, str]:
        """What happened and what to do. The exceptions' own texts are not used: they quote URLs and their secrets."""
        host = urlsplit(self._connection.url).netloc
        causes = list(_causes(error))
        why = _reason(causes)

        def caused_by(*kinds: type[BaseException]) -> bool:
            return any(isinstance(cause, kinds) for cause in causes)

        late = caused_by(urllib3.exceptions.TimeoutError)
        if caused_by(urllib3.exceptions.ProxyError) or (self._proxy and not self._attempts.connected):
            return (
                "could not pass the proxy %s (%s)" % (self._proxy.address if self._proxy else "", why),
                "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY in the environment",
            )
        if caused_by(ssl.SSLError) and not self._attempts.connected:
            return "could not set up TLS with %s (%s)" % (host, why), self._tls_advice(causes)
        if caused_by(urllib3.exceptions.NewConnectionError):
            return "could not connect to %s (%s)" % (host, why), "check api_url and the network"
        if caused_by(urllib3.exceptions.ConnectTimeoutError):
            return "could not connect to %s within %d s" % (host, self._connection.timeout), "check api_url and the network"
        if not self._attempts.connected:
            when = "within %d s" % self._connection.timeout if late else "(the server ended the connection)"
            return "could not set up TLS with %s %s" % (host, when), "check api_url and the network"
        if late:
            return "was not answered in full within %d s" % self._connection.timeout, "try again later, or raise api_timeout"
        if caused_by(NotHttp):
            return "was answered with something that is not HTTP", "check api_url, and what stands between"
        if caused_by(urllib3.exceptions.ProtocolError):
            return "lost its connection to %s before the answer was complete" % host, "try again later"
        return "could not be sent to %s (%s)" % (host, type(causes[-1]).__name__), "check api_url and the network"

    def _tls_advice(self, causes: t.Sequence[BaseException]) -> str:
        if any(isinstance(c, ssl.SSLCertVerificationError) and c.verify_code in _ANOTHER_NAME for c in causes):
            return "check api_url: the server's certificate is for another name"
        if any(isinstance(cause, ssl.SSLError) and cause.reason == "WRONG_VERSION_NUMBER" for cause in causes):
            return "check api_url: what answers there does not speak TLS"
        if any(isinstance(cause, ssl.SSLEOFError) for cause in causes):
            return "check api_url and the network"
        if self._connection.ca_path:
            return "check that ca_path holds the certificate authority (PEM) of this server"
        return "check api_url, or set ca_path to the certificate authority (PEM) of this server"


def prepare(url: str, ca_path: str | None) -> None:
    """Do once, ahead of many tasks in forks of this process, what each would do for itself before it connects.

    That is mostly reading the file of authorities (20 ms), and the first instances of urllib3's classes (1 ms).
    """
    # whatever is wrong is for the tasks to report
    with contextlib.suppress(Exception), HttpSession(Connection("", url, "v1", 1, 0, 0, True, ca_path), {}):
        pass


@contextlib.contextmanager
def silent() -> t.Iterator[None]:
    """Without urllib3's log: it quotes what the server sent, and in Ansible's own process it ends in Ansible's log."""
    log = logging.getLogger("urllib3")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(level)


def _pool(url: str, proxy: Proxy | None, tls: ssl.SSLContext | None) -> t.Any:
    """Urllib3's connections to this address, through the proxy where there is one. Raises LibraryMissing."""
    if not proxy:
        return urllib3.connection_from_url(url, **({"ssl_context": tls} if tls else {}))
    if not proxy.socks:
        # urllib3's own make_headers takes no other letters than Latin-1's
        login = {"proxy-authorization": "Basic " + base64.b64encode(proxy.login).decode()} if proxy.login else None
        manager = urllib3.ProxyManager(proxy.url, proxy_headers=login, ssl_context=tls, proxy_ssl_context=tls)
        return manager.connection_from_url(url)
    try:
        with warnings.catch_warnings():
            # of the missing package, which is said below
            warnings.simplefilter("ignore")
            from urllib3.contrib.socks import SOCKSProxyManager  # noqa: PLC0415 - hardly anyone needs it
    except ImportError:
        raise LibraryMissing(
            "The environment names a SOCKS proxy, for which the Python that runs this task (%s) has no PySocks: install it with "
            "`%s -m pip install PySocks`." % (sys.executable, sys.executable)
        ) from None
    user, dummy, password = proxy.login.decode("utf-8", "replace").partition(":")
    return SOCKSProxyManager(proxy.url, user or None, password if user else None, ssl_context=tls).connection_from_url(url)


def _causes(error: BaseException | None) -> t.Iterator[BaseException]:
    """The exception and all that it wraps, outermost first: urllib3 nests them in three ways."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        current = waiting.pop(0)
        if not isinstance(current, BaseException) or any(current is known for known in seen):
            continue
        seen.append(current)
        yield current
        waiting += [getattr(current, "reason", None), getattr(current, "original_error", None)]
        waiting += [current.__cause__, current.__context__] + [a for a in current.args if isinstance(a, BaseException)]


def _reason(causes: t.Sequence[BaseException]) -> str:
    """Why, in the operating system's or the TLS library's own words, which hold no address and no secret."""
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (cause.verify_message or "certificate verify failed").rstrip(".")
        if isinstance(cause, ssl.SSLError):
            return (cause.reason or "TLS error").replace("_", " ").lower()
        refused = re.match("Tunnel connection failed: ([0-9]{3})", str(cause)) if isinstance(cause, OSError) else None
        if refused:
            return "it answered CONNECT with HTTP %s" % refused.group(1)
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror.lower()
    return "timed out" if any(isinstance(c, urllib3.exceptions.TimeoutError) for c in causes) else "the connection failed"
