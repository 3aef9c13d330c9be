# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller's half of every module: completes the arguments there, then runs the module on its target."""

from __future__ import annotations

import os
import typing as t

from ansible.plugins.action import ActionBase

from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._options import from_playbook


class HostupAction(ActionBase):
    """Resolves the environment variables where Ansible runs and refuses what YAML has already spoiled."""

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: t.Any = None, task_vars: t.Any = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        environment: dict[str, str] = {}
        self._compute_environment_string(environment)
        try:
            args = from_playbook(self._task.args, os.environ, environment)
        except InvalidOption as error:
            return dict(result, failed=True, msg=str(error))
        wrap_async = self._task.async_val and not self._connection.has_native_async
        # handed over as a copy: what is left in the task is shown to every callback plugin
        result.update(self._execute_module(module_args=args, task_vars=task_vars, wrap_async=wrap_async))
        if not wrap_async:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result
