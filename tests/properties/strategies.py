# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the properties are tried on: texts as YAML files can hold them, spellings of one value, JSON of any kind."""

from __future__ import annotations

import string
import typing as t
import unicodedata

from hypothesis import strategies as st

from ansible_collections.hostup.cloud.plugins.module_utils._fields import Field
from ansible_collections.hostup.cloud.plugins.module_utils._validate import problem

#: Texts that have broken programs: each is one line, and none has outer white space.
NASTY = (
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 AB",
    "e\u0301e\u0323\u0302",
    "\u05e9\u05dc\u05d5\u05dd \u0639\u0631\u0628\u064a",
    "a\u202eb\u202cc",
    "a\u200bb\ufeffc",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "{# none #}",
    "${HOME} $(id) `id`",
    "!vault",
    "!unsafe x",
    "$ANSIBLE_VAULT;1.1;AES256",
    "- a",
    "? b",
    "a: b",
    "# c",
    "a #b",
    "&a",
    "*a",
    "[a]",
    "{a: b}",
    "%TAG",
    "@a",
    "|",
    ">",
    "null",
    "~",
    "yes",
    "No",
    "1e3",
    "0x1F",
    "0o17",
    "1_000",
    "12:30:45",
    "2026-01-01",
    ".inf",
    '"a\'b"',
    "'",
    "\\",
    "\\n\\u0041",
    "a\\",
    "%s %d %(a)s",
    "{0} {a!r}",
    "a\u00a0b",
    "a\u2028b",
    "a\u2029b",
    "a  b",
    "\u00df \u0149 \u0390 \u1e96 \ufb01",
    "\u0130\u0131",
    "\uff15\uff15",
    "\u00bd",
    "<b>&amp;</b>",
    "&#65;",
    "%41",
    "x" * 255,
    "\U0010ffff",
    "\uffff",
    "'; DROP TABLE clients; --",
    "a\u0345\u0301",
    "\u1100\u1161\u11a8",
    "omit",
    "__omit_place_holder__",
    "(redacted",
    "=cmd|' /C x'!A0",
)

#: Characters that mean something to one of those who carry a value.
_SIGNS = "{}%!&*#?|-<>=:@`'\"\\/,.[]()+ \u00a0\u2013\u2028\u200b\u0301\u00e5\u1100\u1161aA0\t\n\x00\ud800"

#: Whatever a YAML file can hold, half characters included.
texts: st.SearchStrategy[str] = st.one_of(
    st.text(st.characters(exclude_categories=[])),
    st.text(_SIGNS, max_size=30),
    st.sampled_from(NASTY),
    st.builds(
        "{0}{1}{2}".format, st.sampled_from(["", " ", "\u2003", "\n"]), st.sampled_from(NASTY), st.text(_SIGNS, max_size=4)
    ),
    st.integers(250, 260).map(lambda length: "\u00e5" * length),
)
#: The same in one line, and not blank.
lines = texts.map(
    lambda text: "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs")).strip()[:255].strip()
).filter(bool)

countries = st.one_of(st.sampled_from(["", "SE", "GB", "DK", "TR"]), st.text(string.ascii_uppercase, min_size=2, max_size=2))
_dashes = st.sampled_from(["-", "\u2010", "\u2011", "\u2013", "\u2014", "\uff0d", "\u2212"])
_spaces = st.sampled_from(["", " ", "\u00a0", "  ", "\u2003"])
#: What numbers may hold and nobody sees.
_unseen = st.sampled_from(["\u200b", "\u00ad", "\u2060", "\u202c"])
_gaps = st.one_of(_spaces, _dashes, _unseen)


def numbers(shortest: int, longest: int) -> st.SearchStrategy[str]:
    """Digits, the first of them no zero."""
    return st.integers(10 ** (shortest - 1), 10**longest - 1).map(str)


def _apart(draw: st.DrawFn, parts: t.Iterable[str], gaps: st.SearchStrategy[str]) -> str:
    first, *others = parts
    return first + "".join(draw(gaps) + part for part in others)


def _cased(draw: st.DrawFn, letters: str) -> str:
    return "".join(draw(st.sampled_from([c.upper(), c.lower()])) for c in letters)


@st.composite
def phone(draw: st.DrawFn) -> tuple[str, str, str]:
    """A phone number: the account's country, a spelling, and the number in E.164."""
    code, number = draw(st.sampled_from(["46", "47", "1", "358"])), draw(numbers(7, 10))
    digits = _apart(draw, number, st.one_of(_gaps, st.sampled_from([".", "/"])))
    starts = ["+%s", "00%s", "(+%s)", "(00%s)", "+%s (0)", "00%s(0)", "(+%s) (0)", "00 %s "]
    spelled = draw(st.sampled_from(starts)) % code + draw(_spaces) + digits
    if code == "46" and draw(st.booleans()):
        return "SE", "0" + digits, "+46" + number
    return draw(countries), spelled, "+" + code + number


@st.composite
def org_number(draw: st.DrawFn) -> tuple[str, str, str]:
    """A number of an organisation: the account's country, a spelling, and both in brackets."""
    number, country = draw(numbers(10, 10)), draw(st.sampled_from(["SE", "DK", "TR"]))
    whole = draw(st.sampled_from(["", "16", "19"])) + number if country == "SE" else number
    digits = _apart(draw, whole, st.one_of(_gaps, st.sampled_from([".", "/"])))
    normal = "[%s]%s" % (country, number)
    if draw(st.booleans()):
        return country, digits, normal
    return draw(countries), "[%s%s%s]%s" % (draw(st.sampled_from(["", " "])), _cased(draw, country), "", digits), normal


@st.composite
def personal_number(draw: st.DrawFn) -> tuple[str, str, str]:
    """A personal number: a country, a spelling, and its last ten digits."""
    number = draw(numbers(10, 10))
    gap = draw(st.one_of(_gaps, st.just("+")))
    return draw(countries), draw(st.sampled_from(["", "19", "20"])) + number[:6] + gap + number[6:], number


@st.composite
def postcode(draw: st.DrawFn) -> tuple[str, str, str]:
    """A postcode: a country, a spelling, and its signs alone."""
    code = draw(st.text(string.ascii_uppercase + string.digits + "\u00c5\u0149\u0390", min_size=3, max_size=8))
    prefix = draw(st.sampled_from(["", "SE", "se"]))
    spelled = (prefix and prefix + draw(_dashes)) + draw(_spaces) + _apart(draw, _cased(draw, code), _gaps)
    return draw(countries), spelled, unicodedata.normalize("NFC", code.upper())


@st.composite
def vat_number(draw: st.DrawFn) -> tuple[str, str, str]:
    """A VAT number: a country, a spelling, and its signs alone."""
    code = draw(st.sampled_from(["SE", "DE", "ATU"])) + draw(numbers(8, 12))
    return draw(countries), _apart(draw, _cased(draw, code), st.one_of(_gaps, st.just("."))), code


@st.composite
def text(draw: st.DrawFn) -> tuple[str, str, str]:
    """Words: a country, a spelling, and the words in NFC with single spaces."""
    words = draw(
        st.lists(st.text(st.characters(categories=["L", "Mn", "N", "S"]), min_size=1, max_size=8), min_size=1, max_size=4)
    )
    spaces = st.sampled_from([" ", "\u00a0", "  ", "\u2003", "\u2028"])
    spelled = _apart(draw, [unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), word) for word in words], spaces)
    return draw(countries), spelled, " ".join(unicodedata.normalize("NFC", word) for word in words)


country = st.builds(
    lambda code, spelled: ("", spelled(code), code), countries.filter(bool), st.sampled_from([str.upper, str.lower])
)

#: Option -> its spellings; every other option is text or a choice.
SPELLINGS: dict[str, t.Callable[[], st.SearchStrategy[tuple[str, str, str]]]] = {
    "phone_number": phone,
    "org_number": org_number,
    "personal_number": personal_number,
    "postcode": postcode,
    "vat_number": vat_number,
    "country": lambda: country,
}


def spellings(field: Field) -> st.SearchStrategy[tuple[str, str, str]]:
    """(the account's country, a spelling, its normal form) of a field's values."""
    if field.choices:
        return st.sampled_from(field.choices).map(lambda choice: ("", choice, choice))
    return SPELLINGS.get(field.option, text)()


def values(field: Field) -> st.SearchStrategy[str]:
    """What may be declared for a field: as people write it, or anything else that is not refused."""
    usual = spellings(field).map(lambda spelling: spelling[1])
    anything = usual if field.choices or field.option in ("country", "phone_number", "personal_number") else lines
    cleared = st.just("") if field.clearable else usual
    return st.one_of(usual, anything, cleared).filter(lambda value: not problem(field, value))


#: JSON of any kind, numbers that are none included.
json_values: st.SearchStrategy[t.Any] = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), texts, st.sampled_from(["", "0", "1", "true", "SE", "[SE]1"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["value", "a", "", "é.b"]), inner, max_size=4)
    ),
    max_leaves=12,
)
