# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that can't be right are refused before any request, in words that don't show the value."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils import _argspec, _validate
from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption

#: What a byte that is no UTF-8 becomes.
HALF = "Malm\udcf6"
NOT_UTF8 = "is not UTF-8: save the file that it is written in as UTF-8"

CHECKS: dict[str, tuple[t.Callable[[dict[str, t.Any]], object], _argspec.Spec]] = {
    "connection": (_validate.connection, _argspec.CONNECTION),
    "account_id": (_validate.account_id, _argspec.READ),
    "redaction": (_validate.redaction, _argspec.READ),
    "invoice_id": (_validate.invoice_id, _argspec.INVOICE),
    "profile": (_validate.profile, _argspec.PROFILE),
    "preferences": (_validate.preferences, _argspec.PREFERENCES),
}

#: Check, options, what is said; "" where they are accepted.
CASES: list[tuple[str, dict[str, t.Any], str]] = [
    ("connection", {}, ""),
    ("connection", {"api_key": " \n"}, "api_key is empty"),
    ("connection", {"api_key": "s3cret key"}, "api_key holds white space"),
    ("connection", {"api_key": "s3cret\u00e5"}, "api_key holds white space, a line break or another character"),
    ("connection", {"api_key": HALF}, "api_key " + NOT_UTF8),
    ("connection", {"api_timeout": 0}, "api_timeout must be a whole number from 1 to 86400, not 0"),
    ("connection", {"api_retries": 101}, "api_retries must be a whole number from 0 to 100"),
    ("connection", {"api_url": "HTTPS://a.example/api/"}, ""),
    ("connection", {"api_url": "http://localhost:8123/api"}, ""),
    ("connection", {"api_url": "http://[::1]/api"}, ""),
    ("connection", {"api_url": "http://127.0.0.1.s3cret.example"}, "api_url uses http:// and its host 127.0.0.1.s3cret.example"),
    ("connection", {"api_url": "https://a.example:s3cret/"}, "api_url is not a web address"),
    ("connection", {"api_url": "https://me:s3cret@a.example"}, "api_url holds user information"),
    ("connection", {"api_url": "https://a.example/?s3cret"}, "api_url holds a query or a fragment"),
    ("connection", {"api_url": "https://a.example/v2/"}, "api_url ends in a version"),
    ("connection", {"ca_path": "/nowhere/ca.pem"}, "ca_path: /nowhere/ca.pem is no file"),
    ("account_id", {"account_id": " 9257.0 "}, ""),
    ("account_id", {"account_id": " "}, "account_id is empty"),
    ("account_id", {"account_id": "92\u200b57"}, "account_id holds an invisible character (U+200B)"),
    ("account_id", {"account_id": HALF}, "account_id " + NOT_UTF8),
    ("redaction", {"redact": ["city", "timezone", "all"]}, ""),
    ("redaction", {"redact": ["adress", "S3cret"]}, "redact holds a name that is not shown, adress, which no field is called"),
    ("invoice_id", {"invoice_id": 0}, "invoice_id must be a whole number from 1, not 0"),
    ("invoice_id", {"invoice_id": 5, "api_version": "v2"}, "invoices are not in HostUp's API v2"),
    ("profile", {"city": " ", "state": "\u00a0"}, ""),
    ("profile", {"city": "\u200b"}, "city holds an invisible character (U+200B) and nothing else"),
    ("profile", {"first_name": ""}, "first_name may not be cleared"),
    ("profile", {"city": "s3cret (redacted)"}, "city holds the marker of a hidden value"),
    ("profile", {"city": "s3cret" * 50}, "city is 300 characters long: expected at most 255"),
    ("profile", {"city": "s3cret\nLund"}, "city holds a control character"),
    ("profile", {"city": "&nbsp;"}, "city can't be right: expected a letter or a digit"),
    ("profile", {"city": HALF}, "city " + NOT_UTF8),
    ("profile", {"country": "S\u200bE"}, "country holds an invisible character (U+200B): expected"),
    ("profile", {"invoice_reference": "s3cret"}, "invoice_reference is not in HostUp's API v1, but in v2"),
    ("preferences", {"timezone": " UTC "}, ""),
    ("preferences", {"timezone": "s3cret zone"}, "timezone can't be right: expected a name such as Europe/Stockholm"),
    ("preferences", {"timezone": HALF}, "timezone " + NOT_UTF8),
    ("preferences", {"notification_delivery": ["news", HALF], "api_version": "v2"}, "notification_delivery " + NOT_UTF8),
    (
        "preferences",
        {"notification_delivery": ["default", "news"], "api_version": "v2"},
        "notification_delivery holds default beside",
    ),
    ("preferences", {"notification_delivery": ["news"]}, "notification_delivery is not in HostUp's API v1"),
    ("preferences", {"bankid_only_login": True}, "bankid_only_login can lock out everyone"),
    ("preferences", {"bankid_only_login": True, "confirm_lockout": True}, ""),
]


@pytest.mark.parametrize(("check", "options", "words"), CASES)
def test_options_are_checked(check: str, options: dict[str, t.Any], words: str) -> None:
    validate, spec = CHECKS[check]
    params = {**{name: option.get("default") for name, option in spec.items()}, "api_key": "key", **options}
    if not words:
        validate(params)
        return
    with pytest.raises(InvalidOption) as refused:
        validate(params)
    assert str(refused.value).startswith(words)
    assert "s3cret" not in str(refused.value).replace(words, "")


def test_checked_values_are_as_they_are_used() -> None:
    params = {name: option.get("default") for name, option in {**_argspec.PREFERENCES, **_argspec.PROFILE}.items()}
    params.update(api_key=" key\n", api_url="HTTPS://A.example/api//", account_id=" 9257.0 ", city=" Lund\u200b ", state=" ")
    connection = _validate.connection(params)
    assert (connection.key, connection.url) == ("key", "https://A.example/api")
    assert _validate.account_id(params) == "9257"
    assert _validate.profile(params) == {"city": "Lund", "state": ""}
    delivery = {"api_version": "v2", "timezone": " UTC ", "notification_delivery": ["news", "invoices", "news"]}
    assert _validate.preferences({**params, **delivery}) == {"timezone": "UTC", "notification_delivery": ["invoices", "news"]}
