# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One account on an emulator, and tasks that take the way of a playbook's, without its processes."""

from __future__ import annotations

import typing as t

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._task import Task, run_task
from ansible_collections.hostup.cloud.plugins.plugin_utils._arguments import normalize_arguments
from ansible_collections.hostup.cloud.tests.emulator import Account, Emulator
from ansible_collections.hostup.cloud.tests.emulator.accounts import ALL_SCOPES, raw_invoice, raw_record

KEY = "hup-key-of-properties"


class Desk:
    """One account, and tasks on it."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def begin(self) -> Account:
        """A new account, and a new journal; each example of a property calls this."""
        account = Account(raw_record(id="1"), {KEY: ALL_SCOPES}, invoices={5: raw_invoice(5, raw_record(id="1"))})
        self._emulator.accounts[:] = [account]
        self._emulator.journal.clear()
        self._emulator.faults.clear()
        return account

    @property
    def emulator(self) -> Emulator:
        return self._emulator

    def task(self, task: Task, args: dict[str, t.Any]) -> dict[str, t.Any]:
        """The result of a task with these arguments, as YAML gives them."""
        whole = {"api_key": KEY, "api_url": self._emulator.url, "api_retries": 0, **args}
        try:
            complete = normalize_arguments(whole, task.fields, {}, {})
        except InvalidOption as refused:
            return {"failed": True, "msg": str(refused)}
        checked = ArgumentSpecValidator(task.spec).validate(complete)
        assert not checked.error_messages, checked.error_messages
        return run_task(task, checked.validated_parameters, False, True)


@pytest.fixture(scope="session")
def desk() -> t.Iterator[Desk]:
    with Emulator() as emulator:
        yield Desk(emulator)
