# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode, diff mode, both and neither: one truth, and a write only where it is due."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._fields import FIELDS
from ansible_collections.hostup.cloud.tests.playbook.conftest import Start
from ansible_collections.hostup.cloud.tests.playbook.runner import KEY, Played, Player, account, info

#: Stored (API names), declared (options), sent in the update (API names), shown as before and after.
CASES: dict[str, tuple[dict[str, str], dict[str, t.Any], dict[str, str], dict[str, str], dict[str, str]]] = {
    "nothing declared": ({}, {}, {}, {}, {}),
    "nothing differs": ({}, {"city": "Stockholm", "postcode": "12345", "phone_number": "070-000 00 00"}, {}, {}, {}),
    "one of three differs": (
        {},
        {"city": "Lund", "state": "Stockholm", "address": "Examplegatan 1"},
        {"city": "Lund"},
        {"city": "Stockholm"},
        {"city": "Lund"},
    ),
    "a field is cleared": ({}, {"state": ""}, {"state": ""}, {"state": "Stockholm"}, {"state": ""}),
    "a custom field is set for the first time": (
        {},
        {"vat_number": "SE555555555501"},
        {"vateu": "SE555555555501"},
        {"vat_number": ""},
        {"vat_number": "SE555555555501"},
    ),
    "a custom field is cleared": (
        {"vateu": "SE555555555501"},
        {"vat_number": ""},
        {"vateu": ""},
        {"vat_number": "SE555555555501"},
        {"vat_number": ""},
    ),
    "a person becomes an organisation": (
        {},
        {"account_type": "organisation", "company_name": "Example AB", "org_number": "555555-5555"},
        {"accountType": "organisation", "companyname": "Example AB", "orgno": "[SE]555555-5555"},
        {"account_type": "private", "company_name": "", "org_number": ""},
        {"account_type": "organisation", "company_name": "Example AB", "org_number": "[SE]555555-5555"},
    ),
    "a personal number and an address are hidden": (
        {},
        {"personal_number": "{{ vault_personal_number }}", "address": "Hidden street 7", "redact": ["address"]},
        {"personnummer": "900101-0017", "address1": "Hidden street 7"},
        {"personal_number": "(redacted: current)", "address": "(redacted: current)"},
        {"personal_number": "(redacted: wanted)", "address": "(redacted: wanted)"},
    ),
}
MODES: dict[str, tuple[str, ...]] = {"none": (), "diff": ("--diff",), "check": ("--check",), "both": ("--check", "--diff")}


class Modes(t.NamedTuple):
    played: dict[str, Played]
    journals: dict[tuple[str, str], list[t.Any]]


@pytest.fixture(scope="module")
def modes(player: Player, start: Start) -> Modes:
    """Every case in every mode: four runs, and an emulator of its own for each task."""
    played, journals = {}, {}
    for mode, flags in MODES.items():
        emulators = {name: start(case[0]) for name, case in CASES.items()}
        tasks = [account(name, emulators[name].url, **case[1]) for name, case in CASES.items()]
        played[mode] = player.play(tasks, "-vvvv", *flags)
        journals.update({(mode, name): emulator.journal for name, emulator in emulators.items()})
    return Modes(played, journals)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", CASES)
def test_requests(modes: Modes, name: str, mode: str) -> None:
    """Unchanged: one GET. Changed: one GET, one update with the changed fields alone, one GET. Check mode: one GET."""
    sent = CASES[name][2]
    journal = modes.journals[mode, name]
    writes = bool(sent) and "check" not in mode and mode != "both"
    assert [entry.method for entry in journal] == (["GET", "POST", "GET"] if writes else ["GET"])
    assert {entry.headers["X-API-Key"] for entry in journal} == {KEY}
    if writes:
        assert journal[1].path == "/api/account/update"
        assert journal[1].json() == sent


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", CASES)
def test_result(modes: Modes, name: str, mode: str) -> None:
    result = modes.played[mode][name]
    dummy, declared, sent, before, after = CASES[name]
    assert not result["failed"], result
    assert result["changed"] == bool(sent)
    assert result["changed_fields"] == sorted(after)
    assert set(result["account"]) == {"id", "status", "email"} | {field.option for field in FIELDS}
    assert result["account"]["id"] == "9257"
    assert result["account"]["personal_number"] == "(redacted)"
    assert ("request_id" in result) == (bool(sent) and mode in ("none", "diff"))
    if mode in ("none", "check"):
        assert "diff" not in result
    else:
        assert (result["diff"]["before"], result["diff"]["after"]) == (before, after)
        assert "9257" in result["diff"]["before_header"]
    for option in set(declared) & set(after) - {"personal_number", "address"}:
        assert result["account"][option] == (after[option] or None)


@pytest.mark.parametrize("mode", MODES)
def test_hidden_values_are_nowhere(modes: Modes, mode: str) -> None:
    """Neither in results and diffs, nor in what a module prints of its arguments."""
    played = modes.played[mode]
    assert "Hidden street" not in played.output + str(played.results)
    assert played["a personal number and an address are hidden"]["invocation"]["module_args"]["address"] == "(redacted)"


@pytest.mark.parametrize("name", CASES)
def test_check_mode_foretells(modes: Modes, name: str) -> None:
    real, check = modes.played["diff"][name], modes.played["both"][name]
    for key in ("changed", "changed_fields", "account", "diff"):
        assert check[key] == real[key], key


def test_second_run_is_ok(player: Player, start: Start) -> None:
    emulators = {name: start(case[0]) for name, case in CASES.items()}
    tasks = [account(name, emulators[name].url, **case[1]) for name, case in CASES.items()]
    player.play(tasks)
    again = player.play(tasks)
    assert {name for name, result in again.results.items() if result["changed"] or result["failed"]} == set()


def test_what_info_returns_can_be_declared(player: Player, start: Start) -> None:
    """With everything set, nothing set, everything hidden: no change, and nothing but reads."""
    full = {field.v1: "x" for field in FIELDS if field.v1 in ("companyname", "langcustomline0076")}
    full.update(company="1", orgno="[SE]555555-5555", vateu="SE555555555501", phonenumber="+46 70 000 00 00")
    empty = dict.fromkeys(["companyname", "state", "address1", "postcode", "personnummer"], "")
    emulators = {"full": start(full), "empty": start({**empty, "city": None}), "hidden": start(full)}
    tasks = []
    for name, emulator in emulators.items():
        hidden = {"redact": ["all"]} if name == "hidden" else {}
        tasks.append(info(name + " read", emulator.url, _register="seen", **hidden))
        fields = {field.option: "{{ seen.account.%s | default(omit, true) }}" % field.option for field in FIELDS}
        tasks.append(account(name + " declared", emulator.url, compare="exact", **fields, **hidden))
    played = player.play(tasks, "--diff")
    for name, emulator in emulators.items():
        assert played[name + " declared"].get("changed") is False, played[name + " declared"]
        assert [entry.method for entry in emulator.journal] == ["GET", "GET"]
    assert played["full read"]["account"]["company_name"] == "x"
    assert played["empty read"]["account"]["city"] is None
    assert played["hidden read"]["account"]["email"] == "(redacted)"
    assert "anna@example.com" not in str(played["hidden read"])


def test_inline_vault_value(player: Player, start: Start) -> None:
    """The key as an inline `!vault` value in a file of variables."""
    secret = player.secret("inline_key", KEY)
    emulator = start()
    tasks = [
        account("inline", emulator.url, api_key="{{ inline_key }}", city="Lund"),
        info("read", emulator.url, api_key="{{ inline_key }}"),
    ]
    played = player.play(tasks, "-vvvv", play={"vars_files": ["vault.yml", secret]})
    assert played["inline"]["changed"] is True
    assert played["read"]["account"]["city"] == "Lund"
    assert {entry.headers["X-API-Key"] for entry in emulator.journal} == {KEY}
