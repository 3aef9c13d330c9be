# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare many accounts at once: one thread for each of a few accounts, all in check mode, nothing written to HostUp."""

from __future__ import annotations

import queue
import threading
import time
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._result import carry_out
from ansible_collections.hostup.cloud.plugins.module_utils._work import Work

#: Seconds between two lines of progress.
_PROGRESS = 10

Result = t.Dict[str, t.Any]


class Account(t.NamedTuple):
    """One account to compare."""

    name: str
    #: The module's work and its checked arguments: of the profile and, if they are declared, of the preferences.
    tasks: tuple[tuple[Work, dict[str, t.Any]], ...]


def compare(
    accounts: t.Sequence[Account], concurrency: int, deadline: float | None, say: t.Callable[[str], None]
) -> dict[str, list[Result]]:
    """Name -> the results of the account's tasks, as the modules return them; none for those that the deadline cut off.

    concurrency: accounts at a time. deadline: of time.monotonic(), None for no limit. say: takes a line of progress.
    """
    waiting: queue.SimpleQueue[Account] = queue.SimpleQueue()
    finished: queue.SimpleQueue[tuple[str, list[Result]]] = queue.SimpleQueue()
    for account in accounts:
        waiting.put(account)

    def work() -> None:
        while True:
            try:
                account = waiting.get_nowait()
            except queue.Empty:
                return
            finished.put((account.name, _results(account)))

    for _dummy in range(min(concurrency, len(accounts))):
        # a daemon: a run that is interrupted does not wait for answers
        threading.Thread(target=work, daemon=True).start()
    results: dict[str, list[Result]] = {}
    told = time.monotonic()
    while len(results) < len(accounts):
        now = time.monotonic()
        if deadline is not None and now >= deadline:
            break
        if now - told >= _PROGRESS:
            told = now
            say("hostup_audit: %d of %d accounts" % (len(results), len(accounts)))
        left = told + _PROGRESS - now
        try:
            name, found = finished.get(timeout=left if deadline is None else min(left, deadline - now))
        except queue.Empty:
            continue
        results[name] = found
    return results


def _results(account: Account) -> list[Result]:
    results: list[Result] = []
    for work, params in account.tasks:
        results.append(carry_out(work, params, check_mode=True, diff_mode=True))
        if results[-1].get("failed"):
            break
    return results
