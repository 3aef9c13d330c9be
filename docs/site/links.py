# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The built site, held against itself: every link and anchor in it leads somewhere, and it loads nothing from elsewhere."""

from __future__ import annotations

import html.parser
import pathlib
import posixpath
import typing as t
import urllib.parse


class Document(html.parser.HTMLParser):
    """What a page of HTML links to, what it loads, and where it can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.anchors.update(values[name] for name in ("id", "name") if name in values)
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "link" and values.get("rel") in ("stylesheet", "icon", "preload"):
            self.loads.append(values["href"])
        elif "src" in values:
            self.loads.append(values["src"])


def dead(site: pathlib.Path) -> t.Iterator[str]:
    """What is wrong in the HTML of a folder, a sentence each."""
    documents = {
        path.relative_to(site).as_posix(): Document(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))
    }
    for name, document in documents.items():
        for address in dict.fromkeys(document.links + document.loads):
            parts = urllib.parse.urlsplit(address)
            if parts.scheme == "data":
                continue
            if parts.scheme or parts.netloc:
                if address in document.loads:
                    yield "%s loads %s: a page of the site loads nothing from elsewhere" % (name, address)
                continue
            path = urllib.parse.unquote(parts.path)
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            anchor = urllib.parse.unquote(parts.fragment)
            if not (site / path).is_file():
                yield "%s links to %s, and there is no %s" % (name, address, path)
            elif anchor and path in documents and anchor not in documents[path].anchors:
                yield "%s links to %s, and there is no such place on %s" % (name, address, path)
