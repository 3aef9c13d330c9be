# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `make release` refuses before it begins, one sentence each."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import typing as t

import semantic_version
import yaml

NO_ADDRESS = "Galaxy takes no collection without its repository's address: write it into galaxy.yml, as repository: https://..."


class Refused(Exception):
    """Why nothing is released, in a sentence that says what to do."""


def look(root: pathlib.Path, version: str) -> None:
    """Raise Refused where the repository, or the version for it, is not fit for a release."""
    wanted = _parsed(version)
    _see_that_all_is_committed(root)
    released = releases(root)
    last = max(released, key=semantic_version.Version, default=None)
    if last and wanted <= semantic_version.Version(last):
        raise Refused(
            "Version %s is not newer than %s, the last release in changelogs/changelog.yaml: say a higher one." % (version, last)
        )
    if ask("git", ["tag", "--list", version], root, "git can't list its tags").strip():
        raise Refused("The tag %s is there already, and the changelog knows no such release: say another version." % version)
    # what a pre-release had is what the release has
    if not fragments(root) and not (last and semantic_version.Version(last).truncate() == wanted):
        raise Refused(
            "There is nothing to release: changelogs/fragments holds no file. Describe what users see in one (CONTRIBUTING.md)."
        )
    ask("antsibull-changelog", ["lint"], root, "A file in changelogs/fragments is not right: mend it")


def look_at_released(root: pathlib.Path, version: str) -> None:
    """Raise Refused where the tree does not hold this release, committed, and nothing newer."""
    _parsed(version)
    _see_that_all_is_committed(root)
    here = _metadata(root)["version"]
    if here != version:
        raise Refused("galaxy.yml holds version %s, not %s: check out the commit of that release." % (here, version))
    if version not in releases(root):
        raise Refused("changelogs/changelog.yaml knows no release %s: make it with make release VERSION=%s." % (version, version))
    if fragments(root):
        raise Refused(
            "changelogs/fragments holds %s, which no release describes: check out the commit of release %s."
            % (fragments(root)[0], version)
        )

    if not is_addressed(root):
        raise Refused(NO_ADDRESS)


def is_addressed(root: pathlib.Path) -> bool:
    """Whether the collection names the repository that it comes from."""
    return bool(_metadata(root).get("repository"))


def _metadata(root: pathlib.Path) -> dict[str, t.Any]:
    found: dict[str, t.Any] = yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))
    return found


def releases(root: pathlib.Path) -> dict[str, t.Any]:
    """The changelog's releases, by version."""
    found: dict[str, t.Any] = yaml.safe_load((root / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))["releases"]
    return found


def fragments(root: pathlib.Path) -> list[str]:
    """The names of what is not released yet."""
    return sorted(path.name for path in (root / "changelogs" / "fragments").glob("*.y*ml"))


def ask(program: str, words: list[str], folder: pathlib.Path, otherwise: str) -> str:
    """What a program prints in a folder. Raises Refused where it fails, with these words, and its own."""
    path = shutil.which(program)
    if not path:
        raise Refused("%s is not installed: run this with make." % program)
    # the collection whose plugins the changelog lists is that folder
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(folder / ".work" / "tree")}
    done = subprocess.run([path, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused("%s: %s" % (otherwise, (done.stderr + done.stdout).strip()))
    return done.stdout


def _parsed(version: str) -> semantic_version.Version:
    if not version:
        raise Refused("Say which version: make release VERSION=1.2.3.")
    try:
        parsed = semantic_version.Version(version)
    except ValueError:
        raise Refused("VERSION=%s is no version: write three numbers, as in 1.2.3 (semver.org)." % version) from None
    if parsed.prerelease and not re.fullmatch("rc[.][0-9]+", ".".join(parsed.prerelease)):
        raise Refused("VERSION=%s is a pre-release of another kind than 1.2.3-rc.1, for which there is no pipeline." % version)
    if parsed.build:
        raise Refused("VERSION=%s has a +, of which Galaxy's order of versions knows nothing: leave that part out." % version)
    return parsed


def _see_that_all_is_committed(root: pathlib.Path) -> None:
    changed = ask("git", ["status", "--porcelain"], root, "This is no git repository").splitlines()
    if changed:
        more = " and %d more" % (len(changed) - 1) if changed[1:] else ""
        raise Refused("The tree differs from the last commit (%s%s): commit it, or put it away." % (changed[0][3:], more))
