# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: account_arguments
short_description: The arguments of the modules that declare an account, from the variables of a host
version_added: 1.0.0
author:
  - The hostup.cloud contributors (!UNKNOWN)
description:
  - Makes the arguments of one task with M(hostup.cloud.hostup_account) or M(hostup.cloud.hostup_account_preferences) of the
    variables of the role P(hostup.cloud.hostup_account#role). The roles use it; a playbook of your own seldom needs it.
  - A name that is no option of its dictionary, and a template that fails, are refused in a sentence that names them and quotes
    no value. Ansible's own message on a template would show the lines around it, which may hold personal data or a key.
options:
  _terms:
    description: V(profile), which is the default, or V(preferences).
    type: list
    elements: str
    choices: [profile, preferences]
"""

EXAMPLES = r"""
- name: Declare an account from variables of its host
  hostup.cloud.hostup_account:
  module_defaults:
    hostup.cloud.hostup_account: "{{ lookup('hostup.cloud.account_arguments') }}"

- name: Declare its preferences
  hostup.cloud.hostup_account_preferences:
  module_defaults:
    hostup.cloud.hostup_account_preferences: "{{ lookup('hostup.cloud.account_arguments', 'preferences') }}"
"""

RETURN = r"""
_raw:
  description: The arguments. What is null is left out.
  type: list
  elements: dict
"""

import typing as t

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.plugin_utils._role_arguments import PREFERENCES, PROFILE, declared

_DECLARATIONS = {"profile": PROFILE, "preferences": PREFERENCES}


class LookupModule(LookupBase):
    """Found by Ansible."""

    def run(self, terms: t.Any, variables: t.Any = None, **kwargs: t.Any) -> list[dict[str, t.Any]]:
        """The arguments, as the one element of a list."""
        del kwargs
        problem = ""
        declaration = _DECLARATIONS.get(str(terms[0]) if terms else "profile")
        if declaration is None:
            raise AnsibleError("The lookup hostup.cloud.account_arguments takes profile or preferences.")
        try:
            return [declared(declaration, variables or {}, self._templar)]
        except InvalidOption as error:
            problem = str(error)
        # raised out here, it carries nothing of what was handled there
        raise AnsibleError(problem)
