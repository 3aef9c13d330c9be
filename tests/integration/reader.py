# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stranger who follows a guide: in an empty home, with only what the page says."""

from __future__ import annotations

import json
import pathlib
import re
import shlex
import subprocess
import typing as t

from ansible_collections.hostup.cloud.tests.contract.watch import Watch
from ansible_collections.hostup.cloud.tests.integration.runner import BIN, ROOT, TREE
from ansible_collections.hostup.cloud.tests.integration.secrets import Searched
from ansible_collections.hostup.cloud.tests.tools import repository

EMULATOR = "ansible_collections.hostup.cloud.tests.emulator"
#: Where no page says how.
START = """PYTHONPATH=%s python3 -m %s --port 8123
export HOSTUP_API_URL=http://127.0.0.1:8123/api
""" % (shlex.quote(str(TREE)), EMULATOR)
#: What a second shell does, in the reader's one: the emulator runs beside it, until it ends.
BESIDE = """
rm -f "$HOME/emulator.log"
{ %s > "$HOME/emulator.log" & } ; emulator=$!
trap 'kill $emulator; wait $emulator' EXIT
until port=$(grep -os "[0-9]*/api" "$HOME/emulator.log"); do kill -0 $emulator; done
port=${port%%/api}
at=http://127.0.0.1:$port
"""


def blocks(page: str, kind: str, section: str = "") -> list[str]:
    """The blocks of this kind in a guide, or in one section of it."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    if section:
        text = text.split("\n## %s\n" % section)[1].split("\n## ")[0]
    return re.findall("^ *```%s\n(.*?)^ *```" % kind, text, re.DOTALL | re.MULTILINE)


class Reader:
    """Follows guides in a copy of the repository, as a clone has it, with a home of their own."""

    def __init__(self, folder: pathlib.Path, watch: Watch) -> None:
        self.home = folder / "home"
        self.home.mkdir()
        self.clone = folder / "a clone, här"
        #: The journal of the emulator that was used last.
        self.requests: list[dict[str, t.Any]] = []
        self._watch = watch
        repository.copy(self.clone)

    def set_up(self) -> None:
        """What `make demo` leaves in the clone."""
        (self.clone / ".work").mkdir()
        (self.clone / ".work" / "venv").symlink_to(BIN.parent)
        (self.clone / ".work" / "tree").symlink_to(TREE)

    def writes(self) -> list[str]:
        """The paths of the requests that were no reads."""
        return [request["path"] for request in self.requests if request["method"] != "GET"]

    def follow(self, commands: str, typed: str = "", **environment: str) -> str:
        """One shell runs the commands in the clone, and ends at the first that fails: what they print.

        typed: on the keyboard. Where the commands start no emulator, one runs all the same.
        """
        if EMULATOR not in commands:
            commands = START + commands
            environment = {"ANSIBLE_COLLECTIONS_PATH": str(TREE), **environment}
        lines = [line for line in commands.splitlines() if not line.startswith(("make ", "unset HOSTUP_API_URL"))]
        # the port that it gets is free, and stays its own
        script = "\n".join(
            BESIDE % line.replace("8123", "0") if EMULATOR in line else line.replace("8123", "$port") for line in lines
        )
        journal = self.clone / "journal.json"
        fetch = "python3 -c 'import sys, urllib.request as u; u.urlretrieve(*sys.argv[1:])' $at/emulator/journal '%s'"
        done = subprocess.run(
            ["bash", "-c", "\n".join(["set -eu", "umask 022", script, fetch % journal])],  # noqa: S607 the system's
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
            input=typed,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert Searched().find({"the output": done.stdout + done.stderr}) == []
        self.requests = json.loads(journal.read_text(encoding="utf-8"))
        self._watch.note_journal(self.requests)
        return done.stdout
