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

from ansible_collections.hostup.cloud.tests.tools import refusals, release
from ansible_collections.hostup.cloud.tests.tools.refusals import Refused
from ansible_collections.hostup.cloud.tests.tools.repository import ROOT, git

FRAGMENT = "changelogs/fragments/9-new.yml"


@pytest.fixture
def repository(tmp_path: pathlib.Path) -> pathlib.Path:
    """What a release looks at, after 1.10.0 and with something new; its folder has a space and a letter beyond ASCII."""
    root = tmp_path / "a klön"
    (root / FRAGMENT).parent.mkdir(parents=True)
    for name in (".gitignore", "galaxy.yml", "changelogs/config.yaml"):
        shutil.copy(ROOT / name, root / name)
    release.set_version(root / "galaxy.yml", "1.10.0")
    released = {version: {"release_date": "2026-01-02"} for version in ("1.9.0", "1.10.0")}
    (root / "changelogs" / "changelog.yaml").write_text(
        yaml.safe_dump({"ancestor": None, "releases": released}), encoding="utf-8"
    )
    (root / FRAGMENT).write_text("minor_changes:\n  - something - is new.\n", encoding="utf-8")
    git(root, "init", "-q")
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", "All")
    return root


def run(root: pathlib.Path, version: str, *words: str) -> str:
    """What it says as it fails; the tree is what it was."""
    before = git(root, "status", "--porcelain", "--untracked-files=all")
    command = [sys.executable, str(ROOT / "tests" / "tools" / "release.py"), "--root", str(root), *words, version]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert git(root, "status", "--porcelain", "--untracked-files=all") == before
    return done.stderr


def _writes(name: str, text: str | None, commit: bool = True) -> t.Callable[[pathlib.Path], None]:
    """Write the text into a file, or, without one, delete it."""

    def write(root: pathlib.Path) -> None:
        (root / name).unlink(missing_ok=True)
        if text is not None:
            (root / name).write_text(text, encoding="utf-8")
        if commit:
            git(root, "add", "--all")
            git(root, "commit", "-q", "-m", "Again")

    return write


def _nothing(root: pathlib.Path) -> None:
    """As it is."""


REFUSALS: list[tuple[str, t.Callable[[pathlib.Path], object], str, str]] = [
    ("no version", _nothing, "", "Say which version: make release VERSION=1.2.3."),
    ("two numbers", _nothing, "1.2", "VERSION=1.2 is no version: write three numbers"),
    ("a letter in front", _nothing, "v1.2.3", "VERSION=v1.2.3 is no version: write three numbers"),
    ("a leading zero", _nothing, "1.02.0", "VERSION=1.02.0 is no version: write three numbers"),
    ("a pre-release of another kind", _nothing, "1.11.0-beta.1", "VERSION=1.11.0-beta.1 is a pre-release of another kind"),
    ("a build", _nothing, "1.2.3+4", "VERSION=1.2.3+4 has a +"),
    ("released before", _nothing, "1.10.0", "Version 1.10.0 is not newer than 1.10.0, the last release"),
    ("older", _nothing, "1.9.5", "Version 1.9.5 is not newer than 1.10.0, the last release"),
    ("older, as a pre-release", _nothing, "1.10.0-rc.1", "Version 1.10.0-rc.1 is not newer than 1.10.0, the last release"),
    ("a changed file", _writes("galaxy.yml", "", commit=False), "1.11.0", "differs from the last commit (galaxy.yml): commit it"),
    ("a new file", _writes("new.txt", "", commit=False), "1.11.0", "differs from the last commit (new.txt): commit it"),
    ("a tag", lambda root: git(root, "tag", "1.11.0"), "1.11.0", "The tag 1.11.0 is there already"),
    ("nothing new", _writes(FRAGMENT, None), "1.11.0", "There is nothing to release: changelogs/fragments holds no file."),
    ("a fragment of no section", _writes(FRAGMENT, "news:\n  - it\n"), "1.11.0", "%s:0:0: invalid section: news" % FRAGMENT),
    ("two versions", _writes("galaxy.yml", "version: 1\nversion: 2\n"), "1.11.0", "galaxy.yml holds 2 lines that begin with"),
]


@pytest.mark.parametrize(("disturb", "version", "said"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS])
def test_refusals(disturb: t.Callable[[pathlib.Path], object], version: str, said: str, repository: pathlib.Path) -> None:
    disturb(repository)
    shown = run(repository, version)
    assert shown.startswith("make release: ")
    assert said in shown
    assert shown.count("\n") == 1


UNFIT: list[tuple[str, dict[str, str], str, str]] = [
    ("another version", {}, "1.2.0", "galaxy.yml holds version 1.10.0, not 1.2.0: check out the commit of that release."),
    ("no such release", {"version": "1.2.0"}, "1.2.0", "changelogs/changelog.yaml knows no release 1.2.0"),
    ("something new", {}, "1.10.0", "changelogs/fragments holds 9-new.yml, which no release describes"),
    ("not committed", {"beside": "my-notes.txt"}, "1.10.0", "The tree differs from the last commit (my-notes.txt)"),
    ("no address", {"fragment": "none"}, "1.10.0", "Galaxy takes no collection without its repository's address: write it into"),
]


@pytest.mark.parametrize(("change", "version", "said"), [case[1:] for case in UNFIT], ids=[case[0] for case in UNFIT])
def test_what_is_not_fit_to_be_published(change: dict[str, str], version: str, said: str, repository: pathlib.Path) -> None:
    if "version" in change:
        release.set_version(repository / "galaxy.yml", change["version"])
    if "fragment" in change:
        (repository / FRAGMENT).unlink()
    text = (repository / "galaxy.yml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("repository:")]
    (repository / "galaxy.yml").write_text("".join(lines), encoding="utf-8")
    git(repository, "add", "--all")
    git(repository, "commit", "-q", "--allow-empty", "-m", "Changed")
    for name in change.get("beside", "").split():
        (repository / name).write_text("notes", encoding="utf-8")
    assert said in run(repository, version, "--check")


def test_a_release_after_its_pre_release_needs_nothing_new(repository: pathlib.Path) -> None:
    text = (repository / "changelogs" / "changelog.yaml").read_text(encoding="utf-8")
    (repository / "changelogs" / "changelog.yaml").write_text(text.replace("1.10.0", "1.10.0-rc.1"), encoding="utf-8")
    (repository / FRAGMENT).unlink()
    git(repository, "add", "--all")
    git(repository, "commit", "-q", "-m", "A candidate")
    refusals.look(repository, "1.10.0")
    with pytest.raises(Refused, match="There is nothing to release"):
        refusals.look(repository, "1.11.0")


def test_what_fails_on_the_way_changes_nothing(repository: pathlib.Path) -> None:
    """Here it is what builds the artifact that is not there: by then, the clone holds the new version and its changelog."""
    assert "The artifact can't be built" in run(repository, "1.11.0")
    clone = repository / ".work" / "release" / "clone"
    assert "v1.11.0" in (clone / "CHANGELOG.rst").read_text(encoding="utf-8")
    assert "version: 1.11.0\n" in (clone / "galaxy.yml").read_text(encoding="utf-8")


def test_a_tree_that_was_changed_meanwhile_is_left_alone(repository: pathlib.Path, tmp_path: pathlib.Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(repository), str(clone))
    (clone / FRAGMENT).unlink()
    release.set_version(clone / "galaxy.yml", "1.2.0")
    release.set_version(repository / "galaxy.yml", "1.3.0")
    with pytest.raises(Refused, match="The tree was changed meanwhile, and was left so"):
        release.bring_over(clone, repository)
    assert git(repository, "status", "--porcelain").split() == ["M", "galaxy.yml"]
    assert "version: 1.3.0\n" in (repository / "galaxy.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("addressed", [True, False])
def test_what_is_left_to_the_maintainer(addressed: bool) -> None:
    shown = release.next_steps(pathlib.Path("a.tar.gz"), "1.2.0", addressed)
    assert ("write it into galaxy.yml" in shown) == ("make release-check VERSION=1.2.0" in shown) == (not addressed)
    commands = ["git commit -m 'Release 1.2.0'", "git tag -a 1.2.0", "git push", "a.tar.gz.sha256", "collection publish a.tar.gz"]
    places = [shown.find(command) for command in commands]
    assert -1 not in places
    assert places == sorted(places)
