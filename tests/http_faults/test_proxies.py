# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy that comes to nothing: in time, in words that name it, and with no doubt about what was sent to the API."""

from __future__ import annotations

import contextlib
import socket
import threading
import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._http import HttpSession, NoResponse
from ansible_collections.hostup.cloud.plugins.module_utils._validate import Connection
from ansible_collections.hostup.cloud.tests.emulator.replies import Reply

from .fault import Exchange, reset

_HEAD = b"HTTP/1.1 200 Connection established\r\n"

#: What the proxy does with CONNECT; the words in brackets.
PROXIES: dict[str, tuple[t.Callable[[Exchange], object], str]] = {
    "silence": (Exchange.silence, "timed out"),
    "trickle of a status line": (lambda x: x.trickle(b"H"), "timed out"),
    "trickle of a header": (lambda x: (x.send(_HEAD), x.trickle(b"X-Pad: x\r\n")), "timed out"),
    "silence behind the tunnel": (lambda x: (x.send(_HEAD + b"\r\n"), x.silence()), "timed out"),
    "closed": (bool, "the connection failed"),
    "reset": (lambda x: reset(x.sock), "connection reset by peer"),
    "another protocol": (lambda x: x.send(b"220 mail.example ESMTP\r\n"), "the connection failed"),
}


@contextlib.contextmanager
def proxy(strike: t.Callable[[Exchange], object], seen: list[bytes]) -> t.Iterator[str]:
    """A proxy on loopback that does this with each request; its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopping = threading.Event()

    def serve(sock: socket.socket) -> None:
        with contextlib.suppress(OSError), sock:
            seen.append(sock.recv(65536))
            strike(Exchange(sock, Reply(0, b"", {}), "", "", stopping))

    def accept() -> None:
        while not stopping.is_set():
            with contextlib.suppress(OSError):
                # an attempt that nobody waits for any more keeps its connection
                threading.Thread(target=serve, args=listener.accept()[:1], daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield "http://127.0.0.1:%d" % listener.getsockname()[1]
    finally:
        stopping.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)
        listener.close()


@pytest.mark.parametrize("name", PROXIES)
def test_proxy(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    strike, words = PROXIES[name]
    seen: list[bytes] = []
    with proxy(strike, seen) as address:
        monkeypatch.setenv("HTTPS_PROXY", address)
        monkeypatch.delenv("NO_PROXY", raising=False)
        connection = Connection("a-key", "https://cloud.example.invalid/api", "v1", 1, 1, 0, True, None)
        with HttpSession(connection, {"X-API-Key": "a-key"}) as session, pytest.raises(NoResponse) as lost:
            session.send("POST", "/account/update", {"city": "Lund"})
    assert str(lost.value) == "could not pass the proxy %s (%s)" % (address[len("http://") :], words)
    assert (lost.value.attempts, lost.value.maybe_applied) == (2, False)
    assert len(seen) == 2
    assert all(request.startswith(b"CONNECT cloud.example.invalid:443 ") and b"a-key" not in request for request in seen)
