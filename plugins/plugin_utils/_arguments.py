# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's arguments on the controller: completed and checked before it runs, and without secrets in what it leaves behind.

Ansible fills in `module_defaults` and variables where the task runs, and hands the task's fields, arguments included,
to every callback plugin, after each attempt of `until` and each item of a loop.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import re
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import BOOLEANS

from ansible_collections.hostup.cloud.plugins.module_utils._argspec import CONNECTION
from ansible_collections.hostup.cloud.plugins.module_utils._characters import invisible_in, stripped
from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._fields import Field
from ansible_collections.hostup.cloud.plugins.module_utils._redact import REDACTED
from ansible_collections.hostup.cloud.plugins.module_utils._task import Task, invocation, mask, secrets
from ansible_collections.hostup.cloud.plugins.module_utils._validate import NOT_UTF8, is_utf8, problem

try:
    from ansible.parsing.vault import EncryptedString
except ImportError:
    # of ansible-core 2.18
    from ansible.parsing.yaml.objects import AnsibleVaultEncryptedUnicode as EncryptedString

#: Connection option -> the controller's environment variable that sets its default, as in HOSTUP_API_KEY.
ENVIRONMENT = {option: "HOSTUP_" + option.upper() for option in CONNECTION}

#: What YAML makes of a text without quotes, and an INI inventory even of one in quotes. A bool is an int, so it comes first.
_NO_TEXT = (
    ((bool,), "boolean", "as happens to words such as NO, yes and off"),
    ((int, float), "number", "which may have lost leading zeros or a plus sign"),
    ((datetime.date,), "date", "which may have lost the form that it was written in"),
)

#: Ansible reads what is inside the quotes on a host's line of an INI inventory as Python's.
_QUOTES = (
    "put it in quotes where it is written, on a host's line of an INI inventory in two pairs, like '\"01067\"', or move it to "
    "group_vars or host_vars"
)

#: Ansible itself reads these after the task has run.
_READ_LATER = frozenset(
    ("action", "changed_when", "collections", "connection", "delegate_to", "failed_when", "notify", "register", "until")
)

#: The attribute of a task that holds what was taken out of it: only its fields are sent, and copied for a loop's items.
_TAKEN_OUT = "_hostup_cloud_taken_out"


def normalize_arguments(
    args: t.Mapping[str, t.Any], fields: t.Sequence[Field], controller: t.Mapping[str, str], task: t.Mapping[str, str]
) -> dict[str, t.Any]:
    """A task's raw arguments, completed: plain values under the options' own names. Raises InvalidOption.

    Null and the marker of a redacted value count as omitted, so that what the modules return can be declared again.
    fields: what the module declares values for. controller, task: the environment of the controller, and the task's own.
    """
    complete: dict[str, t.Any] = {}
    by_name = {name: field for field in fields for name in (field.option, *field.aliases)}
    for name, raw in args.items():
        value, field = to_plain(raw), by_name.get(name)
        if value is None or (field and value == REDACTED):
            continue
        # what a template makes of null in ansible-core 2.18; a flag and a list can't be meant
        if field and field.type != "str" and value == "":
            continue
        if field and field.type == "bool" and str(value).strip().lower() not in BOOLEANS:
            raise InvalidOption("%s must be true or false." % name)
        option = field.option if field else name
        if field and field.type == "str":
            value = _text(name, field, value)
            if complete.get(option, value) != value:
                spellings = ", ".join((option, *field.aliases))
                raise InvalidOption(
                    "%s is declared twice, with different values, by two of its names (%s): keep one." % (option, spellings)
                )
        complete[option] = value
    for name in [name for name in ENVIRONMENT if name not in complete]:
        complete.update(_from_environment(name, controller, task))
    if "api_key" not in complete:
        raise InvalidOption(
            "api_key is missing: set the option, for all tasks at once in module_defaults, or set the environment "
            "variable %s where Ansible runs." % ENVIRONMENT["api_key"]
        )
    # Ansible masks a secret wherever it stands: one of white space alone would mask every space of the output
    complete["api_key"] = str(complete["api_key"]).strip()
    if complete["api_key"] == REDACTED:
        raise InvalidOption(
            "api_key is (redacted), as tasks show a key: set the key itself. After the debugger's redo, run the playbook again."
        )
    return complete


def to_plain(value: t.Any) -> t.Any:
    """The value without what Ansible hangs on it: its own kinds of text (tagged, unsafe, vaulted) become `str`."""
    if value is None or isinstance(value, (bool, datetime.date)):
        return value
    if isinstance(value, dict):
        return {to_plain(key): to_plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [to_plain(inner) for inner in value]
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    # a str, or what turns into one: an inline !vault
    return str(value)


def _from_environment(name: str, controller: t.Mapping[str, str], task: t.Mapping[str, str]) -> dict[str, str]:
    variable, kind, choices = ENVIRONMENT[name], CONNECTION[name]["type"], CONNECTION[name].get("choices")
    if variable in task:
        # ignored, it would let a task reach another account than it says; and Ansible shows it in the process list
        raise InvalidOption(
            "%s is set in the task's environment, where it is not read: set the option %s, or the variable where Ansible "
            "itself runs." % (variable, name)
        )
    value = controller.get(variable)
    if not value:
        return {}
    if kind == "int" and not re.fullmatch(r"\s*-?[0-9]+\s*", value):
        raise InvalidOption("The environment variable %s must be a whole number." % variable)
    if kind == "bool" and value.strip().lower() not in BOOLEANS:
        raise InvalidOption("The environment variable %s must be true or false." % variable)
    if choices and value.strip() not in choices:
        raise InvalidOption("The environment variable %s must be one of: %s." % (variable, ", ".join(choices)))
    return {name: value.strip() if choices else value}


def _text(name: str, field: Field, value: object) -> str:
    """A declared value, if it is text. Ansible's own messages, which would show what is wrong, are not waited for."""
    if isinstance(value, (list, dict)):
        called = "dictionary" if isinstance(value, dict) else "list"
        raise InvalidOption("%s must be text, not a %s: if it is meant as text, %s." % (name, called, _QUOTES))
    for kinds, called, why in _NO_TEXT:
        if isinstance(value, kinds):
            raise InvalidOption("%s must be text, but was read as a %s, %s: %s." % (name, called, why, _QUOTES))
    text = str(value)
    if not is_utf8(text):
        raise InvalidOption("%s %s; nothing was sent." % (name, NOT_UTF8))
    if field.choices:
        # Ansible compares choices itself, before our own code runs
        unseen, text = invisible_in(text), stripped(text)
        if text not in field.choices:
            held = "holds an invisible character (%s) and " % unseen if unseen else ""
            raise InvalidOption("%s %smust be one of: %s." % (name, held, ", ".join(field.choices)))
    # Ansible masks what a sensitive option holds: a wrong value that is short would tear the message apart
    wrong = problem(field, text) if field.sensitive else ""
    if wrong:
        raise InvalidOption("%s %s; nothing was sent." % (name, wrong))
    return stripped(text) if field.sensitive else text


def check_arguments(hostup_task: Task, args: dict[str, t.Any], action: str) -> dict[str, t.Any]:
    """The arguments as the argument spec makes them. Raises InvalidOption, in the words of any module."""
    checked = ArgumentSpecValidator(hostup_task.spec).validate(args)
    if checked.error_messages:
        unsupported = isinstance(checked.errors[0], UnsupportedError)
        words = "Unsupported parameters for (%s) module: " % action if unsupported else ""
        raise InvalidOption(mask(words + checked.errors.msg, hostup_task, args))
    return t.cast("dict[str, t.Any]", checked.validated_parameters)


@contextlib.contextmanager
def sent_back_clean(task: t.Any, hostup_task: Task) -> t.Iterator[t.Callable[..., None]]:
    """While the task runs, its fields are as declared; afterwards, however it ends, they hold no secret.

    Gives a function that is told of secrets beside the task's own, and of options that turn out to be hidden.
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


def _cleaned(task: t.Any, hostup_task: Task, more: t.Iterable[str], hidden: t.Iterable[str]) -> t.Iterator[tuple[str, t.Any]]:
    """The fields to replace, by name. The arguments become what the task shows of them at `-vvv`."""
    options = {alias: name for name, spec in hostup_task.spec.items() for alias in (name, *spec.get("aliases", ()))}
    given = {options[name]: to_plain(value) for name, value in task.args.items() if name in options and value is not None}
    secret = {*secrets(hostup_task, given), *_environment_keys(task), *more}
    shown = invocation(hostup_task, given)["module_args"]
    shown.update({name: REDACTED for name in hidden if shown.get(name) not in (None, "")})
    redacted = {alias for alias, name in options.items() if shown.get(name) == REDACTED}
    yield "args", _clean(shown, secret)
    for name in task.fattributes:
        if name != "args" and name not in _READ_LATER:
            value = getattr(task, name)
            clean = _clean(value, secret, redacted if name == "module_defaults" else ())
            if clean is not value:
                yield name, clean


def _environment_keys(task: t.Any) -> t.Iterator[str]:
    for environment in (os.environ, *(task.environment or ())):
        if isinstance(environment, t.Mapping):
            key = str(to_plain(environment.get(ENVIRONMENT["api_key"])) or "").strip()
            if key:
                yield key


def _clean(value: t.Any, secrets: t.Collection[str], hidden: t.Collection[str] = ()) -> t.Any:
    """Without secrets, wherever they stand in it, and the values of hidden options; itself where it holds none of these."""
    if isinstance(value, EncryptedString):
        # whoever turns it into text decrypts it
        return REDACTED
    if isinstance(value, dict):
        cleaned = {
            _clean(key, secrets): REDACTED if key in hidden else _clean(inner, secrets, hidden) for key, inner in value.items()
        }
        same = all(left is right for pair in zip(cleaned.items(), value.items()) for left, right in zip(*pair))
        return value if same else cleaned
    if isinstance(value, (list, tuple)):
        elements = [_clean(inner, secrets, hidden) for inner in value]
        return value if all(left is right for left, right in zip(elements, value)) else elements
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        text = str(value)
        for secret in secrets:
            text = text.replace(secret, REDACTED)
        return value if text == str(value) else text
    return value
