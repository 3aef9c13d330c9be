# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The customers of the emulator: a raw record as the billing system keeps it, keys with scopes, and odd habits."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._fields import FIELDS

#: What must never leave the client code: tests look for these words in everything that a run writes.
CANARIES = {
    "password": "canary-password-2y10",
    "reset_token": "canary-reset-token-77",
    "cardtype": "canary-cardtype-visa",
    "cardnum": "canary-cardnum-4111",
    "expdate": "canary-expdate-0130",
    "achtype": "canary-achtype-checking",
    "achaccount": "canary-achaccount-5566",
    "achrouting": "canary-achrouting-0110",
}

ALL_SCOPES = ("read:account", "write:account")

#: How a field may be kept in another form than it was sent.
RESHAPERS: dict[str, t.Callable[[str], str]] = {
    "compact": lambda value: "".join(c for c in value if c not in " -"),
    "upper": str.upper,
    "lower": str.lower,
}


def raw_record(**values: str) -> dict[str, t.Any]:
    """The documented sample of `data.client`, with recognisable secrets. Keywords are the API's own names."""
    record: dict[str, t.Any] = {
        "id": "9257",
        "group_id": "0",
        "email": "anna@example.com",
        "lastlogin": "2026-02-10 00:00:00",
        "ip": "192.0.2.10",
        "host": "canary-host.example.net",
        "status": "Active",
        "loginattempts": "0",
        "mfamodule": "0",
        "brand_id": "0",
        "browser": {"userAgent": "Mozilla/5.0", "name": "Firefox", "code": "FF", "platform": "linux"},
        "reset_expiry": None,
        "parent_id": "0",
        "firstname": "Anna",
        "lastname": "Svensson",
        "companyname": "",
        "address1": "Examplegatan 1",
        "address2": "",
        "city": "Stockholm",
        "state": "Stockholm",
        "postcode": "123 45",
        "country": "SE",
        "phonenumber": "+46700000000",
        "datecreated": "2024-01-01",
        "notes": "canary-notes-of-the-support",
        "language": "swedish",
        "company": "0",
        "credit": "0.00",
        "taxexempt": "0",
        "latefeeoveride": 0,
        "overideautosusp": "0",
        "taxrateoverride": "0",
        "taxrate": "0.00",
        "overideduenotices": False,
        "disableemails": "0",
        "client_id": "9257",
        "currency_id": "0",
        "affiliate_id": "0",
        "group_name": None,
        "group_color": None,
        "billing_contact_id": "0",
        "cardcreated": None,
        "cardupdated": None,
        "brand": "HostUp",
        "captchav2": "",
        "eid": "",
        "countryname": "Sweden",
        "assigned_affiliate": False,
        "access": [],
        "email_verified": True,
    }
    record.update(CANARIES)
    record.update(values)
    return record


#: The fields that the record shows only while they hold a value.
CUSTOM = frozenset(field.v1 for field in FIELDS) - frozenset(raw_record())


@dataclasses.dataclass
class Account:
    """One customer. Names of fields are the API's."""

    record: dict[str, t.Any] = dataclasses.field(default_factory=raw_record)
    #: API key -> its scopes.
    keys: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    #: Fields that are stored, but never given back.
    withheld: frozenset[str] = frozenset()
    #: Fields that an update accepts and does not store.
    dropped: frozenset[str] = frozenset()
    #: Field -> name in RESHAPERS of the form that it is stored in.
    reshaped: dict[str, str] = dataclasses.field(default_factory=dict)

    def shown(self) -> dict[str, t.Any]:
        """The record as the API gives it."""
        return {name: value for name, value in self.record.items() if name not in self.withheld and (value or name not in CUSTOM)}

    def store(self, changes: dict[str, str]) -> None:
        """Carry out an update that has been checked."""
        for name, value in changes.items():
            if name in self.dropped:
                continue
            if name == "accountType":
                # inferred: the billing system keeps it as this flag
                self.record["company"] = "1" if value == "organisation" else "0"
                if name not in self.record:
                    continue
            reshape = RESHAPERS[self.reshaped[name]] if name in self.reshaped else str
            self.record[name] = reshape(value)


def demo_accounts() -> list[Account]:
    """Customers to play with: two companies and a person, each with a key that may do all and one that may only read."""
    company = raw_record(
        id="1001", company="1", companyname="Example AB", orgno="[SE]555555-5555", vateu="SE555555555501", postcode="11122"
    )
    person = raw_record(id="1002", firstname="Karin", lastname="Berg", personnummer="850709-9805")
    bakery = raw_record(
        id="1003", company="1", companyname="Sample Bakery AB", orgno="[SE]556016-0680", city="Lund", postcode="22222"
    )
    return [Account(record, _keys(record["id"])) for record in (company, person, bakery)]


def _keys(number: str) -> dict[str, tuple[str, ...]]:
    return {"demo-key-of-account-" + number: ALL_SCOPES, "demo-read-key-of-account-" + number: ("read:account",)}
