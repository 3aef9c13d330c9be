# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make release` refuses in one sentence, and leaves the tree as it was. `make rehearse` lets it succeed."""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys
import typing as t

import pytest
import yaml

from ansible_collections.hostup.cloud.tests.tools import importer, release
from ansible_collections.hostup.cloud.tests.tools.repository import ROOT, git

FRAGMENT = "changelogs/fragments/9-new.yml"
CHANGELOG = "changelogs/changelog.yaml"


@pytest.fixture
def repository(tmp_path: pathlib.Path) -> pathlib.Path:
    """What a release looks at, after 1.10.0 and with something new; its folder has a space and a letter beyond ASCII."""
    root = tmp_path / "a klön"
    (root / FRAGMENT).parent.mkdir(parents=True)
    for name in (".gitignore", "galaxy.yml", "changelogs/config.yaml"):
        shutil.copy(ROOT / name, root / name)
    release.set_version(root / "galaxy.yml", "1.10.0")
    released = {version: {"release_date": "2026-01-02"} for version in ("1.9.0", "1.10.0")}
    (root / CHANGELOG).write_text(yaml.safe_dump({"ancestor": None, "releases": released}), encoding="utf-8")
    (root / FRAGMENT).write_text("minor_changes:\n  - something - is new.\n", encoding="utf-8")
    git(root, "init", "-q")
    _commit(root)
    return root


def _commit(root: pathlib.Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", "All")


def _writes(name: str, text: str | None, commit: bool = True) -> t.Callable[[pathlib.Path], None]:
    """Write the text into a file, or, without one, delete it."""

    def write(root: pathlib.Path) -> None:
        (root / name).unlink(missing_ok=True)
        if text is not None:
            (root / name).write_text(text, encoding="utf-8")
        if commit:
            _commit(root)

    return write


def _becomes(version: str) -> t.Callable[[pathlib.Path], None]:
    """Write the version into galaxy.yml."""

    def write(root: pathlib.Path) -> None:
        release.set_version(root / "galaxy.yml", version)
        _commit(root)

    return write


def _without_address(root: pathlib.Path) -> None:
    text = (root / "galaxy.yml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("repository:")]
    (root / "galaxy.yml").write_text("".join([*lines, "# nobody's\n"]), encoding="utf-8")
    _writes(FRAGMENT, None)(root)


def _nothing(root: pathlib.Path) -> None:
    """Leave it as it is."""


Disturb = t.Callable[[pathlib.Path], object]
REFUSALS: dict[str, tuple[Disturb, str, str]] = {
    "no version": (_nothing, "", "Say which version: make release VERSION=1.2.3."),
    "two numbers": (_nothing, "1.2", "VERSION=1.2 is no version: write three numbers"),
    "a pre-release of another kind": (_nothing, "1.11.0-beta.1", "beside three numbers, only -rc.1 and the like"),
    "a build": (_nothing, "1.2.3+4", "beside three numbers, only -rc.1 and the like"),
    "released before": (_nothing, "1.10.0", "Version 1.10.0 is not newer than 1.10.0, the last release"),
    "older, as a pre-release": (_nothing, "1.10.0-rc.1", "Version 1.10.0-rc.1 is not newer than 1.10.0, the last release"),
    "a changed file": (_writes("galaxy.yml", "", commit=False), "1.11.0", "differs from the last commit (galaxy.yml): commit it"),
    "a tag": (lambda root: git(root, "tag", "1.11.0"), "1.11.0", "The tag 1.11.0 is there already"),
    "nothing new": (_writes(FRAGMENT, None), "1.11.0", "There is nothing to release: changelogs/fragments holds no file."),
    "a fragment of no section": (_writes(FRAGMENT, "news:\n  - it\n"), "1.11.0", "%s:0:0: invalid section: news" % FRAGMENT),
    "two versions": (_writes("galaxy.yml", "version: 1\nversion: 2\n"), "1.11.0", "galaxy.yml holds 2 lines that begin with"),
    "check: another version": (_nothing, "1.2.0", "galaxy.yml holds version 1.10.0, not 1.2.0: check out the commit"),
    "check: no such release": (_becomes("1.2.0"), "1.2.0", "changelogs/changelog.yaml knows no release 1.2.0"),
    "check: something new": (_nothing, "1.10.0", "changelogs/fragments holds 9-new.yml, which no release describes"),
    "check: not committed": (_writes("my-notes.txt", "", commit=False), "1.10.0", "The tree differs from the last commit (my-"),
    "check: no address": (_without_address, "1.10.0", "Galaxy takes no collection without its repository's address: write it"),
}


def _release(root: pathlib.Path, version: str, *words: str) -> str:
    """What it says as it fails; the tree is what it was."""
    before = git(root, "status", "--porcelain", "--untracked-files=all")
    command = [sys.executable, str(ROOT / "tests" / "tools" / "release.py"), "--root", str(root), *words, version]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert git(root, "status", "--porcelain", "--untracked-files=all") == before
    return done.stderr


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals(name: str, repository: pathlib.Path) -> None:
    disturb, version, said = REFUSALS[name]
    disturb(repository)
    shown = _release(repository, version, *(["--check"] if name.startswith("check") else []))
    assert shown.startswith("make release: ")
    assert said in shown
    assert shown.count("\n") == 1


def test_a_release_after_its_pre_release_needs_nothing_new(repository: pathlib.Path) -> None:
    text = (repository / CHANGELOG).read_text(encoding="utf-8")
    (repository / CHANGELOG).write_text(text.replace("1.10.0", "1.10.0-rc.1"), encoding="utf-8")
    _writes(FRAGMENT, None)(repository)
    release.require_releasable(repository, "1.10.0")
    with pytest.raises(release.Refused, match="There is nothing to release"):
        release.require_releasable(repository, "1.11.0")


def test_failure_on_the_way_changes_nothing(repository: pathlib.Path) -> None:
    """Here the builder of the artifact is missing: by then, the clone holds the new version and its changelog."""
    assert "The artifact can't be built" in _release(repository, "1.11.0")
    clone = repository / ".work" / "release" / "clone"
    assert "v1.11.0" in (clone / "CHANGELOG.rst").read_text(encoding="utf-8")


#: What Galaxy's importer prints of a collection without faults.
GOOD = "\n".join(["WARNING: a.py:164:53: E203 whitespace before ':'", *importer.RAN])


@pytest.mark.parametrize(
    ("output", "complaints"),
    [
        (GOOD, []),
        *((GOOD.replace(text, ""), ["It did not say %r." % text]) for text in importer.RAN),
        *(
            (GOOD + "\n" + text, [text])
            for text in (
                "WARNING: plugins/a.py:1:1: F401 'os' imported but unused",
                "ERROR: The import failed for the following reason: Invalid collection metadata.",
                "Traceback (most recent call last):",
            )
        ),
    ],
)
def test_what_the_importer_says_is_judged(output: str, complaints: list[str]) -> None:
    """`make rehearse` runs the importer itself."""
    assert importer.complaints(output) == complaints
