# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of the role hostup_account, as the arguments of the module hostup_account. Runs where Ansible runs; pure."""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._account import DECLARE
from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._fields import FIELDS

_ALIASES = frozenset(alias for field in FIELDS for alias in field.aliases)

#: Every name that a profile may use.
PROFILE = (*(field.option for field in FIELDS), *_ALIASES)

#: The options that are no part of a profile and have no variable of their own.
OPTIONS = tuple(name for name in DECLARE.spec if name not in PROFILE and name not in ("api_key", "account_id"))


def arguments(profile: object, options: object = None, api_key: object = None, account_id: object = None) -> dict[str, t.Any]:
    """The arguments of one account's task. What is null is left out, so that defaults and the environment count.

    Raises InvalidOption for a name that is not one of PROFILE or OPTIONS, and for what is no dictionary. It never quotes a
    value, which may be personal.
    """
    if profile is None:
        raise InvalidOption("hostup_account_profile is empty: declare the profile, at least as an empty dictionary.")
    given = {
        **_checked("hostup_account_options", {} if options is None else options, OPTIONS),
        **_checked("hostup_account_profile", profile, PROFILE),
        "api_key": api_key,
        "account_id": account_id,
    }
    return {name: value for name, value in given.items() if value is not None}


def _checked(variable: str, values: object, known: tuple[str, ...]) -> dict[str, t.Any]:
    if not isinstance(values, t.Mapping):
        raise InvalidOption("%s must be a dictionary of options, not a %s." % (variable, _called(values)))
    unknown = sorted(str(name) for name in values if name not in known)
    if unknown:
        raise InvalidOption(
            "%s holds %s, which is no option of it: expected are %s."
            % (variable, ", ".join(unknown), ", ".join(name for name in known if name not in _ALIASES))
        )
    # item by item: a copy as a whole would hold the templates that Ansible fills in on access
    return {str(name): value for name, value in values.items()}


def _called(value: object) -> str:
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, (list, tuple)) else "number or boolean"
