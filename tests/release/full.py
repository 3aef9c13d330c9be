# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make rehearse`: the next release, in a repository of its own, with what this tree holds, committed or not."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import pytest
import semantic_version

from ansible_collections.hostup.cloud.tests.tools import release, repository
from ansible_collections.hostup.cloud.tests.tools.repository import git

IMPORTER = repository.ROOT / ".work" / "importer"
FRAGMENT = "changelogs/fragments/rehearsal.yml"


@pytest.fixture
def clone(tmp_path: pathlib.Path) -> pathlib.Path:
    """It has something new, and an address, which it may lack here."""
    clone = tmp_path / "a klön"
    repository.copy(clone)
    (clone / FRAGMENT).parent.mkdir(exist_ok=True)
    (clone / FRAGMENT).write_text("---\ntrivial:\n  - a rehearsal.\n", encoding="utf-8")
    galaxy = clone / "galaxy.yml"
    if not release.metadata(clone).get("repository"):
        galaxy.write_text(galaxy.read_text(encoding="utf-8") + "repository: https://example.com/hostup\n", encoding="utf-8")
    git(clone, "init", "-q")
    # what the repository has in spite of its own .gitignore, too
    git(clone, "add", "--all", "--force")
    _commit(clone)
    repository.link(clone)
    return clone


def _commit(clone: pathlib.Path) -> None:
    git(clone, "add", "--all")
    git(clone, "commit", "-q", "-m", "All")


def _version(clone: pathlib.Path) -> str:
    """The next one."""
    here = release.metadata(clone)["version"]
    return str(max(semantic_version.Version(version) for version in (here, *release.releases(clone))).next_major())


def _run(clone: pathlib.Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(clone / ".work" / "tree")}
    environment["ANSIBLE_COLLECTIONS_PATH"] = environment["PYTHONPATH"]
    command = [sys.executable, "tests/tools/release.py", "--importer", str(IMPORTER), *words]
    return subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True, check=False)


def test_a_release(clone: pathlib.Path) -> None:
    """From the command to what the pipeline builds of its tag, which is the same to the byte."""
    version = _version(clone)
    done = _run(clone, version)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ansible-galaxy collection publish .work/release/hostup-cloud-%s.tar.gz\n" % version in done.stdout
    _commit(clone)
    lines = [line.split("\t") for line in git(clone, "diff", "--name-status", "HEAD~").splitlines()]
    changed = {name: letter for letter, name in lines}
    released = changed.pop("CHANGELOG.rst"), changed.pop("changelogs/changelog.yaml"), changed.pop("galaxy.yml")
    assert released in (("A", "M", "M"), ("M", "M", "M"))
    assert changed.pop(FRAGMENT) == "D"
    assert [name for name in changed if (changed[name], name[: len("changelogs/f")]) != ("D", "changelogs/f")] == []
    assert "\nversion: %s\n" % version in (clone / "galaxy.yml").read_text(encoding="utf-8")
    assert "\nv%s\n=" % version in (clone / "CHANGELOG.rst").read_text(encoding="utf-8")
    total = clone / ".work" / "release" / ("hostup-cloud-%s.tar.gz.sha256" % version)
    before = total.read_text(encoding="utf-8")
    # what `make lint` says of a tree without fragments
    for command in (["antsibull-changelog", "lint"], ["reuse", "lint", "-q"], ["yamllint", "--strict", "."]):
        assert subprocess.run(command, cwd=clone, check=False).returncode == 0, command
    done = _run(clone, "--check", version)
    assert done.returncode == 0, done.stdout + done.stderr
    assert total.read_text(encoding="utf-8") == before
    assert git(clone, "status", "--porcelain") == ""
