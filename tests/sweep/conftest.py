# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the sweeps share: emulators and fleets, and the table of what was searched."""

from __future__ import annotations

import pathlib
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.integration.conftest import WAYS_TO_RUN, running_emulators, running_fleets, start
from ansible_collections.hostup.cloud.tests.integration.runner import Played, Player
from ansible_collections.hostup.cloud.tests.sweep.modes import MODES
from ansible_collections.hostup.cloud.tests.sweep.plays import Setting

__all__ = ["start"]

#: The name under which a test's report carries its line of the table, from whichever process it ran in.
_ROW = "swept"


class Sweep(t.Protocol):
    """Runs a play in a mode and a shell. The player searches what comes of each of its runs."""

    def __call__(self, mode: str, shell: str, name: str, play: t.Callable[[Setting], Played]) -> Player:
        """The player afterwards."""


@pytest.fixture
def sweep(tmp_path: pathlib.Path, record_property: t.Callable[[str, object], None]) -> Sweep:
    def run(mode: str, shell: str, name: str, play: t.Callable[[Setting], Played]) -> Player:
        way = MODES[mode]
        leak = way.leak if shell == "module" else ()
        player = Player(tmp_path, WAYS_TO_RUN[shell], leak=leak, tracebacks=way.tracebacks, tool=way.tool)
        with running_emulators() as start, running_fleets() as fleets:
            played = play(Setting(player, start, fleets, way.flags, way.environment()))
        assert played.results
        record_property(_ROW, (mode, shell, name, player.searched.places, player.searched.characters, len(player.leaked)))
        return player

    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    rows = [row for report in terminalreporter.getreports("passed") for name, row in report.user_properties if name == _ROW]
    if not rows:
        return
    lines = ["| mode | shell | play | places | characters | in Ansible's own files |", "|---|---|---|--:|--:|--:|"]
    lines += ["| %s | %s | %s | %d | %d | %d |" % tuple(row) for row in rows]
    lines += ["| all | | | %d | %d | %d |" % tuple(sum(row[column] for row in rows) for column in (3, 4, 5))]
    terminalreporter.section("the secrets sweep")
    terminalreporter.write("\n".join(lines) + "\n")
