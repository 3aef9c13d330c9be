# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time: waits between attempts, and attempts that are late, interrupted or can't begin. `tests/http_faults` has the rest."""

from __future__ import annotations

import contextlib
import logging
import re
import signal
import socket
import ssl
import threading
import time
import typing as t
from urllib.parse import urlsplit

import pytest
import trustme

from ansible_collections.hostup.cloud.plugins.module_utils import _http
from ansible_collections.hostup.cloud.plugins.module_utils._api_versions import retry_after_seconds
from ansible_collections.hostup.cloud.plugins.module_utils._errors import LibraryMissing
from ansible_collections.hostup.cloud.plugins.module_utils._http import HttpSession, NoResponse
from ansible_collections.hostup.cloud.plugins.module_utils._validate import Connection
from ansible_collections.hostup.cloud.tests.emulator import Emulator

#: Sun, 22 Nov 2026 12:00:00 GMT
NOW = 1795348800

#: Status, header, body -> seconds.
WAITS = [
    (429, "5", "", 5),
    (503, "1.5", "", 1.5),
    (429, "Sun, 22 Nov 2026 13:00:00 GMT", "", 3600),
    (429, "2026-11-22T13:00:00Z", "", 3600),
    (429, "Thu, 01 Jan 1970 00:00:00 GMT", "", 0),
    (429, "10000000000", "", 10000000000),
    (429, "5, 7200", "", 7200),
    (429, None, '{"retryAfter": "60 seconds"}', 60),
    (429, None, '{"retryAfter": "2m"}', 120),
    (429, None, '{"retryAfter": "1 hour"}', 3600),
    (429, "500ms", "", None),
    (429, "1 day", "", None),
    (429, "9" * 400, "", None),
    (429, "120,", "", 120),
    (429, "soon", "", None),
    (429, "-5", "", None),
    (429, None, '{"retryAfter": 60}', 60),
    (429, None, '{"retryAfter": [60]}', None),
    (429, None, '{"retryAfter": 1e999}', None),
    (429, "5", '{"retryAfter": 60}', 5),
    (429, None, '{"retryAfter": null}', None),
    (429, None, "[]", None),
    (429, None, "not JSON", None),
    (503, None, '{"retryAfter": "60"}', None),
]


@pytest.mark.parametrize(("status", "header", "body", "seconds"), WAITS)
def test_retry_after_seconds(
    monkeypatch: pytest.MonkeyPatch, status: int, header: str | None, body: str, seconds: float | None
) -> None:
    monkeypatch.setattr(time, "time", lambda: NOW)
    headers = {"Retry-After": header} if header is not None else {}
    assert retry_after_seconds(status, headers, body.encode()) == seconds


def test_a_reset_is_a_wait_if_it_is_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: NOW)
    assert retry_after_seconds(429, {"X-RateLimit-Reset": "2026-11-22T12:00:07Z"}, b"") == 7
    assert retry_after_seconds(429, {"X-RateLimit-Reset": "1795348807"}, b"") is None


@pytest.fixture(autouse=True)
def _no_proxies_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


def connection(url: str, timeout: int = 20, retries: int = 0, retry_max_delay: int = 0) -> Connection:
    return Connection("key", url, "v1", timeout, retries, retry_max_delay, validate_certs=False, ca_path=None)


def test_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the option `api_retries` tells it, and never more than `api_retry_max_delay`."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    with HttpSession(connection("http://127.0.0.1:1/api", retries=6, retry_max_delay=9), {}) as session, pytest.raises(
        NoResponse
    ):
        session.send("GET", "/account/details")
    assert slept == [0, 1, 2, 4, 8, 9]


def test_all_addresses_share_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host of many addresses, none of which answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, contextlib.ExitStack() as waiting:
        address = listener.getsockname()
        for _dummy in range(2):
            filler = waiting.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(address)
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address)] * 4
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)
        start = time.monotonic()
        with HttpSession(connection("https://cloud.example.com/api", 1, 1), {}) as session, pytest.raises(NoResponse) as lost:
            session.send("POST", "/account/update", {"city": "Lund"})
    assert str(lost.value) == "could not connect to cloud.example.com within 1 s"
    assert (lost.value.attempts, lost.value.maybe_applied) == (2, False)
    assert time.monotonic() - start < 3


class Listener:
    """Accepts connections, and keeps all bytes that it is sent, of which TLS takes nothing away."""

    def __init__(self) -> None:
        authority = trustme.CA()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(self._context)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = "https://127.0.0.1:%d/api" % self._listener.getsockname()[1]
        self.received = b""
        #: Connections that have ended.
        self.ended = threading.Semaphore(0)

    def __enter__(self) -> Listener:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._keep, args=self._listener.accept()[:1], daemon=True).start()

    def _keep(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError), self._context.wrap_socket(sock, server_side=True) as tls:
            while True:
                data = tls.recv(65536)
                if not data:
                    break
                self.received += data
        self.ended.release()


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if isinstance(thread, _http._Attempt)}


def test_a_late_look_up_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can end it, but when it ends, nobody waits for it any more: neither key nor update may go out."""
    looked_up, look_up = threading.Event(), socket.getaddrinfo

    def late(*args: t.Any, **more: t.Any) -> t.Any:
        looked_up.wait(30)
        return look_up(*args, **more)

    with Listener() as listener:
        monkeypatch.setattr(socket, "getaddrinfo", late)
        with HttpSession(connection(listener.url, 1), {"X-API-Key": "key"}) as session, pytest.raises(NoResponse) as lost:
            session.send("POST", "/account/update", {"city": "Lund"})
        assert "could not connect to 127.0.0.1" in str(lost.value)
        assert lost.value.maybe_applied is False
        (thread,) = _threads()
        looked_up.set()
        thread.join(10)
        assert not thread.is_alive()
        assert listener.ended.acquire(timeout=10)
        assert listener.received == b""


def test_a_late_response_is_dropped_with_its_connection() -> None:
    """The update is out, so nobody knows; its thread ends at once, and the next attempt has a connection of its own."""
    with Listener() as listener:
        with HttpSession(connection(listener.url, 1, 1), {}) as session, pytest.raises(NoResponse) as lost:
            session.send("POST", "/account/update", {"city": "Lund"})
        assert str(lost.value) == "was not answered in full within 1 s"
        assert (lost.value.attempts, lost.value.maybe_applied) == (2, True)
        for _dummy in range(2):
            assert listener.ended.acquire(timeout=10)
        assert listener.received.count(b'{"city": "Lund"}') == 2
    for thread in _threads():
        thread.join(10)
    assert not _threads()


def test_an_interrupted_request_ends_its_connection() -> None:
    """Ansible ends a task at its `timeout` by an exception out of a signal's handler, and goes on to the next one."""

    class TaskTimeout(Exception):
        pass

    def ring(*_args: object) -> None:
        raise TaskTimeout

    usual = signal.signal(signal.SIGALRM, ring)
    try:
        with Listener() as listener, HttpSession(connection(listener.url, 60), {}) as session:
            signal.setitimer(signal.ITIMER_REAL, 0.5)
            start = time.monotonic()
            with pytest.raises(TaskTimeout):
                session.send("POST", "/account/update", {"city": "Lund"})
            assert time.monotonic() - start < 5
            assert listener.ended.acquire(timeout=10)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, usual)
    for thread in _threads():
        thread.join(10)
    assert not _threads()


def test_a_host_whose_first_address_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of an attempt is shared among the host's addresses."""
    with socket.create_server(("127.0.0.2", 0), backlog=0) as hole, Emulator() as emulator, contextlib.ExitStack() as full:
        for _dummy in range(4):
            client = full.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(hole.getsockname())
        places = [hole.getsockname(), ("127.0.0.1", urlsplit(emulator.url).port)]
        found = [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", place) for place in places]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)
        with HttpSession(connection("http://localhost/api", retries=0, timeout=2), {"X-API-Key": "no"}) as session:
            assert session.send("GET", "/account/details").status == 401


@pytest.mark.parametrize(
    ("said", "why"), [(b"", "eof occurred|unexpected eof"), (b"HTTP/1.1 400 No\r\n\r\n", "wrong version number")]
)
def test_a_tunnel_through_a_proxy_with_tls_that_breaks(monkeypatch: pytest.MonkeyPatch, said: bytes, why: str) -> None:
    """The handshake with the proxy is not yet the one with the API: nothing can have been sent to it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with context.wrap_socket(listener.accept()[0], server_side=True) as proxy:
                proxy.recv(65536)
                proxy.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                proxy.recv(65536)
                proxy.sendall(said)

        threading.Thread(target=serve, daemon=True).start()
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.setenv("HTTPS_PROXY", "https://127.0.0.1:%d" % listener.getsockname()[1])
        with HttpSession(connection("https://api.example.com/api"), {}) as session, pytest.raises(NoResponse) as lost:
            session.send("POST", "/account/update", {"city": "Lund"})
    assert re.match("could not pass the proxy 127.0.0.1:[0-9]+ .*(%s)" % why, str(lost.value))
    assert lost.value.maybe_applied is False


@pytest.mark.parametrize("host", ["a..example", "a" * 64 + ".example"])
def test_a_name_that_can_not_be_looked_up(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It fails at once, and no thread ends with a traceback."""
    start = time.monotonic()
    with HttpSession(connection("https://%s/api" % host), {}) as session, pytest.raises(NoResponse) as lost:
        session.send("GET", "/account/details")
    assert (host in str(lost.value), time.monotonic() - start < 10, capsys.readouterr().err) == (True, True, "")


def test_too_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """An audit with many accounts at a time may come to a limit of the system's."""

    def refuse(self: threading.Thread) -> t.NoReturn:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(_http._Attempt, "start", refuse)
    with HttpSession(connection("http://127.0.0.1:1/api"), {}) as session, pytest.raises(NoResponse) as lost:
        session.send("POST", "/account/update", {"city": "Lund"})
    assert (str(lost.value), lost.value.maybe_applied) == ("could not be sent, since no more threads can be started", False)


def test_without_a_library_that_is_new_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_http, "HAVE_LIBRARY", False)
    with pytest.raises(LibraryMissing, match="has no requests 2.25 or newer .*: install it with `.* -m pip install requests`"):
        HttpSession(connection("http://127.0.0.1:1/api"), {})


def test_preparing_leaves_no_thread_and_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Ansible's own process, which forks afterwards, and in which others log."""
    log = logging.getLogger("urllib3")
    monkeypatch.setattr(log, "level", logging.NOTSET)
    before = threading.active_count()
    _http.prepare("https://cloud.hostup.se/api", None)
    assert (threading.active_count(), log.level) == (before, logging.NOTSET)
