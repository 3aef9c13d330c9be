# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes a task's result of its work: both shells return what this gives them. Nothing here knows Ansible."""

from __future__ import annotations

import os
import sys
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._errors import HostupError
from ansible_collections.hostup.cloud.plugins.module_utils._options import REDACTION, SHOWING
from ansible_collections.hostup.cloud.plugins.module_utils._redact import REDACTED, Redaction
from ansible_collections.hostup.cloud.plugins.module_utils._work import Outcome, Work


def carry_out(work: Work, params: dict[str, t.Any], check_mode: bool, diff_mode: bool) -> dict[str, t.Any]:
    """Do the work: the result of the task, with `failed` where it did fail, and `warnings` where there are any."""
    outcome, result = _try(work, params, check_mode)
    if outcome:
        result = {key: value for key, value in outcome.result.items() if key != "diff" or diff_mode}
        if outcome.warnings:
            result["warnings"] = outcome.warnings
    return t.cast("dict[str, t.Any]", mask(result, work, params))


def invocation(work: Work, params: dict[str, t.Any]) -> dict[str, t.Any]:
    """What a task shows of its own arguments at `-vvv`. They may be unchecked."""
    # unknown names may hold anything and are left out
    known = {name: value for name, value in params.items() if name in work.spec}
    redact = known.get("redact") or []
    understood = isinstance(redact, list) and set(map(str, redact)) <= set(SHOWING["redact"]["choices"])
    redaction = params.get(REDACTION) or Redaction(redact if understood else ["all"])
    return {"module_args": mask(redaction.arguments(known), work, params)}


def mask(value: t.Any, work: Work, params: dict[str, t.Any]) -> t.Any:
    """Without the values of `no_log` options, wherever they stand: Ansible itself does so for modules alone."""
    return _without(value, secrets(work, params))


def secrets(work: Work, params: dict[str, t.Any]) -> list[str]:
    """The values of `no_log` options."""
    values = [str(params[name]).strip() for name, spec in work.spec.items() if spec.get("no_log") and params.get(name)]
    return [value for value in values if value]


def _without(value: t.Any, secrets: list[str]) -> t.Any:
    if isinstance(value, dict):
        return {key: _without(inner, secrets) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, secrets) for inner in value]
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, REDACTED)
    return value


def _try(work: Work, params: dict[str, t.Any], check_mode: bool) -> tuple[Outcome | None, dict[str, t.Any]]:
    """The outcome, or else the result of a failed task."""
    try:
        return work.do(params, check_mode), {}
    except HostupError as error:
        return None, dict(error.result(), failed=True, msg=str(error))
    except Exception as error:
        return None, {"failed": True, "msg": _bug(error), "changed": getattr(error, "changed", False)}


def _bug(error: Exception) -> str:
    """A sentence on an error that nobody foresaw: where it is, not what it says, which may hold anything."""
    frame = sys.exc_info()[2]
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = "%s:%d" % (os.path.basename(frame.tb_frame.f_code.co_filename), frame.tb_lineno) if frame else "?"
    return "hostup.cloud failed in a way that it should not (%s at %s): please report this sentence." % (
        type(error).__name__,
        where,
    )
