# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans: countries that are not known, escapes, ignored fields; and the verification after a write."""

from __future__ import annotations

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_FIELDS, Account
from ansible_collections.hostup.cloud.plugins.module_utils._plan import in_another_form, make_plan, verify


def account(**values: str) -> Account:
    """An account that gives all of its fields back but those whose value is "?"."""
    stored = {field.option: values.get(field.option, "") for field in PROFILE_FIELDS}
    given = frozenset(option for option, value in stored.items() if value != "?")
    return Account("1", "Active", None, {option: value.replace("?", "") for option, value in stored.items()}, given)


def test_a_number_that_needs_a_country() -> None:
    with pytest.raises(InvalidOption, match="org_number needs a country"):
        make_plan({"org_number": "555555-5555"}, account(), "normalized", "update")
    plan = make_plan({"org_number": "[SE]555555-5555"}, account(), "normalized", "update")
    assert plan.changes == {"org_number": "[SE]555555-5555"}
    assert make_plan({"org_number": "555555-5555"}, account(org_number="5555555555"), "normalized", "update").changes == {}


@pytest.mark.parametrize(
    ("option", "stored", "declared", "exact"),
    [
        ("company_name", "Ben & Jerry AB", "Ben & Jerry AB", False),
        ("company_name", "Ben & Jerry AB", "Ben &amp; Jerry AB", False),
        ("company_name", "Ben &amp; Jerry AB", "Ben & Jerry AB", True),
        ("company_name", "AT&T", "AT&T", False),
        ("city", "\ufeffLund", "Lund", True),
        ("vat_number", "SE5555\u200b55555501", "SE555555555501", True),
    ],
)
def test_escapes_and_invisible_characters(option: str, stored: str, declared: str, exact: bool) -> None:
    """As read, that is with one level of escapes undone: no change, but character by character."""
    for compare, differs in (("normalized", False), ("exact", exact)):
        plan = make_plan({option: declared}, account(**{option: stored}), compare, "update")
        assert bool(plan.changes) is differs, compare


def test_the_declared_country_comes_first() -> None:
    declared = {"org_number": "12345678", "country": "dk"}
    plan = make_plan(declared, account(org_number="[SE]12345678", country="SE"), "normalized", "update")
    assert plan.changes == {"org_number": "[DK]12345678", "country": "DK"}


def test_an_ignored_field_is_sent_along_with_others() -> None:
    declared = {"vat_number": "SE1", "city": "Lund"}
    there = make_plan(declared, account(vat_number="?", city="Lund"), "normalized", "ignore")
    assert (there.changes, there.unreadable) == ({}, ["vat_number"])
    elsewhere = make_plan(declared, account(vat_number="?", city="Umeå"), "normalized", "ignore")
    assert set(elsewhere.changes) == {"vat_number", "city"}


def test_a_plan_applied_leaves_nothing_to_do() -> None:
    declared = {"city": "Lund", "state": "", "country": "se", "org_number": "5555555555", "phone_number": "070-000 00 00"}
    plan = make_plan(declared, account(city="Umeå", state="Skåne", country="DK"), "normalized", "update")
    assert make_plan(declared, plan.after, "normalized", "update").changes == {}
    assert make_plan(declared, plan.after, "exact", "update").changes == {}


#: Stored after the update -> mismatched, stored differently, unreadable.
VERIFICATIONS = [
    ({"city": "Lund", "postcode": "123 45"}, [], [], []),
    ({"city": "Lund", "postcode": "12345"}, [], ["postcode"], []),
    ({"city": "Umeå", "postcode": "123 45"}, ["city"], [], []),
    ({"city": "", "postcode": "?"}, ["city"], [], ["postcode"]),
    # declared and equal before, so not sent: still part of the promise
    ({"city": "Lund", "postcode": "123 45", "state": "Blekinge"}, ["state"], [], []),
]


@pytest.mark.parametrize(("stored", "mismatched", "differently", "unreadable"), VERIFICATIONS)
def test_verification_after_an_update(
    stored: dict[str, str], mismatched: list[str], differently: list[str], unreadable: list[str]
) -> None:
    declared = {"city": "Lund", "postcode": "123 45", "state": "Skåne", "address": ""}
    plan = make_plan(declared, account(city="Umeå", state="Skåne", address="x"), "normalized", "update")
    found = verify(plan, declared, account(**{"state": "Skåne", **stored}))
    assert (found.mismatched, found.stored_differently, found.unreadable) == (mismatched, differently, unreadable)


#: Before the update, sent, stored after it -> whether that is the sent value in another form.
STORED: dict[str, tuple[object, object, object, bool]] = {
    "case": ("Lund", "Malmö", "MALMÖ", True),
    "case, as before": ("LUND", "Lund", "LUND", True),
    "spaces": ("", "c/o Anna Berg", "c/oAnnaBerg", True),
    "signs": ("", "Storgatan 1-3", "Storgatan 1 3.", True),
    "escapes": ("", "Ben & Jerry AB", "Ben &amp; Jerry AB", True),
    "escapes twice": ("", "Östra vägen", "&amp;Ouml;stra v&amp;auml;gen", True),
    "accents gone": ("", "Östra vägen", "Ostra vagen", True),
    "accents apart": ("", "Malmö", "Malmo\u0308", True),
    "question marks": ("", "Östra vägen", "?stra v?gen", True),
    "replacement characters": ("", "Østergade 1", "\ufffdstergade 1", True),
    "letters left out": ("", "Østergade 1", "stergade 1", True),
    "another encoding": ("", "Malmö", "Malm\u00c3\u00b6", True),
    "cut off": ("", "Kristianstad", "Kristian", True),
    "a phone without its sign": ("", "+46700000000", "46700000000", True),
    "a list": (["a"], ["Invoices", "news"], ["NEWS", "invoices"], True),
    "as before, and the beginning of what was sent": ("Lund", "Lundby", "Lund", False),
    "as before, but for an accent": ("Malmå", "Malmö", "Malmå", False),
    "someone else's": ("Lund", "Malmö", "Umeå", False),
    "nothing": ("Lund", "Malmö", "", False),
    "signs alone": ("", "Malmö", "-", False),
    "other letters alone": ("", "Αθήνα", "Ελλάδα", False),
    "cleared": ("Lund", "", "Lund", False),
    "a flag": (False, True, False, False),
    "unknown": (None, "sv", None, False),
    "a word for a list": ("default", ["news"], "default", False),
}


@pytest.mark.parametrize("name", STORED)
def test_a_value_stored_in_another_form(name: str) -> None:
    before, sent, stored, expected = STORED[name]
    found = in_another_form(["option"], {"option": before}, {"option": sent}, {"option": stored})
    assert found == (["option"] if expected else [])
    assert in_another_form(["option"], {}, {"another": sent}, {"option": stored}) == [], "it was not sent"


def test_a_letter_that_was_lost_before_looks_wrong() -> None:
    plan = make_plan({"city": "Malm\ufffd"}, account(), "normalized", "update")
    assert plan.warnings == [
        "city looks wrong: it holds U+FFFD, which stands for a letter that was lost before. It is left to the API to decide."
    ]
