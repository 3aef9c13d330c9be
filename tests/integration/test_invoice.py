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
from ansible_collections.hostup.cloud.tests.integration.runner import Played, Player, invoice_info

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


VARIANTS = [(weird, name) for weird in (False, True) for name in CASES]

#: Options, and the words of the message.
REFUSED: dict[str, tuple[dict[str, t.Any], list[str]]] = {
    "no number": ({"invoice_id": 0}, ["invoice_id must be a whole number from 1"]),
    "version 2": ({"invoice_id": 501, "api_version": "v2"}, ["invoices are not in HostUp's API v2"]),
    "another invoice": ({"invoice_id": 502}, ["check invoice_id: the account of this key has no such invoice"]),
    "another account": ({"invoice_id": 501, "account_id": "1"}, ["account_id says 1"]),
    "a scope": ({"invoice_id": 501}, ["Reading the invoice failed", "give the key the scope read:billing"]),
    "mixed up": ({"invoice_id": 501}, ["holds another invoice than the one that was asked for"]),
    "faked": ({"invoice_id": 501}, ["holds something else than a short id as client_id"]),
}


class Seen(t.NamedTuple):
    played: Played
    emulators: dict[t.Any, Emulator]


@pytest.fixture(scope="module")
def seen(in_process_player: Player, start: Start) -> Seen:
    """All tasks in one run."""
    emulators: dict[t.Any, Emulator] = {(weird, name): _start(start, CASES[name][0], weird) for weird, name in VARIANTS}
    tasks = [invoice_info(str(key), emulator.url, invoice_id=501) for key, emulator in emulators.items()]
    emulators.update({name: _start(start, {}) for name in ("refused", "mixed up", "faked")})
    emulators["a scope"] = start(scopes=("read:account",))
    emulators["mixed up"].accounts[0].invoices[501]["id"] = "777"
    emulators["faked"].accounts[0].invoices[501]["client_id"] = "9257\n+++ after: fake"
    url = _start(start, {"address1": "Gamla gatan 1"}, metadata={"currency": "SEK"}).url
    tasks.append(invoice_info("read", url, invoice_id="501"))
    tasks.append(invoice_info("hidden", url, invoice_id=501, redact=["all"]))
    for name, (options, _words) in REFUSED.items():
        tasks.append(invoice_info(name, emulators.get(name, emulators["refused"]).url, **options))
    return Seen(in_process_player.play(tasks, "-vvvv"), emulators)


@pytest.mark.parametrize(("weird", "name"), VARIANTS)
def test_differences(seen: Seen, weird: bool, name: str) -> None:
    result = seen.played[str((weird, name))]
    assert (result["failed"], result["changed"], result["differs_from_account"]) == (False, False, CASES[name][1]), result
    paths = [entry.path for entry in seen.emulators[weird, name].journal]
    assert paths == ["/api/account/details", "/api/billing/invoice/501"]


def test_refused_and_failed(seen: Seen) -> None:
    for name, (_options, words) in REFUSED.items():
        assert [word for word in words if word not in seen.played[name]["msg"]] == [], seen.played[name]["msg"]
    assert seen.played["another invoice"]["failure"]["path"] == "/api/billing/invoice/502"
    paths = [entry.path for entry in seen.emulators["refused"].journal]
    # the first two are refused before anything is sent, the last by the guard
    assert paths == ["/api/account/details", "/api/billing/invoice/502", "/api/account/details"]


def test_the_invoice(seen: Seen) -> None:
    """Its facts, and the client by the names of the profile's options: nothing else of the raw record."""
    invoice = seen.played["read"]["invoice"]
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
    hidden = seen.played["hidden"]
    assert hidden["differs_from_account"] == ["address"]
    assert hidden["invoice"]["total"] == "1250.00"
    shown = {value for option, value in hidden["invoice"]["client"].items() if option not in ("id", "status")}
    assert shown <= {"(redacted)", None}
    for word in ("Gamla gatan", "Examplegatan", "Svensson", "anna@example.com"):
        assert word not in str(hidden)
