# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task table: every module with each of its outcomes, and what a task returns and sends in a form that can be compared.

`results.json` holds that form. `record_results.py` writes it, `test_ways_to_run.py` compares it.
"""

from __future__ import annotations

import copy
import json
import pathlib
import re
import typing as t

from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.emulator.accounts import raw_invoice
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import (
    Played,
    Player,
    Task,
    account,
    info,
    invoice_info,
    preferences,
    preferences_info,
)
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY, PERSONAL_DECLARED

#: The recorded results: a task's name -> what `comparable` makes of it.
RECORDED = pathlib.Path(__file__).parent / "fixtures" / "results.json"

ALWAYS = 99
#: Characters of a value that shares its line in `results.json` with others.
SHORT = 60
#: Version -> the method of an update, and an account's id that no account of the emulator has.
VERSIONS = {"v1": ("POST", "4711"), "v2": ("PATCH", "client_01demo00000000000000004711")}
HIDDEN = {"redact": ["all"]}


class Case(t.NamedTuple):
    """One task, and the server that it meets."""

    task: t.Callable[..., Task]
    #: The task's options; with an underscore, keywords of the task.
    options: Task
    faults: t.Sequence[Fault] = ()
    #: Of the emulator's account.
    habits: dict[str, t.Any] = {}

    def start(self, start: Start) -> Emulator:
        """An emulator of its own, with an invoice that shows another city than the account."""
        emulator = start(None, **self.habits)
        account = emulator.accounts[0]
        account.invoices[501] = raw_invoice(501, {**account.record, "city": "Lund"})
        emulator.faults.order(*self.faults)
        return emulator


def _reading(task: t.Callable[..., Task], version: str, **options: t.Any) -> dict[str, Case]:
    """What each module that reads can meet."""
    options = {"api_version": version, "api_retries": 0, **options}
    return {
        "read": Case(task, options),
        "hidden": Case(task, {**options, **HIDDEN}),
        "wrong account": Case(task, {**options, "account_id": VERSIONS[version][1]}),
    }


def _failing(version: str) -> dict[str, Case]:
    """What all modules meet in the same code."""
    options = {"api_version": version, "api_retries": 0}
    return {
        "refused value": Case(info, {**options, "api_timeout": 0}),
        "HTTP 500": Case(info, options, [Fault("status", times=ALWAYS)]),
        "wrong key": Case(info, {**options, "api_key": "{{ vault_hostup_api_key }}-of-nobody"}),
    }


def _writing(task: t.Callable[..., Task], version: str, changed: Task, refused: Task, dropped: str) -> dict[str, Case]:
    """What each module that writes can meet. dropped: the value that the server accepts and does not store."""
    options, method = {"api_version": version, "api_retries": 0, **changed}, VERSIONS[version][0]
    return {
        "changed": Case(task, options),
        "check mode": Case(task, {**options, "_check_mode": True}),
        "hidden": Case(task, {**options, **HIDDEN}),
        "refused value": Case(task, {**options, **refused}),
        "update answered with HTTP 500": Case(task, options, [Fault("status", method=method, times=ALWAYS)]),
        "answer to the update lost": Case(task, options, [Fault("drop", method=method, after=True)]),
        "accepted, not stored": Case(task, options, habits={"dropped": frozenset({dropped})}),
        "wrong account": Case(task, {**options, "account_id": VERSIONS[version][1]}),
    }


def _only_once() -> dict[str, Case]:
    """What one module or version alone has, or a way to the module could change: odd characters and secrets in a result."""
    half = '{"success": true, "data": {"client": {"id": "9257", "firstname": "A\\ud83d", "city": "Lund"}}}'
    both = {"api_version": "v2", "api_retries": 0, "notification_delivery": ["security", "invoices"], "peppol_opt_out": True}
    wrong = Fault("status", status=400, code=KEY, message="Bad key %s for Malm\u00f6" % KEY)
    invoice = {"api_retries": 0, "invoice_id": 501}
    return {
        "account v1: personal number": Case(account, {"personal_number": "{{ vault_personal_number }}"}),
        "account v1: half a character read": Case(account, {"city": "Lund"}, [Fault("body", body=half, status=200)]),
        "account v1: key in an error's text": Case(account, {"city": "Lund"}, [wrong]),
        "account v1: nothing declared": Case(account, {}),
        "account v2: stored in another form": Case(account, {"api_version": "v2", "phone_number": "071-111 11 11"}),
        "info v1: unknown option": Case(info, {"city": "Lund"}),
        "preferences v2: partly written": Case(
            preferences, both, [Fault("status", status=502, code="upstream_error", path="/peppol", method="PATCH")]
        ),
        "preferences v2: lockout not confirmed": Case(preferences, {"api_version": "v2", "bankid_only_login": True}),
        "preferences_info v2: without Peppol": Case(
            preferences_info, {"api_version": "v2", "api_retries": 0}, [Fault("status", status=502, path="/peppol")]
        ),
        "invoice_info v1: no such invoice": Case(invoice_info, {**invoice, "invoice_id": 502}),
        "invoice_info v2: not in this version": Case(invoice_info, {**invoice, "api_version": "v2"}),
    }


def _cases() -> dict[str, Case]:
    tables: dict[str, dict[str, Case]] = {}
    for version in VERSIONS:
        profile = {"city": "Lund", "address": "Östra vägen 1", "state": "", "vat_number": "SE555555555501"}
        tables["account " + version] = _writing(account, version, profile, {"country": "Sverige"}, "city")
        settings = {"language": "en", "timezone": "Europe/Oslo", "sms_notifications": True}
        tables["preferences " + version] = _writing(
            preferences, version, settings, {"timezone": "(redacted: wanted)"}, "preferences.timezone"
        )
        tables["info " + version] = {**_reading(info, version), **_failing(version)}
        tables["preferences_info " + version] = _reading(preferences_info, version)
    tables["invoice_info v1"] = _reading(invoice_info, "v1", invoice_id=501)
    cases = {"%s: %s" % (kind, outcome): case for kind, table in tables.items() for outcome, case in table.items()}
    return {**cases, **_only_once()}


#: Name -> task. The name says module, version and outcome.
CASES = _cases()


class Seen(t.NamedTuple):
    """One run of the whole table."""

    played: Played
    emulators: dict[str, Emulator]

    def result(self, name: str) -> dict[str, t.Any]:
        """The task's result, masked, with all that it shows at `-vvv`."""
        return t.cast("dict[str, t.Any]", masked(self.played[name]))

    def comparable(self, name: str) -> dict[str, t.Any]:
        """The task's result without its arguments, and its requests: what stays the same in every run, on every ansible-core."""
        result = {
            key: value
            for key, value in self.result(name).items()
            # the first hold what the table itself says, the others are Ansible's own and differ between its releases
            if key not in ("invocation", "exception") and not key.startswith("_ansible")
        }
        requests = [
            {
                "request": "%s %s" % (entry.method, entry.path),
                "headers": " ".join(sorted(entry.headers)),
                **({"body": masked(entry.json())} if entry.body else {}),
            }
            for entry in self.emulators[name].journal
        ]
        return {**result, "requests": requests}


def play(player: Player, start: Start) -> Seen:
    """Run the table as one play with one task after the other. What tasks print shows where each ran."""
    emulators = {name: case.start(start) for name, case in CASES.items()}
    tasks = [case.task(name, emulators[name].url, **copy.deepcopy(case.options)) for name, case in CASES.items()]
    # other tests look through the processes of such runs, and that takes a tenth of the time
    played = player.run("-i", "localhost,", "-vvvv", "--diff", player.playbook(tasks), watched=False)
    return Seen(played, emulators)


#: What is new in each run, or no file may hold.
_MASKS = (
    (re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|req_[0-9a-f]+"), "(id)"),
    (re.compile("(127.0.0.1|localhost):[0-9]+"), r"\1:(port)"),
    (re.compile(PERSONAL_DECLARED), "(personal number)"),
)


def masked(value: t.Any) -> t.Any:
    """The value with a mark for each id of a request, port and personal number."""
    if isinstance(value, dict):
        return {key: masked(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(inner) for inner in value]
    if isinstance(value, str):
        for pattern, mark in _MASKS:
            value = pattern.sub(mark, value)
    return value


def recorded() -> dict[str, dict[str, t.Any]]:
    """What `record` has written."""
    return t.cast("dict[str, dict[str, t.Any]]", json.loads(RECORDED.read_text(encoding="utf-8")))


def record(seen: Seen) -> None:
    """Write `results.json`, sorted, with each long value and each request on a line of its own: a changed message is one line."""
    tasks = []
    for name in sorted(CASES):
        parts = seen.comparable(name)
        asked = parts.pop("requests")
        values = ["%s: %s" % (_compact(key), _compact(value)) for key, value in sorted(parts.items())]
        short = [value for value in values if len(value) <= SHORT]
        lines = ["    " + ", ".join(short), *("    " + value for value in values if len(value) > SHORT)]
        requests = ",\n".join("      " + _compact(request) for request in asked)
        lines.append('    "requests": [%s]' % ("\n%s\n    " % requests if requests else ""))
        tasks.append("  %s: {\n%s\n  }" % (_compact(name), ",\n".join(lines)))
    RECORDED.parent.mkdir(exist_ok=True)
    RECORDED.write_text("{\n%s\n}\n" % ",\n".join(tasks), encoding="utf-8")


def _compact(value: t.Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
