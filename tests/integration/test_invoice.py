# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An invoice, and what on it is no longer the account's."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.emulator.accounts import raw_invoice
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import Player, invoice_info

#: What differs on the invoice from the account's record, by v1's names, None for a key that is missing; what is said to differ.
CASES: dict[str, tuple[dict[str, t.Any], list[str]]] = {
    "nothing": ({}, []),
    "an old address": ({"address1": "Gamla gatan 1", "city": "Lund"}, ["address", "city"]),
    "the same in another form": ({"postcode": "12345", "phonenumber": "070-000 00 00", "orgno": "5555555555"}, []),
    "escaped for HTML": ({"firstname": "&#65;nna"}, []),
    "empty arrays, and a value of another type": ({"companyname": [], "vateu": {}, "status": ["a"]}, []),
    "an organisation number of another country": ({"country": "DK", "orgno": "5555555555"}, ["country", "org_number"]),
    "a number that was not set then": ({"orgno": None}, ["org_number"]),
    "a number that is no longer set": ({"vateu": "SE555555555501"}, ["vat_number"]),
    "a person's then": ({"company": "0", "personnummer": "900101-0017"}, ["account_type", "personal_number"]),
}


def _start(start: Start, differs: dict[str, t.Any], weird: bool = False, **values: t.Any) -> Emulator:
    emulator = start({"company": "1", "orgno": "[SE]555555-5555"}, weird=weird)
    account = emulator.accounts[0]
    client = {name: value for name, value in {**account.record, **differs}.items() if value is not None or name not in differs}
    account.invoices[501] = raw_invoice(501, client, **values)
    return emulator


@pytest.mark.parametrize("weird", [False, True], ids=["as documented", "weird"])
def test_differences(in_process_player: Player, start: Start, weird: bool) -> None:
    emulators = {name: _start(start, differs, weird) for name, (differs, dummy) in CASES.items()}
    played = in_process_player.play(
        [invoice_info(name, emulator.url, invoice_id=501) for name, emulator in emulators.items()], "-vvvv"
    )
    for name, (_dummy, expected) in CASES.items():
        result = played[name]
        assert (result["failed"], result["changed"], result["differs_from_account"]) == (False, False, expected), result
        assert [entry.path for entry in emulators[name].journal] == ["/api/account/details", "/api/billing/invoice/501"]


def test_the_invoice(player: Player, start: Start) -> None:
    """Its facts, and the client by the names of the profile's options: nothing else of the raw record."""
    emulator = _start(start, {"address1": "Gamla gatan 1"}, metadata={"currency": "SEK"})
    played = player.play(
        [
            invoice_info("read", emulator.url, invoice_id="501"),
            invoice_info("hidden", emulator.url, invoice_id=501, redact=["all"]),
        ],
        "-vvvv",
    )
    invoice = played["read"]["invoice"]
    client = invoice.pop("client")
    assert invoice == {
        "id": "501",
        "number": "HU-2026-501",
        "status": "Unpaid",
        "account_id": "9257",
        "date": "2026-02-01",
        "due_date": "2026-03-03",
        "pay_before": None,
        "paid_at": None,
        "subtotal": "1000.00",
        "credit": "0.00",
        "tax": "250.00",
        "tax_rate": "25.00",
        "total": "1250.00",
        "grand_total": "1250.00",
        "currency_id": "0",
        "currency": "SEK",
    }
    assert (client["id"], client["address"], client["org_number"]) == ("9257", "Gamla gatan 1", "[SE]555555-5555")
    assert client["personal_number"] == "(redacted)"
    hidden = played["hidden"]
    assert hidden["differs_from_account"] == ["address"]
    assert hidden["invoice"]["total"] == "1250.00"
    shown = {value for option, value in hidden["invoice"]["client"].items() if option not in ("id", "status")}
    assert shown <= {"(redacted)", None}
    for word in ("Gamla gatan", "Examplegatan", "Svensson", "anna@example.com"):
        assert word not in str(hidden)


def test_refused_and_failed(in_process_player: Player, start: Start) -> None:
    scopes = start(scopes=("read:account",))
    emulator = _start(start, {})
    words: dict[str, tuple[dict[str, t.Any], str]] = {
        "no number": ({"invoice_id": 0}, "invoice_id must be a whole number from 1"),
        "version 2": ({"invoice_id": 501, "api_version": "v2"}, "invoices are not in HostUp's API v2"),
        "another invoice": ({"invoice_id": 502}, "check invoice_id: the account of this key has no such invoice"),
        "another account": ({"invoice_id": 501, "account_id": "1"}, "account_id says 1"),
    }
    tasks = [invoice_info(name, emulator.url, **options) for name, (options, dummy) in words.items()]
    mixed = _start(start, {})
    mixed.accounts[0].invoices[501]["id"] = "777"
    faked = _start(start, {})
    faked.accounts[0].invoices[501]["client_id"] = "9257\n+++ after: fake"
    more = {"a scope": scopes, "mixed up": mixed, "faked": faked}
    tasks += [invoice_info(name, other.url, invoice_id=501) for name, other in more.items()]
    played = in_process_player.play(tasks)
    assert "holds something else than a short id as client_id" in played["faked"]["msg"]
    assert "holds another invoice than the one that was asked for" in played["mixed up"]["msg"]
    for name, (_dummy, expected) in words.items():
        assert expected in played[name]["msg"], played[name]["msg"]
    assert played["another invoice"]["failure"]["path"] == "/api/billing/invoice/502"
    assert "Reading the invoice failed" in played["a scope"]["msg"]
    assert "give the key the scope read:billing" in played["a scope"]["msg"]
    assert emulator.journal[0].path == "/api/account/details", "what is refused sends nothing"
    assert len(emulator.journal) == 3
