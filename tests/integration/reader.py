# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a page's commands as a reader would: in an empty home and a fresh copy of the repository."""

from __future__ import annotations

import json
import os
import pathlib
import shlex
import subprocess
import typing as t

from ansible_collections.hostup.cloud.tests.contract.watch import Watch
from ansible_collections.hostup.cloud.tests.integration.runner import BIN, TREE
from ansible_collections.hostup.cloud.tests.integration.secrets import Searched
from ansible_collections.hostup.cloud.tests.tools import repository
from ansible_collections.hostup.cloud.tests.tools.markdown import blocks

EMULATOR = "ansible_collections.hostup.cloud.tests.emulator"
#: For pages that start no emulator themselves.
START = """PYTHONPATH=%s python3 -m %s --port 8123
export HOSTUP_API_URL=http://127.0.0.1:8123/api
""" % (shlex.quote(str(TREE)), EMULATOR)
#: The reader starts the emulator in a second shell; here it runs in the background until the script ends.
BACKGROUND = """
rm -f "$HOME/emulator.log"
{ %s > "$HOME/emulator.log" & } ; emulator=$!
trap 'kill $emulator; wait $emulator' EXIT
until port=$(grep -os "[0-9]*/api" "$HOME/emulator.log"); do kill -0 $emulator; done
port=${port%%/api}
at=http://127.0.0.1:$port
"""
FETCH = "python3 -c 'import sys, urllib.request as u; u.urlretrieve(*sys.argv[1:])' $at/emulator/journal '%s'"


class Reader:
    """A user with a home of their own and a clone in which `make demo` has run."""

    def __init__(self, folder: pathlib.Path, watch: Watch) -> None:
        self.home = folder / "home"
        self.home.mkdir()
        self.clone = folder / "a clone, här"
        #: The emulator's journal of the last commands.
        self.requests: list[dict[str, t.Any]] = []
        self._watch = watch
        repository.copy(self.clone)
        (self.clone / ".work").mkdir()
        (self.clone / ".work" / "venv").symlink_to(BIN.parent)
        (self.clone / ".work" / "tree").symlink_to(TREE)

    def writes(self) -> list[str]:
        """The paths of the last requests that were not reads."""
        return [request["path"] for request in self.requests if request["method"] != "GET"]

    def follow_page(self, page: str) -> str:
        """Run all of a page's commands but `make`; what they print."""
        return self.follow("".join(blocks(page, "shell")))

    def follow(self, commands: str, typed: str = "", **environment: str) -> str:
        """Run commands in one shell in the clone, up to the first that fails; what they print.

        typed: on the keyboard.
        """
        if EMULATOR not in commands:
            commands = START + commands
            environment = {"ANSIBLE_COLLECTIONS_PATH": str(TREE), **environment}
        lines = [line for line in commands.splitlines() if not line.startswith(("make ", "unset HOSTUP_API_URL"))]
        # the emulator takes a free port, which stands in for the page's
        script = "\n".join(
            BACKGROUND % line.replace("8123", "0") if EMULATOR in line else line.replace("8123", "$port") for line in lines
        )
        journal = self.clone / "journal.json"
        done = subprocess.run(
            ["bash", "-c", "\n".join(["set -eu", "umask 022", script, FETCH % journal])],  # noqa: S607 the system's
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
                **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
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
