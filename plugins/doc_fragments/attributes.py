# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The attributes that the modules share; the values of check mode and diff mode are each module's own."""

    DOCUMENTATION = r"""
options: {}
attributes:
  action:
    description: Has an action plugin, so that some or all of the work is done where Ansible runs.
    support: full
  async:
    description: Supports being used with the C(async) keyword.
    support: full
  check_mode:
    description: Can run in C(check_mode) and return the changed status prediction without modifying the account.
  diff_mode:
    description: Returns details on what has changed, or would change, when in diff mode.
  idempotent:
    description: When run twice in a row outside of check mode with the same arguments, the second run reports no change.
  platform:
    description: Target operating systems that the module runs on.
    support: full
    platforms: posix
"""
