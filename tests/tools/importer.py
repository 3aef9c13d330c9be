# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Galaxy's own importer on an artifact: what Galaxy would complain of, before anybody else sees it.

Its ansible-test step runs in a container, and without one it passes and tests nothing: `make sanity` runs those tests.
"""

from __future__ import annotations

import io
import json
import pathlib
import re
import shutil
import subprocess
import tarfile

#: A warning that nothing in the collection can end, by its words, and why that is so.
KNOWN = {
    r"Failed to find hostup\.cloud\.apply playbook": "the importer sends ansible-lint one folder too deep to look for it",
    r"\.py:\d+:\d+: E203 ": "the formatter writes slices so, as PEP 8's makers want them",
    r"\.py:\d+:\d+: W503 ": "all of flake8's W are asked for: a line may break neither before an operator nor behind it",
}
#: What it prints where the parts ran that it passes over without a word that fails.
RAN = (
    "Linting module hostup_account via flake8...",
    "...ansible-lint run complete",
    "Importer processing completed successfully",
)

#: Stands in for the repository's address where galaxy.yml has none: RFC 2606 keeps this name from being anybody's.
NOWHERE = "https://repository.invalid"


def run(artifact: pathlib.Path, importer: pathlib.Path, work: pathlib.Path) -> str:
    """What the importer printed about the artifact. importer: its virtual environment; work: a folder that it gets anew."""
    shutil.rmtree(work, ignore_errors=True)
    (work / "home").mkdir(parents=True)
    environment = {
        "PATH": "%s:/usr/local/bin:/usr/bin:/bin" % (importer.absolute() / "bin"),
        "HOME": str(work / "home"),
        "TMPDIR": str(work),
        "LC_ALL": "C.UTF-8",
        # whatever this machine has in /etc: the strictest there is
        **{"GALAXY_IMPORTER_" + name: "true" for name in ("CHECK_CHANGELOG", "CHECK_REQUIRED_TAGS", "RUN_ANSIBLE_DOC")},
        **{"GALAXY_IMPORTER_" + name: "true" for name in ("RUN_ANSIBLE_LINT", "OFFLINE_ANSIBLE_LINT", "RUN_FLAKE8")},
        "GALAXY_IMPORTER_RUN_ANSIBLE_TEST": "false",
    }
    command = [str(importer.absolute() / "bin" / "python"), "-m", "galaxy_importer.main", artifact.name]
    shown = _with_an_address(artifact, work)
    done = subprocess.run(
        command, cwd=shown, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.stdout


def complaints(output: str) -> list[str]:
    """What it complained of, but for what is known; and which of its parts did not run."""
    # with nothing in front of it, a line is what the importer is at
    found = [line for line in output.splitlines() if re.match(r"(DEBUG|WARNING|ERROR|CRITICAL): |Traceback", line)]
    wrong = [line for line in found if not any(re.search(pattern, line) for pattern in KNOWN)]
    return wrong or ["It did not say %r." % text for text in RAN if text not in output]


def outlived(output: str) -> list[str]:
    """The known complaints that it no longer has."""
    return [pattern for pattern in KNOWN if not re.search(pattern, output)]


def repository(artifact: pathlib.Path) -> str | None:
    """The address of the repository that the artifact names. Galaxy takes none without."""
    with tarfile.open(artifact) as archive:
        return _info(archive).get("repository") or None


def _info(archive: tarfile.TarFile) -> dict[str, str]:
    file = archive.extractfile("MANIFEST.json")
    assert file
    info: dict[str, str] = json.load(file)["collection_info"]
    return info


def _with_an_address(artifact: pathlib.Path, work: pathlib.Path) -> pathlib.Path:
    """The folder of an artifact that the importer looks into beyond its first complaint: with a repository's address."""
    if repository(artifact):
        return artifact.parent
    with tarfile.open(artifact) as archive, tarfile.open(work / artifact.name, "w:gz") as changed:
        for member in archive.getmembers():
            content = archive.extractfile(member)
            data = content.read() if content else b""
            if member.name == "MANIFEST.json":
                manifest = json.loads(data)
                manifest["collection_info"]["repository"] = NOWHERE
                data = json.dumps(manifest).encode("utf-8")
            member.size = len(data)
            changed.addfile(member, io.BytesIO(data))
    return work
