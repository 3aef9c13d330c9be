# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the task on an invoice does: hostup_invoice_info."""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _declared, _options
from ansible_collections.hostup.cloud.plugins.module_utils._client import read_account
from ansible_collections.hostup.cloud.plugins.module_utils._invoice_client import read_invoice
from ansible_collections.hostup.cloud.plugins.module_utils._plan import differing
from ansible_collections.hostup.cloud.plugins.module_utils._session import Session
from ansible_collections.hostup.cloud.plugins.module_utils._work import Outcome, Work, guard


def show(params: dict[str, t.Any], check_mode: bool = False) -> Outcome:
    """The work of hostup_invoice_info, the same in check mode. Raises HostupError."""
    number = _declared.invoice_id(params)
    connection, wanted = _options.connection(params), _options.account_id(params)
    redaction = _options.redaction(params)
    with Session(connection, redaction) as session:
        account = read_account(session)
        guard(account.id, wanted)
        invoice = read_invoice(session, number)
        if invoice.facts["account_id"]:
            guard(invoice.facts["account_id"], wanted)
    return Outcome(
        {
            "changed": False,
            "invoice": {**invoice.facts, "client": redaction.account(invoice.client)},
            "differs_from_account": differing(invoice.client, account),
        }
    )


#: hostup_invoice_info.
SHOW = Work({**_options.CONNECTION, **_options.INVOICE, **_options.SHOWING}, show)
