#!/usr/bin/python
# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hostup_audit
short_description: Compare the HostUp accounts of all hosts of a play with their declared values
version_added: 1.1.0
author:
  - The hostup.cloud contributors (!UNKNOWN)
description:
  - Compares the account of every host of the play with the host's variables and writes reports. It never writes to HostUp.
  - The variables are those of the role P(hostup.cloud.hostup_account#role).
  - Use the role P(hostup.cloud.hostup_audit#role), which runs this module once and fails the play on drift. Use the module if you
    want to judge the report yourself.
  - It runs in one process on the controller, whatever the connection of the hosts, and reads several accounts at a time. An
    account without declared preferences costs one request.
  - A host that failed or was unreachable earlier in the play is an account that could not be checked. So are two hosts with one
    account.
  - Every ten seconds it prints how many accounts it has read.
attributes:
  check_mode:
    support: full
    details:
      - This module never changes an account. It also writes its reports in check mode.
  diff_mode:
    support: N/A
    details:
      - This module never changes an account.
  idempotent:
    support: full
  async:
    support: none
  platform:
    details:
      - It runs on the controller.
extends_documentation_fragment:
  - hostup.cloud.attributes
options:
  report_dir:
    description:
      - Folder of the reports on the controller. The module creates it if it is missing.
      - A relative path starts where you run C(ansible-playbook).
      - Before the first request, the module removes the reports of an earlier audit. It writes all of O(formats) or none.
      - If not set, the module writes no file.
    type: str
  formats:
    description:
      - The reports to write. Their files are C(audit.html), C(audit.md), C(audit.json) and C(audit.junit.xml).
      - They hold personal data, so only their owner can read them.
    type: list
    elements: str
    choices: [html, markdown, json, junit]
    default: [html, markdown, json, junit]
  concurrency:
    description:
      - How many accounts to read at a time, from 1 to 200.
      - If not set, it is the number of Ansible's forks.
    type: int
  api_key:
    description:
      - The key of hosts without C(hostup_account_api_key).
      - Set this option, O(account_id), O(redact), O(ca_path), O(validate_certs) and those that begin with C(api_) in
        C(module_defaults). The variables of a host come first.
      - If not set, the environment variable E(HOSTUP_API_KEY) is used.
    type: str
  api_url:
    description:
      - See O(hostup.cloud.hostup_account#module:api_url).
      - If not set, the environment variable E(HOSTUP_API_URL) is used.
    type: str
  api_version:
    description:
      - See O(hostup.cloud.hostup_account#module:api_version).
      - If not set, the environment variable E(HOSTUP_API_VERSION) is used.
    type: str
    choices: [v1, v2]
  api_timeout:
    description:
      - See O(hostup.cloud.hostup_account#module:api_timeout).
      - If not set, the environment variable E(HOSTUP_API_TIMEOUT) is used.
    type: int
  api_retries:
    description:
      - See O(hostup.cloud.hostup_account#module:api_retries).
      - If not set, the environment variable E(HOSTUP_API_RETRIES) is used.
    type: int
  api_retry_max_delay:
    description:
      - See O(hostup.cloud.hostup_account#module:api_retry_max_delay).
      - If not set, the environment variable E(HOSTUP_API_RETRY_MAX_DELAY) is used.
    type: int
  validate_certs:
    description:
      - See O(hostup.cloud.hostup_account#module:validate_certs).
      - If not set, the environment variable E(HOSTUP_VALIDATE_CERTS) is used.
    type: bool
  ca_path:
    description:
      - See O(hostup.cloud.hostup_account#module:ca_path).
      - If not set, the environment variable E(HOSTUP_CA_PATH) is used.
    type: path
  account_id:
    description:
      - The account of hosts without C(hostup_account_id).
    type: str
  redact:
    description:
      - See O(hostup.cloud.hostup_account#module:redact). An unknown name is an error of each account.
    type: list
    elements: str
notes:
  - If the task has a time limit (C(timeout), C(ANSIBLE_TASK_TIMEOUT)), the module stops shortly before it. The reports name the
    accounts that it has not read by then as not checked.
  - The strategies C(free) and C(host_pinned) are refused before the first request, because they don't visit all hosts together.
seealso:
  - ref: hostup.cloud.hostup_audit role <ansible_collections.hostup.cloud.hostup_audit_role>
    description: Runs this module and fails the play on drift.
  - module: hostup.cloud.hostup_account
"""

EXAMPLES = r"""
- name: Compare all accounts of the play and write two of the reports
  hostup.cloud.hostup_audit:
    report_dir: hostup-audit
    formats: [html, json]
  run_once: true
  register: audit

- name: Read ten accounts at a time from version 2 of the API, and write no file
  hostup.cloud.hostup_audit:
    concurrency: 10
    api_version: v2
  run_once: true
  register: audit

- name: Compare one account whose host has no key, with a certificate authority of your own
  hostup.cloud.hostup_audit:
    api_key: "{{ vault_hostup_api_key }}"
    api_url: https://cloud.hostup.se/api
    api_timeout: 10
    api_retries: 5
    api_retry_max_delay: 60
    validate_certs: true
    ca_path: /etc/ssl/certs/company-ca.pem
    account_id: "9257"
    redact: [phone_number]
  run_once: true
"""

RETURN = r"""
report:
  description:
    - The document C(audit.json), whose schema is C(roles/hostup_audit/files/audit.schema.json).
    - In a play with C(serial), the first batch makes it, and it is empty for the others.
  returned: success, and if the reports can't be written
  type: dict
  sample:
    schema: 1
    generated_at: "2026-02-10T06:00:00Z"
    summary: {accounts: 1, in_sync: 0, drifted: 1, errors: 0}
    accounts:
      - name: example-ab
        account_id: "1001"
        status: drifted
        changes: [{field: city, before: Malmö, after: Lund}]
        error: null
        warnings: []
verdict:
  description: One sentence that says how many accounts drifted or could not be checked, and where the report is.
  returned: success, and if the reports can't be written
  type: str
  sample: "3 of 50 accounts drifted, 1 could not be checked: see hostup-audit/audit.html"
msg:
  description: What failed. If the reports can't be written, it is the verdict with the reason.
  returned: failure
  type: str
  sample: "50 accounts checked, none drifted; no report is written to hostup-audit: no space left on device"
"""
