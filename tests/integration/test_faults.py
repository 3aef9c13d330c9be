# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the network and API v1 can do to a task: one clear sentence, and the account as it was or as declared.

What statuses, bodies and connections of each kind come to is in the fault matrix, `tests/http_faults`; here are the sentences.
"""

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


@dataclasses.dataclass
class Case:
    """A task that declares another city, and what must come of it."""

    faults: t.Sequence[Fault] = ()
    #: Words of the message; none: the task succeeds.
    words: t.Sequence[str] = ()
    #: Parts of `failure`, which names the update if there was one; None: there is no `failure`.
    failure: dict[str, t.Any] | None = dataclasses.field(default_factory=dict)
    #: Methods of the requests, in order.
    requests: str = "GET"
    #: Whether the server holds the declared city in the end.
    stored: bool = False
    changed: bool = False
    options: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    habits: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    #: What differs from the emulator's sample.
    record: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    warnings: t.Sequence[str] = ()


def applied(requests: str, *faults: Fault, **more: t.Any) -> Case:
    """The task succeeds, and the city is stored."""
    return Case(faults, requests=requests, stored=True, changed=True, **more)


def body(text: str, **more: t.Any) -> Fault:
    return Fault("body", body=text, **{"status": 200, **more})


def of_account(**client: t.Any) -> Fault:
    return body(json.dumps({"success": True, "data": {"client": client}}))


def refused(status: int, code: str, message: str, **more: t.Any) -> Fault:
    return Fault("status", status=status, code=code, message=message, **more)


CASES: dict[str, Case] = {
    # the API says no
    "400": Case(
        [refused(400, "BAD_REQUEST", "City unknown", method="POST")],
        ["HTTP 400", 'BAD_REQUEST "City unknown"', "request id ", "check the values"],
        {"status": 400, "code": "BAD_REQUEST", "message": "City unknown", "attempts": 1},
        "GET POST",
    ),
    "401": Case(
        words=["GET /api/account/details", "HTTP 401", 'UNAUTHORIZED "Authentication required"', "check api_key"],
        failure={"status": 401, "code": "UNAUTHORIZED", "message": "Authentication required", "attempts": 1},
        options={"api_key": "{{ vault_hostup_api_key }}-of-nobody"},
    ),
    "403 on reading": Case(words=["HTTP 403", "FORBIDDEN", "scope read:account"], failure={"status": 403}, habits={"scopes": ()}),
    "403 on writing": Case(
        words=["POST /api/account/update", "HTTP 403", "scope write:account"],
        failure={"status": 403},
        requests="GET POST",
        habits={"scopes": ("read:account",)},
    ),
    "403 from something in between": Case(
        [Fault("html", status=403)],
        ["HTTP 403", "is not JSON (text/html)", "scope read:account", "the answer is not in the API's form, so check api_url"],
        {"status": 403, "code": None},
    ),
    "404": Case([Fault("empty", status=404)], ["HTTP 404 and a body that is empty", "check api_url"], {"status": 404}),
    "405": Case([Fault("status", status=405)], ["HTTP 405", "check api_url"], {"status": 405}),
    "success is false outside": Case(
        [body('{"success": false, "code": "NO", "message": "Not today", "requestId": "r-1", "data": {}}')],
        ["HTTP 200, but success is false", 'NO "Not today"', "request id r-1"],
        {"status": 200, "message": "Not today", "request_id": "r-1"},
    ),
    "success is false inside": Case(
        [body('{"success": true, "data": {"success": false, "message": "Not today"}}', method="POST")],
        ["success is false", '"Not today"'],
        {"status": 200, "message": "Not today"},
        "GET POST",
    ),
    # waits
    "429 with a short wait": applied("GET GET POST GET", Fault("status", status=429, retry_after="1")),
    "429 with a wait of a year": Case(
        [Fault("status", status=429, code="RATE_LIMITED", retry_after="31536000")],
        ["asks to wait 31536000 s (365 days), longer than api_retry_max_delay (2 s): run again after that, or ask HostUp"],
        {"status": 429, "attempts": 1},
    ),
    "429 with the wait in the body": Case(
        [body('{"error": "Too many requests", "message": "Slow down", "retryAfter": "3600"}', status=429)],
        ["HTTP 429", '"Slow down"', "asks to wait 3600 s"],
        {"status": 429, "code": None, "message": "Slow down", "attempts": 1},
    ),
    "a lost answer, then a long wait": Case(
        [Fault("drop", method="POST"), Fault("status", status=429, retry_after="3600", method="POST")],
        ["HTTP 429", "does not hold the declared city", "asks to wait 3600 s"],
        {"status": 429, "attempts": 2},
        "GET POST POST GET GET",
    ),
    # servers and connections that fail
    "500 once": applied("GET GET POST GET", Fault("status")),
    "500 for ever": Case(
        [Fault("status", times=ALWAYS)],
        ["HTTP 500", "INTERNAL_ERROR", "2 attempts", "try again later"],
        {"status": 500, "attempts": 2},
        "GET GET",
    ),
    "408 after the update took effect": applied(
        "GET POST GET", Fault("empty", status=408, method="POST", after=True), warnings=["HTTP 408", "is as declared"]
    ),
    "dropped once": applied("GET GET POST GET", Fault("drop")),
    "dropped once while writing": applied("GET POST POST GET", Fault("drop", method="POST", after=True)),
    "dropped after the update took effect": applied(
        "GET POST POST GET", DROP_ANSWER, warnings=["lost its connection", "but the account was read back and is as declared"]
    ),
    "dropped after the update, not verified": applied(
        "GET POST POST GET", DROP_ANSWER, options={"verify": False}, warnings=["read back and is as declared"]
    ),
    "dropped before the update took effect": Case(
        [Fault("drop", method="POST", times=ALWAYS)],
        ["POST /api/account/update lost its connection", "does not hold the declared city", "run the task again"],
        {"status": None, "attempts": 2},
        "GET POST POST GET GET",
    ),
    "dropped after the update, and from then on": Case(
        [DROP_ANSWER, Fault("drop", method="GET", skip=1, times=ALWAYS)],
        ["could not be read back either (that lost its connection", "may or may not be updated", "run the task again"],
        {"attempts": 2},
        "GET POST POST GET GET",
        stored=True,
        changed=True,
    ),
    "dropped after an update that the API never shows": Case(
        [DROP_ANSWER],
        ["does not show custom_line_0076, which may or may not be updated"],
        {"attempts": 2},
        "GET POST POST GET",
        changed=True,
        options={"city": "Stockholm", "custom_line_0076": "x"},
        habits={"withheld": frozenset({"langcustomline0076"})},
    ),
    "dropped after an update that the API shows in part": applied(
        "GET POST POST GET",
        DROP_ANSWER,
        options={"custom_line_0076": "x"},
        habits={"withheld": frozenset({"langcustomline0076"})},
        warnings=["holds what was declared, as far as the API shows it", "has no custom_line_0076"],
    ),
    # records
    "a record without an id": Case([of_account(id=None)], ["holds no account record (data.client with its id)"], {"status": 200}),
    "a record of nobody": Case(
        [of_account(id=0, city="")], ["holds no account record (data.client with its id)"], {"status": 200}
    ),
    "an id of several lines": Case(
        [of_account(id="9257\n+++ after: fake\n+city: Faked")], ["holds something else than a short id as id"], {"status": 200}
    ),
    # as an API may write it, and as playbooks may
    "an id as a number": Case([of_account(id=9257.0, city="Lund")], options={"account_id": " 9257.0 "}),
    "an id as text": Case([of_account(id=" 9257\n", city="Lund")], options={"account_id": 9257.0}),
    "a list for a city": Case(
        [of_account(id="9257", city=["canary-city"])], ["something else than text as city"], {"status": 200}
    ),
    # what a message hides
    "a hidden value in an error's text": Case(
        [refused(400, "BAD", "City LUND unknown, not Stockholm", method="POST")],
        ['BAD "City (redacted) unknown, not (redacted)"'],
        {"status": 400, "message": "City (redacted) unknown, not (redacted)"},
        "GET POST",
        options={"redact": ["city"]},
    ),
    "everything hidden, before the account is known": Case(
        [refused(403, "FORBIDDEN", "Anna Svensson owes us")],
        ["HTTP 403", "(redacted)"],
        {"status": 403, "message": "(redacted)"},
        options={"redact": ["all"]},
    ),
    "null secrets in the record": Case(
        [of_account(id="9257", password=None, cardnum=False), refused(400, "BAD", "None of it is False", method="POST")],
        ['BAD "None of it is False"'],
        {"status": 400},
        "GET POST",
    ),
    "the key in an error's text": Case(
        [refused(400, KEY, "Bad key %s for 850709-9805 and 8507099805" % KEY)],
        ["Bad key (redacted) for (redacted)"],
        {"status": 400, "code": None},
    ),
    "a part of the key in an error's text": Case(
        [refused(401, KEY[:-4], "Invalid key %s..." % KEY[:-1])],
        ['"Invalid key (redacted)"', "check api_key"],
        {"status": 401, "code": None, "message": "Invalid key (redacted)"},
    ),
    "secrets of the record in an error's text": Case(
        [refused(400, "BAD", "canary-password-2y10 4111 canary-notes-of-the-support.", method="POST")],
        ['BAD "(redacted) 4111 (redacted)"'],
        {"status": 400},
        "GET POST",
    ),
    # verification
    "accepted, not stored": Case(
        words=["Verifying the update failed", "does not hold the declared city", "; someone else wrote to the account meanwhile"],
        failure={"status": 200},
        requests="GET POST GET GET",
        changed=True,
        habits=NOT_STORED,
    ),
    "accepted, not stored, not verified": Case(requests="GET POST", changed=True, habits=NOT_STORED, options={"verify": False}),
    "shown a moment later": applied("GET POST GET GET", habits={"lag": 1}),
    "shown a moment later, the answer lost": applied(
        "GET POST POST GET GET", DROP_ANSWER, habits={"lag": 1}, warnings=["read back and is as declared"]
    ),
    "stored in another form, which means the same": applied(
        "GET POST GET",
        options={"postcode": "987 65"},
        habits={"reshaped": {"postcode": "compact"}},
        warnings=["stored postcode in another form"],
    ),
    "stored in another form, which means something else": Case(
        words=["does not hold the declared city", "HostUp stored city in another form", "see it with hostup_account_info"],
        failure={"status": 200},
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
        failure={"status": 200},
        requests="GET POST GET GET",
        changed=True,
        options={"address": "Ostra v\u00e4gen 1, c/o Ann"},
        habits={"reshaped": {"address1": "ascii"}, **NOT_STORED},
    ),
    "accepted, reading back fails": Case(
        [Fault("status", method="GET", skip=1, times=ALWAYS)],
        ["Verifying the update failed: GET /api/account/details", "HTTP 500", "whether it took is not known", "try again later"],
        {"method": "GET", "status": 500},
        "GET POST GET GET",
        stored=True,
        changed=True,
    ),
    "accepted, a second look fails": Case(
        [Fault("status", method="GET", skip=2, times=ALWAYS)],
        ["Verifying the update failed: GET /api/account/details", "HTTP 500", "whether it took is not known"],
        {"method": "GET", "status": 500},
        "GET POST GET GET GET",
        stored=True,
        changed=True,
        habits={"lag": 1},
    ),
    "accepted, reading back is put off": Case(
        [Fault("status", status=429, retry_after="7200", method="GET", skip=1)],
        ["the update was accepted", "asks to wait 7200 s"],
        {"method": "GET", "status": 429},
        "GET POST GET",
        stored=True,
        changed=True,
    ),
    # the guard
    "the key of another account": Case(
        words=["belongs to account 9257", "account_id says 4711"], failure=None, options={"account_id": "4711"}
    ),
    "the key of the right account": applied("GET POST GET", options={"account_id": "9257"}),
}

INFO_CASES = ("401", "403 on reading", "429 with a wait of a year", "500 for ever", "the key of another account")


class Faulty(t.NamedTuple):
    played: Played
    emulators: dict[str, Emulator]


def start_with(start: Start, case: Case) -> Emulator:
    emulator = start(case.record, **case.habits)
    emulator.faults.order(*case.faults)
    return emulator


def play(player: Player, start: Start, cases: dict[str, Case], info_cases: t.Iterable[str], version: str) -> Faulty:
    """All cases in one run, as talkative as it gets, with an emulator of its own for each."""
    emulators = {name: start_with(start, case) for name, case in cases.items()}
    tasks = [account(name, emulators[name].url, **{"city": "Lund", **case.options}) for name, case in cases.items()]
    for name in info_cases:
        emulators["info: " + name] = start_with(start, cases[name])
        tasks.append(info("info: " + name, emulators["info: " + name].url, **cases[name].options))
    defaults = {"api_version": version, "api_timeout": 5, "api_retries": 1, "api_retry_max_delay": 2}
    return Faulty(player.play(tasks, "-vvvv", "--diff", defaults=defaults), emulators)


@pytest.fixture(scope="module")
def faulty(in_process_player: Player, start: Start) -> Faulty:
    return play(in_process_player, start, CASES, INFO_CASES, "v1")


@pytest.mark.parametrize("name", CASES)
def test_a_task_says_what_happened(faulty: Faulty, name: str) -> None:
    check_task(faulty, name, CASES[name])


@pytest.mark.parametrize("name", INFO_CASES)
def test_the_module_that_reads_says_the_same(faulty: Faulty, name: str) -> None:
    check_info(faulty, name, CASES[name])


def check_task(faulty: Faulty, name: str, case: Case) -> None:
    result, emulator = faulty.played[name], faulty.emulators[name]
    assert result["failed"] == bool(case.words), result
    assert result["changed"] == case.changed
    assert " ".join(entry.method for entry in emulator.journal) == case.requests
    assert (emulator.account("9257").record["city"] == "Lund") == case.stored
    if case.words:
        _check_failure(result, case, emulator)
    warnings = " ".join(result.get("warnings", []))
    assert all(words in warnings for words in case.warnings), warnings
    assert bool(warnings) == bool(case.warnings), warnings


def check_info(faulty: Faulty, name: str, case: Case) -> None:
    result = faulty.played["info: " + name]
    assert (result["failed"], result["changed"]) == (True, False)
    _check_failure(result, case, faulty.emulators["info: " + name])


def _check_failure(result: dict[str, t.Any], case: Case, emulator: Emulator) -> None:
    msg = result["msg"]
    assert all(word in msg for word in case.words), msg
    assert msg.endswith(".")
    assert "\n" not in msg
    assert not re.search(r"[.!?] [A-Z]", msg), "more than one sentence: " + msg
    assert ("failure" in result) == (case.failure is not None)
    if case.failure is not None:
        assert set(result["failure"]) == {"status", "code", "message", "request_id", "method", "path", "attempts"}
        method = case.failure.get("method") or next((word for word in case.requests.split() if word != "GET"), "GET")
        path = next(entry.path for entry in emulator.journal if entry.method == method)
        expected = {"method": method, "path": path, **case.failure}
        assert {key: result["failure"][key] for key in expected} == expected
