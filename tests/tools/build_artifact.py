# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the collection's artifact twice, from two folders that differ in all but content: it is the same to the byte.

`ansible-galaxy collection build` takes the order of files from the folder, and times from the files and the clock. What
it builds is packed anew here, sorted, with one time: SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/)
or the last commit's. The artifact is then installed, and what is installed is held against its own manifest.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile

from ansible_collections.hostup.cloud.tests.tools import repository

MANIFEST = "MANIFEST.json"
FILES = "FILES.json"


def main() -> int:
    work = pathlib.Path(sys.argv[1]).absolute()
    shutil.rmtree(work, ignore_errors=True)
    time = _time()
    first, second = (_build(work / name, time, differently) for name, differently in (("first", False), ("second", True)))
    sums = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (first, second)]
    print("\n".join("%s  %s" % (total, path.relative_to(work)) for total, path in zip(sums, (first, second))))
    if sums[0] != sums[1]:
        print("The two builds differ: something of the folder, the clock or the order of files is in the artifact.")
        return 1
    artifact = first.rename(work / first.name)
    (work / (artifact.name + ".sha256")).write_text("%s  %s\n" % (sums[0], artifact.name), encoding="utf-8")
    # forced, since ansible-galaxy finds the tree's link and would install nothing
    _galaxy("install", "--force", "--offline", "-p", str(work / "installed"), str(artifact))
    _galaxy("verify", "--offline", "-p", str(work / "installed"), "hostup.cloud")
    return 0


def _time() -> int:
    """Seconds since the epoch."""
    if os.environ.get("SOURCE_DATE_EPOCH"):
        return int(os.environ["SOURCE_DATE_EPOCH"])
    line = ["git", "log", "-1", "--format=%ct"]
    return int(subprocess.run(line, cwd=repository.ROOT, capture_output=True, text=True, check=False).stdout or 0)


def _build(folder: pathlib.Path, time: int, differently: bool) -> pathlib.Path:
    """The artifact of a copy. differently: its files are made in another order, with another time and other rights."""
    repository.copy(folder / "copy", backwards=differently)
    for path in folder.rglob("*") if differently else ():
        os.utime(path, (10**9, 10**9))
        path.chmod(path.stat().st_mode & 0o700)
    _galaxy("build", "--output-path", str(folder), str(folder / "copy"))
    (artifact,) = folder.glob("*.tar.gz")
    _pack_anew(artifact, time)
    return artifact


def _pack_anew(artifact: pathlib.Path, time: int) -> None:
    with tarfile.open(artifact) as archive:
        members = {member.name: member for member in archive.getmembers()}
        contents = {name: file.read() for name, member in members.items() if (file := archive.extractfile(member))}
    listed = json.loads(contents[FILES])
    listed["files"].sort(key=lambda entry: entry["name"])
    contents[FILES] = _json(listed)
    manifest = json.loads(contents[MANIFEST])
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(contents[FILES]).hexdigest()
    contents[MANIFEST] = _json(manifest)
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.GNU_FORMAT) as archive:
        # the manifests first: whoever looks for them needs no more than the beginning
        for name in [MANIFEST, FILES, *sorted(members.keys() - {MANIFEST, FILES})]:
            member = tarfile.TarInfo(name)
            member.type = members[name].type
            member.mode = members[name].mode
            member.mtime = time
            member.size = len(contents.get(name, b""))
            archive.addfile(member, io.BytesIO(contents.get(name, b"")))
    artifact.write_bytes(gzip.compress(plain.getvalue(), mtime=time))


def _json(value: object) -> bytes:
    # as ansible-galaxy writes it
    return json.dumps(value, indent=True).encode("utf-8")


def _galaxy(*words: str) -> None:
    subprocess.run([str(pathlib.Path(sys.executable).with_name("ansible-galaxy")), "collection", *words], check=True)


if __name__ == "__main__":
    sys.exit(main())
