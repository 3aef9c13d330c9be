# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the task on an invoice does: hostup_invoice_info."""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _argspec, _validate
from ansible_collections.hostup.cloud.plugins.module_utils._account_api import read_account
from ansible_collections.hostup.cloud.plugins.module_utils._client import Client
from ansible_collections.hostup.cloud.plugins.module_utils._invoice_api import read_invoice
from ansible_collections.hostup.cloud.plugins.module_utils._plan import differing
from ansible_collections.hostup.cloud.plugins.module_utils._task import Result, Task, require_account


def _read(params: dict[str, t.Any], check_mode: bool = False) -> Result:
    """hostup_invoice_info, the same in check mode. Raises HostupError."""
    number = _validate.invoice_id(params)
    connection, wanted = _validate.connection(params), _validate.account_id(params)
    redaction = _validate.redaction(params)
    with Client(connection, redaction) as client:
        account = read_account(client)
        require_account(account.id, wanted)
        invoice = read_invoice(client, number)
        if invoice.facts["account_id"]:
            require_account(invoice.facts["account_id"], wanted)
    shown = {**invoice.facts, "client": redaction.account(invoice.client)}
    return Result({"changed": False, "invoice": shown, "differs_from_account": differing(invoice.client, account)})


#: hostup_invoice_info.
READ = Task(_argspec.INVOICE, _read)
