# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator keeps to the documented API, over a socket, so that the other tests stand on something."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import typing as t

import pytest
import requests
import trustme

from ansible_collections.hostup.cloud.plugins.module_utils import _codec
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, PROFILE_FIELDS, Field
from ansible_collections.hostup.cloud.tests.emulator import Account, Emulator, Fault, demo_accounts
from ansible_collections.hostup.cloud.tests.emulator.accounts import ALL_SCOPES, CANARIES, raw_invoice, raw_record
from ansible_collections.hostup.cloud.tests.emulator.server import Entry

FULL_KEY, KEY, READ_KEY, BILLING_KEY, OTHER_KEY = (
    "key-of-all",
    "key-of-one",
    "read-key-of-one",
    "billing-key-of-one",
    "key-of-two",
)
DETAILS, UPDATE, SETTINGS = "/account/details", "/account/update", "/account/preferences"
ME, PREFERENCES, PEPPOL = "/v2/me", "/v2/me/preferences", "/v2/me/preferences/peppol"
IDENTIFIER = "registrationIdentifier"


@pytest.fixture
def emulator() -> t.Iterator[Emulator]:
    one = Account(
        raw_record(id="1"),
        {
            FULL_KEY: ALL_SCOPES,
            KEY: ("read:account", "write:account"),
            READ_KEY: ("read:account",),
            BILLING_KEY: ("read:account", "read:billing", "write:billing"),
        },
        invoices={5: raw_invoice(5, raw_record(id="1"))},
    )
    two = Account(
        raw_record(id="2"),
        {OTHER_KEY: ALL_SCOPES},
        withheld=frozenset({"vateu"}),
        dropped=frozenset({"city"}),
        reshaped={"postcode": "compact"},
    )
    with Emulator([one, two]) as running:
        yield running


def ask(emulator: Emulator, method: str, endpoint: str, key: str | None = KEY, **more: t.Any) -> requests.Response:
    fields = {"Authorization": "Bearer %s" % key} if endpoint.startswith("/v2/") else {"X-API-Key": key}
    headers = fields if key else {}
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


#: Method, endpoint, key, body -> status, code.
ERRORS: list[tuple[str, str, str | None, t.Any, int, str]] = [
    ("GET", DETAILS, None, None, 401, "UNAUTHORIZED"),
    ("GET", DETAILS, "nobody's", None, 401, "UNAUTHORIZED"),
    ("POST", UPDATE, READ_KEY, {"city": "Lund"}, 403, "FORBIDDEN"),
    ("POST", SETTINGS, READ_KEY, {"timezone": "UTC"}, 403, "FORBIDDEN"),
    ("GET", "/account", KEY, None, 404, "NOT_FOUND"),
    ("POST", DETAILS, KEY, {}, 405, "METHOD_NOT_ALLOWED"),
    ("GET", UPDATE, KEY, None, 405, "METHOD_NOT_ALLOWED"),
    ("BREW", UPDATE, KEY, None, 405, "METHOD_NOT_ALLOWED"),
    ("POST", UPDATE, KEY, ["city"], 400, "BAD_REQUEST"),
    ("POST", UPDATE, KEY, None, 400, "BAD_REQUEST"),
    ("POST", UPDATE, KEY, {"town": "Lund"}, 400, "BAD_REQUEST"),
    ("POST", UPDATE, KEY, {"city": "Lund", "accountType": "club"}, 400, "BAD_REQUEST"),
    ("POST", SETTINGS, KEY, {"separate_invoices": True}, 400, "BAD_REQUEST"),
]


@pytest.mark.parametrize(("method", "endpoint", "key", "body", "status", "code"), ERRORS)
def test_version_1_refuses(
    emulator: Emulator, method: str, endpoint: str, key: str | None, body: t.Any, status: int, code: str
) -> None:
    answer = ask(emulator, method, endpoint, key, json=body)
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "error", "message", "requestId", "timestamp"}
    assert answer.json()["code"] == code
    assert ("Allow" in answer.headers) == (status == 405)
    assert details(emulator)["city"] == "Stockholm"


SNAPSHOT: dict[str, t.Any] = {
    # unset, but for the fields below
    **{field.v2: None for field in PROFILE_FIELDS if field.v2 and "." not in field.v2},
    "id": "client_01demo00000000000000000001",
    "name": "Anna Svensson",
    "email": "anna@example.com",
    "firstName": "Anna",
    "lastName": "Svensson",
    "countryCode": "SE",
    "phoneNumber": "+46700000000",
    "languageCode": "sv",
    "currencyCode": "SEK",
    "accountType": "private",
    "address": {"street": "Examplegatan 1", "city": "Stockholm", "postalCode": "123 45", "state": "Stockholm"},
}


def test_version_2_shows_the_same_account(emulator: Emulator) -> None:
    answer = ask(emulator, "GET", ME)
    assert (answer.status_code, answer.headers["Content-Type"], answer.json()) == (200, "application/json", SNAPSHOT)
    assert {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-Request-Id"} <= set(answer.headers)
    assert "vatNumber" not in ask(emulator, "GET", ME, OTHER_KEY).json(), "withheld, as in version 1"


_DANISH, _BARE = {"value": "12345678", "countryCode": "DK"}, {"value": "12345678"}
#: Body of the update, what differs in the snapshot, what differs in version 1's record.
PATCHES: list[tuple[dict[str, t.Any], dict[str, t.Any], dict[str, t.Any]]] = [
    ({}, {}, {}),
    ({"address": {"city": "Lund"}}, {"address": {**SNAPSHOT["address"], "city": "Lund"}}, {"city": "Lund"}),
    ({"address": {"state": None}}, {"address": {**SNAPSHOT["address"], "state": None}}, {"state": ""}),
    ({"phoneNumber": "070-111 11 11"}, {"phoneNumber": "+46701111111"}, {"phonenumber": "070-111 11 11"}),
    ({IDENTIFIER: _DANISH}, {IDENTIFIER: _DANISH}, {"orgno": "[DK]12345678"}),
    ({IDENTIFIER: _BARE}, {IDENTIFIER: {**_BARE, "countryCode": None}}, {"orgno": "12345678"}),
    ({IDENTIFIER: None, "vatNumber": None}, {}, {}),
    ({"accountType": "organisation"}, {"accountType": "organisation"}, {"company": "1"}),
    ({"invoiceReference": "42", "languageCode": "de"}, {"invoiceReference": "42", "languageCode": "de"}, {}),
]


@pytest.mark.parametrize(("body", "snapshot", "record"), PATCHES)
def test_version_2_updates_an_account(
    emulator: Emulator, body: dict[str, t.Any], snapshot: dict[str, t.Any], record: dict[str, t.Any]
) -> None:
    """The answer is the refreshed snapshot, and version 1 sees the change."""
    before = details(emulator)
    assert ask(emulator, "PATCH", ME, json=body).json() == {**SNAPSHOT, **snapshot}
    assert details(emulator) == {**before, **record}


def test_null_clears_in_version_2(emulator: Emulator) -> None:
    account = emulator.account("1")
    account.record.update(orgno="[SE]555555-5555", vateu="SE555555555501", companyname="Example AB")
    account.v2["invoiceReference"] = "42"
    body: dict[str, t.Any] = dict.fromkeys([IDENTIFIER, "vatNumber", "companyName", "invoiceReference"])
    before = ask(emulator, "GET", ME).json()
    assert (before["name"], before[IDENTIFIER]) == ("Example AB", {"value": "555555-5555", "countryCode": "SE"})
    assert ask(emulator, "PATCH", ME, json=body).json() == SNAPSHOT
    record = details(emulator)
    assert (record["companyname"], "orgno" in record, "vateu" in record) == ("", False, False)


CARD = {"billing": {"cardAutoCharge": {"configured": True}}}
ZONE = {"localization": {"timezone": "UTC"}}

#: Method, endpoint, key, body -> status, code, words.
REFUSED: list[tuple[str, str, str | None, t.Any, int, str, str]] = [
    ("GET", ME, None, None, 401, "unauthorized", "Authentication required."),
    ("GET", ME, "of-nobody", None, 401, "unauthorized", "Authentication required."),
    ("PATCH", ME, READ_KEY, {"firstName": "Eva"}, 403, "forbidden", "The API key lacks the scope write:account"),
    ("PATCH", PREFERENCES, READ_KEY, {}, 403, "forbidden", "The API key lacks the scope write:account"),
    # the first scope that is missing
    ("PATCH", PREFERENCES, READ_KEY, {**ZONE, **CARD}, 403, "forbidden", "The API key lacks the scope write:account"),
    ("PATCH", PREFERENCES, BILLING_KEY, {**ZONE, **CARD}, 403, "forbidden", "The API key lacks the scope write:account"),
    ("PATCH", PREFERENCES, KEY, {**ZONE, **CARD}, 403, "forbidden", "The API key lacks the scope write:billing"),
    ("PATCH", PEPPOL, BILLING_KEY, {"optedOut": True}, 403, "forbidden", "The API key lacks the scope write:account"),
    ("GET", "/v2/you", KEY, None, 404, "not_found", "Not found."),
    ("POST", ME, KEY, {}, 405, "method_not_allowed", "Method not allowed."),
]


def require_problem(answer: requests.Response, endpoint: str, status: int, code: str) -> dict[str, t.Any]:
    """The problem in an answer, without what differs each time: it has to be as documented."""
    problem = answer.json()
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert answer.headers["X-Request-Id"] == problem["requestId"]
    assert re.fullmatch("req_[0-9a-f]+", problem.pop("requestId"))
    assert problem.pop("timestamp")
    assert "X-RateLimit-Reset" in answer.headers
    assert problem.pop("type") == "https://developer.hostup.se/errors/" + code.replace("_", "-")
    assert problem.pop("title") == code.replace("_", " ").capitalize()
    assert (problem.pop("status"), problem.pop("code"), problem.pop("instance")) == (status, code, "/api" + endpoint)
    return t.cast("dict[str, t.Any]", problem)


@pytest.mark.parametrize(("method", "endpoint", "key", "body", "status", "code", "words"), REFUSED)
def test_version_2_refuses(
    emulator: Emulator, method: str, endpoint: str, key: str | None, body: t.Any, status: int, code: str, words: str
) -> None:
    assert require_problem(ask(emulator, method, endpoint, key, json=body), endpoint, status, code) == {"detail": words}


def _wrong(endpoint: str, body: t.Any, **errors: str) -> tuple[str, t.Any, dict[str, str]]:
    """A row of INVALID. Keywords are pointers, with _ for each /."""
    codes = {"unknown": "unknown_field", "type": "invalid_type", "value": "invalid_value", "missing": "missing_required"}
    return endpoint, body, {"/" + pointer.replace("_", "/"): codes[word] for pointer, word in errors.items()}


#: Endpoint and body of an update -> each error's pointer and code. What is wrong with a single field is tried below.
INVALID: list[tuple[str, t.Any, dict[str, str]]] = [
    (ME, [], {"": "invalid_type"}),
    (ME, None, {"": "invalid_type"}),
    _wrong(ME, {"email": "x", "personnummer": "850709-9805"}, email="unknown", personnummer="unknown"),
    _wrong(ME, {"address": {"town": "x", "city": 5}}, address_town="unknown", address_city="type"),
    _wrong(ME, {"address": "Storgatan 1"}, address="type"),
    _wrong(ME, {"address": None}, address="type"),
    _wrong(ME, {"vatNumber": 5, "firstName": "Eva"}, vatNumber="type"),
    _wrong(ME, {IDENTIFIER: {}}, registrationIdentifier_value="missing"),
    _wrong(ME, {IDENTIFIER: {"value": "1", "no": 1}}, registrationIdentifier_no="unknown"),
    _wrong(ME, {IDENTIFIER: {"value": "1", "countryCode": 5}}, registrationIdentifier_countryCode="type"),
    _wrong(ME, {IDENTIFIER: {"value": "1", "countryCode": ""}}, registrationIdentifier_countryCode="value"),
    _wrong(ME, {IDENTIFIER: {"value": "[SE]1"}}, registrationIdentifier_value="value"),
    # a client that forgets to nest
    _wrong(ME, {"address.city": "Lund"}, **{"address.city": "unknown"}),
    _wrong(
        PREFERENCES,
        {"localization.timezone": "UTC", "optedOut": True},
        **{"localization.timezone": "unknown"},
        optedOut="unknown",
    ),
    _wrong(
        PREFERENCES, {"notifications": {"emailEnabled": 1, "x": 1}}, notifications_emailEnabled="type", notifications_x="unknown"
    ),
    _wrong(PREFERENCES, {"security": False, **ZONE}, security="type"),
    _wrong(PREFERENCES, {"billing": {"cardAutoCharge": {"enabled": True}}}, billing_cardAutoCharge_enabled="unknown"),
    _wrong(
        PREFERENCES,
        {"notifications": {"delivery": {"enabledEmails": [5], "x": 1}}},
        notifications_delivery_overrideEnabled="type",
        notifications_delivery_enabledEmails="type",
        notifications_delivery_x="unknown",
    ),
    _wrong(PEPPOL, {}, optedOut="missing"),
]


@pytest.mark.parametrize(("endpoint", "body", "errors"), INVALID)
def test_version_2_says_what_is_wrong_with_a_body(emulator: Emulator, endpoint: str, body: t.Any, errors: dict[str, str]) -> None:
    preferences = dict(emulator.account("1").preferences)
    problem = require_problem(ask(emulator, "PATCH", endpoint, FULL_KEY, json=body), endpoint, 400, "invalid_request")
    assert set(problem) == {"detail", "errors"}
    assert {error["pointer"]: error["code"] for error in problem["errors"]} == errors
    assert ask(emulator, "GET", ME).json() == SNAPSHOT
    assert emulator.account("1").preferences == preferences


@pytest.mark.parametrize("field", [*PROFILE_FIELDS, *PREFERENCE_FIELDS], ids=lambda field: field.option)
def test_both_versions_check_each_field(emulator: Emulator, field: Field) -> None:
    """Its type, null, and its choices, by its row in the tables."""
    wrong: list[tuple[t.Any, str]] = [(5, "invalid_type")]
    if field.type == "str" and field.option != "org_number":
        wrong += [("", "invalid_value")] + [("tlh", "invalid_value")] * bool(field.choices)
    if not field.clearable and field.type != "list":
        wrong.append((None, "invalid_type"))
    for value, code in wrong:
        if field.v2:
            answer = ask(emulator, "PATCH", field.v2_endpoint, FULL_KEY, json=_codec.body({field.v2: value}))
            found = [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
            assert (answer.status_code, found) == (400, [("/" + field.v2.replace(".", "/"), code)]), value
        # there, an empty text clears
        if field.v1 and not (value == "" and field.clearable):
            endpoint = UPDATE if field in PROFILE_FIELDS else SETTINGS
            assert ask(emulator, "POST", endpoint, json={field.v1: value}).status_code == 400, value
    assert ask(emulator, "GET", ME).json() == SNAPSHOT


def test_which_header_fields_carry_a_key(emulator: Emulator) -> None:
    for headers in ({"X-API-Key": KEY}, {"Authorization": KEY}, {"Authorization": "Basic " + KEY}):
        answer = requests.get(emulator.url + ME, headers=headers, timeout=10)
        require_problem(answer, ME, 401, "unauthorized")
    assert requests.get(emulator.url + DETAILS, headers={"authorization": "Bearer " + KEY}, timeout=10).status_code == 200


def test_an_inactive_account_is_refused(emulator: Emulator) -> None:
    emulator.account("1").record["status"] = "Closed"
    require_problem(ask(emulator, "GET", ME), ME, 403, "account_inactive")


def test_withheld_dropped_and_reshaped_fields(emulator: Emulator) -> None:
    """Each behaves so in both versions."""
    body = {"vateu": "SE1", "city": "Lund", "postcode": "999 99"}
    assert ask(emulator, "POST", UPDATE, OTHER_KEY, json=body).status_code == 200
    record, two = details(emulator, OTHER_KEY), emulator.account("2")
    assert ("vateu" in record, record["city"], record["postcode"]) == (False, "Stockholm", "99999")
    assert two.record["vateu"] == "SE1"
    two.withheld |= {"invoiceReference", "preferences.timezone", "preferences.card_auto_charge", "preferences.peppol_opt_out"}
    two.dropped |= {"languageCode", "preferences.sms_notifications"}
    wanted = {"address": {"city": "Lund", "postalCode": "888 88"}, "languageCode": "de", "invoiceReference": "42"}
    snapshot = ask(emulator, "PATCH", ME, OTHER_KEY, json=wanted).json()
    assert snapshot["address"] == {"street": "Examplegatan 1", "city": "Stockholm", "postalCode": "88888", "state": "Stockholm"}
    assert (snapshot["languageCode"], "invoiceReference" in snapshot, two.v2["invoiceReference"]) == ("sv", False, "42")
    answer = ask(emulator, "PATCH", PREFERENCES, OTHER_KEY, json={**ZONE, "notifications": {"smsEnabled": True}, **CARD})
    assert answer.json() == ask(emulator, "GET", PREFERENCES, OTHER_KEY).json()
    assert answer.json()["localization"] == {"languageCode": "sv"}
    assert answer.json()["notifications"]["smsEnabled"] is False
    assert answer.json()["billing"]["cardAutoCharge"] == {"enabled": True, "status": "active"}
    written = ask(emulator, "PATCH", PEPPOL, OTHER_KEY, json={"optedOut": True}).json()
    assert (set(written), written["optedOut"]) == ({"optedOut", "updatedAt"}, True), "documented, other than for reading"
    assert ask(emulator, "GET", PEPPOL, OTHER_KEY).json() == two.peppol
    assert "timezone" not in ask(emulator, "GET", SETTINGS, OTHER_KEY).json()["data"]["preferences"]
    stored = two.preferences
    assert (stored["timezone"], stored["card_auto_charge"], stored["peppol_opt_out"]) == ("UTC", True, True)


@pytest.mark.parametrize(
    ("country", "stored", "shown"),
    [
        ("SE", "070-123 45 67", "+46701234567"),
        ("SE", "+46 (0)70 123 45 67", "+46701234567"),
        ("DE", "0049 30.1234", "+49301234"),
        ("DE", "030 1234", "0301234"),
        ("SE", "", None),
    ],
)
def test_phone_numbers_of_version_2(emulator: Emulator, country: str, stored: str, shown: str | None) -> None:
    emulator.account("1").record.update(country=country, phonenumber=stored)
    assert ask(emulator, "GET", ME).json()["phoneNumber"] == shown


#: Body of an update of preferences -> what it changes in the store.
PREFERENCE_UPDATES: list[tuple[dict[str, t.Any], dict[str, t.Any]]] = [
    ({"localization": {"languageCode": "en", "timezone": "UTC"}}, {"language": "en", "timezone": "UTC"}),
    (
        {"notifications": {"emailEnabled": False, "smsEnabled": True}, "security": {"bankIdOnlyLogin": True}},
        {"email_notifications": False, "sms_notifications": True, "bankid_only_login": True},
    ),
    (
        {"billing": {"separateInvoices": {"enabled": True}, **CARD["billing"]}},
        {"separate_invoices": True, "card_auto_charge": True},
    ),
    (
        {"notifications": {"delivery": {"overrideEnabled": True, "enabledEmails": ["news"]}}},
        {"notification_delivery": ["news"]},
    ),
    ({"notifications": {"delivery": {"overrideEnabled": False, "enabledEmails": ["news"]}}}, {}),
    ({"notifications": {"delivery": None}}, {}),
    ({"billing": {}}, {}),
]


@pytest.mark.parametrize(("body", "stored"), PREFERENCE_UPDATES)
def test_version_2_updates_preferences(emulator: Emulator, body: dict[str, t.Any], stored: dict[str, t.Any]) -> None:
    before = dict(emulator.account("1").preferences)
    answer = ask(emulator, "PATCH", PREFERENCES, FULL_KEY, json=body)
    assert (answer.status_code, emulator.account("1").preferences) == (200, {**before, **stored})
    assert answer.json() == ask(emulator, "GET", PREFERENCES).json()
    for name in ("localization", "security"):
        assert {**answer.json()[name], **body.get(name, {})} == answer.json()[name]


def test_preferences_as_documented(emulator: Emulator) -> None:
    whole = ask(emulator, "GET", PREFERENCES).json()
    assert set(whole.pop("categories")) == {"invoices", "news", "security"}
    assert whole == {
        "localization": {"languageCode": "sv", "timezone": "Europe/Stockholm"},
        "notifications": {"emailEnabled": True, "smsEnabled": False, "delivery": None},
        "security": {"bankIdOnlyLogin": False},
        "billing": {
            "cardAutoCharge": {"configured": False, "enabled": False, "status": "disabled"},
            "separateInvoices": {"enabled": False},
        },
    }
    record = ask(emulator, "GET", SETTINGS).json()["data"]["preferences"]
    assert set(record) == {
        *("id", "client_id", "language", "timezone", "email_notifications", "sms_notifications", "two_factor_enabled"),
        *("bankid_only_login", "peppol_opt_out", "peppol_opt_out_date", "peppol_opt_out_reason", "created_at", "updated_at"),
    }
    assert ask(emulator, "GET", PEPPOL).json() == {**emulator.account("1").peppol, "optedOut": False}


def test_both_versions_show_the_same_preferences(emulator: Emulator) -> None:
    first = ask(emulator, "POST", SETTINGS, json={"timezone": "Europe/Oslo", "peppol_opt_out": True}).json()
    assert (first["data"]["preferences"]["timezone"], first["data"]["preferences"]["client_id"]) == ("Europe/Oslo", "1")
    second = ask(emulator, "GET", PREFERENCES).json()
    assert second["localization"] == {"languageCode": "sv", "timezone": "Europe/Oslo"}
    assert ask(emulator, "GET", PEPPOL).json()["optedOut"] is True
    assert ask(emulator, "PATCH", PEPPOL, json={"optedOut": False}).json()["optedOut"] is False
    assert ask(emulator, "GET", SETTINGS).json()["data"]["preferences"]["peppol_opt_out"] is False


def test_a_card_to_charge(emulator: Emulator) -> None:
    for saved, status in ((True, "active"), (False, "needs_payment_method")):
        emulator.account("1").saved_card = saved
        card = ask(emulator, "PATCH", PREFERENCES, BILLING_KEY, json=CARD).json()["billing"]["cardAutoCharge"]
        assert card == {"configured": True, "enabled": saved, "status": status}


def test_invoice(emulator: Emulator) -> None:
    """It keeps its copy of the client."""
    ask(emulator, "POST", UPDATE, json={"city": "Lund"})
    invoice = ask(emulator, "GET", "/billing/invoice/5", BILLING_KEY).json()["data"]["invoice"]
    assert (invoice["id"], invoice["client_id"], invoice["client"]["city"]) == ("5", "1", "Stockholm")
    for number, key, status in (("6", BILLING_KEY, 404), ("x", BILLING_KEY, 400), ("0", BILLING_KEY, 400), ("5", KEY, 403)):
        assert ask(emulator, "GET", "/billing/invoice/" + number, key).status_code == status
    assert ask(emulator, "GET", "/billing/invoice/" + "9" * 5000, BILLING_KEY).status_code == 404
    emulator.account("2").invoices[7] = raw_invoice(7, raw_record(id="2"))
    assert ask(emulator, "GET", "/billing/invoice/7", BILLING_KEY).status_code == 404, "another customer's"


def test_invoices_of_the_demo() -> None:
    first, dummy, third = demo_accounts()
    old, now = first.invoices[501]["client"], first.record
    assert {name for name in now if now[name] != old[name]} == {"address1", "city"}
    assert third.invoices[503]["client"] == third.record
    assert third.invoices[503]["client"] is not third.record


def test_faults_speak_the_version_that_is_asked(emulator: Emulator) -> None:
    errors = [{"pointer": "/address/city", "detail": "Is unknown.", "code": "invalid_value"}]
    emulator.faults.order(Fault("status", status=400, code="invalid_request", errors=errors, path="/me", method="PATCH"))
    assert ask(emulator, "PATCH", PREFERENCES, json={}).status_code == 200
    assert ask(emulator, "PATCH", ME, json={}).json()["errors"] == errors
    emulator.faults.order(Fault("status", status=429, code="rate_limited", reset="2099-01-01T00:00:00.000Z"))
    answer = ask(emulator, "GET", ME)
    assert (answer.json()["code"], answer.headers["X-RateLimit-Reset"]) == ("rate_limited", "2099-01-01T00:00:00.000Z")


@pytest.mark.parametrize(("method", "endpoint", "sign"), [("PATCH", ME, "instance"), ("POST", UPDATE, "error")])
def test_a_write_that_a_fault_keeps_from_happening(emulator: Emulator, method: str, endpoint: str, sign: str) -> None:
    emulator.faults.order(Fault("array"))
    answer = ask(emulator, method, endpoint, json={"firstName": "Eva"} if endpoint == ME else {"firstname": "Eva"})
    assert answer.status_code == 500
    assert sign in answer.json()[0]
    assert ask(emulator, "GET", ME).json() == SNAPSHOT


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


@pytest.mark.parametrize("kind", ["drop", "cut_off"])
def test_broken_connections(emulator: Emulator, kind: str) -> None:
    emulator.faults.order(Fault(kind))
    with pytest.raises(requests.RequestException):
        ask(emulator, "GET", DETAILS)
    assert details(emulator)["id"] == "1"


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
