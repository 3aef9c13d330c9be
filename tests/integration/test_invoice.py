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

#: The words of the message.
REFUSED = {
    "a scope": ["Reading the invoice failed", "give the key the scope read:billing"],
    "mixed up": ["holds another invoice than the one that was asked for"],
    "faked": ["holds something else than a short id as client_id"],
}


class Seen(t.NamedTuple):
    played: Played
    emulators: dict[t.Any, Emulator]


@pytest.fixture(scope="module")
def seen(in_process_player: Player, start: Start) -> Seen:
    """All tasks in one run."""
    emulators: dict[t.Any, Emulator] = {(weird, name): _start(start, CASES[name][0], weird) for weird, name in VARIANTS}
    tasks = [invoice_info(str(key), emulator.url, invoice_id=501) for key, emulator in emulators.items()]
    emulators.update({name: _start(start, {}) for name in ("mixed up", "faked")})
    emulators["a scope"] = start(scopes=("read:account",))
    emulators["mixed up"].accounts[0].invoices[501]["id"] = "777"
    emulators["faked"].accounts[0].invoices[501]["client_id"] = "9257\n+++ after: fake"
    emulators["read"] = _start(start, {}, metadata={"currency": "SEK"})
    tasks += [invoice_info(name, emulators[name].url, invoice_id="501") for name in ("read", *REFUSED)]
    return Seen(in_process_player.play(tasks, "-vvvv"), emulators)


@pytest.mark.parametrize(("weird", "name"), VARIANTS)
def test_differences(seen: Seen, weird: bool, name: str) -> None:
    result = seen.played[str((weird, name))]
    assert (result["failed"], result["changed"], result["differs_from_account"]) == (False, False, CASES[name][1]), result
    paths = [entry.path for entry in seen.emulators[weird, name].journal]
    assert paths == ["/api/account/details", "/api/billing/invoice/501"]


def test_refused_and_failed(seen: Seen) -> None:
    for name, words in REFUSED.items():
        assert [word for word in words if word not in seen.played[name]["msg"]] == [], seen.played[name]["msg"]


def test_currency_of_an_invoice(seen: Seen) -> None:
    """`test_ways_to_run.py` compares the other facts, and what `redact` hides."""
    assert seen.played["read"]["invoice"]["currency"] == "SEK"
