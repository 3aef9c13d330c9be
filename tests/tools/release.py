# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make release VERSION=1.2.3`, and `make release-check VERSION=1.2.3` for what is in the tree already.

A release is made in a clone: version, changelog, artifact, Galaxy's importer, and the demo from the installed artifact. Only
when all of it has passed do the changes come over, in one step that git does as a whole or not at all.
"""

from __future__ import annotations

import argparse
import datetime
import pathlib
import re
import shutil
import subprocess
import sys

import yaml

from ansible_collections.hostup.cloud.tests.tools import publishable, refusals, repository
from ansible_collections.hostup.cloud.tests.tools.refusals import Refused

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", help="the release's, three numbers as in 1.2.3")
    parser.add_argument("--root", type=pathlib.Path, default=ROOT, help="the repository (default: this one)")
    parser.add_argument("--importer", type=pathlib.Path, default=ROOT / ".work" / "importer", help="its virtual environment")
    parser.add_argument("--check", action="store_true", help="change nothing: is what is in the tree fit to be published?")
    args = parser.parse_args()
    try:
        (check if args.check else release)(args.root.resolve(), args.version, args.importer)
    except Refused as refused:
        print("make release: %s" % refused, file=sys.stderr)
        return 1
    return 0


def release(root: pathlib.Path, version: str, importer: pathlib.Path) -> None:
    """All of it. Raises Refused, and nothing has changed then but in .work."""
    refusals.look(root, version)
    work = root / ".work" / "release"
    shutil.rmtree(work, ignore_errors=True)
    clone = work / "clone"
    _clone(root, clone)
    _say("version %s and its changelog, in a clone" % version)
    set_version(clone / "galaxy.yml", version)
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    refusals.ask("antsibull-changelog", ["release", "--date", today], clone, "The changelog can't be written")
    artifact = publishable.build(clone, work, importer)
    bring_over(clone, root)
    shutil.rmtree(clone)
    print(next_steps(artifact.relative_to(root), version, refusals.is_addressed(root)))


def check(root: pathlib.Path, version: str, importer: pathlib.Path) -> None:
    """Build the artifact of the tree as it is, as `make release` did, to the byte. Raises Refused."""
    refusals.look_at_released(root, version)
    artifact = publishable.build(root, root / ".work" / "release", importer)
    print("\n%s is fit to be published." % artifact.relative_to(root))


def _clone(root: pathlib.Path, clone: pathlib.Path) -> None:
    refusals.ask("git", ["clone", "-q", "--no-checkout", str(root), str(clone)], root, "The repository can't be cloned")
    commit = refusals.ask("git", ["rev-parse", "HEAD"], root, "git knows no commit").strip()
    refusals.ask("git", ["checkout", "-q", "--detach", commit], clone, "The commit can't be checked out")
    repository.link(clone)


def set_version(galaxy: pathlib.Path, version: str) -> None:
    """In its one place. Raises Refused where there is none, or more than one."""
    text, count = re.subn("^version: .*$", "version: " + version, galaxy.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if count != 1 or yaml.safe_load(text)["version"] != version:
        raise Refused("galaxy.yml holds %d lines that begin with 'version: ', and one is wanted: mend it." % count)
    galaxy.write_text(text, encoding="utf-8")


def bring_over(clone: pathlib.Path, root: pathlib.Path) -> None:
    """Make the clone's changes here, too: all, or, raising Refused, none."""
    refusals.ask("git", ["add", "--all"], clone, "git can't take the changes")
    changes = subprocess.run(["git", "diff", "--cached", "--binary"], cwd=clone, capture_output=True, check=True).stdout  # noqa: S607
    done = subprocess.run(["git", "apply", "-"], cwd=root, input=changes, capture_output=True, check=False)  # noqa: S607
    if done.returncode:
        raise Refused("The tree was changed meanwhile, and was left so: %s" % done.stderr.decode("utf-8", "replace").strip())


def next_steps(artifact: pathlib.Path, version: str, addressed: bool) -> str:
    """What is left to the maintainer, in words."""
    publish = ["ansible-galaxy collection publish %s" % artifact]
    missing: list[str] = []
    check: list[str] = []
    if not addressed:
        missing = ["# %s" % refusals.NO_ADDRESS]
        check = ["make release-check VERSION=%s    # builds it anew, with the address" % version]
    commands = [
        "git diff    # look at galaxy.yml and CHANGELOG.rst",
        *missing,
        "git add galaxy.yml CHANGELOG.rst changelogs && git commit -m 'Release %s'" % version,
        *check,
        "git tag -a %s -m %s" % (version, version),
        "git push --follow-tags",
        "# the tag's pipeline builds the artifact, too: compare its checksum with %s.sha256" % artifact,
        *publish,
    ]
    return "\nReleased: nothing yet. %s is built and has passed. What is left to you:\n\n%s\n\nUndo: %s" % (
        artifact,
        "\n".join("    " + line for line in commands),
        "git checkout . && git clean -f CHANGELOG.rst",
    )


def _say(text: str) -> None:
    print("== " + text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
