# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of this repository: those that git has or would take, and nothing that lies about beside them."""

from __future__ import annotations

import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def tracked() -> list[str]:
    """Their paths below the repository's root, sorted."""
    command = ["git", "ls-files", "-coz", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode("utf-8").split("\0")
    # git lists what was deleted and not committed yet, too
    return sorted(name for name in set(listed) if name and (ROOT / name).is_file())


def copy(folder: pathlib.Path, backwards: bool = False) -> None:
    """Copy them into a folder, which is made. backwards: the last one first."""
    folder.mkdir(parents=True)
    for name in sorted(tracked(), reverse=backwards):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)


def link(root: pathlib.Path) -> None:
    """As the Makefile has it: in its `.work/tree`, Ansible and Python find a copy as the collection."""
    tree = root / ".work" / "tree" / "ansible_collections" / "hostup" / "cloud"
    tree.parent.mkdir(parents=True)
    tree.symlink_to(pathlib.Path("..", "..", "..", ".."))


def git(folder: pathlib.Path, *words: str) -> str:
    """What git prints in a repository of a test's own, with nothing of whoever runs it. Raises CalledProcessError."""
    named = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "-c", "commit.gpgsign=false")
    line = ["git", *named, *words]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=True).stdout
