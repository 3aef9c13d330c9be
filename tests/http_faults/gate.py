# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A gate in front of the emulator: one for each cell, it knows which request is to be struck and lets the others through."""

from __future__ import annotations

import copy
import http.client
import json
import socket
import typing as t

from ansible_collections.hostup.cloud.tests.emulator import Account, Emulator, api_v1, api_v2
from ansible_collections.hostup.cloud.tests.emulator.intake import Incoming

from .fault import CONNECT, Exchange, Fault, reset, wire
from .places import Place
from .server import Server

#: More attempts than a task may make are let in, so that they are counted.
LOST_ATTEMPTS = 2


class Gate(Server):
    """A task asks one thing after the other, but may leave a connection that is struck open."""

    def __init__(
        self, place: Place, fault: Fault, carried_out: bool, account: Account, emulator: Emulator, elsewhere: str
    ) -> None:
        """carried_out: whether a write that is struck takes effect first."""
        super().__init__()
        self._place = place
        self._fault = fault
        self._carried_out = carried_out
        self._account = account
        self._emulator = emulator
        self._elsewhere = elsewhere
        self._passed = 0
        self._lost = 0
        #: How often it has struck; where nobody can connect any more, that it has made sure of that.
        self.struck = 0
        #: "GET /api/account/details" of each request that arrived.
        self.journal: list[str] = []
        #: The account after the last request.
        self.left = copy.deepcopy(account)
        self.url = "http://%s/api" % self.address

    def run(self) -> None:
        if not self._refuses():
            super().run()

    def _ready(self) -> bool:
        """Whether all that comes before the struck request has come."""
        return self._passed >= self._place.before and (not self._place.lost or self._lost >= LOST_ATTEMPTS)

    def _refuses(self) -> bool:
        """Whether the next connection is struck: nobody listens then, which comes before the client can make it."""
        if self._fault.at != CONNECT or not self._ready():
            return False
        if not self.struck:
            self.struck = 1
            self.refuse()
        return True

    def serve(self, sock: socket.socket) -> None:
        with sock.makefile("rb") as lines:
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
        if self._ready() and (method, path) == (self._place.method, self._place.path) and once_more:
            return self._strike(sock, method, path, headers, body)
        reply = self._emulator.handle(method, path, headers, body)[0]
        self.left = copy.deepcopy(self._account)
        if self._place.lost == "%s %s" % (method, path[len("/api") :]) and not self._ready():
            self._lost += 1
            self._refuses()
            reset(sock)
            return False
        self._passed += 1
        last = self._refuses()
        fields = ["%s: %s" % item for item in reply.headers.items()]
        body = self._thinned(method, reply.body)
        sock.sendall(wire(reply.status, body, *fields, *(["Connection: close"] if last else [])))
        return not last

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
        return bool(self._fault.strike(Exchange(sock, reply, key, self._elsewhere, self.stopping)))

    def _thinned(self, method: str, body: bytes) -> bytes:
        """Without the key that answers to writes lack here."""
        if method == "GET" or not self._place.thinned:
            return body
        value = json.loads(body)
        for record in (value, value.get("data", {}).get("preferences", {})):
            record.pop(self._place.thinned, None)
        return json.dumps(value).encode()


class Elsewhere(Server):
    """Another host, which nobody may call."""

    def __init__(self) -> None:
        super().__init__()
        self.called = False
        #: Under another name of this machine.
        self.url = "http://localhost:%s/api" % self.address.rpartition(":")[2]

    def serve(self, sock: socket.socket) -> None:  # noqa: ARG002 whoever connects has called
        self.called = True
