# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where ansible-navigator's artifact and log hold secrets. `test_runner.py` follows the guide that runs it."""

from __future__ import annotations

import pathlib
import shlex

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.integration.machine import INSTALLED, Machine

KEY = "demo-key-of-account-1001"
PLAY = (
    '[{"hosts": "localhost", "connection": "local", "gather_facts": false, "tasks": [{"hostup.cloud.hostup_account_info": {}}]}]'
)
RUN = "ansible-navigator run play.yml --mode stdout --execution-environment false --log-level debug"

#: How the key is given to the tool -> flags, environment, and what then holds it; the log at the level debug.
WAYS: dict[str, tuple[tuple[str, ...], dict[str, str], set[str]]] = {
    "the environment": ((), {"HOSTUP_API_KEY": KEY}, set()),
    "--penv": (("--penv", "HOSTUP_API_KEY"), {"HOSTUP_API_KEY": KEY}, {"ansible-navigator.log"}),
    "--senv": (("--senv", "HOSTUP_API_KEY=" + KEY), {}, {"artifact.json", "ansible-navigator.log"}),
}


@pytest.mark.parametrize("name", WAYS)
def test_where_a_key_can_be_read(name: str, tmp_path: pathlib.Path) -> None:
    """The documentation has this table. The leak is ansible-navigator's doing: if it ends, the warning may go."""
    flags, environment, expected = WAYS[name]
    with Emulator() as emulator:
        machine = Machine(tmp_path / "here", HOSTUP_API_URL=emulator.url, ANSIBLE_COLLECTIONS_PATH=str(INSTALLED))
        (machine.folder / "play.yml").write_text(PLAY, encoding="utf-8")
        saved = machine.folder / "artifact.json"
        done = machine.run(*shlex.split(RUN), "--playbook-artifact-save-as", str(saved), *flags, environment=environment)
        assert (done.returncode, saved.exists()) == (0, True), done.stdout
        assert [entry.status for entry in emulator.journal] == [200]
    assert machine.secrets() == expected
    # what the tool keeps of its own run is gone
    assert list((machine.folder / "tmp").iterdir()) == []
