# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection as users get it: built, installed with ansible-galaxy, run; and the quick start, as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import ROOT, Player, account, info
from ansible_collections.hostup.cloud.tests.tools import repository

#: `make artifact` puts it there.
INSTALLED = ROOT / ".work" / "artifact" / "installed"


def test_the_artifact_runs(player: Player, start: Start) -> None:
    emulator = start()
    tasks = [account(name, emulator.url, city="Lund") for name in ("first", "second")] + [info("read", emulator.url)]
    played = player.play(tasks, "-vvvv", env={"ANSIBLE_COLLECTIONS_PATH": str(INSTALLED)})
    assert "hostup.cloud from %s" % (INSTALLED / "ansible_collections" / "hostup" / "cloud") in played.output
    assert [played[name]["changed"] for name in ("first", "second", "read")] == [True, False, False]
    assert [entry.method for entry in emulator.journal] == ["GET", "POST", "GET", "GET", "GET"]


def test_the_artifact_is_complete_and_lean() -> None:
    """Every file that git has, but those for developing; and nothing that git has not."""
    root = INSTALLED / "ansible_collections" / "hostup" / "cloud"
    installed = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    left_out = (".ci/", ".github/", "docs/site/", ".gitignore", "Makefile", "galaxy.yml", "pyproject.toml")
    wanted = {name for name in repository.tracked() if not name.startswith(left_out)}
    assert installed == wanted | {"MANIFEST.json", "FILES.json"}


def test_the_emulator_of_the_artifact_starts() -> None:
    command = [sys.executable, "-m", "ansible_collections.hostup.cloud.tests.emulator", "--help"]
    environment = {**os.environ, "PYTHONPATH": str(INSTALLED)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=INSTALLED)
    assert "emulator of the HostUp account API" in done.stdout


def test_the_demo_shows_the_main_job() -> None:
    """Check, apply, apply again; settings and an invoice; then drift that an audit finds, and apply mends."""
    done = subprocess.run([sys.executable, str(ROOT / "tests" / "demo.py")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    runs = re.findall(r"^(changed|ok|fatal|failed): \[localhost\]", done.stdout, re.MULTILINE)
    assert runs == ["changed", "changed", "ok", *["changed", "ok", "ok"], *["ok", "ok", "ok"]]
    assert re.findall("Exit code (.*?)\\. The emulator saw: (.*)", done.stdout) == [
        ("0", "1 GET"),
        ("0", "2 GET, 1 POST"),
        ("0", "1 GET"),
        ("0", "5 GET, 1 PATCH"),
        ("0", "5 GET"),
        ("2", "4 GET"),
        ("0", "6 GET, 3 POST"),
        ("0", "4 GET"),
    ]
    assert re.findall(r"invoice.differs_from_account:\n +- (.*)\n +- (.*)", done.stdout) == [("address", "city")] * 2
    assert "sample-bakery: company_name, preferences.timezone drifted" in done.stdout
    assert "city: Göteborg" in done.stdout
    assert "2 of 3 accounts drifted: see ../../.work/demo/drifted/audit.html" in done.stdout
    assert "Drottninggatan 9" in (ROOT / ".work" / "demo" / "drifted" / "audit.html").read_text(encoding="utf-8")
    assert "$ANSIBLE_VAULT;1.1;AES256" in done.stdout
    assert [word for word in ("demo-key", "demo-read", "demo-write", "Drottninggatan") if word in done.stdout + done.stderr] == []
