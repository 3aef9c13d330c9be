# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests install: pinned, with hashes, and alike where files share a virtual environment."""

from __future__ import annotations

import pathlib
import re

import pytest
from ansible.release import __version__

from ansible_collections.hostup.cloud.tests.tools.cores import CORES, REQUIREMENTS, supported_targets
from ansible_collections.hostup.cloud.tests.tools.repository import ROOT

FILES = sorted(REQUIREMENTS.glob("*.txt"))

#: A package, pinned, perhaps for some environments only, with its hashes.
PACKAGE = re.compile(r"([a-z0-9-]+)(\[[a-z,]+\])?(==\S+)( ; [^\\]+)? \\\n(( {4}--hash=sha256:[0-9a-f]{64}( \\)?\n)+)")


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_every_package_is_pinned_with_hashes(path: pathlib.Path) -> None:
    """And nothing else is in the file, no index, no link, no option; `make requirements` can make it anew."""
    text = path.read_text(encoding="utf-8")
    assert text
    assert PACKAGE.sub("", text) == ""
    assert path.with_suffix(".in").is_file()
    assert "$(call COMPILE,%s," % path.stem in (ROOT / "Makefile").read_text(encoding="utf-8")


def _pins(name: str) -> dict[str, set[str]]:
    """A package's name -> its versions, of which there may be several for different Pythons, and their hashes."""
    pins: dict[str, set[str]] = {}
    for match in PACKAGE.finditer((REQUIREMENTS / name).read_text(encoding="utf-8")):
        pins.setdefault(match[1], set()).update([match[3], *match[5].split()])
    return pins


@pytest.mark.parametrize(("first", "second"), [("run.txt", "test.txt"), *((core.pins, "pytest.txt") for core in CORES.values())])
def test_pins_agree(first: str, second: str) -> None:
    here, there = _pins(first), _pins(second)
    shared = here.keys() & there.keys()
    # `cryptography`, by ansible-core and by the tests
    assert "cryptography" in shared
    assert [name for name in sorted(shared) if here[name] != there[name]] == []


def test_pythons_of_ansible_core_are_as_it_says() -> None:
    """The table of releases, on whichever of them this runs."""
    assert CORES[".".join(__version__.split(".")[:2])].targets == supported_targets()
