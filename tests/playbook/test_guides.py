# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides can be followed: a stranger in an empty home, with only what a page says, sees what the page shows."""

from __future__ import annotations

import json
import pathlib
import re
import socket
import subprocess
import sys
import sysconfig

import pytest

from ansible_collections.hostup.cloud.tests.contract.watch import Watch
from ansible_collections.hostup.cloud.tests.playbook.runner import BIN, ROOT, TREE
from ansible_collections.hostup.cloud.tests.playbook.secrets import Searched
from ansible_collections.hostup.cloud.tests.tools import repository

EMULATOR = "ansible_collections.hostup.cloud.tests.emulator"
#: What a second shell does, in the reader's one: the emulator runs beside it, until it ends.
BESIDE = """
{ %s > emulator.log & } ; emulator=$!
trap 'kill $emulator; wait $emulator' EXIT
until (: < /dev/tcp/127.0.0.1/%s) 2> /dev/null; do kill -0 $emulator; done
"""


def _blocks(page: str, kind: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall("^ *```%s\n(.*?)^ *```" % kind, text, re.DOTALL | re.MULTILINE)


class Reader:
    """Follows guides in a copy of the repository, as a clone has it, with a home of their own."""

    def __init__(self, folder: pathlib.Path, watch: Watch) -> None:
        self.home = folder / "home"
        self.home.mkdir()
        self.clone = folder / "a clone, här"
        self._watch = watch
        repository.copy(self.clone)

    def set_up(self) -> None:
        """What `make demo` leaves in the clone."""
        (self.clone / ".work").mkdir()
        (self.clone / ".work" / "venv").symlink_to(BIN.parent)
        (self.clone / ".work" / "tree").symlink_to(TREE)

    def follow(self, commands: str, **environment: str) -> str:
        """One shell runs the commands in the clone, and ends at the first that fails: what they print."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        lines = [line.replace("8123", port) for line in commands.splitlines() if not line.startswith(("make ", "unset HOSTUP_"))]
        script = "\n".join(BESIDE % (line, port) if EMULATOR in line else line for line in lines)
        journal = self.clone / "journal.json"
        fetch = (
            "python3 -c 'import sys, urllib.request as u; u.urlretrieve(*sys.argv[1:])' http://127.0.0.1:%s/emulator/journal '%s'"
        )
        done = subprocess.run(
            ["bash", "-c", "\n".join(["set -eu", script, fetch % (port, journal)])],  # noqa: S607 the system's
            cwd=self.clone,
            env={
                "PATH": "%s:/usr/local/bin:/usr/bin:/bin" % BIN,
                "HOME": str(self.home),
                "LC_ALL": "C.UTF-8",
                "NO_COLOR": "1",
                "NO_PROXY": "127.0.0.1",
                "PYTHONDONTWRITEBYTECODE": "1",
                # the editor of `ansible-vault edit`
                "EDITOR": "true",
                **environment,
            },
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert Searched().find({"the output": done.stdout + done.stderr}) == []
        self._watch.note_journal(json.loads(journal.read_text(encoding="utf-8")))
        return done.stdout


@pytest.fixture
def reader(tmp_path: pathlib.Path, watch: Watch) -> Reader:
    return Reader(tmp_path, watch)


def _unshown(page: str, shown: str) -> list[str]:
    """The lines of output that a page shows, and its commands did not print."""
    printed = {line.strip() for line in shown.splitlines()}
    return [line for block in _blocks(page, "text") for line in block.splitlines() if line.strip() not in printed]


@pytest.mark.parametrize("way", ["own", "demo"])
def test_the_quick_start(reader: Reader, way: str) -> None:
    blocks = _blocks("quick-start.md", "shell")
    assert "venv ~/ansible" in blocks[0]
    assert "make demo" in blocks[1]
    if way == "demo":
        reader.set_up()
        shown = reader.follow("".join(blocks[1:]))
    else:
        # what pip is asked to install lies ready, and so do its programs: nothing is asked of the network
        ready = {"PYTHONPATH": sysconfig.get_path("purelib"), "PIP_NO_INDEX": "1", "ANSIBLE_PYTHON_INTERPRETER": sys.executable}
        shown = reader.follow("".join(blocks[:1] + blocks[2:]), **ready)
    results = re.findall(r"^(changed|ok): \[localhost\]", shown, re.MULTILINE)
    # on the emulator; with one's own key; settings, an invoice and what differs on it
    assert results == ["changed", "changed", "ok", "ok", "ok", "ok", "changed", "ok", "ok"]
    assert _unshown("quick-start.md", shown) == []
    installed = reader.home / ".ansible" / "collections" / "ansible_collections" / "hostup" / "cloud"
    assert (installed / "MANIFEST.json").is_file()
    assert (reader.home / "hostup" / "vault-password").stat().st_mode & 0o077 == 0
