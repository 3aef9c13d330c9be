# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make add-a-field`: all tests in a copy, in the folder that is named, in which CONTRIBUTING.md's "Add a field" was followed."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys
import typing as t

from ansible_collections.hostup.cloud.tests.tools import repository
from ansible_collections.hostup.cloud.tests.tools.markdown import blocks

PAGE, SECTION = "CONTRIBUTING.md", "Add a field"


class Change(t.NamedTuple):
    """One edit: lines of a file, and what becomes of them."""

    file: str
    before: str
    after: str


def changes() -> list[Change]:
    """The edits of the page's diffs, in order."""
    found = []
    for file, body in re.findall(
        r"^--- \S+\n\+\+\+ b/(\S+)\n(.*?)(?=^--- |\Z)", "".join(blocks(PAGE, "diff", SECTION)), re.DOTALL | re.MULTILINE
    ):
        for hunk in re.split(r"^@@\n", body, flags=re.MULTILINE):
            lines = hunk.splitlines(keepends=True)
            before, after = ("".join(line[1:] for line in lines if line[0] != sign) for sign in "+-")
            found.append(Change(file, before, after))
    return found


def follow(root: pathlib.Path, wanted: t.Iterable[Change]) -> None:
    """Make the edits below a folder. Raises ValueError if a place is not there, or is there twice."""
    for change in wanted:
        path = root / change.file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if change.before and text.count(change.before) != 1:
            raise ValueError("%s: %s holds these lines %d times:\n%s" % (PAGE, path, text.count(change.before), change.before))
        path.write_text(text.replace(change.before, change.after) if text else change.after, encoding="utf-8")


def copy(root: pathlib.Path) -> dict[str, str]:
    """Copy the repository, with what `make` sets up. Returns the environment in which Ansible and Python find the copy."""
    repository.copy(root)
    repository.link(root)
    (root / ".work" / "venv").symlink_to(pathlib.Path(sys.executable).parents[1])
    # some tests, and the artifact, ask git for the repository's files
    for words in (["init", "-q"], ["add", "--all", "--force", "--", ".", ":!.work"]):
        repository.git(root, *words)
    tree = str(root / ".work" / "tree")
    return {**os.environ, "ANSIBLE_COLLECTIONS_PATH": tree, "PYTHONPATH": tree}


def main() -> int:
    root = pathlib.Path(sys.argv[1]).absolute()
    shutil.rmtree(root, ignore_errors=True)
    environment = copy(root)
    follow(root, changes())
    codes = [
        subprocess.run([sys.executable, *words], cwd=root, env=environment, check=False).returncode
        for words in (
            ["tests/tools/build_artifact.py", ".work/artifact"],
            ["-m", "ansible_collections.hostup.cloud.docs.site.build", ".work/docs"],
            # the page can't be followed twice
            ["-m", "pytest", "--ignore=tests/walkthrough", *sys.argv[2:]],
        )
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
