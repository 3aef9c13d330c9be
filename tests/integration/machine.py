# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Machines that run what stands around Ansible, each with a home of its own."""

from __future__ import annotations

import pathlib
import subprocess
import typing as t

from ansible_collections.hostup.cloud.tests.integration.runner import BIN, ROOT
from ansible_collections.hostup.cloud.tests.integration.secrets import Searched

#: `make artifact` puts it there.
INSTALLED = ROOT / ".work" / "artifact" / "installed"

#: The passwords of the gitops example's keys.
PASSWORDS = {"read-password": "demo-read\n", "write-password": "demo-write\n"}


class Machine:
    """A folder with a home in it. What runs here sees nothing else of the world."""

    def __init__(self, folder: pathlib.Path, **environment: str) -> None:
        """environment: of all that runs here, beside what every machine has."""
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        self._environment = {
            "PATH": "%s:/usr/local/bin:/usr/bin:/bin" % BIN,
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            # other tests read the installed artifact, too
            "PYTHONDONTWRITEBYTECODE": "1",
            # what is left of a run there is found, too
            "TMPDIR": str(folder / "tmp"),
            **environment,
        }
        (folder / "tmp").mkdir()

    def keep_passwords(self) -> None:
        """As the example says, in the home of the user who runs Ansible."""
        (self.home / ".hostup").mkdir()
        for name, password in PASSWORDS.items():
            (self.home / ".hostup" / name).write_text(password, encoding="utf-8")

    def run(
        self, *line: str, stdin: bytes = b"", environment: t.Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a program in the machine's folder."""
        env = {**self._environment, **(environment or {})}
        return subprocess.run(
            [str(BIN / line[0]), *line[1:]], cwd=self.folder, env=env, input=stdin, capture_output=True, check=False
        )

    def secrets(self) -> set[str]:
        """The files of the machine, but for its home, that hold a secret."""
        paths = [path for path in self.folder.rglob("*") if path.is_file() and self.home not in path.parents]
        texts = {str(path.relative_to(self.folder)): path.read_text(encoding="utf-8", errors="replace") for path in paths}
        return {place for dummy, place in Searched().find(texts)}
