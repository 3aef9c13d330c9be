# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sample of the sweep under what runs Ansible: in the artifacts and logs of ansible-runner and ansible-navigator."""

from __future__ import annotations

import functools

import pytest

from ansible_collections.hostup.cloud.tests.sweep.conftest import Sweep
from ansible_collections.hostup.cloud.tests.sweep.plays import PLAYS, tables

#: The tool -> what it leaves of each run, as globs in the folder.
LEFT = {
    "ansible-runner": ("artifacts/*/command", "artifacts/*/stdout", "artifacts/*/job_events/*.json", "artifacts/*/fact_cache"),
    "ansible-navigator": ("navigator/playbook-*.json", "ansible-navigator.log"),
}


@pytest.mark.parametrize("tool", LEFT)
def test_tasks_of_every_kind(sweep: Sweep, tool: str) -> None:
    player = sweep(tool, "in process", "tables of cases", functools.partial(tables, every=11))
    assert [glob for glob in LEFT[tool] if not any(player.folder.glob(glob))] == []


def test_accounts_audited_and_applied(sweep: Sweep) -> None:
    sweep("ansible-runner", "in process", "fleet", PLAYS["fleet"])
