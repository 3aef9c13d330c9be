# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugin of hostup_account_info: the documentation is the module's."""

from __future__ import annotations

from ansible_collections.hostup.cloud.plugins.module_utils._account import READ
from ansible_collections.hostup.cloud.plugins.plugin_utils._action import HostupAction


class ActionModule(HostupAction):
    """Found by Ansible under this name."""

    hostup_task = READ
