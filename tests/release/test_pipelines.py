# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The repository's own pipelines run `make` and nothing else, and may do no more than that needs; `make help` is complete."""

from __future__ import annotations

import re
import subprocess
import typing as t

import pytest
import yaml

from ansible_collections.hostup.cloud.tests.tools.repository import ROOT

WORKFLOWS = sorted(path.name for path in (ROOT / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
#: Targets that are commands and make no file.
COMMANDS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))


def _workflow(name: str) -> dict[str, t.Any]:
    workflow: dict[str, t.Any] = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8"))
    return workflow


def _commands(workflow: dict[str, t.Any]) -> list[str]:
    """What its steps run, once for each target of a matrix."""
    found = []
    for job in workflow["jobs"].values():
        targets = job.get("strategy", {}).get("matrix", {}).get("target", [""])
        for step in job["steps"]:
            found += [step["run"].replace('"$TARGET"', target) for target in targets if "run" in step]
    return found


def test_there_are_pipelines() -> None:
    assert WORKFLOWS == ["long.yml", "release.yml", "test.yml"]
    # what takes too long for each push runs all the same
    assert {command.split()[1] for command in _commands(_workflow("long.yml"))} == {
        *("compat", "faults", "sweep", "contract", "properties", "stores", "rehearse", "add-a-field")
    }
    assert _commands(_workflow("test.yml")) == [".ci/run"]
    assert [command.split()[1] for command in _commands(_workflow("release.yml"))] == ["release-check"]
    # make and its shell would run what is in a tag's name: this lets no other signs through
    assert [re.sub(r"\[0-9\]\+", "N", tag) for tag in _workflow("release.yml")["on"]["push"]["tags"]] == ["N.N.N", "N.N.N-rc.N"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_pipeline_runs_make_and_may_only_read(name: str) -> None:
    workflow = _workflow(name)
    for command in _commands(workflow):
        program, *words = command.split()
        assert command == ".ci/run" or (program, words[0] in COMMANDS, words[1:]) in (
            ("make", True, []),
            ("make", True, ['VERSION="$GITHUB_REF_NAME"']),
        )
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in str(workflow)
    # with that trigger, somebody else's code would run with this repository's rights
    assert "pull_request_target" not in workflow["on"]
    for job in workflow["jobs"].values():
        assert "permissions" not in job
        for step in job["steps"]:
            # the forge's own actions alone, and no token left behind
            assert step.get("uses", "actions/").startswith("actions/")
            if "actions/checkout@" in step.get("uses", ""):
                assert step["with"] == {"persist-credentials": False}
            assert "${{" not in step.get("run", "")


def test_help_names_every_command() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    (phony,) = re.findall(r"^\.PHONY: ((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)
    assert set(phony.replace("\\\n", " ").split()) == COMMANDS
    # `programs` is a part of others
    assert [name for name in sorted(COMMANDS - {"help", "programs"}) if not re.search(r"\b%s\b" % name, shown)] == []
