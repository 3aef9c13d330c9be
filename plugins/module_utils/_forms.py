# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of values: how each is checked, sent and compared. Pure functions, no Ansible, no HTTP.

Every function takes the value as text and, where it matters, the country (upper-case ISO 3166-1 alpha-2 code,
"" where unknown) of the account that the value belongs to. Values come stripped of outer white space.
"""

from __future__ import annotations

import re
import typing as t
import unicodedata

from ansible_collections.hostup.cloud.plugins.module_utils._shapes import BRACKETED


def _unremarkable(value: str) -> str:
    return ""


def _as_written(value: str, country: str) -> str:
    return value


def _no_doubt(value: str, country: str) -> str:
    return ""


def _never(value: str) -> bool:
    return False


class Form(t.NamedTuple):
    """One kind of value."""

    #: (value, country) -> the normal form: two values with the same one are the same value.
    normal: t.Callable[[str, str], str]
    #: value -> what was expected, where the value can't be right; "" where it can.
    problem: t.Callable[[str], str] = _unremarkable
    #: (value, country) -> what is sent to the API.
    sent: t.Callable[[str, str], str] = _as_written
    #: (value, country) -> what looks odd, although the API may take it; "" where nothing does.
    doubt: t.Callable[[str, str], str] = _no_doubt
    #: value -> whether it can only be sent once the account's country is known.
    needs_country: t.Callable[[str], bool] = _never


def text(value: str, country: str = "") -> str:
    """Unicode NFC, outer white space stripped, inner runs of it as one space, case kept."""
    return " ".join(unicodedata.normalize("NFC", value).split())


def _upper_text(value: str) -> str:
    """Text in upper case. Of some letters only the parts have one, which are put together again (Unicode, D145)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text(value)).upper())


def _without(value: str, unwanted: t.Callable[[str], bool]) -> str:
    # what stood apart can come together as one letter
    return unicodedata.normalize("NFC", "".join(c for c in value if not unwanted(c)))


def _is_dash(c: str) -> bool:
    return unicodedata.category(c) == "Pd"


def _compact(value: str, country: str = "") -> str:
    """Upper case without white space, dots and every kind of dash."""
    return _without(_upper_text(value), lambda c: c in " ." or _is_dash(c))


def _postcode(value: str, country: str) -> str:
    whole = _upper_text(value)
    if whole[:2] == "SE" and _is_dash(whole[2:].lstrip()[:1] or " "):
        whole = whole[2:]
    return _without(whole, lambda c: c == " " or _is_dash(c))


def _holds_nothing(expected: str) -> t.Callable[[str], str]:
    """A problem function: a value without one letter or digit would compare as unset."""

    def problem(value: str) -> str:
        return "" if any(c.isalnum() for c in value) else expected

    return problem


def _country_problem(value: str) -> str:
    return "" if re.fullmatch("[A-Za-z]{2}", value) else "two letters (ISO 3166-1 alpha-2), such as SE"


def _upper(value: str, country: str) -> str:
    # beyond ASCII other letters become these, too: a ligature two of them, a dotless i the dotted one
    return value.upper() if value.isascii() else value


def _phone(value: str, country: str) -> str:
    """ITU-T E.164, as far as the value says it: a national number is completed in Sweden alone."""
    # a country's code may stand in brackets, too
    number = re.sub(r"^\( ?(\+|00)([0-9 ]+)\)", r"\1\2", text(value))
    if number.startswith(("+", "00")):
        # the trunk prefix in brackets is dialled inside the country only
        number = re.sub(r"\( ?0 ?\)", "", number)
    digits = re.sub("[^0-9]", "", number)
    if number.startswith("+"):
        return "+" + digits
    if digits.startswith("00"):
        return "+" + digits[2:]
    if digits.startswith("0") and country == "SE":
        return "+46" + digits[1:]
    return digits


def _phone_problem(value: str) -> str:
    digits = re.sub("[^0-9]", "", value)
    separators = re.sub("^[( ]*[+]|[0-9()./]", "", value)
    if len(digits) < 7 or any(unicodedata.category(c) not in ("Pd", "Zs") for c in separators):
        return "at least 7 digits and no letters, such as +46700000000"
    return ""


def _phone_doubt(value: str, country: str) -> str:
    if country == "SE" or _phone(value, country).startswith("+"):
        return ""
    return "outside of Sweden it needs its country's code, as in +49 30 1234567, to be compared with what the API stores"


def _org_parts(value: str, country: str) -> tuple[str, str]:
    """(country code, number) of ``[CC]number``, or of a bare number in the account's country."""
    match = BRACKETED.fullmatch(value)
    return (match.group(1).upper(), match.group(2)) if match else (country, value)


def _org_number(value: str, country: str) -> str:
    code, number = _org_parts(value, country)
    key = _without(_upper_text(number), lambda c: not c.isalnum())
    # Skatteverket writes 16 before an organisation's ten digits, the century before a sole trader's
    if code == "SE" and re.fullmatch("(16|18|19|20)[0-9]{10}", key):
        key = key[2:]
    return "[%s]%s" % (code, key)


def _org_sent(value: str, country: str) -> str:
    return "[%s]%s" % _org_parts(value, country)


def _org_bare(value: str) -> bool:
    return not BRACKETED.fullmatch(value)


def _org_problem(value: str) -> str:
    expected = "a number, alone or behind its country in brackets, such as [SE]555555-5555"
    number = _org_parts(value, "")[1]
    return expected if number.startswith("[") else _holds_nothing(expected)(number)


def _org_doubt(value: str, country: str) -> str:
    code, number = _org_parts(value, country)
    if code != "SE":
        return ""
    digits = _org_number(value, country)[len("[SE]") :]
    if not re.fullmatch("[0-9]{10}", digits):
        return "a Swedish organisation number has ten digits"
    return "" if _luhn(digits) else "its check digit does not add up"


def _personal_number(value: str, country: str = "") -> str:
    return re.sub("[^0-9]", "", value)[-10:] or text(value)


def _personal_problem(value: str) -> str:
    # a coordination number has the same shape, with 60 added to the day
    digits = "".join(c for c in value if c not in "+ " and unicodedata.category(c) not in ("Pd", "Zs"))
    return "" if re.fullmatch("([0-9]{2})?[0-9]{10}", digits) else "YYMMDD-NNNN or YYYYMMDD-NNNN"


def _personal_doubt(value: str, country: str) -> str:
    return "" if _luhn(_personal_number(value)) else "its check digit does not add up"


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: the check digit of Swedish organisation, personal and coordination numbers."""
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(digits)]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def _exact(value: str, country: str) -> str:
    return value


def _province_problem(value: str) -> str:
    # Ansible's habit from other modules, and no province's name
    return "a state, province or county, or nothing at all" if value in ("present", "absent") else ""


EXACT = Form(_exact)
TEXT = Form(text)
PROVINCE = Form(text, _province_problem)
COUNTRY = Form(_upper, _country_problem, sent=_upper)
POSTCODE = Form(_postcode, _holds_nothing("a postal code, such as 123 45"))
PHONE = Form(_phone, _phone_problem, doubt=_phone_doubt)
VAT_NUMBER = Form(_compact, _holds_nothing("a VAT number with its country, such as SE555555555501"))
ORG_NUMBER = Form(_org_number, _org_problem, sent=_org_sent, doubt=_org_doubt, needs_country=_org_bare)
PERSONAL_NUMBER = Form(_personal_number, _personal_problem, doubt=_personal_doubt)
