# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy that the environment names: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, as usual in either case.

The system's own settings are left alone: looking them up in a forked process can crash it on macOS.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t
from urllib.parse import unquote_to_bytes, urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._validate import is_loopback

#: A name or an address, and perhaps a port, that every urllib3 takes.
_ADDRESS = re.compile(r"([a-z0-9_-]{1,63}([.][a-z0-9_-]{1,63})*[.]?|\[[0-9a-f:.]+\])(:[0-9]*)?", re.ASCII | re.IGNORECASE)

_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")


class Proxy(t.NamedTuple):
    """Where a proxy is. No message may show its login, which holds a password."""

    #: One of _SCHEMES.
    scheme: str
    #: host:port
    address: str
    #: user:password without percent-encoding, if any: the bytes that the variable spells, in whatever encoding.
    login: bytes

    @property
    def url(self) -> str:
        """Without the login."""
        return "%s://%s" % (self.scheme, self.address)

    @property
    def socks(self) -> bool:
        """Whether it speaks SOCKS instead of HTTP."""
        return self.scheme.startswith("socks")


def proxy_for(url: str) -> Proxy | None:
    """The proxy for requests to this URL, if the environment names one. Raises InvalidOption."""
    # white space around a value comes with files of variables and with copying
    named = {name: value.strip() for name, value in getproxies_environment().items()}
    target = urlsplit(url)
    found = named.get(target.scheme) or named.get("all")
    if not found or _bypassed(target.netloc, target.hostname or "", named):
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
    return Proxy(parts.scheme, address, unquote_to_bytes(login))


def _bypassed(netloc: str, host: str, named: dict[str, str]) -> bool:
    if proxy_bypass_environment(netloc, named):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(_holds(entry.strip(), address) for entry in named.get("no", "").split(","))


def _holds(entry: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an entry of NO_PROXY is a network that the address is in."""
    try:
        return address in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False
