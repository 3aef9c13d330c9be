# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text in reports: whatever an account may hold, XML can be read and Markdown shows it as it is."""

from __future__ import annotations

import string
import sys
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import markdown_it
import pytest

from ansible_collections.hostup.cloud.plugins.plugin_utils._display_text import markdown, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Göteborg, Storgatan 2", "Göteborg, Storgatan 2"),
        ("a\tb\n", "a⟨U+0009⟩b⟨U+000A⟩"),
        ("Stock\u200dholm \u3164\u2800", "Stock⟨U+200D⟩holm ⟨U+3164⟩⟨U+2800⟩"),
        ("a\u00a0b\u200b\u202ec", "a⟨U+00A0⟩b⟨U+200B⟩⟨U+202E⟩c"),
        ("\ud800\ufffe\U0010ffff", "⟨U+D800⟩⟨U+FFFE⟩⟨U+10FFFF⟩"),
        # a family, Persian, and Hebrew stay whole
        ("\U0001f469\u200d\U0001f467 \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u05d0", None),
    ],
)
def test_what_can_not_be_seen_is_named(text: str, shown: str | None) -> None:
    assert visible(text) == (text if shown is None else shown)


def test_every_character_is_fit_for_xml() -> None:
    text = visible("".join(map(chr, range(sys.maxunicode + 1))))
    assert ElementTree.fromstring("<a>%s</a>" % escape(text)).text == text  # noqa: S314 our own


@pytest.mark.parametrize(
    "text",
    [
        string.punctuation,
        *("%s a%sb%sb %s" % ((mark,) * 4) for mark in string.punctuation),
        "www.example.com HTTPS://a.example anna@example.com [a](b) ![c](d) [e]: f",
        "a  b   c",
        "&#42; &amp; &lt;b&gt; </code> <!-- x -->",
    ],
)
def test_markdown_takes_no_character_for_markup(text: str) -> None:
    page = markdown_it.MarkdownIt("gfm-like").render("| a |\n|---|\n| <code>%s</code> |\n" % markdown(text))
    cell = page.partition("<tbody>")[2].partition("<code>")[2].partition("</code></td>")[0]
    assert cell.replace("\u00a0", " ") == escape(text, {'"': "&quot;"})
