# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sphinx's settings for the site: see build.py."""

from __future__ import annotations

import pathlib
import re
import typing as t

_GALAXY = (pathlib.Path(__file__).resolve().parents[2] / "galaxy.yml").read_text(encoding="utf-8")

project = "hostup.cloud"
author = "the hostup.cloud contributors"
project_copyright = "2026, the hostup.cloud contributors, GPL-3.0-or-later"
version = release = "".join(re.findall(r"^version: (\S+)$", _GALAXY, re.MULTILINE))
language = "en"

extensions = ["myst_parser", "sphinx_antsibull_ext", "sphinx_copybutton"]
exclude_patterns = ["files/**"]
# the anchors that a forge gives to headings
myst_heading_anchors = 4
highlight_language = "yaml+jinja"

# site.css has the colours, since the extension's know the system's scheme alone, and not the switch of the page
antsibull_ext_color_scheme = "none"

html_theme = "furo"
html_title = "hostup.cloud %s" % release
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_theme_options = {"navigation_with_keys": True}
# every token in them can be read on its ground: see tests/site
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "github-dark"

_NARROW = re.compile(r"<(h[1-6]|t[dh])\b.*?</\1>", re.DOTALL)
_INSIDE_A_NAME = re.compile(r"(?<=[A-Za-z])([._/:]+)(?=[A-Za-z])(?![^<]*>)")


def _let_names_break(_app: object, _page: str, _template: str, context: dict[str, t.Any], _tree: object) -> None:
    """In headings and tables a long name may break after a dot, an underscore and the like, so that it fits a phone."""
    if "body" in context:
        context["body"] = _NARROW.sub(lambda match: _INSIDE_A_NAME.sub(r"\1<wbr>", match[0]), context["body"])


def setup(app: t.Any) -> None:
    """Called by Sphinx."""
    app.connect("html-page-context", _let_names_break)
