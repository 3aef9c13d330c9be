# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action of hostup_audit: from all hosts' variables to one report, in one process on the controller."""

from __future__ import annotations

import datetime
import os
import time
import typing as t

from ansible.plugins.action import ActionBase
from ansible.template import Templar

from ansible_collections.hostup.cloud.plugins.module_utils._argspec import CONNECTION, SHOWING
from ansible_collections.hostup.cloud.plugins.module_utils._codec import plain_id
from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._task import Task, secrets
from ansible_collections.hostup.cloud.plugins.plugin_utils import _audit_files, _audit_report
from ansible_collections.hostup.cloud.plugins.plugin_utils._arguments import (
    check_arguments,
    normalize_arguments,
    sent_back_clean,
    to_plain,
)
from ansible_collections.hostup.cloud.plugins.plugin_utils._audit_run import Account, Run, compare
from ansible_collections.hostup.cloud.plugins.plugin_utils._role_arguments import PREFERENCES, PROFILE, declared

#: What each account's own variables may leave to the task, mostly through module_defaults.
DEFAULTS: dict[str, dict[str, t.Any]] = {
    name: {key: value for key, value in spec.items() if key not in ("required", "default")}
    for name, spec in {**CONNECTION, **SHOWING}.items()
}
SPEC: dict[str, dict[str, t.Any]] = {
    **DEFAULTS,
    "report_dir": {"type": "str"},
    "formats": {"type": "list", "elements": "str", "choices": list(_audit_files.FILES), "default": list(_audit_files.FILES)},
    "concurrency": {"type": "int"},
}

#: What is taken out of the task's fields goes by the spec alone.
_TASK = Task(SPEC, PROFILE.task.run)
TakeOut = t.Callable[[t.Iterable[str]], None]

#: The fact that tells, in a play with batches, that an earlier batch has made the audit.
_MADE_BY = "hostup_audit_made_by"


class AuditAction(ActionBase):
    """Compares the accounts of all hosts of a play."""

    _supports_check_mode = True

    def run(self, tmp: t.Any = None, task_vars: t.Any = None) -> dict[str, t.Any]:
        started = time.monotonic()
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        with sent_back_clean(self._task, _TASK) as take_out:
            try:
                result.update(self._audit(task_vars or {}, started, take_out))
            except InvalidOption as error:
                result.update(failed=True, msg=str(error))
        return result

    def _audit(self, variables: dict[str, t.Any], started: float, take_out: TakeOut) -> dict[str, t.Any]:
        args = self._arguments()
        folder, formats = args["report_dir"].rstrip("/") or args["report_dir"], args["formats"] if args["report_dir"] else []
        path = os.path.abspath(os.path.expanduser(folder)) if folder else ""
        batch = self._batch(variables)
        facts = {"ansible_facts": {_MADE_BY: batch}} if batch else {}
        if batch and any(variables["hostvars"][name].get(_MADE_BY) == batch for name in variables["ansible_play_hosts_all"]):
            # an earlier batch has made the audit of all hosts of the play
            return {"changed": False, "report": {}, "verdict": "", **facts}
        # before anything can go wrong: whoever finds a report finds that of this run
        stale = _attempt(lambda: _audit_files.remove(path)) if folder else ""
        self._require_order()
        run = Run()
        report = self._report(args, variables, run, started, take_out)
        verdict, problem = _audit_report.sentence(report), ""
        if formats:
            texts = _audit_files.render(report, verdict, formats)
            run.require()
            problem = stale or _attempt(lambda: _audit_files.write(path, texts))
            first = next(file for name, file in _audit_files.FILES.items() if name in formats)
            verdict += "; no report is written to %s: %s" % (folder, problem) if problem else ": see %s/%s" % (folder, first)
        told = {"changed": False, "report": report, "verdict": verdict, **facts}
        return {**told, "failed": True, "msg": verdict} if problem else told

    def _arguments(self) -> dict[str, t.Any]:
        """The task's own arguments, checked. Raises InvalidOption."""
        given = {name: value for name, value in to_plain(dict(self._task.args)).items() if value is not None}
        checked = check_arguments(_TASK, given, self._task.action)
        args = {**checked, "connection": {name: value for name, value in given.items() if name in DEFAULTS}}
        args["report_dir"] = (args["report_dir"] or "").strip()
        if args["concurrency"] is not None and not 1 <= args["concurrency"] <= _MOST_AT_ONCE:
            raise InvalidOption("concurrency must be a whole number from 1 to %d." % _MOST_AT_ONCE)
        return args

    def _require_order(self) -> None:
        """See that the strategy visits all hosts together. Raises InvalidOption."""
        strategy = str(self._task.get_play().strategy)
        if not strategy.endswith(("linear", "debug")):
            raise InvalidOption(
                "The audit makes one report of all accounts, which the strategy %s does not allow: "
                "run it with the strategy linear, which is Ansible's default." % strategy
            )

    def _batch(self, variables: dict[str, t.Any]) -> str:
        """In a play with batches (`serial`), what tells this task of this play from others of the run; else ""."""
        hosts = {host.name for host in self._task.get_variable_manager()._inventory.get_hosts()}
        in_one = hosts >= set(variables["ansible_play_hosts_all"])
        return "" if in_one else "%s %s" % (self._task.get_play()._uuid, self._task._uuid)

    def _report(
        self, args: dict[str, t.Any], variables: dict[str, t.Any], run: Run, started: float, take_out: TakeOut
    ) -> dict[str, t.Any]:
        environment: dict[str, str] = {}
        self._compute_environment_string(environment)
        active = set(variables["ansible_play_hosts"])
        found: dict[str, list[dict[str, t.Any]]] = {}
        ids: dict[str, str | None] = {}
        accounts = []
        for name in map(str, variables["ansible_play_hosts_all"]):
            known = self._variables(name)
            templar = Templar(self._loader, known)
            ids[name] = _declared_id(known, templar)
            if name not in active:
                continue
            try:
                accounts.append(Account(name, tuple(_tasks(known, templar, args["connection"], environment))))
            except InvalidOption as error:
                found[name] = [{"failed": True, "msg": str(error)}]
        take_out({secret for account in accounts for task, params in account.tasks for secret in secrets(task, params)})
        limit = self._task.timeout
        # the report is made and written before Ansible ends the task
        deadline = started + limit - min(limit / 4, _SECONDS_TO_REPORT) if limit else None
        concurrency = args["concurrency"] or variables.get("ansible_forks") or _CONCURRENCY
        found.update(compare(accounts, int(concurrency), deadline, self._display.display, run))
        late = {
            "failed": True,
            "msg": "The account was not read within the time limit of the task (%s s): "
            "raise ANSIBLE_TASK_TIMEOUT, or the `timeout` of the task." % limit,
        }
        hosts = []
        for name, number in ids.items():
            results = found.get(name, [late]) if name in active else []
            profile, preferences, *_rest = [*results, None, None]
            hosts.append(_audit_report.Host(name, profile, name in active, number, preferences))
        keys = {account.name: "%(api_key)s %(api_url)s" % account.tasks[0][1] for account in accounts}
        return _audit_report.report(hosts, datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"), keys)

    def _variables(self, name: str) -> dict[str, t.Any]:
        """All variables of a host, as a task of this play on it has them."""
        manager = self._task.get_variable_manager()
        host = manager._inventory.get_host(name)
        return t.cast("dict[str, t.Any]", manager.get_vars(play=self._task.get_play(), host=host, task=self._task))


def _tasks(
    known: dict[str, t.Any], templar: t.Any, defaults: dict[str, t.Any], environment: dict[str, str]
) -> t.Iterator[tuple[Task, dict[str, t.Any]]]:
    """What the modules would do for one host, with checked arguments. Raises InvalidOption."""
    for declaration in (PROFILE, PREFERENCES):
        if declaration is PROFILE or declaration.variable in known:
            given = {**defaults, **declared(declaration, known, templar)}
            complete = normalize_arguments(given, declaration.task.fields, os.environ, environment)
            yield declaration.task, check_arguments(declaration.task, complete, declaration.module)


def _declared_id(known: dict[str, t.Any], templar: t.Any) -> str | None:
    try:
        value = templar.template(known.get("hostup_account_id"))
    except Exception:
        # the account's row says what fails
        return None
    return plain_id(str(value)) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else None


def _attempt(act: t.Callable[[], None]) -> str:
    """Why it failed, in the operating system's words; "" if it did not."""
    try:
        act()
    except OSError as error:
        return (error.strerror or type(error).__name__).lower()
    return ""


#: Accounts at a time: the most, and how many where Ansible says nothing of forks.
_MOST_AT_ONCE, _CONCURRENCY = 200, 5
#: Of a task's time limit, what is kept for the report.
_SECONDS_TO_REPORT = 5
