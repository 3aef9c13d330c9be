# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the task on an invoice does, and the invoice at HostUp's API: hostup_invoice_info.

The API's raw record does not get past this file.
Source: https://developer.hostup.se, GET /api/billing/invoice/{id}. Version 2 documents none.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _argspec, _codec, _validate
from ansible_collections.hostup.cloud.plugins.module_utils._account_api import learn_account, read_account
from ansible_collections.hostup.cloud.plugins.module_utils._client import ApiRequest, Client
from ansible_collections.hostup.cloud.plugins.module_utils._codec import ID, TEXT, InvalidResponse, Record
from ansible_collections.hostup.cloud.plugins.module_utils._errors import ReadFailed
from ansible_collections.hostup.cloud.plugins.module_utils._fields import Account
from ansible_collections.hostup.cloud.plugins.module_utils._plan import differing
from ansible_collections.hostup.cloud.plugins.module_utils._task import Result, Task, open_client, require_account

#: Return value -> the API's name.
FACTS = {
    "id": "id",
    "number": "paid_id",
    "status": "status",
    "account_id": "client_id",
    "date": "date",
    "due_date": "duedate",
    "pay_before": "paybefore",
    "paid_at": "datepaid",
    "subtotal": "subtotal",
    "credit": "credit",
    "tax": "tax",
    "tax_rate": "taxrate",
    "total": "total",
    "grand_total": "grandtotal",
    "currency_id": "currency_id",
}

#: Those that say whose invoice it is, and which: messages may name them.
_IDS = ("id", "client_id")

#: Where the code of the currency stands, if it does (inferred): the documentation shows the billing system's number alone.
_CURRENCY = ("currency", "currency_code", "metadata.currency", "metadata.currency_code")


class Invoice(t.NamedTuple):
    """What may be known of an invoice outside the client: the allow-list."""

    #: By the names of the return value; None where the API gives none.
    facts: dict[str, str | None]
    #: Whom it is made out to, as copied when it was made.
    client: Account


def read_invoice(client: Client, number: int) -> Invoice:
    """One invoice. Raises ReadFailed."""
    request = ApiRequest(
        "GET",
        "/billing/invoice/%d" % number,
        "Reading the invoice",
        ReadFailed,
        "the scope read:billing",
        if_missing="check invoice_id: the account of this key has no such invoice",
    )
    invoice: Invoice = client.request(request, lambda data: _invoice(client, number, data)).value
    return invoice


def _invoice(client: Client, number: int, data: Record) -> Invoice:
    """The invoice in an answer, its values known to the client as ones to hide. Raises InvalidResponse."""
    record = data.get("invoice")
    recipient = record.get("client") if isinstance(record, dict) else None
    recipient = {} if recipient == [] else recipient
    if not isinstance(record, dict) or not isinstance(recipient, dict):
        raise InvalidResponse("holds no invoice with its client (data.invoice.client)")
    invoice = Invoice(_facts(record), learn_account(client, recipient))
    if invoice.facts["id"] not in (None, str(number)):
        raise InvalidResponse("holds another invoice than the one that was asked for")
    return invoice


def _facts(record: Record) -> dict[str, str | None]:
    facts: dict[str, str | None] = {}
    for fact, name in FACTS.items():
        text = _codec.known(record, name, ID if name in _IDS else TEXT, needed=name in _IDS) or ""
        # the billing system writes dates that are none in zeros
        facts[fact] = None if re.fullmatch("0000-00-00([ T]00:00:00)?", text) else text or None
    codes = [_codec.known(record, name, TEXT) or "" for name in _CURRENCY]
    facts["currency"] = next((code for code in codes if re.fullmatch("[A-Z]{3}", code)), None)
    return facts


def _read(params: dict[str, t.Any], check_mode: bool = False) -> Result:
    """hostup_invoice_info, the same in check mode. Raises HostupError."""
    number = _validate.invoice_id(params)
    client, wanted = open_client(params)
    with client:
        account = read_account(client)
        require_account(account.id, wanted)
        invoice = read_invoice(client, number)
        if invoice.facts["account_id"]:
            require_account(invoice.facts["account_id"], wanted)
    shown = {**invoice.facts, "client": client.redaction.account(invoice.client)}
    return Result({"changed": False, "invoice": shown, "differs_from_account": differing(invoice.client, account)})


#: hostup_invoice_info.
READ = Task(_argspec.INVOICE, _read)
