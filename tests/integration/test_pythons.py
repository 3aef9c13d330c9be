# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules on every Python that Ansible takes on managed nodes and this machine has, and with the oldest requests."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import sysconfig
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.integration.conftest import Certificates, Start
from ansible_collections.hostup.cloud.tests.integration.runner import ROOT, Played, Player, account, info
from ansible_collections.hostup.cloud.tests.tools.cores import supported_targets
from ansible_collections.hostup.cloud.tests.tools.find_pythons import find_pythons

PYTHONS = {version: path for version, path in find_pythons().items() if version in supported_targets()}
#: Name -> interpreter and the requirements of its virtual environment.
TARGETS = {version: (path, "target.txt") for version, path in PYTHONS.items()}
# the oldest Python may be too old and the newest too new for it: what RHEL 9 has, or what runs these tests
TARGETS["oldest requests"] = (PYTHONS.get("3.9", sys.executable), "oldest.txt")


def environment(name: str, python: str, requirements: str) -> str:
    """The interpreter of a virtual environment with these requirements, made unless it is there."""
    folder = ROOT / ".work" / "targets" / name.replace(" ", "-")
    pinned = ROOT / "tests" / "requirements" / requirements
    done = folder / requirements
    if not done.exists() or done.read_text(encoding="utf-8") != pinned.read_text(encoding="utf-8"):
        subprocess.run([python, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", str(pinned)], check=True)
        done.write_text(pinned.read_text(encoding="utf-8"), encoding="utf-8")
    return str(folder / "bin" / "python")


class Ran(t.NamedTuple):
    played: Played
    emulators: dict[str, Emulator]


@pytest.fixture(scope="module")
def ran(module_player: Player, start: Start, certificates: Certificates) -> Ran:
    emulators, tasks = {}, []
    secure = start(certificate=certificates.server)
    for name, (python, requirements) in TARGETS.items():
        emulators[name] = emulator = start()
        interpreter = {"ansible_python_interpreter": environment(name, python, requirements)}
        emulator.faults.order(Fault("cut_off"), Fault("drop", method="POST", after=True), Fault("trickle", seconds=20, skip=3))
        for task in ("declared", "trickle"):
            more = {"api_timeout": 1, "api_retries": 0} if task == "trickle" else {}
            tasks.append(account("%s on %s" % (task, name), emulator.url, city="Lund", _vars=interpreter, **more))
        tasks.append(info("TLS on " + name, secure.url, ca_path=certificates.authority, _vars=interpreter))
        tasks.append(info("unknown authority on " + name, secure.url, _vars=interpreter))
    return Ran(module_player.play(tasks, "-vvvv"), emulators)


@pytest.mark.parametrize("name", TARGETS)
def test_python(ran: Ran, name: str) -> None:
    """Retries in the middle of a body and after a lost answer, the deadline, and TLS."""
    assert ran.played["declared on " + name]["changed"] is True, ran.played["declared on " + name]
    assert "not answered in full within 1 s" in ran.played["trickle on " + name]["msg"]
    assert ran.played["TLS on " + name]["failed"] is False, ran.played["TLS on " + name]
    assert "could not set up TLS" in ran.played["unknown authority on " + name]["msg"]
    methods = [entry.method for entry in ran.emulators[name].journal]
    assert methods == ["GET", "GET", "POST", "POST", "GET", "GET"]


def test_without_requests(module_player: Player, start: Start, tmp_path: pathlib.Path) -> None:
    """The message names the interpreter and the command that mends it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    python = str(tmp_path / "bare" / "bin" / "python")
    played = module_player.play([account("bare", start().url, city="Lund", _vars={"ansible_python_interpreter": python})])
    assert "`%s -m pip install requests`" % python in played["bare"]["msg"]


def test_without_requests_where_ansible_runs(player: Player, start: Start, tmp_path: pathlib.Path) -> None:
    """In process, Ansible's own Python needs them: the message names that one."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    packages = pathlib.Path(sysconfig.get_paths()["purelib"])
    bare = tmp_path / "bare" / packages.relative_to(sys.prefix)
    for path in packages.iterdir():
        if not path.name.startswith(("requests", "urllib3", "certifi")) and not (bare / path.name).exists():
            (bare / path.name).symlink_to(path)
    python = str(tmp_path / "bare" / "bin" / "python")
    emulator = start()
    player.play([account("bare", emulator.url, city="Lund")], "--check")
    emulator.journal.clear()
    playbook = sorted(player.folder.glob("playbook-*.yml"), key=lambda path: path.stat().st_mtime)[-1]
    line = [python, "-m", "ansible", "playbook", "-i", "localhost,", "--vault-password-file", "password", playbook.name]
    done = subprocess.run(line, cwd=player.folder, env=player.environment(), capture_output=True, text=True, check=False)
    here = "hostup_in_process" not in player.variables
    # the module runs on the interpreter that the playbook names, which has them
    assert (("`%s -m pip install requests`" % python) in done.stdout) == here, done.stdout + done.stderr
    assert [entry.method for entry in emulator.journal] == ([] if here else ["GET", "POST", "GET"])
