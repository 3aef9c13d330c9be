# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The audit's report, from every kind of result that Ansible registers."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.plugin_utils._audit_report import Host, report

SAME = {"changed": False, "account": {"id": "1001"}, "diff": {"before": {}, "after": {}}}
_OF_A_TYPE = "Error was a <class 'ansible.errors.AnsibleError'>, original message: "
#: As ansible-core 2.18 says it, and newer ones.
LOOKUP_FAILED = (
    "An unhandled exception occurred while templating '{{ lookup('a')\n}}'. %sAn unhandled exception occurred while running the "
    "lookup plugin 'a'. %sIt is wrong." % (_OF_A_TYPE, _OF_A_TYPE),
    "Task failed: The lookup plugin 'hostup.cloud.account_arguments' failed: It is wrong.",
)


@pytest.mark.parametrize(
    ("host", "message"),
    [
        (Host("a", {"failed": True, "msg": "It  failed;\ncheck it."}), "It failed; check it."),
        (Host("a", {"failed": True}), "The task failed without a message."),
        *((Host("a", {"failed": True, "msg": message}), "It is wrong.") for message in LOOKUP_FAILED),
        (
            Host("a", {"unreachable": True, "msg": "No route."}),
            "The host that the account's task runs on is unreachable: No route. See why with: "
            "ansible-playbook hostup.cloud.apply --check --limit a",
        ),
        (
            Host("a", {"changed": False, "skipped": True, "skip_reason": "Conditional result was False"}),
            "The account was not visited: its task was skipped; see the conditions that the role is run under.",
        ),
        # what an earlier play found is not known to be so still
        (
            Host("a", SAME, active=False),
            "The account was not visited: its host had failed or was unreachable before; see what the run says of it.",
        ),
    ],
)
def test_an_account_that_could_not_be_checked(host: Host, message: str) -> None:
    found = report([host._replace(declared_id="1001")], "2026-01-01T00:00:00Z")
    assert found["summary"] == {"accounts": 1, "in_sync": 0, "drifted": 0, "errors": 1}
    error = {"message": message, "code": None, "status": None, "request_id": None}
    row = {"name": "a", "account_id": "1001", "status": "error", "changes": [], "error": error, "warnings": []}
    assert found["accounts"] == [row]


@pytest.mark.parametrize(("results", "whole"), [([SAME, SAME], True), ([SAME, None], False), ([None, None], False)])
def test_no_report_before_the_last_host(results: list[t.Any], whole: bool) -> None:
    found = report([Host(name, result) for name, result in zip("ba", results)], "2026-01-01T00:00:00Z")
    assert [account["name"] for account in found.get("accounts", [])] == (["a", "b"] if whole else [])
