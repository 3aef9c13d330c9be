# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's arguments, from what the playbook says to what the module and the action plugin both use. Runs on the controller.

The environment variables of the connection options are the controller's, so they are read here, too.
"""

from __future__ import annotations

import datetime
import re
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from ansible_collections.hostup.cloud.plugins.module_utils._argspec import CONNECTION
from ansible_collections.hostup.cloud.plugins.module_utils._characters import invisible_in, stripped
from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._fields import Field
from ansible_collections.hostup.cloud.plugins.module_utils._redact import REDACTED
from ansible_collections.hostup.cloud.plugins.module_utils._task import Task, mask
from ansible_collections.hostup.cloud.plugins.module_utils._validate import NOT_UTF8, is_utf8, problem

#: Connection option -> the controller's environment variable that sets its default.
ENVIRONMENT = {
    "api_key": "HOSTUP_API_KEY",
    "api_url": "HOSTUP_API_URL",
    "api_version": "HOSTUP_API_VERSION",
    "api_timeout": "HOSTUP_API_TIMEOUT",
    "api_retries": "HOSTUP_API_RETRIES",
    "api_retry_max_delay": "HOSTUP_API_RETRY_MAX_DELAY",
    "validate_certs": "HOSTUP_VALIDATE_CERTS",
    "ca_path": "HOSTUP_CA_PATH",
}

#: What YAML may have made of a text without quotes, and an INI inventory even of one in quotes, and what is to be said of it.
_NO_TEXT: tuple[tuple[type | tuple[type, ...], str, str], ...] = (
    (bool, "boolean", "as happens to words such as NO, yes and off"),
    ((int, float), "number", "which may have lost leading zeros or a plus sign"),
    (datetime.date, "date", "which may have lost the form that it was written in"),
)

#: One pair of quotes does in YAML. On a host's line of an INI inventory, Ansible reads what is inside as Python's.
_QUOTES = (
    "put it in quotes where it is written, on a host's line of an INI inventory in two pairs, like '\"01067\"', or move it to "
    "group_vars or host_vars"
)

_BOOLEANS = ("yes", "no", "on", "off", "true", "false", "1", "0", "y", "n", "t", "f")


def normalize_arguments(
    args: t.Mapping[str, t.Any], fields: t.Sequence[Field], controller: t.Mapping[str, str], task: t.Mapping[str, str]
) -> dict[str, t.Any]:
    """A task's raw arguments, completed and made safe to hand on: plain values under the options' own names.

    Null, the marker of a redacted value and an empty environment variable count as omitted, so that what the modules
    return can be declared again. fields: what the module declares values for. controller, task: the environment of the
    controller, and the one that the task asks for.
    Raises InvalidOption for a missing key, for a variable set where it is not read, for a field that has two values, and
    for a profile value that YAML has turned into something else than text.
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
        if field and field.type == "bool" and not (isinstance(value, bool) or str(value).strip().lower() in _BOOLEANS):
            raise InvalidOption("%s must be true or false." % name)
        option = field.option if field else name
        if field and field.type == "str":
            value = _text(name, field, value)
            if complete.get(option, value) != value:
                raise InvalidOption(
                    "%s is declared twice, with different values, by two of its names (%s): keep one."
                    % (option, ", ".join((option, *field.aliases)))
                )
        complete[option] = value
    for name in ENVIRONMENT:
        _complete(complete, name, controller, task)
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
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, (bool, datetime.date)):
        return value
    if isinstance(value, dict):
        return {to_plain(key): to_plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [to_plain(inner) for inner in value]
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    # what ansible-core 2.18 makes of an inline !vault is no str, but turns into one
    return str(value)


def _complete(complete: dict[str, t.Any], name: str, controller: t.Mapping[str, str], task: t.Mapping[str, str]) -> None:
    variable = ENVIRONMENT[name]
    if name in complete:
        return
    if variable in task:
        # ignored, it would let a task reach another account than it says; and Ansible shows it in the process list
        raise InvalidOption(
            "%s is set in the task's environment, where it is not read: set the option %s, or the variable where Ansible "
            "itself runs." % (variable, name)
        )
    value = controller.get(variable)
    if not value:
        return
    kind, choices = CONNECTION[name]["type"], CONNECTION[name].get("choices")
    if kind == "int" and not re.fullmatch(r"\s*-?[0-9]+\s*", value):
        raise InvalidOption("The environment variable %s must be a whole number." % variable)
    if kind == "bool" and value.strip().lower() not in _BOOLEANS:
        raise InvalidOption("The environment variable %s must be true or false." % variable)
    if choices and value.strip() not in choices:
        raise InvalidOption("The environment variable %s must be one of: %s." % (variable, ", ".join(choices)))
    complete[name] = value.strip() if choices else value


def _text(name: str, field: Field, value: object) -> str:
    """A declared value, if it is text. Ansible's own messages, which would show what is wrong, are not waited for."""
    if isinstance(value, (list, dict)):
        called = "dictionary" if isinstance(value, dict) else "list"
        raise InvalidOption("%s must be text, not a %s: if it is meant as text, %s." % (name, called, _QUOTES))
    for kind, called, why in _NO_TEXT:
        if isinstance(value, kind):
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
