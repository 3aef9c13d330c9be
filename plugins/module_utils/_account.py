# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tasks on the profile do, from their options to their results: hostup_account and hostup_account_info."""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _argspec, _validate
from ansible_collections.hostup.cloud.plugins.module_utils._account_api import read_account, update_account
from ansible_collections.hostup.cloud.plugins.module_utils._apply import ACCOUNT, Update, apply
from ansible_collections.hostup.cloud.plugins.module_utils._client import Client
from ansible_collections.hostup.cloud.plugins.module_utils._errors import RequestInfo
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_FIELDS, Account
from ansible_collections.hostup.cloud.plugins.module_utils._plan import Plan, Verification, make_plan, names, verify
from ansible_collections.hostup.cloud.plugins.module_utils._task import (
    Result,
    Task,
    open_client,
    report_crash,
    require_account,
    require_same_account,
)


def _read(params: dict[str, t.Any], check_mode: bool = False) -> Result:
    """hostup_account_info, the same in check mode. Raises HostupError."""
    client, wanted = open_client(params)
    with client:
        account = read_account(client)
    require_account(account.id, wanted)
    return Result({"changed": False, "account": client.redaction.account(account)})


def _apply(params: dict[str, t.Any], check_mode: bool) -> Result:
    """hostup_account. Raises HostupError."""
    client, wanted = open_client(params)
    declared = _validate.profile(params)
    with client:
        client.hide(declared)
        account = read_account(client, declared)
        require_account(account.id, wanted)
        plan = make_plan(declared, account, params["compare"], params["unreadable_fields"])
        result: dict[str, t.Any] = {
            "changed": bool(plan.changes),
            "changed_fields": sorted(plan.changes),
            "unreadable_fields": plan.unreadable,
        }
        warnings, now = list(plan.warnings), None
        # the one place that a write hangs on
        if plan.changes and not check_mode:
            with report_crash(changed=True):
                applied = apply(_update(client, plan, declared), params["verify"])
            result["request_id"], now = applied.request_id, applied.state
            warnings += applied.warnings
            if applied.found:
                result["unreadable_fields"] = applied.found.unreadable
                warnings += _remarks(applied.found, params)
    # shown at last: what was read back may have to be hidden, too
    result["account"] = client.redaction.account(now or plan.after)
    result["diff"] = client.redaction.diff(plan.before, plan.changes, "HostUp account %s" % (account.id or "(no id)"))
    if plan.changes and not now and plan.unreadable and params["unreadable_fields"] == "update":
        warnings.append(
            "The API's record has no %s: either it was never set, or the API never shows it and it is sent on every run. "
            "See the option unreadable_fields." % names(plan.unreadable)
        )
    return Result(result, warnings)


def _update(client: Client, plan: Plan, declared: dict[str, str]) -> Update[Account]:
    def send() -> tuple[RequestInfo, Account | None]:
        info, shown = update_account(client, plan.changes, declared)
        # v2 shows the account in its answer, v1 has to be asked; what vanishes from the answer has to be asked for, too
        whole = shown and not set(declared) & plan.after.present - shown.present
        return info, shown if whole else None

    def compare(now: Account) -> Verification:
        require_same_account(plan.after.id, now.id)
        return verify(plan, declared, now)

    return Update(
        ACCOUNT, "hostup_account_info", plan.before, plan.changes, send, lambda: read_account(client, declared), compare
    )


def _remarks(verification: Verification, params: dict[str, t.Any]) -> list[str]:
    remarks = []
    if verification.stored_differently:
        remarks.append(
            "The API stored %s in another form than it was sent; both mean the same%s."
            % (
                names(verification.stored_differently),
                ", but compare=exact takes it for a change on each run" if params["compare"] == "exact" else "",
            )
        )
    if verification.unreadable and params["unreadable_fields"] == "update":
        remarks.append(
            "The API's record has no %s, even after the update: it can't be compared and is sent on each run. Set "
            "unreadable_fields=ignore to send it only along with other changes, or do not declare it."
            % names(verification.unreadable)
        )
    return remarks


#: hostup_account_info, and hostup_account.
READ = Task(_argspec.READ, _read)
APPLY = Task(_argspec.PROFILE, _apply, PROFILE_FIELDS)
