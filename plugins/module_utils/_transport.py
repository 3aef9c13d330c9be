# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One session with the API: sends requests, gives complete answers, and says plainly why there is none.

Knows nothing of accounts. The limits are in `_limits.py`.
"""

from __future__ import annotations

import http.client
import re
import ssl
import sys
import typing as t
from urllib.parse import urlsplit

from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption, LibraryMissing
from ansible_collections.hostup.cloud.plugins.module_utils._limits import Attempts, LimitedAdapter, TooLarge, asked_wait
from ansible_collections.hostup.cloud.plugins.module_utils._options import Connection, is_loopback

try:
    import requests
    import urllib3
    from requests.auth import AuthBase
    from requests.utils import get_environ_proxies, select_proxy
    from urllib3.util.retry import Retry
except ImportError:
    # a stand-in, so that this file can be imported for inspection
    AuthBase = object  # type: ignore[assignment,misc]
    HAVE_REQUESTS = False
else:
    # urllib3 1.26, which requests takes since 2.25, is the first whose Retry repeats every method by a public name
    HAVE_REQUESTS = hasattr(Retry, "DEFAULT_ALLOWED_METHODS")


class Answer(t.NamedTuple):
    """A complete answer of the server, whatever its status."""

    status: int
    headers: t.Mapping[str, str]
    body: bytes
    #: Requests sent, this one included.
    attempts: int
    #: Seconds that the server asked to wait, where it did.
    wait: float | None
    #: An attempt may have been carried out, although this answer does not say so.
    maybe_done: bool


class NoAnswer(Exception):
    """No complete answer came. str() says what happened, without a secret."""

    def __init__(self, happened: str, advice: str, attempts: int, maybe_done: bool) -> None:
        super().__init__(happened)
        self.advice = advice
        self.attempts = attempts
        #: The server may have received the request and carried it out.
        self.maybe_done = maybe_done


class Transport:
    """Sends requests to one API with one key. Use as a context manager: it closes the connection."""

    def __init__(self, connection: Connection, headers: dict[str, str]) -> None:
        """headers: those that carry the key; they go to this API's host alone. Raises LibraryMissing, InvalidOption."""
        if not HAVE_REQUESTS:
            raise LibraryMissing(
                "The Python that runs this task (%s) has no requests 2.25 or newer with urllib3 1.26 or newer: "
                "install it with `%s -m pip install requests`." % (sys.executable, sys.executable)
            )
        self._connection = connection
        self._attempts = Attempts(connection.timeout, connection.retries, connection.longest_wait)
        self._session = requests.Session()
        # an auth of our own also keeps requests from looking into ~/.netrc
        self._session.auth = _Headers(headers)
        # requests would look into a redirect that it does not follow
        self._session.get_redirect_target = _no_target  # type: ignore[method-assign]
        self._session.headers.clear()
        # no encoding: a compressed body could grow far beyond MAX_BODY
        self._session.headers.update(
            {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "ansible-collection-hostup.cloud"}
        )
        self._session.mount(connection.url, LimitedAdapter(self._attempts))
        self._proxy = _proxy(connection.url)
        if not connection.validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def __enter__(self) -> Transport:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._session.close()

    @property
    def host(self) -> str:
        """The API's host, for messages."""
        return urlsplit(self._connection.url).hostname or ""

    def path(self, endpoint: str) -> str:
        """The path of an endpoint on the server, for messages."""
        return urlsplit(self._connection.url + endpoint).path

    def send(self, method: str, endpoint: str, body: dict[str, t.Any] | None = None) -> Answer:
        """Send one request and as many retries as the options allow. Raises NoAnswer."""
        self._attempts.restart()
        try:
            response = self._session.request(
                method,
                self._connection.url + endpoint,
                json=body,
                timeout=self._connection.timeout,
                verify=(self._connection.ca_path or True) if self._connection.validate_certs else False,
                allow_redirects=False,
                stream=True,
            )
        except TooLarge:
            raise self._no_answer("was answered with more than 1 MiB", "check api_url", maybe_done=True) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            raise self._no_answer(*self._diagnose(error)) from None
        return Answer(
            status=response.status_code,
            headers=response.headers,
            body=response.raw.data or b"",
            attempts=self._attempts.count,
            wait=asked_wait(response.raw),
            maybe_done=self._attempts.maybe_done,
        )

    def _no_answer(self, happened: str, advice: str, maybe_done: bool = False) -> NoAnswer:
        return NoAnswer(happened, advice, self._attempts.count, maybe_done or self._attempts.maybe_done)

    def _diagnose(self, error: Exception) -> tuple[str, str]:
        """What happened and what to do. The exceptions' own texts are not used: they quote URLs and their secrets."""
        host = urlsplit(self._connection.url).netloc
        causes = list(_causes(error))
        why = _reason(causes)

        def caused_by(*kinds: type[BaseException]) -> bool:
            return any(isinstance(cause, kinds) for cause in causes)

        if caused_by(requests.exceptions.InvalidSchema):
            return "can't use the proxy from the environment", "a SOCKS proxy needs the Python package PySocks"
        if caused_by(urllib3.exceptions.ProxyError, requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL):
            return (
                "could not pass the proxy %s (%s)" % (self._proxy, why),
                "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY in the environment",
            )
        if caused_by(ssl.SSLError):
            return "could not set up TLS with %s (%s)" % (host, why), self._tls_advice()
        if caused_by(urllib3.exceptions.NewConnectionError):
            return "could not connect to %s (%s)" % (host, why), "check api_url and the network"
        if caused_by(urllib3.exceptions.ConnectTimeoutError):
            return "could not connect to %s within %d s" % (host, self._connection.timeout), "check api_url and the network"
        if caused_by(urllib3.exceptions.TimeoutError):
            return "was not answered in full within %d s" % self._connection.timeout, "try again later, or raise api_timeout"
        if caused_by(urllib3.exceptions.ProtocolError):
            return "lost its connection to %s before the answer was complete" % host, "try again later"
        return "could not be sent to %s (%s)" % (host, type(causes[-1]).__name__), "check api_url, ca_path and REQUESTS_CA_BUNDLE"

    def _tls_advice(self) -> str:
        if self._connection.ca_path:
            return "check that ca_path holds the certificate authority (PEM) of this server"
        return "check api_url, or set ca_path to the certificate authority (PEM) of this server"


def _no_target(resp: t.Any) -> None:
    del resp


class _Headers(AuthBase):
    def __init__(self, headers: dict[str, str]) -> None:
        self._headers = headers

    def __call__(self, request: t.Any) -> t.Any:
        request.headers.update(self._headers)
        return request


def _proxy(url: str) -> str | None:
    """host:port of the proxy that the environment names for this URL. Raises InvalidOption."""
    proxy = select_proxy(url, get_environ_proxies(url))
    if not proxy:
        return None
    try:
        parts = urlsplit(proxy if "://" in proxy else "http://" + proxy)
        name = re.fullmatch("[a-z0-9_:-]{1,63}([.][a-z0-9_-]{1,63})*[.]?", parts.hostname or "")
        usable = name and parts.port != 0 and parts.scheme in ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
    except ValueError:
        usable = False
    # never quoted as a whole: it may hold a password
    if not usable:
        raise InvalidOption(
            "The proxy that the environment names (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) is not an address: expected something "
            "like http://proxy.example.com:3128."
        )
    where = parts.netloc.rpartition("@")[2]
    if url.startswith("http://") and not is_loopback(parts.hostname or ""):
        raise InvalidOption(
            "The proxy %s from the environment would carry the key unencrypted to another machine: "
            "add the host of api_url to NO_PROXY, or use https://." % where
        )
    return where


def _causes(error: BaseException | None) -> t.Iterator[BaseException]:
    """The exception and all that it wraps, outermost first: requests and urllib3 nest them in three ways."""
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
            return cause.verify_message or "certificate verify failed"
        if isinstance(cause, ssl.SSLError):
            return (cause.reason or "TLS error").replace("_", " ").lower()
        refused = re.match("Tunnel connection failed: ([0-9]{3})", str(cause)) if isinstance(cause, OSError) else None
        if refused:
            return "it answered CONNECT with HTTP %s" % refused.group(1)
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror.lower()
    return "timed out" if any(isinstance(c, urllib3.exceptions.TimeoutError) for c in causes) else "the connection failed"
