# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every command of the documentation runs as it is written, in a copy of the repository."""

from __future__ import annotations

import os
import pathlib
import re
import signal
import subprocess

import pytest
import requests

from ansible_collections.hostup.cloud.tests.contract.watch import Watch
from ansible_collections.hostup.cloud.tests.integration.runner import BIN, ROOT, TREE
from ansible_collections.hostup.cloud.tests.tools import repository

PAGES = [name for name in repository.tracked() if name.endswith(".md")]

#: Those with more commands than `make`, each with the file of tests that goes through it.
FOLLOWED = {
    "README.md": "test_commands",
    "docs/audit-and-gitops.md": "test_commands",
    "examples/gitops/README.md": "test_commands",
    "docs/execution-environments.md": "test_runner",
    "docs/scaling-out.md": "test_runner",
    "docs/from-uri-and-curl.md": "test_guides",
    "docs/many-accounts.md": "test_guides",
    "docs/quick-start.md": "test_guides",
    "docs/secrets.md": "test_guides",
    "docs/v1-to-v2.md": "test_guides",
}


def _commands(page: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        line.strip()
        for block in re.findall(r"^ *```shell\n(.*?)```", text, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]


def test_make_targets_exist() -> None:
    """`make` is what runs this test; its targets are not run from inside of it."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {command.split()[1] for page in PAGES for command in _commands(page) if command.startswith("make ")}
    assert {"demo", "test"} <= targets
    assert [target for target in targets if not re.search("^%s:" % target, makefile, re.MULTILINE)] == []


def test_every_page_with_commands_is_followed() -> None:
    found = {page for page in PAGES if any(not command.startswith("make ") for command in _commands(page))}
    assert found == set(FOLLOWED)
    for page, name in FOLLOWED.items():
        tests = pathlib.Path(__file__).with_name(name + ".py").read_text(encoding="utf-8")
        assert page in tests or pathlib.Path(page).name in tests, page


@pytest.fixture
def copy(tmp_path: pathlib.Path) -> pathlib.Path:
    """The repository as a clone has it, and what `make demo` sets up in it."""
    copy = tmp_path / "clone"
    repository.copy(copy)
    (copy / ".work").mkdir()
    (copy / ".work" / "venv").symlink_to(BIN.parent)
    (copy / ".work" / "tree").symlink_to(TREE)
    return copy


def _go_through(page: str, copy: pathlib.Path, home: pathlib.Path, expected: int, watch: Watch) -> str:
    """One shell goes through a page's commands in order, the emulator beside it, as a reader would: what they print."""
    commands = [command for command in _commands(page) if not command.startswith("make ")]
    rest = [command for command in commands if "tests.emulator" not in command]
    assert len(rest) >= expected
    emulator = next(command for command in _commands("README.md") if "tests.emulator" in command).replace("8123", "0")
    environment = {
        "PATH": "%s:/usr/local/bin:/usr/bin:/bin" % BIN,
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        # the editor of `ansible-vault edit`
        "EDITOR": "true",
        **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
    }
    server = subprocess.Popen(
        ["bash", "-c", "exec env " + emulator],  # noqa: S607 the system's
        cwd=copy,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout
        url = server.stdout.readline().strip()
        # a page may send the reader to another shell before it names the address
        port = url.rpartition(":")[2].partition("/")[0]
        script = "\n".join(["set -eux", "umask 022", "export HOSTUP_API_URL=%s" % url, *rest]).replace("8123", port)
        done = subprocess.run(
            ["bash", "-c", script],  # noqa: S607 the system's
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        watch.note_journal(requests.get(url[: -len("api")] + "emulator/journal", timeout=10).json())
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=10)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [command for command in rest if "HOSTUP_API_URL=" in command and "http://127.0.0.1:8123/api" not in command] == []
    return done.stdout


def test_the_readme(copy: pathlib.Path, tmp_path: pathlib.Path, watch: Watch) -> None:
    shown = _go_through("README.md", copy, tmp_path, expected=8, watch=watch)
    assert shown.count("changed: [localhost]") == 2
    assert "> MODULE hostup.cloud.hostup_account" in re.sub("\x1b\\[[0-9;]*m", "", shown)


def test_the_repository_to_copy(copy: pathlib.Path, tmp_path: pathlib.Path, watch: Watch) -> None:
    shown = _go_through("examples/gitops/README.md", copy, tmp_path, expected=7, watch=watch)
    verdicts = re.findall(r"^ +msg: '(.*?): see", shown, re.MULTILINE)
    assert verdicts == ["1 of 3 accounts drifted", "3 accounts checked, none drifted"]


def test_the_guide_to_audits(copy: pathlib.Path, tmp_path: pathlib.Path, watch: Watch) -> None:
    shown = _go_through("docs/audit-and-gitops.md", copy, tmp_path, expected=6, watch=watch)
    assert "## 🟠 HostUp accounts: 1 of 3 accounts drifted" in shown
    assert shown.endswith("\n1 0\n")
