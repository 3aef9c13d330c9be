#!/usr/bin/python
# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hostup_account_info
short_description: Read the details of a HostUp customer account
version_added: 1.0.0
author:
  - The hostup.cloud contributors (!UNKNOWN)
description:
  - Reads the customer account that an API key of the hosting company HostUp belongs to.
  - Its output can be declared with M(hostup.cloud.hostup_account) again, with no change. RV(account) without C(id), C(status)
    and C(email) holds that module's options, and the value V((redacted\)) of a hidden field means not managed there.
  - Of the API's record only the documented fields are returned, and no password, payment data or session data.
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
  - module: hostup.cloud.hostup_account_preferences_info
"""

EXAMPLES = r"""
- name: Read the account
  hostup.cloud.hostup_account_info:
    api_key: "{{ vault_hostup_api_key }}"
  register: hostup

- name: Declare a part of it again, which changes nothing
  hostup.cloud.hostup_account:
    api_key: "{{ vault_hostup_api_key }}"
    company_name: "{{ hostup.account.company_name | default(omit, true) }}"
    vat_number: "{{ hostup.account.vat_number | default(omit, true) }}"

- name: Read the account that the key is meant for, and hide whom it belongs to
  hostup.cloud.hostup_account_info:
    api_key: "{{ vault_hostup_api_key }}"
    account_id: "9257"
    redact: [first_name, last_name, phone_number]

- name: Read the account from version 2 of the API, whose ids are others
  hostup.cloud.hostup_account_info:
    api_key: "{{ vault_hostup_api_key }}"
    api_version: v2
    account_id: client_01hxa3b4c5d6e7f8g9h0j1k2m3

- name: Wait at most ten seconds, without a second attempt
  hostup.cloud.hostup_account_info:
    api_key: "{{ vault_hostup_api_key }}"
    api_timeout: 10
    api_retries: 0
"""

RETURN = r"""
account:
  description:
    - The account. A field that is unset, or that the API does not give, is null, and a hidden value reads V((redacted\)).
    - All but C(id), C(status) and C(email) are options of M(hostup.cloud.hostup_account).
  returned: success
  type: dict
  contains:
    id:
      description: The account's id at HostUp, another one in each version of the API.
      type: str
      sample: "9257"
    status:
      description: The account's status. Null with O(api_version=v2), which does not show it.
      type: str
      sample: Active
    email:
      description: The account's e-mail address.
      type: str
      sample: anna@example.com
    account_type:
      description: V(organisation) or V(private).
      type: str
      sample: organisation
    first_name:
      description: First name of the contact person.
      type: str
      sample: Anna
    last_name:
      description: Last name of the contact person.
      type: str
      sample: Svensson
    company_name:
      description: Name of the organisation.
      type: str
      sample: Example AB
    org_number:
      description: Organisation number with its country.
      type: str
      sample: "[SE]555555-5555"
    personal_number:
      description: V((redacted\)) where one is set. Null with O(api_version=v2), which does not have it.
      type: str
      sample: (redacted)
    vat_number:
      description: EU VAT number.
      type: str
      sample: SE555555555501
    address:
      description: Street and number.
      type: str
      sample: Examplegatan 1
    postcode:
      description: Postal code.
      type: str
      sample: 123 45
    city:
      description: City or postal town.
      type: str
      sample: Stockholm
    state:
      description: State, province or county.
      type: str
      sample: Stockholm
    country:
      description: Country, ISO 3166-1 alpha-2.
      type: str
      sample: SE
    phone_number:
      description: Phone number.
      type: str
      sample: "+46700000000"
    custom_line_0076:
      description: The custom line of HostUp's billing system. Null with O(api_version=v2), which does not have it.
      type: str
      sample: invoices@example.com
    invoice_reference:
      description: The reference on invoices. Null with O(api_version=v1), which does not have it.
      type: str
      sample: Cost center 42
    language:
      description: The account's language. Null with O(api_version=v1), which does not have it.
      type: str
      sample: sv
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
      sample: /api/account/details
    attempts:
      description: How many requests were sent.
      type: int
      sample: 1
"""

from ansible_collections.hostup.cloud.plugins.module_utils._account import READ
from ansible_collections.hostup.cloud.plugins.module_utils._module import HostupModule


def main() -> None:
    HostupModule(READ).run()


if __name__ == "__main__":
    main()
