# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of interrupted runs share: the steps of a run to interrupt it at, and what must hold after that."""

from __future__ import annotations

import contextlib
import os
import pathlib
import subprocess
import threading
import time
import typing as t

from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.integration.runner import BIN, Player, Task, account, preferences

#: Seconds that an answer stays out, and that a task waits for one: longer than a test takes.
HELD = 300


class Step(t.NamedTuple):
    """A place in a run where an answer stays out."""

    fault: Fault
    #: How many requests have come by then.
    requests: int
    #: What the server holds by then of what is declared.
    written: t.Collection[str]


class Declared(t.NamedTuple):
    """What a task declares."""

    task: t.Callable[..., Task]
    #: In the API's names, which are also names of options.
    values: dict[str, t.Any]
    before: dict[str, t.Any]
    #: Where the emulator keeps it.
    kept: t.Callable[[Emulator], dict[str, t.Any]]
    options: dict[str, t.Any]
    #: An account holds all of a step's `written`, and of the rest nothing.
    steps: dict[str, Step]


def on_hosts(player: Player, task: t.Callable[..., Task], hosts: dict[str, Task], *titles: str, **keywords: t.Any) -> list[str]:
    """Write a playbook in which all hosts run the task at the same time, each with its own options.

    titles: the task runs once with each; keywords: of all hosts. Returns the arguments of `ansible-playbook`.
    """
    options = {name: "{{ %s | default(omit) }}" % name for variables in hosts.values() for name in variables}
    url = options.pop("api_url")
    playbook = player.playbook([task(title, url, **options, **keywords) for title in titles], play={"hosts": "all"})
    inventory = player.write("hosts-of-" + playbook, {"all": {"hosts": hosts}})
    return ["-i", inventory, "--forks", str(len(hosts)), playbook]


class Held:
    """A host for each step of what is declared: its task meets an emulator of its own, and is held at that step."""

    def __init__(self, player: Player, start: t.Callable[[], Emulator], declared: Declared) -> None:
        """start: starts an emulator."""
        self._player, self._declared = player, declared
        self.emulators = {name: start() for name in declared.steps}
        for name, step in declared.steps.items():
            self.emulators[name].faults.order(step.fault)

    def arguments(self, *titles: str, **keywords: t.Any) -> list[str]:
        """The arguments of `ansible-playbook`; keywords: of the task."""
        hosts = {name: {"api_url": emulator.url} for name, emulator in self.emulators.items()}
        return on_hosts(
            self._player, self._declared.task, hosts, *titles, **self._declared.options, **self._declared.values, **keywords
        )

    def wait(self) -> None:
        """Wait until every task is at its step."""
        steps = self._declared.steps
        until(lambda: all(len(self.emulators[name].journal) == step.requests for name, step in steps.items()))

    def check_whole(self, complete: bool = False) -> None:
        """Check that each server holds what its step has written, or all that is declared, and no mix beyond."""
        values, before = self._declared.values, self._declared.before
        for name, step in self._declared.steps.items():
            kept = self._declared.kept(self.emulators[name])
            expected = {value: (values if complete or value in step.written else before)[value] for value in values}
            assert {value: kept[value] for value in values} == expected, name

    def check_converge(self) -> None:
        """Check that the next run brings about what is declared, and the one after it nothing; sweep what was left."""
        for emulator in self.emulators.values():
            emulator.faults.clear()
        played = self._player.run(*self.arguments("first", "second"))
        for name in self.emulators:
            first, second = (played.by_host[name, title] for title in ("first", "second"))
            assert (first["failed"], second["failed"], second["changed"]) == (False, False, False), name
        self.check_whole(complete=True)


PROFILE = Declared(
    account,
    {"city": "Lund", "state": "Sk\u00e5ne"},
    {"city": "Stockholm", "state": "Stockholm"},
    lambda emulator: emulator.account("9257").record,
    {"api_timeout": HELD},
    {
        "reading": Step(Fault("slow", method="GET", seconds=HELD), 1, ()),
        "updating, before it took effect": Step(Fault("hang", method="POST", seconds=HELD), 2, ()),
        "updating, after it took effect": Step(Fault("slow", method="POST", seconds=HELD), 2, ("city", "state")),
        "reading back": Step(Fault("slow", method="GET", skip=1, seconds=HELD), 3, ("city", "state")),
    },
)

#: Two endpoints, one after the other: what stands between their updates is the one mix that may be left.
PREFERENCES = Declared(
    preferences,
    {"timezone": "Europe/Oslo", "peppol_opt_out": True},
    {"timezone": "Europe/Stockholm", "peppol_opt_out": False},
    lambda emulator: emulator.account("9257").preferences,
    {"api_version": "v2", "api_timeout": HELD},
    {
        "reading": Step(Fault("slow", method="GET", seconds=HELD), 1, ()),
        "reading the second endpoint": Step(Fault("slow", method="GET", path="/peppol", seconds=HELD), 2, ()),
        "updating, before it took effect": Step(Fault("hang", method="PATCH", seconds=HELD), 3, ()),
        "updating, after it took effect": Step(Fault("slow", method="PATCH", seconds=HELD), 3, ("timezone",)),
        "between the two endpoints": Step(Fault("hang", method="PATCH", path="/peppol", seconds=HELD), 4, ("timezone",)),
        "after the second endpoint": Step(
            Fault("slow", method="PATCH", path="/peppol", seconds=HELD), 4, ("timezone", "peppol_opt_out")
        ),
    },
)


def until(condition: t.Callable[[], bool]) -> None:
    """Wait for it, two minutes at most."""
    end, asked = time.monotonic() + 120, threading.Event()
    while not condition():
        assert time.monotonic() < end
        # others need the processor, too
        asked.wait(0.02)


@contextlib.contextmanager
def under_way(player: Player, *args: str) -> t.Iterator[subprocess.Popen[str]]:
    """ansible-playbook, running in the background; its output goes to the file `output` of the player's folder."""
    line = [str(BIN / "ansible-playbook"), "--vault-password-file", "password", *args]
    with open(player.folder / "output", "w", encoding="utf-8") as output, subprocess.Popen(
        line, cwd=player.folder, env=player.environment(), stdout=output, stderr=subprocess.STDOUT, text=True
    ) as controller:
        try:
            yield controller
        finally:
            controller.kill()


def output_of(player: Player) -> str:
    """What the last run `under_way` has printed."""
    return (player.folder / "output").read_text(encoding="utf-8")


def children(parent: int) -> list[int]:
    """The processes that a process has started and that are still there; a controller's are its workers."""
    tasks = pathlib.Path("/proc/%d/task" % parent)
    return [int(pid) for task in os.listdir(tasks) for pid in (tasks / task / "children").read_text("utf-8").split()]


def last_descendants(parent: int) -> list[int]:
    """The processes at the end of the line: below a worker, the module that it has started."""
    below = children(parent)
    return [last for child in below for last in last_descendants(child)] if below else [parent]


def has_ended(pid: int) -> bool:
    """Whether a process is no more, or waits for somebody to take notice of that."""
    try:
        stat = pathlib.Path("/proc/%d/stat" % pid).read_text("utf-8")
    except FileNotFoundError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"
