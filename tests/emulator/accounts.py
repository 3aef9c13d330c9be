# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The customers of the emulator: a raw record as the billing system keeps it, keys with scopes, and odd habits."""

from __future__ import annotations

import copy
import dataclasses
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, PROFILE_FIELDS

from .php import weird

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

ALL_SCOPES = ("read:account", "write:account", "read:billing", "write:billing")

#: How a field may be kept in another form than it was sent.
RESHAPERS: dict[str, t.Callable[[str], str]] = {
    "compact": lambda value: "".join(c for c in value if c not in " -"),
    "upper": str.upper,
    "ascii": lambda value: value.encode("ascii", "replace").decode(),
    "short": lambda value: value[:8],
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


def raw_invoice(number: int, client: dict[str, t.Any], **values: t.Any) -> dict[str, t.Any]:
    """The documented sample of `data.invoice`, made out to a copy of this client. Keywords are the API's own names."""
    invoice: dict[str, t.Any] = {
        "id": str(number),
        "paid_id": "HU-2026-%d" % number,
        "recurring_id": "0",
        "status": "Unpaid",
        "client_id": client["id"],
        "contact_id": "0",
        "date": "2026-02-01",
        "duedate": "2026-03-03",
        "paybefore": "",
        "datepaid": "0000-00-00 00:00:00",
        "subtotal": "1000.00",
        "credit": "0.00",
        "tax": "250.00",
        "taxrate": "25.00",
        "total": "1250.00",
        "grandtotal": "1250.00",
        "payment_module": "0",
        "currency_id": "0",
        "notes": "canary-notes-of-an-invoice",
        "locked": "0",
        "metadata": {},
        "client": dict(client),
    }
    invoice.update(values)
    return invoice


def sample_preferences() -> dict[str, t.Any]:
    """Preferences by the options' names."""
    return {
        "language": "sv",
        "timezone": "Europe/Stockholm",
        "email_notifications": True,
        "sms_notifications": False,
        "notification_delivery": "default",
        "separate_invoices": False,
        "card_auto_charge": False,
        "peppol_opt_out": False,
        "bankid_only_login": False,
    }


def sample_peppol() -> dict[str, t.Any]:
    """What the look-up of an organisation gives, by version 2's names."""
    return {
        "eligible": True,
        "reason": None,
        "orgNumber": "555555-5555",
        "peppolId": "0007:5555555555",
        "participantName": "Example AB",
        "lookedUpAt": "2026-05-01T12:00:00.000Z",
    }


#: The fields that v1 has, and those of them that its record shows only while they hold a value.
OF_V1 = frozenset(field.v1 for field in PROFILE_FIELDS if field.v1)
CUSTOM = OF_V1 - frozenset(raw_record())


@dataclasses.dataclass
class Account:
    """One customer, as both versions of the API see it. Names of fields are v1's, or v2's where v1 has none."""

    record: dict[str, t.Any] = dataclasses.field(default_factory=raw_record)
    #: API key -> its scopes.
    keys: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    #: Fields that v1 has not got.
    v2: dict[str, t.Any] = dataclasses.field(default_factory=lambda: {"invoiceReference": None, "languageCode": "sv"})
    preferences: dict[str, t.Any] = dataclasses.field(default_factory=sample_preferences)
    peppol: dict[str, t.Any] = dataclasses.field(default_factory=sample_peppol)
    invoices: dict[int, dict[str, t.Any]] = dataclasses.field(default_factory=dict)
    #: Whether there is a card to charge.
    saved_card: bool = True
    #: Fields that are stored, but never given back; settings as "preferences.timezone".
    withheld: frozenset[str] = frozenset()
    #: The same of those that an update accepts and does not store.
    dropped: frozenset[str] = frozenset()
    #: Times that the account is shown as it was before an update, after it; the answer to an update may be the first.
    lag: int = 0
    _before: list[Account] = dataclasses.field(default_factory=list, compare=False, repr=False)
    #: Field -> name in RESHAPERS of the form that it is stored in.
    reshaped: dict[str, str] = dataclasses.field(default_factory=dict)
    #: Whether its records are given back as `php.weird` has it.
    weird: bool = False

    @property
    def v2_id(self) -> str:
        """What version 2 calls the account."""
        return "client_01demo" + str(self.record["id"]).zfill(20)

    def shown(self) -> dict[str, t.Any]:
        """The record as the API gives it."""
        return {name: value for name, value in self.record.items() if name not in self.withheld and (value or name not in CUSTOM)}

    def given(self, record: dict[str, t.Any]) -> dict[str, t.Any]:
        """A record of it in the JSON of the back end."""
        return weird(record) if self.weird else record

    def visible(self) -> Account:
        """What a request is shown of the account: itself, or what it was before an update."""
        return self._before.pop() if self._before else self

    def _remember(self) -> None:
        # an update that is sent again does not make the first one visible
        before = self._before[-1:] or [copy.deepcopy(self)]
        self._before = before * self.lag

    def store(self, changes: dict[str, t.Any]) -> None:
        """Carry out an update of the profile that has been checked."""
        self._remember()
        for name, value in changes.items():
            if name in self.dropped:
                continue
            if name == "accountType":
                # inferred: the billing system keeps it as this flag
                self.record["company"] = "1" if value == "organisation" else "0"
                if name not in self.record:
                    continue
            store = self.record if name in OF_V1 else self.v2
            store[name] = RESHAPERS[self.reshaped[name]](value) if name in self.reshaped else value

    def store_preferences(self, changes: dict[str, t.Any]) -> None:
        """Carry out an update of preferences, by option names, that has been checked."""
        self._remember()
        self.preferences.update({name: value for name, value in changes.items() if "preferences." + name not in self.dropped})

    def shown_preferences(self) -> dict[str, t.Any]:
        """The preferences that the API gives, by option names."""
        return {s.option: self.preferences[s.option] for s in PREFERENCE_FIELDS if "preferences." + s.option not in self.withheld}


def demo_accounts() -> list[Account]:
    """Customers to play with: two companies and a person, each with a key that may do all and one that may only read.

    The first has an invoice that is made out to an address of old, the last one that is not.
    """
    company = raw_record(
        id="1001", company="1", companyname="Example AB", orgno="[SE]555555-5555", vateu="SE555555555501", postcode="11122"
    )
    person = raw_record(id="1002", firstname="Karin", lastname="Berg", personnummer="850709-9805")
    bakery = raw_record(
        id="1003", company="1", companyname="Sample Bakery AB", orgno="[SE]556016-0680", city="Lund", postcode="22222"
    )
    invoices = {
        "1001": {501: raw_invoice(501, {**company, "address1": "Gamla gatan 1", "city": "Uppsala"})},
        "1003": {503: raw_invoice(503, bakery)},
    }
    return [Account(record, _keys(record["id"]), invoices=invoices.get(record["id"], {})) for record in (company, person, bakery)]


def _keys(number: str) -> dict[str, tuple[str, ...]]:
    return {"demo-key-of-account-" + number: ALL_SCOPES, "demo-read-key-of-account-" + number: ("read:account", "read:billing")}
