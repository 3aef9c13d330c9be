# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong with preferences: scopes that are missing, lost answers, writes half done, settings that are not given back."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._fields import VERSIONS
from ansible_collections.hostup.cloud.tests.emulator import Fault
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import Player, account, info, preferences, preferences_info
from ansible_collections.hostup.cloud.tests.integration.test_preferences import PEPPOL


def test_hide_all_hides_what_is_not_known_yet(in_process_player: Player, start: Start) -> None:
    """The API may name the account in an error before anything of it has been read, here or in tasks that never read it."""
    words = "Anna Svensson (anna@example.com) of Examplegatan 1 may not."
    modules = {"account": account, "info": info, "preferences": preferences, "preferences info": preferences_info}
    tasks, emulators = [], {}
    for kind, task in modules.items():
        for version in VERSIONS:
            emulator = start()
            emulators[kind, version] = emulator
            errors = [{"pointer": "/localization/timezone", "detail": words, "code": "odd"}]
            emulator.faults.order(Fault("status", status=400, code="ODD", message=words, errors=errors))
            for redact in ([], ["all"]):
                name = "%s %s %s" % (kind, version, redact)
                tasks.append(task(name, emulator.url, api_version=version, redact=redact, api_retries=0))
                emulator.faults.order(
                    Fault("html", status=404), Fault("status", status=400, code="ODD", message=words, errors=errors)
                )
                tasks.append(task(name + " page", emulator.url, api_version=version, redact=redact, api_retries=0))
    played = in_process_player.play(tasks, "-vvvv")
    for kind, version in emulators:
        shown, hidden = (played["%s %s %s" % (kind, version, redact)] for redact in ([], ["all"]))
        assert "Anna Svensson" in shown["msg"]
        assert (hidden["failure"]["message"], hidden["failure"]["code"]) == ("(redacted)", "ODD")
        assert [word for word in ("Anna", "anna@", "Examplegatan") if word in str(hidden)] == []
        pages = [played["%s %s %s page" % (kind, version, redact)]["msg"] for redact in ([], ["all"])]
        assert all("is not JSON (text/html)" in page and "Bad gateway" not in page for page in pages)


#: Scopes of the key, declared, words of the message.
SCOPES: dict[str, tuple[tuple[str, ...], dict[str, t.Any], str]] = {
    "no reading": ((), {"language": "en"}, "give the key the scope read:account in"),
    "no writing": (("read:account",), {"language": "en"}, "give the key the scope write:account (for language) in"),
    "no billing": (
        ("read:account", "write:account"),
        {"separate_invoices": True},
        "give the key the scope write:billing (for separate_invoices) in",
    ),
    "one of two": (
        ("read:account", "write:account"),
        {"separate_invoices": True, "notification_delivery": ["security"], "timezone": "Europe/Oslo", "language": "en"},
        "give the key the scopes write:account (for language and timezone) and "
        "write:billing (for notification_delivery and separate_invoices) in",
    ),
}


def test_missing_scopes_are_named(in_process_player: Player, start: Start) -> None:
    emulators = {name: start(scopes=case[0]) for name, case in SCOPES.items()}
    tasks = [preferences(name, emulators[name].url, api_version="v2", **case[1]) for name, case in SCOPES.items()]
    played = in_process_player.play(tasks)
    for name, (_scopes, _declared, words) in SCOPES.items():
        assert words in played[name]["msg"], played[name]["msg"]
        assert (played[name]["changed"], played[name]["failure"]["code"]) == (False, "forbidden")
        assert emulators[name].accounts[0].preferences["language"] == "sv"


BOTH = {"api_version": "v2", "language": "en", "timezone": "Europe/Oslo", "peppol_opt_out": True, "api_retries": 0}


def test_half_done(in_process_player: Player, start: Start) -> None:
    """The second of two endpoints fails: what is written is said, and the next run writes the rest alone."""
    emulator = start()
    emulator.faults.order(Fault("status", status=502, code="upstream_error", message="No answer", path="/peppol", method="PATCH"))
    first = in_process_player.play([preferences("declared", emulator.url, **BOTH)])["declared"]
    assert (first["failed"], first["changed"]) == (True, True)
    assert (first["written_fields"], first["unwritten_fields"]) == (["language", "timezone"], ["peppol_opt_out"])
    assert (first["failure"]["code"], first["failure"]["path"]) == ("upstream_error", PEPPOL)
    assert [number[:4] for number in first["request_ids"]] == ["req_"]
    for words in ("upstream_error", "; written: language, timezone; not known to be written: peppol_opt_out, which the next run"):
        assert words in first["msg"], first["msg"]
    emulator.journal.clear()
    second = in_process_player.play([preferences("declared", emulator.url, **BOTH)])["declared"]
    assert (second["failed"], second["changed_fields"]) == (False, ["peppol_opt_out"])
    assert [(entry.path, entry.json()) for entry in emulator.writes] == [(PEPPOL, {"optedOut": True})]


def test_half_done_from_the_first(in_process_player: Player, start: Start) -> None:
    """The first of two endpoints fails, wholly or in a part: the second is said to be unwritten, too."""
    refused, partly = start(), start(dropped=frozenset({"preferences.timezone"}))
    refused.faults.order(Fault("status", status=400, code="invalid_request", message="No.", path="/preferences", method="PATCH"))
    emulators = {"refused": refused, "partly": partly}
    played = in_process_player.play([preferences(name, emulator.url, **BOTH) for name, emulator in emulators.items()])
    seen = {name: [played[name][key] for key in ("changed", "written_fields", "unwritten_fields")] for name in emulators}
    assert seen == {
        "refused": [False, [], ["language", "peppol_opt_out", "timezone"]],
        "partly": [True, ["language"], ["peppol_opt_out", "timezone"]],
    }
    assert "written: nothing; not known to be written: language, peppol_opt_out, timezone" in played["refused"]["msg"]
    assert played["partly"]["changed_fields"] == ["language", "timezone"]


def test_peppol_that_can_not_be_looked_up(in_process_player: Player, start: Start) -> None:
    """The rest of the preferences is there all the same, with a warning; and the reason may name the account."""
    emulator = start()
    emulator.faults.order(Fault("status", status=502, code="upstream_error", message="No answer", path="/peppol"))
    options = {"api_version": "v2", "api_retries": 0}
    played = in_process_player.play([preferences_info("read", emulator.url, **options)])["read"]
    assert (played["preferences"]["timezone"], played["peppol"]) == ("Europe/Stockholm", None)
    assert "Nothing is known of Peppol: " in played["warnings"][0]
    emulator.accounts[0].peppol.update(eligible=False, reason="No participant Example AB, 5555555555.")
    tasks = [preferences_info(str(redact), emulator.url, redact=redact, **options) for redact in ([], ["org_number"], ["all"])]
    results = in_process_player.play(tasks).results.values()
    assert [result["peppol"]["reason"] for result in results] == [
        "No participant Example AB, 5555555555",
        "No participant Example AB, (redacted)",
        "(redacted)",
    ]


def test_a_version_1_that_shows_no_preferences(in_process_player: Player, start: Start) -> None:
    """That they can be read is inferred: the message says so, and nothing is written."""
    emulator = start()
    emulator.faults.order(Fault("status", status=405, code="METHOD_NOT_ALLOWED", method="GET"))
    played = in_process_player.play([preferences("declared", emulator.url, timezone="Europe/Oslo")])
    assert "set api_version to v2: that preferences can be read in v1 is not documented" in played["declared"]["msg"]
    assert emulator.writes == []


class Lost(t.NamedTuple):
    """An update whose answer is of no use."""

    faults: list[Fault]
    #: Words of the message; none where the task succeeds.
    words: list[str]
    changed: bool
    #: Methods of the requests.
    requests: str
    habits: dict[str, t.Any] = {}


LOST: dict[str, Lost] = {
    "done, and the answer lost": Lost([Fault("drop", method="PATCH", after=True)], [], True, "GET PATCH GET"),
    "not done, and the answer lost": Lost(
        [Fault("drop", method="PATCH")], ["read back, do not hold the declared timezone"], False, "GET PATCH GET GET"
    ),
    "lost, and not to be read back": Lost(
        [Fault("drop", method="PATCH", after=True), Fault("drop", method="GET", skip=1)],
        ["could not be read back either", "may or may not be updated"],
        True,
        "GET PATCH GET",
    ),
    "an empty answer": Lost([Fault("empty", status=200, method="PATCH", after=True)], [], True, "GET PATCH GET"),
    "an answer without preferences": Lost(
        [Fault("body", status=200, body='{"ok": true}', method="PATCH", after=True)], [], True, "GET PATCH GET"
    ),
    "an answer without this setting": Lost(
        [Fault("body", status=200, body='{"localization": {"languageCode": "sv"}}', method="PATCH", after=True)],
        [],
        True,
        "GET PATCH GET",
    ),
    "accepted, and not stored": Lost(
        [],
        ["Verifying the update failed", "do not hold the declared timezone", "; someone else wrote"],
        True,
        "GET PATCH GET",
        {"dropped": frozenset({"preferences.timezone"})},
    ),
    "shown a moment later": Lost([], [], True, "GET PATCH GET", {"lag": 1}),
    "shown a moment later, the answer lost": Lost(
        [Fault("drop", method="PATCH", after=True)], [], True, "GET PATCH GET GET", {"lag": 2}
    ),
    "shown too late": Lost([], ["do not hold the declared timezone"], True, "GET PATCH GET", {"lag": 2}),
    "refused": Lost(
        [
            Fault(
                "status",
                status=400,
                code="invalid_request",
                message="The request is invalid.",
                errors=[{"pointer": "/localization/timezone", "detail": "Unknown time zone", "code": "invalid_value"}],
                method="PATCH",
            )
        ],
        ['invalid_request "The request is invalid" for timezone ("Unknown time zone", invalid_value)', "check the values"],
        False,
        "GET PATCH",
    ),
}


def test_lost_answers(in_process_player: Player, start: Start) -> None:
    emulators = {}
    for name, case in LOST.items():
        emulators[name] = start(**case.habits)
        emulators[name].faults.order(*case.faults)
    options = {"api_version": "v2", "timezone": "Europe/Oslo", "api_retries": 0}
    played = in_process_player.play([preferences(name, emulator.url, **options) for name, emulator in emulators.items()])
    for name, case in LOST.items():
        result = played[name]
        assert (result["failed"], result["changed"]) == (bool(case.words), case.changed), result
        assert all(word in result.get("msg", "") for word in case.words), result["msg"]
        assert " ".join(entry.method for entry in emulators[name].journal) == case.requests, name


def test_preferences_of_another_account_after_the_update(in_process_player: Player, start: Start) -> None:
    """That they are as declared proves nothing then."""
    emulator = start()
    other = '{"success": true, "data": {"preferences": {"client_id": "1", "timezone": "Europe/Oslo"}}}'
    emulator.faults.order(Fault("body", status=200, body=other, method="POST", after=True))
    result = in_process_player.play([preferences("declared", emulator.url, timezone="Europe/Oslo")])["declared"]
    assert (result["failed"], result["changed"]) == (True, True)
    assert "went to account 9257, but account 1 was read back" in result["msg"]


#: The three ways of `unreadable_fields`: sent alone, sent beside another change, failed, warned.
WAYS = {"update": (True, True, False, True), "ignore": (False, True, False, False), "fail": (False, False, True, False)}


@pytest.mark.parametrize("way", WAYS)
def test_a_setting_that_is_never_given_back(in_process_player: Player, start: Start, way: str) -> None:
    """As HostUp documents the reading of Peppol in version 2: without the setting itself."""
    alone, beside, fails, warned = WAYS[way]
    emulator = start(withheld=frozenset({"preferences.peppol_opt_out"}))
    options = {"api_version": "v2", "peppol_opt_out": True, "unreadable_fields": way}
    tasks = [
        preferences("alone", emulator.url, **options),
        preferences("beside", emulator.url, timezone="Europe/Oslo", **options),
    ]
    played = in_process_player.play(tasks)
    assert len([entry for entry in emulator.writes if entry.path == PEPPOL]) == alone + beside
    for name, sent in (("alone", alone), ("beside", beside)):
        result = played[name]
        assert (result["failed"], result["changed"]) == (fails, sent), result
        if fails:
            assert "peppol_opt_out" in result["msg"]
        else:
            assert result["unreadable_fields"] == ["peppol_opt_out"]
            assert any("peppol_opt_out" in warning for warning in result.get("warnings", [])) == warned
