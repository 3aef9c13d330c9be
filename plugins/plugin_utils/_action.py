# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller's half of every module: it completes and checks the arguments, and does the work itself where it can.

What this file imports is loaded once, before Ansible forks its workers.
"""

from __future__ import annotations

import itertools
import os
import typing as t

from ansible import constants
from ansible.module_utils.common.validation import check_type_path
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ansible_collections.hostup.cloud.plugins.module_utils._argspec import CONNECTION
from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._http import prepare
from ansible_collections.hostup.cloud.plugins.module_utils._plan import names as in_words
from ansible_collections.hostup.cloud.plugins.module_utils._task import Task, invocation, run_task
from ansible_collections.hostup.cloud.plugins.plugin_utils._arguments import (
    ENVIRONMENT,
    check_arguments,
    normalize_arguments,
    sent_back_clean,
)

#: The variable that forces the module where it is false.
IN_PROCESS = "hostup_in_process"

_forks = itertools.count()


def _before_fork() -> None:
    """Ansible forks a worker for each task and host. From the second on, they find done what all of them need."""
    if next(_forks) == 1:
        url = os.environ.get(ENVIRONMENT["api_url"]) or CONNECTION["api_url"]["default"]
        prepare(url, check_type_path(os.environ.get(ENVIRONMENT["ca_path"], "")))


os.register_at_fork(before=_before_fork)


class _Handed(t.Dict[str, t.Any]):
    """A module's arguments, of which ANSIBLE_DEBUG prints the names alone."""

    def __repr__(self) -> str:
        return repr(sorted(self))


def _outcome(result: dict[str, t.Any], check_mode: bool) -> str:
    """A sentence on a task that has not failed, without a value."""
    names = result.get("changed_fields")
    if names is None:
        return "The task itself did not fail: it read what it was asked for."
    if not names:
        return "Nothing differs from the declared values."
    listed = in_words(names)
    if check_mode:
        return "%s differ%s from the declared values." % (listed, "" if names[1:] else "s")
    return "%s differed from the declared values; the task updated the account." % listed


def _hidden(result: dict[str, t.Any]) -> set[str]:
    """The options that the result hides."""
    diff = result.get("diff") or {}
    parts = [result.get("account"), result.get("invocation", {}).get("module_args"), diff.get("before"), diff.get("after")]
    values = [item for part in parts if isinstance(part, dict) for item in part.items()]
    return {name for name, value in values if str(value).startswith("(redacted")}


class HostupAction(ActionBase):
    """Base of the action plugins."""

    hostup_task: Task
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: t.Any = None, task_vars: t.Any = None) -> dict[str, t.Any]:
        """The task's result. What is left in the task is shown to every callback plugin, so no secret is."""
        with sent_back_clean(self._task, self.hostup_task) as take_out:
            result = self._run(tmp, task_vars or {})
            take_out(hidden=_hidden(result))
            # where `failed_when` fails a task without a message, Ansible prints "Unknown error"
            if self._task.failed_when and not self._task.async_val:
                result.setdefault("msg", _outcome(result, self._task.check_mode))
            return result

    def _run(self, tmp: t.Any, task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        environment: dict[str, str] = {}
        self._compute_environment_string(environment)
        try:
            args = normalize_arguments(self._task.args, self.hostup_task.fields, os.environ, environment)
            params = check_arguments(self.hostup_task, args, self._task.action)
            in_process = not environment and self._runs_here(task_vars)
        except InvalidOption as error:
            return dict(result, failed=True, msg=str(error))
        if in_process:
            self._display.vvv("Running in Ansible's own process", host=task_vars.get("inventory_hostname"))
            result.update(run_task(self.hostup_task, params, self._task.check_mode, self._task.diff))
            if self._shows_invocation(task_vars):
                result["invocation"] = invocation(self.hostup_task, params)
            return result
        wrap_async = self._task.async_val and not self._connection.has_native_async
        result.update(self._execute_module(module_args=_Handed(args), task_vars=task_vars, wrap_async=wrap_async))
        if not wrap_async:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result

    def _runs_here(self, task_vars: dict[str, t.Any]) -> bool:
        """Whether the task is one for Ansible's own process; any other is handed over to the module on its target."""
        if self._connection.transport != "local" or self._connection.become or self._task.async_val:
            return False
        wanted = self._templar.template(task_vars.get(IN_PROCESS))
        try:
            return wanted is None or boolean(wanted)
        except TypeError:
            raise InvalidOption("The variable %s must be true or false." % IN_PROCESS) from None

    @staticmethod
    def _shows_invocation(task_vars: dict[str, t.Any]) -> bool:
        """Whether results hold the arguments: a setting since ansible-core 2.21, the rule before."""
        setting = "INJECT_INVOCATION"
        if setting not in constants.config.get_configuration_definitions():
            return True
        return bool(constants.config.get_config_value(setting, variables=task_vars))
