# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The site's navigation: the lists of docs/index.md, which is both its landing page and what a forge shows of docs/."""

from __future__ import annotations

import contextlib
import re
import typing as t

from ansible_collections.hostup.cloud.docs.site import pages

INDEX = "docs/index.md"

_HEADING = re.compile(r"## (.+)")
_ENTRY = re.compile(r"- \[([^\]]+)\]\(([^()\s#]+)\)")

#: What must have a place in the navigation.
_WANTED = re.compile(
    r"docs/[^/]+\.md|[A-Z_]+\.md|(examples|roles)/[^/]+/README\.md|plugins/(modules|filter|lookup)/[a-z]\w*\.py|"
    + re.escape(pages.CHANGES)
)
_PLAYBOOK = re.compile(r"playbooks/([a-z_]+)\.yml")


class Chapter(t.NamedTuple):
    """A heading of the landing page, and the pages listed under it: path in the repository -> title."""

    title: str
    entries: dict[str, str]


def read(text: str, repository: t.Collection[str]) -> list[Chapter]:
    """The chapters of docs/index.md. A heading without a list is none; what isn't there, `pages.turn` says."""
    chapters: list[Chapter] = []
    for line in text.splitlines():
        if heading := _HEADING.fullmatch(line):
            chapters.append(Chapter(heading[1], {}))
        elif (entry := _ENTRY.match(line)) and chapters:
            with contextlib.suppress(pages.Mistake):
                chapters[-1].entries[pages.find(entry[2], INDEX, repository)] = entry[1]
    return [chapter for chapter in chapters if chapter.entries]


def missing(chapters: list[Chapter], repository: t.Collection[str], playbooks: str) -> list[str]:
    """What a reader could not find, in a sentence each. playbooks: the text of their page."""
    listed = [path for chapter in chapters for path in chapter.entries]
    wanted = [path for path in repository if _WANTED.fullmatch(path) and path != INDEX]
    lacks = "%s: the navigation lacks %s: no list of the page links to it"
    found = [lacks % (INDEX, path) for path in wanted if path not in listed]
    found += ["%s: %s is listed twice" % (INDEX, path) for path in sorted(set(listed)) if listed.count(path) > 1]
    found += ["%s: %s is listed, but is no page" % (INDEX, path) for path in listed if not pages.page_of(path)]
    names = [match[1] for path in repository if (match := _PLAYBOOK.fullmatch(path))]
    for name in names:
        if "\n## hostup.cloud.%s\n" % name not in playbooks:
            found.append("docs/playbooks.md: there is no heading `## hostup.cloud.%s` for playbooks/%s.yml" % (name, name))
    return found


def toctrees(chapters: list[Chapter]) -> str:
    """The same for Sphinx, which shows it beside every page."""
    blocks = []
    for chapter in chapters:
        lines = ["%s <%s>" % (title, (pages.page_of(path) or "").rpartition(".")[0]) for path, title in chapter.entries.items()]
        blocks.append("```{toctree}\n:hidden:\n:caption: %s\n\n%s\n```\n" % (chapter.title, "\n".join(lines)))
    return "\n".join(["", *blocks])
