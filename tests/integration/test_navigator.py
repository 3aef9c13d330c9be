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


JSON_ALONE = ("-e", '{"hostup_audit_formats": ["json"]}')


@pytest.fixture
def emulator() -> t.Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def machine(tmp_path: pathlib.Path, emulator: Emulator) -> Machine:
    return Machine(tmp_path / "here", HOSTUP_API_URL=emulator.url, ANSIBLE_COLLECTIONS_PATH=str(INSTALLED))


def _navigate(machine: Machine, playbook: str, *flags: str, **environment: str) -> tuple[int, dict[str, t.Any]]:
    """The exit code, and the artifact."""
    saved = machine.folder / "artifact.json"
    saved.unlink(missing_ok=True)
    line = ["ansible-navigator", "run", playbook, "--mode", "stdout", "--execution-environment", "false", "--log-level", "debug"]
    done = machine.run(*line, "--playbook-artifact-save-as", str(saved), *flags, environment=environment)
    assert saved.exists(), done.stdout
    return done.returncode, json.loads(saved.read_text(encoding="utf-8"))


def test_audit_and_apply(machine: Machine, emulator: Emulator) -> None:
    machine.keep_passwords()
    shutil.copytree(ROOT / "examples" / "gitops", machine.folder, dirs_exist_ok=True)
    audit, apply = (
        _navigate(machine, playbook, *JSON_ALONE, ANSIBLE_VAULT_IDENTITY_LIST=IDENTITIES)
        for playbook in ("hostup.cloud.audit", "site.yml")
    )
    assert [(code, artifact["status"]) for code, artifact in (audit, apply)] == [(2, "failed"), (0, "successful")]
    assert "1 of 3 accounts drifted: see hostup-audit/audit.json" in "\n".join(audit[1]["stdout"])
    tasks = [task for play in apply[1]["plays"] for task in play["tasks"]]
    changed = [(task["task"], task["host"]) for task in tasks if task["res"].get("changed")]
    assert changed == [("The account's details, as declared", "example-ab")]
    assert sorted(entry.method for entry in emulator.journal) == ["GET"] * (4 + 5) + ["POST"]
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
def test_where_a_key_can_be_read(name: str, machine: Machine, emulator: Emulator) -> None:
    """The documentation has this table. The leak is ansible-navigator's doing: if it ends, the warning may go."""
    flags, environment, expected = WAYS[name]
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "tasks": [{"hostup.cloud.hostup_account_info": {}}],
    }
    (machine.folder / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
    code, dummy = _navigate(machine, "play.yml", *flags, **environment)
    assert (code, [entry.status for entry in emulator.journal]) == (0, [200])
    assert machine.secrets() == expected
