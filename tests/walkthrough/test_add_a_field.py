# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CONTRIBUTING.md's walk-through "Add a field" is all that is needed: the tests that it names pass, and the field works."""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys
import typing as t

import pytest
import requests

from ansible_collections.hostup.cloud.tests.tools.walkthrough import Change, Step, follow, playbook, steps
from ansible_collections.hostup.cloud.tests.walkthrough.conftest import Copy


def test_the_tests_that_the_page_names_pass(copy: Copy) -> None:
    (command,) = re.findall(r"^pytest (.*)$", copy.page, re.MULTILINE)
    ran = copy.pytest(*command.split())
    assert ran.returncode == 0, ran.stdout


@pytest.fixture
def emulator(copy: Copy) -> t.Iterator[str]:
    """The address of the copy's own, which knows the new field."""
    command = [sys.executable, "-m", "ansible_collections.hostup.cloud.tests.emulator"]
    with subprocess.Popen(command, env=copy.environment(), cwd=copy.root, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        yield server.stdout.readline().strip()
        server.terminate()


@pytest.mark.parametrize(
    ("version", "name", "in_process"), [("v1", "costcentre", "true"), ("v2", "costCentre", "false")], ids=["action", "module"]
)
def test_the_new_field_is_declared(
    copy: Copy, emulator: str, tmp_path: pathlib.Path, version: str, name: str, in_process: str
) -> None:
    """The page's playbook, in both shells and on both versions of the API: changed, then ok, and one write in all."""
    (tmp_path / "cost-centre.yml").write_text(playbook(copy.page), encoding="utf-8")
    environment = {
        **copy.environment(),
        "HOSTUP_API_URL": emulator,
        "HOSTUP_API_KEY": "demo-key-of-account-1001",
        "HOSTUP_API_VERSION": version,
        "NO_PROXY": "127.0.0.1",
        "ANSIBLE_FORCE_COLOR": "false",
    }
    command = [str(pathlib.Path(sys.executable).with_name("ansible-playbook")), "cost-centre.yml", "--diff", "-vvv"]
    command += ["-i", "localhost,", "-c", "local", "-e", "hostup_in_process=" + in_process]
    command += ["-e", "ansible_python_interpreter='%s'" % sys.executable]
    shown = ""
    for outcome in ("changed", "ok"):
        ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert "\n%s: [localhost] => " % outcome in ran.stdout
        assert ("Running in Ansible's own process" in ran.stdout) == (in_process == "true")
        shown += ran.stdout
    assert re.findall(r'^[-+] .*"cost_centre": "(.*)"', shown, re.MULTILINE) == ["", "4711"]
    # an address of the emulator's own, beside the API
    journal = requests.get(emulator[: -len("api")] + "emulator/journal", timeout=10).json()
    assert [name in str(entry) for entry in journal if entry["method"] != "GET"] == [True]


def test_lines_that_are_not_there_are_named(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.py").write_text("one\ntwo\none\n", encoding="utf-8")
    for before, count in (("three\n", 0), ("one\n", 2)):
        with pytest.raises(ValueError, match=r"step 1\. It: these lines stand %d times in a\.py" % count):
            follow(tmp_path, [Step("1. It", (Change("a.py", before, before + "new\n"),))])
    assert (tmp_path / "a.py").read_text(encoding="utf-8") == "one\ntwo\none\n"


def test_each_step_is_read(copy: Copy) -> None:
    """Numbered without a gap, but for the last, which shows no change."""
    assert [step.title.split(".")[0] for step in steps(copy.page)] == list("1234567")
