# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's own keywords and settings mean in process what they mean for any module, or lead to the module."""

from __future__ import annotations

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
    "the variable, templated": ({"_vars": {"hostup_in_process": "{{ 1 == 2 }}"}}, False),
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
  become_user: {description: Ignored., default: ""}
  become_exe: {description: Ignored., default: ""}
  become_flags: {description: Ignored., default: ""}
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
    assert "diff" not in placed.played[name]
    if "become" in name:
        assert "BECAME=same" in _part(placed.played, name)
    written = "_check_mode" not in keywords
    assert [e.method for e in placed.emulators[name].journal] == (["GET", "POST", "GET"] if written else ["GET"])


#: The task that `failed_when` fails -> what it says.
SAID: dict[str, tuple[t.Callable[..., Task], Task, str]] = {
    "checked": (
        account,
        {"city": "Lund", "postcode": "22222", "_check_mode": True},
        "city and postcode differ from the declared values.",
    ),
    "updated": (account, {"city": "Lund"}, "city differed from the declared values; the task updated the account."),
    "as declared": (account, {"city": "Stockholm"}, "Nothing differs from the declared values."),
    "preferences": (preferences, {"timezone": "Europe/Oslo", "_check_mode": True}, "timezone differs from the declared values."),
    "reading": (info, {}, "The task itself did not fail: it read what it was asked for."),
    "failed itself": (info, {"account_id": "1"}, "The key belongs to account 9257, but account_id says 1"),
}


#: A value of an account that would run a command if somebody took it for a template.
HOSTILE = "{{ lookup('ansible.builtin.pipe', 'touch pwned') }}"


class Used(t.NamedTuple):
    player: Player
    played: Played
    emulators: dict[str, Emulator]


@pytest.fixture(scope="module")
def used(player: Player, start: Start) -> Used:
    """All that follows in one run: keywords, their messages, and values of every kind of text."""
    names = ("neither", "loop", "until", "quiet", "defaults", "values", "silent", *SAID)
    emulators = {name: start() for name in names}
    emulators["hostile"] = start({"companyname": HOSTILE})
    emulators["until"].faults.order(Fault("status", status=503, times=2))
    url = {name: emulator.url for name, emulator in emulators.items()}
    files = [player.secret("inline_key", KEY), player.secret("inline_city", "Lund")]
    defaults = {
        "group/hostup.cloud.hostup": {"api_key": "{{ vault_hostup_api_key }}", "api_url": url["defaults"]},
        "hostup.cloud.hostup_account": {"city": "Lund"},
    }
    tasks: list[Task] = [
        account("neither", url["neither"], city="Lund", _vars={"hostup_in_process": "maybe"}),
        account("loop", url["loop"], city="{{ item }}", _loop=["Lund", "Lund", "Umeå"]),
        info("until", url["until"], api_retries=0, _register="seen", _until="seen is success", _retries=3, _delay=0),
        {"name": "registered", "ansible.builtin.assert": {"that": ["seen.account.id == '9257'", "seen.attempts == 3"]}},
        account("no_log", url["quiet"], city="Hidden town", _no_log=True),
        account("when", url["quiet"], city="Malmö", _when=False),
        account("changed_when", url["quiet"], city="Lund", _changed_when=False, _failed_when=False),
        *(case[0](name, url[name], **case[1], _register="r", _failed_when="r is not skipped") for name, case in SAID.items()),
        account("silent", url["silent"], city="Lund"),
        {"name": "defaults", "hostup.cloud.hostup_account": {}, "module_defaults": defaults},
        account("vaulted", url["values"], api_key="{{ inline_key }}", city="{{ inline_city }}"),
        account("templated", url["values"], city="{{ ['Um', 'eå'] | join }}", state="{{ {'a': 'Skåne'}['a'] }}"),
        account("looked up", url["values"], city="{{ lookup('ansible.builtin.env', 'A_CITY') }}"),
        account("folded", url["values"], city="Malmö\n", address="{{ lookup('ansible.builtin.pipe', 'echo Storgatan 2') }}"),
        info("read", url["values"], redact="{{ ['city'] }}", _register="seen"),
        account("reused", url["values"], company_name="{{ seen.account.address }}"),
        info("read a template", url["hostile"], _register="seen"),
        {"name": "shown", "ansible.builtin.debug": {"msg": "{{ seen.account.company_name }}"}},
        account("declared again", url["hostile"], company_name="{{ seen.account.company_name }}"),
    ]
    played = player.play(tasks, "-vvvv", play={"vars_files": ["vault.yml", *files]}, env={"A_CITY": "Kiruna"})
    return Used(player, played, emulators)


def test_a_variable_that_is_neither(used: Used) -> None:
    assert used.played["neither"]["msg"] == "The variable hostup_in_process must be true or false."
    assert used.emulators["neither"].journal == []


def test_loop_until_register_and_no_log(used: Used) -> None:
    played, emulators = used.played, used.emulators
    assert [item["changed"] for item in played["loop"]["results"]] == [True, False, True]
    assert played["until"]["attempts"] == 3
    assert played["registered"]["failed"] is False
    assert "Hidden town" not in played.output
    assert "when" not in played.results
    assert played["changed_when"]["changed"] is False
    for name, cities in (("loop", ["Lund", "Umeå"]), ("quiet", ["Hidden town", "Lund"])):
        assert [entry.json() for entry in emulators[name].writes] == [{"city": city} for city in cities]


def test_failed_when_has_a_message(used: Used) -> None:
    """Ansible has none of its own: it prints "Unknown error" for a result without a message."""
    played = used.played
    assert {name: played[name]["failed"] for name in SAID} == dict.fromkeys(SAID, True)
    assert [name for name, case in SAID.items() if case[2] not in played[name]["msg"]] == []
    assert "nknown error" not in played.output
    assert "Lund" not in "".join(played[name]["msg"] for name in SAID)
    assert "msg" not in played["silent"]


def test_defaults_of_the_module_and_of_the_group(used: Used) -> None:
    assert used.played["defaults"]["changed_fields"] == ["city"]
    assert used.emulators["defaults"].writes[0].json() == {"city": "Lund"}


def test_values_of_every_kind_of_text(used: Used) -> None:
    """However a playbook holds them, they reach the wire as the plain text that they are."""
    for name in ("vaulted", "templated", "looked up", "folded", "read", "reused"):
        assert used.played[name]["failed"] is False, used.played[name]
    assert [entry.json() for entry in used.emulators["values"].writes] == [
        {"city": "Lund"},
        {"city": "Umeå", "state": "Skåne"},
        {"city": "Kiruna"},
        {"city": "Malmö", "address1": "Storgatan 2"},
        {"companyname": "Storgatan 2"},
    ]
    assert {entry.headers["X-API-Key"] for entry in used.emulators["values"].journal} == {KEY}


def test_what_the_api_stores_is_no_template(used: Used) -> None:
    """A value with braces is data: nobody who can edit an account runs code in a pipeline."""
    assert used.played["shown"]["msg"] == HOSTILE
    assert used.played["declared again"]["changed"] is False
    assert not list(used.player.folder.rglob("pwned"))
