# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Characters of values: invisible ones, dashes, white space and HTML escapes. Pure functions, no Ansible, no HTTP."""

from __future__ import annotations

import html
import re
import typing as t
import unicodedata
from html.entities import html5

#: Letters, symbols and marks by their category, but nothing is seen of them alone (Unicode, Default_Ignorable_Code_Point).
_BLANKS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")

#: Only what ends in a semicolon: `AT&T` and `R&D &para` are names.
_ESCAPE = re.compile("&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def is_dash(c: str) -> bool:
    """Whether a character is a dash of any kind, the minus sign included."""
    return unicodedata.category(c) == "Pd" or c == "\u2212"


def is_invisible(c: str) -> bool:
    """Whether a character only changes how others are shown (Unicode's category Cf)."""
    return not c.isascii() and unicodedata.category(c) == "Cf"


def stripped(value: str) -> str:
    """Without the white space and the invisible characters at both ends."""
    first, last = 0, len(value)
    while first < last and _is_outer(value[first]):
        first += 1
    while first < last and _is_outer(value[last - 1]):
        last -= 1
    return value[first:last]


def visible(value: str) -> str:
    """Without invisible characters, wherever they are."""
    return without(value, is_invisible)


def shows_nothing(value: str) -> bool:
    """Whether a value has no character that can be seen."""
    return not stripped(_BLANKS.sub("", value))


def invisible_in(value: str) -> str:
    """The first character that can't be seen, by its code point, as in `U+200B`; "" if there is none."""
    found = next((c for c in value if is_invisible(c) or _BLANKS.match(c)), "")
    return "U+%04X" % ord(found) if found else ""


def without(value: str, unwanted: t.Callable[[str], bool]) -> str:
    """Without the unwanted characters. What stood apart can come together as one letter (NFC)."""
    left = "".join(c for c in value if not unwanted(c))
    return left if left == value else unicodedata.normalize("NFC", left)


def text(value: str, country: str = "") -> str:
    """Unicode NFC, stripped, inner runs of white space as one space, case kept."""
    return " ".join(stripped(unicodedata.normalize("NFC", value)).split())


def upper_text(value: str) -> str:
    """Text in upper case. Of some letters only the parts have one, which are put together again (Unicode, D145)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text(value)).upper())


def unescaped(value: str) -> str:
    """With HTML escapes undone, once: a text that itself holds one comes back as it was before it was escaped."""
    return _ESCAPE.sub(_meaning, value) if "&" in value else value


def as_read(value: str) -> str:
    """A stored text as it is shown: its escapes undone, and no invisible characters around it."""
    undone = unescaped(value)
    inner = stripped(undone)
    # white space alone is for the comparison to judge
    return undone if inner == undone.strip() else inner


def fully_unescaped(value: str) -> str:
    """With HTML escapes undone until none is left, for comparison: nobody knows how often a text was escaped on its way."""
    before = ""
    while value != before:
        before, value = value, unescaped(value)
    return value


def _is_outer(c: str) -> bool:
    return c.isspace() or is_invisible(c)


def _meaning(match: re.Match[str]) -> str:
    escape = match.group()
    if escape[1] != "#":
        # `html.unescape` would also take the beginning of a longer word for an escape
        return html5.get(escape[1:], escape)
    character = html.unescape(escape)
    # what is no character, a control character or half of one would do more harm than its escape
    harmful = len(character) != 1 or character == "\ufffd" or unicodedata.category(character) in ("Cc", "Cs")
    return escape if harmful else character
