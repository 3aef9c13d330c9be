# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the controller's own peak memory, in KiB, into the file that the environment names."""

from __future__ import annotations

import os
import re
import typing as t

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: peak_memory
type: aggregate
short_description: The controller's peak memory for the benchmarks
description: Writes the peak memory of the process itself, without its children, at the end of the playbook.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "peak_memory"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_stats(self, stats: t.Any) -> None:
        del stats
        # not ru_maxrss: on Linux that also knows the process as it was before exec, a copy of whoever started it
        with open("/proc/self/status", encoding="ascii") as status:
            peak = re.search(r"^VmHWM:\s+(\d+) kB$", status.read(), re.MULTILINE)
        with open(os.environ["BENCHMARK_PEAK_MEMORY"], "w", encoding="ascii") as out:
            out.write(peak.group(1) if peak else "")
