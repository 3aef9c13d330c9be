# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task on the profile: a crash after the write, and another account in the answer."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils import _account
from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.properties.conftest import Desk


def apply(emulator: Emulator, *faults: Fault) -> dict[str, t.Any]:
    desk = Desk(emulator)
    desk.begin()
    emulator.faults.order(*faults)
    return desk.task(_account.APPLY, {"city": "Lund"})


def test_an_unforeseen_error_after_the_write_says_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*args: t.Any) -> t.NoReturn:
        raise TypeError(args)

    monkeypatch.setattr(_account, "verify", fall)
    with Emulator() as emulator:
        result = apply(emulator)
    assert (result["failed"], result["changed"], len(emulator.writes)) == (True, True, 1)
    assert "(TypeError at test_account.py:" in result["msg"]


@pytest.mark.parametrize("lost", [False, True])
def test_another_account_is_read_back(lost: bool) -> None:
    """A city that fits proves nothing when it is another customer's."""
    other = '{"success": true, "data": {"client": {"id": "1002", "city": "Lund"}}}'
    read_back = Fault("body", status=200, body=other, method="GET", skip=1)
    with Emulator() as emulator:
        result = apply(emulator, *[Fault("drop", method="POST")][: int(lost)], read_back)
    assert (result["failed"], result["changed"], "failure" in result) == (True, True, False)
    assert "went to account 1, but account 1002 was read back" in result["msg"]
