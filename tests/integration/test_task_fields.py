# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What callback plugins see of a task beside its result: no secret, wherever it came from and however the task ended.

The search itself is done after each run: the callback plugin of the tests writes down all fields of each task.
"""

from __future__ import annotations

import json
import pathlib
import subprocess
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.integration.conftest import WAYS_TO_RUN, Start
from ansible_collections.hostup.cloud.tests.integration.runner import (
    Player,
    Task,
    Vaulted,
    account,
    info,
    invoice_info,
    preferences,
    preferences_info,
)
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY, PERSONAL_DECLARED, Searched

REDACTED = "(redacted)"
PERSONAL = "{{ vault_personal_number }}"


def _seen(player: Player) -> list[dict[str, t.Any]]:
    """What callback plugins saw in the last run, event by event."""
    newest = max(player.folder.glob("results-*.fields"), key=lambda path: int(path.name.split("-")[1].split(".")[0]))
    return [json.loads(line) for line in newest.read_text(encoding="utf-8").splitlines()]


#: How a task comes by its secrets and ends -> the task, and the events that callback plugins see.
CASES: dict[str, tuple[t.Callable[..., Task], Task, list[str]]] = {
    "declare": (account, {"personal_number": PERSONAL}, ["ok"]),
    "declare by an alias": (account, {"personnummer": PERSONAL, "comment": "x"}, ["failed"]),
    "read": (info, {}, ["ok"]),
    "preferences": (preferences, {"timezone": "Europe/Oslo"}, ["ok"]),
    "read preferences": (preferences_info, {}, ["ok"]),
    "invoice": (invoice_info, {"invoice_id": "1"}, ["failed"]),
    "key of the task's variables": (info, {"api_key": "{{ mine }}", "_vars": {"mine": "{{ vault_hostup_api_key }}"}}, ["ok"]),
    "defaults of the task": (info, {"_module_defaults": {"hostup.cloud.hostup_account_info": {"api_key": "{{ key }}"}}}, ["ok"]),
    "white space around the key": (info, {"api_key": " {{ vault_hostup_api_key }}\n"}, ["ok"]),
    "personal number elsewhere": (account, {"personal_number": PERSONAL, "company_name": "AB " + PERSONAL}, ["ok"]),
    "hidden": (account, {"city": "Hidden town", "redact": ["city"]}, ["ok"]),
    "refused": (account, {"personal_number": PERSONAL + "1"}, ["failed"]),
    "unknown option": (info, {"api_keys": "{{ vault_hostup_api_key }}"}, ["failed"]),
    "environment": (info, {"api_key": None, "_environment": {"HOSTUP_API_KEY": "{{ vault_hostup_api_key }}"}}, ["failed"]),
    "loop": (account, {"personal_number": "{{ item ~ vault_personal_number }}", "_loop": ["19", ""]}, ["ok"] * 3),
    "until": (
        account,
        {
            "personal_number": PERSONAL,
            "api_retries": 0,
            "_register": "seen",
            "_until": "seen is success",
            "_retries": 3,
            "_delay": 0,
        },
        ["retry", "retry", "ok"],
    ),
    "until in a loop": (
        account,
        {"city": "{{ item }}", "api_retries": 0, "_loop": ["Lund", "Umeå"], "_retries": 3, "_delay": 0},
        ["retry", "retry", "ok", "ok", "ok"],
    ),
    "async": (account, {"personal_number": PERSONAL, "_async": 30, "_poll": 1}, ["async ok", "ok"]),
    "time limit": (info, {"_timeout": 1}, ["failed"]),
    "skipped": (info, {"_when": False}, ["skipped"]),
}


def _emulators(start: Start) -> dict[str, Emulator]:
    emulators = {name: start() for name in CASES}
    for name in ("until", "until in a loop"):
        emulators[name].faults.order(Fault("status", status=503, times=2))
    emulators["time limit"].faults.order(Fault("hang", times=9, seconds=60))
    return emulators


@pytest.mark.parametrize(
    ("way", "strategy"), [("in process", "linear"), ("in process", "free"), ("in process", "host_pinned"), ("module", "linear")]
)
def test_no_secret_is_sent_back(tmp_path: pathlib.Path, start: Start, way: str, strategy: str) -> None:
    player = Player(tmp_path, WAYS_TO_RUN[way])
    emulators = _emulators(start)
    tasks = [case[0](name, emulators[name].url, **case[1]) for name, case in CASES.items()]
    variables = {**player.variables, "key": "{{ vault_hostup_api_key }}"}
    env = {
        "ANSIBLE_DISPLAY_ARGS_TO_STDOUT": "true",
        "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
        "JUNIT_HIDE_TASK_ARGUMENTS": "true",
    }
    played = player.play(tasks, "-v", play={"strategy": strategy, "vars": variables}, env=env)
    seen = _seen(player)
    assert {name: [line["event"] for line in seen if line["task"] == name] for name in CASES} == {
        name: case[2] for name, case in CASES.items()
    }
    shown = {line["task"]: line["args"] for line in seen}
    assert {shown[name]["api_key"] for name in CASES if name not in ("loop", "until in a loop", "skipped", "environment")} == {
        REDACTED
    }
    assert shown["declare"] == {"api_key": REDACTED, "api_url": emulators["declare"].url, "personal_number": REDACTED}
    assert shown["hidden"]["city"] == REDACTED
    assert shown["personal number elsewhere"]["company_name"] == REDACTED
    # what runs again has its own arguments again
    assert [entry.json() for entry in emulators["until"].writes] == [{"personnummer": PERSONAL_DECLARED}]
    assert [entry.json() for entry in emulators["until in a loop"].writes] == [{"city": "Lund"}, {"city": "Umeå"}]
    assert {entry.headers["X-API-Key"] for emulator in emulators.values() for entry in emulator.journal} == {KEY}
    assert played["until"]["attempts"] == 3


def test_what_the_playbook_holds_itself(tmp_path: pathlib.Path, start: Start) -> None:
    """Where the task ran, it is gone; Ansible sends the task of a loop, or one that it skips, as the playbook holds it."""
    keywords: dict[str, tuple[Task, bool]] = {
        "ran": ({}, False),
        "loop": ({"_loop": [1]}, True),
        "skipped": ({"_when": False}, True),
    }
    tasks, expected = [], {}
    for kind in (str, Vaulted):
        secrets = {"api_key": kind(KEY), "personal_number": kind(PERSONAL_DECLARED)}
        for name, (more, shown) in keywords.items():
            title = "%s, %s" % (kind.__name__, name)
            tasks.append(account(title, start().url, **secrets, _vars={"mine": secrets}, **more))
            expected[title] = shown
    player = Player(tmp_path, leak=("playbook-*.yml", "results-*.fields"))
    player.play(tasks, env={"JUNIT_HIDE_TASK_ARGUMENTS": "true"})
    found: dict[str, bool] = dict.fromkeys(expected, False)
    for line in _seen(player):
        found[line["task"]] |= bool(Searched().find({"fields": json.dumps(line)}))
    assert found == expected


def test_redo_in_the_debugger_is_refused(in_process_player: Player, start: Start) -> None:
    """The debugger runs a task again as it was sent back: without the key, and without the values that are hidden."""
    emulator, player = start(), in_process_player
    emulator.faults.order(Fault("status", status=401))
    playbook = player.playbook([info("read", emulator.url, _debugger="on_failed")], play={"ignore_errors": False})
    done = subprocess.run(
        ["ansible-playbook", "-i", "localhost,", "--vault-password-file", "password", playbook],  # noqa: S607 the system's
        cwd=player.folder,
        env=player.environment(TEST_RESULTS=str(player.folder / "results-0.jsonl")),
        input="p task.args\nredo\ncontinue\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert "'api_key': '(redacted)'" in done.stdout, done.stdout
    assert "api_key is (redacted), as tasks show a key" in done.stdout
    assert KEY not in done.stdout
    assert len(emulator.journal) == 1
