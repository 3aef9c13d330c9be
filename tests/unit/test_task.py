# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results as the module and the action plugin return them."""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._account import APPLY
from ansible_collections.hostup.cloud.plugins.module_utils._task import Result, invocation, run_task

SECRETS = {"api_key": "the-key-of-1001", "personal_number": "900101-0017"}


def test_no_log_values_are_masked_wherever_they_stand() -> None:
    """Ansible masks them in what modules return, not in what an action plugin does."""

    def tell(params: dict[str, t.Any], check_mode: bool) -> Result:
        del check_mode
        return Result({"changed": False, "list": ["x", {"city": params["personal_number"]}]}, [params["api_key"]])

    assert run_task(APPLY._replace(run=tell), SECRETS, False, False) == {
        "changed": False,
        "list": ["x", {"city": "(redacted)"}],
        "warnings": ["(redacted)"],
    }


def test_arguments_are_shown_without_secrets() -> None:
    shown = invocation(APPLY, {**SECRETS, "city": "Lund", "state": "900101-0017", "unknown": "x", "redact": ["city"]})
    assert shown["module_args"] == {
        "api_key": "(redacted)",
        "personal_number": "(redacted)",
        "city": "(redacted)",
        "state": "(redacted)",
        "redact": ["city"],
    }


def test_a_wrong_redact_hides_everything() -> None:
    """Whoever meant to hide something and misspelt it did not mean to show it."""
    assert invocation(APPLY, {"redact": ["adress"], "state": "Skåne"})["module_args"]["state"] == "(redacted)"
