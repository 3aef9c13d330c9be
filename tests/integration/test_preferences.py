# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings beside the profile: read, compared, and written once for each endpoint."""

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
MODES = ("real", "check", "weird")


class Seen(t.NamedTuple):
    played: Played
    #: By mode and task.
    journals: dict[tuple[str, str], list[t.Any]]
    #: All tasks for real once more, on the version that made the change, then on the other.
    later: Played


def _start(start: Start, stored: dict[str, t.Any], weird: bool = False) -> Emulator:
    emulator = start(weird=weird)
    emulator.accounts[0].preferences.update(stored)
    return emulator


@pytest.fixture(scope="module")
def modes(in_process_player: Player, start: Start) -> Seen:
    emulators = {
        (mode, task): _start(start, CASES[name].stored, mode == "weird")
        for mode in MODES
        for task, (_version, name) in TASKS.items()
    }
    tasks, again, swapped = [], [], []
    for (mode, task), emulator in emulators.items():
        version, name = TASKS[task]
        declared = CASES[name].declared
        tasks.append(preferences(mode + task, emulator.url, api_version=version, _check_mode=mode == "check", **declared))
        if mode == "real":
            other = "v2" if version == "v1" or set(CASES[name].sent) != set(VERSIONS) else "v1"
            again.append(preferences("again " + task, emulator.url, api_version=version, **declared))
            swapped.append(preferences("swapped " + task, emulator.url, api_version=other, **declared))
    played = in_process_player.play(tasks, "-vvvv", "--diff")
    journals = {key: list(emulator.journal) for key, emulator in emulators.items()}
    return Seen(played, journals, in_process_player.play([*again, *swapped]))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("task", TASKS)
def test_each_endpoint_is_read_once_and_written_once(modes: Seen, task: str, mode: str) -> None:
    version, name = TASKS[task]
    case, journal, result = CASES[name], modes.journals[mode, task], modes.played[mode + task]
    declared = set(case.declared) - {"redact", "confirm_lockout"}
    reads = [V1] if version == "v1" else [V2] * bool(declared - {"peppol_opt_out"}) + [PEPPOL] * ("peppol_opt_out" in declared)
    assert [entry.path for entry in journal if entry.method == "GET"] == (reads or [V2])
    method = "POST" if version == "v1" else "PATCH"
    updates = [] if mode == "check" else [(method, path, body) for path, body in case.sent[version]]
    assert [(entry.method, entry.path, entry.json()) for entry in journal if entry.method != "GET"] == updates
    assert not result["failed"], result
    assert (result["changed"], result["changed_fields"]) == (bool(case.sent[version]), sorted(case.after))
    assert (result["diff"]["before"], result["diff"]["after"]) == (case.before, case.after)
    assert set(result["preferences"]) == {setting.option for setting in PREFERENCE_FIELDS}
    assert (result["unreadable_fields"], "warnings" in result) == ([], False)
    assert (len(result.get("request_ids", [])), "request_id" in result) == (len(updates), bool(updates))
    if name != "hidden":
        assert {option: result["preferences"][option] for option in case.after} == case.after


@pytest.mark.parametrize("task", TASKS)
def test_check_mode_foretells(modes: Seen, task: str) -> None:
    real, check = modes.played["real" + task], modes.played["check" + task]
    for key in ("changed", "changed_fields", "preferences", "diff"):
        assert check[key] == real[key], key


def test_no_later_run_changes_anything(modes: Seen) -> None:
    assert len(modes.later.results) == 2 * len(TASKS)
    assert {task for task, result in modes.later.results.items() if result["changed"] or result["failed"]} == set()


def test_hidden_values_are_nowhere(modes: Seen) -> None:
    assert "Hiddenburg" not in modes.played.output + str(modes.played.results)
    hidden = modes.played["realv2: hidden"]["preferences"]
    assert {value for value in hidden.values() if value is not None} == {"(redacted)"}


#: Declared options and the words of the message.
REFUSED: dict[str, tuple[dict[str, t.Any], list[str]]] = {
    "an unknown language": ({"language": "de"}, ["language must be one of: sv, en"]),
    "a marker in a list": (
        {"api_version": "v2", "notification_delivery": ["security", "(redacted)"]},
        ["notification_delivery", "marker"],
    ),
    "default in another case": (
        {"api_version": "v2", "notification_delivery": "Default"},
        ["notification_delivery", "lower case"],
    ),
    "a word that is no flag": ({"email_notifications": "s3cret"}, ["email_notifications must be true or false"]),
}


class Other(t.NamedTuple):
    played: Played
    emulators: dict[str, Emulator]


@pytest.fixture(scope="module")
def other(in_process_player: Player, start: Start) -> Other:
    """What the tests below look at, in one run."""
    emulators = {name: start() for name in ("refused", "no Peppol", "category")}
    emulators["no card"] = start(saved_card=False)
    emulators["read"] = _start(start, {"notification_delivery": ["security"], "bankid_only_login": True})
    emulators["no Peppol"].accounts[0].peppol.update(
        eligible=False, reason="no_organisation_number", orgNumber=None, peppolId=None
    )
    tasks = [preferences(name, emulators["refused"].url, **options) for name, (options, _words) in REFUSED.items()]
    read, card = (emulators[name].url for name in ("read", "no card"))
    for version in VERSIONS:
        v: dict[str, t.Any] = {"api_version": version}
        declared: dict[str, t.Any] = {s.option: "{{ seen.preferences.%s | default(omit) }}" % s.option for s in PREFERENCE_FIELDS}
        tasks += [
            preferences_info(version, read, _register="seen", **v),
            preferences(version + " again", read, confirm_lockout=True, **v, **declared),
            preferences_info(version + " hidden", read, redact=["all"], _register="seen", **v),
            preferences(version + " hidden again", read, **v, **declared),
        ]
    hidden = {"redact": ["card_auto_charge"], **v}
    categories = {"notification_delivery": ["security", "nwes"], **v}
    tasks += [
        preferences_info("no Peppol", emulators["no Peppol"].url, **v),
        preferences("card, first", card, card_auto_charge=True, **v),
        preferences("card, second", card, card_auto_charge=True, **v),
        preferences_info("card, read", card, **v),
        preferences("card, hidden", card, card_auto_charge=True, **hidden),
        preferences_info("card, read hidden", card, **hidden),
        preferences("category", emulators["category"].url, **categories),
        preferences("category, hidden", emulators["category"].url, redact=["notification_delivery"], **categories),
    ]
    return Other(in_process_player.play(tasks, "-vvvv"), emulators)


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_is_sent_of_what_can_not_be_right(other: Other, name: str) -> None:
    result = other.played[name]
    assert result["failed"] is True
    assert all(word in result["msg"] for word in REFUSED[name][1]), result["msg"]
    assert "s3cret" not in result["msg"]
    assert other.emulators["refused"].journal == []


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_read_can_be_declared_again(other: Other, version: str) -> None:
    assert other.emulators["read"].writes == []
    for again in (" again", " hidden again"):
        result = other.played[version + again]
        assert (result["failed"], result["changed"]) == (False, False), result
    shown = other.played[version]["preferences"]
    assert (shown["language"], shown["timezone"], shown["peppol_opt_out"]) == ("sv", "Europe/Stockholm", False)
    assert set(other.played[version + " hidden"]["preferences"].values()) <= {"(redacted)", None}


def test_facts_beside_the_settings(other: Other) -> None:
    """Version 2 alone has them; of Peppol's, the account's numbers are hidden."""
    first, second = other.played["v1"], other.played["v2"]
    assert (first["peppol"], first["card_auto_charge"], first["notification_categories"]) == (None, None, None)
    assert second["peppol"]["eligible"] is True
    assert second["preferences"]["notification_delivery"] == ["security"]
    assert "security" in second["notification_categories"]
    hidden = other.played["v2 hidden"]["peppol"]
    assert (hidden["eligible"], hidden["org_number"], hidden["peppol_id"]) == (True, "(redacted)", "(redacted)")
    assert "5555555555" not in str(other.played["v2 hidden"]) + str(other.played["v2 hidden again"])
    unknown = other.played["no Peppol"]["peppol"]
    assert (unknown["eligible"], unknown["reason"], unknown["peppol_id"]) == (False, "no_organisation_number", None)


def test_a_card_that_is_not_there_warns_on_each_run(other: Other) -> None:
    """The setting is configured, and not in effect."""
    first, second, read, hidden, read_hidden = (
        other.played["card, " + name] for name in ("first", "second", "read", "hidden", "read hidden")
    )
    assert (first["changed"], second["changed"]) == (True, False)
    for result in (first, second):
        assert "configured, but not in effect (needs_payment_method)" in result["warnings"][0]
    for result in (first, second, read):
        assert result["preferences"]["card_auto_charge"] is True
        assert result["card_auto_charge"] == {"in_effect": False, "status": "needs_payment_method"}
    for result in (hidden, read_hidden):
        assert result["card_auto_charge"] == {"in_effect": "(redacted)", "status": "(redacted)"}
        assert "warnings" not in result


def test_a_category_that_is_not_listed_warns(other: Other) -> None:
    """It is left to the API: a misspelt name would silence all e-mail."""
    assert other.played["category"]["warnings"] == [
        "notification_delivery names nwes, which the API does not list among its categories (invoices, news, security)."
    ]
    assert "warnings" not in other.played["category, hidden"]
