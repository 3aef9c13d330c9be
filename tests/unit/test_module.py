# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module on the target: its system log, and errors that nobody foresaw."""

from __future__ import annotations

import json
import syslog
import typing as t

import pytest
from ansible.module_utils import basic

from ansible_collections.hostup.cloud.plugins.module_utils._account import APPLY
from ansible_collections.hostup.cloud.plugins.module_utils._module import HostupModule


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[t.Any]:
    """What goes to the system log, while modules get these arguments."""
    seen: list[t.Any] = []
    args = {"ANSIBLE_MODULE_ARGS": {"api_key": "key", "address": "Storgatan 2"}}
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps(args).encode())
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
    monkeypatch.setattr(basic, "has_journal", False)
    monkeypatch.setattr(syslog, "syslog", lambda *args: seen.append(args))
    return seen


def test_no_address_in_the_system_log(log: list[t.Any]) -> None:
    basic.AnsibleModule({"api_key": {"no_log": True}, "address": {}})
    assert "Storgatan 2" in str(log), "an ordinary module does log: this test sees it"
    log.clear()
    HostupModule(APPLY)
    assert log == []


def test_an_unforeseen_error_is_a_sentence(log: list[t.Any], capsys: pytest.CaptureFixture[str]) -> None:
    """It says where, and not what: the text of the exception may hold anything."""
    del log

    def fall(params: dict[str, t.Any], check_mode: bool) -> t.NoReturn:
        raise ValueError("Storgatan 2", params, check_mode)

    with pytest.raises(SystemExit):
        HostupModule(APPLY._replace(run=fall)).run()
    result = json.loads(capsys.readouterr().out)
    assert result["failed"] is True
    assert "ValueError at test_module.py:" in result["msg"]
    assert "Storgatan 2" not in result["msg"]
