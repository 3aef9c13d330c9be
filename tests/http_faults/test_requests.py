# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each fault of the connection, over real sockets, with the oldest and the newest requests and urllib3."""

from __future__ import annotations

import base64
import contextlib
import gzip
import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys
import threading
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.emulator.replies import Reply
from ansible_collections.hostup.cloud.tests.integration.test_pythons import TARGETS, environment

from .client import KEY, UPDATE
from .fault import ANSWER, CONNECT, FINE, HANDSHAKE, IDLE, UNKNOWN, UNSENT, Exchange, Fault, wire
from .gate import bound
from .tls import HANDSHAKES, Contexts
from .wire import WIRE

CLIENT = "ansible_collections.hostup.cloud.tests.http_faults.client"
REPLY = Reply(200, json.dumps({"success": True, "data": {"client": {"id": "9257"}}}).encode(), {})


def _wait(seconds: str) -> t.Callable[[Exchange], bool]:
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


MORE = (
    Fault("waits", "999 s", _wait("999"), UNKNOWN, 429, 1),
    Fault("waits", "0 s", _wait("0"), UNKNOWN, 429, 2),
    Fault("redirect", "to a bomb", _redirect_with_a_bomb, UNKNOWN, None, 1, words="more than 1 MiB"),
)
FAULTS = {fault.title: fault for fault in (*WIRE, *HANDSHAKES, *MORE)}


class Server(threading.Thread):
    """Strikes each request with one fault, on a port of its own, one connection after the other."""

    def __init__(self, fault: Fault, tls: Contexts) -> None:
        super().__init__(daemon=True)
        self._fault = fault
        self._tls = tls
        self._stopping = threading.Event()
        self._listener = bound()
        self._listener.listen()
        self._sockets = [self._listener]
        self._secure = fault.tls or fault.at == HANDSHAKE
        if fault.at == CONNECT and fault.slow:
            # a queue of one, which is full: the kernel drops what comes
            self._listener.listen(0)
            self._sockets.append(socket.create_connection(self._listener.getsockname()))
        elif fault.at == CONNECT:
            self._listener.shutdown(socket.SHUT_RDWR)
        self.connections = 0
        #: Header and body of each request.
        self.requests: list[tuple[http.client.HTTPMessage, bytes]] = []
        self.url = "%s://127.0.0.1:%d/api" % ("https" if self._secure else "http", self._listener.getsockname()[1])

    def run(self) -> None:
        while self._fault.at != CONNECT and not self._stopping.is_set():
            try:
                sock = self._listener.accept()[0]
            except OSError:
                return
            self._sockets.append(sock)
            self.connections += 1
            with contextlib.suppress(OSError, ValueError), sock:
                self._serve(sock)

    def stop(self) -> None:
        self._stopping.set()
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        if self.is_alive():
            self.join(10)
        for sock in self._sockets:
            sock.close()

    def _serve(self, sock: socket.socket) -> None:
        if self._fault.at == HANDSHAKE:
            assert not self._tls.strike(self._fault.name, Exchange(sock, REPLY, "", "", self._stopping))
            return
        if self._secure:
            sock = self._tls.good.wrap_socket(sock, server_side=True)
        with sock, sock.makefile("rb") as lines:
            while lines.readline(65537):
                header = http.client.parse_headers(lines)
                self.requests.append((header, lines.read(int(header.get("Content-Length") or 0))))
                if self._fault.at == IDLE:
                    sock.sendall(wire(200, REPLY.body))
                    # whoever reads is served; then the connection ends before the update comes
                    return
                if not self._fault.strike(Exchange(sock, REPLY, KEY, "http://localhost:1", self._stopping)):
                    return


class Ran(t.NamedTuple):
    outcomes: dict[str, dict[str, t.Any]]
    servers: dict[str, Server]
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


def job(url: str, fault: Fault | None = None, **more: t.Any) -> dict[str, t.Any]:
    slow, retries = (fault.slow, fault.retries) if fault else (False, 0)
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
    servers = {title: Server(fault, tls) for title, fault in FAULTS.items()}
    try:
        for server in servers.values():
            server.start()
        jobs = {
            title: job(servers[title].url, fault, ca_path=tls.ca_path, before=int(fault.at == IDLE))
            for title, fault in FAULTS.items()
        }
        found = run(python, jobs, NETRC=str(folder / "netrc"))
        yield Ran(found["outcomes"], servers, found["threads"])
    finally:
        for server in servers.values():
            server.stop()


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
        assert len(server.requests) == fault.attempts
        assert all(json.loads(body) == UPDATE for _header, body in server.requests)
    for header, _body in server.requests:
        assert header["X-API-Key"] == KEY
        assert not {"Authorization", "Cookie"} & set(header)
    assert fault.outcome != UNSENT or not server.requests


def test_no_thread_is_left(ran: Ran) -> None:
    """Of TLS: a thread whose server trickles on without TLS, which is for tests alone, ends with its process."""
    trickles = [fault for fault in FAULTS.values() if fault.slow and fault.at == ANSWER and not fault.tls]
    assert ran.threads <= sum(fault.attempts for fault in trickles)


class Proxy:
    """A proxy that passes on what it is asked for, or refuses."""

    def __init__(self, refuses: bool) -> None:
        self._refuses = refuses
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self._listener.getsockname()[1]
        #: The first line and the header of each request.
        self.seen: list[tuple[str, http.client.HTTPMessage]] = []

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=self._listener.accept()[:1], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, client.makefile("rb", buffering=0) as lines:
            line = lines.readline().decode()
            header = http.client.parse_headers(lines)
            self.seen.append((line.strip(), header))
            if self._refuses:
                client.sendall(wire(407, b"", "Proxy-Authenticate: Basic"))
                return
            if not line.startswith("CONNECT "):
                lines.read(int(header["Content-Length"]))
                client.sendall(wire(200, REPLY.body))
                return
            host, port = line.split()[1].split(":")
            with socket.create_connection((host, int(port))) as server:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
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


@pytest.mark.parametrize("login", ["", "user:p%E2%82%ACss@"], ids=["no password", "a password"])
@pytest.mark.parametrize("refuses", [False, True], ids=["passes", "refuses"])
@pytest.mark.parametrize("tls", [True, False], ids=["https", "http"])
def test_proxy(python: str, tmp_path: pathlib.Path, tls: bool, refuses: bool, login: str) -> None:
    """The key goes through a tunnel alone, the login to the proxy alone."""
    contexts = Contexts(tmp_path)
    server = Server(Fault("proxy", "none", _answer, FINE, tls=tls), contexts)
    server.start()
    try:
        with Proxy(refuses) as proxy:
            url = "http://%s%s" % (login, proxy.address)
            found = run(python, {"it": job(server.url, ca_path=contexts.ca_path)}, HTTPS_PROXY=url, http_proxy=url)
    finally:
        server.stop()
    outcome = found["outcomes"]["it"]
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


def test_one_connection_for_all_requests_and_no_cookie(python: str, tmp_path: pathlib.Path) -> None:
    contexts = Contexts(tmp_path)
    server = Server(Fault("kept", "none", _answer, FINE, tls=True), contexts)
    server.start()
    try:
        found = run(python, {"it": job(server.url, ca_path=contexts.ca_path, before=3)})
    finally:
        server.stop()
    assert found["outcomes"]["it"]["status"] == 200
    assert (len(server.requests), server.connections) == (4, 1)
    assert all(header["Cookie"] is None for header, _body in server.requests)
