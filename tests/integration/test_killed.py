# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Processes killed at each step of a run: no mix that nobody declared, no key left behind, and a next run that mends it."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import typing as t

import pytest
import requests

from ansible_collections.hostup.cloud.tests.emulator import Emulator, demo_accounts
from ansible_collections.hostup.cloud.tests.integration.conftest import WAYS_TO_RUN, Start
from ansible_collections.hostup.cloud.tests.integration.interrupting import (
    PREFERENCES,
    PROFILE,
    Declared,
    Step,
    children,
    has_ended,
    last_descendants,
    output_of,
    under_way,
    until,
)
from ansible_collections.hostup.cloud.tests.integration.runner import Player, account


def _steps(*declarations: Declared) -> list[t.Any]:
    return [pytest.param(declared, step, id=name) for declared in declarations for name, step in declared.steps.items()]


def _emulator(start: Start, step: Step) -> Emulator:
    emulator = start()
    emulator.faults.order(step.fault)
    return emulator


@pytest.mark.parametrize(("declared", "step"), _steps(PROFILE, PREFERENCES))
def test_worker(tmp_path: pathlib.Path, start: Start, declared: Declared, step: Step) -> None:
    player, emulator = Player(tmp_path, WAYS_TO_RUN["in process"]), _emulator(start, step)
    with under_way(player, declared.playbook(player, emulator.url)) as controller:
        until(lambda: len(emulator.journal) == step.requests)
        for worker in children(controller.pid):
            os.kill(worker, signal.SIGKILL)
        assert controller.wait(120) != 0
    assert "A worker was found in a dead state" in output_of(player)
    declared.see_whole(emulator, step.written)
    # which also sweeps what the killed run has left in the folder
    declared.see_converge(player, emulator)


@pytest.mark.parametrize(("declared", "step"), _steps(PROFILE))
def test_module(tmp_path: pathlib.Path, start: Start, declared: Declared, step: Step) -> None:
    """The module's own process, which the worker has started."""
    player, emulator = Player(tmp_path, WAYS_TO_RUN["module"]), _emulator(start, step)
    with under_way(player, declared.playbook(player, emulator.url)) as controller:
        until(lambda: len(emulator.journal) == step.requests)
        for module in last_descendants(controller.pid):
            os.kill(module, signal.SIGKILL)
        # the play goes on after a task that has failed
        assert controller.wait(120) == 0
    assert "FAILED! =>" in output_of(player)
    declared.see_whole(emulator, step.written)
    declared.see_converge(player, emulator)


@pytest.mark.parametrize(("declared", "step"), _steps(PROFILE, PREFERENCES))
def test_controller(tmp_path: pathlib.Path, start: Start, declared: Declared, step: Step) -> None:
    """Its worker lives on and ends the one task that it is at: nothing stands half done for longer than that."""
    player, emulator = Player(tmp_path, WAYS_TO_RUN["in process"]), _emulator(start, step)
    with under_way(player, declared.playbook(player, emulator.url)) as controller:
        until(lambda: len(emulator.journal) == step.requests)
        workers = children(controller.pid)
        controller.kill()
        controller.wait(120)
        declared.see_whole(emulator, step.written)
        emulator.release()
        until(lambda: all(map(has_ended, workers)))
    declared.see_whole(emulator, declared.values)
    declared.see_converge(player, emulator)


#: Of the emulator's customers, one with a key that may do all.
ACCOUNT = demo_accounts()[0]
NUMBER, DEMO_KEY = ACCOUNT.record["id"], next(iter(ACCOUNT.keys))


class _Server(t.NamedTuple):
    """An emulator in a process of its own."""

    process: subprocess.Popen[str]
    url: str

    def control(self, method: str, path: str, body: t.Any = None) -> t.Any:
        return requests.request(method, self.url[: -len("/api")] + "/emulator/" + path, json=body, timeout=10).json()


@contextlib.contextmanager
def _served(state: pathlib.Path, port: int = 0) -> t.Iterator[_Server]:
    line = [sys.executable, "-m", "ansible_collections.hostup.cloud.tests.emulator", "--port", str(port), "--state", str(state)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield _Server(process, process.stdout.readline().strip())
        finally:
            process.kill()


def _kept(state: pathlib.Path) -> dict[str, t.Any]:
    record = json.loads(state.read_text("utf-8"))[NUMBER]["record"] if state.exists() else ACCOUNT.record
    return {name: record[name] for name in PROFILE.values}


@pytest.mark.parametrize("again", [False, True], ids=["gone", "back at once"])
@pytest.mark.parametrize("name", PROFILE.steps)
def test_server(tmp_path_factory: pytest.TempPathFactory, name: str, again: bool) -> None:
    """A server that dies; where it comes back while the task still tries, the task never fails."""
    step = PROFILE.steps[name]
    player, state = (
        Player(tmp_path_factory.mktemp("play"), WAYS_TO_RUN["in process"]),
        tmp_path_factory.mktemp("server") / "state",
    )
    player.encrypt("vault.yml", {"vault_hostup_api_key": DEMO_KEY})

    def task(title: str, url: str) -> t.Any:
        retries = {"api_retries": 9 if again else 0, "api_retry_max_delay": 2}
        return account(title, url, **retries, **PROFILE.values)

    with contextlib.ExitStack() as running:
        server = running.enter_context(_served(state))
        server.control("POST", "faults", vars(step.fault))
        controller = running.enter_context(under_way(player, player.playbook([task("run", server.url)])))
        until(lambda: len(server.control("GET", "journal")) == step.requests)
        server.process.kill()
        server.process.wait(120)
        assert _kept(state) == (PROFILE.values if step.written else PROFILE.before)
        if again:
            running.enter_context(_served(state, int(server.url.rpartition(":")[2].partition("/")[0])))
        assert controller.wait(120) == 0
    printed = output_of(player)
    assert ("FAILED! =>" in printed) is not again
    assert "Traceback" not in printed
    with _served(state) as server:
        played = player.play([task("first", server.url), task("second", server.url)])
    assert (played["first"]["failed"], played["second"]["failed"], played["second"]["changed"]) == (False, False, False)
    assert played["first"]["changed"] is not (again or bool(step.written))
    assert _kept(state) == PROFILE.values
