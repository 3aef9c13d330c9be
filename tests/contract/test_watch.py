# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request of the collection that breaks the contract is found, and fails the test that sent it."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import typing as t

import pytest
import requests

from ansible_collections.hostup.cloud.plugins.module_utils._api_versions import API_VERSIONS
from ansible_collections.hostup.cloud.plugins.module_utils._http import AGENT, HttpSession
from ansible_collections.hostup.cloud.plugins.module_utils._validate import Connection
from ansible_collections.hostup.cloud.tests.contract.checker import faults_of_request
from ansible_collections.hostup.cloud.tests.contract.watch import Watch
from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.emulator.intake import Incoming

KEY = "demo-key-of-account-1001"

V1, V2 = API_VERSIONS["v1"].headers(KEY), API_VERSIONS["v2"].headers(KEY)

USUAL = (("Host", "x"), ("Accept", "application/json"), ("Accept-Encoding", "identity"), ("User-Agent", AGENT))

UPDATE, ME, PREFERENCES = ("POST", "/account/update"), ("PATCH", "/v2/me"), ("PATCH", "/v2/me/preferences")

#: Method and endpoint, header fields beside the usual ones, body -> what is wrong with it.
REQUESTS: list[tuple[tuple[str, str], dict[str, str], dict[str, t.Any] | None, list[str]]] = [
    (UPDATE, V1, {"city": "Lund", "vateu": ""}, []),
    (UPDATE, V1, {"city": "Lund", "town": "Lund"}, ["InvalidRequestBody: /: additionalProperties town"]),
    (UPDATE, V1, {"city": None}, ["InvalidRequestBody: /city: type"]),
    (UPDATE, V1, {"accountType": "club"}, ["InvalidRequestBody: /accountType: enum"]),
    (UPDATE, V1, {"country": "se"}, ["InvalidRequestBody: /country: pattern"]),
    (UPDATE, V1, {"firstname": ""}, ["InvalidRequestBody: /firstname: minLength"]),
    (UPDATE, V1, None, ["header fields: /content-length: pattern", "MissingRequiredRequestBody: MissingRequiredRequestBody"]),
    (UPDATE, {}, {"city": "Lund"}, ["header fields: /: oneOf", "SecurityValidationError: SecurityNotFound"]),
    (UPDATE, {**V1, **V2}, {"city": "Lund"}, ["header fields: /: oneOf"]),
    (UPDATE, {**V1, "Cookie": "a=b"}, {"city": "Lund"}, ["header fields: /: additionalProperties cookie"]),
    (UPDATE, {**V1, "Accept": "*/*"}, {"city": "Lund"}, ["header fields: /accept: const"]),
    (UPDATE, {**V1, "User-Agent": "another"}, {"city": "Lund"}, ["header fields: /user-agent: const"]),
    (
        UPDATE,
        {**V1, "Content-Type": "text/plain"},
        {"city": "Lund"},
        ["header fields: /content-type: const", "RequestBodyValidationError: MediaTypeNotFound"],
    ),
    (("PATCH", "/account/update"), V1, {"city": "Lund"}, ["OperationNotFound: OperationNotFound"]),
    (("POST", "/account/updates"), V1, {"city": "Lund"}, ["PathNotFound: PathNotFound"]),
    (("GET", "/account/details"), V1, {}, ["a GET has no body"]),
    (("GET", "/billing/invoice/501"), V1, None, []),
    (("GET", "/billing/invoice/0"), V1, None, ["InvalidParameter: /: minimum"]),
    (ME, V2, {"vatNumber": None, "address": {"city": "Lund"}}, []),
    (ME, V1, {"vatNumber": None}, ["SecurityValidationError: SecurityNotFound"]),
    (ME, V2, {"vatNumber": ""}, ["InvalidRequestBody: /vatNumber: minLength"]),
    (ME, V2, {"phoneNumber": None}, ["InvalidRequestBody: /phoneNumber: type"]),
    (ME, V2, {"address": {"zip": "1"}}, ["InvalidRequestBody: /address: additionalProperties zip"]),
    (PREFERENCES, V2, {"security": {"bankIdOnlyLogin": "yes"}}, ["InvalidRequestBody: /security/bankIdOnlyLogin: type"]),
    (
        PREFERENCES,
        V2,
        {"billing": {"cardAutoCharge": {"enabled": True}}},
        ["InvalidRequestBody: /billing/cardAutoCharge: additionalProperties enabled"],
    ),
]


def _connection(emulator: Emulator) -> Connection:
    return Connection(KEY, emulator.url, "v1", 5, 0, 0, True, None)


@pytest.mark.parametrize(("target", "fields", "body", "expected"), REQUESTS)
def test_what_is_wrong_with_a_request(
    watch: Watch, target: tuple[str, str], fields: dict[str, str], body: dict[str, t.Any] | None, expected: list[str]
) -> None:
    with Emulator() as emulator:
        with HttpSession(_connection(emulator), fields) as session:
            session.send(*target, body)
        journal = requests.get(emulator.url[: -len("api")] + "emulator/journal", timeout=10).json()
    found = watch.faults()
    assert found == ["%s /api%s: %s" % (*target, fault) for fault in expected]
    assert KEY not in "".join(found)
    # of an emulator that is a process of its own there is the journal
    watch.note_journal(journal)
    assert watch.faults() == found


#: What the collection's client can't be made to send.
OTHERS = [
    (Incoming("GET", "/api/v2/me?all=1", (*USUAL, *V2.items()), b""), ["the address has a query or a fragment"]),
    (Incoming("GET", "/api/v2/me", (*USUAL, *V2.items(), ("accept", "*/*")), b""), ["the header field accept stands twice"]),
    (
        Incoming(
            "PATCH",
            "/api/v2/me",
            (*USUAL, *V2.items(), ("Content-Type", "application/json")),
            b'{"vatNumber": "1", "vatNumber": "1"}',
        ),
        ["the body is not strict JSON"],
    ),
]


@pytest.mark.parametrize(("sent", "expected"), OTHERS)
def test_what_is_wrong_with_a_request_from_elsewhere(sent: Incoming, expected: list[str]) -> None:
    assert [fault for fault in faults_of_request(sent) if not fault.startswith("header fields: /accept:")] == expected


def test_requests_by_hand_are_not_the_collections(watch: Watch) -> None:
    with Emulator() as emulator:
        requests.post(emulator.url + "/nothing", json=[], timeout=10)
    assert watch.faults() == []


_TESTS = """
import pytest
from ansible_collections.hostup.cloud.tests.contract.test_watch import Emulator, HttpSession, V1, _connection

def send(endpoint):
    with Emulator() as emulator, HttpSession(_connection(emulator), V1) as session:
        session.send("GET", endpoint)

@pytest.fixture(scope="module")
def shared():
    send("/wrong/before")
    yield
    send("/wrong/after")

def test_right(): send("/account/details")
def test_wrong(): send("/wrong/in-a-test")
def test_shared(shared): pass
"""


def test_it_fails_the_test_that_sent_it(tmp_path: pathlib.Path) -> None:
    (tmp_path / "test_these.py").write_text(_TESTS, encoding="utf-8")
    plugin = "ansible_collections.hostup.cloud.tests.conftest"
    # without the summary: in CI, pytest repeats there all that a failure said
    options = ["-q", "-n0", "-rN", "-p", plugin, "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options, str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    for fixed in ("test_right", "GET /api/account/details"):
        assert fixed not in done.stdout, done.stdout
    for place in ("in-a-test", "before", "after"):
        assert done.stdout.count("GET /api/wrong/%s: PathNotFound" % place) == 1, done.stdout
    assert "2 failed, 1 passed, 1 error" in done.stdout, done.stdout
    assert KEY not in done.stdout
