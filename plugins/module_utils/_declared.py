# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task declares, checked before anything is sent. Pure functions, no Ansible, no HTTP."""

from __future__ import annotations

import re
import typing as t
import unicodedata

from ansible_collections.hostup.cloud.plugins.module_utils._characters import (
    fully_unescaped,
    invisible_in,
    shows_nothing,
    stripped,
    visible,
)
from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._fields import BY_OPTION, VERSIONS, Field
from ansible_collections.hostup.cloud.plugins.module_utils._options import NOT_UTF8, is_utf8
from ansible_collections.hostup.cloud.plugins.module_utils._redact import holds_mask
from ansible_collections.hostup.cloud.plugins.module_utils._settings import SETTINGS, Setting
from ansible_collections.hostup.cloud.plugins.module_utils._shapes import DEFAULT

#: Characters of a value.
_MAX_LENGTH = 255

_HOLDS_A_MARKER = "holds the marker of a hidden value, not the value: leave the option out, or give it the value"

#: A time zone (IANA), a language, a category of e-mail.
_NAME = re.compile(r"[A-Za-z0-9_./:+-]{1,100}")


def invoice_id(params: dict[str, t.Any]) -> int:
    """Which invoice. Raises InvalidOption."""
    number: int = params["invoice_id"]
    if number < 1:
        raise InvalidOption("invoice_id must be a whole number from 1, not %d." % number)
    if params["api_version"] != "v1":
        raise InvalidOption(
            "invoices are not in HostUp's API %s, as far as it is documented: set api_version to v1 for this task; nothing was "
            "sent." % params["api_version"]
        )
    return number


def profile(params: dict[str, t.Any]) -> dict[str, str]:
    """The declared profile: option -> value without outer white space and invisible characters, "" to clear.

    Options that are not managed are left out. Raises InvalidOption; the sentence never shows the value.
    """
    declared = {option: params[option] for option in BY_OPTION if params.get(option) is not None}
    for option, value in declared.items():
        _see_that_it_exists(BY_OPTION[option], params["api_version"])
        wrong = problem(BY_OPTION[option], value)
        if wrong:
            raise InvalidOption("%s %s; nothing was sent." % (option, wrong))
    return {option: stripped(value) for option, value in declared.items()}


def settings(params: dict[str, t.Any]) -> dict[str, t.Any]:
    """The declared preferences: option -> text, true, false, or a sorted list of names. Raises InvalidOption.

    An `api_version` of None is one that is not known yet.
    """
    values: dict[str, t.Any] = {}
    for setting in SETTINGS:
        value = params.get(setting.option)
        if value is None:
            continue
        _see_that_it_exists(setting, params["api_version"])
        if setting.kind != "bool":
            words = value if setting.kind == "list" else [value]
            value = _categories(value) if setting.kind == "list" else stripped(value)
            wrong = next(filter(None, map(_nothing_seen, words)), "") or _setting_problem(setting, value)
            if wrong:
                raise InvalidOption("%s %s; nothing was sent." % (setting.option, wrong))
        values[setting.option] = value
    if values.get("bankid_only_login") and not params["confirm_lockout"]:
        raise InvalidOption(
            "bankid_only_login can lock out everyone who logs in with a password: set confirm_lockout to true, too, if that is "
            "meant; nothing was sent."
        )
    return values


def _see_that_it_exists(row: Field | Setting, version: str | None) -> None:
    if version is None or row.name_in(version):
        return
    other = next(other for other in VERSIONS if row.name_in(other))
    raise InvalidOption(
        "%s is not in HostUp's API %s, but in %s: set api_version to %s, or leave the option out; nothing was sent."
        % (row.option, version, other, other)
    )


def _categories(value: list[str]) -> str | list[str]:
    names = sorted({stripped(name) for name in value})
    return DEFAULT if names == [DEFAULT] else names


def _setting_problem(setting: Setting, value: str | list[str]) -> str:
    """Why a declared text, or a list of names, can't be right; "" where it can be."""
    if isinstance(value, list) and DEFAULT in [word.lower() for word in value]:
        return "holds default beside other names, or not in lower case: expected the word default alone, or a list of categories"
    for word in [value] if isinstance(value, str) else value:
        if holds_mask(word):
            return _HOLDS_A_MARKER
        if not is_utf8(word):
            return NOT_UTF8
        if not _NAME.fullmatch(word):
            expected = "names of categories" if setting.kind == "list" else "a name such as Europe/Stockholm"
            return _expected(
                "%s, of letters, digits and signs without white space" % expected, word, bool(_NAME.fullmatch(visible(word)))
            )
    return ""


def problem(field: Field, value: str) -> str:
    """Why a declared value can't be right, in words that don't show it; "" where it can be."""
    wrong = _nothing_seen(value)
    if wrong:
        return wrong
    value = stripped(value)
    if not value:
        return "" if field.clearable else "may not be cleared: leave it out, or give it a value"
    if holds_mask(value):
        return _HOLDS_A_MARKER
    if len(value) > _MAX_LENGTH:
        return "is %d characters long: expected at most %d" % (len(value), _MAX_LENGTH)
    if not is_utf8(value):
        return NOT_UTF8
    if any(unicodedata.category(c) == "Cc" for c in value):
        return "holds a control character (a line break, a tab or the like): expected one line of text"
    expected = field.form.problem(value)
    if expected:
        return _expected(expected, value, not field.form.problem(visible(value)))
    # an escape can stand for white space
    meant = stripped(fully_unescaped(value))
    return "" if meant and field.form.normal(meant, "") else "can't be right: expected a letter or a digit"


def _nothing_seen(value: str) -> str:
    """Why a value without one visible character can't be right. White space alone is one that clears."""
    if not shows_nothing(value) or not value.strip():
        return ""
    return "holds an invisible character (%s) and nothing else: leave it out, or give it a value" % invisible_in(value)


def _expected(expected: str, value: str, right_but_for_it: bool) -> str:
    wrong = "holds an invisible character (%s)" % invisible_in(value) if right_but_for_it else "can't be right"
    return "%s: expected %s" % (wrong, expected)
