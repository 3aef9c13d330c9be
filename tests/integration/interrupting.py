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
    #: In the API's names, which the task takes, too.
    values: dict[str, t.Any]
    before: dict[str, t.Any]
    #: Where the emulator keeps it.
    kept: t.Callable[[Emulator], dict[str, t.Any]]
    options: dict[str, t.Any]
    #: An account holds all of a step's `written`, and of the rest nothing.
    steps: dict[str, Step]

    def playbook(self, player: Player, url: str, **more: t.Any) -> str:
        """A playbook with the one task, named `run`; its file's name."""
        return player.playbook([self.task("run", url, **self.options, **self.values, **more)])

    def see_whole(self, emulator: Emulator, written: t.Collection[str]) -> None:
        """See that the server holds this part of what is declared, and no mix beyond."""
        expected = {name: (self.values if name in written else self.before)[name] for name in self.values}
        assert {name: self.kept(emulator)[name] for name in self.values} == expected

    def see_converge(self, player: Player, emulator: Emulator) -> None:
        """See that the next run brings about what is declared, and the one after it nothing."""
        emulator.faults.clear()
        played = player.play([self.task(name, emulator.url, **self.options, **self.values) for name in ("first", "second")])
        assert (played["first"]["failed"], played["second"]["failed"], played["second"]["changed"]) == (False, False, False)
        self.see_whole(emulator, self.values)


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
def under_way(player: Player, playbook: str, inventory: str = "localhost,") -> t.Iterator[subprocess.Popen[str]]:
    """ansible-playbook, running in the background; its output goes to the file `output` of the player's folder."""
    line = [str(BIN / "ansible-playbook"), "-i", inventory, "--vault-password-file", "password", playbook]
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
