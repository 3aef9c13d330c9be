# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ordinary module: what Ansible runs where the task's target is another machine or user."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.hostup.cloud.plugins.module_utils._task import Task, invocation, run_task


class HostupModule(AnsibleModule):
    """An AnsibleModule that keeps personal data out of what it prints of its arguments, and out of the system log."""

    def __init__(self, task: Task) -> None:
        self._task = task
        super().__init__(argument_spec=task.spec, supports_check_mode=True)

    def run(self) -> None:
        """Run the task and exit: the one call of a module."""
        result = run_task(self._task, self.params, self.check_mode, self._diff)
        for warning in result.pop("warnings", []):
            self.warn(warning)
        if result.pop("failed", False):
            self.fail_json(**result)
        self.exit_json(**result)

    def exit_json(self, **kwargs: t.Any) -> t.Any:
        super().exit_json(invocation=invocation(self._task, self.params), **kwargs)

    def fail_json(self, msg: str, **kwargs: t.Any) -> t.Any:
        # called before the arguments are checked, too
        super().fail_json(msg, invocation=invocation(self._task, self.params), **kwargs)

    def log(self, msg: t.Any, log_args: t.Any = None) -> None:
        """Nothing: Ansible would write the arguments, a customer's address among them, into the target's system log."""
