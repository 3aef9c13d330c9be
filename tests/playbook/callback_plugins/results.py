# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes every task's result, as callbacks see it, into the file that the environment names: one JSON object a line."""

from __future__ import annotations

import json
import os
import typing as t

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: results
type: aggregate
short_description: Task results for the tests
description: One JSON object a line, with the task's name and its result; of a loop, each item's result before the whole.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "results"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: t.Any) -> None:
        self._note(result, failed=False)

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False) -> None:
        del ignore_errors
        self._note(result, failed=True)

    def v2_runner_item_on_ok(self, result: t.Any) -> None:
        self._note(result, failed=False)

    def v2_runner_item_on_failed(self, result: t.Any) -> None:
        self._note(result, failed=True)

    @staticmethod
    def _note(result: t.Any, failed: bool) -> None:
        line = {"task": result._task.get_name(), "result": {**result._result, "failed": failed}}
        with open(os.environ["TEST_RESULTS"], "a", encoding="utf-8") as out:
            out.write(json.dumps(line, default=str) + "\n")
