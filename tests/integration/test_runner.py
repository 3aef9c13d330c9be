# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection under ansible-runner, here and on another machine: the same results, and where its artifacts hold secrets."""

from __future__ import annotations

import io
import json
import pathlib
import re
import shlex
import shutil
import typing as t

import pytest
import yaml
from ansible_runner.utils.streaming import unstream_dir

from ansible_collections.hostup.cloud.tests.contract.watch import Watch
from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.integration.machine import INSTALLED, Machine
from ansible_collections.hostup.cloud.tests.integration.reader import Reader
from ansible_collections.hostup.cloud.tests.integration.runner import ROOT

KEY = "demo-key-of-account-1001"


@pytest.fixture
def emulator() -> t.Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


class Ended(t.NamedTuple):
    """A run of ansible-runner, as its artifacts have it."""

    code: int
    artifacts: pathlib.Path

    def counts(self) -> t.Any:
        """The last event, from which AWX takes what it shows of hosts and hands on to other jobs."""
        events = [json.loads(path.read_text(encoding="utf-8")) for path in (self.artifacts / "job_events").glob("*.json")]
        (counts,) = (event["event_data"] for event in events if event["event"] == "playbook_on_stats")
        return counts


class Machines:
    """ansible-runner on one machine and Ansible on another, which alone has the collection and the passwords."""

    def __init__(self, folder: pathlib.Path, emulator: Emulator, **environment: str) -> None:
        """environment: of the machine that runs Ansible."""
        settings = {"ANSIBLE_COLLECTIONS_PATH": str(INSTALLED), "HOSTUP_API_URL": emulator.url, **environment}
        self.sender, self.worker = Machine(folder / "sender"), Machine(folder / "worker", **settings)
        self.data = self.sender.folder / "data"

    def play(self, playbook: str, *flags: str) -> Ended:
        """Run a playbook there, and unpack what went over into the folders `sent` and `returned`."""
        sent = self.sender.run("ansible-runner", "transmit", "data", "--ident", "run", "-p", playbook, *flags)
        worked = self.worker.run("ansible-runner", "worker", stdin=sent.stdout)
        for name, stream in (("sent", sent.stdout), ("returned", worked.stdout)):
            shutil.rmtree(self.sender.folder / name, ignore_errors=True)
            _unpack(stream, self.sender.folder / name)
        processed = self.sender.run("ansible-runner", "process", "data", "--ident", "run", stdin=worked.stdout)
        # the exit code of `process` says nothing about the run's: the documentation reads the file
        assert (sent.returncode, processed.returncode) == (0, 0)
        artifacts = self.data / "artifacts" / "run"
        assert (artifacts / "rc").read_text(encoding="utf-8") == str(worked.returncode)
        # nothing of the run stays on the other machine
        assert list((self.worker.folder / "tmp").iterdir()) == []
        return Ended(worked.returncode, artifacts)


def _unpack(stream: bytes, folder: pathlib.Path) -> None:
    """Write what ansible-runner sends: its lines into the file `lines`, and the files that are packed in it."""
    folder.mkdir()
    source, lines = io.BytesIO(stream), []
    while line := source.readline():
        lines.append(line.decode("utf-8"))
        if "zipfile" in (entry := json.loads(line)):
            unstream_dir(source, entry["zipfile"], str(folder))
    (folder / "lines").write_text("".join(lines), encoding="utf-8")


def test_audit_and_apply_on_another_machine(tmp_path: pathlib.Path, emulator: Emulator) -> None:
    """Exit codes, requests, reports and counts are those of ansible-playbook, and nothing that is left or sent holds a key."""
    machines = Machines(tmp_path, emulator)
    machines.worker.keep_passwords()
    # as docs/execution-environments.md makes one
    shutil.copytree(ROOT / "examples" / "runner", machines.data)
    shutil.copytree(ROOT / "examples" / "gitops", machines.data / "project")
    with (machines.data / "env" / "extravars").open("a", encoding="utf-8") as more:
        # of the reports, the one that is read below
        more.write("hostup_audit_formats: [json]\n")
    emulator.accounts[2].record["city"] = "Malmö"
    ended = machines.play("hostup.cloud.audit")
    drifted = {"accounts": 3, "in_sync": 1, "drifted": 2, "errors": 0}
    report = json.loads((ended.artifacts / "hostup-audit" / "audit.json").read_text(encoding="utf-8"))
    assert (ended.code, report["summary"]) == (2, drifted)
    assert ended.counts()["artifact_data"] == {
        "hostup_audit": {"summary": drifted, "drifted": ["example-ab", "sample-bakery"], "errors": []}
    }
    shutil.rmtree(ended.artifacts)
    ended = machines.play("site.yml", "--cmdline", "--vault-id write@~/.hostup/write-password")
    counts = ended.counts()
    assert (ended.code, sorted(counts["processed"])) == (0, ["example-ab", "karin-berg", "sample-bakery"])
    assert (sorted(counts["changed"]), counts["failures"]) == (["example-ab", "sample-bakery"], {})
    assert sorted(entry.method for entry in emulator.journal) == ["GET"] * (4 + 6) + ["POST"] * 2
    assert (machines.sender.secrets(), machines.worker.secrets()) == (set(), set())


class Way(t.NamedTuple):
    """A way to give the key to a run, and where it then can be read."""

    #: Of the private data directory's folder env.
    files: dict[str, t.Any] = {}
    flags: tuple[str, ...] = ()
    #: Of the machine that runs the playbook.
    environment: dict[str, str] = {}
    #: Whether the folder's vault holds it.
    vault: bool = False
    #: In what is sent to the worker, and in what comes back.
    sent: frozenset[str] = frozenset()
    returned: frozenset[str] = frozenset()


#: The artifact in which ansible-runner keeps how it ran Ansible, and the line that it tells of its start.
TOLD = frozenset({"command", "lines"})
WAYS = {
    "the environment": Way(environment={"HOSTUP_API_KEY": KEY}, returned=TOLD),
    "env/envvars": Way({"envvars": {"HOSTUP_API_KEY": KEY}}, sent=frozenset({"env/envvars"}), returned=TOLD),
    "--cmdline": Way(flags=("--cmdline", shlex.join(["-e", "key=" + KEY])), sent=frozenset({"env/cmdline"}), returned=TOLD),
    "env/extravars": Way({"extravars": {"key": KEY}}, sent=frozenset({"env/extravars"})),
    "env/passwords": Way(
        {"passwords": {"Vault password": "canary-password"}, "cmdline": "--ask-vault-pass"},
        vault=True,
        sent=frozenset({"env/passwords"}),
    ),
    "a vault, its password on the other machine": Way({"cmdline": "--vault-password-file ~/vault-password"}, vault=True),
}


#: An artifact of an earlier run: all of the folder is sent.
EARLIER = "artifacts/earlier/command"


@pytest.mark.parametrize("name", WAYS)
def test_where_a_key_can_be_read(name: str, tmp_path: pathlib.Path, emulator: Emulator) -> None:
    """docs/execution-environments.md has this table. The leaks are ansible-runner's: if one ends, its warning may go."""
    way = WAYS[name]
    machines = Machines(tmp_path, emulator, **way.environment)
    (machines.worker.home / "vault-password").write_text("canary-password", encoding="utf-8")
    _fill(machines.data, way, machines.worker)
    assert machines.play("play.yml", *way.flags).code == 0
    assert [entry.status for entry in emulator.journal] == [200]
    found = machines.sender.secrets()
    for part, expected in (("sent", way.sent | {EARLIER}), ("returned", way.returned)):
        assert {place[len(part) + 1 :] for place in found if place.startswith(part + "/")} == expected


def _fill(data: pathlib.Path, way: Way, worker: Machine) -> None:
    """A private data directory with a playbook that reads the account."""
    for folder in ("env", "project", EARLIER.rpartition("/")[0]):
        (data / folder).mkdir(parents=True)
    (data / EARLIER).write_text(KEY, encoding="utf-8")
    for name, content in way.files.items():
        (data / "env" / name).write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    task: dict[str, t.Any] = {"hostup.cloud.hostup_account_info": {}}
    defaults = {} if "HOSTUP_API_KEY" in str(way) else {"group/hostup.cloud.hostup": {"api_key": "{{ key }}"}}
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "module_defaults": defaults, "tasks": [task]}
    if way.vault:
        (data / "project" / "vault.yml").write_text(yaml.safe_dump({"key": KEY}), encoding="utf-8")
        password = str(worker.home / "vault-password")
        worker.run("ansible-vault", "encrypt", "--vault-password-file", password, str(data / "project" / "vault.yml"))
        play["vars_files"] = ["vault.yml"]
    (data / "project" / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")


def test_the_guide_to_execution_environments(tmp_path: pathlib.Path, watch: Watch) -> None:
    reader = Reader(tmp_path, watch)
    shown = reader.follow_page("docs/execution-environments.md")
    assert "FROM base AS galaxy" in shown
    verdicts = re.findall(r"^ +msg: '?(.*?): see", shown, re.MULTILINE)
    assert verdicts == ["1 of 3 accounts drifted", "3 accounts checked, none drifted"]
    assert "\n2## 🟠 HostUp accounts: 1 of 3 accounts drifted" in shown
    assert json.loads((reader.home / "audit.json").read_text(encoding="utf-8"))["status"] == "successful"


def test_the_guide_to_scaling_out(tmp_path: pathlib.Path, watch: Watch) -> None:
    shown = Reader(tmp_path, watch).follow_page("docs/scaling-out.md")
    assert "{'accounts': 3, 'in_sync': 2, 'drifted': 1, 'errors': 0}\nexample-ab: drifted\n  hosts (3):\n" in shown
    assert "\n2## 🟠 HostUp accounts: 1 of 2 accounts drifted" in shown
