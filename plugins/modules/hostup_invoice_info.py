#!/usr/bin/python
# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hostup_invoice_info
short_description: Read one HostUp invoice and the customer's details on it
version_added: 1.0.0
author:
  - The hostup.cloud contributors (!UNKNOWN)
description:
  - Reads one invoice of the customer account that an API key of the hosting company HostUp belongs to.
  - Compares the details of the customer on it, which were copied when it was made, with those of the account. So an invoice
    that is made out to an old address can be found before it is paid.
  - The key needs the scopes C(read:account) and C(read:billing).
  - Only O(api_version=v1) is known to have invoices. V(v2) is refused.
options:
  invoice_id:
    description:
      - The invoice's id at HostUp, a number from 1. It is not the number printed on the invoice, which is the return value
        RV(invoice.number).
    type: int
    required: true
attributes:
  check_mode:
    support: full
    details:
      - This module never changes anything.
  diff_mode:
    support: N/A
    details:
      - This module never changes anything.
  idempotent:
    support: full
extends_documentation_fragment:
  - hostup.cloud.attributes
  - hostup.cloud.connection
  - hostup.cloud.showing
seealso:
  - module: hostup.cloud.hostup_account
"""

EXAMPLES = r"""
- name: Read an invoice
  hostup.cloud.hostup_invoice_info:
    api_key: "{{ vault_hostup_api_key }}"
    api_version: v1
    account_id: "9257"
    invoice_id: 501
    redact: [phone_number]
  register: hostup

- name: Stop before an invoice is paid that is made out to an old address
  ansible.builtin.assert:
    that: hostup.differs_from_account | intersect(['company_name', 'address', 'postcode', 'city']) == []
    fail_msg: "Ask HostUp for a new invoice: {{ hostup.differs_from_account | join(', ') }} changed since."
"""

RETURN = r"""
invoice:
  description: The invoice. What is unset, or what the API does not give, is null.
  returned: success
  type: dict
  contains:
    id:
      description: The invoice's id.
      type: str
      sample: "501"
    number:
      description: The API's C(paid_id), which by all that is known is the number of a paid invoice.
      type: str
      sample: "2026501"
    status:
      description: The invoice's status.
      type: str
      sample: Unpaid
    account_id:
      description: The account that it belongs to.
      type: str
      sample: "9257"
    date:
      description: When it was made.
      type: str
      sample: "2026-02-01"
    due_date:
      description: When it is due.
      type: str
      sample: "2026-03-03"
    pay_before:
      description: The API's C(paybefore).
      type: str
      sample: "2026-03-10"
    paid_at:
      description: When it was paid.
      type: str
      sample: "2026-02-20 09:30:00"
    subtotal:
      description: The API's C(subtotal). This and the other amounts are text, as the API writes them, so that no digit is lost.
      type: str
      sample: "1000.00"
    credit:
      description: The API's C(credit).
      type: str
      sample: "0.00"
    tax:
      description: The API's C(tax).
      type: str
      sample: "250.00"
    tax_rate:
      description: The API's C(taxrate), in percent.
      type: str
      sample: "25.00"
    total:
      description: The API's C(total).
      type: str
      sample: "1250.00"
    grand_total:
      description: The API's C(grandtotal).
      type: str
      sample: "1250.00"
    currency:
      description: The currency's code (ISO 4217), where the API gives it.
      type: str
      sample: SEK
    currency_id:
      description: The billing system's number of the currency.
      type: str
      sample: "0"
    client:
      description:
        - Whom the invoice is made out to, as copied when it was made. A hidden value reads V((redacted\)).
        - It has the keys of RV(hostup.cloud.hostup_account_info#module:account). Those that version 1 of the API does not have
          are null.
      type: dict
      sample: {id: "9257", status: Active, email: anna@example.com, company_name: Example AB, city: Stockholm, country: SE}
differs_from_account:
  description:
    - The details on the invoice that no longer mean what the account holds, by option name, sorted. Values are compared as
      M(hostup.cloud.hostup_account) compares them.
  returned: success
  type: list
  elements: str
  sample: [address, postcode]
failure:
  description: What is known of the request that failed. Values that are not known are null.
  returned: on an API failure
  type: dict
  contains:
    status:
      description: HTTP status.
      type: int
      sample: 403
    code:
      description: The API's error code.
      type: str
      sample: FORBIDDEN
    message:
      description: The API's own words, without secrets.
      type: str
      sample: Insufficient scope
    request_id:
      description: The API's id of the request.
      type: str
      sample: 8a1f3c52-6a53-4a0b-9d3e-1b2c3d4e5f60
    method:
      description: HTTP method.
      type: str
      sample: GET
    path:
      description: Path of the request.
      type: str
      sample: /api/billing/invoice/501
    attempts:
      description: How many requests were sent.
      type: int
      sample: 1
"""

from ansible_collections.hostup.cloud.plugins.module_utils._invoice import READ
from ansible_collections.hostup.cloud.plugins.module_utils._module import HostupModule


def main() -> None:
    HostupModule(READ).run()


if __name__ == "__main__":
    main()
