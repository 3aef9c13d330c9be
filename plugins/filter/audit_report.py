# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: audit_report
short_description: The audit's report, from what the accounts' tasks returned
version_added: 1.0.0
author:
  - The hostup.cloud contributors (!UNKNOWN)
description:
  - Deprecated. Use M(hostup.cloud.hostup_audit).
  - Collects what tasks with M(hostup.cloud.hostup_account), in check and diff mode, have registered on the hosts of a play, and
    makes the report of P(hostup.cloud.hostup_audit#role) of it.
  - A host without a result that has left the play is an account that could not be checked.
options:
  _input:
    description: The names of all hosts of the play, as in C(ansible_play_hosts_all).
    type: list
    elements: str
    required: true
  hostvars:
    description: The variables of all hosts, as in C(hostvars).
    type: dict
    required: true
  active:
    description: The names of the hosts that have not left the play, as in C(ansible_play_hosts).
    type: list
    elements: str
    required: true
  registered:
    description: The name of the variable that holds each host's result.
    type: str
    required: true
  preferences:
    description:
      - The name of the variable that holds each host's result of M(hostup.cloud.hostup_account_preferences), where it has one.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Collect what was found
  ansible.builtin.set_fact:
    report: "{{ ansible_play_hosts_all | hostup.cloud.audit_report(hostvars, ansible_play_hosts, 'result') }}"
  run_once: true
"""

RETURN = r"""
_value:
  description:
    - The document C(audit.json), whose schema is C(roles/hostup_audit/files/audit.schema.json).
    - An empty dictionary while hosts of the play are still to be visited, as in the batches of C(serial).
  type: dict
"""

import datetime
import typing as t

try:
    from ansible.template import trust_as_template as _is_new
except ImportError:
    _is_new = None

from ansible_collections.hostup.cloud.plugins.plugin_utils._arguments import to_plain
from ansible_collections.hostup.cloud.plugins.plugin_utils._audit_report import Host, report


def _audit_report(
    names: t.Sequence[str], hostvars: t.Mapping[str, t.Any], active: t.Sequence[str], registered: str, preferences: str = ""
) -> dict[str, t.Any]:
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    left = frozenset(active)
    return _data(report([_host(name, hostvars[name], name in left, registered, preferences) for name in names], now))


def _data(report: dict[str, t.Any]) -> dict[str, t.Any]:
    """The same, as what ansible-core 2.18 takes for no template, whatever the API has written into it; newer versions do so."""
    if _is_new:
        return report
    from ansible.utils.unsafe_proxy import wrap_var  # noqa: PLC0415 newer versions deprecate it

    return t.cast("dict[str, t.Any]", wrap_var(report))


def _host(name: str, variables: t.Mapping[str, t.Any], active: bool, registered: str, preferences: str) -> Host:
    result = _facts(variables.get(registered))
    # where the account was read, the result says which it is
    compared = result is not None and "account" in result
    return Host(str(name), result, active, None if compared else _declared_id(variables), _facts(variables.get(preferences)))


def _facts(result: t.Any) -> t.Any:
    """What the report is made of. In others of a result's keys, Ansible warns of their deprecation when they are read."""
    kept = ("account", "diff", "failed", "failure", "msg", "skipped", "unreachable")
    return None if result is None else {key: to_plain(result[key]) for key in kept if key in result}


def _declared_id(variables: t.Mapping[str, t.Any]) -> str | None:
    """What the host's variables name; None where that is, or can't be, known."""
    try:
        value = variables.get("hostup_account_id")
        return None if value is None else str(value)
    except Exception:
        # a template that fails has failed the account's task already, which says so
        return None


class FilterModule:
    """Found by Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """This file's filters, by name."""
        return {"audit_report": _audit_report}
