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
from ansible_collections.hostup.cloud.tests.emulator.accounts import CANARIES, raw_record

KEY, READ_KEY, OTHER_KEY = "key-of-one", "read-key-of-one", "key-of-two"


@pytest.fixture
def emulator() -> t.Iterator[Emulator]:
    one = Account(raw_record(id="1"), {KEY: ("read:account", "write:account"), READ_KEY: ("read:account",)})
    two = Account(
        raw_record(id="2"),
        {OTHER_KEY: ("read:account", "write:account")},
        withheld=frozenset({"vateu"}),
        dropped=frozenset({"city"}),
        reshaped={"postcode": "compact"},
    )
    with Emulator([one, two]) as running:
        yield running


def ask(emulator: Emulator, method: str, endpoint: str, key: str | None = KEY, **more: t.Any) -> requests.Response:
    headers = {"X-API-Key": key} if key else {}
    return requests.request(method, emulator.url + endpoint, headers=headers, timeout=10, allow_redirects=False, **more)


def details(emulator: Emulator, key: str = KEY) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", ask(emulator, "GET", "/account/details", key).json()["data"]["client"])


def test_details(emulator: Emulator) -> None:
    answer = ask(emulator, "GET", "/account/details")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    envelope = answer.json()
    assert set(envelope) == {"success", "timestamp", "requestId", "data"}
    assert envelope["success"] is envelope["data"]["success"] is True
    record = envelope["data"]["client"]
    assert CANARIES.items() <= record.items()
    assert (record["id"], record["postcode"], record["company"]) == ("1", "123 45", "0")
    assert not {"vateu", "personnummer", "langcustomline0076", "accountType", "orgno"} & set(record)


def test_update(emulator: Emulator) -> None:
    answer = ask(emulator, "POST", "/account/update", json={"city": "Lund", "vateu": "SE1", "accountType": "organisation"})
    assert answer.json()["data"] == {"success": True, "message": "Client details updated successfully"}
    record = details(emulator)
    assert (record["city"], record["vateu"], record["company"]) == ("Lund", "SE1", "1")
    ask(emulator, "POST", "/account/update", json={"vateu": ""})
    assert "vateu" not in details(emulator)
    assert details(emulator, OTHER_KEY)["city"] == "Stockholm"


def test_habits(emulator: Emulator) -> None:
    body = {"vateu": "SE1", "city": "Lund", "postcode": "999 99"}
    assert ask(emulator, "POST", "/account/update", OTHER_KEY, json=body).status_code == 200
    record = details(emulator, OTHER_KEY)
    assert ("vateu" in record, record["city"], record["postcode"]) == (False, "Stockholm", "99999")
    assert emulator.account("2").record["vateu"] == "SE1"


#: Method, endpoint, key, body -> status, code.
ERRORS: list[tuple[str, str, str | None, t.Any, int, str]] = [
    ("GET", "/account/details", None, None, 401, "UNAUTHORIZED"),
    ("GET", "/account/details", "nobody's", None, 401, "UNAUTHORIZED"),
    ("POST", "/account/update", READ_KEY, {"city": "Lund"}, 403, "FORBIDDEN"),
    ("GET", "/account", KEY, None, 404, "NOT_FOUND"),
    ("POST", "/account/details", KEY, {}, 405, "METHOD_NOT_ALLOWED"),
    ("GET", "/account/update", KEY, None, 405, "METHOD_NOT_ALLOWED"),
    ("BREW", "/account/update", KEY, None, 405, "METHOD_NOT_ALLOWED"),
    ("POST", "/account/update", KEY, ["city"], 400, "BAD_REQUEST"),
    ("POST", "/account/update", KEY, None, 400, "BAD_REQUEST"),
    ("POST", "/account/update", KEY, {"town": "Lund"}, 400, "BAD_REQUEST"),
    ("POST", "/account/update", KEY, {"city": 5}, 400, "BAD_REQUEST"),
    ("POST", "/account/update", KEY, {"city": None}, 400, "BAD_REQUEST"),
    ("POST", "/account/update", KEY, {"city": "Lund", "accountType": "club"}, 400, "BAD_REQUEST"),
]


@pytest.mark.parametrize(("method", "endpoint", "key", "body", "status", "code"), ERRORS)
def test_error(emulator: Emulator, method: str, endpoint: str, key: str | None, body: t.Any, status: int, code: str) -> None:
    answer = ask(emulator, method, endpoint, key, json=body)
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "error", "message", "requestId", "timestamp"}
    assert answer.json()["code"] == code
    assert ("Allow" in answer.headers) == (status == 405)
    assert details(emulator)["city"] == "Stockholm"


def test_both_headers_carry_a_key(emulator: Emulator) -> None:
    headers = {"authorization": "Bearer " + KEY}
    assert requests.get(emulator.url + "/account/details", headers=headers, timeout=10).status_code == 200


def test_faults_strike_as_ordered(emulator: Emulator) -> None:
    """For the next N requests that they fit, before or after the request took effect."""
    emulator.faults.order(
        Fault("status", status=503, retry_after="7", method="POST", times=2),
        Fault("status", method="POST", after=True),
        Fault("redirect", status=302, location="https://example.com/", method="GET", skip=1),
    )
    replies = [ask(emulator, "POST", "/account/update", json={"city": "Lund"}) for dummy in range(2)]
    assert [(reply.status_code, reply.headers["Retry-After"]) for reply in replies] == [(503, "7")] * 2
    assert details(emulator)["city"] == "Stockholm"
    assert ask(emulator, "POST", "/account/update", json={"city": "Lund"}).status_code == 500
    redirected = ask(emulator, "GET", "/account/details")
    assert (redirected.status_code, redirected.headers["Location"]) == (302, "https://example.com/")
    assert details(emulator)["city"] == "Lund"


@pytest.mark.parametrize("kind", ["drop", "cut_off"])
def test_broken_connections(emulator: Emulator, kind: str) -> None:
    emulator.faults.order(Fault(kind))
    with pytest.raises(requests.RequestException):
        ask(emulator, "GET", "/account/details")
    assert details(emulator)["id"] == "1"


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
