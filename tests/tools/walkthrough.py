# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Follow the walk-through "Add a field" of CONTRIBUTING.md to the letter, as a reader would who can't think."""

from __future__ import annotations

import pathlib
import re
import typing as t

PAGE = "CONTRIBUTING.md"


class Change(t.NamedTuple):
    """Lines that belong somewhere in a file."""

    file: str
    before: str
    after: str


class Step(t.NamedTuple):
    title: str
    changes: tuple[Change, ...]


def steps(page: str) -> list[Step]:
    """Those of the page's text that show changes, in order."""
    (section,) = re.findall(r"^## Add a field\n(.*?)^## ", page, re.DOTALL | re.MULTILINE)
    dummy, *parts = re.split(r"^### ", section, flags=re.MULTILINE)
    found = [Step(part.splitlines()[0], tuple(_changes(part))) for part in parts]
    return [step for step in found if step.changes]


def playbook(page: str) -> str:
    """The one at the end of the walk-through."""
    (section,) = re.findall(r"^## Add a field\n(.*?)^## ", page, re.DOTALL | re.MULTILINE)
    (shown,) = re.findall(r"^```yaml\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    return str(shown)


def _changes(part: str) -> t.Iterator[Change]:
    for block in re.findall(r"^```diff\n(.*?)^```$", part, re.DOTALL | re.MULTILINE):
        for file, body in re.findall(r"^--- \S+\n\+\+\+ b/(\S+)\n(.*?)(?=^--- |\Z)", block, re.DOTALL | re.MULTILINE):
            for hunk in re.split(r"^@@\n", body, flags=re.MULTILINE):
                lines = hunk.splitlines(keepends=True)
                before, after = ("".join(line[1:] for line in lines if line[0] != sign) for sign in "+-")
                yield Change(file, before, after)


def follow(root: pathlib.Path, wanted: t.Iterable[Step]) -> None:
    """Make the changes below a folder. Raises ValueError where a place is not there, or is there twice."""
    for step in wanted:
        for change in step.changes:
            path = root / change.file
            text = path.read_text(encoding="utf-8") if path.exists() else ""
            if change.before and text.count(change.before) != 1:
                raise ValueError(
                    "%s, step %s: these lines stand %d times in %s, and once is wanted:\n%s"
                    % (PAGE, step.title, text.count(change.before), change.file, change.before)
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace(change.before, change.after) if text else change.after, encoding="utf-8")
