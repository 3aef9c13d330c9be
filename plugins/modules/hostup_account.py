#!/usr/bin/python
# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hostup_account
short_description: Declare the details of a HostUp customer account
version_added: 1.0.0
author:
  - The hostup.cloud contributors (!UNKNOWN)
description:
  - Sets the name, company, registration numbers, address and phone number of the customer account that an API key of the
    hosting company HostUp belongs to.
  - Reads the account first and writes only when a declared field differs, then with one request that holds the differing
    fields alone. A field that is not declared is neither compared nor sent.
  - An option that is omitted or null is not managed. An empty string, or white space alone, clears the field, where that is
    possible.
  - Values are sent as written, without the white space and invisible characters around them, and compared by their meaning.
    V(123 45) and V(12345) are the same postal code. See O(compare).
  - Invisible characters (Unicode category Cf, such as U+200B and U+FEFF) inside phone, postal, VAT, organisation and personal
    numbers are neither compared nor sent. Inside text they stay. A value of nothing else is refused.
  - Stored HTML escapes that end in a semicolon, such as C(&amp;), are undone once before a value is shown. In comparisons,
    escapes count as the characters that they stand for, on both sides.
  - Put numbers, codes and words such as V(NO) in quotes. YAML takes V(01067) without them for the number 567, and V(NO) for
    false. Such values are refused.
  - The value V((redacted\)), which the modules return for a hidden field, means not managed when it is declared. A value that
    only holds it, or the mask V(********) of Ansible, is refused.
options:
  account_type:
    description:
      - Whether the customer is an organisation or a private person. It can't be cleared.
    type: str
    choices: [organisation, private]
    aliases: [accountType]
  first_name:
    description:
      - First name of the contact person. It can't be cleared.
    type: str
    aliases: [firstname]
  last_name:
    description:
      - Last name of the contact person. It can't be cleared.
    type: str
    aliases: [lastname]
  company_name:
    description:
      - Name of the organisation.
    type: str
    aliases: [companyname]
  org_number:
    description:
      - Organisation number, alone or behind its country in square brackets, as in V([SE]555555-5555).
      - A number alone belongs to the country that O(country) declares, or else to the account's, and is sent with it.
      - Compared by country and digits, so V(555555-5555), V(5555555555) and V(165555555555) are one number in Sweden.
      - The code of the same country directly in front of the digits is left out, so V(SE555555-5555) is sent as
        V([SE]555555-5555). A number that can only be a VAT number is refused. It belongs into O(vat_number).
      - A sole trader's organisation number is a personal number. Hide it with O(redact).
      - A check digit that does not add up gives a warning, since the API decides.
    type: str
    aliases: [orgno]
  personal_number:
    description:
      - Swedish personal identity number or coordination number, as V(YYMMDD-NNNN) or V(YYYYMMDD-NNNN).
      - It is never shown, in no result, diff or message.
      - Refused with O(api_version=v2), which does not have it.
      - Compared by its last ten digits. A check digit that does not add up gives a warning, since the API decides.
    type: str
    aliases: [personnummer]
  vat_number:
    description:
      - EU VAT number with its country, as in V(SE555555555501).
      - Compared in upper case, without spaces, dots, dashes, commas, colons and slashes.
    type: str
    aliases: [vateu]
  address:
    description:
      - Street and number.
    type: str
    aliases: [address1]
  postcode:
    description:
      - Postal code.
      - Compared in upper case, without spaces, dashes and a leading C(SE-).
    type: str
    aliases: [postal_code]
  city:
    description:
      - City or postal town.
    type: str
  state:
    description:
      - State, province or county. It has nothing to do with the C(state) of other modules, so V(present) and V(absent) are
        refused.
    type: str
  country:
    description:
      - Country as a two-letter code (ISO 3166-1 alpha-2), in upper or lower case. It can't be cleared.
      - V(UK) and V(EL) give a warning, since ISO 3166-1 has C(GB) and C(GR).
    type: str
    aliases: [country_code]
  phone_number:
    description:
      - Phone number, best in international form as V(+46700000000). It can't be cleared.
      - Compared as E.164, so V(+46 70-000 00 00), V(+46 (0\)70 000 00 00), V(0046700000000) and, for an account in Sweden,
        V(070-000 00 00) and V(46700000000) are one number. National numbers belong to the country that O(country) declares, or
        else to the account's.
      - A number that can be read in two ways, such as V(70-000 00 00), is compared by its digits and gives a warning.
    type: str
    aliases: [phonenumber]
  custom_line_0076:
    description:
      - A custom line of HostUp's billing system, which its documentation shows with an e-mail address.
      - Refused with O(api_version=v2), which does not have it.
    type: str
    aliases: [langcustomline0076]
  invoice_reference:
    description:
      - A reference for invoices, such as a cost center.
      - Refused with O(api_version=v1), which does not have it.
    type: str
  language:
    description:
      - The account's language. It can't be cleared. Put V(no) in quotes.
      - Refused with O(api_version=v1), which does not have it. The language that
        M(hostup.cloud.hostup_account_preferences) sets is another setting.
    type: str
    choices: [sv, en, "no", da, fi, de]
    aliases: [language_code]
  compare:
    description:
      - V(normalized) compares what two values mean, as described at each option. Text is compared in Unicode's composed form
        (NFC), with inner runs of white space as one space. A minus sign (U+2212) counts as a dash.
      - V(exact) compares the characters that would be sent with the ones that are stored.
    type: str
    default: normalized
    choices: [normalized, exact]
  unreadable_fields:
    description:
      - What to do with a declared field that the API's record does not hold. A field that was never set can look the same as
        one that the API never gives back, so this is known for certain only after a write.
      - V(update) sends it, on each run as long as the API does not give it back, and warns.
      - V(ignore) sends it only along with other changes.
      - V(fail) refuses to write a field whose current value can't be seen.
    type: str
    default: update
    choices: [update, ignore, fail]
  verify:
    description:
      - Whether the account is compared after a write, as read back (C(v1)), or as the update's answer shows it (C(v2)). The task
        fails when a declared value did not take, and warns when one is stored in another form that means the same.
      - When the answer to the update is lost, the account is read back in any case.
      - When a value is missing, the account is read once more a second later, and what it holds then counts. Some stores show a
        write only after a moment.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - A field that the API never gives back is sent again on each run, see O(unreadable_fields).
extends_documentation_fragment:
  - hostup.cloud.attributes
  - hostup.cloud.connection
  - hostup.cloud.showing
seealso:
  - module: hostup.cloud.hostup_account_info
  - module: hostup.cloud.hostup_account_preferences
"""

EXAMPLES = r"""
- name: Keep the company's details as declared
  hostup.cloud.hostup_account:
    api_key: "{{ vault_hostup_api_key }}"
    account_type: organisation
    company_name: Example AB
    org_number: "[SE]555555-5555"
    vat_number: SE555555555501
    address: Examplegatan 1
    postcode: "123 45"
    city: Stockholm
    country: SE
    phone_number: "+46700000000"

- name: Set the key once for all tasks of the action group
  module_defaults:
    group/hostup.cloud.hostup:
      api_key: "{{ vault_hostup_api_key }}"
  block:
    - name: Name a new contact person
      hostup.cloud.hostup_account:
        first_name: Anna
        last_name: Svensson

    - name: Change nothing but the city, and clear the state
      hostup.cloud.hostup_account:
        city: Göteborg
        state: ""

- name: Refuse to write if the key is another customer's
  hostup.cloud.hostup_account:
    api_key: "{{ vault_hostup_api_key }}"
    account_id: "9257"
    org_number: 555555-5555
    country: SE

- name: A private customer, whose details stay out of the pipeline's log
  hostup.cloud.hostup_account:
    api_key: "{{ vault_hostup_api_key }}"
    account_type: private
    first_name: Anna
    last_name: Svensson
    personal_number: "{{ vault_personal_number }}"
    address: Examplegatan 1
    redact: [all]

- name: See what would change, character by character, without writing
  hostup.cloud.hostup_account:
    api_key: "{{ vault_hostup_api_key }}"
    postcode: "12345"
    compare: exact
  check_mode: true
  diff: true

- name: Branch on the reason of a failure instead of its text
  block:
    - name: Declare the city
      hostup.cloud.hostup_account:
        api_key: "{{ vault_hostup_api_key }}"
        city: Stockholm
      register: declared
  rescue:
    - name: Ask for another key
      ansible.builtin.fail:
        msg: The key of this account needs the scope write:account.
      when: declared.failure.status | default(0) == 403

- name: Send a field that the API does not give back along with other changes only
  hostup.cloud.hostup_account:
    api_key: "{{ vault_hostup_api_key }}"
    custom_line_0076: invoices@example.com
    city: Stockholm
    unreadable_fields: ignore

- name: The same on version 2 of the API, with what only that has
  hostup.cloud.hostup_account:
    api_key: "{{ vault_hostup_api_key }}"
    api_version: v2
    account_id: client_01hxa3b4c5d6e7f8g9h0j1k2m3
    city: Stockholm
    invoice_reference: Cost center 42
    language: sv

- name: Be patient with a slow network, without reading the account back
  hostup.cloud.hostup_account:
    api_key: "{{ vault_hostup_api_key }}"
    phone_number: 070-000 00 00
    verify: false
    api_timeout: 60
    api_retries: 5
    api_retry_max_delay: 120

- name: Go to a test server with a certificate of its own
  hostup.cloud.hostup_account:
    api_key: "{{ vault_hostup_api_key }}"
    api_url: https://hostup.test.example.com/api
    validate_certs: true
    ca_path: /etc/ssl/certs/test-ca.pem
    city: Stockholm
"""

RETURN = r"""
account:
  description:
    - The account after the run, as predicted in check mode. A field that is unset, or that the API does not give, is null, and a
      hidden value reads V((redacted\)).
    - It has the keys of RV(hostup.cloud.hostup_account_info#module:account). All but C(id), C(status) and C(email) can be
      declared again.
  returned: success
  type: dict
  sample: {id: "9257", status: Active, email: anna@example.com, company_name: Example AB, city: Stockholm, country: SE}
diff:
  description:
    - >-
      The changed fields alone, by option name. Unset is an empty string here, and a hidden value reads
      V((redacted: current\)) before and V((redacted: wanted\)) after.
  returned: in diff mode
  type: dict
  contains:
    before:
      description: Values as stored.
      type: dict
      sample: {city: Stockholm}
    after:
      description: Values as sent.
      type: dict
      sample: {city: Lund}
    before_header:
      description: The account's id.
      type: str
      sample: HostUp account 9257
    after_header:
      description: The account's id.
      type: str
      sample: HostUp account 9257
changed_fields:
  description: The declared fields that differ, by option name, sorted.
  returned: success
  type: list
  elements: str
  sample: [city, postcode]
unreadable_fields:
  description:
    - The declared fields that the API did not give back, sorted. After a verified write, those that it did not give back even
      then.
  returned: success
  type: list
  elements: str
  sample: [custom_line_0076]
request_id:
  description:
    - The API's id of the update, for questions to HostUp. Null when the answer to the update was lost, or has none.
  returned: after a write
  type: str
  sample: 8a1f3c52-6a53-4a0b-9d3e-1b2c3d4e5f60
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
      sample: POST
    path:
      description: Path of the request.
      type: str
      sample: /api/account/update
    attempts:
      description: How many requests were sent.
      type: int
      sample: 1
"""

from ansible_collections.hostup.cloud.plugins.module_utils._account import APPLY
from ansible_collections.hostup.cloud.plugins.module_utils._module import HostupModule


def main() -> None:
    HostupModule(APPLY).run()


if __name__ == "__main__":
    main()
