# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator in a process of its own, so that it does not share a driver's interpreter, and what it can do alone."""

from __future__ import annotations

import collections
import contextlib
import multiprocessing
import multiprocessing.connection
import pathlib
import signal
import socket
import ssl
import time
import typing as t
from urllib.parse import urlsplit

import trustme

from ansible_collections.hostup.cloud.tests.emulator import Account, Emulator
from ansible_collections.hostup.cloud.tests.emulator.accounts import ALL_SCOPES, raw_record

#: What every account holds when a run begins.
CITY = "Stockholm"

# a forked process would take over the driver's pipes, and keep the emulator from seeing that the driver has gone
_processes = multiprocessing.get_context("spawn")


class Seen(t.NamedTuple):
    """What reached the emulator since it was last asked."""

    #: HTTP method -> count of requests.
    methods: dict[str, int]
    #: HTTP status -> count of answers.
    statuses: dict[int, int]
    #: Different keys: each account has one.
    keys: int
    #: City -> count of accounts that hold it.
    cities: dict[str, int]
    #: CPU seconds that the emulator took.
    cpu: float


class Alone(t.NamedTuple):
    """What the emulator can do while nothing else runs than its clients."""

    requests: int
    per_second: float
    #: CPU milliseconds of the emulator.
    cpu_ms_per_request: float


class Server:
    """A running emulator that speaks TLS. Use as a context manager."""

    def __init__(self, folder: pathlib.Path, accounts: int) -> None:
        """folder: takes the certificates."""
        #: The file of the authority to trust.
        self.authority = str(folder / "authority.pem")
        self.keys = ["benchmark-key-%04d" % number for number in range(accounts)]
        self._pipe, theirs = _processes.Pipe()
        self._process = _processes.Process(target=_serve, args=(theirs, folder, self.keys), daemon=True)
        self._process.start()
        theirs.close()
        self.url: str = self._pipe.recv()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._pipe.close()
        self._process.join(10)
        self._process.kill()
        self._process.join()

    def begin_anew(self) -> Seen:
        """What came since the last call. It is forgotten, and every account is put back to CITY."""
        self._pipe.send("begin anew")
        return t.cast("Seen", self._pipe.recv())

    def measure_alone(self, requests: int) -> Alone:
        """Send this many requests from two processes, each request on a connection of its own, as Ansible's workers do."""
        clients = 2
        jobs = [(self.url, self.authority, self.keys, requests // clients)] * clients
        with _processes.Pool(clients) as pool:
            # the first, short round starts the interpreters
            pool.starmap(_ask, [job[:3] + (20,) for job in jobs], chunksize=1)
            self.begin_anew()
            times = pool.starmap(_ask, jobs, chunksize=1)
        seen = self.begin_anew()
        sent = requests // clients * clients
        if seen.methods != {"GET": sent} or seen.statuses != {200: sent}:
            raise RuntimeError("the emulator alone saw %s" % (seen,))
        seconds = max(end for start, end in times) - min(start for start, end in times)
        return Alone(sent, sent / seconds, seen.cpu / sent * 1000)


def _serve(pipe: multiprocessing.connection.Connection, folder: pathlib.Path, keys: list[str]) -> None:
    """The emulator's process. It ends when the pipe does, whatever became of the driver."""
    # Ctrl-C reaches both processes; the driver is the one to act on it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    certificate = str(folder / "certificate.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(certificate)
    records = [raw_record(id=str(5000 + n), companyname="Example AB", city=CITY) for n in range(len(keys))]
    accounts = [Account(record, {key: ALL_SCOPES}) for record, key in zip(records, keys)]
    with Emulator(accounts, certificate=(certificate, certificate)) as emulator:
        pipe.send(emulator.url)
        cpu = time.process_time()
        with contextlib.suppress(EOFError):
            while pipe.recv():
                cpu, since = time.process_time(), cpu
                pipe.send(_seen(emulator, cpu - since))
                emulator.journal.clear()
                for record in records:
                    record["city"] = CITY
                # what was done here is not the next run's
                cpu = time.process_time()


#: The header fields that carry a key, by version.
_KEY_FIELDS = ("x-api-key", "authorization")


def _seen(emulator: Emulator, cpu: float) -> Seen:
    journal = emulator.journal
    return Seen(
        methods=dict(collections.Counter(entry.method for entry in journal)),
        statuses=dict(collections.Counter(entry.status or 0 for entry in journal)),
        # uri writes the header's name in its own way
        keys=len({value for entry in journal for name, value in entry.headers.items() if name.lower() in _KEY_FIELDS}),
        cities=dict(collections.Counter(account.record["city"] for account in emulator.accounts)),
        cpu=cpu,
    )


def _ask(url: str, authority: str, keys: list[str], count: int) -> tuple[float, float]:
    """Read accounts, one after the other; the times of the first request and of the last answer."""
    context = ssl.create_default_context(cafile=authority)
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 0
    start = time.monotonic()
    for number in range(count):
        lines = (
            "GET %s/account/details HTTP/1.1" % parts.path,
            "Host: %s" % parts.netloc,
            "X-API-Key: %s" % keys[number % len(keys)],
            "Connection: close",
        )
        with socket.create_connection((host, port)) as plain, context.wrap_socket(plain, server_hostname=host) as tls:
            tls.sendall("\r\n".join(lines + ("", "")).encode())
            while tls.recv(65536):
                pass
    return start, time.monotonic()
