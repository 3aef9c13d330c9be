# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection under ansible-runner, here and on another machine: the same results, and where its artifacts hold secrets."""

from __future__ import annotations

import json
import pathlib
import re
import shlex
import shutil
import typing as t

import pytest
import yaml

from ansible_collections.hostup.cloud.tests.contract.watch import Watch
from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.integration.machine import INSTALLED, Machine, private_data_dir, unpack
from ansible_collections.hostup.cloud.tests.integration.runner import ROOT
from ansible_collections.hostup.cloud.tests.integration.test_commands import _go_through as go_through
from ansible_collections.hostup.cloud.tests.integration.test_commands import copy

__all__ = ["copy"]

KEY = "demo-key-of-account-1001"
WRITE = ("--cmdline", "--vault-id write@~/.hostup/write-password")


@pytest.fixture
def emulator() -> t.Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


class Ended(t.NamedTuple):
    """A run of ansible-runner, as its artifacts have it."""

    code: int
    artifacts: pathlib.Path

    def report(self) -> t.Any:
        """The summary of the audit's report among them."""
        return json.loads((self.artifacts / "hostup-audit" / "audit.json").read_text(encoding="utf-8"))["summary"]

    def counts(self) -> t.Any:
        """The last event, of which AWX takes what it shows of hosts and hands on to other jobs."""
        events = [json.loads(path.read_text(encoding="utf-8")) for path in (self.artifacts / "job_events").glob("*.json")]
        (counts,) = (event["event_data"] for event in events if event["event"] == "playbook_on_stats")
        return counts

    def recap(self) -> dict[str, list[str]]:
        """Host -> what has been counted of it, without what is none."""
        counts = self.counts()
        return {host: [name for name in ("changed", "failures") if host in counts[name]] for host in counts["processed"]}


class Elsewhere:
    """ansible-runner here, and Ansible on another machine: that one has the collection and the passwords, this one neither."""

    def __init__(self, folder: pathlib.Path, emulator: Emulator) -> None:
        worker = Machine(folder / "worker", ANSIBLE_COLLECTIONS_PATH=str(INSTALLED), HOSTUP_API_URL=emulator.url)
        worker.keep_passwords()
        self.machines = [Machine(folder / "sender"), worker]
        self.data = self.machines[0].folder / "data"

    def play(self, ident: str, playbook: str, *flags: str) -> Ended:
        sender, worker = self.machines
        sent = sender.run("ansible-runner", "transmit", "data", "--ident", ident, "-p", playbook, *flags)
        worked = worker.run("ansible-runner", "worker", stdin=sent.stdout)
        for name, stream in (("sent", sent.stdout), ("returned", worked.stdout)):
            unpack(stream, sender.folder / ("%s-%s" % (name, ident)))
        processed = sender.run("ansible-runner", "process", "data", "--ident", ident, stdin=worked.stdout)
        # its own code says nothing of the run's: the documentation reads the file
        assert (sent.returncode, processed.returncode) == (0, 0)
        artifacts = self.data / "artifacts" / ident
        assert (artifacts / "rc").read_text(encoding="utf-8") == str(worked.returncode)
        # nothing of the run stays on the other machine
        assert list((worker.folder / "tmp").iterdir()) == []
        return Ended(worked.returncode, artifacts)


def test_audit_and_apply_on_another_machine(tmp_path: pathlib.Path, emulator: Emulator) -> None:
    """Exit codes, requests, reports and counts are those of ansible-playbook, and nothing that is left or sent holds a key."""
    runner = Elsewhere(tmp_path, emulator)
    private_data_dir(runner.data)
    with (runner.data / "env" / "extravars").open("a", encoding="utf-8") as more:
        # of the reports, the one that is read below
        more.write("hostup_audit_formats: [json]\n")
    emulator.accounts[2].record["city"] = "Malmö"
    ended = runner.play("before", "hostup.cloud.audit")
    drifted = {"accounts": 3, "in_sync": 1, "drifted": 2, "errors": 0}
    assert (ended.code, ended.report()) == (2, drifted)
    assert ended.counts()["artifact_data"] == {
        "hostup_audit": {"summary": drifted, "drifted": ["example-ab", "sample-bakery"], "errors": []}
    }
    ended = runner.play("apply", "site.yml", *WRITE)
    assert (ended.code, ended.recap()) == (
        0,
        {"example-ab": ["changed"], "karin-berg": [], "sample-bakery": ["changed"]},
    )
    methods = [entry.method for entry in emulator.journal]
    assert sorted(methods) == ["GET"] * (4 + 6) + ["POST"] * 2
    assert [machine.secrets() for machine in runner.machines] == [set() for machine in runner.machines]


def test_the_quick_start(tmp_path: pathlib.Path, emulator: Emulator) -> None:
    """As it stands, in a folder that is named project: changed, then ok."""
    machine = Machine(tmp_path / "here", ANSIBLE_COLLECTIONS_PATH=str(INSTALLED), HOSTUP_API_URL=emulator.url)
    data = machine.folder / "data"
    shutil.copytree(ROOT / "examples" / "quickstart", data / "project")
    for ident, counted in (("first", ["changed"]), ("second", [])):
        done = machine.run("ansible-runner", "run", "data", "--ident", ident, "-p", "account.yml")
        ended = Ended(done.returncode, data / "artifacts" / ident)
        assert (ended.code, ended.recap()) == (0, {"localhost": counted})
    assert [entry.method for entry in emulator.journal] == ["GET", "POST", "GET", "GET"]
    assert machine.secrets() == set()


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


@pytest.mark.parametrize("name", WAYS)
def test_where_a_key_can_be_read(name: str, tmp_path: pathlib.Path, emulator: Emulator) -> None:
    """The documentation has this table. The leaks are ansible-runner's doing: should one end, its warning may go."""
    way = WAYS[name]
    sender = Machine(tmp_path / "sender")
    worker = Machine(tmp_path / "worker", ANSIBLE_COLLECTIONS_PATH=str(INSTALLED), HOSTUP_API_URL=emulator.url, **way.environment)
    (worker.home / "vault-password").write_text("canary-password", encoding="utf-8")
    data = sender.folder / "data"
    _fill(data, way, worker)
    sent = sender.run("ansible-runner", "transmit", "data", "-p", "play.yml", *way.flags)
    worked = worker.run("ansible-runner", "worker", stdin=sent.stdout)
    shutil.rmtree(data)
    found = {}
    for part, stream in (("sent", sent.stdout), ("returned", worked.stdout)):
        unpack(stream, sender.folder / part)
        found[part] = {place[len(part) + 1 :] for place in sender.secrets() if place.startswith(part + "/")}
    assert [entry.status for entry in emulator.journal] == [200], worked.stdout
    assert found == {"sent": way.sent, "returned": way.returned}


def _fill(data: pathlib.Path, way: Way, worker: Machine) -> None:
    """A private data directory with a playbook that reads the account."""
    (data / "env").mkdir(parents=True)
    (data / "project").mkdir()
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


def test_the_whole_folder_is_sent(tmp_path: pathlib.Path) -> None:
    """Keys of other runs, too: what lies in the folder goes to the other machine, artifacts of earlier runs included."""
    sender = Machine(tmp_path / "sender")
    earlier = sender.folder / "data" / "artifacts" / "earlier"
    earlier.mkdir(parents=True)
    (earlier / "command").write_text(KEY, encoding="utf-8")
    sent = sender.run("ansible-runner", "transmit", "data", "-p", "any.yml")
    unpack(sent.stdout, sender.folder / "sent")
    assert "sent/artifacts/earlier/command" in sender.secrets()


def test_the_guide_to_execution_environments(copy: pathlib.Path, tmp_path: pathlib.Path, watch: Watch) -> None:
    shown = go_through("docs/execution-environments.md", copy, tmp_path, expected=20, watch=watch)
    assert "FROM base AS galaxy" in shown
    verdicts = re.findall(r"^ +msg: '?(.*?): see", shown, re.MULTILINE)
    assert verdicts == ["1 of 3 accounts drifted", "3 accounts checked, none drifted"]
    assert "\n2## 🟠 HostUp accounts: 1 of 3 accounts drifted" in shown
    assert json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))["status"] == "successful"


def test_the_guide_to_scaling_out(copy: pathlib.Path, tmp_path: pathlib.Path, watch: Watch) -> None:
    shown = go_through("docs/scaling-out.md", copy, tmp_path, expected=20, watch=watch)
    assert "{'accounts': 3, 'in_sync': 2, 'drifted': 1, 'errors': 0}\nexample-ab: drifted\n  hosts (3):\n" in shown
    assert "\n2## 🟠 HostUp accounts: 1 of 2 accounts drifted" in shown
