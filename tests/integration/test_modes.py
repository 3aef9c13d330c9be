# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode, diff mode, both and neither, on both versions of the API: one truth, and a write only where it is due."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_FIELDS, VERSIONS
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import Played, Player, account, info
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY


class Case(t.NamedTuple):
    """A task and what must come of it."""

    #: In the emulator's record, by v1's names.
    stored: dict[str, t.Any]
    declared: dict[str, t.Any]
    #: The body of the update, by version; a version that is missing has not got these options.
    sent: dict[str, dict[str, t.Any]]
    #: Shown in the diff.
    before: dict[str, str]
    after: dict[str, str]


VAT = "SE555555555501"


def _one(option: str, before: str, after: str, v1: str, v2: str, stored: dict[str, str] | None = None) -> Case:
    """One field changes; v2: its path in the body of version 2, which clears with null."""
    body: dict[str, t.Any] = {v2.rpartition(".")[2]: after or None}
    sent = {"v1": {v1: after}, "v2": {"address": body} if "." in v2 else body}
    return Case(stored or {}, {option: after}, sent, {option: before}, {option: after})


NOTHING: dict[str, dict[str, t.Any]] = {"v1": {}, "v2": {}}

CASES: dict[str, Case] = {
    "nothing differs": Case({}, {"city": "Stockholm", "postcode": "12345", "phone_number": "070-000 00 00"}, NOTHING, {}, {}),
    "one of three differs": Case(
        {},
        {"city": "Lund", "state": "Stockholm", "address": "Examplegatan 1"},
        {"v1": {"city": "Lund"}, "v2": {"address": {"city": "Lund"}}},
        {"city": "Stockholm"},
        {"city": "Lund"},
    ),
    "a field is cleared": _one("state", "Stockholm", "", "state", "address.state"),
    "a custom field is set for the first time": _one("vat_number", "", VAT, "vateu", "vatNumber"),
    "a custom field is cleared": _one("vat_number", VAT, "", "vateu", "vatNumber", {"vateu": VAT}),
    "a person becomes an organisation": Case(
        {},
        {"account_type": "organisation", "company_name": "Example AB", "org_number": "555555-5555"},
        {
            "v1": {"accountType": "organisation", "companyname": "Example AB", "orgno": "[SE]555555-5555"},
            "v2": {
                "accountType": "organisation",
                "companyName": "Example AB",
                "registrationIdentifier": {"value": "555555-5555", "countryCode": "SE"},
            },
        },
        {"account_type": "private", "company_name": "", "org_number": ""},
        {"account_type": "organisation", "company_name": "Example AB", "org_number": "[SE]555555-5555"},
    ),
    "an address is hidden": Case(
        {},
        {"address": "Hidden street 7", "redact": ["address"]},
        {"v1": {"address1": "Hidden street 7"}, "v2": {"address": {"street": "Hidden street 7"}}},
        {"address": "(redacted: current)"},
        {"address": "(redacted: wanted)"},
    ),
    "a personal number": Case(
        {},
        {"personal_number": "{{ vault_personal_number }}"},
        {"v1": {"personnummer": "900101-0017"}},
        {"personal_number": "(redacted: current)"},
        {"personal_number": "(redacted: wanted)"},
    ),
    "a value that holds a hidden one": Case(
        {},
        {"company_name": "Hidden  Street Bageri", "state": "Hidden street", "redact": ["state"]},
        {
            "v1": {"companyname": "Hidden  Street Bageri", "state": "Hidden street"},
            "v2": {"companyName": "Hidden  Street Bageri", "address": {"state": "Hidden street"}},
        },
        {"company_name": "", "state": "(redacted: current)"},
        {"company_name": "(redacted: wanted)", "state": "(redacted: wanted)"},
    ),
    "what version 2 alone has": Case(
        {},
        {"invoice_reference": "Cost center 42", "language": "en"},
        {"v2": {"invoiceReference": "Cost center 42", "languageCode": "en"}},
        {"invoice_reference": "", "language": "sv"},
        {"invoice_reference": "Cost center 42", "language": "en"},
    ),
}
MODES: dict[str, tuple[str, ...]] = {
    "none": (),
    "diff": ("--diff",),
    "check and diff": ("--check", "--diff"),
    # the API writes its records as a PHP back end may
    "weird": ("--diff",),
}
#: The modes that write.
WRITING = ("none", "diff", "weird")

#: What differs between the versions of the API, beside what a task declares: README, "Version 1 or version 2".
OF_ONE_VERSION = {"id", "status"} | {field.option for field in PROFILE_FIELDS if not (field.v1 and field.v2)}

#: A task's name -> its version and case.
TASKS = {"%s: %s" % (version, name): (version, name) for name, case in CASES.items() for version in case.sent}
SHARED = [name for name, case in CASES.items() if set(case.sent) == set(VERSIONS)]


class Modes(t.NamedTuple):
    played: dict[str, Played]
    #: The requests of a mode's task.
    journals: dict[tuple[str, str], list[t.Any]]
    #: By mode: every task once more on the account that it left, on each version of the API.
    again: dict[str, Played]


@pytest.fixture(scope="module")
def modes(in_process_player: Player, start: Start) -> Modes:
    """Every case on every version that has its options, with an emulator of its own for each: a run for each mode."""
    seen = Modes({}, {}, {})
    for mode, flags in MODES.items():
        emulators = {task: start(CASES[name].stored, weird=mode == "weird") for task, (dummy, name) in TASKS.items()}
        tasks = [
            account(task, emulators[task].url, api_version=version, **CASES[name].declared)
            for task, (version, name) in TASKS.items()
        ]
        seen.played[mode] = in_process_player.play(tasks, "-vvvv", *flags)
        seen.journals.update({(mode, task): list(emulator.journal) for task, emulator in emulators.items()})
        if mode in ("none", "weird"):
            across = [
                account("%s, on %s" % (task, version), emulators[task].url, api_version=version, **CASES[name].declared)
                for task, (dummy, name) in TASKS.items()
                for version in CASES[name].sent
            ]
            seen.again[mode] = in_process_player.play(across)
    return seen


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("task", TASKS)
def test_requests(modes: Modes, task: str, mode: str) -> None:
    """Unchanged or in check mode: one GET. Changed: one update with the changed fields alone, and on v1 a look at the result."""
    version, name = TASKS[task]
    body = CASES[name].sent[version]
    journal = modes.journals[mode, task]
    writes = bool(body) and mode in WRITING
    written = {"v1": ["GET", "POST", "GET"], "v2": ["GET", "PATCH"]}[version]
    assert [entry.method for entry in journal] == (written if writes else ["GET"])
    assert {entry.path for entry in journal} <= {"/api/account/details", "/api/account/update"} | {"/api/v2/me"}
    assert {entry.path.startswith("/api/v2/") for entry in journal} == {version == "v2"}
    for entry in journal:
        keys = (entry.headers.get("X-API-Key"), entry.headers.get("Authorization"))
        assert keys == ((KEY, None) if version == "v1" else (None, "Bearer " + KEY))
    if writes:
        assert journal[1].json() == body


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("task", TASKS)
def test_result(modes: Modes, task: str, mode: str) -> None:
    version, name = TASKS[task]
    case, result = CASES[name], modes.played[mode][task]
    changes = bool(case.sent[version])
    assert not result["failed"], result
    assert result["changed"] == changes
    assert result["changed_fields"] == sorted(case.after)
    assert set(result["account"]) == {"id", "status", "email"} | {field.option for field in PROFILE_FIELDS}
    assert result["account"]["id"] == ("9257" if version == "v1" else "client_01demo00000000000000009257")
    assert result["account"]["personal_number"] == ("(redacted)" if version == "v1" else None)
    assert ("request_id" in result) == (changes and mode in WRITING)
    assert result.get("request_id", "an id")
    # that v1 shows a custom field once it is set, only the real run finds out
    foreseen = version == "v2" or mode in WRITING
    assert not foreseen or "warnings" not in result
    if mode == "none":
        assert "diff" not in result
    else:
        assert (result["diff"]["before"], result["diff"]["after"]) == (case.before, case.after)
        assert result["account"]["id"] in result["diff"]["before_header"]
    for option, after in case.after.items():
        assert result["account"][option] == ("(redacted)" if after == "(redacted: wanted)" else after or None)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", SHARED)
def test_both_versions_return_the_same(modes: Modes, name: str, mode: str) -> None:
    first, second = (modes.played[mode]["%s: %s" % (version, name)] for version in VERSIONS)
    for key in ("changed", "changed_fields"):
        assert first[key] == second[key], key
    for key in set(first["account"]) - OF_ONE_VERSION:
        assert first["account"][key] == second["account"][key], key
    if "diff" in first:
        assert [first["diff"][side] for side in ("before", "after")] == [second["diff"][side] for side in ("before", "after")]


@pytest.mark.parametrize("mode", MODES)
def test_hidden_values_are_shown_nowhere(modes: Modes, mode: str) -> None:
    """Neither in results and diffs, nor in what a module prints of its arguments."""
    played = modes.played[mode]
    shown = " ".join((played.output + str(played.results)).lower().split())
    assert "hidden street" not in shown
    for version in VERSIONS:
        assert played[version + ": an address is hidden"]["invocation"]["module_args"]["address"] == "(redacted)"
        assert played[version + ": a value that holds a hidden one"]["invocation"]["module_args"]["company_name"] == "(redacted)"


@pytest.mark.parametrize("task", TASKS)
def test_check_mode_predicts_the_real_run(modes: Modes, task: str) -> None:
    real, check = modes.played["diff"][task], modes.played["check and diff"][task]
    for key in ("changed", "changed_fields", "account", "diff"):
        assert check[key] == real[key], key


@pytest.mark.parametrize("mode", ["none", "weird"])
def test_second_run_is_ok(modes: Modes, mode: str) -> None:
    """Whichever version made the change, and whichever looks."""
    results = modes.again[mode].results
    assert len(results) == sum(len(CASES[name].sent) for dummy, name in TASKS.values())
    assert {name for name, result in results.items() if result["changed"] or result["failed"]} == set()


def test_what_info_returns_can_be_declared(in_process_player: Player, start: Start) -> None:
    """With everything set, nothing set, everything hidden, on each version: no change, and nothing but reads."""
    full = {field.v1: "x" for field in PROFILE_FIELDS if field.v1 == "companyname"}
    full.update(company="1", orgno="[SE]555555-5555", vateu="SE555555555501", phonenumber="+46 70 000 00 00")
    empty = {**dict.fromkeys(["companyname", "state", "address1", "postcode", "personnummer"], ""), "city": None}
    emulators, tasks = {}, []
    for version in VERSIONS:
        for kind, record in (("full", full), ("empty", empty), ("hidden", full)):
            name = "%s: %s" % (version, kind)
            emulators[name] = start({**record, **({"langcustomline0076": "x"} if version == "v1" and kind != "empty" else {})})
            shared = {"api_version": version, **({"redact": ["all"]} if kind == "hidden" else {})}
            tasks.append(info(name + " read", emulators[name].url, _register="seen", **shared))
            fields = {field.option: "{{ seen.account.%s | default(omit, true) }}" % field.option for field in PROFILE_FIELDS}
            tasks.append(account(name + " declared", emulators[name].url, compare="exact", **fields, **shared))
    played = in_process_player.play(tasks, "--diff")
    for name, emulator in emulators.items():
        assert played[name + " declared"].get("changed") is False, played[name + " declared"]
        assert [entry.method for entry in emulator.journal] == ["GET", "GET"]
    for version in VERSIONS:
        assert played[version + ": full read"]["account"]["company_name"] == "x"
        assert played[version + ": empty read"]["account"]["city"] is None
        assert played[version + ": hidden read"]["account"]["email"] == "(redacted)"
        assert "anna@example.com" not in str(played[version + ": hidden read"])
