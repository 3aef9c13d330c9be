# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ordinary module: a shell between Ansible and the core, where the task's target is another machine or user."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.hostup.cloud.plugins.module_utils._result import carry_out, invocation
from ansible_collections.hostup.cloud.plugins.module_utils._work import Work


class HostupModule(AnsibleModule):
    """An AnsibleModule that keeps personal data out of what it prints of its arguments, and out of the system log."""

    def __init__(self, work: Work) -> None:
        self._work = work
        super().__init__(argument_spec=work.spec, supports_check_mode=True)

    def run(self) -> None:
        """Do the work and exit: the one call of a module."""
        result = carry_out(self._work, self.params, self.check_mode, self._diff)
        for warning in result.pop("warnings", []):
            self.warn(warning)
        if result.pop("failed", False):
            self.fail_json(**result)
        self.exit_json(**result)

    def exit_json(self, **kwargs: t.Any) -> t.Any:
        super().exit_json(invocation=invocation(self._work, self.params), **kwargs)

    def fail_json(self, msg: str, **kwargs: t.Any) -> t.Any:
        # called before the arguments are checked, too
        super().fail_json(msg, invocation=invocation(self._work, self.params), **kwargs)

    def log(self, msg: t.Any, log_args: t.Any = None) -> None:
        """Nothing: Ansible would write the arguments, a customer's address among them, into the target's system log."""
