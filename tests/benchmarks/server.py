# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator that the measured runs ask, over TLS. It runs in the benchmark's process, which only waits meanwhile."""

from __future__ import annotations

import collections
import pathlib
import time
import typing as t

import trustme

from ansible_collections.hostup.cloud.tests.emulator import Account, Emulator
from ansible_collections.hostup.cloud.tests.emulator.accounts import ALL_SCOPES, raw_record

#: What every account holds when a run begins.
CITY = "Stockholm"
#: The header fields that carry a key, by version.
_KEY_FIELDS = ("x-api-key", "authorization")


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


class Server(Emulator):
    """A running emulator that speaks TLS. Use as a context manager."""

    def __init__(self, folder: pathlib.Path, accounts: int) -> None:
        """folder: takes the certificates."""
        authority = trustme.CA()
        #: The file of the authority to trust.
        self.authority = str(folder / "authority.pem")
        authority.cert_pem.write_to_path(self.authority)
        certificate = str(folder / "certificate.pem")
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(certificate)
        self.keys = ["benchmark-key-%04d" % number for number in range(accounts)]
        records = [raw_record(id=str(5000 + n), companyname="Example AB", city=CITY) for n in range(accounts)]
        self._cpu = 0.0
        super().__init__(
            [Account(record, {key: ALL_SCOPES}) for record, key in zip(records, self.keys)],
            certificate=(certificate, certificate),
        )

    def begin_anew(self) -> Seen:
        """What came since the last call. It is forgotten, and every account is put back to CITY."""
        journal = self.journal
        seen = Seen(
            methods=dict(collections.Counter(entry.method for entry in journal)),
            statuses=dict(collections.Counter(entry.status or 0 for entry in journal)),
            # uri writes the header's name in its own way
            keys=len({value for entry in journal for name, value in entry.headers.items() if name.lower() in _KEY_FIELDS}),
            cities=dict(collections.Counter(account.record["city"] for account in self.accounts)),
            cpu=time.process_time() - self._cpu,
        )
        journal.clear()
        for account in self.accounts:
            account.record["city"] = CITY
        # what was done here is not the next run's
        self._cpu = time.process_time()
        return seen
