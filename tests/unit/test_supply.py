# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests install, and under which terms the collection comes."""

from __future__ import annotations

import pathlib
import re

import pytest

from ansible_collections.hostup.cloud.tests.tools.cores import CORES
from ansible_collections.hostup.cloud.tests.tools.repository import ROOT

REQUIREMENTS = ROOT / "tests" / "requirements"
FILES = sorted(REQUIREMENTS.glob("*.txt"))
#: The files that share a virtual environment: the packages that they have in common are the same to the byte.
TOGETHER = [("run.txt", "test.txt"), *((name, "pytest.txt") for name in CORES.values())]

#: A package, pinned, perhaps for some environments only, with its hashes.
PACKAGE = re.compile(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+( ; [^\\]+)? \\\n( {4}--hash=sha256:[0-9a-f]{64}( \\)?\n)+")


def _pins(name: str) -> dict[str, set[str]]:
    """A package's name -> its versions, of which there may be several for different Pythons, and their hashes."""
    pins: dict[str, set[str]] = {}
    for match in PACKAGE.finditer((REQUIREMENTS / name).read_text(encoding="utf-8")):
        package, version = re.split(r"==|\[", match.group().split()[0], maxsplit=1)
        pins.setdefault(package, set()).update([version, *re.findall("sha256:[0-9a-f]+", match.group())])
    return pins


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_every_package_is_pinned_with_hashes(path: pathlib.Path) -> None:
    """And nothing else is in the file: no index, no link, no option."""
    text = path.read_text(encoding="utf-8")
    assert text
    assert PACKAGE.sub("", text) == ""


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_every_file_of_pins_can_be_made_anew(path: pathlib.Path) -> None:
    """`make requirements` knows it."""
    assert path.with_suffix(".in").is_file()
    assert "$(call COMPILE,%s," % path.stem in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize(("first", "second"), TOGETHER)
def test_pins_agree(first: str, second: str) -> None:
    here, there = _pins(first), _pins(second)
    shared = here.keys() & there.keys()
    # `cryptography`, by ansible-core and by the tests
    assert "cryptography" in shared
    assert [name for name in sorted(shared) if here[name] != there[name]] == []


def test_the_licence_is_one_text() -> None:
    """REUSE wants it in its folder, whoever opens the repository at its root."""
    assert (ROOT / "LICENSES" / "GPL-3.0-or-later.txt").read_bytes() == (ROOT / "LICENSE").read_bytes()
