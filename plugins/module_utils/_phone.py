# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Phone numbers: ITU-T E.164, as far as a value and a country say it. Pure functions, no Ansible, no HTTP.

Two numbers must never become one. So a number that can be read in two ways stays as its digits, with a warning.
"""

from __future__ import annotations

import re
import typing as t
import unicodedata

from ansible_collections.hostup.cloud.plugins.module_utils._calling_codes import TABLE
from ansible_collections.hostup.cloud.plugins.module_utils._characters import is_dash, text, visible

#: Digits that no national number has without its prefix, but one with its country's code.
_SURELY_WHOLE = 12

_AMBIGUOUS = (
    "which number it is can't be told for certain, so it may not compare as the one that the API stores; write it with its "
    "country's code, as in +46701234567"
)


class Numbering(t.NamedTuple):
    """How a country's numbers are dialled."""

    code: str
    #: In front of national numbers, the usual one first.
    trunks: tuple[str, ...]
    #: What is dialled for +; "" where it depends on the carrier.
    international: str
    #: `b`: people write national numbers without the trunk prefix. `z`: numbers begin with a zero that is part of them.
    marks: str
    #: Digits of a number without prefixes, and of one that begins with the digits of the calling code.
    lengths: frozenset[int]
    own_lengths: frozenset[int]

    def fits(self, number: str) -> bool:
        """Whether this can be a number without prefixes."""
        if number.startswith("0") and "z" not in self.marks:
            return False
        return len(number) in (self.own_lengths if number.startswith(self.code) else self.lengths)

    def without_trunk(self, number: str) -> str:
        """The number without its trunk prefix; "" where it has none."""
        found = [number[len(trunk) :] for trunk in self.trunks if number.startswith(trunk)]
        for rest in found:
            if self.fits(rest):
                return rest
        # a zero in front is nothing else, whatever its country's numbers look like since the table was made
        return found[0] if found and number.startswith("0") and "z" not in self.marks else ""


def normalize(value: str, country: str) -> str:
    """`+` and the digits of an international number; the digits alone of one that can't be told for certain."""
    number = text(visible(value))
    digits = _international(number, country)
    if digits:
        return _canonical(digits)
    digits = _digits(number)
    numbering = _BY_COUNTRY.get(country)
    return "+" if number.startswith("+") else _national(digits, numbering) if numbering else digits


def problem(value: str) -> str:
    """What was expected, where the value can't be right."""
    value = visible(value)
    separators = re.sub("^[( ]*[+]|[0-9()./]", "", value)
    if len(_digits(value)) < 7 or not all(is_dash(c) or unicodedata.category(c) == "Zs" for c in separators):
        return "at least 7 digits and no letters, such as +46700000000"
    return ""


def warning(value: str, country: str) -> str:
    """What looks odd: a number that may not compare as what the API stores."""
    number, numbering = text(visible(value)), _BY_COUNTRY.get(country)
    whole = normalize(value, country)
    if _international(number, country):
        # 001 and the like lead abroad in some countries, so that 00 may be half of a prefix
        exits = numbering.international if numbering else "00"
        half = not number.lstrip("( ").startswith("+") and exits not in ("00", "011", "010", "810", "119")
        return _AMBIGUOUS if half else ""
    return "" if numbering and whole.startswith("+") and numbering.fits(whole[1 + len(numbering.code) :]) else _AMBIGUOUS


def _read(lengths: str) -> frozenset[int]:
    runs = [[int(end) for end in run.split("-")] for run in lengths.split(",") if run]
    return frozenset(length for run in runs for length in range(run[0], run[-1] + 1))


def _numberings() -> t.Iterator[tuple[str, Numbering]]:
    for line in TABLE.split("\n")[1:-1]:
        country, *columns = [column if column != "-" else "" for column in line.split()]
        code, trunks, international, marks, lengths, own = columns
        split = tuple(trunks.split("/")) if trunks else ()
        yield country, Numbering(code, split, international, marks, _read(lengths), _read(own))


_BY_COUNTRY = dict(_numberings())
#: Countries that share a calling code share the trunk prefix.
_BY_CODE = {numbering.code: numbering for numbering in reversed(list(_BY_COUNTRY.values()))}


def _digits(number: str) -> str:
    return re.sub("[^0-9]", "", number)


def _by_code(digits: str) -> Numbering | None:
    """Whose number this is; no calling code begins with another one."""
    return next((_BY_CODE[digits[:length]] for length in (1, 2, 3) if digits[:length] in _BY_CODE), None)


def _international(number: str, country: str) -> str:
    """The digits behind `+` or what is dialled for it; "" where the number is a national one."""
    # a country's code may stand in brackets, too
    number = re.sub(r"^\( ?(\+|00)([0-9 ]+)\)", r"\1\2", number)
    numbering = _BY_COUNTRY.get(country)
    # the trunk prefix in brackets is dialled inside the country only, but where it is part of the number
    digits, shorter = _digits(number), _digits(re.sub(r"\( ?0 ?\)", "", number))
    prefix = "" if number.startswith("+") else "00"
    if prefix and not digits.startswith(prefix):
        prefix = numbering.international if numbering else ""
        behind = digits[len(prefix) :] if prefix and digits.startswith(prefix) else ""
        abroad = _by_code(behind)
        if not abroad or not abroad.fits(_rest(behind, abroad)):
            return ""
    start = len(prefix)
    owner = _by_code(shorter[start:])
    return digits[start:] if owner and "z" in owner.marks and not owner.trunks else shorter[start:]


def _rest(digits: str, numbering: Numbering) -> str:
    """What follows the calling code, without a trunk prefix, which is only dialled inside the country."""
    rest = digits[len(numbering.code) :]
    while not numbering.fits(rest):
        shorter = numbering.without_trunk(rest)
        if not shorter:
            break
        rest = shorter
    return rest


def _canonical(digits: str) -> str:
    numbering = _by_code(digits)
    return "+" + (numbering.code + _rest(digits, numbering) if numbering else digits)


def _national(digits: str, numbering: Numbering) -> str:
    inside = numbering.without_trunk(digits)
    if not inside and (not numbering.trunks or "b" in numbering.marks) and numbering.fits(digits):
        inside = digits
    if inside:
        return _canonical(numbering.code + inside)
    # the international number without its plus, unless it can be a national one without its trunk prefix
    whole = digits.startswith(numbering.code) and numbering.fits(_rest(digits, numbering))
    if whole and (len(digits) >= _SURELY_WHOLE or not numbering.fits(digits)):
        return _canonical(digits)
    return digits
