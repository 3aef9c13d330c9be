# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking secrets out of text that the API, or something in front of it, wrote. Pure functions, no Ansible, no HTTP.

A secret may come back in another spelling than it was sent: grouped, escaped for HTML, URLs or JSON, in other
dashes, spaces or letters' case. So the text is brought into one plain spelling first, and secrets are looked for
letter by letter, with anything but letters and digits between.
"""

from __future__ import annotations

import html
import re
import typing as t
import unicodedata
from urllib.parse import unquote

from ansible_collections.hostup.cloud.plugins.module_utils._redact import REDACTED

#: What may stand between two letters or digits of one value.
_BETWEEN = r"[\W_]{0,3}"
#: Ten digits or more, however grouped: nobody needs them in a message, and one kind is a personal number.
_LONG_NUMBER = re.compile(r"[0-9](?:%s[0-9]){9,}" % _BETWEEN)
#: A Swedish personal or coordination number inside an identifier.
_PERSONAL_NUMBER = re.compile(
    r"(?<![0-9])(?:18|19|20)?[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01]|[678][0-9]|9[01])[-+_]?[0-9]{4}(?![0-9])"
)
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
#: A word of a language or a short number: all that is quoted of a page that is not the API's.
_PLAIN_WORD = re.compile(r"[^\W\d_]{1,20}(['-][^\W\d_]{1,20})?[.,!?]?|[0-9]{1,4}[.,]?")


class Scrubber:
    """Knows the secrets of one client."""

    def __init__(self, key: str) -> None:
        self._patterns = {_BETWEEN.join(re.escape(c) for c in _plain(key) if c.isalnum()) or re.escape(key)}

    def add(self, values: t.Iterable[str]) -> None:
        """More values to take out."""
        self._patterns.update(_pattern(value) for value in map(_plain, values) if value)

    def __call__(self, foreign: str) -> str:
        plain = _plain(foreign)
        for pattern in sorted(self._patterns, key=len, reverse=True):
            plain = re.sub(pattern, REDACTED, plain, flags=re.IGNORECASE)
        return _LONG_NUMBER.sub(REDACTED, plain)

    def line(self, foreign: object, limit: int = 200) -> str | None:
        """One line of at most `limit` characters of a message; None where there is none."""
        if not isinstance(foreign, str):
            return None
        # scrubbed before it is cut: half a secret is one, too
        return self(foreign)[:limit].rstrip(" .") or None

    def words(self, page: str, limit: int = 200) -> str | None:
        """The plain words that a page of unknown making begins with; None where it begins with something else.

        It may be anything, the account's record in some notation included, before any secret of it is known. So the
        quote ends where data could begin: at a bracket, a quotation mark, a sign of assignment or a separator.
        """
        title = re.search("<(title|h1)[^>]*>(.*?)<", page, re.IGNORECASE | re.DOTALL)
        if title:
            page = title.group(2)
        elif page.lstrip().startswith("<"):
            return None
        words = []
        for word in (self.line(page, len(page)) or "").split():
            if not _PLAIN_WORD.fullmatch(word):
                break
            words.append(word)
        return self.line(" ".join(words), limit)

    def token(self, foreign: object) -> str | None:
        """An identifier such as an error code or a request id; None where it is not one or holds a secret."""
        if isinstance(foreign, int) and not isinstance(foreign, bool):
            foreign = str(foreign)
        if not isinstance(foreign, str) or not re.fullmatch("[A-Za-z0-9][A-Za-z0-9._:/+=-]{0,99}", foreign):
            return None
        if any(re.search(pattern, foreign, re.IGNORECASE) for pattern in self._patterns):
            return None
        return None if _PERSONAL_NUMBER.search(foreign) and not _UUID.fullmatch(foreign) else foreign


def _plain(foreign: str) -> str:
    """One spelling: Unicode's compatible composed form, no escapes of HTML, URLs or JSON, no tags, single spaces."""
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match.group(1), 16)), foreign)
    plain = html.unescape(unquote(re.sub(r'\\(["\\/])', r"\1", plain)))
    plain = unicodedata.normalize("NFKC", re.sub("<[^<>]*>", " ", plain))
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())


def _pattern(value: str) -> str:
    letters = [c for c in value if c.isalnum()]
    if len(letters) >= 8 and all("0" <= c <= "9" for c in letters):
        # a number's tail tells it, whatever century or country's code stands in front
        return r"(?:[0-9+]%s){0,10}%s" % (_BETWEEN, _BETWEEN.join(letters[-8:]))
    if len(letters) >= 5:
        return _BETWEEN.join(letters)
    return r"(?<!\w)%s(?!\w)" % re.escape(value)
