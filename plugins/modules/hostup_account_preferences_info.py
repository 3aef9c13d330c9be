#!/usr/bin/python
# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hostup_account_preferences_info
short_description: Read the preferences of a HostUp customer account
version_added: 1.0.0
author:
  - The hostup.cloud contributors (!UNKNOWN)
description:
  - Reads the settings beside the profile of the customer account that an API key of the hosting company HostUp belongs to,
    and with O(api_version=v2), whether the account can get electronic invoices over Peppol.
  - RV(preferences) can be declared with M(hostup.cloud.hostup_account_preferences) again, with no change. Where BankID is the
    only way to log in, that module's C(confirm_lockout) must be declared with it.
  - With O(api_version=v2) two endpoints are read, with V(v1) one.
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
  - module: hostup.cloud.hostup_account_preferences
"""

EXAMPLES = r"""
- name: Read the preferences
  hostup.cloud.hostup_account_preferences_info:
    api_key: "{{ vault_hostup_api_key }}"
    api_version: v2
    account_id: client_01hxa3b4c5d6e7f8g9h0j1k2m3
    redact: [org_number, company_name]
  register: hostup

- name: Declare a part of it again, which changes nothing
  hostup.cloud.hostup_account_preferences:
    api_key: "{{ vault_hostup_api_key }}"
    api_version: v2
    timezone: "{{ hostup.preferences.timezone | default(omit, true) }}"
    email_notifications: "{{ hostup.preferences.email_notifications | default(omit) }}"
    notification_delivery: "{{ hostup.preferences.notification_delivery | default(omit) }}"

- name: See that invoices over Peppol are possible
  ansible.builtin.assert:
    that: hostup.peppol.eligible
    fail_msg: "No invoices over Peppol: {{ hostup.peppol.reason }}"
"""

RETURN = r"""
preferences:
  description:
    - The settings. What is unset, or what the API does not give, is null, and a hidden value reads V((redacted\)).
  returned: success
  type: dict
  contains:
    language:
      description: The preferred language.
      type: str
      sample: sv
    timezone:
      description: Time zone, as in the IANA database.
      type: str
      sample: Europe/Stockholm
    email_notifications:
      description: Whether notifications come by e-mail.
      type: bool
      sample: true
    sms_notifications:
      description: Whether notifications come by text message.
      type: bool
      sample: false
    notification_delivery:
      description:
        - V(default), or the sorted names of the categories of e-mail that are sent. Null with O(api_version=v1), which does not
          have it.
      type: raw
      sample: [invoices, security]
    separate_invoices:
      description:
        - Whether invoices are kept separate instead of being grouped. Null with O(api_version=v1), which does not have it.
      type: bool
      sample: false
    card_auto_charge:
      description:
        - Whether invoices are to be paid with the saved card. RV(card_auto_charge) says whether they are. Null with
          O(api_version=v1), which does not have it.
      type: bool
      sample: true
    peppol_opt_out:
      description: Whether the account does without electronic invoices over Peppol.
      type: bool
      sample: false
    bankid_only_login:
      description: Whether BankID is the only way to log in.
      type: bool
      sample: false
card_auto_charge:
  description:
    - What comes of RV(preferences.card_auto_charge). Null where it is not known.
  returned: success
  type: dict
  contains:
    in_effect:
      description: Whether invoices are paid with a saved card at present.
      type: bool
      sample: false
    status:
      description: The API's word for it.
      type: str
      sample: needs_payment_method
notification_categories:
  description:
    - The categories of e-mail that O(hostup.cloud.hostup_account_preferences#module:notification_delivery) may list, by name.
      Null with O(api_version=v1).
  returned: success
  type: list
  elements: str
  sample: [invoices, security]
peppol:
  description: Whether the account can get electronic invoices over Peppol. Null with O(api_version=v1).
  returned: success
  type: dict
  contains:
    eligible:
      description: Whether it can.
      type: bool
      sample: true
    reason:
      description: Why it can't, in the API's words, or null.
      type: str
      sample: no_organisation_number
    org_number:
      description: The organisation number that was looked up. O(redact) hides it with C(org_number).
      type: str
      sample: 555555-5555
    peppol_id:
      description: The participant's identifier. O(redact) hides it with C(org_number).
      type: str
      sample: "0007:5555555555"
    participant_name:
      description: The participant's name. O(redact) hides it with C(company_name).
      type: str
      sample: Example AB
    looked_up_at:
      description: When it was looked up, as the API writes it.
      type: str
      sample: "2026-05-01T12:00:00.000Z"
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
      sample: forbidden
    message:
      description: The API's own words, without secrets.
      type: str
      sample: Insufficient scope
    request_id:
      description: The API's id of the request.
      type: str
      sample: req_abc123
    method:
      description: HTTP method.
      type: str
      sample: GET
    path:
      description: Path of the request.
      type: str
      sample: /api/v2/me/preferences
    attempts:
      description: How many requests were sent.
      type: int
      sample: 1
"""

from ansible_collections.hostup.cloud.plugins.module_utils._module import HostupModule
from ansible_collections.hostup.cloud.plugins.module_utils._preferences import READ


def main() -> None:
    HostupModule(READ).run()


if __name__ == "__main__":
    main()
