# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VAT, organisation and personal numbers of the countries that most customers are in, against the package `stdnum`."""

from __future__ import annotations

import datetime
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.de import vat as de_vat
from stdnum.dk import cvr
from stdnum.fi import alv, ytunnus
from stdnum.gb import vat as gb_vat
from stdnum.no import mva
from stdnum.no import orgnr as no_orgnr
from stdnum.se import orgnr, personnummer
from stdnum.se import vat as se_vat

from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_BY_OPTION
from ansible_collections.hostup.cloud.plugins.module_utils._validate import problem
from ansible_collections.hostup.cloud.tests.properties.profiles import PROFILE
from ansible_collections.hostup.cloud.tests.properties.strategies import numbers

#: Option, country, the package's module, digits without the last one or two, what stands behind the digits.
KINDS: dict[str, tuple[str, str, t.Any, int, str]] = {
    "vat_number SE": ("vat_number", "SE", se_vat, 9, "01"),
    "vat_number NO": ("vat_number", "NO", mva, 8, "MVA"),
    "vat_number DK": ("vat_number", "DK", cvr, 7, ""),
    "vat_number FI": ("vat_number", "FI", alv, 7, ""),
    "vat_number DE": ("vat_number", "DE", de_vat, 8, ""),
    "vat_number GB": ("vat_number", "GB", gb_vat, 7, ""),
    "org_number SE": ("org_number", "SE", orgnr, 9, ""),
    "org_number NO": ("org_number", "NO", no_orgnr, 8, ""),
    "org_number DK": ("org_number", "DK", cvr, 7, ""),
    "org_number FI": ("org_number", "FI", ytunnus, 7, ""),
    "personal_number SE": ("personal_number", "SE", personnummer, 9, ""),
}

_dashes = st.sampled_from(["", " ", "-", "\u2013", "\u2212", "\u00a0", "\u200b"])
_separators = _dashes | st.just(".")
#: The package's own, of Germany and Denmark.
_vat_separators = _separators | st.sampled_from([",", "/", ":"])


@st.composite
def _numbers(draw: st.DrawFn, kind: str) -> str:
    """A number whose check digits add up, as the package writes it."""
    option, dummy, module, length, end = KINDS[kind]
    if option == "personal_number":
        born = draw(st.dates(datetime.date(1930, 1, 1), datetime.date(2020, 1, 1)))
        head = "%s-%03d" % (born.strftime("%y%m%d"), draw(st.integers(0, 999)))
    else:
        head = draw(numbers(length, length))
    checks = ["%02d" % check for check in range(100)] if module is gb_vat else [str(check) for check in range(10)]
    found = [head + check + end for check in checks if module.is_valid(head + check + end)]
    return t.cast(str, module.compact(draw(st.sampled_from(found)))) if found else ""


@pytest.mark.parametrize("kind", KINDS)
@PROFILE
@given(data=st.data())
def test_all_spellings_are_one_number(kind: str, data: st.DataObject) -> None:
    option, country, module, dummy, dummy2 = KINDS[kind]
    number, other = data.draw(_numbers(kind)), data.draw(_numbers(kind))
    if not number or not other:
        return
    kind_of_value = PROFILE_BY_OPTION[option].value_type
    prefix = country if option == "vat_number" else ""
    formatted = getattr(module, "format", str)(number)
    spelled = [prefix + number, formatted if prefix and formatted.startswith(prefix) else prefix + formatted]
    place = data.draw(st.integers(1, len(number) - 1))
    separators = {"vat_number": _vat_separators, "personal_number": _dashes}.get(option, _separators)
    spelled.append(prefix + data.draw(separators) + number[:place] + data.draw(separators) + number[place:])
    if option == "org_number":
        front = data.draw(st.sampled_from(["", country, country.lower(), "[%s]" % country, "[%s]%s" % (country, country)]))
        spelled.append(front + data.draw(_separators) + number)
    normal = {kind_of_value.normalize(value.strip(), country) for value in spelled}
    digits = "".join(c for c in number if c.isalnum())
    expected = {"vat_number": prefix + digits, "org_number": "[%s]%s" % (country, digits), "personal_number": digits[-10:]}
    assert normal == {expected[option]}
    assert (kind_of_value.normalize(prefix + other, country) in normal) is (other == number)
    for value in spelled:
        assert problem(PROFILE_BY_OPTION[option], value) == ""
        assert kind_of_value.warning(value, country) == ""


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.endswith("SE") and not kind.startswith("vat")])
@PROFILE
@given(data=st.data())
def test_wrong_check_digits_look_odd(kind: str, data: st.DataObject) -> None:
    """What the package calls wrong, and nothing else."""
    option, country, module, dummy, dummy2 = KINDS[kind]
    number = data.draw(_numbers(kind))
    if not number:
        return
    wrong = number[:-1] + data.draw(st.sampled_from("0123456789"))
    assert bool(PROFILE_BY_OPTION[option].value_type.warning(wrong, country)) is not module.is_valid(wrong)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("vat") and kind[-2:] in ("SE", "NO", "DE", "GB")])
@PROFILE
@given(data=st.data())
def test_a_vat_number_is_no_organisation_number(kind: str, data: st.DataObject) -> None:
    dummy, country, dummy1, dummy2, dummy3 = KINDS[kind]
    number = data.draw(_numbers(kind))
    if not number:
        return
    written = data.draw(st.sampled_from(["", "[%s]" % country])) + country + data.draw(_separators) + number
    # a Swedish one may be an organisation number with a century in front of it, as far as anyone can tell
    ambiguous = country == "SE" and number[:2] in ("16", "18", "19", "20") and orgnr.is_valid(number[2:])
    assert ("not a VAT number" in problem(PROFILE_BY_OPTION["org_number"], written)) is not ambiguous
