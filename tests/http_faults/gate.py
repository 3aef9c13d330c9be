# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A gate in front of the emulator: one for each cell, it knows which request is to be struck and lets the others through."""

from __future__ import annotations

import contextlib
import copy
import errno
import http.client
import json
import socket
import ssl
import threading
import typing as t

from ansible_collections.hostup.cloud.tests.emulator import Account, Emulator, api_v1, api_v2
from ansible_collections.hostup.cloud.tests.emulator.intake import Incoming
from ansible_collections.hostup.cloud.tests.emulator.replies import Reply

from .fault import ANSWER, CONNECT, HANDSHAKE, IDLE, Exchange, Fault, reset, wire
from .places import Place
from .tls import Contexts

#: More attempts than a task may make are let in, so that they are counted.
LOST_ATTEMPTS = 2


def bound() -> socket.socket:
    """A socket at a port of its own, which stays taken when nobody listens there any more."""
    while True:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = free.getsockname()
        sock = socket.socket()
        try:
            # only a port that was asked for by its number stays taken
            sock.bind(address)
            return sock
        except OSError as error:
            sock.close()
            # another process was quicker
            if error.errno != errno.EADDRINUSE:
                raise


class Gate(threading.Thread):
    """A server on a port of its own. A task asks one thing after the other, but may leave a connection that is struck open."""

    def __init__(
        self, place: Place, fault: Fault, carried_out: bool, account: Account, emulator: Emulator, tls: Contexts, elsewhere: str
    ) -> None:
        """carried_out: whether a write that is struck takes effect first."""
        super().__init__(daemon=True)
        self._place = place
        self._fault = fault
        self._carried_out = carried_out
        self._account = account
        self._emulator = emulator
        self._tls = tls
        self._elsewhere = elsewhere
        self._stopping = threading.Event()
        self._listener = bound()
        self._listener.listen()
        self._sockets = [self._listener]
        self._armed = False
        self._passed = 0
        self._lost = 0
        #: How often it has struck; where no request arrives any more, that it has made sure of that.
        self.struck = 0
        #: "GET /api/account/details" of each request that arrived.
        self.journal: list[str] = []
        #: The account after the last request.
        self.left = copy.deepcopy(account)
        self._secure = fault.tls or fault.at == HANDSHAKE
        scheme = "https" if self._secure else "http"
        self.url = "%s://127.0.0.1:%d/api" % (scheme, self._listener.getsockname()[1])
        self._arm()

    def run(self) -> None:
        while not (self._armed and self._fault.at == CONNECT) and not self._stopping.is_set():
            try:
                sock = self._listener.accept()[0]
            except OSError:
                # it has been stopped
                return
            self._sockets.append(sock)
            if self._fault.at == ANSWER:
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()
            else:
                self._serve(sock)

    def _serve(self, sock: socket.socket) -> None:
        # a client that goes away is nothing to report
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException), sock:
            self._connection(sock)

    def stop(self) -> None:
        """End all that is still held back."""
        self._stopping.set()
        for sock in list(self._sockets):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        if self.is_alive():
            self.join(10)
        self._listener.close()
        for sock in self._sockets:
            sock.close()

    def _ready(self) -> bool:
        """Whether all that comes before the struck request has come."""
        return self._passed >= self._place.before and (not self._place.lost or self._lost >= LOST_ATTEMPTS)

    def _arm(self) -> None:
        """Where the connection itself is struck, see to it before the client can make one."""
        if self._armed or not self._ready() or self._fault.at == ANSWER:
            return
        self._armed = True
        if self._fault.at != CONNECT:
            return
        self.struck += 1
        if self._fault.slow:
            # a queue of one, which is full: the kernel drops what comes
            self._listener.listen(0)
            self._sockets.append(socket.create_connection(self._listener.getsockname()))
        else:
            # it keeps the port, but nobody listens
            self._listener.shutdown(socket.SHUT_RDWR)

    def _connection(self, sock: socket.socket) -> None:
        if self._secure:
            if self._armed:
                self.struck += 1
                sent = self._tls.strike(self._fault.name, Exchange(sock, Reply(0, b"", {}), "", "", self._stopping))
                self.journal += ["sent to a stranger"] if sent else []
                return
            sock = self._tls.good.wrap_socket(sock, server_side=True)
        with sock, sock.makefile("rb") as lines:
            while self._request(sock, lines):
                pass

    def _request(self, sock: socket.socket, lines: t.BinaryIO) -> bool:
        """One request. Whether another may follow on this connection."""
        words = lines.readline(65537).split()
        if len(words) != 3:
            return False
        method, path = words[0].decode(), words[1].decode()
        headers = http.client.parse_headers(lines)
        body = lines.read(int(headers.get("Content-Length") or 0))
        self.journal.append("%s %s" % (method, path))
        for observe in Emulator.observers:
            observe(Incoming(method, path, tuple(headers.items()), body))
        once_more = not (self._fault.once and self.struck)
        if self._fault.at == ANSWER and self._ready() and (method, path) == (self._place.method, self._place.path) and once_more:
            return self._strike(sock, method, path, headers, body)
        reply = self._emulator.handle(method, path, headers, body)[0]
        self.left = copy.deepcopy(self._account)
        if self._place.lost == "%s %s" % (method, path[len("/api") :]) and not self._ready():
            self._lost += 1
            self._arm()
            reset(sock)
            return False
        self._passed += 1
        was_ready = self._armed
        self._arm()
        return self._answer(sock, self._thinned(method, reply), last=self._armed and not was_ready)

    def _strike(self, sock: socket.socket, method: str, path: str, headers: t.Any, body: bytes) -> bool:
        self.struck += 1
        if method == "GET" or self._carried_out:
            reply = self._emulator.handle(method, path, headers, body)[0]
            self.left = copy.deepcopy(self._account)
        else:
            # what the answer would have been, of a copy: nothing is carried out
            api = api_v2 if path.startswith(api_v2.PREFIX) else api_v1
            reply = api.answer([copy.deepcopy(self._account)], method, path, headers, body)
        key = next(iter(self._account.keys))
        return bool(self._fault.strike(Exchange(sock, reply, key, self._elsewhere, self._stopping)))

    def _answer(self, sock: socket.socket, reply: Reply, last: bool) -> bool:
        fields = ["%s: %s" % item for item in reply.headers.items()]
        if last and self._fault.at == IDLE:
            # in one segment with the end of the connection, which the client thus can see before it sends anything else
            self.struck += 1
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
            sock.sendall(wire(reply.status, reply.body, *fields))
            sock.shutdown(socket.SHUT_WR)
            return False
        sock.sendall(wire(reply.status, reply.body, *fields, *(["Connection: close"] if last else [])))
        return not last

    def _thinned(self, method: str, reply: Reply) -> Reply:
        """Without the key that answers to writes lack here."""
        if method == "GET" or not self._place.thinned:
            return reply
        value = json.loads(reply.body)
        for record in (value, value.get("data", {}).get("preferences", {})):
            record.pop(self._place.thinned, None)
        return reply._replace(body=json.dumps(value).encode())


def elsewhere() -> tuple[socket.socket, str]:
    """A listening socket that nobody may call, and its address under another name of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0)
    return listener, "http://localhost:%d/api" % listener.getsockname()[1]


def called(listener: socket.socket) -> bool:
    """Whether somebody did."""
    try:
        listener.accept()[0].close()
    except (BlockingIOError, ssl.SSLError):
        return False
    return True
