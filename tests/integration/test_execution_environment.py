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
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from ansible_collections.hostup.cloud.tests.integration.runner import BIN, ROOT

ARTIFACT = ROOT / ".work" / "artifact"
EXAMPLE = ROOT / "examples" / "execution-environment"
GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))

NEEDED = [line for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


def _run(command: t.Sequence[str], folder: pathlib.Path) -> str:
    environment = {"PATH": "%s:/usr/local/bin:/usr/bin:/bin" % BIN, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_installed_artifact_says_what_it_needs(tmp_path: pathlib.Path) -> None:
    """What ansible-builder installs into an image, asked of the collection as ansible-galaxy has installed it."""
    _run(["ansible-builder", "introspect", "--write-pip", "pip.txt", str(ARTIFACT / "installed")], tmp_path)
    found = (tmp_path / "pip.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split("  #")[0] for line in found] == NEEDED
    assert [Requirement(line).name for line in NEEDED] == ["requests", "urllib3"]


@pytest.mark.parametrize(
    "place",
    [
        "README.md",
        "plugins/doc_fragments/connection.py",
        "plugins/module_utils/_http.py",
        "tests/requirements/oldest.in",
    ],
)
def test_it_is_what_all_other_places_say(place: str) -> None:
    """The oldest releases that are told to people are those that requirements.txt installs, and that the tests run on."""
    text = (ROOT / place).read_text(encoding="utf-8")
    for requirement in map(Requirement, NEEDED):
        (oldest,) = (specifier.version for specifier in requirement.specifier)
        assert re.search(r"%s\W+%s\b" % (requirement.name, re.escape(oldest)), text), requirement


#: The example's file -> the requirements that it has of Galaxy.
DEFINITIONS = {
    "execution-environment.yml": [{"name": "hostup.cloud", "version": ">=1.0.0,<2.0.0"}],
    "from-artifact.yml": [{"name": "collections/hostup-cloud.tar.gz", "type": "file"}],
}


def _create(definition: str, folder: pathlib.Path) -> tuple[pathlib.Path, list[str]]:
    """The context that ansible-builder makes of a copy of the example, and the steps that its image is built with."""
    copy = folder / "example"
    shutil.copytree(EXAMPLE, copy)
    (artifact,) = ARTIFACT.glob("hostup-cloud-*.tar.gz")
    shutil.copy(artifact, copy / "hostup-cloud.tar.gz")
    _run(["ansible-builder", "create", "-f", definition, "--output-filename", "Containerfile"], copy)
    return copy / "context" / "_build", (copy / "context" / "Containerfile").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_the_examples_context(definition: str, tmp_path: pathlib.Path) -> None:
    build, steps = _create(definition, tmp_path)
    wanted = yaml.safe_load((build / "requirements.yml").read_text(encoding="utf-8"))
    assert wanted == {"collections": DEFINITIONS[definition]}
    assert 'ARG PYCMD="/usr/bin/python3.12"' in steps
    (ansible,) = re.findall(r'ARG ANSIBLE_INSTALL_REFS="ansible-core(\S+) ansible-runner"', "\n".join(steps))
    # the release that the tests run on
    pins = (ROOT / "tests" / "requirements" / "run.txt").read_text(encoding="utf-8")
    (tested,) = re.findall(r"^ansible-core==(\S+)", pins, re.MULTILINE)
    assert tested in SpecifierSet(ansible)


def test_the_version_in_the_example_is_one_that_there_is() -> None:
    (wanted,) = DEFINITIONS["execution-environment.yml"]
    assert GALAXY["version"] in SpecifierSet(wanted["version"])
    assert wanted["name"] == "%(namespace)s.%(name)s" % GALAXY


def test_the_images_steps_that_need_no_engine(tmp_path: pathlib.Path) -> None:
    """From the artifact to the packages that the image gets: the steps of its Containerfile, but for the folders in them."""
    build, steps = _create("from-artifact.yml", tmp_path)
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
