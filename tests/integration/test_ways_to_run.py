# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two shells, one truth: in Ansible's process, as a module here, and as a module over SSH, tasks return and send the same."""

from __future__ import annotations

import copy
import functools
import re
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.emulator.accounts import raw_invoice
from ansible_collections.hostup.cloud.tests.integration import (
    test_faults,
    test_modes,
    test_options,
    test_preferences,
    test_preferences_failures,
    test_problems,
)
from ansible_collections.hostup.cloud.tests.integration.conftest import WAYS_TO_RUN, Start
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
from ansible_collections.hostup.cloud.tests.integration.ssh import Sshd

SSH = "module over SSH"

#: Flags, and what the names of the cases begin with that are tried.
MODES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "real": (("--diff",), ("mode", "fault", "refused", "info")),
    "check": (("--check",), ("mode", "info")),
}
#: The same over SSH, where the same module runs: what it is given and gives back takes another way, its work does not.
OVER_SSH: dict[str, tuple[str, ...]] = {"real": ("mode", "fault: version 2", "fault: half done", "info"), "check": ("info",)}


class Case(t.NamedTuple):
    """One task, and the server that it meets."""

    options: Task
    start: t.Callable[[Start], Emulator] = lambda start: start()
    task: t.Callable[..., Task] = account


def _cases() -> dict[str, Case]:
    cases = {
        "mode: " + task: Case(
            {"api_version": version, **test_modes.CASES[name].declared}, functools.partial(_stored, test_modes.CASES[name].stored)
        )
        for task, (version, name) in test_modes.TASKS.items()
        if version == "v1" or name in _OF_VERSION_2
    }
    for name, fault in test_faults.CASES.items():
        options = {"city": "Lund", "api_timeout": 2, "api_retries": 1, "api_retry_max_delay": 1, **fault.options}
        cases["fault: " + name] = Case(options, functools.partial(test_faults.start_with, case=fault))
    for name, (options, _words) in test_options.REFUSED.items():
        cases["refused: " + name] = Case({"state": "Skåne", **options})
    cases["info"] = Case({}, task=info)
    cases["info: another account"] = Case({"account_id": "1"}, task=info)
    cases["info: hidden"] = Case({"redact": ["all"]}, task=info)
    cases["info: an unknown option"] = Case({"city": "Lund"}, task=info)
    for task in _PREFERENCES:
        version, name = test_preferences.TASKS[task]
        cases["mode: preferences, " + task] = Case(
            {"api_version": version, **test_preferences.CASES[name].declared}, task=preferences
        )
    for name in ("forbidden to write", "invalid_request, several", "the answer to the update lost", "accepted, and not stored"):
        problem = test_problems.CASES[name]
        options = {"api_version": "v2", "city": "Lund", "api_retries": 0, **problem.options}
        cases["fault: version 2, " + name] = Case(options, functools.partial(test_problems.start_with, case=problem))
    cases["fault: half done"] = Case(test_preferences_failures.BOTH, _half_done, preferences)
    for name in ("a lockout that is not confirmed", "the marker of a diff", "default among others"):
        cases["refused: preferences, " + name] = Case(test_preferences.REFUSED[name][0], task=preferences)
    for version in ("v1", "v2"):
        cases["info: preferences, " + version] = Case({"api_version": version}, task=preferences_info)
        cases["info: invoice, " + version] = Case({"api_version": version, "invoice_id": 501}, _with_invoice, invoice_info)
    return cases


#: A few of each kind: what makes them differ runs in any shell.
_OF_VERSION_2 = ("one of three differs", "an organisation number is cleared", "what version 2 alone has")
_PREFERENCES = (
    "v1: flags",
    "v1: hidden",
    "v2: nothing declared",
    "v2: two endpoints of version 2",
    "v2: categories of e-mail",
    "v2: hidden",
)


def _half_done(start: Start) -> Emulator:
    emulator = start()
    emulator.faults.order(Fault("status", status=502, code="upstream_error", path="/peppol", method="PATCH"))
    return emulator


def _with_invoice(start: Start) -> Emulator:
    emulator = start()
    account = emulator.accounts[0]
    account.invoices[501] = raw_invoice(501, {**account.record, "city": "Lund"})
    return emulator


def _stored(record: dict[str, str], start: Start) -> Emulator:
    return start(record)


CASES = _cases()


class Seen(t.NamedTuple):
    played: Played
    requests: dict[str, list[tuple[str, str, dict[str, str], str]]]


def _play(player: Player, start: Start, flags: tuple[str, ...], kinds: tuple[str, ...]) -> Seen:
    cases = {name: case for name, case in CASES.items() if name.startswith(kinds)}
    emulators = {name: case.start(start) for name, case in cases.items()}
    tasks = [case.task(name, emulators[name].url, **copy.deepcopy(case.options)) for name, case in cases.items()]
    played = player.play(tasks, "-vvvv", *flags)
    journals = {name: [(e.method, e.path, e.headers, e.body) for e in emulators[name].journal] for name in cases}
    return Seen(played, journals)


@pytest.fixture(scope="module")
def seen(start: Start, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Seen]]:
    """Mode -> shell -> what all cases gave."""
    with Sshd(tmp_path_factory.mktemp("sshd")) as sshd:
        shells = {**WAYS_TO_RUN, SSH: sshd.variables()}
        players = {name: Player(tmp_path_factory.mktemp("shell"), variables) for name, variables in shells.items()}
        return {
            mode: {
                name: _play(player, start, flags, OVER_SSH[mode] if name == SSH else kinds) for name, player in players.items()
            }
            for mode, (flags, kinds) in MODES.items()
        }


TRIED = [(mode, name) for mode, (dummy, kinds) in MODES.items() for name in CASES if name.startswith(kinds)]


def _comparable(value: t.Any) -> t.Any:
    """The value without what is another in every run: ids of requests, and the emulators' ports."""
    if isinstance(value, dict):
        return {key: _comparable(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_comparable(inner) for inner in value]
    if isinstance(value, str):
        value = re.sub("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|req_[0-9a-f]+", "(id)", value)
        return re.sub("(127.0.0.1|localhost):[0-9]+", r"\1:(port)", value)
    return value


@pytest.mark.parametrize(("mode", "name"), TRIED)
def test_equal(seen: dict[str, dict[str, Seen]], mode: str, name: str) -> None:
    """The results to the key, and the requests to the header."""
    shells = [of for shell, of in seen[mode].items() if shell != SSH or name.startswith(OVER_SSH[mode])]
    here, *others = [_comparable(of.played[name]) for of in shells]
    assert others == [here] * len(others)
    here, *others = [_comparable(of.requests[name]) for of in shells]
    assert others == [here] * len(others)


def test_each_ran_where_it_should(seen: dict[str, dict[str, Seen]]) -> None:
    """Payloads and connections show at `-vvvv`: without this, all three might be one."""
    task = "TASK [mode: v1: one of three differs]"
    parts = {name: of.played.output.partition(task)[2].partition("TASK [")[0] for name, of in seen["real"].items()}
    assert "EXEC" not in parts["in process"]
    assert "AnsiballZ_hostup_account.py" in parts["module"]
    assert "SSH: EXEC" not in parts["module"]
    assert "SSH: EXEC" in parts[SSH]
