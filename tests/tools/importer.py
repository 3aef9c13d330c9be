# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run Galaxy's own importer on an artifact. Its ansible-test step needs a container: `make sanity` runs those tests."""

from __future__ import annotations

import io
import json
import pathlib
import re
import shutil
import subprocess
import tarfile

#: A warning that nothing in the collection can end -> the reason.
KNOWN = {
    r"Failed to find hostup\.cloud\.apply playbook": "the importer sends ansible-lint one folder too deep to look for it",
    r"\.py:\d+:\d+: E203 ": "the formatter writes slices so, as PEP 8's makers want them",
    r"\.py:\d+:\d+: W503 ": "all of flake8's W are asked for: a line may break neither before an operator nor behind it",
}
#: What it prints once the parts ran that it passes over silently if their programs are missing.
RAN = (
    "Linting module hostup_account via flake8...",
    "...ansible-lint run complete",
    "Importer processing completed successfully",
)
#: The strictest settings there are, whatever this machine has in /etc.
PREFERENCE_FIELDS = (
    "CHECK_CHANGELOG",
    "CHECK_REQUIRED_TAGS",
    "RUN_ANSIBLE_DOC",
    "RUN_ANSIBLE_LINT",
    "OFFLINE_ANSIBLE_LINT",
    "RUN_FLAKE8",
)


def run(artifact: pathlib.Path, importer: pathlib.Path, work: pathlib.Path) -> str:
    """What the importer prints about the artifact. importer: its virtual environment; work: a folder that it gets anew."""
    shutil.rmtree(work, ignore_errors=True)
    (work / "home").mkdir(parents=True)
    _with_address(artifact, work / artifact.name)
    environment = {
        "PATH": "%s:/usr/local/bin:/usr/bin:/bin" % (importer.absolute() / "bin"),
        "HOME": str(work / "home"),
        "TMPDIR": str(work),
        "LC_ALL": "C.UTF-8",
        "GALAXY_IMPORTER_RUN_ANSIBLE_TEST": "false",
        **{"GALAXY_IMPORTER_" + name: "true" for name in PREFERENCE_FIELDS},
    }
    command = [str(importer.absolute() / "bin" / "python"), "-m", "galaxy_importer.main", artifact.name]
    done = subprocess.run(
        command, cwd=work, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.stdout


def complaints(output: str) -> list[str]:
    """What it complained of, except for what is known, or else which of its parts did not run."""
    # lines without a level say what the importer is doing
    found = [line for line in output.splitlines() if re.match(r"(DEBUG|WARNING|ERROR|CRITICAL): |Traceback", line)]
    wrong = [line for line in found if not any(re.search(pattern, line) for pattern in KNOWN)]
    return wrong or ["It did not say %r." % text for text in RAN if text not in output]


def _with_address(artifact: pathlib.Path, copy: pathlib.Path) -> None:
    """Copy the artifact, with a repository's address if it has none: without one, the importer looks no further."""
    with tarfile.open(artifact) as archive, tarfile.open(copy, "w:gz") as changed:
        for member in archive.getmembers():
            content = archive.extractfile(member)
            data = content.read() if content else b""
            if member.name == "MANIFEST.json":
                manifest = json.loads(data)
                # RFC 2606 keeps this name from being anybody's
                manifest["collection_info"]["repository"] = (
                    manifest["collection_info"]["repository"] or "https://repository.invalid"
                )
                data = json.dumps(manifest).encode("utf-8")
            member.size = len(data)
            changed.addfile(member, io.BytesIO(data))
