# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of an audit: a whole set that only the owner can read, or none."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import pytest

from ansible_collections.hostup.cloud.plugins.plugin_utils._audit_files import FILES, remove, write


def test_write_replaces_all_files_and_hides_them_from_others(tmp_path: pathlib.Path) -> None:
    for text in ("old", "new"):
        remove(str(tmp_path / "reports"))
        write(str(tmp_path / "reports"), dict.fromkeys(FILES.values(), text))
    found = {path.name: (path.read_text("utf-8"), path.stat().st_mode & 0o777) for path in (tmp_path / "reports").iterdir()}
    assert found == dict.fromkeys(FILES.values(), ("new", 0o600))


def test_write_follows_no_link(tmp_path: pathlib.Path) -> None:
    """Neither a link of an earlier run nor one to a file of somebody else."""
    other = tmp_path / "other"
    other.write_text("ours", "utf-8")
    (tmp_path / "audit.json").symlink_to(other)
    remove(str(tmp_path))
    write(str(tmp_path), {"audit.json": "{}"})
    assert (other.read_text("utf-8"), (tmp_path / "audit.json").is_symlink()) == ("ours", False)


def test_a_full_disk_leaves_no_file(tmp_path: pathlib.Path) -> None:
    """A limit on the size of files stands in for it: the second file does not fit."""
    script = (
        "import resource, sys\n"
        "from ansible_collections.hostup.cloud.plugins.plugin_utils._audit_files import write\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        "try:\n"
        "    write(sys.argv[1], {'audit.html': 'short', 'audit.md': 'longer than the limit'})\n"
        "except OSError:\n"
        "    sys.exit(3)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert done.returncode == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("left", [FILES["json"], FILES["html"] + ".unfinished"])
def test_remove_takes_what_a_stopped_audit_left(tmp_path: pathlib.Path, left: str) -> None:
    (tmp_path / left).write_text("left", "utf-8")
    (tmp_path / "notes.txt").write_text("ours", "utf-8")
    remove(str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
