# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which page of the site a file of the repository becomes, and the links between Markdown files turned to match."""

from __future__ import annotations

import posixpath
import re
import typing as t

#: The page of changes is made of several files: see changelog.py.
CHANGES = "changelogs/changelog.yaml"
#: Folders that a link may name though they hold no README.md, and the page that is meant.
FOLDERS = {"changelogs": CHANGES}

_PLUGIN = re.compile(r"plugins/(module|filter|lookup)s?/([a-z][a-z0-9_]*)\.py")
_README = re.compile(r"(roles|examples)/([^/]+)/README\.md")
_FENCED = re.compile(r"(^ *```.*?^ *```$)", re.DOTALL | re.MULTILINE)
_TARGET = re.compile(r"\]\(([^()\s]+)\)")
_ELSEWHERE = re.compile(r"[a-z]+:|#", re.IGNORECASE)


class Mistake(Exception):
    """A sentence for whoever wrote the page."""


class Page(t.NamedTuple):
    """A Markdown file as the site has it."""

    text: str
    #: The files that it links to or shows and that are no pages: path in the repository -> path in the site.
    files: dict[str, str]
    mistakes: list[str]


def page_of(path: str) -> str | None:
    """The page of a file of the repository, as a path in the site's source; None for a file that is no page.

    A role's README.md becomes a part of the page that antsibull-docs makes of the role.
    """
    if match := _PLUGIN.fullmatch(path):
        return "reference/%s_%s.rst" % (match[2], match[1])
    if match := _README.fullmatch(path):
        return "reference/%s_role.rst" % match[2] if match[1] == "roles" else "examples/%s.md" % match[2]
    if path in (CHANGES, "CHANGELOG.rst"):
        return "changelog.rst"
    folder, name = posixpath.split(path)
    if not name.endswith(".md") or folder not in ("", "docs"):
        return None
    return name if folder else name.lower().replace("_", "-")


def find(target: str, source: str, repository: t.Collection[str]) -> str:
    """The file of the repository that a link from a file, `source`, names."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    for found in (path, path + "/README.md", FOLDERS.get(path, "")):
        if found in repository:
            return found
    raise Mistake("there is no file %s in the repository: correct the link, or add the file to git" % path)


def turn(source: str, text: str, repository: t.Collection[str]) -> Page:
    """A Markdown file's text, its links turned to where the site has what they name."""
    page = Page("", {}, [])
    fenced = [match.span() for match in _FENCED.finditer(text)]

    def turned(match: re.Match[str]) -> str:
        target, hash_sign, anchor = match[1].partition("#")
        # what stands in a block of code is no link
        if _ELSEWHERE.match(match[1]) or any(start < match.start() < end for start, end in fenced):
            return match[0]
        try:
            path = find(target, source, repository)
            there = page_of(path)
            if not there and path.endswith(".md"):
                raise Mistake("%s is no page of the site: link to one, or see docs/site/pages.py" % path)
        except Mistake as mistake:
            page.mistakes.append("%s:%d: %s" % (source, text.count("\n", 0, match.start()) + 1, mistake))
            return match[0]
        if not there:
            page.files[path] = there = path[len("docs/") :] if path.startswith("docs/") else "files/" + path
            hash_sign = anchor = ""
        folder = posixpath.dirname(page_of(source) or "") or "."
        return "](%s%s%s)" % (posixpath.relpath(there, folder), hash_sign, anchor)

    return page._replace(text=_TARGET.sub(turned, text))
