# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The releases of ansible-core that the collection is tried on, and the Pythons that each takes."""

from __future__ import annotations

import ast
import pathlib
import re
import typing as t

REQUIREMENTS = pathlib.Path(__file__).resolve().parents[1] / "requirements"


class Core(t.NamedTuple):
    """A release of ansible-core."""

    #: The file that pins it, and what the collection needs beside it.
    pins: str
    #: The Pythons that it runs on, oldest first.
    controllers: tuple[str, ...]
    #: The Pythons that a managed node may have, oldest first.
    targets: tuple[str, ...]

    @property
    def version(self) -> str:
        """As it is pinned."""
        (version,) = re.findall(r"^ansible-core==(\S+)", (REQUIREMENTS / self.pins).read_text(encoding="utf-8"), re.MULTILINE)
        return str(version)


def _core(pins: str, oldest_target: int, oldest: int, newest: int) -> Core:
    """With the minor versions of Python 3 that it takes."""
    versions = ["3.%d" % minor for minor in range(oldest_target, newest + 1)]
    return Core(pins, tuple(versions[oldest - oldest_target :]), tuple(versions))


#: By series, oldest first. A unit test checks the one that it runs on.
CORES = {
    "2.18": _core("core-2.18.txt", 8, 11, 13),
    "2.19": _core("run.txt", 8, 11, 13),
    "2.20": _core("core-2.20.txt", 9, 12, 14),
    "2.21": _core("core-2.21.txt", 9, 12, 14),
    "2.22": _core("core-2.22.txt", 9, 13, 15),
}

#: The one that `make` sets up for everything else.
FIRST = "2.19"


def supported_targets() -> tuple[str, ...]:
    """The Pythons that a managed node of the ansible-core that runs here may have, oldest first, as that says itself."""
    import ansible_test  # noqa: PLC0415 what uses the table may have no ansible-core

    source = pathlib.Path(ansible_test.__path__[0], "_util", "target", "common", "constants.py").read_text(encoding="utf-8")
    values = {
        target.id: ast.literal_eval(statement.value)
        for statement in ast.parse(source).body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    return tuple(values["REMOTE_ONLY_PYTHON_VERSIONS"] + values["CONTROLLER_PYTHON_VERSIONS"])
