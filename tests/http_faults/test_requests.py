# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each fault of the connection, over real sockets, with the oldest and the newest requests and urllib3."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import gzip
import http.client
import itertools
import json
import os
import socket
import subprocess
import sys
import threading
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.emulator.replies import Reply
from ansible_collections.hostup.cloud.tests.integration.test_pythons import TARGETS, environment

from .client import KEY, UPDATE
from .fault import ANSWER, CONNECT, FINE, HANDSHAKE, IDLE, UNKNOWN, UNSENT, Exchange, Fault, Strike, reset, wire
from .server import Server
from .tls import HANDSHAKES, Contexts
from .wire import WIRE

CLIENT = "ansible_collections.hostup.cloud.tests.http_faults.client"
REPLY = Reply(200, json.dumps({"success": True, "data": {"client": {"id": "9257"}}}).encode(), {})


def _wait(seconds: str) -> Strike:
    def strike(x: Exchange) -> bool:
        x.send(wire(429, b"{}", "Retry-After: " + seconds))
        return True

    return strike


def _redirect_with_a_bomb(x: Exchange) -> None:
    """Whoever reads a redirect's body to its end, and unpacks it, needs a gibibyte."""
    bomb = gzip.compress(b" " * 1024 * 1024) * 1024
    x.send(wire(302, bomb, "Location: http://127.0.0.1:1/", "Content-Encoding: gzip"))


def _answer(x: Exchange) -> bool:
    x.send(wire(x.reply.status, x.reply.body, "Set-Cookie: a=b"))
    return True


KEPT = Fault("kept", "none", _answer, FINE, attempts=1, tls=True)
MORE = (
    KEPT,
    Fault("waits", "999 s", _wait("999"), UNKNOWN, 429, 1),
    Fault("waits", "0 s", _wait("0"), UNKNOWN, 429, 2),
    Fault("redirect", "to a bomb", _redirect_with_a_bomb, UNKNOWN, None, 1, words="more than 1 MiB"),
)
FAULTS = {fault.title: fault for fault in (*WIRE, *HANDSHAKES, *MORE)}
#: Requests that read before the update, on the same connection.
BEFORE = {KEPT.title: 3, **{title: 1 for title, fault in FAULTS.items() if fault.at == IDLE}}


class FaultyServer(Server):
    """Strikes each request with one fault."""

    def __init__(self, fault: Fault, tls: Contexts) -> None:
        super().__init__()
        self._fault = fault
        self._tls = tls
        self._secure = fault.tls or fault.at == HANDSHAKE
        if fault.at == CONNECT and fault.slow:
            # a queue of one, which is full: the kernel drops what comes
            self._listener.listen(0)
            self._sockets.append(socket.create_connection(self._listener.getsockname()))
        elif fault.at == CONNECT:
            self.refuse()
        self.connections = 0
        #: Header and body of each request.
        self.requests: list[tuple[http.client.HTTPMessage, bytes]] = []
        self.url = "%s://%s/api" % ("https" if self._secure else "http", self.address)

    def run(self) -> None:
        if self._fault.at != CONNECT:
            super().run()

    def serve(self, sock: socket.socket) -> None:
        self.connections += 1
        if self._fault.at == HANDSHAKE:
            sent = self._tls.strike(self._fault.name, self._of(sock))
            if sent:
                self.requests.append((http.client.HTTPMessage(), sent))
            return
        if self._secure:
            sock = self._tls.good.wrap_socket(sock, server_side=True)
        with sock, sock.makefile("rb") as lines:
            while lines.readline(65537):
                header = http.client.parse_headers(lines)
                self.requests.append((header, lines.read(int(header.get("Content-Length") or 0))))
                if self._fault.at == IDLE:
                    # in one segment with the end of the connection, which the client thus sees before it sends the update
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
                    sock.sendall(wire(200, REPLY.body))
                    sock.shutdown(socket.SHUT_WR)
                    return
                if not self._fault.strike(self._of(sock)):
                    return

    def _of(self, sock: socket.socket) -> Exchange:
        return Exchange(sock, REPLY, KEY, "http://localhost:1", self.stopping)


class Ran(t.NamedTuple):
    outcomes: dict[str, dict[str, t.Any]]
    servers: dict[str, FaultyServer]
    #: Threads that are still there a second after the last outcome.
    threads: int


def run(python: str, jobs: dict[str, dict[str, t.Any]], **variables: str) -> dict[str, t.Any]:
    """Let the client send these at the same time."""
    usual = {name: value for name, value in os.environ.items() if not name.lower().endswith(("_proxy", "_ca_bundle"))}
    done = subprocess.run(
        [python, "-m", CLIENT],
        input=json.dumps(jobs),
        env={**usual, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    # nothing of urllib3's log, of a thread that dies or of a warning
    assert (done.returncode, done.stderr) == (0, "")
    return t.cast("dict[str, t.Any]", json.loads(done.stdout))


def job(url: str, slow: bool = False, retries: int = 0, **more: t.Any) -> dict[str, t.Any]:
    limits = {"timeout": 1 if slow else 20, "retries": retries, "retry_max_delay": 2}
    return {"key": KEY, "url": url, "version": "v1", **limits, "validate_certs": True, "ca_path": None, **more}


@pytest.fixture(scope="module", params=["newest", "oldest requests"])
def python(request: pytest.FixtureRequest) -> str:
    return sys.executable if request.param == "newest" else environment(request.param, *TARGETS[request.param])


@pytest.fixture(scope="module")
def ran(python: str, tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Ran]:
    folder = tmp_path_factory.mktemp("faults")
    tls = Contexts(folder)
    # were it read, the key would be joined by another service's password
    (folder / "netrc").write_text("machine 127.0.0.1 login someone password of-another-service\n", encoding="utf-8")
    servers = {title: FaultyServer(fault, tls) for title, fault in FAULTS.items()}
    with contextlib.ExitStack() as running:
        jobs = {}
        for title, fault in FAULTS.items():
            running.enter_context(servers[title])
            jobs[title] = job(servers[title].url, fault.slow, fault.retries, ca_path=tls.ca_path, before=BEFORE.get(title, 0))
        found = run(python, jobs, NETRC=str(folder / "netrc"))
        yield Ran(found["outcomes"], servers, found["threads"])


@pytest.mark.parametrize("title", FAULTS)
def test_fault(ran: Ran, title: str) -> None:
    fault, found, server = FAULTS[title], ran.outcomes[title], ran.servers[title]
    assert found.get("attempts") == fault.attempts, found
    assert found["seconds"] < fault.attempts * 1 + 3 if fault.slow else 20
    if fault.outcome == FINE or fault.status:
        assert found.get("status") == (fault.status or 200), found
        assert found["maybe_applied"] is False
        assert fault.outcome != FINE or found["body"] == REPLY.body.decode()
    else:
        assert fault.words in "%(said)s %(advice)s" % found
        assert found["maybe_applied"] == (fault.outcome == UNKNOWN)
    if fault.at == ANSWER:
        assert len(server.requests) == fault.attempts + BEFORE.get(title, 0)
        assert all(json.loads(body) == UPDATE for _header, body in server.requests[BEFORE.get(title, 0) :])
    for header, _body in server.requests:
        assert header["X-API-Key"] == KEY
        assert not {"Authorization", "Cookie"} & set(header)
    assert fault.outcome != UNSENT or not server.requests


def test_no_thread_is_left(ran: Ran) -> None:
    """Of TLS: a thread whose server trickles on without TLS, which is for tests alone, ends with its process."""
    trickles = [fault for fault in FAULTS.values() if fault.slow and fault.at == ANSWER and not fault.tls]
    assert ran.threads <= sum(fault.attempts for fault in trickles)


def test_one_connection_for_all_requests_and_no_cookie(ran: Ran) -> None:
    server = ran.servers[KEPT.title]
    assert (len(server.requests), server.connections) == (4, 1)
    assert all(header["Cookie"] is None for header, _body in server.requests)


class Proxy(Server):
    """Strikes what it is asked for, or passes it on."""

    def __init__(self, strike: Strike | None) -> None:
        super().__init__()
        self._strike = strike
        #: The first line and the header of each request.
        self.seen: list[tuple[str, http.client.HTTPMessage]] = []

    def serve(self, sock: socket.socket) -> None:
        with sock.makefile("rb", buffering=0) as lines:
            line = lines.readline().decode()
            header = http.client.parse_headers(lines)
            lines.read(int(header.get("Content-Length") or 0))
            self.seen.append((line.strip(), header))
            if self._strike:
                self._strike(Exchange(sock, REPLY, "", "", self.stopping))
            elif line.startswith("CONNECT "):
                _tunnel(sock, line.split()[1])
            else:
                sock.sendall(wire(200, REPLY.body))


def _tunnel(client: socket.socket, address: str) -> None:
    host, port = address.split(":")
    with socket.create_connection((host, int(port))) as server:
        client.sendall(_ESTABLISHED + b"\r\n")
        back = threading.Thread(target=_pump, args=(server, client), daemon=True)
        back.start()
        _pump(client, server)
        back.join(10)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            data = source.recv(65536)
            if not data:
                target.shutdown(socket.SHUT_WR)
                return
            target.sendall(data)


_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n"
#: What a proxy does with CONNECT, and the words in the brackets of the message.
BROKEN_PROXIES: dict[str, tuple[Strike, str]] = {
    "silence": (Exchange.silence, "timed out"),
    "trickle of a status line": (lambda x: x.trickle(b"H"), "timed out"),
    "trickle of a header": (lambda x: (x.send(_ESTABLISHED), x.trickle(b"X-Pad: x\r\n")), "timed out"),
    "silence behind the tunnel": (lambda x: (x.send(_ESTABLISHED + b"\r\n"), x.silence()), "timed out"),
    "closed": (bool, "the connection failed"),
    "reset": (lambda x: reset(x.sock), "connection reset by peer"),
    "another protocol": (lambda x: x.send(b"220 mail.example ESMTP\r\n"), "the connection failed"),
}


class Passed(t.NamedTuple):
    proxies: dict[str, Proxy]
    outcomes: dict[str, dict[str, t.Any]]


@pytest.fixture(scope="module")
def passed(python: str) -> Passed:
    proxies = {name: Proxy(strike) for name, (strike, _words) in BROKEN_PROXIES.items()}
    with contextlib.ExitStack() as running:
        jobs = {}
        for name, proxy in proxies.items():
            running.enter_context(proxy)
            jobs[name] = job("https://cloud.example.invalid/api", True, 1, proxy="http://" + proxy.address)
        return Passed(proxies, run(python, jobs)["outcomes"])


@pytest.mark.parametrize("name", BROKEN_PROXIES)
def test_a_broken_proxy_is_named_and_nothing_was_sent(passed: Passed, name: str) -> None:
    proxy, found = passed.proxies[name], passed.outcomes[name]
    assert found["said"] == "could not pass the proxy %s (%s)" % (proxy.address, BROKEN_PROXIES[name][1])
    assert (found["attempts"], found["maybe_applied"]) == (2, False)
    assert len(proxy.seen) == 2
    assert all(line.startswith("CONNECT cloud.example.invalid:443 ") for line, _header in proxy.seen)
    assert all(KEY not in str(header) for _line, header in proxy.seen)


def _refuse(x: Exchange) -> None:
    x.send(wire(407, b"", "Proxy-Authenticate: Basic"))


#: Whether the API speaks TLS, whether the proxy refuses, and the login in the proxy's address.
Way = t.Tuple[bool, bool, str]
LOGINS = {"": "no password", "user:p%E2%82%ACss@": "a password"}
WAYS: list[Way] = list(itertools.product((True, False), (False, True), LOGINS))


def _title(way: Way) -> str:
    tls, refuses, login = way
    return "%s, %s, %s" % ("https" if tls else "http", "refuses" if refuses else "passes", LOGINS[login])


class Through(t.NamedTuple):
    servers: dict[Way, FaultyServer]
    proxies: dict[Way, Proxy]
    outcomes: dict[str, dict[str, t.Any]]


@pytest.fixture(scope="module")
def through(python: str, tmp_path_factory: pytest.TempPathFactory) -> Through:
    contexts = Contexts(tmp_path_factory.mktemp("proxies"))
    servers = {way: FaultyServer(dataclasses.replace(KEPT, tls=way[0]), contexts) for way in WAYS}
    proxies = {way: Proxy(_refuse if way[1] else None) for way in WAYS}
    with contextlib.ExitStack() as running:
        jobs = {}
        for way in WAYS:
            running.enter_context(servers[way])
            running.enter_context(proxies[way])
            url = "http://%s%s" % (way[2], proxies[way].address)
            jobs[_title(way)] = job(servers[way].url, ca_path=contexts.ca_path, proxy=url)
        return Through(servers, proxies, run(python, jobs)["outcomes"])


@pytest.mark.parametrize("way", WAYS, ids=_title)
def test_proxy(through: Through, way: Way) -> None:
    """The key goes through a tunnel alone, the login to the proxy alone."""
    tls, refuses, login = way
    server, proxy, outcome = through.servers[way], through.proxies[way], through.outcomes[_title(way)]
    ((line, header),) = proxy.seen
    sent_login = "Basic " + base64.b64encode("user:p\u20acss".encode()).decode() if login else None
    assert header["Proxy-Authorization"] == sent_login
    assert outcome["attempts"] == 1
    if tls:
        assert line.startswith("CONNECT 127.0.0.1:")
        assert header["X-API-Key"] is None
        assert [(header["X-API-Key"], header["Proxy-Authorization"]) for header, _body in server.requests] == (
            [] if refuses else [(KEY, None)]
        )
    if tls and refuses:
        assert outcome["said"] == "could not pass the proxy %s (it answered CONNECT with HTTP 407)" % proxy.address
        assert outcome["maybe_applied"] is False
    else:
        assert outcome["status"] == (407 if refuses else 200)
