# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument specs of the modules, from the tables of fields. Pure data, no Ansible, no HTTP.

`_validate.py` checks what an argument spec can't say.
"""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, PROFILE_FIELDS, VERSIONS, Field

Spec = t.Dict[str, t.Dict[str, t.Any]]

#: Connection options, of every module.
CONNECTION: Spec = {
    "api_key": {"type": "str", "required": True, "no_log": True},
    "api_url": {"type": "str", "default": "https://cloud.hostup.se/api"},
    "api_version": {"type": "str", "default": "v1", "choices": list(VERSIONS)},
    "api_timeout": {"type": "int", "default": 30},
    "api_retries": {"type": "int", "default": 3},
    "api_retry_max_delay": {"type": "int", "default": 30},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
}

#: Options of every module that shows an account.
SHOWING: Spec = {
    "account_id": {"type": "str"},
    "redact": {"type": "list", "elements": "str", "default": []},
}

_DECLARING: Spec = {
    "unreadable_fields": {"type": "str", "default": "update", "choices": ["update", "ignore", "fail"]},
}

#: For the one preference that can lock people out.
CONFIRMING: Spec = {"confirm_lockout": {"type": "bool", "default": False}}


def _of_fields(fields: t.Iterable[Field]) -> Spec:
    """The options of these fields. Ansible's own defaults are left out."""
    return {
        field.option: {
            "type": field.type,
            **({"elements": "str"} if field.type == "list" else {}),
            **({"aliases": list(field.aliases)} if field.aliases else {}),
            **({"choices": list(field.choices)} if field.choices else {}),
            **({"no_log": True} if field.sensitive else {}),
        }
        for field in fields
    }


#: hostup_account_info and hostup_account_preferences_info.
READ: Spec = {**CONNECTION, **SHOWING}

#: hostup_account.
PROFILE: Spec = {
    **CONNECTION,
    **_of_fields(PROFILE_FIELDS),
    **SHOWING,
    **_DECLARING,
    "compare": {"type": "str", "default": "normalized", "choices": ["normalized", "exact"]},
    "verify": {"type": "bool", "default": True},
}

#: hostup_account_preferences.
PREFERENCES: Spec = {**CONNECTION, **_of_fields(PREFERENCE_FIELDS), **CONFIRMING, **SHOWING, **_DECLARING}

#: hostup_invoice_info.
INVOICE: Spec = {**CONNECTION, "invoice_id": {"type": "int", "required": True}, **SHOWING}
