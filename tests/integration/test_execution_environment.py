# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Execution environments: what the collection says it needs, and the build of an image up to what needs a container engine."""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import typing as t

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from ansible_collections.hostup.cloud.tests.integration.runner import BIN, ROOT

ARTIFACT = ROOT / ".work" / "artifact"
EXAMPLE = ROOT / "examples" / "execution-environment"
GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))

NEEDED = [line for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


#: The packages that are needed, and the oldest release of each.
OLDEST = {line.partition(">=")[0]: line.partition(">=")[2] for line in NEEDED}


def _run(command: t.Sequence[str], folder: pathlib.Path) -> None:
    environment = {"PATH": "%s:/usr/local/bin:/usr/bin:/bin" % BIN, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("place", ["README.md", "plugins/doc_fragments/connection.py", "tests/requirements/oldest.in"])
def test_oldest_supported_packages_are_the_same_everywhere(place: str) -> None:
    """What people read, what requirements.txt installs, and what the tests run on."""
    text = (ROOT / place).read_text(encoding="utf-8")
    missing = [name for name, oldest in OLDEST.items() if not re.search(r"%s\W+%s\b" % (name, re.escape(oldest)), text)]
    assert missing == []


def _create(definition: str, folder: pathlib.Path) -> tuple[pathlib.Path, list[str], t.Any]:
    """The context that ansible-builder makes of a copy of the example, its image's steps and its required collections."""
    copy = folder / "example"
    shutil.copytree(EXAMPLE, copy)
    (artifact,) = ARTIFACT.glob("hostup-cloud-*.tar.gz")
    shutil.copy(artifact, copy / "hostup-cloud.tar.gz")
    _run(["ansible-builder", "create", "-f", definition, "--output-filename", "Containerfile"], copy)
    build = copy / "context" / "_build"
    (collection,) = yaml.safe_load((build / "requirements.yml").read_text(encoding="utf-8"))["collections"]
    return build, (copy / "context" / "Containerfile").read_text(encoding="utf-8").splitlines(), collection


def test_image_from_galaxy(tmp_path: pathlib.Path) -> None:
    """Its collection is a release that there is, its ansible-core the one that the tests run on."""
    _build, steps, collection = _create("execution-environment.yml", tmp_path)
    assert collection["name"] == "%(namespace)s.%(name)s" % GALAXY
    assert GALAXY["version"] in SpecifierSet(collection["version"])
    assert 'ARG PYCMD="/usr/bin/python3.12"' in steps
    (ansible,) = re.findall(r'ARG ANSIBLE_INSTALL_REFS="ansible-core(\S+) ansible-runner"', "\n".join(steps))
    pins = (ROOT / "tests" / "requirements" / "run.txt").read_text(encoding="utf-8")
    assert re.findall(r"^ansible-core==(\S+)", pins, re.MULTILINE)[0] in SpecifierSet(ansible)


def test_image_from_the_artifact(tmp_path: pathlib.Path) -> None:
    """The steps of its Containerfile that need no container engine, with other folders: the collection, and its packages."""
    build, steps, collection = _create("from-artifact.yml", tmp_path)
    assert collection == {"name": "collections/hostup-cloud.tar.gz", "type": "file"}
    script = "\n".join(
        step.replace("RUN ", "", 1)
        for step in steps
        if "ansible-galaxy collection install" in step or "introspect.py introspect" in step
    )
    for its, here in (
        ("/usr/share/ansible/collections", "installed"),
        ("/output/scripts/introspect.py introspect", "scripts/introspect.py introspect installed"),
        ("/tmp/src/", ""),  # noqa: S108 the image's
    ):
        assert its in script
        script = script.replace(its, here)
    _run(["bash", "-euxc", "PYCMD=python ANSIBLE_GALAXY_CLI_COLLECTION_OPTS=--offline\n" + script], build)
    assert (build / "installed" / "ansible_collections" / "hostup" / "cloud" / "playbooks" / "audit.yml").is_file()
    assert [line.split("  #")[0] for line in (build / "requirements.txt").read_text(encoding="utf-8").splitlines()] == NEEDED
