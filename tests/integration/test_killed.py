# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Processes killed at each step of a run: no mix that nobody declared, no key left behind, and a next run that repairs it."""

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

from ansible_collections.hostup.cloud.tests.emulator import demo_accounts
from ansible_collections.hostup.cloud.tests.integration.conftest import WAYS_TO_RUN, Start
from ansible_collections.hostup.cloud.tests.integration.interrupting import (
    PREFERENCES,
    PROFILE,
    Declared,
    Held,
    children,
    has_ended,
    last_descendants,
    on_hosts,
    output_of,
    under_way,
    until,
)
from ansible_collections.hostup.cloud.tests.integration.runner import Player, account

_DECLARED = pytest.mark.parametrize("declared", [PROFILE, PREFERENCES], ids=["profile", "preferences"])


@_DECLARED
def test_killed_workers(tmp_path: pathlib.Path, start: Start, declared: Declared) -> None:
    player = Player(tmp_path, WAYS_TO_RUN["in process"])
    held = Held(player, start, declared)
    with under_way(player, *held.arguments("run")) as controller:
        held.wait()
        for worker in children(controller.pid):
            os.kill(worker, signal.SIGKILL)
        assert controller.wait(120) != 0
    assert "A worker was found in a dead state" in output_of(player)
    held.check_whole()
    held.check_converge()


def test_killed_modules(tmp_path: pathlib.Path, start: Start) -> None:
    """The processes that the workers have started."""
    player = Player(tmp_path, WAYS_TO_RUN["module"])
    held = Held(player, start, PROFILE)
    with under_way(player, *held.arguments("run")) as controller:
        held.wait()
        for module in last_descendants(controller.pid):
            os.kill(module, signal.SIGKILL)
        # the play goes on after a task that has failed
        assert controller.wait(120) == 0
    assert output_of(player).count("FAILED! =>") == len(PROFILE.steps)
    held.check_whole()
    held.check_converge()


@_DECLARED
def test_killed_controller(tmp_path: pathlib.Path, start: Start, declared: Declared) -> None:
    """Its workers live on and end the one task that they are at: nothing stands half done for longer than that."""
    player = Player(tmp_path, WAYS_TO_RUN["in process"])
    held = Held(player, start, declared)
    with under_way(player, *held.arguments("run")) as controller:
        held.wait()
        workers = children(controller.pid)
        controller.kill()
        controller.wait(120)
        held.check_whole()
        for emulator in held.emulators.values():
            emulator.release()
        until(lambda: all(map(has_ended, workers)))
    held.check_whole(complete=True)
    held.check_converge()


#: Of the emulator's customers, one with a key that may do all.
ACCOUNT = demo_accounts()[0]
NUMBER, DEMO_KEY = ACCOUNT.record["id"], next(iter(ACCOUNT.keys))


class _Server(t.NamedTuple):
    """An emulator in a process of its own."""

    process: subprocess.Popen[str]
    url: str

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2].partition("/")[0])

    def control(self, method: str, path: str, body: t.Any = None) -> t.Any:
        return requests.request(method, self.url[: -len("/api")] + "/emulator/" + path, json=body, timeout=10).json()


@contextlib.contextmanager
def _serving(folder: pathlib.Path, ports: dict[str, int]) -> t.Iterator[dict[str, _Server]]:
    """A server for each name; port 0: any that is free."""
    line = [sys.executable, "-m", "ansible_collections.hostup.cloud.tests.emulator"]
    with contextlib.ExitStack() as running:
        processes = {}
        for name, port in ports.items():
            more = ["--port", str(port), "--state", str(folder / name)]
            processes[name] = running.enter_context(subprocess.Popen([*line, *more], stdout=subprocess.PIPE, text=True))
            running.callback(processes[name].kill)
        yield {name: _Server(process, process.stdout.readline().strip()) for name, process in processes.items() if process.stdout}


def _kept(state: pathlib.Path) -> dict[str, t.Any]:
    record = json.loads(state.read_text("utf-8"))[NUMBER]["record"] if state.exists() else ACCOUNT.record
    return {name: record[name] for name in PROFILE.values}


@pytest.mark.parametrize("again", [False, True], ids=["gone", "back at once"])
def test_killed_servers(tmp_path_factory: pytest.TempPathFactory, again: bool) -> None:
    """Where a server comes back while the task still tries, the task never fails."""
    player, states = Player(tmp_path_factory.mktemp("play"), WAYS_TO_RUN["in process"]), tmp_path_factory.mktemp("servers")
    player.encrypt("vault.yml", {"vault_hostup_api_key": DEMO_KEY})

    def tasks(servers: dict[str, _Server], *titles: str) -> list[str]:
        hosts = {name: {"api_url": server.url} for name, server in servers.items()}
        retries = {"api_retries": 9 if again else 0, "api_retry_max_delay": 2}
        return on_hosts(player, account, hosts, *titles, **retries, **PROFILE.values)

    with contextlib.ExitStack() as running:
        servers = running.enter_context(_serving(states, dict.fromkeys(PROFILE.steps, 0)))
        for name, step in PROFILE.steps.items():
            servers[name].control("POST", "faults", vars(step.fault))
        controller = running.enter_context(under_way(player, *tasks(servers, "run")))
        for name, step in PROFILE.steps.items():
            until(lambda server=servers[name], count=step.requests: len(server.control("GET", "journal")) == count)  # type: ignore[misc]
        for server in servers.values():
            server.process.kill()
            server.process.wait(120)
        for name, step in PROFILE.steps.items():
            assert _kept(states / name) == (PROFILE.values if step.written else PROFILE.before)
        if again:
            running.enter_context(_serving(states, {name: server.port for name, server in servers.items()}))
        assert controller.wait(120) == 0
    printed = output_of(player)
    assert printed.count("FAILED! =>") == (0 if again else len(servers))
    assert "Traceback" not in printed
    with _serving(states, dict.fromkeys(PROFILE.steps, 0)) as servers:
        played = player.run(*tasks(servers, "first", "second"))
    for name, step in PROFILE.steps.items():
        first, second = (played.by_host[name, title] for title in ("first", "second"))
        assert (first["failed"], second["failed"], second["changed"]) == (False, False, False), name
        assert first["changed"] is not (again or bool(step.written)), name
        assert _kept(states / name) == PROFILE.values
