# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeping values out of what users, logs and pipelines see. Pure functions, no Ansible, no HTTP.

`Redaction` hides whole fields, by name, in results, diffs and printed arguments. Text that the API wrote is
`_scrub.py`'s concern.
"""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._fields import BY_OPTION, FIELDS, Account

#: Stands in for a value that is set but not shown. As a declared value it means: not managed.
REDACTED = "(redacted)"
_CURRENT = "(redacted: current)"
_WANTED = "(redacted: wanted)"
#: None of these is a value of the account; whoever declares the last two has copied a diff.
MARKERS = (REDACTED, _CURRENT, _WANTED)


class Redaction:
    """Which fields are hidden, and how they look then."""

    def __init__(self, redact: t.Iterable[str] = ()) -> None:
        """redact: the option of this name, field names or `all`."""
        names = set(redact)
        #: Whether the account's e-mail address is hidden, which is no field of its own.
        self.hides_email = "all" in names
        self._hidden = {f.option for f in FIELDS if self.hides_email or f.sensitive or f.option in names}

    def hides(self, option: str) -> bool:
        """Whether the values of this option are kept out of sight."""
        return option in self._hidden

    def account(self, account: Account) -> dict[str, t.Any]:
        """The return value `account`: every field by its option's name, None where unset."""
        email = REDACTED if self.hides_email and account.email else account.email
        shown: dict[str, t.Any] = {"id": account.id, "status": account.status, "email": email}
        for field in FIELDS:
            value = account.values[field.option].strip()
            shown[field.option] = (REDACTED if self.hides(field.option) else account.values[field.option]) if value else None
        return shown

    def diff(self, before: dict[str, str], after: dict[str, str], account_id: str | None) -> dict[str, t.Any]:
        """The return value `diff`, of the changed fields alone."""
        header = "HostUp account %s" % (account_id or "(no id)")
        return {
            "before": self._side(before, _CURRENT),
            "after": self._side(after, _WANTED),
            "before_header": header,
            "after_header": header,
        }

    def _side(self, values: dict[str, str], marker: str) -> dict[str, str]:
        return {option: marker if value and self.hides(option) else value for option, value in values.items()}

    def arguments(self, params: dict[str, t.Any]) -> dict[str, t.Any]:
        """What the module prints of its own arguments at `-vvv`: by option names, without a secret."""
        shown = {}
        for name, value in params.items():
            secret = name == "api_key" or (name in BY_OPTION and self.hides(name))
            # a refused address may hold a password
            secret = secret or (name == "api_url" and any(c in "@?#" for c in str(value)))
            shown[name] = REDACTED if secret and value else value
        return shown
