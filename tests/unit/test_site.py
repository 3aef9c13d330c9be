# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `make docs` refuses, so that no reader of the site comes to a dead end."""

from __future__ import annotations

import pathlib

import pytest

from ansible_collections.hostup.cloud.docs.site import links, navigation, pages
from ansible_collections.hostup.cloud.tests.tools import repository

#: A repository as small as can be: what its landing page must list, and two files that it need not.
LISTED = (
    "README.md",
    "changelogs/changelog.yaml",
    "docs/guide.md",
    "examples/gitops/README.md",
    "plugins/filter/text.py",
    "plugins/lookup/arguments.py",
    "plugins/modules/account.py",
    "roles/audit/README.md",
)
FILES = (*LISTED, "docs/index.md", "docs/images/way.svg", "playbooks/audit.yml", "plugins/action/account.py", "LICENSE")
INDEX = "## All\n\n" + "".join("- [Page](../%s): words\n" % path for path in LISTED)
PLAYBOOKS = "# Playbooks\n\n## hostup.cloud.audit\n\nWords.\n"


@pytest.mark.parametrize(
    ("source", "link", "turned"),
    [
        ("docs/guide.md", "index.md#all", "index.md#all"),
        ("docs/guide.md", "../README.md#install", "readme.md#install"),
        ("docs/guide.md", "../plugins/modules/account.py", "reference/account_module.rst"),
        ("docs/guide.md", "../plugins/lookup/arguments.py", "reference/arguments_lookup.rst"),
        ("docs/guide.md", "../plugins/filter/text.py", "reference/text_filter.rst"),
        ("docs/guide.md", "../roles/audit/README.md", "reference/audit_role.rst"),
        ("docs/guide.md", "../examples/gitops", "examples/gitops.md"),
        ("docs/guide.md", "../playbooks/audit.yml#L3", "files/playbooks/audit.yml"),
        ("README.md", "changelogs", "changelog.rst"),
        ("docs/guide.md", "images/way.svg", "images/way.svg"),
        ("README.md", "docs/images/way.svg", "images/way.svg"),
        ("examples/gitops/README.md", "../../docs/guide.md", "../guide.md"),
        ("docs/guide.md", "https://example.com/a.md", "https://example.com/a.md"),
        ("docs/guide.md", "#words", "#words"),
    ],
)
def test_a_link_leads_to_the_page_of_what_it_names(source: str, link: str, turned: str) -> None:
    page = pages.turn(source, "See [this\nor that](%s).\n\n```text\n[code](%s)\n```\n" % (link, link), FILES)
    assert (page.text, page.mistakes) == ("See [this\nor that](%s).\n\n```text\n[code](%s)\n```\n" % (turned, link), [])
    assert all(path in FILES and there == turned for path, there in page.files.items())


@pytest.mark.parametrize("link", ["other.md", "../plugins/modules/acount.py", "images/no.png", "../plugins"])
def test_a_link_to_what_is_not_there_is_named_with_its_line(link: str) -> None:
    (mistake,) = pages.turn("docs/guide.md", "# Guide\n\nSee [this](%s).\n" % link, FILES).mistakes
    assert mistake.startswith("docs/guide.md:3: there is no file ")


@pytest.mark.parametrize("path", LISTED)
def test_what_the_navigation_lacks_is_named(path: str) -> None:
    assert navigation.missing(navigation.read(INDEX, FILES), FILES, PLAYBOOKS) == []
    rest = INDEX.replace("- [Page](../%s)" % path, "[Page](../%s)" % path)
    assert navigation.missing(navigation.read(rest, FILES), FILES, PLAYBOOKS) == [
        "docs/index.md: the navigation lacks %s: no list of the page links to it" % path
    ]


def test_a_playbook_has_its_place_in_the_reference() -> None:
    (mistake,) = navigation.missing(navigation.read(INDEX, FILES), FILES, "# Playbooks\n")
    assert mistake == "docs/playbooks.md: there is no heading `## hostup.cloud.audit` for playbooks/audit.yml"


def test_the_repository_is_all_in_the_navigation() -> None:
    """`make docs` says so, too: here without building."""
    files = repository.tracked()
    index, playbooks = ((repository.ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("index.md", "playbooks.md"))
    assert navigation.missing(navigation.read(index, files), files, playbooks) == []


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
