# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values as Ansible hands them to plugins become plain ones: what is on the wire is what the playbook says."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._fields import FIELDS
from ansible_collections.hostup.cloud.plugins.plugin_utils._arguments import from_playbook, plain


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
    result = plain(value)
    assert (result, type(result)) == (expected, type(expected))
    if isinstance(result, list):
        assert [type(item) for item in result] == [str, list]
    if isinstance(result, dict):
        assert [type(text) for pair in result.items() for text in pair] == [str, str]


def test_names_of_one_field() -> None:
    """Aliases become the option; equal values under two names are one."""
    complete = from_playbook({"api_key": " key\n", "orgno": Tagged("1"), "org_number": "1", "city": None}, FIELDS, {}, {})
    assert complete == {"api_key": "key", "org_number": "1"}
    with pytest.raises(InvalidOption, match="org_number is declared twice"):
        from_playbook({"api_key": "key", "orgno": "1", "org_number": "2"}, FIELDS, {}, {})
