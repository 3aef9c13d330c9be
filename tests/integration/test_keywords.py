# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's own keywords and settings mean in process what they mean for any module, or lead to the module."""

from __future__ import annotations

import re
import subprocess
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.integration.conftest import WAYS_TO_RUN, Start
from ansible_collections.hostup.cloud.tests.integration.runner import (
    Played,
    Player,
    Task,
    account,
    info,
    preferences,
    preferences_info,
)
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY

MODULE = "AnsiballZ_hostup_account.py"


def _part(played: Played, task: str) -> str:
    """What a run said at -vvvv while it was at one task."""
    return played.output.partition("TASK [%s]" % task)[2].partition("TASK [")[0]


#: Keywords of a task, and whether it runs in process then.
PLACES: dict[str, tuple[Task, bool]] = {
    "nothing said": ({}, True),
    "connection": ({"_connection": "local"}, True),
    "environment that is empty": ({"_environment": {}}, True),
    "environment": ({"_environment": {"LC_ALL": "C.UTF-8"}}, False),
    "become": ({"_become": True, "_become_method": "test.become.same"}, False),
    "become by a variable": ({"_vars": {"ansible_become": True, "ansible_become_method": "test.become.same"}}, False),
    "async": ({"_async": 30, "_poll": 1}, False),
    "the variable": ({"_vars": {"hostup_in_process": False}}, False),
    "the variable as text": ({"_vars": {"hostup_in_process": "no"}}, False),
    "the variable, templated": ({"_vars": {"hostup_in_process": "{{ 1 == 2 }}"}}, False),
    "the variable, true": ({"_vars": {"hostup_in_process": True}}, True),
    "the variable, null": ({"_vars": {"hostup_in_process": None}}, True),
    "delegated": ({"_delegate_to": "localhost"}, True),
    "once": ({"_run_once": True}, True),
    "with a time limit": ({"_timeout": 60}, True),
    "in check mode": ({"_check_mode": True}, True),
}


class Placed(t.NamedTuple):
    played: Played
    emulators: dict[str, Emulator]


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory, start: Start) -> Placed:
    player = Player(tmp_path_factory.mktemp("places"), WAYS_TO_RUN["in process"])
    emulators = {name: start() for name in PLACES}
    tasks = [account(name, emulators[name].url, city="Lund", **keywords) for name, (keywords, dummy) in PLACES.items()]
    played = player.play(tasks, "-vvvv", env={"ANSIBLE_COLLECTIONS_PATH": _with_become(player)})
    return Placed(played, emulators)


def _with_become(player: Player) -> str:
    """A path of collections with a become plugin that becomes nobody else: machines may have no sudo."""
    folder = player.folder / "collections" / "ansible_collections" / "test" / "become" / "plugins" / "become"
    folder.mkdir(parents=True)
    (folder / "same.py").write_text(BECOME, encoding="utf-8")
    return "%s:%s" % (player.environment()["ANSIBLE_COLLECTIONS_PATH"], player.folder / "collections")


BECOME = '''
from ansible.plugins.become import BecomeBase

DOCUMENTATION = """
name: same
short_description: Becomes nobody else, and says so
description: For tests.
options:
  become_user:
    description: Ignored.
    default: ""
  become_exe:
    description: Ignored.
    default: ""
  become_flags:
    description: Ignored.
    default: ""
"""


class BecomeModule(BecomeBase):
    name = "test.become.same"

    def build_become_command(self, cmd, shell):
        return "env BECAME=same " + cmd
'''


@pytest.mark.parametrize("name", PLACES)
def test_place(placed: Placed, name: str) -> None:
    keywords, in_process = PLACES[name]
    assert placed.played[name]["failed"] is False, placed.played[name]
    assert placed.played[name]["changed"] is True
    assert (MODULE in _part(placed.played, name)) == (not in_process)
    assert ("Running in Ansible's own process" in _part(placed.played, name)) == in_process
    if "become" in name:
        assert "BECAME=same" in _part(placed.played, name)
    written = "_check_mode" not in keywords
    assert [e.method for e in placed.emulators[name].journal] == (["GET", "POST", "GET"] if written else ["GET"])


def test_a_variable_that_is_neither(player: Player, start: Start) -> None:
    emulator = start()
    tasks = [account("neither", emulator.url, city="Lund", _vars={"hostup_in_process": "maybe"})]
    assert player.play(tasks)["neither"]["msg"] == "The variable hostup_in_process must be true or false."
    assert emulator.journal == []


def test_loop_until_register_and_no_log(player: Player, start: Start) -> None:
    emulator = start()
    flaky = start()
    flaky.faults.order(Fault("status", status=503, times=2))
    tasks = [
        account("loop", emulator.url, city="{{ item }}", _loop=["Lund", "Lund", "Umeå"]),
        info("until", flaky.url, api_retries=0, _register="seen", _until="seen is success", _retries=3, _delay=0),
        {"name": "registered", "ansible.builtin.assert": {"that": ["seen.account.id == '9257'", "seen.attempts == 3"]}},
        account("no_log", emulator.url, city="Hidden town", _no_log=True),
        account("when", emulator.url, city="Malmö", _when=False),
        account("changed_when", emulator.url, city="Lund", _changed_when=False, _failed_when=False),
    ]
    played = player.play(tasks, "-v")
    assert [item["changed"] for item in played["loop"]["results"]] == [True, False, True]
    assert played["until"]["attempts"] == 3
    assert played["registered"]["failed"] is False
    assert "Hidden town" not in played.output
    assert "when" not in played.results
    assert played["changed_when"]["changed"] is False
    assert [entry.json() for entry in emulator.writes] == [{"city": c} for c in ("Lund", "Umeå", "Hidden town", "Lund")]


#: The task that `failed_when` fails -> what it says.
SAID: dict[str, tuple[t.Callable[..., Task], Task, str]] = {
    "checked": (
        account,
        {"city": "Lund", "postcode": "22222", "_check_mode": True},
        "city and postcode differ from the declared values.",
    ),
    "one field": (account, {"city": "Lund", "_check_mode": True}, "city differs from the declared values."),
    "updated": (account, {"city": "Lund"}, "city differed from the declared values; the task updated the account."),
    "as declared": (account, {"city": "Stockholm"}, "Nothing differs from the declared values."),
    "preferences": (preferences, {"timezone": "Europe/Oslo", "_check_mode": True}, "timezone differs from the declared values."),
    "reading": (info, {}, "The task itself did not fail: it read what it was asked for."),
    "reading preferences": (preferences_info, {}, "The task itself did not fail: it read what it was asked for."),
    "failed itself": (info, {"account_id": "1"}, "The key belongs to account 9257, but account_id says 1"),
}


def test_failed_when_has_a_message(player: Player, start: Start) -> None:
    """Ansible has none of its own: it prints "Unknown error" for a result without a message."""
    tasks = [case[0](name, start().url, **case[1], _register="r", _failed_when="r is not skipped") for name, case in SAID.items()]
    played = player.play([*tasks, account("silent", start().url, city="Lund")], "-v")
    assert {name: played[name]["failed"] for name in SAID} == dict.fromkeys(SAID, True)
    assert [name for name, case in SAID.items() if case[2] not in played[name]["msg"]] == []
    assert "nknown error" not in played.output
    assert "Lund" not in "".join(played[name]["msg"] for name in SAID)
    assert "msg" not in played["silent"]


def test_defaults_of_the_module_and_of_the_group(player: Player, start: Start) -> None:
    emulator = start()
    defaults = {
        "group/hostup.cloud.hostup": {"api_key": "{{ vault_hostup_api_key }}", "api_url": emulator.url},
        "hostup.cloud.hostup_account": {"city": "Lund"},
    }
    tasks: list[Task] = [{"name": "by default", "hostup.cloud.hostup_account": {}}]
    played = player.play(tasks, play={"module_defaults": defaults})
    assert played["by default"]["changed_fields"] == ["city"]
    assert emulator.writes[0].json() == {"city": "Lund"}


@pytest.mark.parametrize("strategy", ["linear", "free", "host_pinned"])
def test_many_hosts(player: Player, start: Start, strategy: str) -> None:
    """Each host its own worker, one update for all of them with run_once, and one host's failure is its own."""
    emulator = start()
    play = {"hosts": "all", "strategy": strategy, "vars": {**player.variables, "ansible_connection": "local"}}
    # other strategies ignore run_once
    wanted = strategy == "linear" or "inventory_hostname == 'h1'"
    tasks = [
        info("all", emulator.url, account_id="{{ '1' if inventory_hostname == 'h3' else '9257' }}"),
        account("once", emulator.url, city="Lund", _run_once=strategy == "linear", _when=wanted),
    ]
    played = player.play(tasks, "-i", "h1,h2,h3,h4", "-f", "3", play=play)
    assert re.findall("^fatal: .(h[0-9]).*account_id says 1", played.output, re.MULTILINE) == ["h3"]
    assert sorted(re.findall("^ok: .(h[0-9])", played.output, re.MULTILINE)) == ["h1", "h2", "h4"]
    assert [entry.json() for entry in emulator.writes] == [{"city": "Lund"}]


def test_step(player: Player, start: Start) -> None:
    """`--step` asks before each task: the first is wanted, the second is not."""
    emulator = start()
    player.play([account("first", emulator.url, city="Lund"), account("second", emulator.url, city="Umeå")])
    emulator.journal.clear()
    playbook = sorted(player.folder.glob("playbook-*.yml"), key=lambda path: path.stat().st_mtime)[-1]
    done = subprocess.run(
        ["ansible-playbook", "-i", "localhost,", "--vault-password-file", "password", "--step", playbook.name],  # noqa: S607 the system's
        cwd=player.folder,
        env=player.environment(),
        input="y\nn\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert [entry.json() for entry in emulator.writes] == [{"city": "Lund"}]


def test_values_of_every_kind_of_text(player: Player, start: Start) -> None:
    """However a playbook holds them, they reach the wire as the plain text that they are."""
    emulator = start()
    key = player.secret("inline_key", KEY)
    city = player.secret("inline_city", "Lund")
    tasks = [
        account("vaulted", emulator.url, api_key="{{ inline_key }}", city="{{ inline_city }}"),
        account("templated", emulator.url, city="{{ ['Um', 'eå'] | join }}", state="{{ {'a': 'Skåne'}['a'] }}"),
        account("looked up", emulator.url, city="{{ lookup('ansible.builtin.env', 'A_CITY') }}"),
        account("folded", emulator.url, city="Malmö\n", address="{{ lookup('ansible.builtin.pipe', 'echo Storgatan 2') }}"),
        info("read", emulator.url, redact="{{ ['city'] }}", _register="seen"),
        account("registered", emulator.url, company_name="{{ seen.account.address }}"),
    ]
    played = player.play(tasks, "-vvvv", play={"vars_files": ["vault.yml", key, city]}, env={"A_CITY": "Kiruna"})
    assert {name: result["failed"] for name, result in played.results.items()} == dict.fromkeys(played.results, False)
    assert [entry.json() for entry in emulator.writes] == [
        {"city": "Lund"},
        {"city": "Umeå", "state": "Skåne"},
        {"city": "Kiruna"},
        {"city": "Malmö", "address1": "Storgatan 2"},
        {"companyname": "Storgatan 2"},
    ]
    assert {entry.headers["X-API-Key"] for entry in emulator.journal} == {KEY}


def test_what_the_api_stores_is_no_template(player: Player, start: Start) -> None:
    """A value with braces is data: nobody who can edit an account runs code in a pipeline."""
    hostile = "{{ lookup('ansible.builtin.pipe', 'touch pwned') }}"
    emulator = start({"companyname": hostile})
    tasks: list[Task] = [
        info("read", emulator.url, _register="seen"),
        {"name": "shown", "ansible.builtin.debug": {"msg": "{{ seen.account.company_name }}"}},
        account("declared again", emulator.url, company_name="{{ seen.account.company_name }}"),
    ]
    played = player.play(tasks)
    assert played["shown"]["msg"] == hostile
    assert played["declared again"]["changed"] is False
    assert not list(player.folder.rglob("pwned"))
