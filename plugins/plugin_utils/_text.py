# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text from outside, made fit to be shown in a report. Pure functions."""

from __future__ import annotations

import re
import unicodedata

#: Joiners inside of words and emoji: invisible, but what stands around them would fall apart without.
_JOINERS = "\u200c\u200d"

#: What Markdown, or a platform's own additions to it (mentions, links, references), could take for markup.
_MARKUP = re.compile(r"[&<>|`*_\[\]\\~@#$:{}!]|(?<=[wW])\.|(?<= ) ")


def visible(text: str) -> str:
    """The text with what can't be seen, or changes how the rest is shown, named by its code point, as in `⟨U+202E⟩`.

    These are control and format characters (among them line breaks and those that turn the direction of writing), spaces
    other than the usual one, and what is no character at all. What is left is fit for XML 1.0 (https://www.w3.org/TR/xml/#charsets).
    """
    return "".join(_named(c) if _hidden(c) else c for c in text) if not text.isascii() or not text.isprintable() else text


def markdown(text: str) -> str:
    """Visible text in which no character has a meaning for Markdown, for use between `<code>` and `</code>`."""
    return _MARKUP.sub(lambda match: "&#%d;" % (160 if match.group() == " " else ord(match.group())), visible(text))


def _hidden(character: str) -> bool:
    return unicodedata.category(character)[0] in "CZ" and character not in _JOINERS and character != " "


def _named(character: str) -> str:
    return "\u27e8U+%04X\u27e9" % ord(character)
