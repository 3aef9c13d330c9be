# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the client quotes of an answer that is no data: its media type, and the host of a redirect.

Whole sentences are in `tests/integration/test_faults.py` and `test_problems.py`.
"""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._argspec import CONNECTION
from ansible_collections.hostup.cloud.plugins.module_utils._client import ApiRequest, Client
from ansible_collections.hostup.cloud.plugins.module_utils._errors import ReadFailed
from ansible_collections.hostup.cloud.plugins.module_utils._http import HttpSession, Response
from ansible_collections.hostup.cloud.plugins.module_utils._redact import Redaction
from ansible_collections.hostup.cloud.plugins.module_utils._validate import connection

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
