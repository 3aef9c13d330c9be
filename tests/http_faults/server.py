# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all servers of these tests share: a port that stays taken, a thread for each connection, and an end."""

from __future__ import annotations

import contextlib
import errno
import http.client
import socket
import threading


class Server(threading.Thread):
    """A server on a port of its own. Use as a context manager."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        #: Set when all that is still held back has to end.
        self.stopping = threading.Event()
        self._listener = _bound()
        self._listener.listen()
        self._sockets = [self._listener]
        self.address = "127.0.0.1:%d" % self._listener.getsockname()[1]

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stopping.set()
        for sock in list(self._sockets):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self.join(10)
        for sock in self._sockets:
            sock.close()

    def run(self) -> None:
        # it ends when the listener is shut down
        with contextlib.suppress(OSError):
            while True:
                sock = self._listener.accept()[0]
                self._sockets.append(sock)
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        # a client that goes away is nothing to report
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException), sock:
            self.serve(sock)

    def serve(self, sock: socket.socket) -> None:
        """All of one connection."""
        raise NotImplementedError

    def refuse(self) -> None:
        """Accept no connection any more; the port stays taken."""
        self._listener.shutdown(socket.SHUT_RDWR)


def _bound() -> socket.socket:
    while True:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = free.getsockname()
        sock = socket.socket()
        try:
            # only a port that was asked for by its number stays taken when nobody listens there any more
            sock.bind(address)
            return sock
        except OSError as error:
            sock.close()
            # another process was quicker
            if error.errno != errno.EADDRINUSE:
                raise
