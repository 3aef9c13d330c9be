# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which values are hidden, in results, in diffs, and in what a module prints of its own arguments."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_FIELDS, Account
from ansible_collections.hostup.cloud.plugins.module_utils._redact import REDACTED, Redaction, holds_mask

KEY = "hup-secret-key"
PERSONAL = {"personal_number": "850709-9805"}


def test_printed_arguments() -> None:
    """They follow the same rule as the result."""
    params = {"api_key": KEY, "city": "Lund", "address": "Storgatan 2", "personal_number": "", "api_url": "https://a:b@c"}
    assert Redaction(["address"]).arguments(params) == {
        "api_key": "(redacted)",
        "city": "Lund",
        "address": "(redacted)",
        "personal_number": "",
        "api_url": "(redacted)",
    }


#: What is hidden, by option; another option, and its value that is hidden for it.
HELD: dict[str, tuple[dict[str, str], str, str]] = {
    "an organisation number": (PERSONAL, "org_number", "[SE]850709-9805"),
    "another dash": (PERSONAL, "org_number", "[SE]850709\u20139805"),
    "no dash": (PERSONAL, "org_number", "8507099805"),
    "a century": (PERSONAL, "org_number", "19850709-9805"),
    "a hidden century": ({"personal_number": "198507099805"}, "org_number", "850709-9805"),
    "a VAT number": (PERSONAL, "vat_number", "SE850709980501"),
    "a VAT number in groups": (PERSONAL, "vat_number", "se 850709-9805.01"),
    "what can't be seen": (PERSONAL, "vat_number", "SE85\u200b0709\u00ad9805\u206001"),
    "an escape": (PERSONAL, "vat_number", "SE850709&#45;980501"),
    "an escaped escape": (PERSONAL, "vat_number", "SE&amp;#56;50709980501"),
    "another script": (PERSONAL, "company_name", "\u0668\u0665\u0660\u0667\u0660\u0669 \uff19\uff18\uff10\uff15 AB"),
    "a sentence": (PERSONAL, "custom_line_0076", "Org. 85 07 09, 98 05, att. Anna"),
    "a plus sign": (PERSONAL, "address", "c/o 850709+9805"),
    "an odd personal number": ({"personal_number": "s3cret-09"}, "address", "c/o S3CRET 09"),
    "an organisation number that is hidden": ({"org_number": "[SE]556016-0680"}, "vat_number", "SE556016068001"),
    "one with 16": ({"org_number": "165560160680"}, "custom_line_0076", "556016-0680"),
    "a short one of another country": ({"org_number": "[DK]12345678"}, "vat_number", "DK12345678"),
    "a VAT number that is hidden": ({"vat_number": "DE 123456789"}, "custom_line_0076", "VAT 123.456.789"),
    "a phone number": ({"phone_number": "+46 70-123 45 67"}, "custom_line_0076", "Call 070/1234567"),
    "a national phone number": ({"phone_number": "070-123 45 67"}, "custom_line_0076", "0046 (0)70 123 45 67"),
    "a name": ({"last_name": "Svensson"}, "company_name", "Anna SVENSSON Konsult"),
    "a double name": ({"last_name": "Berg-Lund"}, "company_name", "Berg Lund AB"),
    "a decomposed name": ({"city": "Malm\u00f6"}, "state", "Malmo\u0308 kommun"),
    "a postal code": ({"postcode": "123 45"}, "address", "Box 7, SE-12345"),
    "an address": ({"address": "Storgatan 2"}, "custom_line_0076", "To: Storgatan 2, Lund"),
    "the same value": ({"city": "Stockholm"}, "state", "Stockholm"),
}
#: The same, and a value that is shown.
SHOWN: dict[str, tuple[dict[str, str], str, str]] = {
    "another number": (PERSONAL, "vat_number", "SE850709980401"),
    "a part of the number": (PERSONAL, "custom_line_0076", "850709"),
    "a part of a word": ({"last_name": "Svensson"}, "city", "Svenssonstad"),
    "two halves of words": ({"last_name": "Berglund"}, "city", "Xberg Lundx"),
    "a short name": ({"first_name": "Anna"}, "company_name", "Anna AB"),
    "a type": ({"account_type": "private"}, "company_name", "Private Care AB"),
    "a language": ({"language": "sv"}, "city", "sv"),
    "a country": ({"country": "SE"}, "vat_number", "SE"),
    "a value of few possible ones": ({"company_name": "Private"}, "account_type", "private"),
    "nothing": ({"personal_number": "", "city": ""}, "state", "Stockholm"),
    "signs": ({"address": "-----"}, "state", "-----"),
}


def _redaction(hidden: dict[str, str]) -> Redaction:
    redaction = Redaction(list(hidden))
    redaction.learn(hidden)
    return redaction


@pytest.mark.parametrize("name", [*HELD, *SHOWN])
def test_a_hidden_value_in_another_field(name: str) -> None:
    hidden, option, value = {**HELD, **SHOWN}[name]
    redaction, expected = _redaction(hidden), REDACTED if name in HELD else value
    values = {**{field.option: "" for field in PROFILE_FIELDS}, option: value}
    assert redaction.account(Account("1", None, None, values, frozenset()))[option] == expected
    assert Redaction(list(hidden)).arguments({**hidden, option: value})[option] == expected
    diff = redaction.diff({option: value}, {option: "other"}, "")
    assert diff["before"] == {option: value if name in SHOWN else "(redacted: current)"}
    # the other side of such a field could show most of it
    assert diff["after"] == {option: "other" if name in SHOWN else "(redacted: wanted)"}
    assert redaction.diff({option: ""}, {option: value}, "")["before"] == {option: ""}


def test_id_and_status_are_shown() -> None:
    """They say which account it is; its e-mail address is a value like any other."""
    values = dict.fromkeys((field.option for field in PROFILE_FIELDS), "")
    account = Account("8507099805", "8507099805", "850709-9805@example.com", values, frozenset())
    shown = _redaction(PERSONAL).account(account)
    assert (shown["id"], shown["status"], shown["email"]) == ("8507099805", "8507099805", REDACTED)


def test_printed_arguments_under_other_names() -> None:
    """They are shown before they are checked, too."""
    params: dict[str, t.Any] = {"personnummer": 8507099805, "orgno": 8507099805, "vateu": ["SE850709980501"], "city": "Lund"}
    assert Redaction().arguments(params) == {**dict.fromkeys(("personnummer", "orgno", "vateu"), REDACTED), "city": "Lund"}


def test_a_flood_is_no_work() -> None:
    """Were it not linear, this test would never end."""
    redaction = _redaction({**PERSONAL, "city": "a" * 1000})
    for flood in ("a" * 100000, "b a " * 50000, "85" * 50000):
        assert redaction.shown("state", flood + "c") == flood + "c"
        assert redaction.shown("state", flood + " 850709-9805") == REDACTED


MASKS = [
    "(redacted)",
    "(redacted: current)",
    "(redacted: wanted)",
    "SE(redacted)01",
    "[SE](redacted)",
    "(Redacted",
    "( redacted )",
    "(re\u200bdacted)",
    "\uff08redacted\uff09",
    "&#40;redacted)",
    "&amp;lpar;redacted)",
    "(\u3164redacted)",
    "********",
    "SE********01",
    "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER",
]


@pytest.mark.parametrize("value", MASKS)
def test_masks(value: str) -> None:
    assert holds_mask(value)


@pytest.mark.parametrize("value", ["redacted", "(reda", "Redacted AB", "*** Sterne", "Stjärnan (f.d. Solen)", ""])
def test_what_is_no_mask(value: str) -> None:
    assert not holds_mask(value)
