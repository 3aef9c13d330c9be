# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong with preferences: scopes that are missing, lost answers, writes half done, settings that are not given back."""

from __future__ import annotations

import itertools
import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._fields import VERSIONS
from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import (
    Played,
    Player,
    Task,
    account,
    info,
    preferences,
    preferences_info,
)
from ansible_collections.hostup.cloud.tests.integration.test_preferences import PEPPOL


class Case(t.NamedTuple):
    """A task that declares another time zone on version 2, and what must come of it."""

    #: Of the message; none: the task succeeds.
    words: t.Sequence[str] = ()
    changed: bool = False
    #: Methods of the requests.
    requests: str = "GET PATCH"
    faults: t.Sequence[Fault] = ()
    habits: dict[str, t.Any] = {}
    options: dict[str, t.Any] = {"timezone": "Europe/Oslo"}
    #: `code` of `failure`.
    code: str | None = None


def patched(kind: str, after: bool = True, **more: t.Any) -> Fault:
    return Fault(kind, method="PATCH", after=after, **{"status": 200, **more})


def forbidden(words: str, requests: str, *scopes: str, **options: t.Any) -> Case:
    return Case(["give the key the " + words], requests=requests, habits={"scopes": scopes}, options=options, code="forbidden")


_ODD_ZONE = [{"pointer": "/localization/timezone", "detail": "Unknown time zone", "code": "invalid_value"}]
_ANOTHER_ACCOUNT = '{"success": true, "data": {"preferences": {"client_id": "1", "timezone": "Europe/Oslo"}}}'

CASES: dict[str, Case] = {
    "an answer without this setting": Case(
        (), True, "GET PATCH GET", [patched("body", body='{"localization": {"languageCode": "sv"}}')]
    ),
    "refused": Case(
        ['invalid_request "The request is invalid" for timezone ("Unknown time zone", invalid_value)', "check the values"],
        faults=[
            patched(
                "status", status=400, code="invalid_request", message="The request is invalid.", errors=_ODD_ZONE, after=False
            )
        ],
        code="invalid_request",
    ),
    "of another account after the update": Case(
        ["went to account 9257, but account 1 was read back"],
        True,
        "GET POST",
        [Fault("body", status=200, body=_ANOTHER_ACCOUNT, method="POST", after=True)],
        options={"api_version": "v1", "timezone": "Europe/Oslo"},
    ),
    "a version 1 that shows no preferences": Case(
        ["set api_version to v2: that preferences can be read in v1 is not documented"],
        requests="GET",
        faults=[Fault("status", status=405, code="METHOD_NOT_ALLOWED", method="GET")],
        options={"api_version": "v1", "timezone": "Europe/Oslo"},
        code="METHOD_NOT_ALLOWED",
    ),
    # scopes
    "no reading": forbidden("scope read:account in", "GET", language="en"),
    "one of two": forbidden(
        "scopes write:account (for language and timezone) and write:billing (for notification_delivery and separate_invoices) in",
        "GET PATCH",
        "read:account",
        "write:account",
        separate_invoices=True,
        notification_delivery=["security"],
        timezone="Europe/Oslo",
        language="en",
    ),
}

BOTH = {"api_version": "v2", "language": "en", "timezone": "Europe/Oslo", "peppol_opt_out": True, "api_retries": 0}

#: The three ways of `unreadable_fields`: sent alone, sent beside another change, failed, warned.
WAYS = {"update": (True, True, False, True), "ignore": (False, True, False, False), "fail": (False, False, True, False)}

#: What the API may say of an account before anything of it has been read, here or in tasks that never read it.
_NAMED = "Anna Svensson (anna@example.com) of Examplegatan 1 may not."
_MODULES = {"account": account, "info": info, "preferences": preferences, "preferences info": preferences_info}
#: `redact` -> what is shown of Peppol's reason.
_REASONS = {
    "": "No participant Example AB, (redacted)",
    "org_number": "No participant Example AB, (redacted)",
    "all": "(redacted)",
}
_HIDDEN = list(itertools.product(_MODULES, VERSIONS, ("[]", "all")))


class Seen(t.NamedTuple):
    played: Played
    emulators: dict[str, Emulator]


@pytest.fixture(scope="module")
def seen(in_process_player: Player, start: Start) -> Seen:
    """All tasks in one run."""
    emulators: dict[str, Emulator] = {}
    tasks: list[Task] = []

    def meet(name: str, faults: t.Sequence[Fault] = (), **habits: t.Any) -> str:
        emulators[name] = start(**habits)
        emulators[name].faults.order(*faults)
        return emulators[name].url

    for name, case in CASES.items():
        tasks.append(preferences(name, meet(name, case.faults, **case.habits), **{"api_version": "v2", **case.options}))
    half = meet("half done", [patched("status", False, status=502, code="upstream_error", message="No answer", path="/peppol")])
    tasks += [preferences(name, half, **BOTH) for name in ("half done", "the other half")]
    first = [patched("status", False, status=400, code="invalid_request", message="No.", path="/preferences")]
    tasks.append(preferences("first refused", meet("first refused", first), **BOTH))
    partly = meet("first in part", dropped=frozenset({"preferences.timezone"}))
    tasks.append(preferences("first in part", partly, **BOTH))
    reason = meet("reason")
    emulators["reason"].accounts[0].peppol.update(eligible=False, reason="No participant Example AB, 5555555555.")
    for hidden in _REASONS:
        tasks.append(preferences_info("reason " + hidden, reason, redact=hidden.split(), api_version="v2"))
    for way in WAYS:
        url = meet(way, withheld=frozenset({"preferences.peppol_opt_out"}))
        declared = {"api_version": "v2", "peppol_opt_out": True, "unreadable_fields": way}
        tasks.append(preferences(way + " alone", url, **declared))
        tasks.append(preferences(way + " beside", url, timezone="Europe/Oslo", **declared))
    for kind, version, redact in _HIDDEN:
        errors = [{"pointer": "/localization/timezone", "detail": _NAMED, "code": "odd"}]
        refused = Fault("status", status=400, code="ODD", message=_NAMED, errors=errors)
        name, options = "%s %s %s" % (kind, version, redact), {"api_version": version, "redact": ["all"] * (redact == "all")}
        url = meet(name, [refused, Fault("html", status=404)])
        tasks += [_MODULES[kind](name + end, url, **options) for end in ("", " page")]
    return Seen(in_process_player.play(tasks, "-vvvv", defaults={"api_retries": 0}), emulators)


@pytest.mark.parametrize("name", CASES)
def test_a_task_says_what_happened(seen: Seen, name: str) -> None:
    case, result, emulator = CASES[name], seen.played[name], seen.emulators[name]
    assert (result["failed"], result["changed"]) == (bool(case.words), case.changed), result
    assert all(word in result.get("msg", "") for word in case.words), result["msg"]
    assert " ".join(entry.method for entry in emulator.journal) == case.requests
    if case.code:
        assert result["failure"]["code"] == case.code
    if not case.changed:
        stored = emulator.accounts[0].preferences
        assert (stored["language"], stored["timezone"]) == ("sv", "Europe/Stockholm")


def test_half_done_says_which_half_and_the_next_run_writes_the_rest(seen: Seen) -> None:
    first, second = seen.played["half done"], seen.played["the other half"]
    assert (first["failed"], first["changed"]) == (True, True)
    assert (first["written_fields"], first["unwritten_fields"]) == (["language", "timezone"], ["peppol_opt_out"])
    assert (first["failure"]["code"], first["failure"]["path"]) == ("upstream_error", PEPPOL)
    assert [number[:4] for number in first["request_ids"]] == ["req_"]
    for words in ("upstream_error", "; written: language, timezone; not known to be written: peppol_opt_out, which the next run"):
        assert words in first["msg"], first["msg"]
    assert (second["failed"], second["changed_fields"]) == (False, ["peppol_opt_out"])
    writes = [(entry.path, entry.json()) for entry in seen.emulators["half done"].writes]
    assert writes[1:] == [(PEPPOL, {"optedOut": True})] * 2


def test_the_second_half_is_unwritten_when_the_first_fails(seen: Seen) -> None:
    """Wholly, or in a part."""
    refused, partly = seen.played["first refused"], seen.played["first in part"]
    facts = [[result[key] for key in ("changed", "written_fields", "unwritten_fields")] for result in (refused, partly)]
    assert facts == [
        [False, [], ["language", "peppol_opt_out", "timezone"]],
        [True, ["language"], ["peppol_opt_out", "timezone"]],
    ]
    assert "written: nothing; not known to be written: language, peppol_opt_out, timezone" in refused["msg"]
    assert partly["changed_fields"] == ["language", "timezone"]


def test_the_reason_of_peppol_hides_what_is_hidden(seen: Seen) -> None:
    assert {hidden: seen.played["reason " + hidden]["peppol"]["reason"] for hidden in _REASONS} == _REASONS


@pytest.mark.parametrize("way", WAYS)
def test_a_setting_that_is_never_given_back(seen: Seen, way: str) -> None:
    """As HostUp documents the reading of Peppol in version 2: without the setting itself."""
    alone, beside, fails, warned = WAYS[way]
    assert [entry.path for entry in seen.emulators[way].writes].count(PEPPOL) == alone + beside
    for name, sent in ((" alone", alone), (" beside", beside)):
        result = seen.played[way + name]
        assert (result["failed"], result["changed"]) == (fails, sent), result
        if fails:
            assert "peppol_opt_out" in result["msg"]
        else:
            assert result["unreadable_fields"] == ["peppol_opt_out"]
            assert any("peppol_opt_out" in warning for warning in result.get("warnings", [])) == warned


@pytest.mark.parametrize(("kind", "version", "redact"), _HIDDEN)
def test_redacting_all_hides_what_is_not_known_yet(seen: Seen, kind: str, version: str, redact: str) -> None:
    result, page = (seen.played["%s %s %s%s" % (kind, version, redact, end)] for end in ("", " page"))
    assert [word in str(result) for word in ("Anna Svensson", "anna@", "Examplegatan")] == [redact != "all"] * 3
    assert result["failure"]["code"] == "ODD"
    assert (result["failure"]["message"] == "(redacted)") == (redact == "all")
    assert ("is not JSON (text/html)" in page["msg"]) == (redact != "all")
    assert "Bad gateway" not in page["msg"]
