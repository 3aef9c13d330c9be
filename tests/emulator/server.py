# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP around the emulated API: connections, the journal, and a control address for tests and people.

Control (not in the journal): GET and DELETE /emulator/journal, POST /emulator/faults (an object with the
fields of `Fault`), GET and PATCH /emulator/accounts/ID (v1's raw record) and /emulator/preferences/ID (by option names).
"""

from __future__ import annotations

import contextlib
import dataclasses
import http.server
import json
import selectors
import socket
import ssl
import threading
import time
import typing as t
from email.message import Message
from urllib.parse import urlsplit

from . import api_v1, api_v2
from .accounts import Account, demo_accounts
from .faults import Fault, Faults, error
from .intake import Incoming, Unreadable, read_body
from .replies import Reply, json_reply
from .state import load, save


@dataclasses.dataclass
class Entry:
    """One request in the journal, as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    #: None where the connection was dropped.
    status: int | None = None

    def json(self) -> t.Any:
        """The body, parsed."""
        return json.loads(self.body)


class Emulator:
    """A running emulator on a free loopback port. Use as a context manager."""

    #: Told of each request to any emulator of this process, by the thread of its connection.
    observers: t.ClassVar[list[t.Callable[[Incoming], None]]] = []

    def __init__(
        self,
        accounts: t.Sequence[Account] | None = None,
        port: int = 0,
        certificate: tuple[str, str] | None = None,
        state: str | None = None,
    ) -> None:
        """certificate: the files of a PEM certificate and of its key; with it the emulator speaks TLS.

        state: a file that keeps what is written to the accounts, beyond the end of this process.
        """
        self.accounts = list(demo_accounts() if accounts is None else accounts)
        self._state = state
        load(self.accounts, state)
        self.journal: list[Entry] = []
        self.faults = Faults()
        self.stopping = threading.Event()
        self._stopped = threading.Event()
        # what `stop` writes to, since `serve` sleeps until something comes: tests have hundreds of emulators at once
        self._woken, self._waker = socket.socketpair()
        #: What ends the wait of the answers that are held back.
        self.held = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), self, certificate)
        scheme = "https" if certificate else "http"
        self.url = "%s://127.0.0.1:%d/api" % (scheme, self._server.server_address[1])

    def __enter__(self) -> Emulator:
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def serve(self) -> None:
        """Serve until `stop` is called from another thread."""
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._server, selectors.EVENT_READ)
            waiting.register(self._woken, selectors.EVENT_READ)
            while not self.stopping.is_set():
                if any(key.fileobj is self._server for key, _events in waiting.select()):
                    self._server.handle_request()
        self._stopped.set()

    def stop(self) -> None:
        """Stop, and end every answer that is still being held back."""
        self.stopping.set()
        self.release()
        self._waker.send(b"!")
        self._stopped.wait()
        self._server.server_close()
        self._waker.close()
        self._woken.close()

    def release(self) -> None:
        """Let the answers go of the requests that came so far."""
        held, self.held = self.held, threading.Event()
        held.set()

    def account(self, number: str) -> Account:
        """The account with this number."""
        return next(account for account in self.accounts if account.record["id"] == number)

    @property
    def writes(self) -> list[Entry]:
        """The requests that were not reads."""
        return [entry for entry in self.journal if entry.method != "GET"]

    def handle(self, method: str, path: str, headers: Message, body: bytes) -> tuple[Reply, Fault | None]:
        """The reply to a request of the API and the fault that strikes it, noted in the journal."""
        entry = Entry(method, path, dict(headers.items()), body.decode("utf-8", "replace"))
        fault = self.faults.next(method, path)
        api = api_v2 if path.startswith(api_v2.PREFIX) else api_v1
        with self._lock:
            self.journal.append(entry)
            # what a fault keeps from happening must not touch the account
            if fault and not fault.after and fault.kind not in ("slow", "trickle") and method != "GET":
                reply = error(path, 500, fault.code, fault.message)
            else:
                reply = api.answer(self.accounts, method, path, headers, body)
                if method != "GET":
                    save(self.accounts, self._state)
        if fault:
            reply = fault.spoil(reply, path)
        entry.status = None if fault and fault.kind == "drop" else reply.status
        return reply, fault

    def control(self, method: str, path: str, body: bytes) -> tuple[int, t.Any]:
        """The control address: status and what to answer as JSON."""
        name, dummy, number = path[len("/emulator/") :].partition("/")
        if name == "journal" and method == "GET":
            return 200, [dataclasses.asdict(entry) for entry in self.journal]
        if name == "journal" and method == "DELETE":
            self.journal.clear()
            return 200, {}
        if name == "faults" and method == "POST":
            try:
                self.faults.order(Fault(**json.loads(body)))
            except (TypeError, ValueError) as wrong:
                return 400, {"error": str(wrong)}
            return 200, {}
        with contextlib.suppress(StopIteration):
            if name in ("accounts", "preferences") and method in ("GET", "PATCH"):
                account = self.account(number)
                record = account.record if name == "accounts" else account.preferences
                with self._lock:
                    record.update(json.loads(body) if method == "PATCH" else {})
                    save(self.accounts, self._state)
                return 200, record
        return 404, {"error": "not found"}


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], emulator: Emulator, certificate: tuple[str, str] | None) -> None:
        self.emulator = emulator
        super().__init__(address, _Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            # the handshake is the connection's own thread's work
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: t.Any, client_address: t.Any) -> None:
        """A client that goes away is nothing to report."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def handle_one_request(self) -> None:
        # do_GET and the like are looked up by name: every method takes the same way
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline:
            self.close_connection = True
        elif self.parse_request():
            self._reply()

    def log_message(self, *args: object) -> None:
        """The journal is the log."""

    def _reply(self) -> None:
        emulator = self.server.emulator
        try:
            path = urlsplit(self.path).path
        except ValueError:
            path = self.path
        try:
            body = read_body(self.headers, self.rfile)
        except Unreadable as why:
            self.close_connection = True
            self._send(error(path, 400, "invalid_request" if path.startswith(api_v2.PREFIX) else "BAD_REQUEST", str(why)))
            return
        if path.startswith("/emulator/"):
            status, value = emulator.control(self.command, path, body)
            self._send(json_reply(status, value))
            return
        for observe in emulator.observers:
            observe(Incoming(self.command, self.path, tuple(self.headers.items()), body))
        # taken before the request is in the journal: a reader of the journal may release it at once
        held = emulator.held
        reply, fault = emulator.handle(self.command, path, self.headers, body)
        if fault is None:
            self._send(reply)
            return
        if fault.kind in ("slow", "hang") and not emulator.stopping.is_set():
            held.wait(fault.seconds)
        if fault.kind == "drop":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._send(reply, cut_off=fault.kind == "cut_off", seconds=fault.seconds if fault.kind == "trickle" else 0)

    def _send(self, reply: Reply, cut_off: bool = False, seconds: float = 0) -> None:
        head = ["HTTP/1.1 %d %s" % (reply.status, self.responses.get(reply.status, ("Status",))[0])]
        head += ["%s: %s" % item for item in reply.headers.items()] + ["Content-Length: %d" % len(reply.body)]
        whole = "\r\n".join(head + ["", ""]).encode() + (b"" if self.command == "HEAD" else reply.body)
        if cut_off:
            self.close_connection = True
            whole = whole[: -len(reply.body) // 2]
        if not seconds:
            # in one piece: two small writes would wait for each other's acknowledgement
            self.wfile.write(whole)
            return
        end = time.monotonic() + seconds
        for number in range(len(whole)):
            self.wfile.write(whole[number : number + 1])
            if self.server.emulator.stopping.wait(max(0.0, (end - time.monotonic()) / (len(whole) - number))):
                return
