#!/usr/bin/python
# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hostup_account_preferences
short_description: Declare the preferences of a HostUp customer account
version_added: 1.0.0
author:
  - The hostup.cloud contributors (!UNKNOWN)
description:
  - Sets the settings beside the profile of the customer account that an API key of the hosting company HostUp belongs to, such as
    language, notifications, grouping of invoices, automatic charging of a card, and electronic invoices over Peppol.
  - Reads the settings first and writes only those that differ. An option that is omitted or null is not managed.
  - Version 2 of the API keeps O(peppol_opt_out) apart from the others. So there are up to two updates. When the second of them
    fails, or the first, RV(written_fields) and RV(unwritten_fields) say which settings are set, and the next run sets the rest.
  - The key needs C(read:account), and C(write:account) to change anything. With O(api_version=v2), O(notification_delivery),
    O(separate_invoices) and O(card_auto_charge) need C(write:billing) instead.
  - The value V((redacted\)), which the modules return for a hidden setting, means not managed when it is declared. A value that
    only holds it, or the mask V(********) of Ansible, is refused.
options:
  language:
    description:
      - The preferred language.
    type: str
    choices: [sv, en]
  timezone:
    description:
      - Time zone, as in the IANA database, for example V(Europe/Stockholm). Whether it exists is for the API to say.
    type: str
  email_notifications:
    description:
      - Whether notifications come by e-mail.
    type: bool
  sms_notifications:
    description:
      - Whether notifications come by text message.
    type: bool
  notification_delivery:
    description:
      - V(default) for HostUp's own choice of the categories that e-mail is sent for, or a list of categories. Order and
        repetition do not matter, and an empty list means none.
      - RV(hostup.cloud.hostup_account_preferences_info#module:notification_categories) names those that exist. Any other is left
        to the API to decide, with a warning.
      - Refused with O(api_version=v1), which does not have it.
    type: list
    elements: str
  separate_invoices:
    description:
      - Whether invoices are kept separate instead of being grouped.
      - Refused with O(api_version=v1), which does not have it.
    type: bool
  card_auto_charge:
    description:
      - Whether invoices are to be paid with the saved card.
      - V(true) without a saved card is kept by HostUp, but not in effect. That is no difference, so it is not set again on each
        run. It gives a warning, unless O(redact) hides the setting, and RV(card_auto_charge) says so.
      - Refused with O(api_version=v1), which does not have it.
    type: bool
  peppol_opt_out:
    description:
      - Whether the account does without electronic invoices over Peppol.
      - Where version 2 of the API does not give the setting back, O(unreadable_fields) counts.
    type: bool
  bankid_only_login:
    description:
      - Whether BankID is the only way to log in to the control panel.
      - V(true) locks out everyone who logs in with a password, so it is refused without O(confirm_lockout=true), even where
        HostUp holds it already.
    type: bool
  confirm_lockout:
    description:
      - Says that O(bankid_only_login=true) is meant.
    type: bool
    default: false
  unreadable_fields:
    description:
      - What to do with a declared setting that the API does not give back.
      - V(update) sends it on each run and warns.
      - V(ignore) sends it only along with other changes.
      - V(fail) refuses to write a setting whose current value can't be seen.
    type: str
    default: update
    choices: [update, ignore, fail]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - A setting that the API never gives back is sent again on each run, see O(unreadable_fields).
extends_documentation_fragment:
  - hostup.cloud.attributes
  - hostup.cloud.connection
  - hostup.cloud.showing
seealso:
  - module: hostup.cloud.hostup_account_preferences_info
  - module: hostup.cloud.hostup_account
"""

EXAMPLES = r"""
- name: Swedish, in Swedish time, by e-mail and not by text message
  hostup.cloud.hostup_account_preferences:
    api_key: "{{ vault_hostup_api_key }}"
    language: sv
    timezone: Europe/Stockholm
    email_notifications: true
    sms_notifications: false

- name: What version 2 of the API has besides
  hostup.cloud.hostup_account_preferences:
    api_key: "{{ vault_hostup_api_key }}"
    api_version: v2
    notification_delivery: [invoices, security]
    separate_invoices: false
    card_auto_charge: true
    peppol_opt_out: false

- name: Let HostUp choose the categories of e-mail again
  hostup.cloud.hostup_account_preferences:
    api_key: "{{ vault_hostup_api_key }}"
    api_version: v2
    notification_delivery: default

- name: Nobody logs in without BankID, and that is meant
  hostup.cloud.hostup_account_preferences:
    api_key: "{{ vault_hostup_api_key }}"
    account_id: "9257"
    bankid_only_login: true
    confirm_lockout: true

- name: Ask for invoices over Peppol along with other changes only, where the API does not show the setting
  hostup.cloud.hostup_account_preferences:
    api_key: "{{ vault_hostup_api_key }}"
    api_version: v2
    peppol_opt_out: false
    separate_invoices: true
    unreadable_fields: ignore
    redact: [separate_invoices]
"""

RETURN = r"""
preferences:
  description:
    - The settings after the run, as predicted in check mode. All of it can be declared again, with O(confirm_lockout) where
      BankID is the only way to log in. A hidden value reads V((redacted\)).
    - Null is what the API does not give, and with O(api_version=v2), where only endpoints with a declared setting are read,
      what was not asked for.
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
    - What comes of RV(preferences.card_auto_charge). Null where it is not known, as for a change in check mode.
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
changed_fields:
  description: The declared settings that differ, sorted.
  returned: success
  type: list
  elements: str
  sample: [timezone]
unreadable_fields:
  description: The declared settings that the API did not give back, sorted.
  returned: success
  type: list
  elements: str
  sample: []
diff:
  description:
    - >-
      The changed settings alone. Unset is an empty string here, and a hidden value reads V((redacted: current\)) before and
      V((redacted: wanted\)) after.
  returned: in diff mode
  type: dict
  contains:
    before:
      description: Values as stored.
      type: dict
      sample: {timezone: Europe/London}
    after:
      description: Values as sent.
      type: dict
      sample: {timezone: Europe/Stockholm}
    before_header:
      description: The account's id, where that is known. Version 2 shows it only where O(account_id) asks for it.
      type: str
      sample: HostUp account 9257, preferences
    after_header:
      description: The same.
      type: str
      sample: HostUp account 9257, preferences
request_id:
  description: The API's id of the last update, for questions to HostUp. Null when its answer was lost, or has none.
  returned: after a write
  type: str
  sample: 8a1f3c52-6a53-4a0b-9d3e-1b2c3d4e5f60
request_ids:
  description: The API's ids of all updates that succeeded, in their order.
  returned: after a write, and with RV(written_fields)
  type: list
  elements: str
  sample: [8a1f3c52-6a53-4a0b-9d3e-1b2c3d4e5f60]
written_fields:
  description: The settings that are known to be written, though an update failed, sorted.
  returned: when a part of the changes has failed, or the first of two updates
  type: list
  elements: str
  sample: [timezone]
unwritten_fields:
  description: The settings that were to be changed and are not known to be, sorted.
  returned: when a part of the changes has failed, or the first of two updates
  type: list
  elements: str
  sample: [peppol_opt_out]
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
      sample: PATCH
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
from ansible_collections.hostup.cloud.plugins.module_utils._preferences import APPLY


def main() -> None:
    HostupModule(APPLY).run()


if __name__ == "__main__":
    main()
