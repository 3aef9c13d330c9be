# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of values: which are the same, which can't be right, which look odd, and what is sent."""

from __future__ import annotations

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_BY_OPTION

#: Option, country, forms of one value, values that differ from it.
SAME = [
    ("account_type", "", ["private"], ["organisation", "Private"]),
    ("first_name", "", ["Anna Maria", " Anna  Maria ", "Anna\u00a0Maria", "Anna\u2003 Maria"], ["anna maria", "AnnaMaria"]),
    ("city", "", ["M\u00e5l\u00f6", "Ma\u030alo\u0308"], ["Malo", "m\u00e5l\u00f6"]),
    ("country", "", ["SE", "se", "sE"], ["SK"]),
    ("first_name", "", ["Anna", "\ufeffAnna", "\u202aAnna\u202c", "Anna\u200b \u2060"], ["An\u200dna"]),
    (
        "postcode",
        "SE",
        ["123 45", "12345", "SE-123 45", "se-12345", "1 2 3-45", "12\u200b345", "SE\u2212123\u221245", "\ufeff123\u00ad45"],
        ["123 46", "SE12345"],
    ),
    ("postcode", "GB", ["SE1 2AB", "se12ab"], ["1 2AB"]),
    (
        "phone_number",
        "SE",
        [
            "+46700000000",
            "+46 70-000 00 00",
            "0046700000000",
            "+46 (0)70 000 00 00",
            "+46.700000000",
            "070-000 00 00",
            "00 46 (0)70 000 00 00",
            "(070) 000/00 00",
            "(+46) 70 000 00 00",
            "(0046) 700000000",
            "+46 ( 0 ) 70 000 00 00",
            "070\u2013000\u00a000\u00a000",
            "070\u2212000\u221200\u221200",
            "\u202a+46700000000\u202c",
            "+46\u200b70\u00ad0000000",
            "46700000000",
            "46 (0)70 000 00 00",
            "46 070-000 00 00",
            "+46 070-000 00 00",
            "+46 (070) 000 00 00",
            "+460700000000",
            "0046 070 000 00 00",
        ],
        ["+46700000001", "+47700000000", "700000000", "70-000 00 00"],
    ),
    # Lund without its zero, or a number of seven digits with its country's code
    ("phone_number", "SE", ["46 123 45 67"], ["+46461234567", "+461234567"]),
    ("phone_number", "DK", ["+4533000000", "004533000000", "33000000", "33 00 00 00", "45 33 00 00 00"], ["033000000"]),
    ("phone_number", "", ["0700000000", "070-000 00 00"], ["+46700000000"]),
    ("phone_number", "", ["+46700000000", "+46 (0)70 000 00 00", "+46 070 000 00 00", "0046 070 0000000"], ["46700000000"]),
    ("phone_number", "IT", ["+390612345678", "06 1234 5678", "+39 (0)6 12345678", "+39 06 12345678"], ["+39612345678"]),
    ("phone_number", "US", ["+12125550123", "(212) 555-0123", "1 212 555 0123", "12125550123", "+1 (0)2125550123"], ["5550123"]),
    ("phone_number", "US", ["+46701234567", "011 46 70 123 45 67", "0046 70 123 45 67", "011 46 (0)70 1234567"], ["46701234567"]),
    ("phone_number", "LT", ["+37052345678", "8 5 2345678", "(8-5) 234 5678", "0 5 2345678", "+370 8 5 2345678"], ["52345678"]),
    (
        "vat_number",
        "",
        [
            "SE555555555501",
            "se 555555-5555 01",
            "SE.5555555555.01",
            "SE555555\u20135555 01",
            "SE555555\u22125555 01",
            "\u202aSE555\u200b555555501\u202c",
        ],
        ["DK555555555501"],
    ),
    (
        "org_number",
        "SE",
        [
            "[SE]555555-5555",
            "555555-5555",
            "5555555555",
            "165555555555",
            "[se] 5555555555",
            "16555555-5555",
            "555555/5555",
            "SE555555-5555",
            "SE-555555-5555",
            "se 555555-5555",
            "[SE]SE555555-5555",
            "[SE] se-5555555555",
            "SE165555555555",
            "555555\u22125555",
            "[SE]\u200b555555\u00ad5555",
            "\u202a[SE]555555-5555\u202c",
        ],
        ["[TR]555555-5555", "555555-5556", "[DK]5555555555"],
    ),
    ("org_number", "GB", ["[GB]SC123456", "sc 123456"], ["NI123456", "123456", "16SC123456"]),
    ("org_number", "DK", ["165555555555"], ["5555555555"]),
    ("org_number", "DK", ["13585628", "DK13585628", "[DK]DK-13 58 56 28"], ["[SE]13585628", "SE13585628"]),
    # where the country's letters are part of the number
    ("org_number", "CH", ["CHE-123.456.788", "[CH]CHE123456788"], ["E123456788", "123456788"]),
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
            "850709\u22129805",
            "8507\u200b09\u00ad-9805",
        ],
        ["850709-9806"],
    ),
    ("custom_line_0076", "", ["a@example.com", " a@example.com "], ["A@example.com"]),
]


@pytest.mark.parametrize(("option", "country", "same", "other"), SAME)
def test_which_values_are_the_same(option: str, country: str, same: list[str], other: list[str]) -> None:
    normalize = PROFILE_BY_OPTION[option].value_type.normalize
    (normal,) = {normalize(value.strip(), country) for value in same}
    assert normal
    assert normal not in {normalize(value, country) for value in other}


#: Option, values that are accepted, values that can't be right.
PROBLEMS = [
    ("country", ["SE", "se", "KZ"], ["S", "SWE", "S1", "\u00c5X", "SE\n", "S\u200bE"]),
    (
        "phone_number",
        ["+46700000000", "1234567", "(08) 123 45 67", "08/1234567", "\u202a070-000 00 00\u202c", "08\u2212123\u200b4567"],
        ["123456", "070-000 OO OO", "07+00000000", "+", "ext 1234567", "070000000x"],
    ),
    ("postcode", ["123 45", "EC1A 1BB", "-1"], ["-", " - "]),
    ("vat_number", ["DE00000001"], ["--", "."]),
    # of the right ones: some countries' VAT numbers are the country's code and the same number, or may be
    (
        "org_number",
        [
            "[SE]555555-5555",
            "[TR]1",
            "HRB 12345",
            "SE556016-0680",
            "[SE]SE-5560160680",
            "SE165560160680",
            "556016068001",
            "DK13585628",
            "FI20774740",
            "NO 999 999 999",
            "IT00743110157",
            "CHE-123.456.788",
            "IE6433435F",
            "SE212000-0142",
        ],
        [
            "[SE]",
            "[SE] -",
            "[SWE]1",
            "[]1",
            "--",
            "SE556016068001",
            "se 556016-0680 01",
            "[SE]SE556016068001",
            "SE\u2212556016\u22120680\u221201",
            "SE202100247501",
            "[SE]556016068001",
            "923609016MVA",
            "[NO]923 609 016 mva",
            "NO 999 999 999 MVA",
            "DE 123 456 789",
            "GB 999 9999 73",
            "ATU13585627",
            "FR40303265045",
            "NL004495445B01",
        ],
    ),
    (
        "personal_number",
        ["900101-0017", "19900101-0017", "9001610017", "900101+0017", "900101\u22120017", "\u202a900101-\u200b0017\u202c"],
        ["90010-0017", "1900101-0017", "900101-001x", "-", "90010100171"],
    ),
]


@pytest.mark.parametrize(("option", "right", "wrong"), PROBLEMS)
def test_which_values_can_not_be_right(option: str, right: list[str], wrong: list[str]) -> None:
    problem = PROFILE_BY_OPTION[option].value_type.problem
    assert [value for value in right if problem(value)] == []
    assert [value for value in wrong if not problem(value)] == []


#: Option, country, values whose check digit adds up or is not known, values that look odd.
WARNINGS = [
    ("org_number", "SE", ["555555-5555", "165555555555", "[DK]123", "[TR]555555-0000"], ["555555-0000", "[SE]55555-5555", "5"]),
    ("org_number", "DK", ["123"], ["[SE]123"]),
    ("country", "", ["SE", "GB", "GR", "gr"], ["UK", "EL", "uk", "el"]),
    (
        "phone_number",
        "SE",
        ["070-123 45 67", "+46 70 123 45 67", "46701234567", "+45 33 00 00 00", "0045 33000000", "+46 070-123 45 67"],
        ["70-123 45 67", "46 123 45 67", "33 00 00 00", "0123 456 789 012 3"],
    ),
    ("phone_number", "DK", ["33 00 00 00", "45 33 00 00 00"], ["033 00 00 00", "330 00 00"]),
    (
        "phone_number",
        "US",
        ["(212) 555-0123", "1-212-555-0123", "011 46 701234567", "0046 701234567"],
        ["555-0123", "46701234567"],
    ),
    # 001 is a carrier's way abroad there
    ("phone_number", "KR", ["02-2123-4567", "+82 2 2123 4567"], ["001 46 70 123 45 67", "22123 4567"]),
    ("phone_number", "", ["+46701234567", "0046701234567"], ["070-123 45 67", "46701234567"]),
    # a coordination number has 60 added to its day
    ("personal_number", "", ["850709-9805", "19850709-9805", "701063-2391"], ["850709-9806", "900101-0000", "701063-2392"]),
]


@pytest.mark.parametrize(("option", "country", "sound", "odd"), WARNINGS)
def test_which_values_look_odd(option: str, country: str, sound: list[str], odd: list[str]) -> None:
    warning = PROFILE_BY_OPTION[option].value_type.warning
    assert [value for value in sound if warning(value, country)] == []
    assert [value for value in odd if not warning(value, country)] == []


#: Option, country, written, sent.
SENT = [
    ("country", "", "se", "SE"),
    ("org_number", "SE", "5555555555", "[SE]5555555555"),
    ("org_number", "SE", "[tr]555555-0000", "[TR]555555-0000"),
    ("org_number", "SE", "[DK]SE556016-0680", "[DK]SE556016-0680"),
    ("first_name", "", "Anna  Maria", "Anna  Maria"),
    ("vat_number", "", "SE5555\u200b01", "SE555501"),
    ("phone_number", "SE", "070\u2011000\u200b 00 00", "070\u2011000 00 00"),
    ("org_number", "SE", "SE556016-0680", "[SE]556016-0680"),
    ("org_number", "SE", "\uff3bSE\uff3d556016-0680", "[SE]556016-0680"),
    ("org_number", "GR", "EL094259216", "[GR]094259216"),
    ("org_number", "SE", "[SE]SE 556016-0680", "[SE]556016-0680"),
    ("org_number", "DK", "SE556016-0680", "[DK]SE556016-0680"),
    ("org_number", "CH", "CHE-123.456.788", "[CH]CHE-123.456.788"),
]


@pytest.mark.parametrize(("option", "country", "written", "sent"), SENT)
def test_what_is_sent(option: str, country: str, written: str, sent: str) -> None:
    assert PROFILE_BY_OPTION[option].value_type.sent(written, country) == sent
