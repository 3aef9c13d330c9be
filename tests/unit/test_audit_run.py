# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts that are compared at the same time."""

from __future__ import annotations

import threading
import time
import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._task import Result, Task
from ansible_collections.hostup.cloud.plugins.plugin_utils import _audit_run
from ansible_collections.hostup.cloud.plugins.plugin_utils._audit_run import Account, Run, compare


def _account(name: str, do: t.Callable[..., Result]) -> Account:
    return Account(name, ((Task({}, do), {"name": name}),))


def test_as_many_accounts_at_a_time_as_allowed() -> None:
    """Three meet at a barrier, which none passes alone; a fourth would break it."""
    barrier = threading.Barrier(3)

    def do(params: dict[str, t.Any], check_mode: bool) -> Result:
        assert check_mode
        barrier.wait(60)
        return Result({"changed": False, **params})

    accounts = [_account("account-%d" % number, do) for number in range(9)]
    found = compare(accounts, 3, None, print, Run())
    assert found == {account.name: [{"changed": False, "name": account.name}] for account in accounts}


def test_a_deadline_keeps_what_is_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until then, a line says how far it is."""
    held = threading.Event()
    told: list[str] = []
    monkeypatch.setattr(_audit_run, "_PROGRESS", 0.01)

    def hold(*_args: object) -> Result:
        held.wait(60)
        return Result({})

    accounts = [_account("quick", lambda *_args: Result({})), _account("slow", hold)]
    found = compare(accounts, 2, time.monotonic() + 1, told.append, Run())
    held.set()
    assert found == {"quick": [{}]}
    assert told[-1] == "hostup_audit: 1 of 2 accounts"
