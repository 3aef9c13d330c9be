# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CONTRIBUTING.md's "Add a field", followed to the letter: its tests name what is missing, and the field works in the end."""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys
import typing as t

import pytest
import requests

from ansible_collections.hostup.cloud.tests.tools.add_a_field import PAGE, SECTION, changes, copy, follow
from ansible_collections.hostup.cloud.tests.tools.markdown import blocks

CHANGES = changes()

#: Where an edit belongs, and the test that misses it; without the row, nothing is missed.
MISSED = [
    (
        "tests/contract/v1.yaml",
        "tests/contract/test_document.py::test_updates_have_the_names_of_the_tables[POST /account/update]",
    ),
    ("tests/contract/v1.yaml", "tests/contract/test_document.py::test_answers_have_the_names_of_the_tables[v1]"),
    ("tests/contract/v2.yaml", "tests/contract/test_document.py::test_updates_have_the_names_of_the_tables[PATCH /v2/me]"),
    ("tests/contract/v2.yaml", "tests/contract/test_document.py::test_answers_have_the_names_of_the_tables[v2]"),
    (
        "plugins/modules/hostup_account.py",
        "tests/unit/test_documentation.py::test_options_are_documented_as_they_are[hostup_account]",
    ),
    ("plugins/modules/hostup_account.py", "tests/unit/test_documentation.py::test_every_option_has_an_example"),
    (
        "plugins/modules/hostup_account_info.py",
        "tests/unit/test_documentation.py::test_return_values_are_documented[hostup_account_info]",
    ),
]


class Copy(t.NamedTuple):
    """A copy of the repository."""

    root: pathlib.Path
    #: In which Ansible and Python find the copy.
    environment: dict[str, str]

    @classmethod
    def with_first(cls, root: pathlib.Path, count: int) -> Copy:
        """One in which so many of the page's edits were made."""
        environment = copy(root)
        follow(root, CHANGES[:count])
        return cls(root, {name: text for name, text in environment.items() if not name.startswith(("PYTEST_", "HYPOTHESIS_"))})

    def failures(self) -> set[str]:
        """The tests that fail, of those that the page names."""
        (command,) = re.findall(r"^pytest (.*)$", "".join(blocks(PAGE, "text", SECTION)), re.MULTILINE)
        line = [sys.executable, "-m", "pytest", "-q", "--color=no", "--tb=line", *command.split()]
        done = subprocess.run(line, cwd=self.root, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stdout
        return set(re.findall(r"^(?:FAILED|ERROR) (\S+?\.py::\w+(?:\[.*?\])?)", done.stdout, re.MULTILINE))


def test_each_edit_is_missed(tmp_path: pathlib.Path) -> None:
    """The row is the first edit; the tests ask for all the others. Only the changelog is left to reviewers."""
    edited = [change.file for change in CHANGES]
    assert edited == [
        "plugins/module_utils/_fields.py",
        *(file for file, dummy in MISSED),
        "changelogs/fragments/cost-centre.yml",
    ]
    assert len(edited[:-1]) <= 8
    assert Copy.with_first(tmp_path / "copy", 1).failures() == {test for dummy, test in MISSED}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy.with_first(tmp_path_factory.mktemp("walkthrough") / "a klön", len(CHANGES))


def test_all_edits_together_are_enough(done: Copy) -> None:
    assert done.failures() == set()


@pytest.mark.parametrize(("version", "name"), [("v1", "costcentre"), ("v2", "costCentre")])
def test_the_new_field_is_declared(done: Copy, tmp_path: pathlib.Path, version: str, name: str) -> None:
    """The page's playbook against the copy's own emulator, on both versions: changed, then ok, and one write in all."""
    (playbook,) = blocks(PAGE, "yaml", SECTION)
    (tmp_path / "cost-centre.yml").write_text(playbook, encoding="utf-8")
    command = [sys.executable, "-m", "ansible_collections.hostup.cloud.tests.emulator"]
    with subprocess.Popen(command, env=done.environment, cwd=done.root, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        url = server.stdout.readline().strip()
        environment = {
            **done.environment,
            "HOSTUP_API_URL": url,
            "HOSTUP_API_KEY": "demo-key-of-account-1001",
            "HOSTUP_API_VERSION": version,
            "NO_PROXY": "127.0.0.1",
            "ANSIBLE_FORCE_COLOR": "false",
        }
        command = [str(pathlib.Path(sys.executable).with_name("ansible-playbook")), "cost-centre.yml", "--diff"]
        shown = ""
        for outcome in ("changed", "ok"):
            ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
            assert "\n%s: [localhost]" % outcome in ran.stdout, ran.stdout + ran.stderr
            shown += ran.stdout
        # an address of the emulator's own, beside the API
        journal = requests.get(url[: -len("api")] + "emulator/journal", timeout=10).json()
        server.terminate()
    assert re.findall(r'^[-+] .*"cost_centre": "(.*)"', shown, re.MULTILINE) == ["", "4711"]
    assert [name in str(entry) for entry in journal if entry["method"] != "GET"] == [True]
