# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read of records that a PHP back end wrote: escapes, empty arrays, values of other types."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils import _characters, _codec
from ansible_collections.hostup.cloud.plugins.module_utils._account_api import account_in
from ansible_collections.hostup.cloud.plugins.module_utils._codec import InvalidResponse, value

#: Stored, read.
TEXTS = [
    ("Ben &amp; Jerry AB", "Ben & Jerry AB"),
    ("O&#039;Connells v&auml;g 1", "O'Connells v\u00e4g 1"),
    ("O&#x27;Connell &eacute;", "O'Connell \u00e9"),
    # once: the name itself has an escape in it
    ("Ben &amp;amp; Jerry", "Ben &amp; Jerry"),
    # what does not end in a semicolon is no escape, and what nobody knows is none
    ("AT&T R&D &copy &para 5", "AT&T R&D &copy &para 5"),
    ("A&notit; &nosuch; &;&#;", "A&notit; &nosuch; &;&#;"),
    # control characters, halves of characters and what is none
    ("a&#10;b&#0;c&#x1b;d&#xD800;e&#9999999;", "a&#10;b&#0;c&#x1b;d&#xD800;e&#9999999;"),
    ("&euro; &#8364; &#128; &#128512;", "\u20ac \u20ac \u20ac \U0001f600"),
    ("\ufeffLund", "Lund"),
    ("\u202aLund\u202c", "Lund"),
    ("a\u200bb", "a\u200bb"),
    (" Lund ", " Lund "),
    ([], ""),
    ({}, ""),
    (None, ""),
    (7, "7"),
]


@pytest.mark.parametrize(("stored", "read"), TEXTS)
def test_a_text_is_read(stored: t.Any, read: str) -> None:
    assert value({"city": stored}, "city", _codec.TEXT) == read
    assert _characters.as_read(read) == read or "&" in str(stored)


@pytest.mark.parametrize("odd", [[], {}, ["a"], {"x": 1}])
@pytest.mark.parametrize("name", ["status", "email", "city", "company", "orgno", "accountType", "country"])
def test_odd_values_in_version_1(name: str, odd: t.Any) -> None:
    """Empty is unset; what can't be read is unset, too, and fails only where it is needed."""
    record = {"id": "1", "city": "Lund", name: odd}
    known = account_in(record, "v1", ["postcode"])
    assert (known.status, known.email) == (None, None)
    assert set(known.values.values()) <= {"", "Lund"}
    needed = {"orgno": "org_number", "accountType": "account_type", "company": "account_type"}.get(name, name)
    if odd in ([], {}) or name in ("status", "email"):
        assert account_in(record, "v1", [needed]) == known
    else:
        with pytest.raises(InvalidResponse, match="holds something else than text as %s" % name):
            account_in(record, "v1", [needed])


@pytest.mark.parametrize(
    ("record", "needed", "said"),
    [
        ({"address": []}, "city", ""),
        ({"address": None}, "city", ""),
        ({"address": ["a"]}, "city", "an object in address"),
        ({"address": ["a"]}, "first_name", ""),
        ({"address": {"city": ["a"]}}, "city", "text as address.city"),
        ({"address": {"city": ["a"]}}, "state", ""),
        ({"registrationIdentifier": []}, "org_number", ""),
        ({"registrationIdentifier": {"value": [], "countryCode": "SE"}}, "org_number", ""),
        ({"registrationIdentifier": {"value": ["a"]}}, "org_number", "text as registrationIdentifier"),
        ({"registrationIdentifier": {"value": ["a"]}}, "city", ""),
    ],
)
def test_odd_values_in_version_2(record: dict[str, t.Any], needed: str, said: str) -> None:
    if said:
        with pytest.raises(InvalidResponse, match=said):
            account_in({"id": "1", **record}, "v2", [needed])
    else:
        assert set(account_in({"id": "1", **record}, "v2", [needed]).values.values()) == {""}


def test_an_identifier_is_unescaped() -> None:
    record = {"id": "1", "registrationIdentifier": {"value": "A&amp;1", "countryCode": "SE"}}
    assert account_in(record, "v2").values["org_number"] == "[SE]A&1"


@pytest.mark.parametrize(
    "wrong", [["a"], {"x": 1}, True, "9257\n+city: Faked", "9257\x1b[31m", "9" * 5000, "\u0669\u0662\u0665\u0667"]
)
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_an_account_needs_its_id(wrong: t.Any, version: str) -> None:
    """Messages and the headers of diffs show it."""
    with pytest.raises(InvalidResponse):
        account_in({"id": wrong, "city": "Lund"}, version)


@pytest.mark.parametrize("raw", [9257, 9257.0, "9257.0", " 9257\n"])
def test_an_id_may_have_been_taken_for_a_number(raw: t.Any) -> None:
    assert account_in({"id": raw}, "v1").id == "9257"
