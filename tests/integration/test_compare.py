# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a declared value is the stored one: by meaning, by character, and for a field that the API does not give back."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._characters import unescaped
from ansible_collections.hostup.cloud.plugins.module_utils._fields import VERSIONS
from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import Played, Player, account

#: Stored (API names), declared (options), differs when normalized, differs when exact.
CASES: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], bool, bool]] = {
    "a postal code without its space": ({"postcode": "123 45"}, {"postcode": "12345"}, False, True),
    "another postal code": ({"postcode": "123 45"}, {"postcode": "123 46"}, True, True),
    "a grouped phone number": ({}, {"phone_number": "+46 70-000 00 00"}, False, True),
    "a national phone number": ({}, {"phone_number": "070-000 00 00"}, False, True),
    "a national phone number, in another country": ({"country": "DK"}, {"phone_number": "070-000 00 00"}, True, True),
    # exact compares what would be sent, and a country is sent in upper case
    "a country in lower case": ({}, {"country": "se"}, False, False),
    "an organisation number without its country": ({"orgno": "[SE]555555-5555"}, {"org_number": "555555-5555"}, False, False),
    "an organisation number without its dash": ({"orgno": "[SE]555555-5555"}, {"org_number": "5555555555"}, False, True),
    "an organisation number with 16": ({"orgno": "[SE]555555-5555"}, {"org_number": "165555555555"}, False, True),
    "an organisation number abroad": ({"orgno": "[SE]555555-5555"}, {"org_number": "[TR]555555-5555"}, True, True),
    "an organisation number, moved by the country": (
        {"orgno": "[SE]555555-5555"},
        {"org_number": "555555-5555", "country": "DK"},
        True,
        True,
    ),
    "white space": ({"firstname": "Anna Maria"}, {"first_name": " Anna  Maria "}, False, True),
    "outer white space alone": ({}, {"first_name": " Anna "}, False, False),
    "another case": ({}, {"first_name": "ANNA"}, True, True),
    "a decomposed letter": ({"city": "Ma\u030alo\u0308"}, {"city": "M\u00e5l\u00f6"}, False, True),
    "unset as null": ({"companyname": None}, {"company_name": ""}, False, False),
    "unset as an empty string": ({"companyname": ""}, {"company_name": None}, False, False),
    "unset as a missing key": ({}, {"vat_number": ""}, False, False),
    "null leaves a field alone": ({}, {"city": None, "account_type": None, "redact": None}, False, False),
    "a VAT number with spaces": ({"vateu": "SE555555555501"}, {"vat_number": "se 555555-5555 01"}, False, True),
    "a personal number with its century": ({}, {"personal_number": "{{ stored_personal_number }}"}, False, True),
    "the type, read from the flag": ({"company": "1"}, {"account_type": "organisation"}, False, False),
    "the type, read from its own key": (
        {"company": "0", "accountType": "organisation"},
        {"account_type": "organisation"},
        False,
        False,
    ),
    "an escaped name": ({"companyname": "Ben &amp; Jerry AB"}, {"company_name": "Ben & Jerry AB"}, False, False),
    "an escaped address": ({"address1": "O&#039;Connells v&auml;g 1"}, {"address": "O'Connells väg 1"}, False, False),
    "an escape that was declared": ({"companyname": "Ben & Jerry AB"}, {"company_name": "Ben &amp; Jerry AB"}, False, False),
    "no escape": ({"companyname": "AT&T R&D &para"}, {"company_name": "AT&T R&D &para"}, False, False),
    "unset as an empty array": ({"companyname": [], "state": {}}, {"company_name": "", "state": ""}, False, False),
    "an array in another field": ({"state": ["a"], "companyname": {"b": 1}, "email": [7]}, {"city": "Stockholm"}, False, False),
    "an invisible character in a postal code": ({"postcode": "111 22"}, {"postcode": "111\u200b22"}, False, True),
    "an invisible character before a text": ({"city": "\ufeffLund"}, {"city": "\u200bLund"}, False, False),
    "a phone number between marks of direction": ({}, {"phone_number": "\u202a+46700000000\u202c"}, False, False),
    "a phone number without its plus": ({}, {"phone_number": "46700000000"}, False, True),
    "a phone number stored without its plus": ({"phonenumber": "46700000000"}, {"phone_number": "+46700000000"}, False, True),
    "a phone number with both prefixes": ({}, {"phone_number": "+46 (070) 000 00 00"}, False, True),
    "a national phone number in Germany": (
        {"country": "DE", "phonenumber": "+49301234567"},
        {"phone_number": "030 1234567"},
        False,
        True,
    ),
    "a phone number in Italy": (
        {"country": "IT", "phonenumber": "+390612345678"},
        {"phone_number": "+39 (0)6 1234 5678"},
        False,
        True,
    ),
    "an organisation number with its country's code": (
        {"orgno": "[SE]555555-5555"},
        {"org_number": "SE555555-5555"},
        False,
        False,
    ),
    "a VAT number with minus signs": ({"vateu": "SE555555555501"}, {"vat_number": "SE555555\u2212555501"}, False, True),
    "a number where text is expected": ({"postcode": 12345}, {"postcode": "12345"}, False, False),
}

#: The three ways of `unreadable_fields`: sent on the first run, on the second run, beside another change; failed; warned.
WAYS = {
    "update": (True, True, True, False, True),
    "ignore": (False, False, True, False, False),
    "fail": (False, False, False, True, False),
}


class Compared(t.NamedTuple):
    played: Played
    emulators: dict[str, Emulator]


def _kept(stored: dict[str, t.Any], weird: bool) -> dict[str, t.Any]:
    """What the emulator keeps: where it escapes what it gives back, it keeps no escapes."""
    return {name: unescaped(value) if weird and isinstance(value, str) else value for name, value in stored.items()}


@pytest.fixture(scope="module", params=[False, True], ids=["as documented", "weird"])
def compared(request: pytest.FixtureRequest, in_process_player: Player, start: Start) -> Compared:
    emulators = {name: start(_kept(case[0], request.param), weird=request.param) for name, case in CASES.items()}
    tasks = [
        account(
            "%s, %s, %s" % (name, compare, version),
            emulators[name].url,
            compare=compare,
            api_version=version,
            _check_mode=True,
            **case[1],
        )
        for name, case in CASES.items()
        for compare in ("normalized", "exact")
        for version in VERSIONS
        if not (version == "v2" and "personal_number" in case[1])
    ]
    secret = in_process_player.secret("stored_personal_number", "19850709-9805")
    return Compared(in_process_player.play(tasks, "-vvvv", play={"vars_files": ["vault.yml", secret]}), emulators)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("compare", ["normalized", "exact"])
@pytest.mark.parametrize("name", CASES)
def test_comparison(compared: Compared, name: str, compare: str, version: str) -> None:
    of_v1_alone = "personal_number" in CASES[name][1]
    assert [entry.method for entry in compared.emulators[name].journal] == ["GET"] * (2 if of_v1_alone else 4)
    if of_v1_alone and version == "v2":
        return
    result = compared.played["%s, %s, %s" % (name, compare, version)]
    assert not result["failed"], result
    assert result["changed"] == CASES[name][2 if compare == "normalized" else 3], result["changed_fields"]


@pytest.mark.parametrize("way", WAYS)
def test_a_field_that_is_never_given_back(in_process_player: Player, start: Start, way: str) -> None:
    first, second, beside, fails, warned = WAYS[way]
    emulator = start(withheld=frozenset({"langcustomline0076"}))
    line: dict[str, t.Any] = {"custom_line_0076": "invoices@example.com", "unreadable_fields": way}
    tasks = [
        account("first", emulator.url, **line),
        account("second", emulator.url, **line),
        account("beside", emulator.url, city="Lund", **line),
        account("cleared", emulator.url, **{**line, "custom_line_0076": ""}),
    ]
    played = in_process_player.play(tasks)
    sent = [("langcustomline0076" in entry.json()) for entry in emulator.writes]
    assert sent == [True] * (first + second + beside)
    for task, changed in (("first", first), ("second", second), ("beside", beside)):
        result = played[task]
        assert (result["failed"], result["changed"]) == (fails, changed), result
        if fails:
            assert "custom_line_0076" in result["msg"]
            assert "nothing was written" in result["msg"]
        else:
            assert result["unreadable_fields"] == ["custom_line_0076"]
            assert any("custom_line_0076" in warning for warning in result.get("warnings", [])) == warned
    # what is not there is unset, as declared
    assert (played["cleared"]["changed"], played["cleared"]["unreadable_fields"]) == (False, [])


def test_a_field_that_is_given_back_once_it_is_set(in_process_player: Player, start: Start) -> None:
    emulator = start()
    played = in_process_player.play([account(name, emulator.url, vat_number="SE555555555501") for name in ("first", "second")])
    assert (played["first"]["changed"], played["first"]["unreadable_fields"]) == (True, [])
    assert "warnings" not in played["first"]
    assert played["second"]["changed"] is False


def test_doubtful_numbers_warn(in_process_player: Player, start: Start) -> None:
    """A check digit that does not add up is the API's to judge; the value is not shown."""
    emulator = start()
    played = in_process_player.play(
        [
            account("wrong", emulator.url, org_number="555555-0000", vat_number="SE555555555501"),
            account("right", emulator.url, org_number="555555-5555", personal_number="{{ vault_personal_number }}"),
        ]
    )
    (warning,) = played["wrong"]["warnings"]
    assert "org_number looks wrong" in warning
    assert "555555" not in warning
    assert played["wrong"]["changed"] is True
    assert "warnings" not in played["right"]
