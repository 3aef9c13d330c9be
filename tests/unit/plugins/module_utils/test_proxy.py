# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which proxy the environment names for an address, by a table of environments."""

from __future__ import annotations

import os

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._proxy import proxy_for

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
]


@pytest.mark.parametrize(("environment", "url", "expected"), CASES)
def test_proxy_for(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str, expected: str | None) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    proxy = proxy_for(url)
    assert (proxy and proxy.address) == expected


def test_a_login_is_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://user:p%40ss@proxy.example.com:3128")
    monkeypatch.delenv("no_proxy", raising=False)
    proxy = proxy_for(SECURE)
    assert proxy
    assert (proxy.login, proxy.socks) == ("user:p@ss", False)
