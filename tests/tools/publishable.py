# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the artifact of a tree that holds a release, and find out whether strangers and Galaxy can take it."""

from __future__ import annotations

import calendar
import os
import pathlib
import shutil
import subprocess
import sys
import time

import yaml

from ansible_collections.hostup.cloud.tests.tools import importer as galaxy
from ansible_collections.hostup.cloud.tests.tools.refusals import Refused, releases


def build(tree: pathlib.Path, work: pathlib.Path, importer: pathlib.Path) -> pathlib.Path:
    """The artifact, in the folder `work`, after all has passed. Raises Refused."""
    version = yaml.safe_load((tree / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    _say("the artifact, twice, installed into an empty folder")
    # the release's day, not the commit's second: before the commit and after it, the artifact is the same to the byte
    day = time.strptime(str(releases(tree)[version]["release_date"]), "%Y-%m-%d")
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(calendar.timegm(day))}
    command = [sys.executable, str(tree / "tests" / "tools" / "build_artifact.py"), str(work / "artifact")]
    _run(command, tree, {**environment, **_found_in(tree / ".work" / "tree")}, "The artifact can't be built")
    (built,) = (work / "artifact").glob("*.tar.gz")
    _import(built, importer, work / "importer")
    _say("the demo, from the installed artifact")
    installed = work / "artifact" / "installed"
    demo = installed / "ansible_collections" / "hostup" / "cloud" / "tests" / "demo.py"
    _run([sys.executable, str(demo)], installed, {**environment, **_found_in(installed)}, "The demo fails once it is installed")
    for path in (built, built.with_name(built.name + ".sha256")):
        shutil.copy2(path, work / path.name)
    return work / built.name


def _import(artifact: pathlib.Path, importer: pathlib.Path, work: pathlib.Path) -> None:
    _say("Galaxy's importer")
    output = galaxy.run(artifact, importer, work)
    wrong = galaxy.complaints(output)
    if wrong:
        raise Refused("Galaxy's importer complains; mend this, or name it in tests/tools/importer.py:\n%s" % "\n".join(wrong))
    past = galaxy.outlived(output)
    if past:
        raise Refused("Galaxy's importer no longer complains of %s: take it out of tests/tools/importer.py." % ", ".join(past))


def _found_in(folder: pathlib.Path) -> dict[str, str]:
    """Where Ansible and Python look for collections: there alone."""
    return {"ANSIBLE_COLLECTIONS_PATH": str(folder), "PYTHONPATH": str(folder)}


def _run(command: list[str], folder: pathlib.Path, environment: dict[str, str], otherwise: str) -> None:
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise Refused("%s:\n%s" % (otherwise, done.stdout[-8000:]))


def _say(text: str) -> None:
    print("== " + text, flush=True)
