# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request of the collection that breaks the contract is found, whichever way it breaks it."""

from __future__ import annotations

import json
import typing as t

import pytest
import requests

from ansible_collections.hostup.cloud.tests.contract.checker import CONTRACT, faults_of_request
from ansible_collections.hostup.cloud.tests.contract.watch import Watch
from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.emulator.intake import Incoming

KEY = "demo-key-of-account-1001"
AGENT = CONTRACT.spec.read_value()["x-request-fields"]["properties"]["user-agent"]["const"]
USUAL = {"Host": "x", "Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": AGENT}
V1, V2 = {"X-API-Key": KEY}, {"Authorization": "Bearer " + KEY}
UPDATE, ME = "POST /account/update", "PATCH /v2/me"

#: Method and endpoint, header fields beside the usual ones, body -> what is wrong with it.
REQUESTS: list[tuple[str, dict[str, str], t.Any, list[str]]] = [
    (UPDATE, V1, {"city": "Lund", "vateu": ""}, []),
    (UPDATE, V1, {"city": "Lund", "town": "Lund"}, ["InvalidRequestBody: /: additionalProperties town"]),
    (UPDATE, V1, {"city": None}, ["InvalidRequestBody: /city: type"]),
    (UPDATE, V1, '{"city": "a", "city": "b"}', ["the body is not strict JSON"]),
    (UPDATE, {}, {"city": "Lund"}, ["header fields: /: oneOf", "SecurityValidationError: SecurityNotFound"]),
    (UPDATE, {**V1, **V2}, {"city": "Lund"}, ["header fields: /: oneOf"]),
    (UPDATE, {**V1, "Cookie": "a=b"}, {"city": "Lund"}, ["header fields: /: additionalProperties cookie"]),
    (UPDATE, {**V1, "User-Agent": "another"}, {"city": "Lund"}, ["header fields: /user-agent: const"]),
    ("POST /account/updates", V1, {"city": "Lund"}, ["PathNotFound: PathNotFound"]),
    ("GET /billing/invoice/0", V1, None, ["InvalidParameter: /: minimum"]),
    ("GET /v2/me?all=1", V2, None, ["the address has a query or a fragment"]),
    ("GET /v2/me", {**V2, "accept": "application/json"}, None, ["the header field accept stands twice"]),
    (ME, V2, {"vatNumber": None, "address": {"city": "Lund"}}, []),
    (ME, V1, {"vatNumber": None}, ["SecurityValidationError: SecurityNotFound"]),
    (ME, V2, {"address": {"zip": "1"}}, ["InvalidRequestBody: /address: additionalProperties zip"]),
]


@pytest.mark.parametrize(("target", "fields", "body", "expected"), REQUESTS)
def test_what_is_wrong_with_a_request(target: str, fields: dict[str, str], body: t.Any, expected: list[str]) -> None:
    method, endpoint = target.split()
    content = b"" if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
    sized = {"Content-Type": "application/json", "Content-Length": str(len(content))} if content else {}
    found = faults_of_request(Incoming(method, "/api" + endpoint, tuple({**USUAL, **sized, **fields}.items()), content))
    assert found == expected
    assert KEY not in "".join(found)


def test_what_an_emulator_is_asked_is_watched(watch: Watch) -> None:
    """A test's requests by hand are not the collection's."""
    with Emulator() as emulator:
        requests.get(emulator.url + "/by-hand", timeout=10)
        requests.get(emulator.url + "/ours", headers={"User-Agent": AGENT}, timeout=10)
        assert {fault.split(":")[0] for fault in watch.faults()} == {"GET /api/ours"}
        assert watch.faults() == []
