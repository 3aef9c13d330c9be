# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tasks on the profile do, from their options to their results: hostup_account and hostup_account_info."""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _declared, _options
from ansible_collections.hostup.cloud.plugins.module_utils._client import read_account, update_account
from ansible_collections.hostup.cloud.plugins.module_utils._errors import NotVerified, ReadFailed, UpdateFailed
from ansible_collections.hostup.cloud.plugins.module_utils._fields import FIELDS, Account
from ansible_collections.hostup.cloud.plugins.module_utils._plan import Plan, Verdict, in_another_form, make_plan, names, verify
from ansible_collections.hostup.cloud.plugins.module_utils._session import Session
from ansible_collections.hostup.cloud.plugins.module_utils._work import (
    Outcome,
    Work,
    guard,
    not_there,
    read_twice,
    see_same_account,
    writing,
)


def show(params: dict[str, t.Any], check_mode: bool = False) -> Outcome:
    """The work of hostup_account_info, the same in check mode. Raises HostupError."""
    connection, wanted = _options.connection(params), _options.account_id(params)
    redaction = _options.redaction(params)
    with Session(connection, redaction) as session:
        account = read_account(session)
    guard(account.id, wanted)
    return Outcome({"changed": False, "account": redaction.account(account)})


def declare(params: dict[str, t.Any], check_mode: bool) -> Outcome:
    """The work of hostup_account. Raises HostupError."""
    connection, wanted = _options.connection(params), _options.account_id(params)
    declared = _declared.profile(params)
    redaction = _options.redaction(params)
    with Session(connection, redaction) as session:
        session.hide(declared)
        account = read_account(session, declared)
        guard(account.id, wanted)
        plan = make_plan(declared, account, params["compare"], params["unreadable_fields"])
        result: dict[str, t.Any] = {
            "changed": bool(plan.changes),
            "changed_fields": sorted(plan.changes),
            "unreadable_fields": plan.unreadable,
        }
        warnings, now = list(plan.doubts), None
        # the one place that a write hangs on
        if plan.changes and not check_mode:
            with writing():
                result["request_id"], now, lost = _write(session, plan, declared, params["verify"])
            warnings += lost
            if now:
                verdict = verify(plan, declared, now)
                result["unreadable_fields"] = verdict.unreadable
                warnings += _remarks(verdict, params)
    # shown at last: what was read back may have to be hidden, too
    result["account"] = redaction.account(now or plan.after)
    result["diff"] = redaction.diff(plan.before, plan.changes, "HostUp account %s" % (account.id or "(no id)"))
    if plan.changes and not now and plan.unreadable and params["unreadable_fields"] == "update":
        warnings.append(
            "The API's record has no %s: either it was never set, or the API never shows it and it is sent on every run. "
            "See the option unreadable_fields." % names(plan.unreadable)
        )
    return Outcome(result, warnings)


def _write(session: Session, plan: Plan, declared: dict[str, str], check: bool) -> tuple[str | None, Account | None, list[str]]:
    """One update: its request id, the account where it was read back, warnings. Raises UpdateFailed, NotVerified."""
    try:
        receipt, shown = update_account(session, plan.changes, declared)
    except UpdateFailed as lost:
        if not lost.outcome_unknown:
            raise
        now = _settle(session, plan, declared, lost)
        seen = (
            "holds what was declared, as far as the API shows it" if verify(plan, declared, now).unreadable else "is as declared"
        )
        return None, now, ["The update %s, but the account was read back and %s." % (lost.happened, seen)]
    if not check:
        return receipt.request_id, None, []
    unverified = None
    try:
        # v2 shows the account in its answer, v1 has to be asked; what vanishes from the answer has to be asked for, too
        whole = shown and not set(declared) & plan.after.given - shown.given
        now = _read_twice(session, plan, declared, shown if whole else None)
        missed = verify(plan, declared, now).missed
        if missed:
            reshaped = in_another_form(missed, plan.before, plan.changes, now.values)
            unverified = NotVerified(
                "was answered with success, but the account, as the API gives it back, does not hold the declared %s"
                % names(missed),
                not_there(missed, reshaped, "hostup_account_info"),
                doing=_VERIFYING,
                **receipt._asdict(),
            )
    except ReadFailed as failed:
        unverified = NotVerified(
            failed.happened,
            "the update was accepted, but whether it took is not known: %s" % failed.advice,
            doing=_VERIFYING,
            **failed.facts(),
        )
    if unverified:
        unverified.changed_fields = tuple(sorted(plan.changes))
        unverified.update_id = receipt.request_id
        raise unverified
    return receipt.request_id, now, []


def _read_twice(session: Session, plan: Plan, declared: dict[str, str], first: Account | None = None) -> Account:
    """The account after the update. Raises ReadFailed, WrongAccount."""

    def look(now: Account) -> tuple[list[str], list[str]]:
        see_same_account(plan.after.id, now.id)
        verdict = verify(plan, declared, now)
        return verdict.missed, verdict.unreadable

    return read_twice(lambda: read_account(session, declared), look, first)


def _settle(session: Session, plan: Plan, declared: dict[str, str], lost: UpdateFailed) -> Account:
    """The update's answer was lost: the account, read back, decides. Raises the failure with what is known."""
    try:
        now = _read_twice(session, plan, declared)
    except ReadFailed as failed:
        lost.changed = True
        known = "the account could not be read back either (that %s), so it may or may not be updated" % failed.happened
        lost.advice = "%s: %s, then run the task again" % (known, failed.advice)
        raise lost from None
    verdict = verify(plan, declared, now)
    unseen = set(plan.changes) & set(verdict.unreadable)
    if not verdict.missed and len(unseen) < len(plan.changes):
        return now
    lost.changed = bool(unseen) or len(verdict.missed) < len(plan.changes)
    if verdict.missed:
        known = "does not hold the declared %s" % names(verdict.missed)
    else:
        known = "does not show %s, which may or may not be updated" % names(sorted(unseen))
    lost.advice = "the account, read back, %s: %s, then run the task again" % (known, lost.advice)
    raise lost


def _remarks(verdict: Verdict, params: dict[str, t.Any]) -> list[str]:
    remarks = []
    if verdict.reshaped:
        remarks.append(
            "The API stored %s in another form than it was sent; both mean the same%s."
            % (
                names(verdict.reshaped),
                ", but compare=exact takes it for a change on each run" if params["compare"] == "exact" else "",
            )
        )
    if verdict.unreadable and params["unreadable_fields"] == "update":
        remarks.append(
            "The API's record has no %s, even after the update: it can't be compared and is sent on each run. Set "
            "unreadable_fields=ignore to send it only along with other changes, or do not declare it." % names(verdict.unreadable)
        )
    return remarks


_VERIFYING = "Verifying the update"

#: hostup_account_info, and hostup_account.
SHOW = Work({**_options.CONNECTION, **_options.SHOWING}, show)
DECLARE = Work(
    {
        **_options.CONNECTION,
        **_options.profile_spec(),
        **_options.SHOWING,
        **_options.DECLARING,
        **_options.COMPARING,
    },
    declare,
    FIELDS,
)
