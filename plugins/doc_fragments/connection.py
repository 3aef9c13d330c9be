# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """How the modules reach the API: the documentation of `CONNECTION` in module_utils/_argspec.py."""

    DOCUMENTATION = r"""
options:
  api_key:
    description:
      - The API key, made in the HostUp control panel. It needs the scope C(read:account) and, to change the account,
        C(write:account). Some preferences need C(write:billing), and invoices C(read:billing).
      - Keep it in a file encrypted with Ansible Vault and set it once, in C(module_defaults).
      - White space around it is ignored. A key with white space or a control character inside is refused.
      - If not set, the environment variable E(HOSTUP_API_KEY) is used. One of the two is required.
    type: str
    required: true
  api_url:
    description:
      - The base address of the API, without a version. A trailing slash does not matter.
      - V(http://) is refused unless the host is this machine, and so is user information in the address.
      - If not set, the environment variable E(HOSTUP_API_URL) is used.
    type: str
    default: https://cloud.hostup.se/api
  api_version:
    description:
      - The version of HostUp's API to use. The same playbook does the same with both, but for what only one of them has.
      - V(v1) alone has the profile's C(personal_number) and C(custom_line_0076), the account's C(status), and invoices.
      - V(v2) alone has the profile's C(invoice_reference) and C(language), and the preferences C(notification_delivery),
        C(separate_invoices) and C(card_auto_charge). An option that the version does not have is refused before any request.
      - An account's id is another one in each version. See O(account_id).
      - If not set, the environment variable E(HOSTUP_API_VERSION) is used.
    type: str
    default: v1
    choices: [v1, v2]
  api_timeout:
    description:
      - Seconds that one attempt may take, from connecting to the last byte of the answer. From 1 to 86400.
      - So a task ends within requests x ((1 + O(api_retries)) x O(api_timeout) + O(api_retries) x O(api_retry_max_delay))
        seconds, however slowly a server or a proxy sends. A task on the profile makes 3 requests at most (reading, updating,
        reading back), one on preferences 3 with V(v1) and 7 with V(v2), one that only reads 3. An update that does not
        show at once adds one request and one second. With V(v2), preferences can have two such updates.
      - Only the look-up of the host's name is not in it. It is the operating system's, which has limits of its own, by default
        some 10 seconds for each name server.
      - If not set, the environment variable E(HOSTUP_API_TIMEOUT) is used.
    type: int
    default: 30
  api_retries:
    description:
      - Further attempts after the first, when the connection fails, the answer does not come or is a 429 or 5xx. From 0 (one
        request) to 100.
      - An update sets values and may be repeated, so it is sent again like a read.
      - The waits in between are 0, 1, 2, 4, 8 seconds and so on, at most O(api_retry_max_delay), unless the API asks for
        another. So the default bridges three seconds; an outage of minutes takes more attempts.
      - If not set, the environment variable E(HOSTUP_API_RETRIES) is used.
    type: int
    default: 3
  api_retry_max_delay:
    description:
      - Longest single wait between two attempts, in seconds. From 0 to 86400.
      - When the API asks for a longer one, the task fails at once and says how long it asked for.
      - If not set, the environment variable E(HOSTUP_API_RETRY_MAX_DELAY) is used.
    type: int
    default: 30
  validate_certs:
    description:
      - Whether the certificate of the API's server is checked. Turning this off gives the key to whoever answers.
      - If not set, the environment variable E(HOSTUP_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - A file with the certificate authorities to trust (PEM), on the machine that runs the task. No named pipe and no device.
      - Without it, the file is the one that C(requests) would take, which E(REQUESTS_CA_BUNDLE) can name.
      - If not set, the environment variable E(HOSTUP_CA_PATH) is used. Named there, the file is read once for many accounts.
    type: path
requirements:
  - requests >= 2.25, with the urllib3 >= 1.26 that it brings, for the Python that runs the task
notes:
  - The environment variables E(HOSTUP_API_KEY) and so on are those of the machine where Ansible runs, wherever the task itself
    runs. In the task's keyword C(environment) they are refused where they would count, since Ansible shows them in the process
    list.
  - A task whose connection is C(local), without C(become), C(async) or C(environment), runs in Ansible's own process, on the
    Python that Ansible runs on. Any other runs as an ordinary module on its target. The variable C(hostup_in_process), set to
    V(false), forces the module. Results and requests are the same.
  - Proxies are taken from the usual environment variables E(HTTPS_PROXY), E(HTTP_PROXY) and E(NO_PROXY).
  - Redirects are not followed and C(~/.netrc) is not read, so that the key goes nowhere else.
"""
