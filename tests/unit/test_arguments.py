# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values as Ansible hands them to plugins become plain ones: what is on the wire is what the playbook says."""

from __future__ import annotations

import datetime
import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_FIELDS
from ansible_collections.hostup.cloud.plugins.plugin_utils._arguments import normalize_arguments, to_plain


class Tagged(str):
    """A kind of text like those of Ansible."""


class Number(int):
    """A kind of number like those of Ansible."""


class Vaulted:
    """Like ansible-core 2.18's inline vault: not text, but turns into it."""

    def __str__(self) -> str:
        return "secret"


class Fold(dict):  # type: ignore[type-arg]
    """A kind of dictionary like those of Ansible."""


PLAIN: list[tuple[t.Any, t.Any]] = [
    (Tagged("text"), "text"),
    (Vaulted(), "secret"),
    (Number(3), 3),
    (True, True),
    (None, None),
    ([Tagged("a"), (Vaulted(),)], ["a", ["secret"]]),
    (Fold({Tagged("key"): Tagged("value")}), {"key": "value"}),
]


@pytest.mark.parametrize(("value", "expected"), PLAIN)
def test_plain(value: t.Any, expected: t.Any) -> None:
    result = to_plain(value)
    assert (result, type(result)) == (expected, type(expected))
    if isinstance(result, list):
        assert [type(item) for item in result] == [str, list]
    if isinstance(result, dict):
        assert [type(text) for pair in result.items() for text in pair] == [str, str]


def test_names_of_one_field() -> None:
    """Aliases become the option; equal values under two names are one."""
    complete = normalize_arguments(
        {"api_key": " key\n", "orgno": Tagged("1"), "org_number": "1", "city": None}, PROFILE_FIELDS, {}, {}
    )
    assert complete == {"api_key": "key", "org_number": "1"}
    with pytest.raises(InvalidOption, match="org_number is declared twice"):
        normalize_arguments({"api_key": "key", "orgno": "1", "org_number": "2"}, PROFILE_FIELDS, {}, {})


#: What Ansible makes of a text -> what it is called.
NO_TEXT: list[tuple[t.Any, str]] = [
    (True, "was read as a boolean, as happens to words such as NO, yes and off: "),
    (46701234567, "was read as a number, which may have lost leading zeros or a plus sign: "),
    (1e3, "was read as a number"),
    (datetime.date(2026, 1, 2), "was read as a date, which may have lost the form that it was written in: "),
    ((1, 2), "not a list: if it is meant as text, "),
    ({"a": 1}, "not a dictionary: if it is meant as text, "),
    ({1, 2}, "not a list: if it is meant as text, "),
]


@pytest.mark.parametrize(("value", "words"), NO_TEXT)
def test_what_is_no_text_says_how_to_make_it_one(value: t.Any, words: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        normalize_arguments({"api_key": "key", "orgno": value}, PROFILE_FIELDS, {}, {})
    assert str(refused.value).startswith("orgno must be text, ")
    assert words in str(refused.value)
    for way in ("quotes where it is written", "INI inventory", "like '\"01067\"',", "group_vars or host_vars."):
        assert way in str(refused.value)


#: What a byte that is no UTF-8 becomes.
HALF = "Malm\udcf6"


@pytest.mark.parametrize("name", [name for field in PROFILE_FIELDS for name in (field.option, *field.aliases)])
def test_a_field_that_is_not_utf8(name: str) -> None:
    with pytest.raises(InvalidOption, match="^%s is not UTF-8: save the file that it is written in as UTF-8; nothing" % name):
        normalize_arguments({"api_key": "key", name: HALF}, PROFILE_FIELDS, {}, {})
