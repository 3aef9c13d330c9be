# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings beside the profile: read, compared, and written once for each endpoint.

What no shell makes a difference to is tried in process; `test_ways_to_run.py` holds the shells against each other.
"""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, VERSIONS
from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import Played, Player, preferences, preferences_info

V1, V2, PEPPOL = "/api/account/preferences", "/api/v2/me/preferences", "/api/v2/me/preferences/peppol"


class Case(t.NamedTuple):
    """A task and what must come of it."""

    #: What differs from the emulator's sample, by option.
    stored: dict[str, t.Any]
    declared: dict[str, t.Any]
    #: By version, the updates: path and body; a version that is missing has not got these options.
    sent: dict[str, list[tuple[str, dict[str, t.Any]]]]
    before: dict[str, t.Any]
    after: dict[str, t.Any]


NOTHING: dict[str, list[tuple[str, dict[str, t.Any]]]] = {"v1": [], "v2": []}

CASES: dict[str, Case] = {
    "nothing declared": Case({}, {}, NOTHING, {}, {}),
    "nothing differs": Case(
        {},
        {"language": "sv", "timezone": " \ufeffEurope/Stockholm ", "email_notifications": True, "sms_notifications": "no"},
        NOTHING,
        {},
        {},
    ),
    "one of three differs": Case(
        {},
        {"language": "sv", "timezone": "Europe/Helsinki", "email_notifications": True},
        {"v1": [(V1, {"timezone": "Europe/Helsinki"})], "v2": [(V2, {"localization": {"timezone": "Europe/Helsinki"}})]},
        {"timezone": "Europe/Stockholm"},
        {"timezone": "Europe/Helsinki"},
    ),
    "flags": Case(
        {},
        {"email_notifications": False, "sms_notifications": True},
        {
            "v1": [(V1, {"email_notifications": False, "sms_notifications": True})],
            "v2": [(V2, {"notifications": {"emailEnabled": False, "smsEnabled": True}})],
        },
        {"email_notifications": True, "sms_notifications": False},
        {"email_notifications": False, "sms_notifications": True},
    ),
    "Peppol alone": Case(
        {},
        {"peppol_opt_out": True},
        {"v1": [(V1, {"peppol_opt_out": True})], "v2": [(PEPPOL, {"optedOut": True})]},
        {"peppol_opt_out": False},
        {"peppol_opt_out": True},
    ),
    "two endpoints of version 2": Case(
        {},
        {"language": "en", "peppol_opt_out": True},
        {
            "v1": [(V1, {"language": "en", "peppol_opt_out": True})],
            "v2": [(V2, {"localization": {"languageCode": "en"}}), (PEPPOL, {"optedOut": True})],
        },
        {"language": "sv", "peppol_opt_out": False},
        {"language": "en", "peppol_opt_out": True},
    ),
    "a login that is meant": Case(
        {},
        {"bankid_only_login": True, "confirm_lockout": True},
        {"v1": [(V1, {"bankid_only_login": True})], "v2": [(V2, {"security": {"bankIdOnlyLogin": True}})]},
        {"bankid_only_login": False},
        {"bankid_only_login": True},
    ),
    "a login for everyone": Case(
        {"bankid_only_login": True},
        {"bankid_only_login": False},
        {"v1": [(V1, {"bankid_only_login": False})], "v2": [(V2, {"security": {"bankIdOnlyLogin": False}})]},
        {"bankid_only_login": True},
        {"bankid_only_login": False},
    ),
    "categories of e-mail": Case(
        {},
        {"notification_delivery": ["security", "invoices", "security"]},
        {"v2": [(V2, {"notifications": {"delivery": {"overrideEnabled": True, "enabledEmails": ["invoices", "security"]}}})]},
        {"notification_delivery": "default"},
        {"notification_delivery": ["invoices", "security"]},
    ),
    "the same categories in another order": Case(
        {"notification_delivery": ["security", "invoices"]},
        {"notification_delivery": ["invoices", "security"]},
        {"v2": []},
        {},
        {},
    ),
    "no category at all": Case(
        {"notification_delivery": ["security"]},
        {"notification_delivery": []},
        {"v2": [(V2, {"notifications": {"delivery": {"overrideEnabled": True, "enabledEmails": []}}})]},
        {"notification_delivery": ["security"]},
        {"notification_delivery": []},
    ),
    "the default again": Case(
        {"notification_delivery": ["security"]},
        {"notification_delivery": "default"},
        {"v2": [(V2, {"notifications": {"delivery": {"overrideEnabled": False, "enabledEmails": []}}})]},
        {"notification_delivery": ["security"]},
        {"notification_delivery": "default"},
    ),
    "billing": Case(
        {},
        {"separate_invoices": True, "card_auto_charge": True},
        {"v2": [(V2, {"billing": {"separateInvoices": {"enabled": True}, "cardAutoCharge": {"configured": True}}})]},
        {"separate_invoices": False, "card_auto_charge": False},
        {"separate_invoices": True, "card_auto_charge": True},
    ),
    "hidden": Case(
        {},
        {"timezone": "Europe/Hiddenburg", "redact": ["all"]},
        {"v1": [(V1, {"timezone": "Europe/Hiddenburg"})], "v2": [(V2, {"localization": {"timezone": "Europe/Hiddenburg"}})]},
        {"timezone": "(redacted: current)"},
        {"timezone": "(redacted: wanted)"},
    ),
}
TASKS = {"%s: %s" % (version, name): (version, name) for name, case in CASES.items() for version in case.sent}
#: In the last one the API writes its records as a PHP back end may.
MODES: dict[str, tuple[str, ...]] = {"real": ("--diff",), "check": ("--check", "--diff"), "weird": ("--diff",)}


class Seen(t.NamedTuple):
    played: dict[str, Played]
    journals: dict[tuple[str, str], list[t.Any]]
    emulators: dict[tuple[str, str], Emulator]


def _start(start: Start, stored: dict[str, t.Any], weird: bool = False) -> Emulator:
    emulator = start(weird=weird)
    emulator.accounts[0].preferences.update(stored)
    return emulator


@pytest.fixture(scope="module")
def modes(in_process_player: Player, start: Start) -> Seen:
    """All tasks for real and in check mode; then, for real, once more on the version that made no change."""
    played, journals, all_of_them = {}, {}, {}
    for mode, flags in MODES.items():
        emulators = {task: _start(start, CASES[name].stored, mode == "weird") for task, (version, name) in TASKS.items()}
        played[mode] = in_process_player.play(_tasks(emulators), "-vvvv", *flags)
        for task, emulator in emulators.items():
            journals[mode, task] = list(emulator.journal)
            all_of_them[mode, task] = emulator
    return Seen(played, journals, all_of_them)


def _tasks(emulators: dict[str, Emulator], swap: bool = False) -> list[t.Any]:
    tasks = []
    for task, (version, name) in TASKS.items():
        other = "v2" if version == "v1" or set(CASES[name].sent) != set(VERSIONS) else "v1"
        tasks.append(preferences(task, emulators[task].url, api_version=other if swap else version, **CASES[name].declared))
    return tasks


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("task", TASKS)
def test_requests(modes: Seen, task: str, mode: str) -> None:
    """Each endpoint with a declared setting is read once, and written once where something differs."""
    version, name = TASKS[task]
    journal = modes.journals[mode, task]
    reads = [entry.path for entry in journal if entry.method == "GET"]
    declared = set(CASES[name].declared) - {"redact", "confirm_lockout"}
    wanted = [V1] if version == "v1" else [V2] * bool(declared - {"peppol_opt_out"}) + [PEPPOL] * ("peppol_opt_out" in declared)
    assert reads == (wanted or [V2])
    writes = [(entry.method, entry.path, entry.json()) for entry in journal if entry.method != "GET"]
    method = "POST" if version == "v1" else "PATCH"
    expected = [(method, path, body) for path, body in CASES[name].sent[version]]
    assert writes == ([] if mode == "check" else expected)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("task", TASKS)
def test_result(modes: Seen, task: str, mode: str) -> None:
    version, name = TASKS[task]
    case, result = CASES[name], modes.played[mode][task]
    updates = len(case.sent[version])
    assert not result["failed"], result
    assert result["changed"] == bool(updates)
    assert result["changed_fields"] == sorted(case.after)
    assert (result["diff"]["before"], result["diff"]["after"]) == (case.before, case.after)
    assert set(result["preferences"]) == {setting.option for setting in PREFERENCE_FIELDS}
    assert result["unreadable_fields"] == []
    assert "warnings" not in result
    wrote = updates and mode != "check"
    assert len(result.get("request_ids", [])) == (updates if wrote else 0)
    assert ("request_id" in result) == bool(wrote)
    if name != "hidden":
        for option, value in case.after.items():
            assert result["preferences"][option] == value


def test_check_mode_foretells(modes: Seen) -> None:
    for task in TASKS:
        real, check = modes.played["real"][task], modes.played["check"][task]
        for key in ("changed", "changed_fields", "preferences", "diff"):
            assert check[key] == real[key], (task, key)


def test_the_versions_say_the_same(modes: Seen) -> None:
    for name, case in CASES.items():
        if set(case.sent) == set(VERSIONS):
            first, second = (modes.played["real"]["%s: %s" % (version, name)] for version in VERSIONS)
            for key in ("changed", "changed_fields", "unreadable_fields"):
                assert first[key] == second[key], (name, key)
            assert first["diff"]["after"] == second["diff"]["after"]


def test_second_run_is_ok(modes: Seen, in_process_player: Player) -> None:
    """Whichever version made the change, and whichever looks."""
    emulators = {task: modes.emulators["real", task] for task in TASKS}
    for swap in (False, True):
        played = in_process_player.play(_tasks(emulators, swap))
        assert {task for task, result in played.results.items() if result["changed"] or result["failed"]} == set()


def test_hidden_values_are_nowhere(modes: Seen) -> None:
    for mode in MODES:
        assert "Hiddenburg" not in modes.played[mode].output + str(modes.played[mode].results)
    hidden = modes.played["real"]["v2: hidden"]["preferences"]
    assert {value for value in hidden.values() if value is not None} == {"(redacted)"}


#: Declared options and the words of the message.
REFUSED: dict[str, tuple[dict[str, t.Any], list[str]]] = {
    "a lockout that is not confirmed": (
        {"bankid_only_login": True},
        ["bankid_only_login", "confirm_lockout", "nothing was sent"],
    ),
    "categories on version 1": ({"notification_delivery": ["security"]}, ["notification_delivery", "v1, but in v2"]),
    "separate invoices on version 1": ({"separate_invoices": True}, ["separate_invoices", "set api_version to v2"]),
    "a card on version 1": ({"card_auto_charge": True}, ["card_auto_charge", "not in HostUp's API v1"]),
    "an unknown language": ({"language": "de"}, ["language must be one of: sv, en"]),
    "a language that YAML took for a boolean": ({"language": False}, ["language", "boolean", "quotes"]),
    "a time zone with a space": ({"timezone": "Europe/New Stockholm"}, ["timezone", "Europe/Stockholm"]),
    "a time zone of what can't be seen": ({"timezone": "\u200b"}, ["timezone", "invisible character (U+200B)", "nothing else"]),
    "a time zone with an invisible character": (
        {"timezone": "Europe/\u200bOslo"},
        ["timezone holds an invisible character (U+200B)", "Europe/Stockholm"],
    ),
    "an empty time zone": ({"timezone": ""}, ["timezone", "can't be right"]),
    "the marker of a diff": ({"timezone": "(redacted: wanted)"}, ["timezone", "marker"]),
    "a marker inside of a value": ({"timezone": "Europe/(redacted)"}, ["timezone holds the marker of a hidden value"]),
    "a marker in a list": (
        {"api_version": "v2", "notification_delivery": ["security", "(redacted)"]},
        ["notification_delivery", "marker"],
    ),
    "default among others": (
        {"api_version": "v2", "notification_delivery": ["default", "security"]},
        ["notification_delivery", "default alone"],
    ),
    "default in another case": (
        {"api_version": "v2", "notification_delivery": "Default"},
        ["notification_delivery", "lower case"],
    ),
    "a word that is no flag": ({"email_notifications": "s3cret"}, ["email_notifications must be true or false"]),
    "an unknown option": ({"time_zone": "Europe/Stockholm"}, ["time_zone"]),
}


def test_refused(in_process_player: Player, start: Start) -> None:
    emulator = start()
    tasks = [preferences(name, emulator.url, **options) for name, (options, dummy) in REFUSED.items()]
    played = in_process_player.play(tasks)
    for name, (_dummy, words) in REFUSED.items():
        assert played[name]["failed"] is True
        assert all(word in played[name]["msg"] for word in words), played[name]["msg"]
        assert "s3cret" not in played[name]["msg"]
    assert emulator.journal == []


def test_info(in_process_player: Player, start: Start) -> None:
    """On both versions; what it returns can be declared again, and the rest is there to look at."""
    emulator = _start(start, {"notification_delivery": ["security"], "bankid_only_login": True})
    tasks = []
    for version in VERSIONS:
        tasks.append(preferences_info(version, emulator.url, api_version=version, _register="seen"))
        declared: dict[str, t.Any] = {s.option: "{{ seen.preferences.%s | default(omit) }}" % s.option for s in PREFERENCE_FIELDS}
        tasks.append(preferences(version + " again", emulator.url, api_version=version, confirm_lockout=True, **declared))
        tasks.append(preferences_info(version + " hidden", emulator.url, api_version=version, redact=["all"], _register="seen"))
        tasks.append(preferences(version + " hidden again", emulator.url, api_version=version, **declared))
    played = in_process_player.play(tasks, "-vvvv")
    assert emulator.writes == []
    for version in VERSIONS:
        for again in (" again", " hidden again"):
            assert (played[version + again]["failed"], played[version + again]["changed"]) == (False, False), played[
                version + again
            ]
        shown = played[version]["preferences"]
        assert (shown["language"], shown["timezone"], shown["peppol_opt_out"]) == ("sv", "Europe/Stockholm", False)
        assert set(played[version + " hidden"]["preferences"].values()) <= {"(redacted)", None}
    first, second = played["v1"], played["v2"]
    assert (first["peppol"], first["card_auto_charge"], first["notification_categories"]) == (None, None, None)
    assert second["peppol"]["eligible"] is True
    assert second["preferences"]["notification_delivery"] == ["security"]
    assert "security" in second["notification_categories"]
    hidden = played["v2 hidden"]["peppol"]
    assert (hidden["eligible"], hidden["org_number"], hidden["peppol_id"]) == (True, "(redacted)", "(redacted)")
    assert "5555555555" not in str(played["v2 hidden"]) + str(played["v2 hidden again"])


def test_an_account_that_peppol_does_not_know(in_process_player: Player, start: Start) -> None:
    emulator = start()
    emulator.accounts[0].peppol.update(eligible=False, reason="no_organisation_number", orgNumber=None, peppolId=None)
    peppol = in_process_player.play([preferences_info("read", emulator.url, api_version="v2")])["read"]["peppol"]
    assert (peppol["eligible"], peppol["reason"], peppol["peppol_id"]) == (False, "no_organisation_number", None)


def test_a_card_that_is_not_there(in_process_player: Player, start: Start) -> None:
    """Configured, and not in effect: said on each run, and changed on the first alone."""
    emulator = start(saved_card=False)
    tasks = [preferences(name, emulator.url, api_version="v2", card_auto_charge=True) for name in ("first", "second")]
    tasks.append(preferences_info("read", emulator.url, api_version="v2"))
    played = in_process_player.play(tasks)
    assert [played[name]["changed"] for name in ("first", "second")] == [True, False]
    for name in ("first", "second"):
        assert "configured, but not in effect (needs_payment_method)" in played[name]["warnings"][0]
    for name in ("first", "second", "read"):
        assert played[name]["preferences"]["card_auto_charge"] is True
        assert played[name]["card_auto_charge"] == {"in_effect": False, "status": "needs_payment_method"}
    hidden = {"api_version": "v2", "redact": ["card_auto_charge"]}
    tasks = [
        preferences("hidden", emulator.url, card_auto_charge=True, **hidden),
        preferences_info("seen", emulator.url, **hidden),
    ]
    played = in_process_player.play(tasks)
    for name in ("hidden", "seen"):
        assert played[name]["card_auto_charge"] == {"in_effect": "(redacted)", "status": "(redacted)"}
        assert "warnings" not in played[name]


def test_a_category_that_is_not_listed(in_process_player: Player, start: Start) -> None:
    """Left to the API, with a warning: a misspelt name would silence all e-mail."""
    emulator = start()
    tasks = [
        preferences(name, emulator.url, api_version="v2", notification_delivery=["security", "nwes"], **more)
        for name, more in (("shown", {}), ("hidden", {"redact": ["notification_delivery"]}))
    ]
    played = in_process_player.play(tasks)
    assert played["shown"]["warnings"] == [
        "notification_delivery names nwes, which the API does not list among its categories (invoices, news, security)."
    ]
    assert "warnings" not in played["hidden"]


def test_the_guard(in_process_player: Player, start: Start) -> None:
    """With another customer's key nothing is written; version 2 has to be asked whose key it is."""
    emulator = start()
    wanted = {"v1": "9257", "v2": "client_01demo00000000000000009257"}
    tasks = []
    for version in VERSIONS:
        shared = {"api_version": version, "timezone": "Europe/Oslo", "_check_mode": True}
        tasks.append(preferences(version + " right", emulator.url, account_id=wanted[version], **shared))
        tasks.append(preferences(version + " wrong", emulator.url, account_id="1", **{**shared, "_check_mode": False}))
        tasks.append(preferences_info(version + " info", emulator.url, account_id="1", api_version=version))
    played = in_process_player.play(tasks)
    for version in VERSIONS:
        assert played[version + " right"]["failed"] is False
        for name in (" wrong", " info"):
            assert "account_id says 1" in played[version + name]["msg"]
            assert wanted[version] in played[version + name]["msg"]
    assert "one id in API v1 and another in v2; write %s there" % wanted["v2"] in played["v2 wrong"]["msg"]
    assert "one id in API v1" not in played["v1 wrong"]["msg"]
    assert emulator.writes == []
