# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides can be followed, and what they show is what the reader sees."""

from __future__ import annotations

import pathlib
import re
import sys
import sysconfig

import pytest

from ansible_collections.hostup.cloud.tests.contract.watch import Watch
from ansible_collections.hostup.cloud.tests.playbook.reader import Reader, blocks

KEY = "demo-key-of-account-1001\n"


@pytest.fixture
def reader(tmp_path: pathlib.Path, watch: Watch) -> Reader:
    return Reader(tmp_path, watch)


def _unshown(page: str, shown: str) -> list[str]:
    """The lines of output that a page shows, and its commands did not print."""
    printed = {line.strip() for line in shown.splitlines()}
    return [line for block in blocks(page, "text") for line in block.splitlines() if line.strip() not in printed]


@pytest.mark.parametrize("way", ["own", "demo"])
def test_the_quick_start(reader: Reader, way: str) -> None:
    shell = blocks("quick-start.md", "shell")
    assert "venv ~/ansible" in shell[0]
    assert "make demo" in shell[1]
    if way == "demo":
        reader.set_up()
        shown = reader.follow("".join(shell[1:]))
    else:
        # what pip is asked to install lies ready, and so do its programs: nothing is asked of the network
        ready = {"PYTHONPATH": sysconfig.get_path("purelib"), "PIP_NO_INDEX": "1", "ANSIBLE_PYTHON_INTERPRETER": sys.executable}
        shown = reader.follow("".join(shell[:1] + shell[2:]), **ready)
    results = re.findall(r"^(changed|ok): \[localhost\]", shown, re.MULTILINE)
    # on the emulator; with one's own key; settings, an invoice and what differs on it
    assert results == ["changed", "changed", "ok", "ok", "ok", "ok", "changed", "ok", "ok"]
    assert _unshown("quick-start.md", shown) == []
    installed = reader.home / ".ansible" / "collections" / "ansible_collections" / "hostup" / "cloud"
    assert (installed / "MANIFEST.json").is_file()
    assert (reader.home / "hostup" / "vault-password").stat().st_mode & 0o077 == 0


def test_an_inline_value_and_the_environment(reader: Reader) -> None:
    commands = [block for place in ("An inline value", "The environment") for block in blocks("secrets.md", "shell", place)]
    # what is shown with it is searched for the key
    verbose = re.sub("^ansible(-playbook)? ", r"\g<0>-vvvv ", "".join(commands), flags=re.MULTILINE)
    shown = reader.follow(verbose, KEY * 2)
    assert "changed: [localhost]" in shown
    assert "localhost | SUCCESS" in shown
    inline = (reader.home / "hostup-inline" / "group_vars" / "all" / "vault.yml").read_text(encoding="utf-8")
    assert inline.startswith("vault_hostup_api_key: !vault |\n")
