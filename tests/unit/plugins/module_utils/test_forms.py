# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of values: which are the same, which can't be right, which look odd, and what is sent."""

from __future__ import annotations

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._fields import BY_OPTION

#: Option, country, forms of one value, values that differ from it.
SAME = [
    ("account_type", "", ["private"], ["organisation", "Private"]),
    ("first_name", "", ["Anna Maria", " Anna  Maria ", "Anna\u00a0Maria", "Anna\u2003 Maria"], ["anna maria", "AnnaMaria"]),
    ("city", "", ["M\u00e5l\u00f6", "Ma\u030alo\u0308"], ["Malo", "m\u00e5l\u00f6"]),
    ("company_name", "", ["Bar & Grill"], ["Bar\u2010Grill", "Bar & grill"]),
    ("country", "", ["SE", "se", "sE"], ["SK"]),
    ("postcode", "SE", ["123 45", "12345", "SE-123 45", "se-12345", "1 2 3-45"], ["123 46", "SE12345"]),
    ("postcode", "GB", ["SE1 2AB", "se12ab"], ["1 2AB"]),
    (
        "phone_number",
        "SE",
        ["+46700000000", "+46 70-000 00 00", "0046700000000", "+46 (0)70 000 00 00", "+46.700000000", "070-000 00 00"]
        + [
            "00 46 (0)70 000 00 00",
            "(070) 000/00 00",
            "(+46) 70 000 00 00",
            "(0046) 700000000",
            "+46 ( 0 ) 70 000 00 00",
            "070\u2013000\u00a000\u00a000",
        ],
        ["+46700000001", "+47700000000", "700000000", "+460700000000"],
    ),
    ("phone_number", "DK", ["+4533000000", "004533000000"], ["033000000", "33000000"]),
    ("phone_number", "", ["0700000000", "070-000 00 00"], ["+46700000000"]),
    ("vat_number", "", ["SE555555555501", "se 555555-5555 01", "SE.5555555555.01", "SE555555\u20135555 01"], ["DK555555555501"]),
    (
        "org_number",
        "SE",
        ["[SE]555555-5555", "555555-5555", "5555555555", "165555555555", "[se] 5555555555", "16555555-5555", "555555/5555"],
        ["[TR]555555-5555", "555555-5556", "[DK]5555555555"],
    ),
    ("org_number", "GB", ["[GB]SC123456", "sc 123456"], ["NI123456", "123456", "16SC123456"]),
    ("org_number", "DK", ["165555555555"], ["5555555555"]),
    (
        "personal_number",
        "",
        [
            "850709-9805",
            "8507099805",
            "19850709-9805",
            "850709+9805",
            "198507099805",
            "19850709 9805",
            "850709\u20139805",
            "1985 07 09 - 9805",
        ],
        ["850709-9806"],
    ),
    ("custom_line_0076", "", ["a@example.com", " a@example.com "], ["A@example.com"]),
]


@pytest.mark.parametrize(("option", "country", "same", "other"), SAME)
def test_normal(option: str, country: str, same: list[str], other: list[str]) -> None:
    form = BY_OPTION[option].form
    (normal,) = {form.normal(value.strip(), country) for value in same}
    assert normal
    assert normal not in {form.normal(value, country) for value in other}


#: Option, values that are accepted, values that can't be right.
PROBLEMS = [
    ("country", ["SE", "se", "KZ"], ["S", "SWE", "S1", "\u00c5X", "SE\n"]),
    (
        "phone_number",
        ["+46700000000", "1234567", "(08) 123 45 67", "08/1234567"],
        ["123456", "070-000 OO OO", "07+00000000", "+", "ext 1234567", "070000000x"],
    ),
    ("postcode", ["123 45", "EC1A 1BB", "-1"], ["-", " - "]),
    ("vat_number", ["DE00000001"], ["--", "."]),
    ("org_number", ["[SE]555555-5555", "[TR]1", "HRB 12345"], ["[SE]", "[SE] -", "[SWE]1", "[]1", "--"]),
    (
        "personal_number",
        ["900101-0017", "19900101-0017", "9001610017", "900101+0017"],
        ["90010-0017", "1900101-0017", "900101-001x", "-", "90010100171"],
    ),
]


@pytest.mark.parametrize(("option", "right", "wrong"), PROBLEMS)
def test_problem(option: str, right: list[str], wrong: list[str]) -> None:
    problem = BY_OPTION[option].form.problem
    assert [value for value in right if problem(value)] == []
    assert [value for value in wrong if not problem(value)] == []


#: Option, country, values whose check digit adds up or is not known, values that look odd.
DOUBTS = [
    ("org_number", "SE", ["555555-5555", "165555555555", "[DK]123", "[TR]555555-0000"], ["555555-0000", "[SE]55555-5555", "5"]),
    ("org_number", "DK", ["123"], ["[SE]123"]),
    ("org_number", "", ["123"], ["[SE]555555-0000"]),
    # a coordination number has 60 added to its day
    ("personal_number", "", ["850709-9805", "19850709-9805", "701063-2391"], ["850709-9806", "900101-0000", "701063-2392"]),
]


@pytest.mark.parametrize(("option", "country", "sound", "odd"), DOUBTS)
def test_doubt(option: str, country: str, sound: list[str], odd: list[str]) -> None:
    doubt = BY_OPTION[option].form.doubt
    assert [value for value in sound if doubt(value, country)] == []
    assert [value for value in odd if not doubt(value, country)] == []


#: Option, country, written, sent.
SENT = [
    ("country", "", "se", "SE"),
    ("org_number", "SE", "5555555555", "[SE]5555555555"),
    ("org_number", "SE", "[tr]555555-0000", "[TR]555555-0000"),
    ("first_name", "", "Anna  Maria", "Anna  Maria"),
    ("phone_number", "SE", "070-000 00 00", "070-000 00 00"),
    ("vat_number", "", "se 5555 01", "se 5555 01"),
]


@pytest.mark.parametrize(("option", "country", "written", "sent"), SENT)
def test_sent(option: str, country: str, written: str, sent: str) -> None:
    assert BY_OPTION[option].form.sent(written, country) == sent
