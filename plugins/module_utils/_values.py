# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of values: how each is checked, sent and compared. Pure functions, no Ansible, no HTTP.

Every function takes the value as text and, where it matters, the country (upper-case ISO 3166-1 alpha-2 code,
"" where unknown) of the account that the value belongs to. Values come stripped.
"""

from __future__ import annotations

import re
import typing as t
import unicodedata

from ansible_collections.hostup.cloud.plugins.module_utils import _phone
from ansible_collections.hostup.cloud.plugins.module_utils._characters import (
    is_dash,
    stripped,
    text,
    upper_text,
    visible,
    without,
)
from ansible_collections.hostup.cloud.plugins.module_utils._codec import BRACKETED


class ValueType(t.NamedTuple):
    """One kind of value."""

    #: (value, country) -> the normal form: two values with the same one are the same value.
    normalize: t.Callable[[str, str], str]
    #: value -> what was expected, where the value can't be right; "" where it can.
    problem: t.Callable[[str], str] = lambda _dummy: ""
    #: (value, country) -> what is sent to the API.
    sent: t.Callable[[str, str], str] = lambda value, _country: value
    #: (value, country) -> what looks odd, although the API may take it; "" where nothing does.
    warning: t.Callable[[str, str], str] = lambda *_dummy: ""
    #: value -> whether it can only be sent once the account's country is known.
    needs_country: t.Callable[[str], bool] = lambda _dummy: False


def _compact(value: str, country: str = "") -> str:
    """Upper case without what separates the groups of a VAT number."""
    return without(upper_text(visible(value)), lambda c: c in " .,/:" or is_dash(c))


def _visible(value: str, country: str) -> str:
    """What is sent of a number or code: no invisible character means anything there."""
    return visible(value)


def _postcode(value: str, country: str) -> str:
    whole = upper_text(visible(value))
    if whole[:2] == "SE" and is_dash(whole[2:].lstrip()[:1] or " "):
        whole = whole[2:]
    return without(whole, lambda c: c == " " or is_dash(c))


def _holds_nothing(expected: str) -> t.Callable[[str], str]:
    """A problem function: a value without one letter or digit would compare as unset."""

    def problem(value: str) -> str:
        return "" if any(c.isalnum() for c in value) else expected

    return problem


def _country_problem(value: str) -> str:
    return "" if re.fullmatch("[A-Za-z]{2}", value) else "two letters (ISO 3166-1 alpha-2), such as SE"


#: What the European Union writes, and what ISO 3166-1 calls the same country.
_EU_CODES = {"UK": "GB", "EL": "GR"}


def _country_warning(value: str, country: str) -> str:
    code = _EU_CODES.get(value.upper())
    return "ISO 3166-1 calls this country %s" % code if code else ""


def _upper(value: str, country: str) -> str:
    # beyond ASCII other letters become these, too: a ligature two of them, a dotless i the dotted one
    return value.upper() if value.isascii() else value


def _org_parts(value: str, country: str) -> tuple[str, str]:
    """(country code, number) of ``[CC]number``, or of a bare number in the account's country.

    The country's code in front of the number's first digit is not part of the number.
    """
    value = visible(value)
    match = BRACKETED.fullmatch(value)
    code, number = (match.group(1).upper(), match.group(2)) if match else (country, value)
    codes = "|".join([code, *(eu for eu, iso in _EU_CODES.items() if iso == code)])
    return code, re.sub(r"^[\W_]*((%s)[\W_]*)+(?=[0-9])" % codes, "", number, flags=re.IGNORECASE) if code else number


def _org_number(value: str, country: str) -> str:
    code, number = _org_parts(value, country)
    key = without(upper_text(number), lambda c: not c.isalnum())
    # Skatteverket writes 16 before an organisation's ten digits, the century before a sole trader's
    if code == "SE" and re.fullmatch("(16|18|19|20)[0-9]{10}", key):
        key = key[2:]
    return "[%s]%s" % (code, key)


#: Country -> what only a VAT number has behind its code (VIES; Skatteetaten; HMRC). In the countries that are not here, an
#: organisation's number looks the same, or may.
_VAT_ALONE = {
    "SE": "[0-9]{12}",
    "NO": "[0-9]{9}MVA",
    "DE": "[0-9]{9}",
    "GB": "[0-9]{9}|[0-9]{12}",
    "AT": "U[0-9]{8}",
    "FR": "[0-9A-Z]{2}[0-9]{9}",
    "NL": "[0-9]{9}B[0-9]{2}",
}


#: What the Norwegian register adds to an organisation number that is registered for VAT (Skatteetaten).
_MVA = re.compile("[0-9] *MVA$", re.IGNORECASE)


def _org_problem(value: str) -> str:
    expected = "a number, alone or behind its country in brackets, such as [SE]555555-5555"
    match = BRACKETED.fullmatch(visible(value))
    number = match.group(2) if match else value
    if _is_vat_number(number) or (match and _is_vat_number(match.group(1) + number)) or _MVA.search(visible(number)):
        return "an organisation number, such as [SE]555555-5555, not a VAT number, which belongs into vat_number"
    return expected if number.startswith("[") else _holds_nothing(expected)(number)


def _is_vat_number(number: str) -> bool:
    key = without(upper_text(number), lambda c: not c.isalnum())
    rest = key[2:]
    if not re.fullmatch(_VAT_ALONE.get(key[:2], "(?!)"), rest):
        return False
    # twelve digits in Sweden: an organisation number with 16 or a century in front, or one with 01 behind it
    return key[:2] != "SE" or not (re.match("16|18|19|20", rest) and _luhn(rest[2:]))


def _org_warning(value: str, country: str) -> str:
    code, number = _org_parts(value, country)
    if code != "SE":
        return ""
    digits = _org_number(value, country)[len("[SE]") :]
    if not re.fullmatch("[0-9]{10}", digits):
        return "a Swedish organisation number has ten digits"
    return "" if _luhn(digits) else "its check digit does not add up"


def _personal_number(value: str, country: str = "") -> str:
    return re.sub("[^0-9]", "", value)[-10:] or text(visible(value))


def _personal_problem(value: str) -> str:
    # a coordination number has the same shape, with 60 added to the day
    digits = "".join(c for c in visible(value) if not (c in "+ " or is_dash(c) or unicodedata.category(c) == "Zs"))
    return "" if re.fullmatch("([0-9]{2})?[0-9]{10}", digits) else "YYMMDD-NNNN or YYYYMMDD-NNNN"


def _personal_warning(value: str, country: str) -> str:
    return "" if _luhn(_personal_number(value)) else "its check digit does not add up"


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: the check digit of Swedish organisation, personal and coordination numbers."""
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(digits)]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def _province_problem(value: str) -> str:
    # Ansible's habit from other modules, and no province's name
    return "a state, province or county, or nothing at all" if value in ("present", "absent") else ""


def _names(expected: str) -> ValueType:
    """Names that the API gives to what it knows, such as time zones."""

    def problem(value: str) -> str:
        right = re.fullmatch(r"[A-Za-z0-9_./:+-]{1,100}", value)
        return "" if right else "%s, of letters, digits and signs without white space" % expected

    return EXACT._replace(problem=problem)


EXACT = ValueType(lambda value, _country: stripped(value))
TIME_ZONE = _names("a name such as Europe/Stockholm")
CATEGORY = _names("names of categories")
TEXT = ValueType(text)
PROVINCE = ValueType(text, _province_problem)
COUNTRY = ValueType(_upper, _country_problem, sent=_upper, warning=_country_warning)
POSTCODE = ValueType(_postcode, _holds_nothing("a postal code, such as 123 45"), sent=_visible)
PHONE = ValueType(_phone.normalize, _phone.problem, sent=_visible, warning=_phone.warning)
VAT_NUMBER = ValueType(_compact, _holds_nothing("a VAT number with its country, such as SE555555555501"), sent=_visible)
ORG_NUMBER = ValueType(
    _org_number,
    _org_problem,
    sent=lambda value, country: "[%s]%s" % _org_parts(value, country),
    warning=_org_warning,
    needs_country=lambda value: not BRACKETED.fullmatch(visible(value)),
)
PERSONAL_NUMBER = ValueType(_personal_number, _personal_problem, sent=_visible, warning=_personal_warning)
