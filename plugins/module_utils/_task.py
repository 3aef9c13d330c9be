# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module does, wherever it runs, and the result that it returns. Nothing here knows Ansible."""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _validate
from ansible_collections.hostup.cloud.plugins.module_utils._client import Client
from ansible_collections.hostup.cloud.plugins.module_utils._errors import Crash, HostupError, WrongAccount
from ansible_collections.hostup.cloud.plugins.module_utils._fields import Field
from ansible_collections.hostup.cloud.plugins.module_utils._redact import REDACTED, Redaction, known_names


class Result(t.NamedTuple):
    """What a task that succeeded has to say."""

    #: The return values, with `diff` whatever the mode.
    values: dict[str, t.Any]
    warnings: t.Sequence[str] = ()


class Task(t.NamedTuple):
    """One module."""

    spec: dict[str, dict[str, t.Any]]
    #: (checked arguments, check mode) -> result. Raises HostupError.
    run: t.Callable[[dict[str, t.Any], bool], Result]
    #: The rows of the table of fields that it declares values for.
    fields: tuple[Field, ...] = ()


def run_task(task: Task, params: dict[str, t.Any], check_mode: bool, diff_mode: bool) -> dict[str, t.Any]:
    """Run a task: its result as Ansible has it, with `failed` where it did fail, and `warnings` where there are any."""
    try:
        with report_crash(changed=False):
            result = task.run(params, check_mode)
    except HostupError as error:
        values = dict(error.result(), failed=True, msg=str(error))
    else:
        values = {key: value for key, value in result.values.items() if key != "diff" or diff_mode}
        if result.warnings:
            values["warnings"] = result.warnings
    return t.cast("dict[str, t.Any]", mask(values, task, params))


def invocation(task: Task, params: dict[str, t.Any]) -> dict[str, t.Any]:
    """What a task shows of its own arguments at `-vvv`. They may be unchecked."""
    # unknown names may hold anything and are left out
    known = {name: value for name, value in params.items() if name in task.spec}
    redaction = params.get(_validate.REDACTION) or Redaction(known_names(known.get("redact")))
    return {"module_args": mask(redaction.arguments(known), task, params)}


def open_client(params: dict[str, t.Any]) -> tuple[Client, str | None]:
    """A client for the task's API, and the account that its key must belong to, None for any. Raises InvalidOption."""
    connection, wanted = _validate.connection(params), _validate.account_id(params)
    return Client(connection, _validate.redaction(params)), wanted


def mask(value: t.Any, task: Task, params: dict[str, t.Any]) -> t.Any:
    """Without the values of `no_log` options, wherever they stand: Ansible itself does so for modules alone."""
    return _without(value, secrets(task, params))


def secrets(task: Task, params: dict[str, t.Any]) -> list[str]:
    """The values of `no_log` options."""
    values = [str(params.get(name) or "").strip() for name, spec in task.spec.items() if spec.get("no_log")]
    return list(filter(None, values))


def _without(value: t.Any, secrets: list[str]) -> t.Any:
    if isinstance(value, dict):
        return {key: _without(inner, secrets) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, secrets) for inner in value]
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, REDACTED)
    return value


@contextlib.contextmanager
def report_crash(changed: bool) -> t.Iterator[None]:
    """Make one of our errors of one that nobody foresaw. changed: whether a write may have been sent."""
    try:
        yield
    except HostupError:
        raise
    except Exception as error:
        raise Crash(error, changed) from None


_NO_ID = "(the API gave no id)"


def require_account(account_id: str | None, wanted: str | None) -> None:
    """See that the key belongs to the account that is meant; None: to any. Raises WrongAccount."""
    if wanted is None or account_id == wanted:
        return
    advice = "check which key and which account it is meant for"
    if account_id and account_id.isdigit() != wanted.isdigit():
        advice = (
            "an account has one id in API v1 and another in v2; write %s there if that is the account which is meant, or check "
            "the key" % account_id
        )
    raise WrongAccount(
        "The key belongs to account %s, but account_id says %s: the task stopped before any change; %s."
        % (account_id or _NO_ID, wanted, advice)
    )


def require_same_account(before: str | None, now: str | None) -> None:
    """See that an account that was read back is the one that was updated. Raises WrongAccount."""
    if before != now:
        raise WrongAccount(
            "The update went to account %s, but account %s was read back after it: report it to HostUp."
            % (before or _NO_ID, now or _NO_ID),
            changed=True,
        )
