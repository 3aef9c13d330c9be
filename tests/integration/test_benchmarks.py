# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark measures runs that do what they should: it checks each on the emulator's side, and fails otherwise."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys


def test_a_small_benchmark(tmp_path: pathlib.Path) -> None:
    module = "ansible_collections.hostup.cloud.tests.benchmarks"
    files = ["--json", str(tmp_path / "bench.json"), "--markdown", str(tmp_path / "bench.md")]
    done = subprocess.run(
        [sys.executable, "-m", module, "--quick", "--accounts", "2", "--forks", "2", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert {(run["state"], run["what"]) for run in figures["runs"]} == {
        ("", "debug"),
        *((state, what) for state in ("unchanged", "changed") for what in ("uri", "module", "in process")),
    }
    assert [(run["state"], run["what"]) for run in figures["audits"]] == [
        (state, what) for state in ("unchanged", "changed") for what in ("check", "audit")
    ]
    assert all(run["median"]["wall_s"] > 0 and run["median"]["memory_mb"] > 0 for run in figures["runs"])
    assert (tmp_path / "bench.md").read_text(encoding="utf-8") == done.stdout
