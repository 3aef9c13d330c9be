# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What is shown of an account: the documentation of `SHOWING` in module_utils/_argspec.py."""

    DOCUMENTATION = r"""
options:
  account_id:
    description:
      - The id of the account that the key must belong to, as hostup_account_info returns it in C(account.id). It is a number like
        V(9257) with O(api_version=v1), and a name like V(client_01hxa3b4c5d6e7f8g9h0j1k2m3) with O(api_version=v2).
      - With the key of any other account the task fails before any change, naming both ids. An empty value is refused.
    type: str
  redact:
    description:
      - Fields whose values are not shown in results, diffs, messages and the arguments printed at C(-vvv).
      - V(all) hides every one, and the account's e-mail address. As long as the account has not been read, it hides what the API
        says in words, too; codes and request ids stay. C(personal_number) is hidden in any case.
      - A field that holds the value of a hidden one is hidden as a whole, whatever the spelling. An example is the VAT number of
        a sole trader, which holds the personal number. The task must have declared or read the hidden value. Values with fewer
        than five letters and digits, countries, types and languages do not count.
      - The names are those of the profile's options in M(hostup.cloud.hostup_account) and of the preferences in
        M(hostup.cloud.hostup_account_preferences). All modules of this collection take all of them, so that they can be set in
        C(module_defaults) for all at once. Any other name is refused before a request is sent.
      - The names of changed fields stay visible.
    type: list
    elements: str
    default: []
"""
