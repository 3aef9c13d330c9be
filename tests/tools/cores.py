# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The releases of ansible-core that the collection is tried on, and the Pythons that each takes, as the release itself says."""

from __future__ import annotations

import ast
import pathlib
import subprocess
import sys
import typing as t
import zipfile

REQUIREMENTS = pathlib.Path(__file__).resolve().parents[1] / "requirements"

#: Series -> the file that pins its release and what the collection needs beside it, oldest series first.
CORES = {
    "2.18": "core-2.18.txt",
    "2.19": "run.txt",
    "2.20": "core-2.20.txt",
    "2.21": "core-2.21.txt",
    "2.22": "core-2.22.txt",
}

#: The one that `make` sets up for everything else.
FIRST = "2.19"

#: Where a release says which Pythons it takes, in its wheel and where it is installed.
CONSTANTS = "ansible_test/_util/target/common/constants.py"


class Core(t.NamedTuple):
    """A release of ansible-core."""

    series: str
    version: str
    #: The Pythons that it runs on, oldest first.
    controllers: tuple[str, ...]
    #: The Pythons that a managed node may have, oldest first.
    targets: tuple[str, ...]


def pinned(series: str) -> str:
    """The lines of a series' requirements that pin ansible-core itself, with its hashes."""
    lines = (REQUIREMENTS / CORES[series]).read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("ansible-core=="))
    end = next(number for number in range(start, len(lines)) if not lines[number].endswith("\\"))
    return "\n".join(lines[start : end + 1]) + "\n"


def fetch(series: str, folder: pathlib.Path) -> Core:
    """The pinned release of a series, from its wheel, which is fetched into the folder once.

    Raises subprocess.CalledProcessError where the index does not give it.
    """
    text = pinned(series)
    version = text.split()[0].partition("==")[2]
    wheels = folder / ("ansible-core-" + version)
    if not list(wheels.glob("*.whl")):
        wheels.mkdir(parents=True, exist_ok=True)
        (wheels / "pinned.txt").write_text(text, encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--ignore-requires-python"]
        only = ["--no-deps", "--only-binary=:all:", "--require-hashes"]
        subprocess.run([*pip, *only, "-d", str(wheels), "-r", str(wheels / "pinned.txt")], check=True)
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        controllers, remote = _constants(archive.read(CONSTANTS).decode("utf-8"))
    return Core(series, version, controllers, remote + controllers)


def supported_targets() -> tuple[str, ...]:
    """The Pythons that a managed node of the ansible-core that runs here may have, oldest first."""
    import ansible_test  # noqa: PLC0415 what calls the other functions may have no ansible-core

    source = pathlib.Path(ansible_test.__path__[0]).parent / CONSTANTS
    controllers, remote = _constants(source.read_text(encoding="utf-8"))
    return remote + controllers


def _constants(source: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The Pythons of controllers, and those of managed nodes alone."""
    values = {
        target.id: ast.literal_eval(statement.value)
        for statement in ast.parse(source).body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    return values["CONTROLLER_PYTHON_VERSIONS"], values["REMOTE_ONLY_PYTHON_VERSIONS"]
