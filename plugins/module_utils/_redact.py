# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeping values out of what users, logs and pipelines see. Pure functions, no Ansible, no HTTP.

`Redaction` hides whole fields, by name, in results, diffs and printed arguments. Text that the API wrote is
`_scrub.py`'s concern.
"""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._fields import FIELDS, Account
from ansible_collections.hostup.cloud.plugins.module_utils._settings import SETTINGS

#: Stands in for a value that is set but not shown. As a declared value it means: not managed.
REDACTED = "(redacted)"
_CURRENT = "(redacted: current)"
_WANTED = "(redacted: wanted)"
#: None of these is a value of the account; whoever declares the last two has copied a diff.
MARKERS = (REDACTED, _CURRENT, _WANTED)

#: What the option `redact` may name beside `all`: all modules take the same, so that it can be set for all of them at once.
HIDEABLE = tuple(dict.fromkeys(row.option for row in (*FIELDS, *SETTINGS)))
_SENSITIVE = frozenset(field.option for field in FIELDS if field.sensitive)


class Redaction:
    """Which fields are hidden, and how they look then."""

    def __init__(self, redact: t.Iterable[str] = ()) -> None:
        """redact: the option of this name, field names or `all`."""
        names = set(redact)
        #: Whether everything is hidden, the account's e-mail address included, which is no field of its own.
        self.hides_all = "all" in names
        self._hidden = frozenset(HIDEABLE) if self.hides_all else _SENSITIVE | names

    def hides(self, option: str) -> bool:
        """Whether the values of this option are kept out of sight."""
        return option in self._hidden

    def account(self, account: Account) -> dict[str, t.Any]:
        """The return value `account`: every field by its option's name, None where unset."""
        email = REDACTED if self.hides_all and account.email else account.email
        shown: dict[str, t.Any] = {"id": account.id, "status": account.status, "email": email}
        for field in FIELDS:
            value = account.values[field.option].strip()
            shown[field.option] = (REDACTED if self.hides(field.option) else account.values[field.option]) if value else None
        return shown

    def preferences(self, values: dict[str, t.Any]) -> dict[str, t.Any]:
        """The return value `preferences`: every setting by its option's name, None where unset or unknown."""
        return {option: self.shown(option, value) for option, value in values.items()}

    def shown(self, option: str, value: t.Any) -> t.Any:
        """A value that is this option's, or as telling as it: None where there is none."""
        return None if value in (None, "") else REDACTED if self.hides(option) else value

    def diff(self, before: t.Mapping[str, t.Any], after: t.Mapping[str, t.Any], header: str) -> dict[str, t.Any]:
        """The return value `diff`, of the changed fields alone."""
        return {
            "before": self._side(before, _CURRENT),
            "after": self._side(after, _WANTED),
            "before_header": header,
            "after_header": header,
        }

    def _side(self, values: t.Mapping[str, t.Any], marker: str) -> dict[str, t.Any]:
        return {
            option: "" if value is None else marker if value != "" and self.hides(option) else value
            for option, value in values.items()
        }

    def arguments(self, params: dict[str, t.Any]) -> dict[str, t.Any]:
        """What the module prints of its own arguments at `-vvv`: by option names, without a secret."""
        shown = {}
        for name, value in params.items():
            # a refused address may hold a password
            secret = name == "api_key" or self.hides(name) or (name == "api_url" and any(c in "@?#" for c in str(value)))
            shown[name] = REDACTED if secret and value not in (None, "", []) else value
        return shown
