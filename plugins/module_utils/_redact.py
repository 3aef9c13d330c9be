# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeping values out of what users, logs and pipelines see. Pure functions, no Ansible, no HTTP.

`Redaction` hides whole fields in results, diffs and printed arguments: those that are hidden by name, and those that hold the
value of one. Text that the API wrote is `_scrub.py`'s concern.
"""

from __future__ import annotations

import itertools
import typing as t
import unicodedata

from ansible_collections.hostup.cloud.plugins.module_utils import _values
from ansible_collections.hostup.cloud.plugins.module_utils._characters import fully_unescaped, shows_nothing, stripped
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, PROFILE_FIELDS, Account

#: Stands in for a value that is set but not shown. As a declared value it means: not managed.
REDACTED = "(redacted)"
_CURRENT = "(redacted: current)"
_WANTED = "(redacted: wanted)"
#: What a value that holds one of these has of a hidden one, in small letters: this collection's marker, and Ansible's two.
_MASKS = ("(redacted", "********", "value_specified_in_no_log_parameter")

#: What the option `redact` may name beside `all`: all modules take the same, so that it can be set for all of them at once.
HIDEABLE = tuple(dict.fromkeys(field.option for field in (*PROFILE_FIELDS, *PREFERENCE_FIELDS)))
_SENSITIVE = frozenset(field.option for field in PROFILE_FIELDS if field.sensitive)

_OPTIONS = {name: field.option for field in PROFILE_FIELDS for name in (field.option, *field.aliases)}
#: Options of any text: a value of few possible ones tells nothing, and would hide every field that has the word.
_FREE = frozenset(
    field.option
    for field in (*PROFILE_FIELDS, *PREFERENCE_FIELDS)
    if field.type == "str" and not field.choices and field.value_type is not _values.COUNTRY
)

#: Of numbers, how many of the last digits tell them: in front may be a century, a country or a trunk prefix.
_LAST_DIGITS = {_values.PERSONAL_NUMBER: 10, _values.ORG_NUMBER: 10, _values.VAT_NUMBER: 10, _values.PHONE: 8}
_DIGITS_OF = {field.option: _LAST_DIGITS[field.value_type] for field in PROFILE_FIELDS if field.value_type in _LAST_DIGITS}
#: With fewer digits, or fewer letters and digits, a value stands in others by chance.
_FEWEST_DIGITS, _FEWEST_LETTERS = 7, 5


def known_names(redact: object) -> list[str]:
    """The names in an unchecked option `redact`; all where it is not understood."""
    listed = redact or []
    return listed if isinstance(listed, list) and {*map(str, listed)} <= {*HIDEABLE, "all"} else ["all"]


def holds_mask(value: str) -> bool:
    """Whether a declared value was made of one that was hidden, white space and what can't be seen aside."""
    plain = unicodedata.normalize("NFKC", fully_unescaped(value)).casefold()
    seen = "".join(c for c in plain if c.isprintable() and not shows_nothing(c))
    return any(mask in seen for mask in _MASKS)


class Redaction:
    """Which fields are hidden, and how they look then."""

    def __init__(self, redact: t.Iterable[str] = ()) -> None:
        """redact: the option of this name, field names or `all`."""
        names = set(redact)
        #: Whether everything is hidden, the account's e-mail address included, which is no field of its own.
        self.hides_all = "all" in names
        self._hidden = frozenset(HIDEABLE) if self.hides_all else _SENSITIVE | names
        self._numbers: set[str] = set()
        self._texts: set[str] = set()

    def learn(self, values: t.Mapping[str, object]) -> None:
        """Learn values by option, declared or read. A value that holds a hidden one is then hidden as well."""
        for option, value in values.items():
            if not isinstance(value, str) or option not in _FREE or not self.hides(option):
                continue
            number = _digits(value)[-_DIGITS_OF[option] :] if option in _DIGITS_OF else ""
            text = "".join(_words(value))
            if len(number) >= _FEWEST_DIGITS:
                self._numbers.add(number)
            elif len(text) >= _FEWEST_LETTERS:
                self._texts.add(text)

    def hides(self, option: str) -> bool:
        """Whether the values of this option are kept out of sight."""
        return option in self._hidden

    def _hides_value(self, option: str, value: object) -> bool:
        return self.hides(option) or (option in _FREE and self._holds_hidden(value))

    def _holds_hidden(self, value: object) -> bool:
        """Whether this value holds a hidden one, in any spelling: a number by its digits, a text by its words."""
        text = str(value)
        digits = _digits(text) if self._numbers else ""
        return any(number in digits for number in self._numbers) or (bool(self._texts) and _has_words(text, self._texts))

    def account(self, account: Account) -> dict[str, t.Any]:
        """The return value `account`: every field by its option's name, None where unset."""
        hidden = account.email and (self.hides_all or self._holds_hidden(account.email))
        shown: dict[str, t.Any] = {"id": account.id, "status": account.status, "email": REDACTED if hidden else account.email}
        for field in PROFILE_FIELDS:
            value = account.values[field.option]
            shown[field.option] = self.shown(field.option, value) if stripped(value) else None
        return shown

    def shown(self, option: str, value: t.Any) -> t.Any:
        """A value that is this option's, or as telling as it: None where there is none."""
        return None if value in (None, "") else REDACTED if self._hides_value(option, value) else value

    def diff(self, before: t.Mapping[str, t.Any], after: t.Mapping[str, t.Any], header: str) -> dict[str, t.Any]:
        """The return value `diff`, of the changed fields alone."""
        # the one side of a field can tell most of the other
        hidden = {o for side in (before, after) for o, value in side.items() if self._hides_value(o, value)}
        return {
            "before": _side(before, hidden, _CURRENT),
            "after": _side(after, hidden, _WANTED),
            "before_header": header,
            "after_header": header,
        }

    def arguments(self, params: dict[str, t.Any]) -> dict[str, t.Any]:
        """What the module prints of its own arguments at `-vvv`: by option names, without a secret."""
        known = {name: _OPTIONS.get(name, name) for name in params}
        # they may be unchecked
        self.learn({known[name]: str(value) for name, value in params.items()})
        shown = {}
        for name, value in params.items():
            # a refused address may hold a password
            secret = name == "api_key" or (name == "api_url" and any(c in "@?#" for c in str(value)))
            hidden = secret or self._hides_value(known[name], value)
            shown[name] = REDACTED if hidden and value not in (None, "", []) else value
        return shown


def _side(values: t.Mapping[str, t.Any], hidden: t.Container[str], marker: str) -> dict[str, t.Any]:
    return {
        option: "" if value is None else marker if value != "" and option in hidden else value for option, value in values.items()
    }


def _digits(text: str) -> str:
    """The digits of a value, of whatever script."""
    return "".join(str(unicodedata.digit(c)) for c in unicodedata.normalize("NFKC", fully_unescaped(text)) if c.isdecimal())


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in unicodedata.normalize("NFKC", fully_unescaped(text)).casefold()).split()


def _has_words(text: str, wanted: t.Iterable[str]) -> bool:
    """Whether some words of the text, one after the other, are the letters and digits of a wanted one."""
    words = _words(text)
    letters, edges = "".join(words), {0, *itertools.accumulate(map(len, words))}
    for letters_of_one in wanted:
        start = letters.find(letters_of_one)
        while start >= 0:
            if start in edges and start + len(letters_of_one) in edges:
                return True
            start = letters.find(letters_of_one, start + 1)
    return False
