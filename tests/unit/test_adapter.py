# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which proxy the environment names for an address, and whose authorities are trusted."""

from __future__ import annotations

import base64
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import textwrap
import types
import typing as t

import pytest
import requests

from ansible_collections.hostup.cloud.plugins.module_utils._adapter import Adapter, proxy_for, tls_context
from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption, LibraryMissing

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
    ({"ALL_PROXY": "\u00a0proxy.example.com:3128\n"}, SECURE, "proxy.example.com:3128"),
    ({"HTTPS_PROXY": " \n"}, SECURE, None),
    ({"HTTPS_PROXY": " ", "ALL_PROXY": "http://proxy:1"}, SECURE, "proxy:1"),
    ({"https_proxy": "http://proxy:1", "NO_PROXY": "localhost ,\n cloud.hostup.se\n"}, SECURE, None),
    ({"http_proxy": "http://localhost:1", "no_proxy": "10.0.0.0/8 ,\t127.0.0.0/8 "}, LOCAL, None),
    ({"https_proxy": "HTTP://[2001:DB8::1]:3128"}, SECURE, "[2001:DB8::1]:3128"),
]


#: What is no proxy's address.
REFUSED_PROXIES = [
    # white space and invisible characters
    *("http://pro xy:3128", "http://proxy: 3128", "http ://proxy:3128", "http://pro\nxy:3128", "http://proxy\u200b:3128"),
    # ports
    *("http://proxy:port", "http://proxy:0", "http://proxy:65536", "http://proxy:+1", "http://proxy:\u0663", "proxy:3128:80"),
    # no host
    *("http:proxy:3128", "http://", "://proxy", "http://:3128", "http://user:secret@:3128", "http://user:sec/ret@proxy:3128"),
    # IPv6
    *(
        "http://[::1",
        "http://::1:3128",
        "http://[proxy]:3128",
        "http://[1::2::3]",
        "http://[::1]x:1",
        "http://[fe80::1%eth0]:3128",
    ),
    # names
    *(
        "http://pr\u00f6xy:3128",
        "http://\u212bxy",
        "http://a..b",
        "http://proxy%2eexample",
        "http://proxy\\x:1",
        "http://\udcff:1",
    ),
    *("http://*:3128", "http://proxy,http://other", "http://<proxy>", "http://%s" % ("x" * 64)),
    # protocols
    *("ftp://proxy", "socks://proxy", "file:///etc/proxy", "direct://"),
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
    monkeypatch.setitem(sys.modules, "socks", types.ModuleType("socks"))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    proxy = proxy_for(url)
    assert (proxy and proxy.address) == expected


@pytest.mark.parametrize("address", REFUSED_PROXIES)
def test_a_proxy_that_is_no_address_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("https_proxy", address)
    with pytest.raises(
        InvalidOption, match=r"^The proxy that the environment names \(HTTPS_PROXY, .* is not an address"
    ) as refused:
        proxy_for(SECURE)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("login", LOGINS)
def test_a_login_is_kept_apart(monkeypatch: pytest.MonkeyPatch, login: str) -> None:
    monkeypatch.setenv("https_proxy", "http://%s@proxy.example.com:3128" % login)
    proxy = proxy_for(SECURE)
    assert proxy == ("proxy.example.com:3128", "http://proxy.example.com:3128", LOGINS[login])
    manager = Adapter(None, proxy).proxy_manager_for(proxy.url)
    assert manager.proxy_headers == {"Proxy-Authorization": "Basic " + base64.b64encode(LOGINS[login]).decode()}


def test_a_login_at_a_socks_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """PySocks is no part of the tests: it gets what urllib3's class is called with."""
    calls: list[tuple[object, ...]] = []

    def manager(url: str, username: object = None, password: object = None, **more: object) -> None:
        calls.append((url.rpartition("@")[2], username, password, more["ssl_context"]))

    monkeypatch.setitem(sys.modules, "socks", types.ModuleType("socks"))
    monkeypatch.setattr(requests.adapters, "SOCKSProxyManager", manager)
    tls = tls_context(None, False)
    for value in (" socks5h://user:p%40s%3As@proxy:1080\n", "socks5://proxy"):
        monkeypatch.setenv("all_proxy", value)
        proxy = proxy_for(SECURE)
        assert proxy
        Adapter(tls, proxy).proxy_manager_for(proxy.url)
    assert calls == [("proxy:1080", "user", "p@s:s", tls), ("socks5://proxy", "", "", tls)]


def test_a_socks_proxy_without_pysocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "socks", None)
    monkeypatch.setenv("all_proxy", "socks5://user:secret@proxy")
    with pytest.raises(LibraryMissing, match="has no PySocks: install it with `.*python.* -m pip install PySocks`") as missing:
        proxy_for(SECURE)
    assert "secret" not in str(missing.value)


def test_requests_without_certifi(tmp_path: pathlib.Path) -> None:
    """As Red Hat ships it: its `requests.certs` names the system's file."""
    shutil.copytree(pathlib.Path(requests.__file__).parent, tmp_path / "requests")
    system = shutil.copy(requests.certs.where(), tmp_path / "ca-bundle.crt")  # type: ignore[attr-defined]
    (tmp_path / "requests" / "certs.py").write_text("def where():\n    return %r\n" % str(system), encoding="utf-8")
    code = """
        import sys
        sys.modules["certifi"] = None
        sys.path.insert(0, %r)
        from ansible_collections.hostup.cloud.plugins.module_utils import _adapter, _http
        assert _http.HAVE_LIBRARY
        assert _adapter.where() == %r
        assert len(_adapter.tls_context(None, True).get_ca_certs()) > 50
    """
    script = textwrap.dedent(code) % (str(tmp_path), str(system))
    subprocess.run([sys.executable, "-c", script], check=True)


#: Environment, with FIFO, SOCKET and the like for paths -> words of the sentence.
REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "a pipe": (
        {"REQUESTS_CA_BUNDLE": "FIFO"},
        "The environment variable REQUESTS_CA_BUNDLE: FIFO is neither a file nor a folder: expected a PEM bundle.",
    ),
    "a pipe for curl": ({"CURL_CA_BUNDLE": "FIFO"}, "CURL_CA_BUNDLE: FIFO is neither a file nor a folder"),
    "a socket": ({"REQUESTS_CA_BUNDLE": "SOCKET"}, "SOCKET is neither a file nor a folder"),
    "an endless device": ({"REQUESTS_CA_BUNDLE": "/dev/zero"}, "/dev/zero is neither a file nor a folder"),
    "an empty file": ({"REQUESTS_CA_BUNDLE": "EMPTY"}, "EMPTY holds no certificate authority that can be read"),
    "no file": ({"REQUESTS_CA_BUNDLE": "NOTHING"}, "NOTHING holds no certificate authority that can be read"),
    "a line break": ({"REQUESTS_CA_BUNDLE": "/no\nwhere"}, "BUNDLE: the path holds no certificate authority that can be read"),
    "a pipe for keys": ({"SSLKEYLOGFILE": "FIFO"}, "SSLKEYLOGFILE names no file that can be written: unset it."),
    "a folder for keys": ({"SSLKEYLOGFILE": "FOLDER"}, "SSLKEYLOGFILE names no file that can be written: unset it."),
}
ASK = """
from ansible_collections.hostup.cloud.plugins.module_utils import _adapter, _errors
try:
    _adapter.tls_context(None, %s)
except _errors.InvalidOption as error:
    print(error)
"""


@pytest.fixture
def places(tmp_path: pathlib.Path) -> t.Iterator[dict[str, str]]:
    """Paths that are no file to read authorities from."""
    found = {name: str(tmp_path / name.lower()) for name in ("FIFO", "LINK", "SOCKET", "EMPTY", "FOLDER", "NOTHING")}
    os.mkfifo(found["FIFO"])
    os.symlink(found["FIFO"], found["LINK"])
    pathlib.Path(found["EMPTY"]).touch()
    os.mkdir(found["FOLDER"])
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(found["SOCKET"])
        yield found


def ask(script: str, environment: dict[str, str], places: dict[str, str]) -> str:
    """What it prints: in a process of its own, which can be ended where it hangs."""
    for name, path in places.items():
        environment = {key: value.replace(name, path) for key, value in environment.items()}
        script = script.replace(repr(name), repr(path))
    mine = {key: value for key, value in os.environ.items() if not key.endswith(("_CA_BUNDLE", "_proxy", "_PROXY"))}
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60, env={**mine, **environment}
    )
    for name, path in places.items():
        done.stdout = done.stdout.replace(path, name)
    return done.stdout.strip()


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_file_is_refused(places: dict[str, str], name: str) -> None:
    environment, words = REFUSED[name]
    said = ask(ASK % True, environment, places)
    assert said.endswith(words) or words + ":" in said, said
    assert len(said.splitlines()) == 1
    if "SSLKEYLOGFILE" in environment:
        assert ask(ASK % False, environment, places) == said


@pytest.mark.parametrize("path", ["FIFO", "LINK", "SOCKET", "/dev/zero"])
def test_preparing_does_not_wait(places: dict[str, str], path: str) -> None:
    """It comes before the options are checked, in Ansible's own process, which no time limit ends."""
    script = """
from ansible_collections.hostup.cloud.plugins.module_utils import _http
_http.prepare("https://cloud.hostup.se/api", %r)
print("prepared")
"""
    assert ask(script % path, {}, places) == "prepared"


def test_a_folder_of_authorities(places: dict[str, str]) -> None:
    assert ask(ASK % True, {"REQUESTS_CA_BUNDLE": "FOLDER"}, places) == ""
