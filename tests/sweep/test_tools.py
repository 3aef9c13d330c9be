# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sample of the sweep under what runs Ansible: in the artifacts and logs of ansible-runner and ansible-navigator.

Accounts that are audited and applied are swept in `test_runner.py`.
"""

from __future__ import annotations

import functools
import pathlib

import pytest

from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import Player, info
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY
from ansible_collections.hostup.cloud.tests.sweep.conftest import Sweep
from ansible_collections.hostup.cloud.tests.sweep.plays import tables

#: The tool -> what it leaves of each run, as globs in the folder.
LEFT = {
    "ansible-runner": ("artifacts/*/command", "artifacts/*/stdout", "artifacts/*/job_events/*.json", "artifacts/*/fact_cache"),
    "ansible-navigator": ("navigator/playbook-*.json", "ansible-navigator.log"),
}


@pytest.mark.parametrize("tool", LEFT)
def test_tasks_of_every_kind(sweep: Sweep, tool: str) -> None:
    player = sweep(tool, "in process", functools.partial(tables, every=11))
    assert [glob for glob in LEFT[tool] if not any(player.folder.glob(glob))] == []


@pytest.mark.parametrize(("shown", "expected"), [("true", {"stdout", "job_events"}), ("false", set())])
def test_what_ansible_prints_is_kept(tmp_path: pathlib.Path, start: Start, shown: str, expected: set[str]) -> None:
    """A key in a task's own arguments, printed because Ansible is told to. The documentation warns of it."""
    own = ("playbook-*.yml", "the output", "ansible.log")
    player = Player(tmp_path, leak=(*own, "artifacts/*/stdout", "artifacts/*/job_events/*.json"), tool="ansible-runner")
    env = {"ANSIBLE_DISPLAY_ARGS_TO_STDOUT": shown, "JUNIT_HIDE_TASK_ARGUMENTS": "true"}
    assert player.play([info("read", start().url, api_key=KEY)], env=env)["read"]["failed"] is False
    kept = [pathlib.PurePath(place).parts for place in player.leaked]
    assert {parts[2] for parts in kept if parts[0] == "artifacts"} == expected
