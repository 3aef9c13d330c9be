# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeping values out of what users, logs and pipelines see. Pure functions, no Ansible, no HTTP.

`Redaction` hides whole fields, by name, in results, diffs and printed arguments. `Scrubber` takes known secrets
out of text that the API (or something in front of it) wrote.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._fields import BY_OPTION, FIELDS, Account

#: Stands in for a value that is set but not shown. As a declared value it means: not managed.
REDACTED = "(redacted)"
_CURRENT = "(redacted: current)"
_WANTED = "(redacted: wanted)"
#: None of these is a value of the account; whoever declares the last two has copied a diff.
MARKERS = (REDACTED, _CURRENT, _WANTED)

#: A Swedish personal or coordination number: the month tells it from an organisation number.
_PERSONAL_NUMBER = re.compile(
    r"(?<![0-9])(?:18|19|20)?[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01]|[67][0-9]|8[0-9]|9[01])[-+ ]?[0-9]{4}(?![0-9])"
)


def _pattern(value: str) -> str:
    """A regular expression that finds the value; a long number is found however it is grouped."""
    digits = re.sub("[^0-9]", "", value)
    if len(digits) >= 8 and not any(c.isalpha() for c in value):
        # in front may stand a century or a country's code
        return "[+0-9]{0,4}" + "[-+ ./()]*".join(digits[-10:])
    return r"(?<!\w)%s(?!\w)" % re.escape(value)


class Redaction:
    """Which fields are hidden, and how they look then."""

    def __init__(self, redact: t.Iterable[str] = ()) -> None:
        """redact: the option of this name, field names or `all`."""
        names = set(redact)
        self._all = "all" in names
        self._hidden = {f.option for f in FIELDS if self._all or f.sensitive or f.option in names}

    def hides(self, option: str) -> bool:
        """Whether the values of this option are kept out of sight."""
        return option in self._hidden

    def account(self, account: Account) -> dict[str, t.Any]:
        """The return value `account`: every field by its option's name, None where unset."""
        email = REDACTED if self._all and account.email else account.email
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


class Scrubber:
    """Takes known secrets, and whatever looks like a personal number, out of foreign text."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._patterns: set[str] = set()

    def add(self, values: t.Iterable[str]) -> None:
        """More values to take out. Very short ones are left: they would tear ordinary words apart."""
        self._patterns.update(_pattern(value) for value in values if len(value) > 2)

    def __call__(self, foreign: str) -> str:
        foreign = foreign.replace(self._key, REDACTED)
        for pattern in sorted(self._patterns, key=len, reverse=True):
            foreign = re.sub(pattern, REDACTED, foreign, flags=re.IGNORECASE)
        return _PERSONAL_NUMBER.sub(REDACTED, foreign)

    def token(self, foreign: object) -> str | None:
        """An identifier such as an error code or a request id; None where it is not one or holds a secret."""
        if not isinstance(foreign, str) or not re.fullmatch("[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}", foreign):
            return None
        known = [re.escape(self._key)] + list(self._patterns)
        return None if any(re.search(pattern, foreign, re.IGNORECASE) for pattern in known) else foreign

    def line(self, foreign: object, limit: int = 200) -> str | None:
        """One line of at most `limit` characters of a message; None where there is none."""
        if not isinstance(foreign, str):
            return None
        printable = "".join(c if c.isprintable() else " " for c in foreign)
        return self(" ".join(printable.split()))[:limit].rstrip(" .") or None
