# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The secrets of the tests, and the search for them in all that a run writes and shows."""

from __future__ import annotations

import base64
import contextlib
import os
import pathlib
import threading
import typing as t

#: The key in the vault, and the personal numbers that playbooks declare and the emulator stores.
KEY = "hup-key-7d1f0a6c-never-shown"
PERSONAL_DECLARED = "900101-0017"
PERSONAL_STORED = "850709-9805"

#: Nothing that a run writes may hold one of these. Every secret of the emulator's raw record begins with "canary-", and
#: every key of its own customers with one of the "demo-".
SECRETS = (
    "hup-key-7d1f0a6c",
    "canary-",
    "demo-key-of-account",
    "demo-read-key-of-account",
    *("900101-0017", "9001010017", "850709-9805", "8507099805"),
)


def _encoded(secret: str) -> t.Iterator[str]:
    """What Base64 (RFC 4648) makes of a secret, wherever in a text it begins."""
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + secret.encode()).decode()
        # the characters at the ends depend on the neighbours, too
        yield text[(0, 2, 3)[offset] :].rstrip("=")[:-1]


_NEEDLES = {needle: secret for secret in SECRETS for needle in (secret, *_encoded(secret))}


class Searched:
    """What has been looked through."""

    def __init__(self) -> None:
        self.places = 0
        self.characters = 0

    def find(self, places: t.Mapping[str, str]) -> list[tuple[str, str]]:
        """Each secret in these texts, with the place where it stands."""
        self.places += len(places)
        self.characters += sum(map(len, places.values()))
        return sorted(
            {(secret, place) for place, text in places.items() for needle, secret in _NEEDLES.items() if needle in text}
        )


class ProcessList:
    """Samples the command lines of a run's processes while it lasts: not those of others, who may look for secrets, too."""

    def __init__(self, mark: str) -> None:
        """mark: a variable, with its value, that the environment of the run's processes has and no other."""
        self.seen: set[str] = set()
        self._mark = mark.encode()
        self._others: set[tuple[str, bytes]] = set()

    def __enter__(self) -> ProcessList:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._stop.wait(0.05):
            for pid in filter(str.isdigit, os.listdir("/proc")):
                # a process may end at any moment
                with contextlib.suppress(OSError):
                    self._look(pid)

    def _look(self, pid: str) -> None:
        line = pathlib.Path("/proc", pid, "cmdline").read_bytes()
        shown = line.replace(b"\0", b" ").decode("utf-8", "replace")
        if shown in self.seen or (pid, line) in self._others:
            return
        if self._mark in pathlib.Path("/proc", pid, "environ").read_bytes().split(b"\0"):
            self.seen.add(shown)
        else:
            self._others.add((pid, line))
