# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a declared value is the stored one: by meaning, by character, and for a field that the API does not give back."""

from __future__ import annotations

import itertools
import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._characters import unescaped
from ansible_collections.hostup.cloud.plugins.module_utils._fields import VERSIONS
from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import Played, Player, account

#: Stored (API names), declared (options), differs when normalized, differs when exact. The forms of numbers are `_values`'.
CASES: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], bool, bool]] = {
    "a postal code without its space": ({"postcode": "123 45"}, {"postcode": "12345"}, False, True),
    "a number where text is expected": ({"postcode": 12345}, {"postcode": "12345"}, False, False),
    "a national phone number": ({}, {"phone_number": "070-000 00 00"}, False, True),
    # exact compares what would be sent, and a country is sent in upper case
    "a country in lower case": ({}, {"country": "se"}, False, False),
    "an organisation number without its country": ({"orgno": "[SE]555555-5555"}, {"org_number": "555555-5555"}, False, False),
    "a personal number with its century": ({}, {"personal_number": "{{ stored_personal_number }}"}, False, True),
    "the type, read from the flag": ({"company": "1"}, {"account_type": "organisation"}, False, False),
    "the type, read from its own key": (
        {"company": "0", "accountType": "organisation"},
        {"account_type": "organisation"},
        False,
        False,
    ),
    "white space": ({"firstname": "Anna Maria"}, {"first_name": " Anna  Maria "}, False, True),
    "outer white space alone": ({}, {"first_name": " Anna "}, False, False),
    "another case": ({}, {"first_name": "ANNA"}, True, True),
    "an escaped name": ({"companyname": "Ben &amp; Jerry AB"}, {"company_name": "Ben & Jerry AB"}, False, False),
    "an escape that was declared": ({"companyname": "Ben & Jerry AB"}, {"company_name": "Ben &amp; Jerry AB"}, False, False),
    "no escape": ({"companyname": "AT&T R&D &para"}, {"company_name": "AT&T R&D &para"}, False, False),
    "unset as null": ({"companyname": None}, {"company_name": ""}, False, False),
    "unset as an empty string": ({"companyname": ""}, {"company_name": None}, False, False),
    "unset as a missing key": ({}, {"vat_number": ""}, False, False),
    "unset as an empty array": ({"companyname": [], "state": {}}, {"company_name": "", "state": ""}, False, False),
    "an array in another field": ({"state": ["a"], "companyname": {"b": 1}, "email": [7]}, {"city": "Stockholm"}, False, False),
    "null leaves a field alone": ({}, {"city": None, "account_type": None, "redact": None}, False, False),
}

#: The ways of `unreadable_fields`: sent on the first run, on the second run, beside another change; failed; warned.
WAYS = {
    "update": (True, True, True, False, True),
    "ignore": (False, False, True, False, False),
    "fail": (False, False, False, True, False),
}
#: Whether the API writes its records as a PHP back end may, `compare`, `api_version`. Unit tests hold exact with escapes.
VARIANTS = [
    *itertools.product([False], ["normalized", "exact"], VERSIONS),
    *itertools.product([True], ["normalized"], VERSIONS),
    (True, "exact", "v1"),
]
TASKS = [
    (name, *variant)
    for name, case in CASES.items()
    for variant in VARIANTS
    if not (variant[2] == "v2" and "personal_number" in case[1])
]


class Compared(t.NamedTuple):
    played: Played
    emulators: dict[t.Any, Emulator]


def _kept(stored: dict[str, t.Any], weird: bool) -> dict[str, t.Any]:
    """What the emulator keeps: where it escapes what it gives back, it keeps no escapes."""
    return {name: unescaped(value) if weird and isinstance(value, str) else value for name, value in stored.items()}


@pytest.fixture(scope="module")
def compared(in_process_player: Player, start: Start) -> Compared:
    """All tasks in one run."""
    emulators: dict[t.Any, Emulator] = {}
    tasks = []
    for name, weird, compare, version in TASKS:
        if (name, weird) not in emulators:
            emulators[name, weird] = start(_kept(CASES[name][0], weird), weird=weird)
        options = {"compare": compare, "api_version": version, "_check_mode": True, **CASES[name][1]}
        tasks.append(account(str((name, weird, compare, version)), emulators[name, weird].url, **options))
    for way in WAYS:
        emulators[way] = start(withheld=frozenset({"langcustomline0076"}))
        line = {"custom_line_0076": "invoices@example.com", "unreadable_fields": way}
        for name, more in {"first": {}, "second": {}, "beside": {"city": "Lund"}, "cleared": {"custom_line_0076": ""}}.items():
            tasks.append(account(way + name, emulators[way].url, **{**line, **more}))
    tasks.append(account("wrong", start().url, org_number="555555-0000", vat_number="SE555555555501"))
    tasks.append(account("right", start().url, org_number="555555-5555", personal_number="{{ vault_personal_number }}"))
    secret = in_process_player.secret("stored_personal_number", "19850709-9805")
    return Compared(in_process_player.play(tasks, "-vvvv", play={"vars_files": ["vault.yml", secret]}), emulators)


@pytest.mark.parametrize(("name", "weird", "compare", "version"), TASKS)
def test_comparison(compared: Compared, name: str, weird: bool, compare: str, version: str) -> None:
    result = compared.played[str((name, weird, compare, version))]
    assert not result["failed"], result
    assert result["changed"] == CASES[name][2 if compare == "normalized" else 3], result["changed_fields"]
    requests = [entry.method for entry in compared.emulators[name, weird].journal]
    assert requests == ["GET"] * len([task for task in TASKS if task[:2] == (name, weird)])


@pytest.mark.parametrize("way", WAYS)
def test_a_field_that_is_never_given_back(compared: Compared, way: str) -> None:
    first, second, beside, fails, warned = WAYS[way]
    sent = ["langcustomline0076" in entry.json() for entry in compared.emulators[way].writes]
    assert sent == [True] * (first + second + beside)
    for task, changed in (("first", first), ("second", second), ("beside", beside)):
        result = compared.played[way + task]
        assert (result["failed"], result["changed"]) == (fails, changed), result
        if fails:
            assert "custom_line_0076" in result["msg"]
            assert "nothing was written" in result["msg"]
        else:
            assert result["unreadable_fields"] == ["custom_line_0076"]
            assert any("custom_line_0076" in warning for warning in result.get("warnings", [])) == warned
    # a missing field is unset, as declared
    cleared = compared.played[way + "cleared"]
    assert (cleared["changed"], cleared["unreadable_fields"]) == (False, [])


def test_doubtful_numbers_warn(compared: Compared) -> None:
    """A check digit that does not add up is the API's to judge; the value is not shown."""
    wrong = compared.played["wrong"]
    (warning,) = wrong["warnings"]
    assert "org_number looks wrong" in warning
    assert "555555" not in warning
    assert wrong["changed"] is True
    assert "warnings" not in compared.played["right"]
