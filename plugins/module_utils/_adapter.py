# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections of `requests`: the environment's proxy, whom to trust in TLS, and why there is no connection."""

from __future__ import annotations

import base64
import functools
import importlib
import ipaddress
import os
import re
import ssl
import stat
import sys
import typing as t
from urllib.parse import unquote_to_bytes, urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption, LibraryMissing
from ansible_collections.hostup.cloud.plugins.module_utils._validate import Connection, is_loopback

try:
    from requests.adapters import HTTPAdapter
    from requests.certs import where  # type: ignore[attr-defined]
    from requests.exceptions import ConnectTimeout, ProxyError
    from urllib3.exceptions import NewConnectionError
    from urllib3.util.ssl_ import create_urllib3_context
except ImportError:
    # so that this file can be imported for inspection; _http.py tells the user
    HTTPAdapter = object  # type: ignore[assignment,misc]

#: A name or an address, and perhaps a port, that every urllib3 takes.
_ADDRESS = re.compile(r"([a-z0-9_-]{1,63}([.][a-z0-9_-]{1,63})*[.]?|\[[0-9a-f:.]+\])(:[0-9]*)?", re.ASCII | re.IGNORECASE)

_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")


class Proxy(t.NamedTuple):
    """Where a proxy is. No message may show its URL or its login, which hold a password."""

    #: host:port
    address: str
    #: What requests is told. Of an HTTP proxy, the login is kept apart.
    url: str
    #: user:password without percent-encoding, if any: the bytes that the variable spells, in whatever encoding.
    login: bytes


def proxy_for(url: str) -> Proxy | None:
    """The proxy of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY for this URL. Raises InvalidOption, LibraryMissing.

    The system's own settings are left alone: looking them up in a forked process can crash it on macOS.
    """
    # white space around a value comes with files of variables and with copying
    named = {name: value.strip() for name, value in getproxies_environment().items()}
    target = urlsplit(url)
    found = named.get(target.scheme) or named.get("all")
    if not found or proxy_bypass_environment(target.netloc, named) or _in_networks(target.hostname, named.get("no", "")):
        return None
    found = found if "://" in found else "http://" + found
    try:
        parts = urlsplit(found)
        login, dummy, address = parts.netloc.rpartition("@")
        usable = _ADDRESS.fullmatch(address) and parts.port != 0 and parts.scheme in _SCHEMES
        if ":" in (parts.hostname or ""):
            ipaddress.IPv6Address(parts.hostname)
    except ValueError:
        usable = None
    # urlsplit drops tabs and line breaks, urllib3 takes them for a part of the address
    if not usable or not found.isprintable():
        raise InvalidOption(
            "The proxy that the environment names (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) is not an address: expected something "
            "like http://proxy.example.com:3128."
        )
    if target.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise InvalidOption(
            "The proxy %s from the environment would carry the key unencrypted to another machine: "
            "add the host of api_url to NO_PROXY, or use https://." % address
        )
    if not parts.scheme.startswith("socks"):
        return Proxy(address, "%s://%s" % (parts.scheme, address), unquote_to_bytes(login))
    try:
        importlib.import_module("socks")
    except ImportError:
        raise LibraryMissing(
            "The environment names a SOCKS proxy, for which the Python that runs this task (%s) has no PySocks: install it with "
            "`%s -m pip install PySocks`." % (sys.executable, sys.executable)
        ) from None
    return Proxy(address, "%s://%s" % (parts.scheme, parts.netloc), b"")


def _in_networks(host: str | None, no_proxy: str) -> bool:
    """Whether an entry of NO_PROXY is a network that the host is in."""
    for entry in no_proxy.split(","):
        try:
            if ipaddress.ip_address(host or "") in ipaddress.ip_network(entry.strip(), strict=False):
                return True
        except ValueError:
            continue
    return False


class Adapter(HTTPAdapter):
    """Connections through one proxy or none, with one shared TLS context: one for each costs 40 ms of CPU. Never retries."""

    def __init__(self, tls: ssl.SSLContext | None, proxy: Proxy | None) -> None:
        self._tls, self.proxy = tls, proxy
        #: The TLS connection that is kept for the next request.
        self.sock: ssl.SSLSocket | None = None
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._tls, **kwargs)

    def get_connection_with_tls_context(self, request: t.Any, *args: t.Any, **kwargs: t.Any) -> t.Any:  # noqa: ARG002
        """Do not let requests 2.32.0 to 2.32.2 put authorities of their own in place of the shared context."""
        manager = self.proxy_manager_for(self.proxy.url) if self.proxy else self.poolmanager
        return manager.connection_from_url(request.url)

    def proxy_manager_for(self, proxy: str, **kwargs: t.Any) -> t.Any:
        more = {} if proxy.startswith("socks") else {"proxy_ssl_context": self._tls}
        return super().proxy_manager_for(proxy, ssl_context=self._tls, **more, **kwargs)

    def proxy_headers(self, proxy: str) -> dict[str, str]:  # noqa: ARG002 requests names it
        # requests' own takes no other letters than Latin-1's
        login = self.proxy.login if self.proxy else b""
        return {"Proxy-Authorization": "Basic " + base64.b64encode(login).decode()} if login else {}

    def cert_verify(self, conn: t.Any, url: str, verify: t.Any, cert: t.Any) -> None:
        """Do nothing: requests would read its own authorities into the shared context."""


def tls_context(ca_path: str | None, validate: bool) -> ssl.SSLContext:
    """The settings of a TLS connection. Raises InvalidOption where there are no authorities to trust.

    Without `ca_path`, the file of authorities is the one that users of requests know ("SSL Cert Verification" there).
    """
    if not validate:
        return _made(ssl.CERT_NONE)
    named_by, path = "ca_path", ca_path
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if not path and os.environ.get(variable):
            named_by, path = "The environment variable " + variable, os.environ[variable]
    if not path:
        named_by, path = "The authorities that come with requests", where()
    shown = path if path.isprintable() else "the path"
    # a named pipe would keep OpenSSL waiting without end, a device reading
    if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
        raise InvalidOption("%s: %s is neither a file nor a folder: expected a PEM bundle." % (named_by, shown))
    try:
        return _trusting(path)
    except (OSError, ValueError):
        raise InvalidOption(
            "%s: %s holds no certificate authority that can be read: expected a PEM bundle." % (named_by, shown)
        ) from None


# reading the usual file of some 140 authorities takes 20 ms
@functools.lru_cache(maxsize=8)
def _trusting(path: str) -> ssl.SSLContext:
    made = _made(ssl.CERT_REQUIRED)
    if os.path.isdir(path):
        made.load_verify_locations(capath=path)
    else:
        made.load_verify_locations(cafile=path)
    return made


def _made(cert_reqs: ssl.VerifyMode) -> ssl.SSLContext:
    """urllib3's settings. It opens the file that SSLKEYLOGFILE names, which waits without end where that is a named pipe."""
    keys = os.path.expandvars(os.environ.get("SSLKEYLOGFILE", ""))
    try:
        if keys and os.path.exists(keys) and stat.S_ISFIFO(os.stat(keys).st_mode):
            raise OSError
        return create_urllib3_context(cert_reqs=cert_reqs)
    except OSError:
        raise InvalidOption("The environment variable SSLKEYLOGFILE names no file that can be written: unset it.") from None


#: The other end has closed the connection.
_ENDED = (ssl.SSLEOFError, ssl.SSLZeroReturnError)


class Failure(t.NamedTuple):
    """Why there is no response: the middle of a sentence, and what to do."""

    happened: str
    advice: str
    #: Another attempt would be in vain.
    final: bool = False


def connection_failure(
    connection: Connection, proxy: Proxy | None, causes: t.Sequence[BaseException], connected: bool, in_tls: bool, late: bool
) -> Failure | None:
    """What kept a request from being sent, unless it may have been; without the exceptions' texts, which quote secrets.

    connected, in_tls: the TLS connection is there, or has been begun at least; late: the attempt's time was over.
    """
    host, network = urlsplit(connection.url).netloc, "check api_url and the network"
    within = "within %d s" % connection.timeout
    why = _reason(causes) or ("timed out" if late else "the connection failed")
    # an older urllib3 looks at the certificate's name when the handshake is over
    no_tls = caused_by(causes, ssl.SSLError) and (not connected or caused_by(causes, ssl.SSLCertVerificationError))
    refused = no_tls and not caused_by(causes, *_ENDED)
    if proxy and (not connected or caused_by(causes, ProxyError)):
        advice = "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY in the environment"
        return Failure("could not pass the proxy %s (%s)" % (proxy.address, why), advice, refused or "CONNECT" in why)
    if no_tls:
        return Failure("could not set up TLS with %s (%s)" % (host, why), _tls_advice(causes, connection.ca_path), refused)
    if caused_by(causes, NewConnectionError):
        return Failure("could not connect to %s (%s)" % (host, why), network)
    if caused_by(causes, ConnectTimeout) or (late and not connected and not in_tls):
        return Failure("could not connect to %s %s" % (host, within), network)
    if in_tls and not connected:
        return Failure(
            "could not set up TLS with %s %s" % (host, within if late else "(the server ended the connection)"), network
        )
    return None


def _tls_advice(causes: t.Sequence[BaseException], ca_path: str | None) -> str:
    """What to do about TLS that can't be set up."""
    # X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL; Python's own has no code
    if any(isinstance(c, ssl.SSLCertVerificationError) and getattr(c, "verify_code", 62) in (62, 64) for c in causes):
        return "check api_url: the server's certificate is for another name"
    if any(isinstance(cause, ssl.SSLError) and cause.reason == "WRONG_VERSION_NUMBER" for cause in causes):
        return "check api_url: what answers there does not speak TLS"
    if caused_by(causes, *_ENDED):
        return "check api_url and the network"
    if ca_path:
        return "check that ca_path holds the certificate authority (PEM) of this server"
    return "check api_url, or set ca_path to the certificate authority (PEM) of this server"


def caused_by(causes: t.Sequence[BaseException], *kinds: type[BaseException]) -> bool:
    """Whether one of the causes is of one of these kinds."""
    return any(isinstance(cause, kinds) for cause in causes)


def causes_of(error: BaseException | None) -> list[BaseException]:
    """The exception and all that it wraps, outermost first: requests and urllib3 nest them in three ways."""
    found = [error] if error else []
    for cause in found:
        inner = [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
        found += [one for one in inner if isinstance(one, BaseException) and one not in found]
    return found


def _reason(causes: t.Sequence[BaseException]) -> str | None:
    """Why, in the operating system's or the TLS library's own words, which hold no address and no secret."""
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (getattr(cause, "verify_message", "") or "certificate verify failed").rstrip(".")
        if isinstance(cause, ssl.SSLError):
            return (cause.reason or "TLS error").replace("_", " ").lower()
        refused = re.match("Tunnel connection failed: ([0-9]{3})", str(cause)) if isinstance(cause, OSError) else None
        if refused:
            return "it answered CONNECT with HTTP %s" % refused.group(1)
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror.lower()
    return None
