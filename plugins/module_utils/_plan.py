# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to change, computed once: check mode, the update, the diff and the result all follow from one plan.

Pure functions over the table of fields, no Ansible, no HTTP.
"""

from __future__ import annotations

import re
import typing as t
import unicodedata

from ansible_collections.hostup.cloud.plugins.module_utils._characters import as_read, fully_unescaped, stripped
from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption, UnreadableField
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_BY_OPTION, Account, Field


class Plan(t.NamedTuple):
    """The way from the account as it is to the account as declared."""

    #: Option -> value as stored ("" = unset), for the options that change.
    before: dict[str, str]
    #: Option -> value as it will be sent ("" = clear), for the same options.
    changes: dict[str, str]
    #: The whole account as it will be.
    after: Account
    #: Declared options that the API's record lacks, sorted.
    unreadable: list[str]
    #: Sentences about declared values that look odd.
    warnings: list[str]


class Verification(t.NamedTuple):
    """What the account holds after the update, measured against what was declared."""

    #: Declared options whose value did not take, sorted.
    mismatched: list[str]
    #: Updated options that are stored in another form, equal by the field's normal form, sorted.
    stored_differently: list[str]
    #: Declared options that the API does not give back, sorted.
    unreadable: list[str]


def make_plan(declared: dict[str, str], account: Account, compare: str, unreadable_fields: str) -> Plan:
    """Compare what is declared with the account.

    declared: option -> value stripped of outer white space, "" to clear. compare, unreadable_fields: the module's options.
    Raises UnreadableField where `unreadable_fields` is "fail", InvalidOption for a value that needs a country.
    """
    country = _country(declared, account)
    differing = {
        option: value
        for option, value in declared.items()
        if not _same(PROFILE_BY_OPTION[option], value, account.values[option], country, compare)
    }
    unreadable = _absent(declared, account)
    differing = without_unreadable(differing, unreadable, unreadable_fields)
    changes = {option: _sent(PROFILE_BY_OPTION[option], value, country) for option, value in differing.items()}
    return Plan(
        before={option: account.values[option] for option in changes},
        changes=changes,
        after=account._replace(values={**account.values, **{option: as_read(value) for option, value in changes.items()}}),
        unreadable=unreadable,
        warnings=_warnings(declared, country),
    )


def without_unreadable(differing: dict[str, t.Any], unreadable: t.Sequence[str], unreadable_fields: str) -> dict[str, t.Any]:
    """What the option `unreadable_fields` leaves of a plan's differences. Raises UnreadableField."""
    if unreadable and unreadable_fields == "fail":
        raise UnreadableField(
            "The API's record of this account has no %s, so the current value can't be compared (unreadable_fields is "
            "fail): nothing was written; use unreadable_fields=update to send it anyway, or do not declare it."
            % names(unreadable)
        )
    if unreadable_fields == "ignore" and set(differing) <= set(unreadable):
        return {}
    return differing


def verify(plan: Plan, declared: dict[str, str], account: Account) -> Verification:
    """Compare the account, read back after the update, with what was declared."""
    country = _country(declared, account)
    unreadable = _absent(declared, account)
    mismatched = [
        option
        for option, value in declared.items()
        if option not in unreadable and not _same(PROFILE_BY_OPTION[option], value, account.values[option], country)
    ]
    stored_differently = [
        option
        for option, value in plan.changes.items()
        if value and option not in unreadable and option not in mismatched and account.values[option] != as_read(value)
    ]
    return Verification(sorted(mismatched), sorted(stored_differently), unreadable)


def differing(one: Account, other: Account) -> list[str]:
    """The options that mean another value in the one than in the other, sorted. A missing key reads as unset."""
    left, right = _normal_values(one), _normal_values(other)
    return sorted(option for option in PROFILE_BY_OPTION if left[option] != right[option])


def _normal_values(account: Account) -> dict[str, str]:
    country = _code(account.values["country"])
    return {option: _normal(field, account.values[option], country) for option, field in PROFILE_BY_OPTION.items()}


def _country(declared: dict[str, str], account: Account) -> str:
    """The country that national numbers are meant in: the declared one, else the account's."""
    return _code(declared.get("country") or account.values["country"])


def _code(country: str) -> str:
    """The country's code; "" where what is stored is none."""
    code = stripped(country).upper()
    return code if re.fullmatch("[A-Z]{2}", code) else ""


def _absent(declared: dict[str, str], account: Account) -> list[str]:
    # a cleared field may well vanish from the record: that is how unset looks
    return sorted(option for option, value in declared.items() if value and option not in account.present)


def _same(field: Field, wanted: str, stored: str, country: str, compare: str = "normalized") -> bool:
    if not wanted or not stripped(stored):
        return wanted == stripped(stored)
    if compare == "exact":
        sent = _sent(field, wanted, country)
        # what is stored was read with its escapes undone, whoever wrote them
        return stored in (sent, as_read(sent))
    return _normal(field, wanted, country) == _normal(field, stored, country)


def _normal(field: Field, value: str, country: str) -> str:
    value = stripped(fully_unescaped(value))
    return field.value_type.normalize(value, country) if value else ""


def _sent(field: Field, value: str, country: str) -> str:
    if not value:
        return ""
    if field.value_type.needs_country(value) and not country:
        raise InvalidOption(
            "%s needs a country, and neither the task nor the account has one: nothing was written; declare country, "
            "or write the number as [SE]555555-5555." % field.option
        )
    return stripped(field.value_type.sent(value, country))


def _warnings(declared: dict[str, str], country: str) -> list[str]:
    """Sentences that never show a value: it may be a personal number."""
    warnings = (
        (option, _LOST if "\ufffd" in value else PROFILE_BY_OPTION[option].value_type.warning(value, country))
        for option, value in declared.items()
        if value
    )
    return ["%s looks wrong: %s. It is left to the API to decide." % (option, why) for option, why in warnings if why]


def in_another_form(
    options: t.Sequence[str], before: t.Mapping[str, t.Any], sent: t.Mapping[str, t.Any], now: t.Mapping[str, t.Any]
) -> list[str]:
    """Those of the options whose value is stored, but not as it was sent: a guess, which compares less than values mean."""
    return [option for option in options if option in sent and _alike(before.get(option), sent[option], now.get(option))]


def _alike(before: object, sent: object, stored: object) -> bool:
    if isinstance(sent, list) and isinstance(stored, list):
        sent, stored = (" ".join(sorted(value, key=str.casefold)) for value in (sent, stored))
    if not isinstance(sent, str) or not isinstance(stored, str) or not sent or not stored:
        return False
    wanted, found = _letters(sent), _letters(stored)
    if wanted == found:
        return True
    # what is left of the value as it was before tells nothing of the update
    if before == stored:
        return False
    # letters that the store's encoding has not may be anything
    plain = [re.sub("[^a-z0-9]", "", fully_unescaped(text).casefold()) for text in (sent, stored)]
    return bool(found and wanted.startswith(found)) or bool(plain[0] and plain[0] == plain[1])


def _letters(value: str) -> str:
    """A value's letters and digits, without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", fully_unescaped(value).casefold()) if c.isalnum())


def names(options: t.Sequence[str]) -> str:
    """The options, as words of a sentence."""
    return " and ".join(filter(None, [", ".join(options[:-1]), options[-1]]))


#: A program that could not read a letter leaves this sign.
_LOST = "it holds U+FFFD, which stands for a letter that was lost before"
