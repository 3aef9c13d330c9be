# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes every task's result, as callbacks see it, into the file that the environment names: one JSON object a line.

Beside it, with the ending `.fields`, what callbacks see of each task then: its arguments and all of its fields.
"""

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

    def v2_runner_on_skipped(self, result: t.Any) -> None:
        self._note_fields("skipped", result)

    def v2_runner_on_unreachable(self, result: t.Any) -> None:
        self._note_fields("unreachable", result)

    def v2_runner_retry(self, result: t.Any) -> None:
        self._note_fields("retry", result)

    def v2_runner_on_async_ok(self, result: t.Any) -> None:
        self._note_fields("async ok", result)

    def v2_runner_on_async_failed(self, result: t.Any) -> None:
        self._note_fields("async failed", result)

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False) -> None:
        del ignore_errors
        self._note(result, failed=True)

    def v2_runner_item_on_ok(self, result: t.Any) -> None:
        self._note(result, failed=False)

    def v2_runner_item_on_failed(self, result: t.Any) -> None:
        self._note(result, failed=True)

    @classmethod
    def _note(cls, result: t.Any, failed: bool) -> None:
        cls._note_fields("failed" if failed else "ok", result)
        line = {"host": result._host.get_name(), "task": result._task.get_name(), "result": {**result._result, "failed": failed}}
        with open(os.environ["TEST_RESULTS"], "a", encoding="utf-8") as out:
            out.write(json.dumps(line, default=str) + "\n")

    @staticmethod
    def _note_fields(event: str, result: t.Any) -> None:
        task = {"event": event, "task": result._task.get_name(), "args": result._task.args, "fields": result._task_fields}
        with open(os.environ["TEST_RESULTS"] + ".fields", "a", encoding="utf-8") as out:
            out.write(json.dumps(task, default=str) + "\n")
