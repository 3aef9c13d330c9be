# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One measured run: a real `ansible-playbook`, and proof from the emulator that it did what it was to do."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import time
import typing as t

import yaml

from .server import CITY, Seen, Server

HERE = pathlib.Path(__file__).absolute().parent
BIN = pathlib.Path(sys.executable).parent
#: Where Python has found this collection, a clone's tree or an installed one: Ansible finds the same.
TREE = HERE.parents[4]

OTHER_CITY = "Lund"

UNCHANGED, CHANGED = "unchanged", "changed"


class What(t.NamedTuple):
    """A way to do the work, and the requests that it takes for each account."""

    name: str
    playbook: str
    #: Requests for an unchanged account: reads, writes.
    unchanged: tuple[int, int]
    #: Requests for a changed account: reads, writes.
    changed: tuple[int, int]
    flags: tuple[str, ...] = ()


DEBUG = What("debug", "debug.yml", (0, 0), (0, 0))
URI = What("uri", "uri.yml", (1, 0), (1, 1))
# the second GET verifies what was written
MODULE = What("module", "account.yml", (1, 0), (2, 1), ("-e", '{"hostup_in_process": false}'))
IN_PROCESS = What("in process", "account.yml", (1, 0), (2, 1))
CHECK = What("check", "account.yml", (1, 0), (1, 0), ("--check",))
AUDIT = What("audit", "hostup.cloud.audit", (1, 0), (1, 0), ("-e", "hostup_audit_fail_on_drift=false"))


class Case(t.NamedTuple):
    """What is run."""

    accounts: int
    forks: int
    #: Of the accounts, when the run begins.
    state: str
    what: What

    def __str__(self) -> str:
        return " ".join(filter(None, ("accounts %d, forks %d," % self[:2], self.state, self.what.name)))


class Figures(t.NamedTuple):
    """What a run took."""

    wall_s: float
    #: Of ansible-playbook and all its children.
    cpu_s: float
    #: The peak of ansible-playbook itself, without its children.
    memory_mb: float
    #: Of the emulator; not part of cpu_s.
    emulator_cpu_s: float
    #: Of everything else on the machine: what it takes, the run has to wait for.
    others_cpu_s: float


class BadRun(Exception):
    """A run that did something else than it was to do: its figures are worth nothing."""


class Lab:
    """A folder with inventories, in which playbooks run and are measured."""

    def __init__(self, folder: pathlib.Path, server: Server) -> None:
        self._folder = folder
        self._server = server
        (folder / "home").mkdir()

    def run(self, case: Case) -> Figures:
        """Raises BadRun."""
        city = OTHER_CITY if case.state == CHANGED else CITY
        command = [
            str(BIN / "ansible-playbook"),
            "-i",
            self._inventory(case.accounts),
            "-f",
            str(case.forks),
            "-e",
            "city=" + city,
        ]
        ours = case.what.playbook.endswith(".yml")
        command += [*case.what.flags, str(HERE / "playbooks" / case.what.playbook) if ours else case.what.playbook]
        peak = self._folder / "peak-memory"
        peak.unlink(missing_ok=True)
        self._server.begin_anew()
        busy = _busy()
        with open(self._folder / "output", "w+", encoding="utf-8") as output:
            code, wall, cpu = _measured(command, self._folder, self._environment(peak), output)
            busy = _busy() - busy
            seen = self._server.begin_anew()
            wrong = "ansible-playbook exited with %d" % code if code else _wrong(case, city, seen, len(self._server.keys))
            if wrong:
                output.seek(0)
                raise BadRun("%s: %s\n%s" % (case, wrong, output.read()[-3000:]))
        memory = int(peak.read_text(encoding="ascii")) / 1024
        return Figures(wall, cpu, memory, seen.cpu, max(0.0, busy - cpu - seen.cpu))

    def _inventory(self, accounts: int) -> str:
        path = self._folder / ("accounts-%d.yml" % accounts)
        if not path.exists():
            group = {
                "hosts": {"customer%04d" % n: {"api_key": key} for n, key in enumerate(self._server.keys[:accounts], start=1)},
                "vars": {
                    "ansible_python_interpreter": "{{ ansible_playbook_python }}",
                    "hostup_account_api_key": "{{ api_key }}",
                    # what playbooks/account.yml declares
                    "hostup_account_profile": {**_declared(), "city": "{{ city }}"},
                    "api_url": self._server.url,
                    "ca_path": self._server.authority,
                },
            }
            path.write_text(yaml.safe_dump({"hostup_accounts": group}), encoding="utf-8")
        return path.name

    def _environment(self, peak: pathlib.Path) -> dict[str, str]:
        """What a run sees of the world: nothing of whoever starts it. Python may keep its bytecode, as it does for users."""
        return {
            "PATH": "%s:/usr/local/bin:/usr/bin:/bin" % BIN,
            "HOME": str(self._folder / "home"),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(TREE),
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "peak_memory",
            "BENCHMARK_PEAK_MEMORY": str(peak),
            "HOSTUP_API_URL": self._server.url,
            "HOSTUP_CA_PATH": self._server.authority,
        }


def _measured(
    command: list[str], folder: pathlib.Path, environment: dict[str, str], output: t.TextIO
) -> tuple[int, float, float]:
    """Exit code, wall seconds and CPU seconds of a process and all its children."""
    start = time.monotonic()
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
    ) as process:
        try:
            dummy, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.terminate()
            raise
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, wall, usage.ru_utime + usage.ru_stime


def _declared() -> dict[str, str]:
    """The profile of the playbook that stands for the collection."""
    play = yaml.safe_load((HERE / "playbooks" / "account.yml").read_text(encoding="utf-8"))[0]
    options: dict[str, str] = play["tasks"][0]["hostup.cloud.hostup_account"]
    return {name: value for name, value in options.items() if name != "api_key"}


def _busy() -> float:
    """CPU seconds that all processes, and whoever shares the hardware, have taken since the machine started."""
    with open("/proc/stat", encoding="ascii") as stat:
        times = [int(ticks) for ticks in stat.readline().split()[1:9]]
    # the fourth and the fifth are idle time
    return (sum(times) - sum(times[3:5])) / os.sysconf("SC_CLK_TCK")


def _wrong(case: Case, city: str, seen: Seen, accounts: int) -> str:
    """What the run did otherwise than it was to do, as the emulator saw it; "" where all is well."""
    gets, writes = case.what.changed if case.state == CHANGED else case.what.unchanged
    wanted = {method: count * case.accounts for method, count in (("GET", gets), ("POST", writes)) if count}
    if seen.methods != wanted:
        return "expected the requests %s, the emulator saw %s" % (wanted, seen.methods)
    if set(seen.statuses) - {200}:
        return "the emulator answered with %s" % seen.statuses
    if gets and seen.keys != case.accounts:
        return "the requests were for %d accounts" % seen.keys
    if seen.cities.get(city if writes else CITY, 0) != (case.accounts if writes and city != CITY else accounts):
        return "the accounts hold the cities %s" % seen.cities
    return ""
