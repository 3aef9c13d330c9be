# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make docs`: the documentation as a site, built from the files that git has, without the network.

The Markdown of the repository is laid out as the site's source (`pages.py`), with the lists of docs/index.md as its navigation
(`navigation.py`); antsibull-docs adds the pages of modules, plugins and roles from their own documentation; Sphinx makes HTML of
all (`conf.py`, `site.css`), and every link of that is followed (`links.py`). Whatever is wrong ends the build.
"""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import sys

from ansible_collections.hostup.cloud.docs.site import changelog, links, navigation, pages
from ansible_collections.hostup.cloud.tests.tools import repository

HERE = pathlib.Path(__file__).resolve().parent
BIN = pathlib.Path(sys.executable).parent

#: The labels of Ansible's own documentation that antsibull-docs refers to.
ANSIBLE = "https://docs.ansible.com/ansible/latest/"
LABELS = {
    "action_plugins": "plugins/action.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}

#: What is included in a page; below its title, which is another there.
PART = ".part"
_HOW_TO_USE = """
How to use this role
--------------------

.. include:: %s
   :parser: myst_parser.sphinx_
   :start-line: 1
"""


def main() -> int:
    folder = pathlib.Path(sys.argv[1]).absolute()
    shutil.rmtree(folder, ignore_errors=True)
    source, built = folder / "source", folder / "html"
    # antsibull-docs writes into no folder that others may write to, whatever the umask is
    source.mkdir(parents=True, mode=0o755)
    mistakes = _lay_out(source)
    if not mistakes:
        _document_plugins(source / "reference")
        # -n: a reference to nothing is a warning; -W: a warning is an error
        options = ["-q", "-n", "-W", "--keep-going", "-b", "html", "-d", str(folder / "doctrees"), "-c", str(HERE)]
        _run("sphinx-build", *options, str(source), str(built))
        mistakes = list(links.dead(built))
    print("\n".join(mistakes) or "%s: %d pages" % (built / "index.html", len(list(built.rglob("*.html")))))
    return 1 if mistakes else 0


def _lay_out(source: pathlib.Path) -> list[str]:
    """Copy the pages, and the files that they link to. What is wrong with them, a sentence each."""
    files = repository.tracked()
    chapters = navigation.read(_text(navigation.INDEX), files)
    mistakes = navigation.missing(chapters, files, _text("docs/playbooks.md"))
    listed = [path for chapter in chapters for path in chapter.entries if path.endswith(".md")]
    for path in [navigation.INDEX, *listed]:
        page = pages.turn(path, _text(path), files)
        mistakes += page.mistakes
        extra = navigation.toctrees(chapters) if path == navigation.INDEX else ""
        target = source / (pages.page_of(path) or "")
        if target.suffix == ".rst":
            # a role's README.md becomes a part of its page
            target = target.with_suffix(PART)
        target.parent.mkdir(mode=0o755, exist_ok=True)
        target.write_text(page.text + extra, encoding="utf-8")
        for name, there in page.files.items():
            (source / there).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(repository.ROOT / name, source / there)
    (source / "changelog.rst").write_text(changelog.text(repository.ROOT), encoding="utf-8")
    return mistakes


def _text(path: str) -> str:
    return (repository.ROOT / path).read_text(encoding="utf-8")


def _document_plugins(folder: pathlib.Path) -> None:
    options = ["--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", str(folder)]
    _run("antsibull-docs", "--config-file", str(HERE / "antsibull-docs.cfg"), "collection", *options, "hostup.cloud")
    # no plugin of ours has variables of the kind that it lists
    (folder / "environment_variables.rst").unlink()
    for path in folder.glob("*.rst"):
        # furo has a page's contents beside it
        text = re.sub(r"\.\. contents::\n(   :.*\n)+", "", path.read_text(encoding="utf-8"))
        for label, address in LABELS.items():
            text = re.sub(":ref:`([^<`]+) <%s>`" % label, r"`\1 <%s%s>`__" % (ANSIBLE, address), text)
        if path.with_suffix(PART).exists():
            text += _HOW_TO_USE % path.with_suffix(PART).name
        path.write_text(text, encoding="utf-8")


def _run(program: str, *words: str) -> None:
    if code := subprocess.run([str(BIN / program), *words], check=False).returncode:
        sys.exit("%s has failed, with exit code %d: what it found is above" % (program, code))


if __name__ == "__main__":
    sys.exit(main())
