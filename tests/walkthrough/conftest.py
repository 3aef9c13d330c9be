# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A copy of the repository in which the walk-through was followed to its end."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.tools import add_a_field
from ansible_collections.hostup.cloud.tests.tools.repository import ROOT
from ansible_collections.hostup.cloud.tests.tools.walkthrough import PAGE, Step


class Copy(t.NamedTuple):
    root: pathlib.Path
    page: str
    steps: list[Step]

    def environment(self) -> dict[str, str]:
        """In which Ansible and Python find the copy, and not this repository."""
        tree = str(self.root / ".work" / "tree")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "HYPOTHESIS_"))}
        return {**kept, "ANSIBLE_COLLECTIONS_PATH": tree, "PYTHONPATH": tree}

    def pytest(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", "-q", "--color=no", *words]
        return subprocess.run(command, cwd=self.root, env=self.environment(), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    root = tmp_path_factory.mktemp("walkthrough") / "a klön"
    return Copy(root, (ROOT / PAGE).read_text(encoding="utf-8"), add_a_field.make(root))
