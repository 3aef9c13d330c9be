# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sample of the sweep: every mode in process with a part of the tables, the modes that a module can leak in as a module."""

from __future__ import annotations

import functools
import pathlib

import pytest

from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import Player, Vaulted, info
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY
from ansible_collections.hostup.cloud.tests.sweep.conftest import Sweep
from ansible_collections.hostup.cloud.tests.sweep.modes import MODES
from ansible_collections.hostup.cloud.tests.sweep.plays import PLAYS, tables

IN_CORE = [name for name, mode in MODES.items() if not mode.posix and mode.tool == "ansible-playbook"]


@pytest.mark.parametrize("mode", IN_CORE)
def test_in_process(sweep: Sweep, mode: str) -> None:
    sweep(mode, "in process", functools.partial(tables, every=11))


@pytest.mark.parametrize("mode", ["debug", "files kept on the target"])
def test_as_a_module(sweep: Sweep, mode: str) -> None:
    """Ansible keeps a module's arguments where it is told to keep files, and nowhere else."""
    player = sweep(mode, "module", functools.partial(tables, every=19))
    assert bool(player.leaked) == bool(MODES[mode].leak)


@pytest.mark.parametrize("mode", ["debug", "titles without skipped tasks", "strategy free"])
@pytest.mark.parametrize("name", ["fleet", "quick start"])
def test_roles_and_examples(sweep: Sweep, name: str, mode: str) -> None:
    sweep(mode, "in process", PLAYS[name])


#: How a key that stands in a task's own arguments gets out, the files that hold it then, and what keeps it in.
LITERAL: dict[str, tuple[dict[str, str], tuple[str, ...], dict[str, str]]] = {
    "the report of the callback plugin junit": ({}, ("junit/*.xml",), {"JUNIT_HIDE_TASK_ARGUMENTS": "true"}),
    "the titles of tasks": (
        {"ANSIBLE_DISPLAY_ARGS_TO_STDOUT": "true", "JUNIT_HIDE_TASK_ARGUMENTS": "true"},
        ("the output", "ansible.log"),
        {"ANSIBLE_DISPLAY_ARGS_TO_STDOUT": "false"},
    ),
}


@pytest.mark.parametrize("kind", [str, Vaulted], ids=["literal", "vaulted"])
@pytest.mark.parametrize("name", LITERAL)
def test_a_key_in_arguments_is_shown_by_ansible_itself(tmp_path: pathlib.Path, start: Start, name: str, kind: type[str]) -> None:
    """The documentation warns of it: it is Ansible's doing, so should it end, the warning may go."""
    leaky, places, safe = LITERAL[name]
    # a literal one is in the playbook itself, as its author wrote it
    own = ("playbook-*.yml",) if kind is str else ()
    for folder, env, expected in (("leaky", leaky, places), ("safe", {**leaky, **safe}, ())):
        (tmp_path / folder).mkdir()
        player = Player(tmp_path / folder, leak=(*own, *expected))
        assert player.play([info("read", start().url, api_key=kind(KEY))], env=env)["read"]["failed"] is False
        assert len(player.leaked) == len(own) + len(expected), player.leaked
