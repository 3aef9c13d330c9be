# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a worker sends back of a task beside its result, without secrets.

Ansible fills in `module_defaults` and variables where the task runs, and hands the task's fields, arguments included,
to every callback plugin, after each attempt of `until` and each item of a loop.
"""

from __future__ import annotations

import contextlib
import os
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._redact import REDACTED
from ansible_collections.hostup.cloud.plugins.module_utils._task import Task, invocation
from ansible_collections.hostup.cloud.plugins.plugin_utils._arguments import ENVIRONMENT, to_plain

try:
    from ansible.parsing.vault import EncryptedString
except ImportError:
    # of ansible-core 2.18
    from ansible.parsing.yaml.objects import AnsibleVaultEncryptedUnicode as EncryptedString

#: Ansible itself reads these after the task has run.
_READ_LATER = frozenset(
    ("action", "changed_when", "collections", "connection", "delegate_to", "failed_when", "notify", "register", "until")
)

#: The attribute of a task that holds what was taken out of it: only its fields are sent, and copied for a loop's items.
_TAKEN_OUT = "_hostup_cloud_taken_out"


@contextlib.contextmanager
def sent_back_clean(task: t.Any, hostup_task: Task) -> t.Iterator[t.Callable[..., None]]:
    """While the task runs, its fields are as declared; afterwards, however it ends, they hold no secret.

    Gives a function that is told of secrets beside the task's own (`secrets`), and of options whose values hold a hidden one, as
    is known once the account is read (`hidden`).
    """
    taken_out = vars(task).get(_TAKEN_OUT, {})
    # `until` runs the same task again
    for name, (declared, clean) in taken_out.items():
        if getattr(task, name) is clean:
            setattr(task, name, declared)
    cleaned: dict[str, t.Any] = {}

    def take_out(secrets: t.Iterable[str] = (), hidden: t.Iterable[str] = ()) -> None:
        cleaned.update(_cleaned(task, hostup_task, secrets, hidden))
        setattr(task, _TAKEN_OUT, {name: (getattr(task, name), clean) for name, clean in cleaned.items()})

    take_out()
    try:
        yield take_out
    finally:
        for name, clean in cleaned.items():
            setattr(task, name, clean)


def _cleaned(task: t.Any, hostup_task: Task, more: t.Iterable[str], unseen: t.Iterable[str]) -> t.Iterator[tuple[str, t.Any]]:
    """The fields to replace, by name. The arguments become what the task shows of them at `-vvv`."""
    options = {alias: name for name, spec in hostup_task.spec.items() for alias in (name, *spec.get("aliases", ()))}
    given = {options[name]: to_plain(value) for name, value in task.args.items() if name in options and value is not None}
    secrets = {*_secrets(task, hostup_task, given), *more}
    shown = invocation(hostup_task, given)["module_args"]
    shown.update({name: REDACTED for name in unseen if shown.get(name) not in (None, "")})
    hidden = {alias for alias, name in options.items() if shown.get(name) == REDACTED}
    yield "args", _without(shown, secrets)
    for name in task.fattributes:
        if name != "args" and name not in _READ_LATER:
            value = getattr(task, name)
            clean = _without(value, secrets, hidden if name == "module_defaults" else ())
            if clean is not value:
                yield name, clean


def _secrets(task: t.Any, hostup_task: Task, given: dict[str, t.Any]) -> t.Iterator[str]:
    values = [given.get(name) for name, spec in hostup_task.spec.items() if spec.get("no_log")]
    variable = ENVIRONMENT["api_key"]
    for environment in (os.environ, *(task.environment or ())):
        if isinstance(environment, t.Mapping):
            values.append(to_plain(environment.get(variable)))
    for value in values:
        secret = str(value or "").strip()
        if secret and secret != REDACTED:
            yield secret


def _without(value: t.Any, secrets: t.Collection[str], hidden: t.Collection[str] = ()) -> t.Any:
    """Without secrets, wherever they stand in it, and the values of hidden options; itself where it holds none of these."""
    if isinstance(value, EncryptedString):
        # whoever turns it into text decrypts it
        return REDACTED
    if isinstance(value, dict):
        cleaned = {
            _without(key, secrets): REDACTED if key in hidden else _without(inner, secrets, hidden)
            for key, inner in value.items()
        }
        same = all(left is right for pair in zip(cleaned.items(), value.items()) for left, right in zip(*pair))
        return value if same else cleaned
    if isinstance(value, (list, tuple)):
        elements = [_without(inner, secrets, hidden) for inner in value]
        return value if all(left is right for left, right in zip(elements, value)) else elements
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        text = str(value)
        for secret in secrets:
            text = text.replace(secret, REDACTED)
        return value if text == str(value) else text
    return value
