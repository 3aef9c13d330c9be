# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of an audit: rendered from the role's templates, written as a set, and removed before the next audit."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import typing as t

import jinja2

from ansible_collections.hostup.cloud.plugins.plugin_utils._display_text import markdown, visible

_TEMPLATES = pathlib.Path(__file__).resolve().parents[2] / "roles" / "hostup_audit" / "templates"

#: Format -> its file. The one that people would rather look at comes first.
FILES = {"html": "audit.html", "markdown": "audit.md", "json": "audit.json", "junit": "audit.junit.xml"}

#: What is appended to a file's name until the whole set is written.
_UNFINISHED = ".unfinished"


def render(report: dict[str, t.Any], sentence: str, formats: t.Collection[str]) -> dict[str, str]:
    """File name -> its text, for each of the formats. sentence: the verdict on the report."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        # the templates say themselves what is escaped, and for which format
        autoescape=False,  # noqa: S701
    )
    environment.filters.update(visible=visible, markdown=markdown)
    accounts = report["accounts"]
    context = {
        "report": report,
        "sentence": sentence,
        "in_sync": [account for account in accounts if account["status"] == "in_sync"],
        "drifted": [account for account in accounts if account["status"] == "drifted"],
        "unchecked": [account for account in accounts if account["status"] == "error"],
        "warned": [account for account in accounts if account["warnings"]],
    }
    texts = {name: environment.get_template(FILES[name] + ".j2").render(context) for name in formats if name != "json"}
    if "json" in formats:
        texts["json"] = json.dumps(report, indent=2) + "\n"
    return {FILES[name]: text for name, text in texts.items()}


def remove(folder: str) -> None:
    """Remove the reports of an earlier audit, finished or not. Raises OSError where one of them stays."""
    problems = []
    for name in [*FILES.values(), *(name + _UNFINISHED for name in FILES.values())]:
        try:
            os.remove(os.path.join(folder, name))
        except (FileNotFoundError, NotADirectoryError):
            # a folder that is a file holds no report either
            pass
        except OSError as error:
            problems.append(error)
    if problems:
        raise problems[0]


def write(folder: str, texts: dict[str, str]) -> None:
    """Write all of these files, which only their owner may read, or none. Raises OSError."""
    try:
        os.makedirs(folder, exist_ok=True)
        for name, text in texts.items():
            _write(os.path.join(folder, name + _UNFINISHED), text.encode("utf-8"))
        for name in texts:
            os.replace(os.path.join(folder, name + _UNFINISHED), os.path.join(folder, name))
    except BaseException:
        with contextlib.suppress(OSError):
            remove(folder)
        raise


def _write(path: str, data: bytes) -> None:
    # O_EXCL: nobody else's file, and no link to one, is written to
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        # a disk that is full may say so only here
        os.fsync(file.fileno())
