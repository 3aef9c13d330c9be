# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps what the emulators of this process are asked, until the test is over, and then holds it against the contract."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.emulator.intake import Incoming

#: How the clients name themselves that tests speak with by hand. All others are taken for the collection.
BY_HAND = ("python-requests/", "ansible-httpget", "schemathesis/", "curl/", "by-hand")


class Watch:
    """What the collection has sent."""

    def __init__(self) -> None:
        # taken from while threads still put into it
        self._sent: collections.deque[Incoming] = collections.deque()
        #: What has been found in order, not to be looked at again.
        self._known: set[Incoming] = set()
        #: Requests that were held against the contract.
        self.count = 0

    def __enter__(self) -> Watch:
        Emulator.observers.append(self.note)
        return self

    def __exit__(self, *exc_info: object) -> None:
        Emulator.observers.remove(self.note)

    def note(self, sent: Incoming) -> None:
        """Keep a request, where it is the collection's. Called by many threads, in the middle of an answer."""
        agent = next((value for name, value in sent.fields if name.lower() == "user-agent"), "")
        if not agent.startswith(BY_HAND):
            self._sent.append(sent)

    def note_journal(self, entries: t.Iterable[dict[str, t.Any]]) -> None:
        """Keep the requests in the journal of an emulator that is a process of its own."""
        for entry in entries:
            fields = tuple(entry["headers"].items())
            self.note(Incoming(entry["method"], entry["path"], fields, entry["body"].encode()))

    def faults(self) -> list[str]:
        """What is wrong with the requests since the last call, a line each."""
        taken = [self._sent.popleft() for dummy in range(len(self._sent))]
        self.count += len(taken)
        fresh = dict.fromkeys(sent for sent in taken if sent not in self._known)
        if not fresh:
            return []
        # 0.7 s, only where something was sent
        from ansible_collections.hostup.cloud.tests.contract.checker import faults_of_request  # noqa: PLC0415

        found = {sent: faults_of_request(sent) for sent in fresh}
        self._known |= {sent for sent, faults in found.items() if not faults}
        return ["%s %s: %s" % (sent.method, sent.target, fault) for sent, faults in found.items() for fault in faults]
