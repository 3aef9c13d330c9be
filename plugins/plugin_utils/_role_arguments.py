# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of the role hostup_account, as the arguments of its modules. Runs where Ansible runs."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _account, _preferences
from ansible_collections.hostup.cloud.plugins.module_utils._argspec import CONFIRMING
from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, PROFILE_FIELDS
from ansible_collections.hostup.cloud.plugins.module_utils._task import Task
from ansible_collections.hostup.cloud.plugins.module_utils._validate import preferences
from ansible_collections.hostup.cloud.plugins.plugin_utils._arguments import check_arguments, normalize_arguments


class Declaration(t.NamedTuple):
    """A module that declares something, and the variable that its arguments come from."""

    variable: str
    module: str
    task: Task
    #: Every name that the variable's dictionary may use.
    names: tuple[str, ...]


_ALIASES = frozenset(alias for field in PROFILE_FIELDS for alias in field.aliases)

PROFILE = Declaration(
    "hostup_account_profile", "hostup_account", _account.APPLY, (*(field.option for field in PROFILE_FIELDS), *_ALIASES)
)
PREFERENCES = Declaration(
    "hostup_account_preferences",
    "hostup_account_preferences",
    _preferences.APPLY,
    (*(field.option for field in PREFERENCE_FIELDS), *CONFIRMING),
)

#: The key if only preferences are checked. Messages lose what equals the key, and no text holds this.
_NO_KEY = "\0"

#: What may be quoted of a name that is none of these.
_NAME = re.compile(r"[A-Za-z_][\w.-]{0,60}\Z")

#: The options that are no part of a profile and have no variable of their own. Preferences take some of them.
OPTIONS = tuple(name for name in PROFILE.task.spec if name not in PROFILE.names and name not in ("api_key", "account_id"))

#: (a variable's name, its value) -> the value with its templates filled in, None to be omitted. Raises InvalidOption.
_Fill = t.Callable[[str, object], object]


def _arguments(declaration: Declaration, variables: t.Mapping[str, object], fill: _Fill) -> dict[str, t.Any]:
    """The arguments of one account's task, without what is null. No error quotes a value, which may be personal."""
    if declaration is PROFILE and variables.get(PROFILE.variable) is None:
        raise InvalidOption("hostup_account_profile is missing: declare it for this host, at least as an empty dictionary.")
    options = _dictionary("hostup_account_options", variables, fill, OPTIONS)
    given = {
        **{name: value for name, value in options.items() if name in declaration.task.spec},
        **_dictionary(declaration.variable, variables, fill, declaration.names),
        "api_key": _text("hostup_account_api_key", variables, fill),
        "account_id": _text("hostup_account_id", variables, fill),
    }
    return {name: value for name, value in given.items() if value is not None}


def declared(declaration: Declaration, variables: t.Mapping[str, object], templar: t.Any) -> dict[str, t.Any]:
    """The arguments of one account's task, from the variables of its host and its templar. Raises InvalidOption.

    A preference that can't be right also keeps the profile from being written.
    """
    omit = variables.get("omit")

    def fill(variable: str, value: object) -> object:
        try:
            # inside of a dictionary, what is to be omitted is, from ansible-core 2.19 on
            filled = templar.template({"value": value}).get("value")
            return None if omit is not None and filled == omit else filled
        except Exception as error:
            raise InvalidOption("%s can't be filled in: %s." % (variable, _why(error))) from None

    given = _arguments(declaration, variables, fill)
    if declaration is PROFILE and PREFERENCES.variable in variables:
        _check_preferences(_arguments(PREFERENCES, variables, fill))
    return given


def _check_preferences(given: dict[str, t.Any]) -> None:
    """Check declared preferences, as far as the host's variables tell. Raises InvalidOption."""
    complete = normalize_arguments({"api_key": _NO_KEY, **given}, PREFERENCE_FIELDS, {}, {})
    checked = check_arguments(PREFERENCES.task, complete, PREFERENCES.module)
    # a version that is not named here may be named elsewhere
    preferences({**checked, "api_version": given.get("api_version")})


def _text(variable: str, variables: t.Mapping[str, object], fill: _Fill) -> str | None:
    value = fill(variable, variables.get(variable))
    if value is None:
        return None
    if isinstance(value, (bool, float, list, tuple, t.Mapping)):
        raise InvalidOption("%s must be text, not a %s." % (variable, _called(value)))
    return str(value)


def _dictionary(variable: str, variables: t.Mapping[str, object], fill: _Fill, known: tuple[str, ...]) -> dict[str, object]:
    declared = variables.get(variable)
    whole = isinstance(declared, t.Mapping)
    values = declared if whole else fill(variable, declared)
    if values is None:
        return {}
    if not isinstance(values, t.Mapping):
        raise InvalidOption("%s must be a dictionary of options, not a %s." % (variable, _called(values)))
    unknown = [str(name) for name in values if name not in known]
    if unknown:
        shown = sorted(name if _NAME.match(name) else "a name that is not shown" for name in unknown)
        raise InvalidOption(
            "%s holds %s, which is no option of it: expected are %s."
            % (variable, ", ".join(shown), ", ".join(name for name in known if name not in _ALIASES))
        )
    # one by one, so that a sentence can name the one that fails
    return {str(name): fill("%s.%s" % (variable, name), value) if whole else value for name, value in values.items()}


def _why(error: BaseException | None) -> str:
    """What an error says that holds no value."""
    while error:
        text = str(error)
        undefined = re.search(r"'[A-Za-z_]\w{0,99}' is undefined|has no attribute '[A-Za-z_]\w{0,99}'", text)
        if undefined:
            return undefined.group().replace("has no", "something has no") + "; define it, or correct the name"
        if "vault" in text.lower():
            return "it can't be decrypted; give Ansible the password of its vault"
        error = error.__cause__ or error.__context__
    return "a template in it fails; what it says is not shown, since it may hold personal data"


def _called(value: object) -> str:
    if isinstance(value, str):
        return "text"
    if isinstance(value, t.Mapping):
        return "dictionary"
    return "list" if isinstance(value, (list, tuple)) else "number or boolean"
