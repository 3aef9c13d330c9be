# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which proxy the environment names for an address, by a table of environments."""

from __future__ import annotations

import base64
import os
import sys
import types

import pytest
import urllib3

from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._http import HttpSession
from ansible_collections.hostup.cloud.plugins.module_utils._proxy import proxy_for
from ansible_collections.hostup.cloud.plugins.module_utils._validate import Connection

SECURE, LOCAL = "https://cloud.hostup.se/api", "http://127.0.0.1:8123/api"

#: Environment, address -> the proxy's address.
CASES: list[tuple[dict[str, str], str, str | None]] = [
    ({}, SECURE, None),
    ({"HTTPS_PROXY": "http://proxy.example.com:3128"}, SECURE, "proxy.example.com:3128"),
    ({"https_proxy": "proxy.example.com:3128"}, SECURE, "proxy.example.com:3128"),
    ({"https_proxy": "http://near:1", "HTTPS_PROXY": "http://far:1"}, SECURE, "near:1"),
    ({"https_proxy": "http://user:p%40ss@proxy.example.com:3128"}, SECURE, "proxy.example.com:3128"),
    ({"ALL_PROXY": "socks5h://proxy.example.com"}, SECURE, "proxy.example.com"),
    ({"HTTP_PROXY": "http://proxy.example.com"}, SECURE, None),
    ({"http_proxy": "http://127.0.0.1:3128"}, LOCAL, "127.0.0.1:3128"),
    ({"https_proxy": "http://proxy:1", "NO_PROXY": "cloud.hostup.se"}, SECURE, None),
    ({"https_proxy": "http://proxy:1", "no_proxy": "example.com, .hostup.se"}, SECURE, None),
    ({"https_proxy": "http://proxy:1", "no_proxy": "hostup.se:443"}, SECURE, "proxy:1"),
    ({"https_proxy": "http://proxy:1", "no_proxy": "up.se"}, SECURE, "proxy:1"),
    ({"https_proxy": "http://proxy:1", "no_proxy": "*"}, SECURE, None),
    ({"http_proxy": "http://localhost:1", "no_proxy": "127.0.0.1"}, LOCAL, None),
    ({"http_proxy": "http://localhost:1", "no_proxy": "127.0.0.1:8123"}, LOCAL, None),
    ({"http_proxy": "http://localhost:1", "no_proxy": "10.0.0.0/8, 127.0.0.0/8"}, LOCAL, None),
    ({"http_proxy": "http://localhost:1", "no_proxy": "10.0.0.0/8"}, LOCAL, "localhost:1"),
    # white space around a value
    ({"HTTPS_PROXY": " http://proxy.example.com:3128 "}, SECURE, "proxy.example.com:3128"),
    ({"https_proxy": "\thttp://proxy.example.com:3128/\r\n"}, SECURE, "proxy.example.com:3128"),
    ({"ALL_PROXY": "\u00a0proxy.example.com:3128\n"}, SECURE, "proxy.example.com:3128"),
    ({"HTTPS_PROXY": " \n"}, SECURE, None),
    ({"HTTPS_PROXY": " ", "ALL_PROXY": "http://proxy:1"}, SECURE, "proxy:1"),
    ({"https_proxy": "http://proxy:1", "no_proxy": " *\n"}, SECURE, None),
    ({"https_proxy": "http://proxy:1", "NO_PROXY": "localhost ,\n cloud.hostup.se\n"}, SECURE, None),
    ({"http_proxy": "http://localhost:1", "no_proxy": "10.0.0.0/8 ,\t127.0.0.0/8 "}, LOCAL, None),
    ({"https_proxy": "HTTP://[2001:DB8::1]:3128"}, SECURE, "[2001:DB8::1]:3128"),
]


#: What is no proxy's address.
REFUSED = [
    *("http://pro xy:3128", "http://proxy :3128", "http://proxy: 3128", "http:// proxy:3128", "http ://proxy:3128"),
    *("http://pro\nxy:3128", "http://proxy:31\t28", "http://proxy\u200b:3128", "\ufeffhttp://proxy:3128", "http://proxy\x7f"),
    *("http://proxy:port", "http://proxy:0", "http://proxy:65536", "http://proxy:-1", "http://proxy:+1", "http://proxy:3_1"),
    *("http://proxy:\u0663", "proxy:3128:80", "http:proxy:3128", "http:///", "http://", "://proxy", "http://:3128"),
    *("http://user:secret@", "http://user:secret@:3128", "http://user:sec/ret@proxy:3128", "http://user:secret\n@proxy:3128"),
    *(
        "http://[::1",
        "http://::1:3128",
        "http://[proxy]:3128",
        "http://[1::2::3]",
        "http://[::1]x:1",
        "http://[::ffff:999.0.0.1]",
    ),
    *("http://[fe80::1%25eth0]:3128", "http://[fe80::1%eth0]:3128", "http://pr\u00f6xy:3128", "http://\u212bxy", "http://a..b"),
    *(
        "http://proxy%2eexample",
        "http://proxy\\x:1",
        "http://%s" % ("x" * 64),
        "ftp://proxy",
        "socks://proxy",
        "file:///etc/proxy",
    ),
    *("http://*:3128", "http://proxy,http://other", "http://<proxy>", "http://proxy;x", "http://\udcff:3128", "direct://"),
]

#: Logins -> what the proxy is told.
LOGINS = {
    "user:p%40ss": b"user:p@ss",
    "user:p%E2%82%ACss": "user:p\u20acss".encode(),
    "user:p\u20acss": "user:p\u20acss".encode(),
    "user:p%F6ss": b"user:p\xf6ss",
    "user:p%0D%0AX-Other: ss": b"user:p\r\nX-Other: ss",
    "user:p%00%ss": b"user:p\0%ss",
    "user:p@ss": b"user:p@ss",
    "us er": b"us er",
}


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize(("environment", "url", "expected"), CASES)
def test_proxy_for(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str, expected: str | None) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    proxy = proxy_for(url)
    assert (proxy and proxy.address) == expected
    if not (proxy and proxy.socks):
        connect(url)


def connect(url: str) -> HttpSession:
    return HttpSession(Connection("key", url, "v1", 1, 0, 0, validate_certs=False, ca_path=None), {})


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_no_address_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("https_proxy", address)
    with pytest.raises(
        InvalidOption, match=r"^The proxy that the environment names \(HTTPS_PROXY, .* is not an address"
    ) as refused:
        connect(SECURE)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("login", LOGINS)
def test_a_login_is_kept_apart(monkeypatch: pytest.MonkeyPatch, login: str) -> None:
    monkeypatch.setenv("https_proxy", "http://%s@proxy.example.com:3128" % login)
    proxy = proxy_for(SECURE)
    assert proxy
    assert proxy == ("http", "proxy.example.com:3128", LOGINS[login])
    assert proxy.url == "http://proxy.example.com:3128"
    pool = connect(SECURE)._pool
    assert pool.proxy_headers == {"proxy-authorization": "Basic " + base64.b64encode(LOGINS[login]).decode()}


def test_a_login_at_a_socks_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """PySocks is no part of the tests: it gets what urllib3's class is called with."""
    calls: list[tuple[object, ...]] = []

    class Manager:
        def __init__(self, url: str, username: object = None, password: object = None, **_more: object) -> None:
            calls.append((url, username, password))

        def connection_from_url(self, url: str) -> urllib3.HTTPConnectionPool:
            return urllib3.HTTPConnectionPool(url)

    monkeypatch.setitem(sys.modules, "urllib3.contrib.socks", types.SimpleNamespace(SOCKSProxyManager=Manager))
    for value in (" socks5h://user:p%40s%3As@proxy:1080\n", "socks5://proxy"):
        monkeypatch.setenv("all_proxy", value)
        connect(SECURE)
    assert calls == [("socks5h://proxy:1080", "user", "p@s:s"), ("socks5://proxy", None, None)]
