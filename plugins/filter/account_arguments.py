# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: account_arguments
short_description: The arguments of hostup_account, from the variables of a host
version_added: 1.0.0
author:
  - The hostup.cloud contributors (!UNKNOWN)
description:
  - Makes the arguments of one task with M(hostup.cloud.hostup_account) of the variables of the role
    P(hostup.cloud.hostup_account#role). The roles use it; a playbook of your own seldom needs it.
  - A name that is no option of its dictionary is refused, in a sentence that names it and quotes no value.
options:
  _input:
    description: The options of the account's profile, as in O(hostup.cloud.hostup_account#role:main:hostup_account_profile).
    type: dict
    required: true
  options:
    description: Other options, as in O(hostup.cloud.hostup_account#role:main:hostup_account_options).
    type: dict
  api_key:
    description: The API key.
    type: str
  account_id:
    description: The account that the key must belong to.
    type: str
"""

EXAMPLES = r"""
- name: Declare an account from variables of its host
  hostup.cloud.hostup_account:
  module_defaults:
    hostup.cloud.hostup_account: "{{ hostup_account_profile | hostup.cloud.account_arguments(api_key=hostup_account_api_key) }}"
"""

RETURN = r"""
_value:
  description: The arguments. What is null is left out.
  type: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.plugin_utils._declaration import arguments


def _account_arguments(
    profile: object, options: object = None, api_key: object = None, account_id: object = None
) -> dict[str, t.Any]:
    for value in (profile, options, api_key, account_id):
        # ansible-core 2.18 hands over what is undefined, which says so as soon as it is asked anything
        bool(value)
    try:
        return arguments(profile, options, api_key, account_id)
    except InvalidOption as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    """Found by Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """This file's filters, by name."""
        return {"account_arguments": _account_arguments}
