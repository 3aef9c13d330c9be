# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking secrets out of text that the API, or something in front of it, wrote. Pure functions, no Ansible, no HTTP.

A secret may come back in another spelling than it was sent: grouped, escaped for HTML, URLs or JSON, in other
dashes, spaces or letters' case. So the text is brought into one plain spelling first, and a secret is looked for by
its letters and digits alone. Of the key, any part long enough to tell it takes the whole word out. All searches are
linear: the text is hostile until shown otherwise.
"""

from __future__ import annotations

import base64
import html
import re
import typing as t
import unicodedata
from urllib.parse import unquote

from ansible_collections.hostup.cloud.plugins.module_utils._redact import REDACTED

#: What is looked at of a text that may be a megabyte long, and how much of its end may be a secret cut in half.
_LOOKED_AT, _CUT_OFF = 20000, 1000
#: A value with fewer letters and digits is looked for as a word of its own: it would tear other words apart.
_SHORT = 5
#: Letters and digits of the key in a row that are never quoted. An escape in front of a key can swallow `_SWALLOWED` of it.
_RUN, _SWALLOWED = 8, 5
#: The tail of a number that tells it, whatever century or country's code stands in front.
_TAIL = 8
#: A word of a language or a short number: all that is quoted of a page that is not the API's.
_PLAIN_WORD = re.compile(r"[^\W\d_]{1,20}(['-][^\W\d_]{1,20})?[.,!?]?|[0-9]{1,4}[.,]?")
#: What request ids look like, of v1 and, with a letter among the digits, of v2.
_RANDOM = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|req_(?=[0-9]*[a-z])[0-9a-z]{6,64}", re.IGNORECASE)
_TAG = re.compile("</?(?:a|b|br|code|div|em|font|i|p|span|strong|td|tr|u|wbr)(?:[ /][^<>]*)?>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrt])|([\"\\/]))")

Span = t.Tuple[int, int]


class Scrubber:
    """Knows the secrets of one client."""

    def __init__(self, key: str) -> None:
        self._needles: set[str] = set()
        self._words: set[str] = set()
        self._key = key
        #: By their length: parts of the key, in any notation.
        self._runs: dict[int, set[str]] = {}
        self._new: list[str] = []

    def add(self, values: t.Iterable[str]) -> None:
        """More values to take out."""
        # most tasks end without any text of the API's to search
        self._new += values

    def _learn(self) -> None:
        if self._key:
            self._learn_key(self._key)
            self._key = ""
        for value in self._new:
            # a secret may look like an escape itself
            for plain in (_tidy(value[:_LOOKED_AT]), _plain(value[:_LOOKED_AT])):
                needle = _letters(plain)
                if len(needle) >= _SHORT:
                    self._needles.add(needle)
                elif plain:
                    self._words.add(plain)
        self._new = []

    def _learn_key(self, key: str) -> None:
        for plain in (_tidy(key), _plain(key)):
            length = len(_letters(plain))
            if length < _SHORT:
                self._words.add(plain)
            self._learn_runs(plain, max(_SHORT, min(_RUN, length - _SWALLOWED)))
        for spelled in sorted({key, key.lower(), key.upper()}):
            for notation, length in _encoded(spelled):
                self._learn_runs(notation, length)

    def _learn_runs(self, spelling: str, length: int) -> None:
        letters = _letters(spelling)
        length = min(length, len(letters))
        if length >= _SHORT:
            runs = (letters[start : start + length] for start in range(len(letters) - length + 1))
            self._runs.setdefault(length, set()).update(runs)

    def __call__(self, foreign: str) -> str:
        self._learn()
        # looked for before each unescaping, too: a sign in front could make an escape of a secret's beginning
        plain = _plain(foreign, lambda escaped: _without(escaped, self._known(escaped)))
        return _without(plain, self._found(plain))

    def _found(self, plain: str) -> list[Span]:
        """Where secrets stand in the text, as the ends of slices."""
        self._learn()
        spans = self._known(plain)
        for word in self._words:
            spans += [m.span() for m in re.finditer(r"(?<!\w)%s(?!\w)" % re.escape(word), plain, re.IGNORECASE)]
        return spans + list(_personal_numbers(plain))

    def _known(self, plain: str) -> list[Span]:
        """Where the secrets stand that are long enough to be looked for by their letters and digits."""
        # the text's letters and digits, and where each of them stands
        places = [(place, folded) for place, c in enumerate(plain) if c.isalnum() for folded in c.casefold()]
        letters = "".join(folded for dummy, folded in places)
        spans = list(self._words_with_key(plain, places, letters))
        for needle in self._needles:
            number = len(needle) >= _TAIL and needle.isdigit()
            for start, stop in _occurrences(letters, needle[-_TAIL:] if number else needle):
                first = _front(letters, start) if number else start
                spans.append((places[first][0], places[stop - 1][0] + 1))
        return spans

    def _words_with_key(self, plain: str, places: list[tuple[int, str]], letters: str) -> t.Iterator[Span]:
        """Where the words stand that hold a part of the key, or that it goes through."""
        for length, runs in self._runs.items():
            end = 0
            for start in range(len(letters) - length + 1):
                last = places[start + length - 1][0]
                # each word is gone through once
                if last >= end and letters[start : start + length] in runs:
                    end = (plain.find(" ", last) + 1 or len(plain) + 1) - 1
                    yield plain.rfind(" ", 0, places[start][0]) + 1, end

    def line(self, foreign: object, limit: int = 200) -> str | None:
        """One line of at most `limit` characters of a message; None where there is none."""
        if not isinstance(foreign, str):
            return None
        if len(foreign) > _LOOKED_AT:
            foreign = foreign[: _LOOKED_AT - _CUT_OFF]
        # scrubbed before it is cut: half a secret is one, too
        return self(foreign)[:limit].rstrip(" .") or None

    def words(self, page: str, limit: int = 200) -> str | None:
        """The plain words that a page of unknown making begins with; None where it begins with something else.

        It may be anything, the account's record in some notation included, before any secret of it is known. So the
        quote ends where data could begin: at a bracket, a quotation mark, a sign of assignment or a separator.
        """
        page = page[:_LOOKED_AT].lstrip()
        if page.startswith("<"):
            title = re.search("<(?:title|h1)(?: [^<>]*)?>([^<]*)<", page, re.IGNORECASE)
            page = title.group(1) if title else ""
        words = []
        for word in (self.line(page, len(page)) or "").split():
            if not _PLAIN_WORD.fullmatch(word):
                break
            words.append(word)
        return self.line(" ".join(words), limit)

    def token(self, foreign: object) -> str | None:
        """An identifier such as an error code or a request id; None where it is not one or may hold a secret."""
        if isinstance(foreign, int) and not isinstance(foreign, bool):
            foreign = str(foreign)[:100]
        if not isinstance(foreign, str) or not re.fullmatch("[A-Za-z0-9][A-Za-z0-9._:/+=-]{0,99}", foreign):
            return None
        found = set(self._found(foreign))
        if _RANDOM.fullmatch(foreign):
            # digits that look like a birthday are no wonder in a random number
            found -= set(_personal_numbers(foreign))
        return None if found else foreign


def _encoded(key: str) -> t.Iterator[tuple[str, int]]:
    """What else carries a key, and how much of it carries a run: hexadecimal digits, and Base64 (RFC 4648) of a text."""
    codes = ["%02x" % byte for byte in key.encode()]
    yield "".join(codes), 2 * _RUN
    yield "".join("0x" + code for code in codes), 4 * _RUN
    for offset in range(3):
        text = base64.b64encode(b" " * offset + key.encode()).decode()
        # the characters at the ends are made of the neighbours, too
        yield text[(0, 2, 3)[offset] :].rstrip("=")[:-1], _RUN


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _plain(foreign: str, see: t.Callable[[str], str] = str) -> str:
    """One spelling: Unicode's compatible composed form, no escapes of HTML, URLs or JSON, single spaces.

    see: is given the text before each unescaping, and gives what to go on with.
    """
    plain = _tidy(foreign)
    # what was escaped twice is unescaped twice
    for _dummy in range(3):
        before = see(plain)
        plain = _tidy(_unescape(before))
        if plain == before:
            break
    return plain


def _tidy(text: str) -> str:
    plain = _TAG.sub(" ", unicodedata.normalize("NFKC", text))
    return " ".join("".join(map(_printable, plain)).split())


def _without(text: str, spans: list[Span]) -> str:
    left, end = [], 0
    for start, stop in sorted(spans):
        if start >= end:
            left += [text[end:start], REDACTED]
        end = max(end, stop)
    return "".join(left) + text[end:]


def _unescape(text: str) -> str:
    text = unquote(_ESCAPE.sub(_escaped, text))
    try:
        return html.unescape(text)
    except ValueError:
        # an entity with thousands of digits
        return text.replace("&", " ")


def _escaped(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    return chr(int(code, 16)) if code else " " if match.group(3) else match.group(4)


def _printable(c: str) -> str:
    if not c.isprintable():
        return " "
    return str(unicodedata.digit(c)) if c.isdecimal() else c


def _occurrences(text: str, needle: str) -> t.Iterator[Span]:
    start = text.find(needle)
    while start >= 0:
        yield start, start + len(needle)
        # in a row of equal digits they overlap
        start = text.find(needle, start + 1)


def _front(letters: str, start: int) -> int:
    """Where a number begins whose tail begins at `start`: a card's number has eight digits more, others fewer."""
    for first in range(start, max(start - 12, 0), -1):
        if not letters[first - 1].isdigit():
            return first
    return max(start - 12, 0)


def _personal_numbers(plain: str) -> t.Iterator[Span]:
    """Where Swedish personal and coordination numbers stand, known or not: by their digits' shape, however grouped."""
    digits = [place for place, c in enumerate(plain) if "0" <= c <= "9"]
    for first, place in enumerate(digits):
        if place and digits[first - 1] == place - 1 and first:
            continue
        for length in (10, 12):
            window = digits[first : first + length]
            following = digits[first + length : first + length + 1]
            if len(window) == length and following != [window[-1] + 1] and _is_personal(plain, window):
                yield window[0], window[-1] + 1


def _is_personal(plain: str, window: list[int]) -> bool:
    number = "".join(plain[place] for place in window)
    if len(number) == 12 and number[:2] not in ("18", "19", "20"):
        return False
    between = [plain[left + 1 : right] for left, right in zip(window, window[1:])]
    if any(len(gap) > 6 or any(c.isalnum() for c in gap) for gap in between):
        return False
    # a time of day is none
    if re.search(r"(?<![0-9])[0-9]{1,2}:[0-9]{2}(?![0-9])", plain[window[0] : window[-1] + 1]):
        return False
    month, day = int(number[-8:-6]), int(number[-6:-4])
    return 1 <= month <= 12 and (1 <= day <= 31 or 61 <= day <= 91)
