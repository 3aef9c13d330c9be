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

from ansible_collections.hostup.cloud.tests.tools import repository, walkthrough


class Copy(t.NamedTuple):
    root: pathlib.Path
    page: str
    steps: list[walkthrough.Step]

    def environment(self) -> dict[str, str]:
        """In which Ansible and Python find the copy, and not this repository."""
        tree = str(self.root / ".work" / "tree")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "HYPOTHESIS_"))}
        return {**kept, "ANSIBLE_COLLECTIONS_PATH": tree, "PYTHONPATH": tree}

    def pytest(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", "-q", *words]
        return subprocess.run(command, cwd=self.root, env=self.environment(), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    root = tmp_path_factory.mktemp("walkthrough") / "a klön"
    repository.copy(root)
    tree = root / ".work" / "tree" / "ansible_collections" / "hostup" / "cloud"
    tree.parent.mkdir(parents=True)
    tree.symlink_to(pathlib.Path("..", "..", "..", ".."))
    (root / ".work" / "venv").symlink_to(pathlib.Path(sys.executable).parents[1])
    # some tests ask git for the repository's files
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)  # noqa: S607 the system's
    page = (repository.ROOT / walkthrough.PAGE).read_text(encoding="utf-8")
    steps = walkthrough.steps(page)
    walkthrough.follow(root, steps)
    return Copy(root, page, steps)
