# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One invoice at HostUp's API. The API's raw record does not get past this file.

Source: https://developer.hostup.se, GET /api/billing/invoice/{id}. Version 2 documents none.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _codec
from ansible_collections.hostup.cloud.plugins.module_utils._account_api import account_in, secrets
from ansible_collections.hostup.cloud.plugins.module_utils._client import ApiRequest, Client
from ansible_collections.hostup.cloud.plugins.module_utils._codec import ID, TEXT, InvalidResponse, Record
from ansible_collections.hostup.cloud.plugins.module_utils._errors import ReadFailed
from ansible_collections.hostup.cloud.plugins.module_utils._fields import Account

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
    client.scrub.add(secrets(recipient, "v1"))
    invoice = Invoice(_facts(record), account_in(recipient, "v1"))
    if invoice.facts["id"] not in (None, str(number)):
        raise InvalidResponse("holds another invoice than the one that was asked for")
    client.hide(invoice.client.values)
    return invoice


def _facts(record: Record) -> dict[str, str | None]:
    facts = {
        fact: _known(_codec.known(record, name, ID if name in _IDS else TEXT, name in _IDS) or "") for fact, name in FACTS.items()
    }
    codes = [_code(record, name) for name in _CURRENCY]
    facts["currency"] = next((code for code in codes if code), None)
    return facts


def _known(text: str) -> str | None:
    # the billing system writes dates that are none in zeros
    return None if re.fullmatch("0000-00-00([ T]00:00:00)?", text) else text or None


def _code(record: Record, name: str) -> str | None:
    try:
        code = _codec.find(record, name)[1]
    except InvalidResponse:
        return None
    return code if isinstance(code, str) and re.fullmatch("[A-Z]{3}", code) else None
