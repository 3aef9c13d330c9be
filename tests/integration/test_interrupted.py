# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task whose time is over: a clear failure, an account as it was or as declared, and a next run that mends it."""

from __future__ import annotations

import pytest

from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.interrupting import PROFILE
from ansible_collections.hostup.cloud.tests.integration.runner import Player

#: Seconds of a task's time limit: enough for a module to start and send its requests on a busy machine.
LIMIT = 5


@pytest.mark.parametrize("name", PROFILE.steps)
def test_time_limit(player: Player, start: Start, name: str) -> None:
    fault, dummy, written = PROFILE.steps[name]
    emulator = start()
    emulator.faults.order(fault)
    playbook = PROFILE.playbook(player, emulator.url, _timeout=LIMIT)
    played = player.run("-i", "localhost,", "-vvvv", playbook)
    assert played["run"]["failed"] is True
    assert played["run"]["timedout"]["period"] == LIMIT
    PROFILE.see_whole(emulator, written)
    PROFILE.see_converge(player, emulator)
