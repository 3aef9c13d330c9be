# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs real playbooks: `ansible-playbook` with a real vault, its results and output, and a sweep for secrets after each."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import json
import os
import pathlib
import subprocess
import sys
import threading
import typing as t

import yaml

BIN = pathlib.Path(sys.executable).parent
ROOT = pathlib.Path(__file__).resolve().parents[2]
TREE = ROOT / ".work" / "tree"

#: The key in the vault, and the personal numbers that playbooks declare and the emulator stores.
KEY = "hup-key-7d1f0a6c-never-shown"
PERSONAL_DECLARED = "900101-0017"
PERSONAL_STORED = "850709-9805"
VAULT_PASSWORD = "the password of the tests' vault"

#: Nothing that a run writes may hold one of these; every secret of the emulator's raw record begins with "canary-".
SECRETS = ("hup-key-7d1f0a6c", "canary-", "900101-0017", "9001010017", "850709-9805", "8507099805")

Task = t.Dict[str, t.Any]


@dataclasses.dataclass
class Played:
    """A finished run."""

    code: int
    output: str
    #: Task name -> its result as callbacks see it.
    results: dict[str, dict[str, t.Any]]
    #: The results of loops' items, by the item's `name` and the task.
    by_item: dict[tuple[str, str], dict[str, t.Any]]

    def __getitem__(self, task: str) -> dict[str, t.Any]:
        return self.results[task]


class Player:
    """A folder with an inventory and a vault, in which playbooks run."""

    def __init__(self, folder: pathlib.Path, variables: Task | None = None) -> None:
        """variables: of every play, such as those that say which shell its tasks run in."""
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir()
        self._numbers = itertools.count(1)
        # Ansible's async can't take an interpreter whose path holds a space: a link to the virtual environment has none
        (folder / "venv").symlink_to(BIN.parent)
        self.variables = {"ansible_python_interpreter": str(folder / "venv" / "bin" / "python"), **(variables or {})}
        (folder / "password").write_text(VAULT_PASSWORD, encoding="utf-8")
        self.encrypt("vault.yml", {"vault_hostup_api_key": KEY, "vault_personal_number": PERSONAL_DECLARED})

    def secret(self, name: str, value: str) -> str:
        """A file of variables with one inline `!vault` value; its name."""
        text = self._vault("encrypt_string", "--stdin-name", name, text=value)
        (self.folder / (name + ".yml")).write_text(text, encoding="utf-8")
        return name + ".yml"

    def _vault(self, command: str, *args: str, text: str) -> str:
        line = [str(BIN / "ansible-vault"), command, "--vault-password-file", str(self.folder / "password"), *args]
        done = subprocess.run(line, input=text, env=self.environment(), capture_output=True, text=True, check=True)
        return done.stdout

    def environment(self, **more: str) -> dict[str, str]:
        """What a run sees of the world: nothing of whoever runs the tests."""
        return {
            "PATH": "%s:/usr/local/bin:/usr/bin:/bin" % BIN,
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(TREE),
            "ANSIBLE_CALLBACK_PLUGINS": str(pathlib.Path(__file__).parent / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "results",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_RETRY_FILES_ENABLED": "false",
            # swept, too: in process, libraries that write logs write them into Ansible's
            "ANSIBLE_LOG_PATH": str(self.folder / "ansible.log"),
            # off by default from ansible-core 2.21 on: what a module prints of its arguments is a place to sweep, too
            "ANSIBLE_INJECT_INVOCATION": "true",
            # Ansible's async looks into the user's real home otherwise
            "ANSIBLE_ASYNC_DIR": str(self.folder / "async"),
            **more,
        }

    def play(
        self,
        tasks: t.Sequence[Task],
        *flags: str,
        defaults: Task | None = None,
        play: Task | None = None,
        env: dict[str, str] | None = None,
    ) -> Played:
        """Run the tasks on localhost, all of them though some fail, and sweep all that the run has written.

        defaults: of the action group, beside the key from the vault; flags: of ansible-playbook; play: more
        keywords; env: more environment variables.
        """
        playbook = self.write(
            "playbook-%d.yml" % next(self._numbers),
            [
                {
                    "name": "Test",
                    "hosts": "localhost",
                    "connection": "local",
                    "gather_facts": False,
                    "ignore_errors": True,
                    "vars": self.variables,
                    "vars_files": ["vault.yml"],
                    "module_defaults": {
                        "group/hostup.cloud.hostup": {"api_key": "{{ vault_hostup_api_key }}", **(defaults or {})}
                    },
                    "tasks": list(tasks),
                    **(play or {}),
                }
            ],
        )
        return self.run("-i", "localhost,", *flags, playbook, env=env)

    def run(self, *args: str, env: dict[str, str] | None = None, watched: bool = True) -> Played:
        """Run ansible-playbook in the folder, with the vault's password, and sweep all that the run has written.

        watched: the machine's process list is swept, too, which takes as much of the processor as a small run.
        """
        results = self.folder / ("results-%d.jsonl" % next(self._numbers))
        line = [str(BIN / "ansible-playbook"), "--vault-password-file", "password", *args]
        environment = self.environment(TEST_RESULTS=str(results), **(env or {}))
        with _ProcessList() if watched else contextlib.nullcontext() as processes:
            done = subprocess.run(line, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        lines = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()] if results.exists() else []
        items = [(line["result"].get("item"), line) for line in lines]
        by_item = {
            (item["name"], line["task"]): line["result"] for item, line in items if isinstance(item, dict) and "name" in item
        }
        played = Played(done.returncode, done.stdout + done.stderr, {line["task"]: line["result"] for line in lines}, by_item)
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
        self._vault("encrypt", "--output", str(path), "-", text=yaml.safe_dump(content))

    def _sweep(self, played: Played, processes: set[str]) -> None:
        places = {"the output": played.output, "the process list": "\n".join(processes)}
        for path in self.folder.rglob("*"):
            if path.is_file():
                places[str(path.relative_to(self.folder))] = path.read_text(encoding="utf-8", errors="replace")
        found = [(secret, place) for place, text in places.items() for secret in SECRETS if secret in text]
        assert not found, "secrets were written: %s" % found
        assert "Traceback" not in played.output, played.output


class _ProcessList:
    """Samples every command line on the machine while a run lasts."""

    def __enter__(self) -> _ProcessList:
        self.seen: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._stop.wait(0.05):
            for pid in filter(str.isdigit, os.listdir("/proc")):
                try:
                    with open("/proc/%s/cmdline" % pid, "rb") as line:
                        self.seen.add(line.read().replace(b"\0", b" ").decode("utf-8", "replace"))
                except OSError:
                    # the process has ended
                    continue


def account(name: str, emulator_url: str, **options: t.Any) -> Task:
    """A task with hostup_account; underscored options are keywords of the task."""
    return _task("hostup_account", name, emulator_url, options)


def info(name: str, emulator_url: str, **options: t.Any) -> Task:
    """A task with hostup_account_info; underscored options are keywords of the task."""
    return _task("hostup_account_info", name, emulator_url, options)


def preferences(name: str, emulator_url: str, **options: t.Any) -> Task:
    """A task with hostup_account_preferences; underscored options are keywords of the task."""
    return _task("hostup_account_preferences", name, emulator_url, options)


def preferences_info(name: str, emulator_url: str, **options: t.Any) -> Task:
    """A task with hostup_account_preferences_info; underscored options are keywords of the task."""
    return _task("hostup_account_preferences_info", name, emulator_url, options)


def invoice_info(name: str, emulator_url: str, **options: t.Any) -> Task:
    """A task with hostup_invoice_info; underscored options are keywords of the task."""
    return _task("hostup_invoice_info", name, emulator_url, options)


def _task(module: str, name: str, emulator_url: str, options: Task) -> Task:
    keywords = {key[1:]: value for key, value in options.items() if key.startswith("_")}
    args = {key: value for key, value in options.items() if not key.startswith("_")}
    return {"name": name, "hostup.cloud." + module: {"api_url": emulator_url, **args}, **keywords}
