# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the network and the API can do to a task: one clear sentence, and the account as it was or as declared."""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import Played, Player, account, info
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY

ALWAYS = 99
DROP_ANSWER = Fault("drop", method="POST", times=ALWAYS, after=True)
NOT_STORED = {"dropped": frozenset({"city"})}


def body(text: str, **more: t.Any) -> Fault:
    return Fault("body", body=text, **{"status": 200, **more})


@dataclasses.dataclass
class Case:
    """A task that declares another city, and what must come of it."""

    faults: t.Sequence[Fault] = ()
    #: Words of the message; none: the task succeeds.
    words: t.Sequence[str] = ()
    #: Parts of `failure`.
    failure: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    #: Methods of the requests, in order.
    requests: str = "GET"
    #: Whether the server holds the declared city in the end.
    stored: bool = False
    changed: bool = False
    options: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    habits: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    warnings: t.Sequence[str] = ()


READ = {"method": "GET", "path": "/api/account/details"}
WRITE = {"method": "POST", "path": "/api/account/update"}

#: What an API may give instead of an id, which messages and the headers of diffs would show.
WRONG_IDS: dict[str, t.Any] = {
    "several lines": "9257\n+++ after: fake\n+city: Faked",
    "escape sequences": "9257\x1b[31m",
    "5,000 digits": "9" * 5000,
    "a sentence": "9257, but not yours",
    "invisible characters": "92\u200b57",
    "another script": "\u0669\u0662\u0665\u0667",
    "a flag": True,
    "a huge number": 1e300,
}

CASES: dict[str, Case] = {
    # the API says no
    "400": Case(
        [Fault("status", status=400, code="BAD_REQUEST", message="City unknown", method="POST")],
        ["HTTP 400", 'BAD_REQUEST "City unknown"', "request id ", "check the values"],
        {**WRITE, "status": 400, "code": "BAD_REQUEST", "message": "City unknown", "attempts": 1},
        "GET POST",
    ),
    "401": Case(
        words=["GET /api/account/details", "HTTP 401", 'UNAUTHORIZED "Authentication required"', "check api_key"],
        failure={**READ, "status": 401, "code": "UNAUTHORIZED", "message": "Authentication required", "attempts": 1},
        options={"api_key": "{{ vault_hostup_api_key }}-of-nobody"},
    ),
    "403 on reading": Case(
        words=["HTTP 403", "FORBIDDEN", "scope read:account"], failure={**READ, "status": 403}, habits={"scopes": ()}
    ),
    "403 on writing": Case(
        words=["POST /api/account/update", "HTTP 403", "scope write:account"],
        failure={**WRITE, "status": 403},
        requests="GET POST",
        habits={"scopes": ("read:account",)},
    ),
    "404": Case([Fault("status", status=404, code="NOT_FOUND")], ["HTTP 404", "check api_url"], {"status": 404}),
    "405": Case([Fault("status", status=405)], ["HTTP 405", "check api_url"], {"status": 405}),
    "success is false outside": Case(
        [body('{"success": false, "message": "Not today", "requestId": "r-1", "data": {}}')],
        ["HTTP 200, but success is false", '"Not today"', "request id r-1"],
        {**READ, "status": 200, "message": "Not today", "request_id": "r-1"},
    ),
    "success is false inside": Case(
        [body('{"success": true, "data": {"success": false, "message": "Not today"}}', method="POST")],
        ["success is false", '"Not today"'],
        {**WRITE, "status": 200, "message": "Not today"},
        "GET POST",
    ),
    # waiting
    "429 with a short wait": Case(
        [Fault("status", status=429, retry_after="1")], requests="GET GET POST GET", stored=True, changed=True
    ),
    "429 with a long wait": Case(
        [Fault("status", status=429, code="RATE_LIMITED", retry_after="3600")],
        ["HTTP 429", "asks to wait 3600 s", "api_retry_max_delay (2 s)"],
        {"status": 429, "attempts": 1},
    ),
    "429 with the wait in the body": Case(
        [body('{"error": "Too many requests", "message": "Slow down", "retryAfter": "3600"}', status=429)],
        ["HTTP 429", '"Slow down"', "asks to wait 3600 s"],
        {"status": 429, "code": None, "message": "Slow down", "attempts": 1},
    ),
    "429 for ever": Case([Fault("status", status=429, times=ALWAYS)], ["HTTP 429", "2 attempts"], {"attempts": 2}, "GET GET"),
    # servers that fail
    "500 once": Case([Fault("status")], requests="GET GET POST GET", stored=True, changed=True),
    "500 for ever": Case(
        [Fault("status", times=ALWAYS)],
        ["HTTP 500", "INTERNAL_ERROR", "2 attempts", "try again later"],
        {"status": 500, "attempts": 2},
        "GET GET",
    ),
    "500 without a retry": Case(
        [Fault("status", times=ALWAYS)], ["HTTP 500"], {"status": 500, "attempts": 1}, options={"api_retries": 0}
    ),
    "530 from the CDN after the write took effect": Case(
        [Fault("html", status=530, method="POST", times=ALWAYS, after=True)],
        requests="GET POST POST GET",
        stored=True,
        changed=True,
        warnings=["HTTP 530", "is as declared"],
    ),
    "401 with a wait that would not help": Case(
        [Fault("status", status=401, retry_after="7")], ["HTTP 401", "check api_key"], {"status": 401}
    ),
    "413 with a wait that would not help": Case(
        [Fault("status", status=413, retry_after="1")], ["HTTP 413"], {"status": 413, "attempts": 1}
    ),
    "a hidden value in an error's text": Case(
        [Fault("status", status=400, code="BAD", message="City LUND unknown, not Stockholm", method="POST")],
        ['BAD "City (redacted) unknown, not (redacted)"'],
        {**WRITE, "status": 400, "message": "City (redacted) unknown, not (redacted)"},
        "GET POST",
        options={"redact": ["city"]},
    ),
    "null secrets in the record": Case(
        [
            body('{"success": true, "data": {"client": {"id": "9257", "password": null, "cardnum": false}}}'),
            Fault("status", status=400, code="BAD", message="None of it is False", method="POST"),
        ],
        ['BAD "None of it is False"'],
        {**WRITE, "status": 400},
        "GET POST",
    ),
    "500, then a long wait": Case(
        [Fault("drop", method="POST"), Fault("status", status=429, retry_after="3600", method="POST")],
        ["HTTP 429", "does not hold the declared city", "asks to wait 3600 s"],
        {**WRITE, "status": 429, "attempts": 2},
        "GET POST POST GET GET",
    ),
    "502 with HTML": Case(
        [Fault("html", status=502, times=ALWAYS)],
        ["HTTP 502", "not JSON (text/html)"],
        {"status": 502, "code": None, "message": None, "attempts": 2},
        "GET GET",
    ),
    "a redirect after the write took effect": Case(
        [Fault("redirect", status=303, location="/account", method="POST", after=True)],
        requests="GET POST GET",
        stored=True,
        changed=True,
        warnings=["HTTP 303, a redirect to the host 127.0.0.1, but the account was read back and is as declared"],
    ),
    "a redirect before the write took effect": Case(
        [Fault("redirect", status=303, location="/account", method="POST")],
        ["HTTP 303", "the account, read back, does not hold the declared city"],
        {**WRITE, "status": 303, "attempts": 1},
        "GET POST GET GET",
    ),
    "304": Case(
        [Fault("empty", status=304)],
        ["HTTP 304, not modified, which answers a question that was not asked; check api_url, and what stands between."],
        {**READ, "status": 304, "attempts": 1},
    ),
    "304 to a write that took effect": Case(
        [Fault("empty", status=304, method="POST", after=True)],
        requests="GET POST GET",
        stored=True,
        changed=True,
        warnings=["HTTP 304, not modified, which answers a question that was not asked, but the account was read back"],
    ),
    "a redirect without an address": Case(
        [Fault("empty", status=302)],
        ["HTTP 302, a redirect without an address; check api_url"],
        {**READ, "status": 302, "attempts": 1},
    ),
    "408 after the write took effect": Case(
        [Fault("empty", status=408, method="POST", after=True)],
        requests="GET POST GET",
        stored=True,
        changed=True,
        warnings=["HTTP 408", "is as declared"],
    ),
    "403 from something in between": Case(
        [Fault("html", status=403)],
        ["HTTP 403", "is not JSON", "scope read:account", "the answer is not in the API's form, so check api_url"],
        {"status": 403, "code": None},
    ),
    "422": Case(
        [Fault("status", status=422, code="UNPROCESSABLE", message="City unknown", method="POST")],
        ['UNPROCESSABLE "City unknown"', "check the values of the declared options"],
        {**WRITE, "status": 422},
        "GET POST",
    ),
    "429 with a wait of a year": Case(
        [Fault("status", status=429, retry_after="31536000")],
        ["asks to wait 31536000 s (365 days), longer than api_retry_max_delay (2 s): run again after that, or ask HostUp"],
        {"status": 429, "attempts": 1},
    ),
    "520 from the CDN once": Case([Fault("html", status=520)], requests="GET GET POST GET", stored=True, changed=True),
    "500 with no body": Case([Fault("empty", times=ALWAYS)], ["HTTP 500", "is empty"], {"status": 500}, "GET GET"),
    "500 after the write took effect": Case(
        [Fault("status", method="POST", times=ALWAYS, after=True)],
        requests="GET POST POST GET",
        stored=True,
        changed=True,
        warnings=["was answered with HTTP 500, but the account was read back and is as declared"],
    ),
    "500 before the write took effect": Case(
        [Fault("status", method="POST", times=ALWAYS)],
        ["HTTP 500", "2 attempts", "the account, read back, does not hold the declared city"],
        {**WRITE, "status": 500, "attempts": 2},
        "GET POST POST GET GET",
    ),
    # the connection
    "dropped once": Case([Fault("drop")], requests="GET GET POST GET", stored=True, changed=True),
    "dropped for ever": Case(
        [Fault("drop", times=ALWAYS)], ["lost its connection", "2 attempts"], {**READ, "status": None, "attempts": 2}, "GET GET"
    ),
    "dropped after the write took effect": Case(
        [DROP_ANSWER],
        requests="GET POST POST GET",
        stored=True,
        changed=True,
        warnings=["lost its connection", "read back and is as declared"],
    ),
    "dropped after the write, not verified": Case(
        [DROP_ANSWER],
        requests="GET POST POST GET",
        stored=True,
        changed=True,
        options={"verify": False},
        warnings=["read back and is as declared"],
    ),
    "dropped before the write took effect": Case(
        [Fault("drop", method="POST", times=ALWAYS)],
        ["POST /api/account/update lost its connection", "does not hold the declared city", "run the task again"],
        {**WRITE, "status": None, "attempts": 2},
        "GET POST POST GET GET",
    ),
    "dropped after the write, and from then on": Case(
        [DROP_ANSWER, Fault("drop", method="GET", skip=1, times=ALWAYS)],
        ["could not be read back either (that lost its connection", "may or may not be updated", "run the task again"],
        {**WRITE, "attempts": 2},
        "GET POST POST GET GET",
        stored=True,
        changed=True,
    ),
    "dropped after writing what the API never shows": Case(
        [DROP_ANSWER],
        ["does not show custom_line_0076, which may or may not be updated"],
        {**WRITE, "attempts": 2},
        "GET POST POST GET",
        changed=True,
        options={"city": "Stockholm", "custom_line_0076": "x"},
        habits={"withheld": frozenset({"langcustomline0076"})},
    ),
    "dropped after writing more than the API shows": Case(
        [DROP_ANSWER],
        requests="GET POST POST GET",
        stored=True,
        changed=True,
        options={"custom_line_0076": "x"},
        habits={"withheld": frozenset({"langcustomline0076"})},
        warnings=["holds what was declared, as far as the API shows it", "has no custom_line_0076"],
    ),
    "dropped once while writing": Case(
        [Fault("drop", method="POST", after=True)], requests="GET POST POST GET", stored=True, changed=True
    ),
    "cut off in the middle of a body": Case(
        [Fault("cut_off", times=ALWAYS)], ["lost its connection", "before the answer was complete"], {"attempts": 2}, "GET GET"
    ),
    "no answer in time": Case(
        [Fault("slow", seconds=30, times=ALWAYS)],
        ["not answered in full within 1 s", "2 attempts", "api_timeout"],
        {"status": None, "attempts": 2},
        "GET GET",
        options={"api_timeout": 1},
    ),
    "an endless trickle": Case(
        [Fault("trickle", seconds=30, times=ALWAYS)],
        ["not answered in full within 1 s"],
        {"status": None, "attempts": 2},
        "GET GET",
        options={"api_timeout": 1},
    ),
    "no answer in time to a write that took effect": Case(
        [Fault("slow", seconds=30, method="POST", times=ALWAYS)],
        requests="GET POST POST GET",
        stored=True,
        changed=True,
        options={"api_timeout": 1},
        warnings=["not answered in full within 1 s", "is as declared"],
    ),
    # bodies
    "invalid JSON": Case([Fault("invalid_json")], ["HTTP 200", "is not JSON"], {"status": 200, "attempts": 1}),
    "truncated JSON": Case([Fault("truncated_json")], ["is not JSON"], {"status": 200}),
    "a JSON array": Case([Fault("array")], ["is not a JSON object"], {"status": 200}),
    "no record": Case([body('{"success": true, "data": {"success": true}}')], ["no account record"], {"status": 200}),
    "a record without an id": Case(
        [body('{"success": true, "data": {"success": true, "client": {"id": null}}}')],
        ["holds no account record (data.client with its id)"],
        {"status": 200},
    ),
    "a record of nobody": Case(
        [body('{"success": true, "data": {"success": true, "client": {"id": 0, "city": ""}}}')],
        ["holds no account record (data.client with its id)"],
        {"status": 200},
    ),
    **{
        "an id of " + name: Case(
            [body(json.dumps({"success": True, "data": {"client": {"id": wrong}}}))],
            ["holds something else than a short id as id"],
            {"status": 200},
        )
        for name, wrong in WRONG_IDS.items()
    },
    **{
        "an id as %r" % (right,): Case(
            [body(json.dumps({"success": True, "data": {"client": {"id": right, "city": "Lund"}}}))],
            options={"account_id": wanted},
        )
        for right, wanted in ((9257.0, "9257"), ("9257.0", "9257"), (" 9257\n", "9257"), (9257, " 9257.0 "), ("9257", 9257.0))
    },
    "no success": Case([body('{"data": {"client": {}}}')], ["does not say whether"], {"status": 200}),
    "a list for a city": Case(
        [body('{"success": true, "data": {"client": {"id": "9257", "city": ["canary-city"]}}}')],
        ["something else than text as city"],
        {"status": 200},
    ),
    "megabytes": Case([Fault("huge")], ["more than 1 MiB"], {**READ, "attempts": 1}),
    "megabytes for a write that took effect": Case(
        [Fault("huge", method="POST", after=True)],
        requests="GET POST GET",
        stored=True,
        changed=True,
        warnings=["more than 1 MiB", "is as declared"],
    ),
    "deeply nested JSON": Case([body("[" * 100000)], ["is not JSON"], {"status": 200}),
    "the key in an error's text": Case(
        [Fault("status", status=400, code=KEY, message="Bad key %s for 850709-9805 and 8507099805" % KEY)],
        ["Bad key (redacted) for (redacted)"],
        {"status": 400, "code": None},
    ),
    "a part of the key in an error's text": Case(
        [Fault("status", status=401, code=KEY[:-4], message="Invalid key %s..." % KEY[:-1])],
        ['"Invalid key (redacted)"', "check api_key"],
        {"status": 401, "code": None, "message": "Invalid key (redacted)"},
    ),
    # an account that does not do as it is told
    "accepted, not stored": Case(
        words=["Verifying the update failed", "does not hold the declared city", "; someone else wrote to the account meanwhile"],
        failure={**WRITE, "status": 200},
        requests="GET POST GET GET",
        changed=True,
        habits=NOT_STORED,
    ),
    "shown a moment later": Case(requests="GET POST GET GET", stored=True, changed=True, habits={"lag": 1}),
    "shown too late": Case(
        words=["does not hold the declared city"],
        failure={**WRITE, "status": 200},
        requests="GET POST GET GET",
        stored=True,
        changed=True,
        habits={"lag": 2},
    ),
    "shown a moment later, the answer lost": Case(
        [DROP_ANSWER],
        requests="GET POST POST GET GET",
        stored=True,
        changed=True,
        habits={"lag": 1},
        warnings=["read back and is as declared"],
    ),
    "a second look that fails": Case(
        [Fault("status", method="GET", skip=2, times=ALWAYS)],
        ["Verifying the update failed: GET /api/account/details", "HTTP 500", "whether it took is not known"],
        {**READ, "status": 500},
        "GET POST GET GET GET",
        stored=True,
        changed=True,
        habits={"lag": 1},
    ),
    "a second look that shows another form": Case(
        words=["does not hold the declared city", "HostUp stored city in another form", "see it with hostup_account_info"],
        failure={**WRITE, "status": 200},
        requests="GET POST GET GET",
        changed=True,
        habits={"reshaped": {"city": "upper"}},
    ),
    "one in another form, one not stored": Case(
        words=[
            "does not hold the declared address and city",
            "; HostUp stored address in another form (",
            "and declare it in that form; as for the rest, someone else wrote",
        ],
        failure={**WRITE, "status": 200},
        requests="GET POST GET GET",
        changed=True,
        options={"address": "Ostra v\u00e4gen 1, c/o Ann"},
        habits={"reshaped": {"address1": "ascii"}, "dropped": frozenset({"city"})},
    ),
    "accepted, not stored, not verified": Case(requests="GET POST", changed=True, habits=NOT_STORED, options={"verify": False}),
    "stored in another form": Case(
        requests="GET POST GET",
        changed=True,
        stored=True,
        options={"postcode": "987 65"},
        habits={"reshaped": {"postcode": "compact"}},
        warnings=["stored postcode in another form"],
    ),
    "accepted, reading back fails": Case(
        [Fault("status", method="GET", skip=1, times=ALWAYS)],
        ["Verifying the update failed: GET /api/account/details", "HTTP 500", "whether it took is not known", "try again later"],
        {**READ, "status": 500},
        "GET POST GET GET",
        stored=True,
        changed=True,
    ),
    "accepted, reading back is put off": Case(
        [Fault("status", status=429, retry_after="7200", method="GET", skip=1)],
        ["the update was accepted", "asks to wait 7200 s"],
        {**READ, "status": 429},
        "GET POST GET",
        stored=True,
        changed=True,
    ),
    "half a character in the record": Case(
        [body('{"success": true, "data": {"client": {"id": "9257", "firstname": "A\\ud83d", "city": "Lund"}}}', times=ALWAYS)],
    ),
    "success as text": Case(
        [body('{"success": "true", "data": {"success": 1, "client": {"id": "9257", "city": "Lund"}}}')],
    ),
    "secrets of the record in an error's text": Case(
        [
            Fault(
                "status", status=400, code="BAD", message="canary-password-2y10 4111 canary-notes-of-the-support.", method="POST"
            )
        ],
        ['BAD "(redacted) 4111 (redacted)"'],
        {**WRITE, "status": 400},
        "GET POST",
    ),
    "the key of another account": Case(words=["belongs to account 9257", "account_id says 4711"], options={"account_id": "4711"}),
    "the key of the right account": Case(requests="GET POST GET", stored=True, changed=True, options={"account_id": "9257"}),
}

INFO_CASES = ("401", "403 on reading", "429 with a long wait", "500 for ever", "truncated JSON", "the key of another account")


class Faulty(t.NamedTuple):
    played: Played
    emulators: dict[str, Emulator]


def start_with(start: Start, case: Case) -> Emulator:
    emulator = start({}, **case.habits)
    emulator.faults.order(*case.faults)
    return emulator


@pytest.fixture(scope="module")
def faulty(in_process_player: Player, start: Start) -> Faulty:
    """All cases in one run, as talkative as it gets, with an emulator of its own for each."""
    emulators = {name: start_with(start, case) for name, case in CASES.items()}
    tasks = [account(name, emulators[name].url, **{"city": "Lund", **case.options}) for name, case in CASES.items()]
    for name in INFO_CASES:
        emulators["info: " + name] = start_with(start, CASES[name])
        tasks.append(info("info: " + name, emulators["info: " + name].url, **CASES[name].options))
    defaults = {"api_timeout": 5, "api_retries": 1, "api_retry_max_delay": 2}
    return Faulty(in_process_player.play(tasks, "-vvvv", "--diff", defaults=defaults), emulators)


@pytest.mark.parametrize("name", CASES)
def test_task(faulty: Faulty, name: str) -> None:
    case, result, emulator = CASES[name], faulty.played[name], faulty.emulators[name]
    assert result["failed"] == bool(case.words), result
    assert result["changed"] == case.changed
    assert " ".join(entry.method for entry in emulator.journal) == case.requests
    assert (emulator.account("9257").record["city"] == "Lund") == case.stored
    if case.words:
        check_sentence(result["msg"], case.words)
        check_failure(result, case.failure)
    warnings = " ".join(result.get("warnings", []))
    assert all(words in warnings for words in case.warnings), warnings
    assert bool(warnings) == bool(case.warnings), warnings


@pytest.mark.parametrize("name", INFO_CASES)
def test_info(faulty: Faulty, name: str) -> None:
    result = faulty.played["info: " + name]
    assert result["failed"] is True
    assert result["changed"] is False
    check_sentence(result["msg"], CASES[name].words)
    check_failure(result, CASES[name].failure)


def check_sentence(msg: str, words: t.Sequence[str]) -> None:
    assert all(word in msg for word in words), msg
    assert msg.endswith(".")
    assert "\n" not in msg
    assert not re.search(r"[.!?] [A-Z]", msg), "more than one sentence: " + msg


def check_failure(result: dict[str, t.Any], expected: dict[str, t.Any]) -> None:
    assert ("failure" in result) == bool(expected)
    if expected:
        assert set(result["failure"]) == {"status", "code", "message", "request_id", "method", "path", "attempts"}
        assert {key: result["failure"][key] for key in expected} == expected


def test_the_next_run_mends_it(in_process_player: Player, start: Start) -> None:
    """After a write of unknown outcome, and after one that never arrived, the same task converges."""
    emulator = start()
    for fault in (DROP_ANSWER, dataclasses.replace(DROP_ANSWER, after=False)):
        emulator.account("9257").record["city"] = "Stockholm"
        emulator.faults.clear()
        emulator.faults.order(fault, Fault("drop", method="GET", skip=1, times=ALWAYS))
        first = in_process_player.play([account("declared", emulator.url, city="Lund", api_retries=0)])
        emulator.faults.clear()
        second = in_process_player.play([account("declared", emulator.url, city="Lund")])
        assert first["declared"]["failed"] is True
        assert second["declared"]["changed"] is not fault.after
        assert emulator.account("9257").record["city"] == "Lund"
