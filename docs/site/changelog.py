# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The changelog's page: what no release has yet, and below it CHANGELOG.rst, which antsibull-changelog writes at a release."""

from __future__ import annotations

import pathlib
import re
import typing as t

import yaml

_TITLE = "==========================\nhostup.cloud Release Notes\n==========================\n\n"


def text(root: pathlib.Path) -> str:
    """In reStructuredText. root: of the repository."""
    released = root / "CHANGELOG.rst"
    # furo has a page's contents beside it
    written = released.read_text(encoding="utf-8").replace(".. contents:: Topics\n", "") if released.is_file() else _TITLE
    head, title, rest = re.split(r"^(=+\n.+\n=+\n)", written, maxsplit=1, flags=re.MULTILINE)
    return "".join([head, title, *_unreleased(root / "changelogs"), rest])


def _unreleased(folder: pathlib.Path) -> t.Iterator[str]:
    fragments = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((folder / "fragments").glob("*.y*ml"))]
    settings = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    if fragments:
        yield "\nNot released yet\n================\n"
    for section, title in settings["sections"]:
        if entries := [entry for fragment in fragments for entry in fragment.get(section, [])]:
            yield "\n%s\n%s\n\n" % (title, "-" * len(title))
            yield from ("- %s\n" % " ".join(entry.split()) for entry in sorted(entries))
