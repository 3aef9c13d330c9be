# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task whose time is over: a clear failure, an account as it was or as declared, and a next run that repairs it."""

from __future__ import annotations

from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.interrupting import PROFILE, Held
from ansible_collections.hostup.cloud.tests.integration.runner import Player

#: Seconds: enough for a few modules to start and send their requests on a busy machine.
LIMIT = 10


def test_time_limit_of_a_task_at_each_step(player: Player, start: Start) -> None:
    held = Held(player, start, PROFILE)
    played = player.run("-vvvv", *held.arguments("run", _timeout=LIMIT))
    for name in PROFILE.steps:
        result = played.by_host[name, "run"]
        assert (result["failed"], result["timedout"]["period"]) == (True, LIMIT), name
    held.check_whole()
    held.check_converge()
