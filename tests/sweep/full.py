# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything in every mode and both shells: `make sweep`, some twenty minutes."""

from __future__ import annotations

import pytest

from ansible_collections.hostup.cloud.tests.integration.conftest import WAYS_TO_RUN
from ansible_collections.hostup.cloud.tests.sweep.conftest import Sweep
from ansible_collections.hostup.cloud.tests.sweep.modes import MODES
from ansible_collections.hostup.cloud.tests.sweep.plays import PLAYS


@pytest.mark.parametrize("name", PLAYS)
@pytest.mark.parametrize("shell", WAYS_TO_RUN)
@pytest.mark.parametrize("mode", MODES)
def test_no_secret_is_shown(sweep: Sweep, mode: str, shell: str, name: str) -> None:
    player = sweep(mode, shell, PLAYS[name])
    # what the documentation says that Ansible keeps is kept
    assert bool(player.leaked) == bool(MODES[mode].leak and shell == "module")
