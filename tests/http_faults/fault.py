# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a fault is: how it strikes, and what a client can know of the request that it struck."""

from __future__ import annotations

import dataclasses
import json
import select
import socket
import struct
import threading
import typing as t

from ansible_collections.hostup.cloud.tests.emulator.replies import Reply

#: What becomes of a struck request: it never reached the API; the API said no; nobody knows, and a write is read back; the
#: answer is good enough.
UNSENT, REFUSED, UNKNOWN, FINE = "unsent", "refused", "unknown", "fine"

#: Where it strikes: instead of, or in, the answer; as the connection is made; in its TLS handshake; between two requests.
ANSWER, CONNECT, HANDSHAKE, IDLE = "answer", "connect", "handshake", "idle"


class Exchange(t.NamedTuple):
    """A request that is being struck."""

    sock: socket.socket
    #: The API's own answer.
    reply: Reply
    #: The key that the request came with.
    key: str
    #: An address at another host, which nobody may call.
    elsewhere: str
    #: Set when the run is over.
    stopping: threading.Event

    def send(self, data: bytes) -> None:
        """Raises OSError where the client has gone."""
        self.sock.sendall(data)

    def silence(self) -> None:
        """Until the client goes away."""
        while self.sock.recv(65536):
            pass

    def trickle(self, piece: bytes) -> None:
        """Bit by bit, for ever: until the client goes away or the run is over."""
        while not self.stopping.wait(0.02) and not self._gone():
            self.send(piece)

    def _gone(self) -> bool:
        # what a client that has gone still gets is lost without an error at first
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        return bool(poll.poll(0))

    def value(self) -> dict[str, t.Any]:
        """The API's own answer, parsed."""
        return t.cast("dict[str, t.Any]", json.loads(self.reply.body))


#: Does it, and returns whether the connection may be used for another request.
Strike = t.Callable[[Exchange], object]


@dataclasses.dataclass(frozen=True, eq=False)
class Fault:
    """Strikes a request, and all that are sent again."""

    group: str
    name: str
    strike: Strike
    #: UNSENT, REFUSED, UNKNOWN or FINE.
    outcome: str = UNKNOWN
    #: HTTP status that the task reports.
    status: int | None = None
    #: Requests sent, with one retry allowed.
    attempts: int = 2
    at: str = ANSWER
    #: Over TLS, as all of HANDSHAKE are.
    tls: bool = False
    #: Strikes the first time alone.
    once: bool = False
    #: Takes the client's whole time, which is short then.
    slow: bool = False
    #: Of the message.
    words: str = ""
    #: `code` and `message` of `failure`.
    said: tuple[str | None, str | None] = (None, None)
    #: `api_retries` of the task.
    retries: int = 1
    #: Also strikes writes that are carried out.
    after: bool = True
    #: One of many that differ in words alone.
    shade: bool = False

    @property
    def title(self) -> str:
        return "%s: %s" % (self.group, self.name)


def wire(status: int, body: bytes, *fields: str, length: bool = True) -> bytes:
    """A complete answer; fields: header lines."""
    head = ["HTTP/1.1 %d Status" % status, *fields, *(["Content-Length: %d" % len(body)] if length else [])]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


def reset(sock: socket.socket) -> None:
    """End a connection with a real RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
