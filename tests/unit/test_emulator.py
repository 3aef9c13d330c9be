# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator keeps to the documented API, over a socket, so that the other tests stand on something."""

from __future__ import annotations

import signal
import subprocess
import sys
import typing as t

import pytest
import requests
import trustme

from ansible_collections.hostup.cloud.tests.emulator import Account, Emulator, Fault
from ansible_collections.hostup.cloud.tests.emulator.accounts import ALL_SCOPES, CANARIES, raw_record
from ansible_collections.hostup.cloud.tests.emulator.server import Entry

KEY, OTHER_KEY = "key-of-one", "key-of-two"
DETAILS, UPDATE, ME = "/account/details", "/account/update", "/v2/me"


@pytest.fixture
def emulator() -> t.Iterator[Emulator]:
    with Emulator(
        [Account(raw_record(id=number), {key: ALL_SCOPES}) for number, key in (("1", KEY), ("2", OTHER_KEY))]
    ) as running:
        yield running


def ask(emulator: Emulator, method: str, endpoint: str, key: str = KEY, **more: t.Any) -> requests.Response:
    headers = {"Authorization": "Bearer " + key} if endpoint.startswith("/v2/") else {"X-API-Key": key}
    return requests.request(method, emulator.url + endpoint, headers=headers, timeout=10, allow_redirects=False, **more)


def details(emulator: Emulator, key: str = KEY) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", ask(emulator, "GET", DETAILS, key).json()["data"]["client"])


def test_version_1_shows_an_account(emulator: Emulator) -> None:
    answer = ask(emulator, "GET", DETAILS)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    envelope = answer.json()
    assert set(envelope) == {"success", "timestamp", "requestId", "data"}
    assert envelope["success"] is envelope["data"]["success"] is True
    record = envelope["data"]["client"]
    assert CANARIES.items() <= record.items()
    assert (record["id"], record["postcode"], record["company"]) == ("1", "123 45", "0")
    assert not {"vateu", "personnummer", "langcustomline0076", "accountType", "orgno"} & set(record)


def test_version_1_updates_an_account(emulator: Emulator) -> None:
    answer = ask(emulator, "POST", UPDATE, json={"city": "Lund", "vateu": "SE1", "accountType": "organisation"})
    assert answer.json()["data"] == {"success": True, "message": "Client details updated successfully"}
    record = details(emulator)
    assert (record["city"], record["vateu"], record["company"]) == ("Lund", "SE1", "1")
    ask(emulator, "POST", UPDATE, json={"vateu": ""})
    assert "vateu" not in details(emulator)
    assert details(emulator, OTHER_KEY)["city"] == "Stockholm"


#: Body of an update in version 2 -> each error's pointer and code. `contract/test_fuzz.py` tries that wrong bodies are refused.
INVALID: list[tuple[t.Any, dict[str, str]]] = [
    ([], {"": "invalid_type"}),
    ({"address": {"town": "x", "city": 5}}, {"/address/town": "unknown_field", "/address/city": "invalid_type"}),
    ({"registrationIdentifier": {}}, {"/registrationIdentifier/value": "missing_required"}),
    ({"languageCode": "tlh"}, {"/languageCode": "invalid_value"}),
    # a client that forgets to nest
    ({"address.city": "Lund"}, {"/address.city": "unknown_field"}),
]


@pytest.mark.parametrize(("body", "errors"), INVALID)
def test_version_2_says_what_is_wrong_with_a_body(emulator: Emulator, body: t.Any, errors: dict[str, str]) -> None:
    before = ask(emulator, "GET", ME).json()
    answer = ask(emulator, "PATCH", ME, json=body)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert {error["pointer"]: error["code"] for error in answer.json()["errors"]} == errors
    assert ask(emulator, "GET", ME).json() == before


def test_faults_strike_as_ordered(emulator: Emulator) -> None:
    """For the next N requests that they fit, before or after the request took effect."""
    emulator.faults.order(
        Fault("status", status=503, retry_after="7", method="POST", times=2),
        Fault("status", method="POST", after=True),
        Fault("redirect", status=302, location="https://example.com/", method="GET", skip=1),
    )
    replies = [ask(emulator, "POST", UPDATE, json={"city": "Lund"}) for dummy in range(2)]
    assert [(reply.status_code, reply.headers["Retry-After"]) for reply in replies] == [(503, "7")] * 2
    assert details(emulator)["city"] == "Stockholm"
    assert ask(emulator, "POST", UPDATE, json={"city": "Lund"}).status_code == 500
    redirected = ask(emulator, "GET", DETAILS)
    assert (redirected.status_code, redirected.headers["Location"]) == (302, "https://example.com/")
    assert details(emulator)["city"] == "Lund"


class _ReleasedAtOnce(t.List[Entry]):
    """A journal whose reader is faster than any thread: it releases what it sees."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__()
        self._emulator = emulator

    def append(self, entry: Entry) -> None:
        super().append(entry)
        self._emulator.release()


def test_a_release_reaches_whatever_stands_in_the_journal(emulator: Emulator) -> None:
    emulator.journal = _ReleasedAtOnce(emulator)
    emulator.faults.order(Fault("slow", seconds=300))
    assert ask(emulator, "GET", DETAILS).status_code == 200


def test_as_a_process(tmp_path: t.Any) -> None:
    """As users start it: it prints its address, takes orders over HTTP, speaks TLS and stops on SIGTERM."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    certificate.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "cert.pem"))
    command = [sys.executable, "-m", "ansible_collections.hostup.cloud.tests.emulator", "--port", "0"]
    command += ["--tls-cert", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "cert.pem")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        url = process.stdout.readline().strip()
        assert url.startswith("https://127.0.0.1:")

        def ask(method: str, path: str, body: t.Any = None) -> requests.Response:
            headers = {"X-API-Key": "demo-key-of-account-1001"}
            address = url[: -len("/api")] + path
            return requests.request(method, address, json=body, headers=headers, timeout=10, verify=str(tmp_path / "ca.pem"))

        assert ask("POST", "/emulator/faults", {"kind": "status", "status": 500}).status_code == 200
        wrong = ask("POST", "/emulator/faults", {"kind": "earthquake"})
        assert (wrong.status_code, "known: status" in wrong.text) == (400, True)
        assert [ask("GET", "/api/account/details").status_code for dummy in range(2)] == [500, 200]
        ask("PATCH", "/emulator/accounts/1001", {"city": "Lund"})
        assert ask("GET", "/emulator/accounts/1001").json()["city"] == "Lund"
        ask("PATCH", "/emulator/preferences/1001", {"timezone": "UTC"})
        changed = ask("GET", "/emulator/preferences/1001").json()
        assert (changed["timezone"], changed["language"]) == ("UTC", "sv")
        seen = [(entry["method"], entry["path"], entry["status"]) for entry in ask("GET", "/emulator/journal").json()]
        assert seen == [("GET", "/api/account/details", 500), ("GET", "/api/account/details", 200)]
        ask("DELETE", "/emulator/journal")
        assert ask("GET", "/emulator/journal").json() == []
        process.send_signal(signal.SIGTERM)
        dummy, errors = process.communicate(timeout=10)
        assert (process.returncode, errors) == (0, "")
    finally:
        process.kill()
        process.communicate()
