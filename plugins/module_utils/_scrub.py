# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Redact secrets in text that the API, or something in front of it, wrote. Pure functions, no Ansible, no HTTP.

Ordinary words, names of fields and short numbers are quoted. A long mix of letters and digits is redacted, whatever it is, and so
are six or more digits, however grouped. Known secrets are looked for by their letters and digits alone, in the text as it came
and after each unescaping. All searches are linear: the text may be hostile.
"""

from __future__ import annotations

import base64
import html
import re
import typing as t
import unicodedata
from urllib.parse import unquote

from ansible_collections.hostup.cloud.plugins.module_utils._redact import REDACTED

#: Characters read of one text, and how many at the end of a longer one may be a secret cut in half.
_LONGEST, _CUT_OFF = 20000, 1000
#: A value with fewer letters and digits is looked for as a whole word: otherwise it would tear ordinary words apart.
_SHORT = 5
#: A value of signs alone that is shorter is in most texts; more places of hidden values than this are in no useful one.
_SIGNS, _MOST_HITS = 3, 5000
#: Letters and digits of the key in a row that are never quoted. An escape in front of a key can swallow `_SWALLOWED` of it.
_RUN, _SWALLOWED = 8, 5
#: Six digits or more, with anything but letters between them: personal numbers, phones, cards.
_NUMBER = re.compile(r"[0-9](?:[\W_]*[0-9]){5,}")
#: In an identifier, ten digits, as a personal number has at least.
_LONG_NUMBER = re.compile(r"[0-9](?:[\W_]*[0-9]){9,}")
_TOKEN = re.compile(r"[\w+=-]+")
#: Request ids, which are random: UUIDs in v1; in v2 `req_`, or hexadecimal digits, with a letter among the digits.
_RANDOM = re.compile(
    "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|req_(?=[0-9]*[a-z])[0-9a-z]{6,64}|(?=[0-9]*[a-f])[0-9a-f]{16,64}", re.IGNORECASE
)
#: Tags that can stand inside a word.
_TAG = re.compile("</?(?:a|b|br|code|em|i|p|span|strong|td|u|wbr)(?:[ /][^<>]*)?>", re.IGNORECASE)
#: Escapes and tags begin with one of these.
_SPECIAL = re.compile(r"[\\%&<]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|[nrt])")

Span = t.Tuple[int, int]


class Scrubber:
    """Redacts the secrets of one client."""

    def __init__(self, key: str) -> None:
        length = len(_letters(key)[0])
        self._key = key
        self._run = min(_RUN, max(_SHORT, length - _SWALLOWED))
        #: The key's letters and digits, in every notation, cut into pieces of that length.
        self._runs: set[str] = set()
        self._needles: set[str] = set()
        #: Hidden values without a letter or digit.
        self._signs: set[str] = set()
        self._values = [key] if length < _SHORT else []

    def add(self, values: t.Iterable[str]) -> None:
        """Redact these values as well from now on, in any spelling."""
        # most tasks end without a text to scrub: the work waits for one
        self._values += values

    def _learn(self) -> None:
        if not self._runs:
            self._runs = {run for spelled in _notations(self._key) for run in _slices(_letters(spelled)[0], self._run)}
        # a secret may look like an escape itself
        for stage in (stage for value in self._values for stage in _stages(value[:_LONGEST])):
            letters = _letters(stage)[0]
            self._needles.update([letters] if letters else [])
            self._signs.update([stage] if not letters and len(stage) >= _SIGNS else [])
        self._values = []

    def _known(self, text: str) -> t.Iterator[Span]:
        """Where words with a part of the key, and hidden values, are."""
        self._learn()
        letters, places = _letters(text)
        end = 0
        for start, run in enumerate(_slices(letters, self._run)):
            last = places[start + self._run - 1]
            # each word is gone through once
            if last >= end and run in self._runs:
                end = last + len(text[last:].partition(" ")[0])
                yield text.rfind(" ", 0, places[start]) + 1, end
        hits = 0
        for needle in self._needles:
            start = letters.find(needle)
            while start >= 0:
                hits += 1
                if hits > _MOST_HITS:
                    # no text of any use has so many
                    yield 0, len(text)
                    return
                first, end = places[start], places[start + len(needle) - 1] + 1
                if len(needle) >= _SHORT or not re.search(r"\w", text[first - 1 : first] + text[end : end + 1]):
                    yield first, end
                # in a row of equal letters they overlap
                start = letters.find(needle, start + 1)
        yield from (match.span() for sign in self._signs for match in re.finditer(re.escape(sign), text))

    def __call__(self, foreign: str) -> str:
        """The text in one line and without escapes, its secrets redacted."""
        # also before unescaping: a sign in front could make an escape of a secret's beginning
        *dummy, text = _stages(foreign, lambda stage: _without(stage, self._known(stage)))
        return _without(text, [*(match.span() for match in _NUMBER.finditer(text)), *_mixes(text)])

    def line(self, foreign: object, limit: int = 200) -> str | None:
        """One line of at most `limit` characters of a message; None if there is none."""
        if not isinstance(foreign, str):
            return None
        # scrubbed before it is cut: half a secret is one as well
        text = self(foreign[:_LONGEST])
        text = text if len(foreign) <= _LONGEST else text[:-_CUT_OFF]
        return text[:limit].rstrip(" .") or None

    def token(self, foreign: object, numeric: t.Pattern[str] = _RANDOM) -> str | None:
        """An identifier such as an error code or a request id; None if it is not one or may hold a secret.

        numeric: matches identifiers that may hold ten digits or more.
        """
        if isinstance(foreign, int) and not isinstance(foreign, bool):
            foreign = str(foreign)[:100]
        if not isinstance(foreign, str) or not re.fullmatch("[A-Za-z0-9][A-Za-z0-9._:/+=-]{0,99}", foreign):
            return None
        is_number = not numeric.fullmatch(foreign) and _LONG_NUMBER.search(foreign)
        return None if is_number or any(self._known(foreign)) else foreign


def _notations(key: str) -> t.Iterator[str]:
    """The key as it is, in hexadecimal digits, and in Base64 and Base32 (RFC 4648) wherever in a text it begins."""
    yield from _stages(key)
    for raw in (key.encode(), key.lower().encode(), key.upper().encode()):
        yield raw.hex()
        yield "".join("0x%02x" % byte for byte in raw)
        yield from (base64.b64encode(bytes(offset) + raw).decode() for offset in range(3))
        yield from (base64.b32encode(bytes(offset) + raw).decode() for offset in range(5))


def _letters(text: str) -> tuple[str, list[int]]:
    """The letters and digits of a text, in small letters and without accents, and where in it each of them stands."""
    decomposed = text.lower() if text.isascii() else (unicodedata.normalize("NFKD", c.casefold()) for c in text)
    found = [(letter, place) for place, letters in enumerate(decomposed) for letter in letters if letter.isalnum()]
    return "".join(letter for letter, dummy in found), [place for dummy, place in found]


def _slices(letters: str, length: int) -> t.Iterator[str]:
    return (letters[start : start + length] for start in range(len(letters) - length + 1))


def _mixes(text: str) -> t.Iterator[Span]:
    """Where letters and digits are mixed in over a dozen characters, or with six digits."""
    for match in _TOKEN.finditer(text):
        digits, letters = (sum(map(kind, match.group())) for kind in (str.isdigit, str.isalpha))
        if digits > 5 or (digits and letters and len(match.group()) > 12):
            yield match.span()


def _without(text: str, spans: t.Iterable[Span]) -> str:
    left, end = [], 0
    for start, stop in sorted(spans):
        if start >= end:
            left += [text[end:start], REDACTED]
        end = max(end, stop)
    return "".join(left) + text[end:]


def _stages(text: str, scrub: t.Callable[[str], str] = str) -> t.Iterator[str]:
    """The text as it came, and unescaped once, twice, three times; in compatible Unicode (NFKC), single spaces, ASCII digits."""
    if text.isascii() and text.isprintable() and not _SPECIAL.search(text) and text == " ".join(text.split()):
        # most values, and faster: every stage is the same
        yield scrub(text)
        return
    for unescape in (str, _unescaped, _unescaped, _unescaped):
        plain = _TAG.sub(" ", unicodedata.normalize("NFKC", unescape(text)))
        seen = (str(unicodedata.digit(c)) if c.isdecimal() else c if c.isprintable() else " " for c in plain)
        text = scrub(" ".join("".join(seen).split()))
        yield text


def _unescaped(text: str) -> str:
    text = _ESCAPE.sub(lambda match: chr(int(match.group(1) or match.group(2) or "20", 16)), text)
    text = unquote(text.replace('\\"', '"').replace("\\/", "/"))
    try:
        return html.unescape(text)
    except ValueError:
        # an entity with thousands of digits
        return text.replace("&", " ")
