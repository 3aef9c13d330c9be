# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task makes of things that a playbook can't bring about."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils import _account
from ansible_collections.hostup.cloud.plugins.module_utils._errors import Crash, WrongAccount
from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault

CONNECTION: dict[str, t.Any] = {
    "api_version": "v1",
    "api_timeout": 5,
    "api_retries": 0,
    "api_retry_max_delay": 0,
    "validate_certs": True,
    "ca_path": None,
}
BEHAVIOUR: dict[str, t.Any] = {
    "account_id": None,
    "redact": [],
    "compare": "normalized",
    "unreadable_fields": "update",
    "verify": True,
}


def declare(emulator: Emulator) -> None:
    params = {**CONNECTION, **BEHAVIOUR, "api_key": "demo-key-of-account-1001", "api_url": emulator.url, "city": "Lund"}
    _account._apply(params, check_mode=False)


def test_an_unforeseen_error_after_the_write_says_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*args: t.Any) -> t.NoReturn:
        raise TypeError(args)

    monkeypatch.setattr(_account, "verify", fall)
    with Emulator() as emulator, pytest.raises(Crash, match="TypeError at test_account.py:") as fallen:
        declare(emulator)
    assert fallen.value.changed is True
    assert len(emulator.writes) == 1


@pytest.mark.parametrize("lost", [False, True])
def test_another_account_is_read_back(lost: bool) -> None:
    """A city that fits proves nothing when it is another customer's."""
    with Emulator() as emulator:
        emulator.faults.order(*[Fault("drop", method="POST")][: int(lost)])
        other = '{"success": true, "data": {"client": {"id": "1002", "city": "Lund"}}}'
        emulator.faults.order(Fault("body", status=200, body=other, method="GET", skip=1))
        with pytest.raises(WrongAccount, match="went to account 1001, but account 1002 was read back") as wrong:
            declare(emulator)
    assert wrong.value.result() == {"changed": True}
