# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the blocks of code in the repository's Markdown pages, as CommonMark has them."""

from __future__ import annotations

import markdown_it

from ansible_collections.hostup.cloud.tests.tools.repository import ROOT


def blocks(page: str, language: str, section: str = "") -> list[str]:
    """The fenced blocks of a page in their order, or those below one of its `##` headings, which must have some.

    page: its path below the repository's root.
    """
    found, heading = [], ""
    tokens = markdown_it.MarkdownIt().parse((ROOT / page).read_text(encoding="utf-8"))
    for token, following in zip(tokens, tokens[1:] + tokens[-1:]):
        if token.type == "heading_open" and token.tag == "h2":
            heading = following.content
        elif token.type == "fence" and token.info == language and section in ("", heading):
            found.append(token.content)
    assert found or not section, "%s has no block of %s below the heading %s" % (page, language, section)
    return found
