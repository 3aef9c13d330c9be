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
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._options import is_loopback

_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")


class Proxy(t.NamedTuple):
    """Where a proxy is. No message may show its URL, which may hold a password."""

    url: str
    #: host:port, for messages.
    address: str
    #: user:password, if any.
    login: str
    socks: bool


def proxy_for(url: str) -> Proxy | None:
    """The proxy for requests to this URL, if the environment names one. Raises InvalidOption."""
    named = getproxies_environment()
    target = urlsplit(url)
    found = named.get(target.scheme) or named.get("all")
    if not found or _bypassed(target.netloc, target.hostname or "", named):
        return None
    found = found if "://" in found else "http://" + found
    try:
        parts = urlsplit(found)
        name = re.fullmatch("[a-z0-9_:-]{1,63}([.][a-z0-9_-]{1,63})*[.]?", parts.hostname or "")
        usable = name and parts.port != 0 and parts.scheme in _SCHEMES
    except ValueError:
        usable = None
    if not usable:
        raise InvalidOption(
            "The proxy that the environment names (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) is not an address: expected something "
            "like http://proxy.example.com:3128."
        )
    login, dummy, address = parts.netloc.rpartition("@")
    if target.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise InvalidOption(
            "The proxy %s from the environment would carry the key unencrypted to another machine: "
            "add the host of api_url to NO_PROXY, or use https://." % address
        )
    return Proxy(found, address, unquote(login), parts.scheme.startswith("socks"))


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
