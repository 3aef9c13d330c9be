# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a play in a mode of Ansible. The player searches all that comes of each of its runs."""

from __future__ import annotations

import pathlib
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.integration.conftest import WAYS_TO_RUN, running_emulators, running_fleets, start
from ansible_collections.hostup.cloud.tests.integration.runner import Played, Player
from ansible_collections.hostup.cloud.tests.sweep.modes import MODES
from ansible_collections.hostup.cloud.tests.sweep.plays import Setting

__all__ = ["start"]

#: Takes mode, shell and play. Returns the player afterwards.
Sweep = t.Callable[[str, str, t.Callable[[Setting], Played]], Player]


@pytest.fixture
def sweep(tmp_path: pathlib.Path) -> Sweep:
    def run(mode: str, shell: str, play: t.Callable[[Setting], Played]) -> Player:
        way = MODES[mode]
        leak = way.leak if shell == "module" else ()
        player = Player(tmp_path, WAYS_TO_RUN[shell], leak=leak, tracebacks=way.tracebacks, tool=way.tool)
        with running_emulators() as start, running_fleets() as fleets:
            assert play(Setting(player, start, fleets, way.flags, way.environment())).results
        return player

    return run
