# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `make docs` refuses, so that no reader of the site comes to a dead end."""

from __future__ import annotations

import pathlib

import pytest

from ansible_collections.hostup.cloud.docs.site import links, navigation, pages

FILES = (
    "README.md",
    "docs/index.md",
    "docs/guide.md",
    "docs/images/way.svg",
    "plugins/modules/account.py",
    "playbooks/audit.yml",
)
LINK = "See [this\nor that](%s).\n\n```text\n[code](%s)\n```\n"


@pytest.mark.parametrize(
    ("source", "link", "turned"),
    [
        ("docs/guide.md", "../README.md#install", "readme.md#install"),
        ("docs/guide.md", "../plugins/modules/account.py", "reference/account_module.rst"),
        ("docs/guide.md", "../playbooks/audit.yml#L3", "files/playbooks/audit.yml"),
        ("README.md", "docs/images/way.svg", "images/way.svg"),
        ("docs/guide.md", "https://example.com/a.md", "https://example.com/a.md"),
        ("docs/guide.md", "#words", "#words"),
    ],
)
def test_a_link_leads_to_the_page_of_its_target(source: str, link: str, turned: str) -> None:
    page = pages.turn(source, LINK % (link, link), FILES)
    assert (page.text, page.mistakes) == (LINK % (turned, link), [])


@pytest.mark.parametrize("link", ["other.md", "../plugins/modules/acount.py", "images/no.png", "../plugins"])
def test_a_link_to_nothing_is_named_with_its_line(link: str) -> None:
    (mistake,) = pages.turn("docs/guide.md", "# Guide\n\nSee [this](%s).\n" % link, FILES).mistakes
    assert mistake.startswith("docs/guide.md:3: there is no file ")


def test_a_page_that_the_navigation_lacks_is_named() -> None:
    index = "## All\n\n- [Page](../README.md): words\n- [Module](../plugins/modules/account.py): words\n"
    assert navigation.missing(navigation.read(index, FILES), FILES, "# Playbooks\n") == [
        "docs/index.md: the navigation lacks docs/guide.md: no list of the page links to it",
        "docs/playbooks.md: there is no heading `## hostup.cloud.audit` for playbooks/audit.yml",
    ]


@pytest.mark.parametrize(
    ("html", "wrong"),
    [
        ('<a href="other.html#here">', ""),
        ('<a href="#top">', ""),
        ('<img src="picture%201.png">', ""),
        ('<a href="https://example.com/">', ""),
        ('<a href="no.html">', "page.html links to no.html, and there is no no.html"),
        ('<a href="other.html#no">', "page.html links to other.html#no, and there is no such place on other.html"),
        ('<a href="#no">', "page.html links to #no, and there is no such place on page.html"),
        ('<img src="no.png">', "page.html links to no.png, and there is no no.png"),
        ('<script src="https://example.com/a.js">', "page.html loads https://example.com/a.js"),
        ('<link rel="stylesheet" href="//example.com/a.css">', "page.html loads //example.com/a.css"),
    ],
)
def test_a_link_of_the_site_leads_somewhere(tmp_path: pathlib.Path, html: str, wrong: str) -> None:
    (tmp_path / "other.html").write_text('<h1 id="here">', encoding="utf-8")
    (tmp_path / "picture 1.png").touch()
    (tmp_path / "page.html").write_text('<body id="top">' + html, encoding="utf-8")
    found = list(links.dead(tmp_path))
    assert len(found) == bool(wrong)
    assert "".join(found).startswith(wrong)
