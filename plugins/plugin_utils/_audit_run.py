# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare many accounts at once: one thread for each of a few accounts, all in check mode, nothing written to HostUp."""

from __future__ import annotations

import os
import queue
import threading
import time
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._task import Task, run_task

#: Seconds between two lines of progress, and between two looks at whether the run goes on.
_PROGRESS, _LOOK = 10, 1

Result = t.Dict[str, t.Any]


class RunEnded(Exception):
    """Ansible was killed: nobody waits for what this process finds, and a later run may be at work already."""


class Run:
    """The run of Ansible that this worker process belongs to."""

    def __init__(self) -> None:
        self._parent = os.getppid()

    def require(self) -> None:
        """Raises RunEnded if the process that forked this one is gone: another one is its parent then."""
        if os.getppid() != self._parent:
            raise RunEnded("The run of Ansible has ended.")


class Account(t.NamedTuple):
    """One account to compare."""

    name: str
    #: The module's task and its checked arguments: of the profile and, if they are declared, of the preferences.
    tasks: tuple[tuple[Task, dict[str, t.Any]], ...]


def compare(
    accounts: t.Sequence[Account], concurrency: int, deadline: float | None, say: t.Callable[[str], None], run: Run
) -> dict[str, list[Result]]:
    """Name -> the results of the account's tasks, as the modules return them; none for those that the deadline cut off.

    concurrency: accounts at a time. deadline: of time.monotonic(), None for no limit. say: takes a line of progress.
    Raises RunEnded.
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
        run.require()
        left = min(told + _PROGRESS - now, _LOOK)
        try:
            name, found = finished.get(timeout=left if deadline is None else min(left, deadline - now))
        except queue.Empty:
            continue
        results[name] = found
    return results


def _results(account: Account) -> list[Result]:
    results: list[Result] = []
    for task, params in account.tasks:
        results.append(run_task(task, params, check_mode=True, diff_mode=True))
        if results[-1].get("failed"):
            break
    return results
