# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make release VERSION=1.2.3`, and `make release-check VERSION=1.2.3` for what is already committed.

A release is made in a clone: version, changelog, artifact, Galaxy's importer, and the demo from the installed artifact. Only
when all of it has passed do the changes come over, in one step that git does as a whole or not at all.
"""

from __future__ import annotations

import argparse
import calendar
import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import typing as t

import semantic_version
import yaml

from ansible_collections.hostup.cloud.tests.tools import importer as galaxy
from ansible_collections.hostup.cloud.tests.tools import repository

NO_ADDRESS = "Galaxy takes no collection without its repository's address: write it into galaxy.yml, as repository: https://..."

NEXT_STEPS = """
Released: nothing yet. {artifact} is built and has passed. What is left to you:

    git diff    # look at galaxy.yml and CHANGELOG.rst
    git add galaxy.yml CHANGELOG.rst changelogs && git commit -m 'Release {version}'
    git tag -a {version} -m {version}
    git push --follow-tags
    # the tag's pipeline builds the artifact, too: compare its checksum with {artifact}.sha256
    ansible-galaxy collection publish {artifact}

Undo: git checkout . && git clean -f CHANGELOG.rst"""


class Refused(Exception):
    """Why nothing is released, in a sentence that says what to do."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", help="the release's, three numbers as in 1.2.3")
    parser.add_argument("--root", type=pathlib.Path, default=repository.ROOT, help="the repository (default: this one)")
    parser.add_argument("--importer", type=pathlib.Path, default=repository.ROOT / ".work" / "importer", help="its environment")
    parser.add_argument("--check", action="store_true", help="change nothing: is what is in the tree fit to be published?")
    args = parser.parse_args()
    try:
        (check if args.check else release)(args.root.resolve(), args.version, args.importer)
    except Refused as refused:
        print("make release: %s" % refused, file=sys.stderr)
        return 1
    return 0


def release(root: pathlib.Path, version: str, importer: pathlib.Path) -> None:
    """Make a release. Raises Refused, with nothing changed but in .work."""
    require_releasable(root, version)
    work = root / ".work" / "release"
    shutil.rmtree(work, ignore_errors=True)
    clone = work / "clone"
    _run(["git", "clone", "-q", str(root), str(clone)], root, "The repository can't be cloned")
    repository.link(clone)
    _say("version %s and its changelog, in a clone" % version)
    set_version(clone / "galaxy.yml", version)
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    _run(["antsibull-changelog", "release", "--date", today], clone, "The changelog can't be written")
    artifact = build(clone, work, importer)
    _bring_over(clone, root)
    shutil.rmtree(clone)
    print(NEXT_STEPS.format(artifact=artifact.relative_to(root), version=version))
    if not metadata(root).get("repository"):
        print("\nBefore the commit: %s Then build it anew, with make release-check VERSION=%s." % (NO_ADDRESS, version))


def check(root: pathlib.Path, version: str, importer: pathlib.Path) -> None:
    """Build the artifact of the committed tree, as `make release` did, to the byte. Raises Refused."""
    require_released(root, version)
    artifact = build(root, root / ".work" / "release", importer)
    print("\n%s is fit to be published." % artifact.relative_to(root))


def require_releasable(root: pathlib.Path, version: str) -> None:
    """Raise Refused if the repository, or the version for it, is not fit for a release."""
    wanted = _parsed(version)
    _require_committed(root)
    last = max(releases(root), key=semantic_version.Version, default=None)
    if last and wanted <= semantic_version.Version(last):
        raise Refused("Version %s is not newer than %s, the last release: say a higher one." % (version, last))
    if _run(["git", "tag", "--list", version], root, "git can't list its tags").strip():
        raise Refused("The tag %s is there already, and the changelog knows no such release: say another version." % version)
    # what a pre-release had is what the release has
    if not _fragments(root) and not (last and semantic_version.Version(last).truncate() == wanted):
        raise Refused(
            "There is nothing to release: changelogs/fragments holds no file. Describe what users see (CONTRIBUTING.md)."
        )
    _run(["antsibull-changelog", "lint"], root, "A file in changelogs/fragments is not right: fix it")


def require_released(root: pathlib.Path, version: str) -> None:
    """Raise Refused if the tree does not hold this release, committed, and nothing newer."""
    _parsed(version)
    _require_committed(root)
    here, fragments = metadata(root), _fragments(root)
    if here["version"] != version:
        raise Refused("galaxy.yml holds version %s, not %s: check out the commit of that release." % (here["version"], version))
    if version not in releases(root):
        raise Refused("changelogs/changelog.yaml knows no release %s: make it with make release VERSION=%s." % (version, version))
    if fragments:
        text = "changelogs/fragments holds %s, which no release describes: check out the commit of release %s."
        raise Refused(text % (fragments[0], version))
    if not here.get("repository"):
        raise Refused(NO_ADDRESS)


def build(tree: pathlib.Path, work: pathlib.Path, importer: pathlib.Path) -> pathlib.Path:
    """The artifact of a tree that holds a release, in the folder `work`, if users and Galaxy can take it. Raises Refused."""
    version = metadata(tree)["version"]
    _say("the artifact, twice, installed into an empty folder")
    # the release's day, not the commit's second: before the commit and after it, the artifact is the same to the byte
    day = time.strptime(str(releases(tree)[version]["release_date"]), "%Y-%m-%d")
    command = [sys.executable, str(tree / "tests" / "tools" / "build_artifact.py"), str(work / "artifact")]
    epoch = {"SOURCE_DATE_EPOCH": str(calendar.timegm(day))}
    _run(command, tree, "The artifact can't be built", tree / ".work" / "tree", epoch)
    (built,) = (work / "artifact").glob("*.tar.gz")
    _say("Galaxy's importer")
    if wrong := galaxy.complaints(galaxy.run(built, importer, work / "importer")):
        raise Refused("Galaxy's importer complains; fix this, or name it in tests/tools/importer.py:\n%s" % "\n".join(wrong))
    _say("the demo, from the installed artifact")
    installed = work / "artifact" / "installed"
    demo = installed / "ansible_collections" / "hostup" / "cloud" / "tests" / "demo.py"
    _run([sys.executable, str(demo)], installed, "The demo fails once it is installed", installed)
    for path in (built, built.with_name(built.name + ".sha256")):
        shutil.copy2(path, work / path.name)
    return work / built.name


def set_version(path: pathlib.Path, version: str) -> None:
    """Write the version into galaxy.yml. Raises Refused if it does not hold one line for it."""
    text, count = re.subn("^version: .*$", "version: " + version, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if count != 1:
        raise Refused("galaxy.yml holds %d lines that begin with 'version: ', and one is wanted: fix it." % count)
    path.write_text(text, encoding="utf-8")


def metadata(root: pathlib.Path) -> dict[str, t.Any]:
    """What galaxy.yml says."""
    return t.cast("dict[str, t.Any]", yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8")))


def releases(root: pathlib.Path) -> dict[str, t.Any]:
    """The changelog's releases, by version."""
    changelog = yaml.safe_load((root / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))
    return t.cast("dict[str, t.Any]", changelog["releases"])


def _fragments(root: pathlib.Path) -> list[str]:
    """The names of the files that describe what is not released yet."""
    return sorted(path.name for path in (root / "changelogs" / "fragments").glob("*.y*ml"))


def _parsed(version: str) -> semantic_version.Version:
    if not version:
        raise Refused("Say which version: make release VERSION=1.2.3.")
    try:
        parsed = semantic_version.Version(version)
    except ValueError:
        raise Refused("VERSION=%s is no version: write three numbers, as in 1.2.3 (semver.org)." % version) from None
    if parsed.build or (parsed.prerelease and not re.fullmatch("rc[.][0-9]+", ".".join(parsed.prerelease))):
        raise Refused("VERSION=%s: beside three numbers, only -rc.1 and the like is taken by the tag's pipeline." % version)
    return parsed


def _require_committed(root: pathlib.Path) -> None:
    changed = _run(["git", "status", "--porcelain"], root, "This is no git repository").splitlines()
    if changed:
        more = " and %d more" % (len(changed) - 1) if changed[1:] else ""
        raise Refused("The tree differs from the last commit (%s%s): commit it, or put it away." % (changed[0][3:], more))


def _bring_over(clone: pathlib.Path, root: pathlib.Path) -> None:
    """Make the clone's changes here, too: all, or, raising Refused, none."""
    patch = clone.with_suffix(".patch")
    _run(["git", "add", "--all"], clone, "git can't take the changes")
    _run(["git", "diff", "--cached", "--binary", "--output=%s" % patch], clone, "git can't tell the changes")
    _run(["git", "apply", str(patch)], root, "The tree was changed meanwhile, and was left so")
    patch.unlink()


def _run(
    command: list[str],
    folder: pathlib.Path,
    otherwise: str,
    collections: pathlib.Path | None = None,
    more: t.Mapping[str, str] | None = None,
) -> str:
    """What a program prints in a folder. Raises Refused if it fails, with the words `otherwise` and its own.

    collections: where Ansible and Python find collections; by default, Ansible finds the folder's.
    """
    found = {"ANSIBLE_COLLECTIONS_PATH": str(collections or folder / ".work" / "tree")}
    if collections:
        found["PYTHONPATH"] = str(collections)
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **found, **(more or {})}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Refused("%s: %s" % (otherwise, (done.stderr + done.stdout).strip()[-8000:]))
    return done.stdout


def _say(text: str) -> None:
    print("== " + text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
