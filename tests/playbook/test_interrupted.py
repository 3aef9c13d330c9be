# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task that is stopped in the middle: a clear failure, an account as it was or as declared, and a next run that mends it."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import time
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.playbook.conftest import SHELLS, Start
from ansible_collections.hostup.cloud.tests.playbook.runner import Player, account

#: What the task declares, in the API's names; an account holds all of it or nothing.
DECLARED = {"city": "Lund", "state": "Skåne"}

#: Seconds of a task's time limit: enough for a module to start and send its requests on a busy machine.
LIMIT = 5

#: Where the answer stays out, how many requests have come by then, and whether the account is as declared.
HELD_BACK: dict[str, tuple[Fault, int, bool]] = {
    "reading": (Fault("slow", method="GET", seconds=60), 1, False),
    "updating, before it took effect": (Fault("hang", method="POST", seconds=60), 2, False),
    "updating, after it took effect": (Fault("slow", method="POST", seconds=60), 2, True),
    "reading back": (Fault("slow", method="GET", skip=1, seconds=60), 3, True),
}


def _is_whole(emulator: Emulator, declared: bool) -> None:
    record = emulator.account("9257").record
    expected = DECLARED if declared else {"city": "Stockholm", "state": "Stockholm"}
    assert {name: record[name] for name in DECLARED} == expected


def _converges(player: Player, emulator: Emulator) -> None:
    emulator.faults.clear()
    first, second = (player.play([account("again", emulator.url, **DECLARED)])["again"] for _run in range(2))
    assert (first["failed"], second["failed"], second["changed"]) == (False, False, False)
    _is_whole(emulator, declared=True)


@pytest.mark.parametrize("name", HELD_BACK)
def test_time_limit(player: Player, start: Start, name: str) -> None:
    fault, dummy, declared = HELD_BACK[name]
    emulator = start()
    emulator.faults.order(fault)
    played = player.play([account("limited", emulator.url, _timeout=LIMIT, **DECLARED)], "-vvvv")
    assert played["limited"]["failed"] is True
    assert played["limited"]["timedout"]["period"] == LIMIT
    _is_whole(emulator, declared)
    _converges(player, emulator)


def _until(condition: t.Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end


def _children(parent: int) -> list[int]:
    """The workers: processes that a controller has forked and that are still there."""
    return [int(pid) for pid in pathlib.Path("/proc/%d/task/%d/children" % (parent, parent)).read_text("utf-8").split()]


@pytest.mark.parametrize("name", HELD_BACK)
def test_killed_worker(tmp_path: pathlib.Path, start: Start, name: str) -> None:
    fault, requests, declared = HELD_BACK[name]
    player = Player(tmp_path, SHELLS["in process"])
    emulator = start()
    # a playbook to run by hand
    player.play([account("killed", emulator.url, **DECLARED)], "--check")
    emulator.journal.clear()
    emulator.faults.order(fault)
    line = ["ansible-playbook", "-i", "localhost,", "--vault-password-file", "password", "playbook-1.yml"]
    with subprocess.Popen(
        line, cwd=tmp_path, env=player.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as controller:
        _until(lambda: len(emulator.journal) == requests)
        for worker in _children(controller.pid):
            os.kill(worker, signal.SIGKILL)
        output, dummy = controller.communicate(timeout=60)
    assert controller.returncode != 0
    assert "A worker was found in a dead state" in output
    assert "Traceback" not in output
    _is_whole(emulator, declared)
    _converges(player, emulator)
