# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs real playbooks: `ansible-playbook` with a real vault, its results and output, and a search for secrets after each."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import itertools
import json
import pathlib
import shlex
import subprocess
import sys
import textwrap
import threading
import time
import typing as t

import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.hostup.cloud.tests.integration.secrets import KEY, PERSONAL_DECLARED, ProcessList, Searched

BIN = pathlib.Path(sys.executable).parent
ROOT = pathlib.Path(__file__).resolve().parents[2]
TREE = ROOT / ".work" / "tree"

VAULT_PASSWORD = "the password of the tests' vault"  # noqa: S105 of files made for a run
#: What `ansible-vault` uses, without a process for each file.
VAULT = VaultLib([("default", VaultSecret(VAULT_PASSWORD.encode("utf-8")))])

#: Of Python's own: what our code uses of it and will be taken away fails a task. Names, since Python takes no patterns here.
OURS_ARE_ERRORS = ",".join(
    "error::%s:%s" % (kind, ".".join(("ansible_collections.hostup.cloud", *path.relative_to(ROOT).with_suffix("").parts)))
    for kind in ("DeprecationWarning", "PendingDeprecationWarning", "SyntaxWarning")
    for path in sorted((ROOT / "plugins").rglob("*.py"))
)

Task = t.Dict[str, t.Any]
Env = t.Optional[t.Dict[str, str]]

#: What runs the playbook, which is the last argument -> the line that it is told the arguments of ansible-playbook with.
TOOLS: dict[str, t.Callable[[t.Sequence[str]], list[str]]] = {
    "ansible-playbook": lambda args: ["ansible-playbook", *args],
    "ansible-runner": lambda args: ["ansible-runner", "run", ".", "-p", args[-1], "--cmdline", shlex.join(args[:-1])],
    "ansible-navigator": lambda args: [
        *("ansible-navigator", "run", args[-1], *args[:-1]),
        *("--mode", "stdout", "--execution-environment", "false", "--log-level", "debug"),
        # a playbook of a collection would have its artifact in the collection's folder
        *("--playbook-artifact-save-as", "navigator/{playbook_name}-{time_stamp}.json"),
    ],
}


class Vaulted(str):
    """A text that playbooks hold as an inline `!vault`."""


yaml.SafeDumper.add_representer(
    Vaulted, lambda dumper, text: dumper.represent_scalar("!vault", VAULT.encrypt(text).decode("utf-8"), style="|")
)


@dataclasses.dataclass
class Played:
    """A finished run."""

    code: int
    output: str
    #: Task name -> its result as callbacks see it.
    results: dict[str, dict[str, t.Any]]
    #: The results of loops' items, by the item's `name` and the task.
    by_item: dict[tuple[str, str], dict[str, t.Any]]
    #: Results by host and task.
    by_host: dict[tuple[str, str], dict[str, t.Any]]

    def __getitem__(self, task: str) -> dict[str, t.Any]:
        return self.results[task]


class Player:
    """A folder with an inventory and a vault, in which playbooks run."""

    def __init__(
        self,
        folder: pathlib.Path,
        variables: Task | None = None,
        leak: tuple[str, ...] = (),
        tracebacks: bool = False,
        tool: str = "ansible-playbook",
    ) -> None:
        """variables: of every play. leak: globs of files in which Ansible itself is known to keep secrets.

        tracebacks: whether runs ask Ansible for them. tool: what runs the playbooks.
        """
        self.folder = folder
        self.searched = Searched()
        #: Of the places where secrets are known to leak, those that held one.
        self.leaked: set[str] = set()
        self._leak = leak
        self._tracebacks = tracebacks
        self._line = TOOLS[tool]
        self.home = folder / "home"
        self.home.mkdir()
        self._numbers = itertools.count(1)
        #: File -> what tells whether it has been written since it was swept.
        self._swept: dict[pathlib.Path, tuple[int, int, int]] = {}
        # Ansible's async can't take an interpreter whose path holds a space: a link to the virtual environment has none
        (folder / "venv").symlink_to(BIN.parent)
        self.variables = {"ansible_python_interpreter": str(folder / "venv" / "bin" / "python"), **(variables or {})}
        (folder / "password").write_text(VAULT_PASSWORD, encoding="utf-8")
        self.encrypt("vault.yml", {"vault_hostup_api_key": KEY, "vault_personal_number": PERSONAL_DECLARED})

    def secret(self, name: str, value: str) -> str:
        """A file of variables with one inline `!vault` value; its name."""
        text = VAULT.encrypt(value).decode("utf-8")
        (self.folder / (name + ".yml")).write_text("%s: !vault |\n%s" % (name, textwrap.indent(text, "  ")), encoding="utf-8")
        return name + ".yml"

    def environment(self, **more: str) -> dict[str, str]:
        """All environment variables of a run: none of whoever runs the tests."""
        return {
            "PATH": "%s:/usr/local/bin:/usr/bin:/bin" % BIN,
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(TREE),
            "ANSIBLE_CALLBACK_PLUGINS": str(pathlib.Path(__file__).parent / "callback_plugins"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            # all that Ansible can be told to write is written, and swept: reports, results, facts, hosts to retry, logs
            "ANSIBLE_CALLBACKS_ENABLED": "results,ansible.builtin.junit",
            "JUNIT_OUTPUT_DIR": str(self.folder / "junit"),
            "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(self.folder / "facts"),
            "ANSIBLE_RETRY_FILES_ENABLED": "true",
            "ANSIBLE_RETRY_FILES_SAVE_PATH": str(self.folder / "retry"),
            # in process, libraries that write logs write them into Ansible's
            "ANSIBLE_LOG_PATH": str(self.folder / "ansible.log"),
            # off by default from ansible-core 2.21 on: what a module prints of its arguments is a place to sweep, too
            "ANSIBLE_INJECT_INVOCATION": "true",
            # modules are run from here, whatever they leave behind
            "ANSIBLE_REMOTE_TEMP": str(self.folder / "remote"),
            "ANSIBLE_DEPRECATION_WARNINGS": "true",
            "PYTHONWARNINGS": OURS_ARE_ERRORS,
            # Ansible's async looks into the user's real home otherwise
            "ANSIBLE_ASYNC_DIR": str(self.folder / "async"),
            **more,
        }

    def play(
        self, tasks: t.Sequence[Task], *flags: str, defaults: Task | None = None, play: Task | None = None, env: Env = None
    ) -> Played:
        """Run the tasks on localhost, all of them though some fail, and search all that the run has written for secrets.

        flags: of ansible-playbook; defaults: of the action group, beside the key; play: more keywords; env: more variables.
        """
        return self.run("-i", "localhost,", *flags, self.playbook(tasks, defaults, play), env=env)

    def playbook(self, tasks: t.Sequence[Task], defaults: Task | None = None, play: Task | None = None) -> str:
        """The playbook that `play` runs; its name."""
        group = {"api_key": "{{ vault_hostup_api_key }}", **(defaults or {})}
        content = {
            "name": "Test",
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "ignore_errors": True,
            "vars": self.variables,
            "vars_files": ["vault.yml"],
            "module_defaults": {"group/hostup.cloud.hostup": group},
            "tasks": list(tasks),
            **(play or {}),
        }
        return self.write("playbook-%d.yml" % next(self._numbers), [content])

    def run(self, *args: str, env: Env = None, watched: bool = True) -> Played:
        """Run a playbook in the folder, with the vault's password, and search all that the run has written for secrets.

        args: of ansible-playbook, the playbook last. watched: also search the run's list of processes, which costs a small run.
        """
        # the last run's has been swept
        (self.folder / "ansible.log").unlink(missing_ok=True)
        path = self.folder / ("results-%d.jsonl" % next(self._numbers))
        line = self._line(["--vault-password-file", "password", *args])
        line[0] = str(BIN / line[0])
        environment = self.environment(TEST_RESULTS=str(path), **(env or {}))
        with ProcessList("TEST_RESULTS=%s" % path) if watched else contextlib.nullcontext() as processes:
            done = subprocess.run(
                line, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
            )
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
        items = [(line["result"].get("item"), line) for line in lines]
        by_item = {
            (item["name"], line["task"]): line["result"] for item, line in items if isinstance(item, dict) and "name" in item
        }
        by_host = {(line["host"], line["task"]): line["result"] for line in lines}
        results = {line["task"]: line["result"] for line in lines}
        played = Played(done.returncode, done.stdout + done.stderr, results, by_item, by_host)
        self._sweep(played, processes.seen if processes else set())
        return played

    def write(self, name: str, content: t.Any) -> str:
        """A file of YAML in the folder; its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return name

    def encrypt(self, name: str, content: t.Any) -> None:
        """A file of YAML in the folder, encrypted with the vault's password."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(VAULT.encrypt(yaml.safe_dump(content)))

    def _sweep(self, played: Played, processes: set[str]) -> None:
        self._let_async_end()
        found = self.searched.find({"the output": played.output, "the process list": "\n".join(processes), **self._written()})
        known = {place for _secret, place in found if any(pathlib.PurePath(place).match(glob) for glob in self._leak)}
        self.leaked |= known
        unknown = [(secret, place) for secret, place in found if place not in known]
        assert not unknown, "secrets were written: %s" % unknown
        assert self._tracebacks or "Traceback" not in played.output, played.output
        assert "[DEPRECATION WARNING]" not in played.output, played.output

    def _let_async_end(self) -> None:
        """Of a task with `async`, Ansible deletes the module's file, arguments and all, up to 5 s after the module has ended."""
        end, asked = time.monotonic() + 60, threading.Event()
        while not self._leak and any((self.folder / "remote").glob("ansible-tmp-*")) and time.monotonic() < end:
            asked.wait(0.05)

    def _written(self) -> dict[str, str]:
        """Each file in the folder that has been written since the last look, by its path there."""
        texts = {}
        for path in self.folder.rglob("*"):
            if path.is_file():
                status = path.stat()
                state = (status.st_ino, status.st_mtime_ns, status.st_size)
                if self._swept.get(path) != state:
                    texts[str(path.relative_to(self.folder))] = path.read_text(encoding="utf-8", errors="replace")
                    self._swept[path] = state
        return texts


def _task(module: str, name: str, emulator_url: str, **options: t.Any) -> Task:
    """A task with a module; underscored options are keywords of the task."""
    keywords = {key[1:]: value for key, value in options.items() if key.startswith("_")}
    args = {key: value for key, value in options.items() if not key.startswith("_")}
    return {"name": name, "hostup.cloud.hostup_" + module: {"api_url": emulator_url, **args}, **keywords}


account = functools.partial(_task, "account")
info = functools.partial(_task, "account_info")
preferences = functools.partial(_task, "account_preferences")
preferences_info = functools.partial(_task, "account_preferences_info")
invoice_info = functools.partial(_task, "invoice_info")
