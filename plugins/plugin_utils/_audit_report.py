# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The audit's report, from what the tasks on all accounts returned. Pure functions.

The report is the document audit.json; its schema is roles/hostup_audit/files/audit.schema.json.
"""

from __future__ import annotations

import collections
import re
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._plan import names

#: A task's result as Ansible registers it; None where a host has none.
Result = t.Optional[t.Mapping[str, t.Any]]

#: What Ansible, in one version or another, writes around the sentence on a template that could not be filled in.
_WRAPPING = re.compile(
    r"\A(?:Task failed: )?(?:.*The lookup plugin '[\w.]+' failed: |An unhandled exception occurred while .*original message: )?"
    r"|\.? The error appears to be in '.*\Z",
    re.DOTALL,
)

#: Of the hosts that share an account, how many a sentence names.
_MOST_NAMES = 5


class Host(t.NamedTuple):
    """One account of the inventory, after the run has looked at it, or has not."""

    name: str
    result: Result
    #: Whether the play still runs on it: a host that failed or was unreachable earlier is out.
    active: bool = True
    #: The account that its variables name.
    declared_id: str | None = None
    #: Of the task on its preferences; None where it declares none.
    preferences: Result = None


def report(hosts: t.Sequence[Host], generated_at: str, keys: t.Mapping[str, str] | None = None) -> dict[str, t.Any]:
    """The report, sorted by name; empty while there are hosts that a later batch of the play will visit.

    generated_at: ISO 8601, UTC. keys: host -> its API key, which tells an account in both versions of the API.
    """
    if any(host.active and host.result is None for host in hosts):
        return {}
    accounts = _refuse_shared([_account(host) for host in sorted(hosts)], keys or {})
    found = [account["status"] for account in accounts]
    return {
        "schema": 1,
        "generated_at": generated_at,
        "summary": {
            "accounts": len(accounts),
            "in_sync": found.count("in_sync"),
            "drifted": found.count("drifted"),
            "errors": found.count("error"),
        },
        "accounts": accounts,
    }


def _account(host: Host) -> dict[str, t.Any]:
    unchecked = _unchecked(host, host.result) or _unchecked_preferences(host)
    warnings = [_sentence(text) for result in (host.result, host.preferences) for text in (result or {}).get("warnings") or []]
    changes = [] if unchecked else _changes(host.result) + _changes(host.preferences, "preferences.")
    return {
        "name": host.name,
        "account_id": (host.result or {}).get("account", {}).get("id") or host.declared_id,
        "status": "error" if unchecked else "drifted" if changes else "in_sync",
        "changes": sorted(changes, key=lambda change: change["field"]),
        "error": unchecked,
        "warnings": warnings,
    }


def _refuse_shared(accounts: list[dict[str, t.Any]], keys: t.Mapping[str, str]) -> list[dict[str, t.Any]]:
    """The accounts, with those that several hosts have as errors: applied, each would overwrite what the other has written."""
    marks = {account["name"]: {account["account_id"], keys.get(account["name"])} - {None} for account in accounts}
    hosts = collections.defaultdict(set)
    for name, mine in marks.items():
        for mark in mine:
            hosts[mark].add(name)
    for account in accounts:
        others = sorted(set().union(*(hosts[mark] for mark in marks[account["name"]])) - {account["name"]})
        if others and not account["error"]:
            message = "Account %s also belongs to %s: check the API key and the account id of each of these hosts." % (
                account["account_id"],
                names(["the host %s" % name for name in others[:_MOST_NAMES]]),
            )
            account.update(status="error", changes=[], error=_error(message))
    return accounts


def sentence(found: dict[str, t.Any]) -> str:
    """The verdict on a report, without what is written where."""
    summary = found["summary"]
    count = "%d account%s" % (summary["accounts"], "" if summary["accounts"] == 1 else "s")
    parts = []
    if summary["drifted"]:
        parts.append("%d of %s drifted" % (summary["drifted"], count))
    if summary["errors"]:
        parts.append("%d%s could not be checked" % (summary["errors"], "" if parts else " of " + count))
    warned = sum(bool(account["warnings"]) for account in found["accounts"])
    if warned:
        parts.append("%d with warnings" % warned)
    if not summary["drifted"] and not summary["errors"]:
        parts.insert(0, "%s checked, none drifted" % count)
    return ", ".join(parts)


def _unchecked(host: Host, result: Result) -> dict[str, t.Any] | None:
    """Why nothing is known of the account; None where it was compared."""
    if result is None or not host.active:
        return _error("The account was not visited: its host had failed or was unreachable before; see what the run says of it.")
    if result.get("unreachable"):
        return _error(
            "The host that the account's task runs on is unreachable: %s See why with: ansible-playbook hostup.cloud.apply "
            "--check --limit %s" % (_sentence(result.get("msg")), host.name)
        )
    if result.get("failed"):
        return _error(_sentence(result.get("msg")), result.get("failure"))
    if "diff" not in result:
        return _error("The account was not visited: its task was skipped; see the conditions that the role is run under.")
    return None


def _unchecked_preferences(host: Host) -> dict[str, t.Any] | None:
    """Why nothing is known of the preferences, and what is known of the profile all the same."""
    unchecked = _unchecked(host, host.preferences) if host.preferences else None
    if unchecked:
        drifted = ", ".join(change["field"] for change in _changes(host.result))
        unchecked["message"] = "Of the details, %s; the preferences could not be checked: %s" % (
            "%s drifted" % drifted if drifted else "none drifted",
            unchecked["message"],
        )
    return unchecked


def _error(message: str, failure: t.Mapping[str, t.Any] | None = None) -> dict[str, t.Any]:
    facts = failure or {}
    return {"message": message, **{key: facts.get(key) for key in ("code", "status", "request_id")}}


def _sentence(message: object) -> str:
    text = " ".join(str(message or "The task failed without a message.").split())
    return _WRAPPING.sub("", text)


def _changes(result: Result, prefix: str = "") -> list[dict[str, str]]:
    if result is None:
        return []
    before, after = result["diff"]["before"], result["diff"]["after"]
    return [{"field": prefix + field, "before": _words(before[field]), "after": _words(after[field])} for field in sorted(after)]


def _words(value: object) -> str:
    """A value as the text of a report: true and false, and names of a list one after the other."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)
