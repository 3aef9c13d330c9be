# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text from outside, made fit to be shown in a report. Pure functions."""

from __future__ import annotations

import re
import unicodedata

#: Joiners inside of words and emoji: invisible, but what stands around them would fall apart without. Latin has no use for them.
_JOINED = re.compile("(?<=[\u0600-\U0010ffff])[\u200c\u200d](?=[\u0600-\U0010ffff])")

#: Letters and symbols by their category, but nothing is seen of them.
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"

#: What Markdown, or a platform's own additions to it (mentions, links, references), could take for markup.
_MARKUP = re.compile(r"[&<>|`*_\[\]\\~@#$:{}!]|(?<=[wW])\.|(?<= ) ")


def visible(text: str) -> str:
    """The text with what can't be seen, or changes how the rest is shown, named by its code point, as in `⟨U+202E⟩`.

    These are control and format characters (among them line breaks and those that turn the direction of writing), spaces
    other than the usual one, and what is no character at all; not the joiners of emoji and of scripts that need them. What
    is left is fit for XML 1.0 (https://www.w3.org/TR/xml/#charsets).
    """
    if text.isascii() and text.isprintable():
        return text
    joined = {match.start() for match in _JOINED.finditer(text)}
    return "".join(_named(c) if _hidden(c) and place not in joined else c for place, c in enumerate(text))


def markdown(text: str) -> str:
    """Visible text in which no character has a meaning for Markdown, for use between `<code>` and `</code>`."""
    return _MARKUP.sub(lambda match: "&#%d;" % (160 if match.group() == " " else ord(match.group())), visible(text))


def _hidden(character: str) -> bool:
    return character in _BLANKS or (unicodedata.category(character)[0] in "CZ" and character != " ")


def _named(character: str) -> str:
    return "\u27e8U+%04X\u27e9" % ord(character)
