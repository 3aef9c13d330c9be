# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What version 2 of the API says when it says no: each code in one sentence, with the options that it is about."""

from __future__ import annotations

import datetime
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import Played, Player, account, info
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY
from ansible_collections.hostup.cloud.tests.integration.test_faults import ALWAYS, check_failure, check_sentence


class Case(t.NamedTuple):
    """A task that declares another city on version 2, and what must come of it."""

    faults: t.Sequence[Fault] = ()
    #: Words of the message; none: the task succeeds.
    words: t.Sequence[str] = ()
    #: Parts of `failure`.
    failure: dict[str, t.Any] = {}
    #: Methods of the requests, in order.
    requests: str = "GET"
    stored: bool = False
    changed: bool = False
    options: dict[str, t.Any] = {}
    habits: dict[str, t.Any] = {}
    #: What differs from the emulator's sample.
    record: dict[str, t.Any] = {}
    warnings: t.Sequence[str] = ()


def problem(status: int, code: str, message: str = "Not today.", **more: t.Any) -> Fault:
    return Fault("status", status=status, code=code, message=message, **more)


def invalid(*errors: tuple[str, str, str]) -> Fault:
    listed = [{"pointer": pointer, "detail": detail, "code": code} for pointer, detail, code in errors]
    return problem(400, "invalid_request", "The request is invalid.", errors=listed, method="PATCH")


V2_ID = "client_01demo%020d" % 9257
READ = {"method": "GET", "path": "/api/v2/me"}
WRITE = {"method": "PATCH", "path": "/api/v2/me"}
DROP_ANSWER = Fault("drop", method="PATCH", times=ALWAYS, after=True)

CASES: dict[str, Case] = {
    "unauthorized": Case(
        words=["GET /api/v2/me", "HTTP 401", 'unauthorized "Authentication required"', "request id req_", "check api_key"],
        failure={**READ, "status": 401, "code": "unauthorized", "message": "Authentication required", "attempts": 1},
        options={"api_key": "{{ vault_hostup_api_key }}-of-nobody"},
    ),
    "forbidden to read": Case(
        words=["HTTP 403", "forbidden", "give the key the scope read:account"],
        failure={**READ, "status": 403},
        habits={"scopes": ()},
    ),
    "forbidden to write": Case(
        words=[
            "PATCH /api/v2/me",
            "HTTP 403",
            "forbidden",
            "give the key the scope write:account in the HostUp control panel; a key of delegated access can't change a profile",
        ],
        failure={**WRITE, "status": 403, "code": "forbidden"},
        requests="GET PATCH",
        habits={"scopes": ("read:account",)},
    ),
    "account_inactive": Case(
        [problem(403, "account_inactive")],
        ["HTTP 403", 'account_inactive "Not today"', "the account is not active"],
        {**READ, "status": 403, "code": "account_inactive"},
    ),
    "verification_failed": Case(
        [problem(403, "verification_failed", method="PATCH")],
        ["verification_failed", "HostUp asks for a verification"],
        {**WRITE, "status": 403, "code": "verification_failed"},
        "GET PATCH",
    ),
    "not_found": Case(
        [problem(404, "not_found")], ["HTTP 404", "not_found", "check api_url"], {"status": 404, "code": "not_found"}
    ),
    "invalid_request, a pointer": Case(
        [invalid(("/address/postalCode", "Is no postal code", "invalid_value"))],
        [
            'HTTP 400, invalid_request "The request is invalid" for postcode ("Is no postal code", invalid_value)',
            "request id req_",
            "check the values",
        ],
        {**WRITE, "status": 400, "code": "invalid_request", "message": "The request is invalid"},
        "GET PATCH",
        options={"postcode": "99"},
    ),
    "invalid_request, with dots": Case(
        [invalid(("address.postalCode", "Is no postal code", "invalid_value"))],
        ['for postcode ("Is no postal code", invalid_value)'],
        requests="GET PATCH",
        failure=WRITE,
        options={"postcode": "99"},
    ),
    "invalid_request, several": Case(
        [
            invalid(
                ("#/address/city", "Is unknown.", "invalid_value"),
                ("/registrationIdentifier/value", "", "invalid_value"),
                ("/address", "Is not complete", "missing_required"),
                ("/nowhere", "Is odd", "odd"),
                ("", "", ""),
            )
        ],
        [
            'for city ("Is unknown", invalid_value), org_number (invalid_value), city ("Is not complete", missing_required), '
            'nowhere ("Is odd", odd), the request (request id'
        ],
        WRITE,
        "GET PATCH",
        options={"org_number": "[SE]555555-5555"},
    ),
    "invalid_request, with what is hidden": Case(
        [invalid(("/address/city", "Hidden City is unknown, and so is hidden  CITY", "invalid_value"))],
        ['for city ("(redacted) is unknown, and so is (redacted)", invalid_value)'],
        WRITE,
        "GET PATCH",
        options={"city": "Hidden City", "redact": ["city"]},
    ),
    "rate_limited, a short wait": Case(
        [problem(429, "rate_limited", retry_after="1")], requests="GET GET PATCH", stored=True, changed=True
    ),
    "rate_limited, a long wait": Case(
        [problem(429, "rate_limited", retry_after="3600")],
        ["HTTP 429", "rate_limited", "asks to wait 3600 s", "api_retry_max_delay (2 s)"],
        {"status": 429, "code": "rate_limited", "attempts": 1},
    ),
    "rate_limited, until a time": Case(
        [problem(429, "rate_limited", reset=(datetime.datetime(2099, 1, 1)).strftime("%Y-%m-%dT%H:%M:%S.000Z"))],
        ["HTTP 429", "rate_limited", "the API asks to wait", "longer than api_retry_max_delay"],
        {"status": 429, "attempts": 1},
    ),
    "upstream_timeout": Case(
        [problem(502, "upstream_timeout", times=ALWAYS)],
        ["HTTP 502", "upstream_timeout", "2 attempts", "a system behind HostUp's API has failed: try again later"],
        {"status": 502, "code": "upstream_timeout", "attempts": 2},
        "GET GET",
    ),
    "a page of the CDN": Case(
        [Fault("html", status=502, times=ALWAYS)],
        ["HTTP 502 and a body that is not JSON", "try again later"],
        {"status": 502, "code": None, "attempts": 2},
        "GET GET",
    ),
    "an account that says nothing of itself": Case(
        [Fault("body", status=200, body="{}")], ["holds no account record (id)"], {**READ, "status": 200}
    ),
    "version 1's envelope": Case(
        [Fault("body", status=200, body='{"success": true, "data": {"client": {"id": "1"}}}')],
        ["holds no account record (id)"],
        {**READ, "status": 200},
    ),
    "an address that is none": Case(
        [Fault("body", status=200, body='{"id": "client_1", "address": "Storgatan"}')],
        ["holds something else than an object in address.city"],
        {**READ, "status": 200},
    ),
    "a number that is a list": Case(
        [Fault("body", status=200, body='{"id": "client_1", "vatNumber": ["SE"]}')],
        ["holds something else than text as vatNumber"],
        {**READ, "status": 200},
        options={"vat_number": "SE555555555501"},
    ),
    "the answer to the update lost": Case(
        [DROP_ANSWER],
        requests="GET PATCH PATCH GET",
        stored=True,
        changed=True,
        warnings=["lost its connection", "read back and is as declared"],
    ),
    "an update without an answer's body": Case(
        [Fault("empty", status=204, method="PATCH", after=True)],
        requests="GET PATCH GET",
        stored=True,
        changed=True,
        warnings=["HTTP 204 and a body that is empty", "read back and is as declared"],
    ),
    "accepted, and not stored": Case(
        words=["Verifying the update failed", "PATCH /api/v2/me", "does not hold the declared city"],
        failure={**WRITE, "status": 200},
        requests="GET PATCH GET",
        changed=True,
        habits={"dropped": frozenset({"city"})},
    ),
    "shown a moment later": Case(requests="GET PATCH GET", stored=True, changed=True, habits={"lag": 1}),
    "shown a moment later, the answer lost": Case(
        [DROP_ANSWER],
        requests="GET PATCH PATCH GET GET",
        stored=True,
        changed=True,
        habits={"lag": 2},
        warnings=["read back and is as declared"],
    ),
    "accepted, and stored in another form": Case(
        words=["does not hold the declared city (", "; HostUp stored city in another form", "declare it in that form."],
        failure={**WRITE, "status": 200},
        requests="GET PATCH GET",
        changed=True,
        options={"city": "Kristianstad"},
        habits={"reshaped": {"city": "short"}},
    ),
    "an answer to the update without the address": Case(
        [Fault("body", status=200, body='{"id": "%s"}' % V2_ID, method="PATCH", after=True)],
        requests="GET PATCH GET",
        stored=True,
        changed=True,
    ),
    "an answer without the address, and not stored": Case(
        [Fault("body", status=200, body='{"id": "%s"}' % V2_ID, method="PATCH")],
        ["Verifying the update failed", "does not hold the declared city"],
        WRITE,
        "GET PATCH GET GET",
        changed=True,
    ),
    "an option that was not declared": Case(
        [invalid(("/countryCode", "Is odd", "odd"))], ['for country ("Is odd", odd)'], WRITE, "GET PATCH"
    ),
    "a stored number that is hidden, named without its country": Case(
        [problem(400, "odd", "556016-0680 clashes with 5560160680 and SE 556016-0680", method="PATCH")],
        ['odd "(redacted) clashes with (redacted) and'],
        WRITE,
        "GET PATCH",
        options={"redact": ["org_number"]},
        record={"orgno": "[SE]556016-0680"},
    ),
    "a part of the key": Case(
        [invalid(("/%s" % KEY[4:-4], "Not for %s" % KEY[:-5], KEY[:-3]), ("/city", KEY[9:].upper(), "odd"))],
        ['"The request is invalid" for the request ("Not for (redacted)"), city ("(redacted)", odd) (request id'],
        WRITE,
        "GET PATCH",
    ),
    "an id of several lines": Case(
        [Fault("body", status=200, body='{"id": "client_1\\n+city: Faked"}')],
        ["holds something else than a short id as id"],
        {**READ, "status": 200},
    ),
    "a redirect to a part of the key": Case(
        [Fault("redirect", status=308, location="https://%s.example.com/me" % KEY[:-1])],
        ["a redirect to the host (redacted)"],
        {"status": 308},
    ),
    "a redirect": Case(
        [Fault("redirect", status=308, location="https://elsewhere.example.com/me")],
        ["a redirect to the host elsewhere.example.com"],
        {"status": 308},
    ),
}
#: What only a task that declares the field fails for.
OF_DECLARED = ("an address that is none", "a number that is a list")
INFO_CASES = [name for name, case in CASES.items() if case.words and case.requests == "GET" and name not in OF_DECLARED]


class Problems(t.NamedTuple):
    played: Played
    emulators: dict[str, Emulator]


def start_with(start: Start, case: Case) -> Emulator:
    emulator = start(case.record, **case.habits)
    emulator.faults.order(*case.faults)
    return emulator


@pytest.fixture(scope="module")
def problems(in_process_player: Player, start: Start) -> Problems:
    """All cases in one run, as talkative as it gets, with an emulator of its own for each."""
    emulators, tasks = {}, []
    for name, case in [*CASES.items(), *(("info: " + name, CASES[name]) for name in INFO_CASES)]:
        emulators[name] = start_with(start, case)
        if name.startswith("info: "):
            tasks.append(info(name, emulators[name].url, **{k: v for k, v in case.options.items() if k == "api_key"}))
        else:
            tasks.append(account(name, emulators[name].url, **{"city": "Lund", **case.options}))
    defaults = {"api_version": "v2", "api_timeout": 5, "api_retries": 1, "api_retry_max_delay": 2}
    return Problems(in_process_player.play(tasks, "-vvvv", "--diff", defaults=defaults), emulators)


@pytest.mark.parametrize("name", CASES)
def test_task(problems: Problems, name: str) -> None:
    case, result, emulator = CASES[name], problems.played[name], problems.emulators[name]
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
def test_info(problems: Problems, name: str) -> None:
    result = problems.played["info: " + name]
    assert (result["failed"], result["changed"]) == (True, False)
    check_sentence(result["msg"], CASES[name].words)
    check_failure(result, CASES[name].failure)


def test_what_is_hidden_is_nowhere(problems: Problems) -> None:
    shown = (problems.played.output + str(problems.played.results)).lower()
    assert [word for word in ("hidden city", "556016-0680", "5560160680") if word in shown] == []


def test_no_write_without_a_read_that_can_be_trusted(in_process_player: Player, start: Start) -> None:
    """An account that looks empty because something else answered is not filled in."""
    emulator = start()
    emulator.faults.order(Fault("body", status=200, body='{"name": "a proxy"}', times=ALWAYS, method="GET"))
    played = in_process_player.play([account("declared", emulator.url, api_version="v2", city="Lund", first_name="Anna")])
    assert played["declared"]["failed"] is True
    assert emulator.writes == []
