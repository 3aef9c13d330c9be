# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Phone numbers of every country, against the package `phonenumbers`: one number in all spellings, and never two as one."""

from __future__ import annotations

import re
import typing as t

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from ansible_collections.hostup.cloud.plugins.module_utils import _calling_codes
from ansible_collections.hostup.cloud.plugins.module_utils._phone import normalize, problem, warning
from ansible_collections.hostup.cloud.tests.properties.profiles import PROFILE
from ansible_collections.hostup.cloud.tests.tools import calling_codes

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
#: What people have, and what only some countries' services have.
USUAL = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)
KINDS = tuple(value for name, value in vars(PhoneNumberType).items() if isinstance(value, int) and name.isupper())

#: Inside of Argentina a mobile number has 15 in its middle, and no 9 in front: it is doubted.
REWRITTEN = {("AR", PhoneNumberType.MOBILE)}


def _examples(kinds: t.Iterable[int]) -> list[tuple[str, int, t.Any]]:
    found = [(region, kind, phonenumbers.example_number_for_type(region, kind)) for region in REGIONS for kind in kinds]
    return [(region, kind, number) for region, kind, number in found if number is not None]


def _e164(number: t.Any) -> str:
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def test_the_table_is_the_packages() -> None:
    """If it is not, run `tests/tools/calling_codes.py`."""
    assert calling_codes.PATH.read_text(encoding="utf-8") == calling_codes.table()
    assert len(_calling_codes.TABLE.split("\n")) - 2 == len(REGIONS)


@pytest.mark.parametrize("region", REGIONS)
def test_national_and_international_numbers_are_one(region: str) -> None:
    """What is not taken for one looks odd."""
    for country, kind, number in _examples(KINDS):
        if country != region:
            continue
        expected, national = _e164(number), phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        for style in (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.RFC3966):
            written = phonenumbers.format_number(number, style).replace("tel:", "")
            for account in (region, "SE", ""):
                assert (normalize(written, account), warning(written, account)) == (expected, "")
        inside = normalize(national, region)
        if kind in USUAL and (region, kind) not in REWRITTEN:
            assert (inside, warning(national, region)) == (expected, ""), national
        else:
            assert inside == expected or warning(national, region), national


_grown = st.tuples(st.sampled_from(_examples(KINDS)), st.lists(st.tuples(st.integers(0, 14), st.sampled_from("0123456789"))))


def _changed(number: t.Any, changes: list[tuple[int, str]]) -> t.Any:
    """The number with some digits changed; None where that makes none."""
    digits = list(_e164(number))
    for place, digit in changes:
        # the calling code stays
        if len(digits) - place > 4:
            digits[len(digits) - 1 - place] = digit
    changed = phonenumbers.parse("".join(digits))
    return changed if phonenumbers.is_valid_number(changed) else None


def _spellings(number: t.Any, region: str, kind: int) -> dict[str, bool]:
    """Ways to write it, and whether they must be understood."""
    e164, national = _e164(number), phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    international = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    spelled = {e164: True, international: True, "00" + international[1:]: True, national: False}
    if kind in USUAL:
        spelled[e164[1:]] = False
    trunk = phonenumbers.ndd_prefix_for_region(region, True)
    if trunk and trunk[0] == "0" and not number.italian_leading_zero:
        code, rest = "+%d" % number.country_code, e164[len("+%d" % number.country_code) :]
        spelled.update({"%s (0)%s" % (code, rest): True, "%s %s%s" % (code, trunk, rest): True})
    return spelled


@PROFILE
@given(drawn=_grown, others=_grown, separator=st.sampled_from([" ", "-", "\u2212", ".", "/", "\u200b", "\u00a0"]))
def test_one_number_and_never_another(drawn: t.Any, others: t.Any, separator: str) -> None:
    (region, kind, example), changes = drawn
    number = _changed(example, changes)
    if number is None:
        return
    for written, understood in _spellings(number, region, kind).items():
        spelled = re.sub("(?<=[0-9]) (?=[0-9])", separator, written)
        if problem(spelled):
            continue
        seen = normalize(spelled, region)
        if seen != _e164(number):
            assert not understood, spelled
            assert warning(spelled, region), spelled
            # it is nobody else's
            taken = phonenumbers.parse(seen) if seen.startswith("+") else None
            assert taken is None or not phonenumbers.is_valid_number(taken) or _e164(taken) != seen, spelled
        assert normalize(seen, region) == seen
        # in the eyes of whoever stores it, another number is another one
        other = _changed(others[0][2], others[1])
        if other is not None and _e164(other) != _e164(number):
            assert normalize(_e164(other), region) != seen
