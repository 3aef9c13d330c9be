# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What API v2 says when it says no: each code in one sentence, with the options that it is about."""

from __future__ import annotations

import datetime
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Fault
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import Player
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY
from ansible_collections.hostup.cloud.tests.integration.test_faults import (
    ALWAYS,
    NOT_STORED,
    Case,
    Faulty,
    applied,
    body,
    check_info,
    check_task,
    play,
    refused,
    start_with,
)

__all__ = ["CASES", "start_with"]

ONLY_AN_ID = '{"id": "client_01demo%020d"}' % 9257


def invalid(*errors: tuple[str, str, str]) -> Fault:
    listed = [{"pointer": pointer, "detail": detail, "code": code} for pointer, detail, code in errors]
    return refused(400, "invalid_request", "The request is invalid.", errors=listed, method="PATCH")


def refuses(error: tuple[str, str, str] | Fault, words: str, **more: t.Any) -> Case:
    """The update is refused, in these words."""
    return Case([error if isinstance(error, Fault) else invalid(error)], [words], requests="GET PATCH", **more)


CASES: dict[str, Case] = {
    "unauthorized": Case(
        words=["GET /api/v2/me", "HTTP 401", 'unauthorized "Authentication required"', "request id req_", "check api_key"],
        failure={"status": 401, "code": "unauthorized", "message": "Authentication required", "attempts": 1},
        options={"api_key": "{{ vault_hostup_api_key }}-of-nobody"},
    ),
    "forbidden to read": Case(
        words=["HTTP 403", "forbidden", "give the key the scope read:account"], failure={"status": 403}, habits={"scopes": ()}
    ),
    "forbidden to write": Case(
        words=[
            "PATCH /api/v2/me",
            "HTTP 403",
            "forbidden",
            "give the key the scope write:account in the HostUp control panel; a key of delegated access can't change a profile",
        ],
        failure={"status": 403, "code": "forbidden"},
        requests="GET PATCH",
        habits={"scopes": ("read:account",)},
    ),
    "account_inactive": Case(
        [refused(403, "account_inactive", "Not today.")],
        ["HTTP 403", 'account_inactive "Not today"', "the account is not active"],
        {"status": 403, "code": "account_inactive"},
    ),
    "verification_failed": Case(
        [refused(403, "verification_failed", "Not today.", method="PATCH")],
        ["verification_failed", "HostUp asks for a verification"],
        {"status": 403, "code": "verification_failed"},
        "GET PATCH",
    ),
    "upstream_timeout": Case(
        [refused(502, "upstream_timeout", "Not today.", times=ALWAYS)],
        ["HTTP 502", "upstream_timeout", "2 attempts", "a system behind HostUp's API has failed: try again later"],
        {"status": 502, "code": "upstream_timeout", "attempts": 2},
        "GET GET",
    ),
    "rate_limited, a long wait": Case(
        [refused(429, "rate_limited", "Not today.", retry_after="3600")],
        ["HTTP 429", "rate_limited", "asks to wait 3600 s", "api_retry_max_delay (2 s)"],
        {"status": 429, "code": "rate_limited", "attempts": 1},
    ),
    "rate_limited, until a time": Case(
        [refused(429, "rate_limited", "Not today.", reset=datetime.datetime(2099, 1, 1).strftime("%Y-%m-%dT%H:%M:%S.000Z"))],
        ["HTTP 429", "rate_limited", "the API asks to wait", "longer than api_retry_max_delay"],
        {"status": 429, "attempts": 1},
    ),
    # which options are meant
    "invalid_request, a pointer": Case(
        [invalid(("/address/postalCode", "Is no postal code", "invalid_value"))],
        [
            'HTTP 400, invalid_request "The request is invalid" for postcode ("Is no postal code", invalid_value)',
            "request id req_",
            "check the values",
        ],
        {"status": 400, "code": "invalid_request", "message": "The request is invalid"},
        "GET PATCH",
        options={"postcode": "99"},
    ),
    "invalid_request, with dots": refuses(
        ("address.postalCode", "Is no postal code", "invalid_value"),
        'for postcode ("Is no postal code", invalid_value)',
        options={"postcode": "99"},
    ),
    "invalid_request, several": refuses(
        invalid(
            ("#/address/city", "Is unknown.", "invalid_value"),
            ("/registrationIdentifier/value", "", "invalid_value"),
            ("/address", "Is not complete", "missing_required"),
            ("/nowhere", "Is odd", "odd"),
            ("", "", ""),
        ),
        'for city ("Is unknown", invalid_value), org_number (invalid_value), city ("Is not complete", missing_required), '
        'nowhere ("Is odd", odd), the request (request id',
        options={"org_number": "[SE]555555-5555"},
    ),
    "an option that was not declared": refuses(("/countryCode", "Is odd", "odd"), 'for country ("Is odd", odd)'),
    # what a message hides
    "invalid_request, with what is hidden": refuses(
        ("/address/city", "Hidden City is unknown, and so is hidden  CITY", "invalid_value"),
        'for city ("(redacted) is unknown, and so is (redacted)", invalid_value)',
        options={"city": "Hidden City", "redact": ["city"]},
    ),
    "a stored number that is hidden, named without its country": refuses(
        refused(400, "odd", "556016-0680 clashes with 5560160680 and SE 556016-0680", method="PATCH"),
        'odd "(redacted) clashes with (redacted) and',
        options={"redact": ["org_number"]},
        record={"orgno": "[SE]556016-0680"},
    ),
    "a part of the key": refuses(
        invalid(("/%s" % KEY[4:-4], "Not for %s" % KEY[:-5], KEY[:-3]), ("/city", KEY[9:].upper(), "odd")),
        '"The request is invalid" for the request ("Not for (redacted)"), city ("(redacted)", odd) (request id',
    ),
    "a redirect to a part of the key": Case(
        [Fault("redirect", status=308, location="https://%s.example.com/me" % KEY[:-1])],
        ["a redirect to the host (redacted)"],
        {"status": 308},
    ),
    # records and answers that are none
    "version 1's envelope": Case(
        [body('{"success": true, "data": {"client": {"id": "1"}}}')], ["holds no account record (id)"], {"status": 200}
    ),
    "an address that is none": Case(
        [body('{"id": "client_1", "address": "Storgatan"}')],
        ["holds something else than an object in address.city"],
        {"status": 200},
    ),
    "an answer without the address, and not stored": Case(
        [body(ONLY_AN_ID, method="PATCH")],
        ["Verifying the update failed", "does not hold the declared city"],
        requests="GET PATCH GET GET",
        changed=True,
    ),
    # verification
    "accepted, and not stored": Case(
        words=["Verifying the update failed", "PATCH /api/v2/me", "does not hold the declared city"],
        failure={"status": 200},
        requests="GET PATCH GET",
        changed=True,
        habits=NOT_STORED,
    ),
    "accepted, and stored in another form": Case(
        words=["does not hold the declared city (", "; HostUp stored city in another form", "declare it in that form."],
        failure={"status": 200},
        requests="GET PATCH GET",
        changed=True,
        options={"city": "Kristianstad"},
        habits={"reshaped": {"city": "short"}},
    ),
    "shown a moment later": applied("GET PATCH GET", habits={"lag": 1}),
}
INFO_CASES = ("unauthorized", "forbidden to read", "account_inactive", "rate_limited, a long wait", "version 1's envelope")


@pytest.fixture(scope="module")
def problems(in_process_player: Player, start: Start) -> Faulty:
    return play(in_process_player, start, CASES, INFO_CASES, "v2")


@pytest.mark.parametrize("name", CASES)
def test_a_task_says_what_happened(problems: Faulty, name: str) -> None:
    check_task(problems, name, CASES[name])


@pytest.mark.parametrize("name", INFO_CASES)
def test_the_module_that_reads_says_the_same(problems: Faulty, name: str) -> None:
    check_info(problems, name, CASES[name])


def test_what_is_hidden_is_nowhere(problems: Faulty) -> None:
    shown = (problems.played.output + str(problems.played.results)).lower()
    assert [word for word in ("hidden city", "556016-0680", "5560160680") if word in shown] == []
