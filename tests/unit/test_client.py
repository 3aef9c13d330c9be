# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the client makes of answers: data, or one error that is scrubbed with everything known when it is made."""

from __future__ import annotations

import json
import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils import _account
from ansible_collections.hostup.cloud.plugins.module_utils._argspec import CONNECTION
from ansible_collections.hostup.cloud.plugins.module_utils._client import ApiRequest, Client
from ansible_collections.hostup.cloud.plugins.module_utils._errors import ReadFailed
from ansible_collections.hostup.cloud.plugins.module_utils._http import HttpSession, Response
from ansible_collections.hostup.cloud.plugins.module_utils._redact import Redaction
from ansible_collections.hostup.cloud.plugins.module_utils._validate import connection
from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.properties.conftest import KEY, Desk


class Case(t.NamedTuple):
    fault: Fault
    #: Words of the message.
    words: t.Sequence[str]
    #: Keys of the result's `failure`.
    failure: dict[str, t.Any] = {}
    version: str = "v1"
    options: dict[str, t.Any] = {}
    #: What must not be in the result.
    hidden: t.Sequence[str] = ()


def body(value: t.Any, **more: t.Any) -> Fault:
    return Fault("body", **{"status": 200, "body": json.dumps(value), **more})


def invalid(pointer: str, words: str = "Is unknown.") -> Fault:
    errors = [{"pointer": pointer, "detail": words, "code": "invalid_value"}]
    return Fault("status", status=400, code="invalid_request", errors=errors, method="PATCH")


UPDATE: dict[str, t.Any] = {"method": "POST", "status": 400}
CASES = {
    "an envelope's words": Case(
        Fault("status", status=400, code="BAD_REQUEST", message="No such city"),
        ['BAD_REQUEST "No such city"'],
        {"status": 400, "code": "BAD_REQUEST", "message": "No such city", "method": "GET", "path": "/api/account/details"},
    ),
    "no words": Case(Fault("empty", status=404), ["HTTP 404 and a body that is empty"], {"code": None, "message": None}),
    "a page": Case(Fault("html", status=403), ["is not JSON (text/html)", "what stands between"], {"message": None}),
    "success is false": Case(
        body({"success": False, "code": "NO", "message": "Not now"}), ['but success is false, NO "Not now"'], {"status": 200}
    ),
    "a redirect": Case(
        Fault("redirect", status=302, location="https://a.example/x"), ["a redirect to the host a.example", "would travel along"]
    ),
    "an error of an option": Case(invalid("/address/city"), ['for city ("Is unknown", invalid_value)'], version="v2"),
    "an error of an option that was not sent": Case(invalid("/vatNumber"), ["for vat_number"], version="v2"),
    "an error of nothing known": Case(invalid("/town"), ["for town"], version="v2"),
    "the key in the API's words": Case(
        Fault("status", message="The key %s is no good" % KEY, **UPDATE), ["The key"], hidden=[KEY]
    ),
    "a declared value that is hidden": Case(
        Fault("status", message="Lundagatan is no city", **UPDATE),
        ["is no city"],
        options={"city": "Lundagatan", "redact": ["city"]},
        hidden=["Lundagatan"],
    ),
    "a value of the record that is hidden": Case(
        Fault("status", message="Nobody lives at Examplegatan 1", **UPDATE),
        ["Nobody lives at"],
        options={"redact": ["address"]},
        hidden=["Examplegatan"],
    ),
    "a secret of the record": Case(
        Fault("status", message="The password is canary-password-2y10", **UPDATE), ["The password"], hidden=["canary"]
    ),
    "an account that is hidden, before it is known": Case(
        Fault("status", message="Anna Svensson owes us", status=403),
        ["(redacted)"],
        {"message": "(redacted)"},
        options={"redact": ["all"]},
        hidden=["Anna", "owes"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_answer_becomes_one_scrubbed_error(name: str) -> None:
    case = CASES[name]
    with Emulator() as emulator:
        desk = Desk(emulator)
        desk.begin()
        emulator.faults.order(case.fault)
        result = desk.task(_account.APPLY, {"city": "Lund", "api_version": case.version, **case.options})
    assert result["failed"] is True
    assert [word for word in case.words if word not in result["msg"]] == [], result["msg"]
    assert case.failure.items() <= result["failure"].items()
    assert [word for word in case.hidden if word in json.dumps(result)] == []


#: A key that looks like an address.
DIGITS = "1921681681234567"


def _message(
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    fields: dict[str, str],
    redact: t.Sequence[str] = (),
    body: bytes = b"<html>Secret words</html>",
) -> str:
    response = Response(status, fields, body, 1, None, False)
    monkeypatch.setattr(HttpSession, "send", lambda *_args: response)
    params = {name: spec.get("default") for name, spec in CONNECTION.items()}
    checked = connection({**params, "api_key": DIGITS, "api_version": "v1"})
    with Client(checked, Redaction(redact)) as client, pytest.raises(ReadFailed) as failed:
        client.hide({"personal_number": "htmlhtml"})
        client.request(ApiRequest("GET", "/account", "Reading", ReadFailed, "a scope"), dict)
    return str(failed.value)


@pytest.mark.parametrize(
    ("content_type", "shown"),
    [
        ("text/html", " (text/html)"),
        ("Text/HTML; charset=utf-8", " (text/html)"),
        ("application/problem+json", " (application/problem+json)"),
        (None, ""),
        ("text/html, text/plain", ""),
        ("text/" + DIGITS, ""),
        ("text/a7", ""),
        ("text/x-htmlhtml", ""),
        ("see/html", ""),
        ("text/html\u00e9", ""),
        ("text/" + "a" * 100, ""),
    ],
)
def test_media_type(monkeypatch: pytest.MonkeyPatch, content_type: str | None, shown: str) -> None:
    fields = {"Content-Type": content_type} if content_type else {}
    assert "HTTP 200 and a body that is not JSON%s; check" % shown in _message(monkeypatch, 200, fields)
    assert "HTTP 400 and a body that is not JSON%s; report" % shown in _message(monkeypatch, 400, fields)
    assert "a body that is not JSON; check" in _message(monkeypatch, 200, fields, ["all"])
    assert "a body that is not a JSON object; check" in _message(monkeypatch, 200, fields, body=b"[]")


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("https://login.example.com/?a", "login.example.com"),
        ("http://10.0.200.254/login", "10.0.200.254"),
        ("https://192.168.168.123/", "(redacted)"),
        ("https://850709-9805.example.com/", "(redacted).example.com"),
        ("/login", "cloud.hostup.se"),
    ],
)
def test_redirect(monkeypatch: pytest.MonkeyPatch, location: str, host: str) -> None:
    assert "a redirect to the host %s;" % host in _message(monkeypatch, 302, {"Location": location})
