# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection under ansible-navigator, without a container: the same results, and where its artifact and log hold secrets."""

from __future__ import annotations

import json
import pathlib
import shutil
import typing as t

import pytest
import yaml

from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.integration.machine import INSTALLED, Machine
from ansible_collections.hostup.cloud.tests.integration.runner import ROOT

KEY = "demo-key-of-account-1001"
IDENTITIES = "read@~/.hostup/read-password,write@~/.hostup/write-password"


@pytest.fixture
def emulator() -> t.Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


def _navigate(machine: Machine, playbook: str, *flags: str, environment: dict[str, str]) -> tuple[int, dict[str, t.Any]]:
    """The exit code, and the artifact."""
    saved = machine.folder / "artifact.json"
    saved.unlink(missing_ok=True)
    line = ["ansible-navigator", "run", playbook, "--mode", "stdout", "--execution-environment", "false", "--log-level", "debug"]
    done = machine.run(*line, "--playbook-artifact-save-as", str(saved), *flags, environment=environment)
    assert saved.exists(), done.stdout
    return done.returncode, json.loads(saved.read_text(encoding="utf-8"))


def _tasks(artifact: dict[str, t.Any]) -> t.Iterator[dict[str, t.Any]]:
    for play in artifact["plays"]:
        yield from play["tasks"]


def test_audit_and_apply(tmp_path: pathlib.Path, emulator: Emulator) -> None:
    machine = Machine(tmp_path / "here", HOSTUP_API_URL=emulator.url, ANSIBLE_COLLECTIONS_PATH=str(INSTALLED))
    machine.keep_passwords()
    shutil.copytree(ROOT / "examples" / "gitops", machine.folder, dirs_exist_ok=True)
    environment = {"ANSIBLE_VAULT_IDENTITY_LIST": IDENTITIES}
    # of the reports, the one that takes no time
    json_alone = ("-e", '{"hostup_audit_formats": ["json"]}')
    runs = [_navigate(machine, playbook, *json_alone, environment=environment) for playbook in ("hostup.cloud.audit", "site.yml")]
    assert [(code, artifact["status"]) for code, artifact in runs] == [(2, "failed"), (0, "successful")]
    assert "1 of 3 accounts drifted: see hostup-audit/audit.json" in "\n".join(runs[0][1]["stdout"])
    changed = [(task["task"], task["host"]) for task in _tasks(runs[1][1]) if task["res"].get("changed")]
    assert changed == [("The account's details, as declared", "example-ab")]
    methods = [entry.method for entry in emulator.journal]
    assert sorted(methods) == ["GET"] * (4 + 5) + ["POST"]
    # the artifact, the log, the reports; and what the tool keeps of its own run is gone
    assert machine.secrets() == set()
    assert list((machine.folder / "tmp").iterdir()) == []


#: How the key is given to the tool -> flags, environment, and what then holds it; the log at the level debug.
WAYS: dict[str, tuple[tuple[str, ...], dict[str, str], set[str]]] = {
    "the environment": ((), {"HOSTUP_API_KEY": KEY}, set()),
    "--penv": (("--penv", "HOSTUP_API_KEY"), {"HOSTUP_API_KEY": KEY}, {"ansible-navigator.log"}),
    "--senv": (("--senv", "HOSTUP_API_KEY=" + KEY), {}, {"artifact.json", "ansible-navigator.log"}),
}


@pytest.mark.parametrize("name", WAYS)
def test_where_a_key_can_be_read(name: str, tmp_path: pathlib.Path, emulator: Emulator) -> None:
    """The documentation has this table. The leak is ansible-navigator's doing: should it end, the warning may go."""
    flags, environment, expected = WAYS[name]
    machine = Machine(tmp_path / "here", HOSTUP_API_URL=emulator.url, ANSIBLE_COLLECTIONS_PATH=str(INSTALLED))
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "tasks": [{"hostup.cloud.hostup_account_info": {}}],
    }
    (machine.folder / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
    code, dummy = _navigate(machine, "play.yml", *flags, environment=environment)
    assert (code, [entry.status for entry in emulator.journal]) == (0, [200])
    assert machine.secrets() == expected


def test_an_artifact_goes_beside_its_playbook(tmp_path: pathlib.Path, emulator: Emulator) -> None:
    """The documentation warns: without another place for it, the artifact of a collection's playbook lies in the collection."""
    shutil.copytree(INSTALLED, tmp_path / "installed", ignore=shutil.ignore_patterns("__pycache__"))
    machine = Machine(tmp_path / "here", HOSTUP_API_URL=emulator.url, ANSIBLE_COLLECTIONS_PATH=str(tmp_path / "installed"))
    line = ["ansible-navigator", "run", "hostup.cloud.audit", "--mode", "stdout", "--execution-environment", "false"]
    done = machine.run(*line, "-i", "localhost,")
    assert done.returncode == 2, done.stdout
    assert len(list((tmp_path / "installed" / "ansible_collections" / "hostup" / "cloud" / "playbooks").glob("*.json"))) == 1
