# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Python interpreters of this machine that run and that Ansible may have, or a managed node: 3.8 to 3.15.

Version managers put shims on PATH that answer for versions which are not there, so every candidate is run.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

WANTED = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15")
_PROBE = "import sys, ssl, ctypes, venv, ensurepip; print('%d.%d %s' % (sys.version_info[:2] + (sys.executable,)))"


def find_pythons() -> dict[str, str]:
    """Version -> path of an interpreter that runs, oldest first."""
    candidates = [path for version in WANTED for path in [shutil.which("python" + version)] if path]
    # where a version manager keeps the interpreter that runs this, it keeps the others, too
    for versions in (pathlib.Path(sys.base_prefix).parent, pathlib.Path(os.environ.get("PYENV_ROOT", "/nowhere"), "versions")):
        candidates += [str(path) for path in sorted(versions.glob("3.*/bin/python3"))]
    candidates.append(sys.executable)
    found: dict[str, str] = {}
    for candidate in candidates:
        done = subprocess.run([candidate, "-I", "-c", _PROBE], capture_output=True, text=True, check=False)
        version, dummy, path = done.stdout.strip().partition(" ")
        if done.returncode == 0 and version in WANTED:
            found.setdefault(version, path)
    return {version: found[version] for version in WANTED if version in found}


def link_pythons(folder: pathlib.Path) -> dict[str, str]:
    """Make a link to each of them, under its own name, in the folder; they are returned."""
    folder.mkdir(parents=True, exist_ok=True)
    found = find_pythons()
    for version, path in found.items():
        link = folder / ("python" + version)
        link.unlink(missing_ok=True)
        link.symlink_to(path)
    return found
