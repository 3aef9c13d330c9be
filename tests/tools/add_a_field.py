# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make add-a-field`: all tests in a copy, in the folder that is named, in which CONTRIBUTING.md's walk-through was followed."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

from ansible_collections.hostup.cloud.tests.tools import repository, walkthrough


def main() -> int:
    root = pathlib.Path(sys.argv[1]).absolute()
    shutil.rmtree(root, ignore_errors=True)
    make(root)
    environment = {**os.environ, **{name: str(root / ".work" / "tree") for name in ("ANSIBLE_COLLECTIONS_PATH", "PYTHONPATH")}}
    artifact = [sys.executable, "tests/tools/build_artifact.py", ".work/artifact"]
    site = [sys.executable, "-m", "ansible_collections.hostup.cloud.docs.site.build", ".work/docs"]
    # the walk-through is done: it can't be followed there again
    tests = [sys.executable, "-m", "pytest", "--ignore=tests/walkthrough", *sys.argv[2:]]
    codes = [subprocess.run(command, cwd=root, env=environment, check=False).returncode for command in (artifact, site, tests)]
    return max(codes)


def make(root: pathlib.Path) -> list[walkthrough.Step]:
    """Copy the repository, with what `make` sets up, and follow the walk-through, whose steps are returned."""
    repository.copy(root)
    repository.link(root)
    (root / ".work" / "venv").symlink_to(pathlib.Path(sys.executable).parents[1])
    # some tests, and the artifact, ask git for the repository's files
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)  # noqa: S607 the system's
    subprocess.run(["git", "add", "--all", "--force", "--", ".", ":!.work"], cwd=root, check=True)  # noqa: S607 the system's
    steps = walkthrough.steps((repository.ROOT / walkthrough.PAGE).read_text(encoding="utf-8"))
    walkthrough.follow(root, steps)
    return steps


if __name__ == "__main__":
    sys.exit(main())
