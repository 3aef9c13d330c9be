# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/api/v2/me: the profile."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_FIELDS, Field

from .accounts import Account
from .bodies import Error, Keys, flat, keys_of, object_of, pointer_to, put, refuse, unknown
from .intake import takes
from .problems import need

_FIELDS = {keys_of(field.v2): field for field in PROFILE_FIELDS if field.v2}


def me(account: Account, granted: tuple[str, ...], path: str, body: bytes) -> dict[str, t.Any]:
    """The snapshot of the profile."""
    need(granted, path, "read:account")
    return account.given(_snapshot(account))


def update_me(account: Account, granted: tuple[str, ...], path: str, body: bytes) -> dict[str, t.Any]:
    """Set some of it: the refreshed snapshot."""
    need(granted, path, "write:account")
    sent = flat(object_of(body, path), _FIELDS)
    refuse([found for name, value in sent.items() for found in _field_errors(name, value)], path)
    account.store({_FIELDS[name].v1 or _FIELDS[name].v2: _stored(_FIELDS[name], value) for name, value in sent.items()})
    return account.given(_snapshot(account))


def _snapshot(account: Account) -> dict[str, t.Any]:
    account = account.visible()
    record = account.record
    names = (record["firstname"], record["lastname"])
    snapshot: dict[str, t.Any] = {
        "id": account.v2_id,
        "name": record["companyname"] or " ".join(name for name in names if name),
        "email": record["email"],
        "currencyCode": "SEK",
        "address": {},
    }
    for name, field in _FIELDS.items():
        key = field.v1 or field.v2
        if key in account.withheld:
            continue
        value = (record if field.v1 else account.v2).get(key)
        if field.option == "account_type":
            value = value or ("organisation" if record["company"] == "1" else "private")
        elif field.option == "org_number":
            value = _identifier(value)
        elif field.option == "phone_number":
            value = _e164(value, record["country"])
        put(snapshot, name, value or None)
    return snapshot


def _identifier(stored: str | None) -> dict[str, str | None] | None:
    match = re.fullmatch(r"\[([A-Z]{2})\](.*)", stored or "", re.DOTALL)
    if match:
        return {"value": match.group(2), "countryCode": match.group(1)}
    return {"value": stored, "countryCode": None} if stored else None


def _e164(stored: str | None, country: str) -> str | None:
    """Normalised as version 2 says that it does; of numbers without a country's code, Swedish ones."""
    # in Italy the zero is part of the number
    trunk = "" if (stored or "").startswith("+39") else r"\(0\)|"
    kept = re.sub("^00", "+", re.sub(trunk + "[^+0-9]", "", stored or ""))
    return re.sub("^0", "+46", kept) if country == "SE" else kept


def _field_errors(name: Keys, value: t.Any) -> t.Iterator[Error]:
    pointer = pointer_to(name)
    field = _FIELDS.get(name)
    if field is None:
        yield unknown(name, _FIELDS)
    elif value is None:
        if not field.clearable:
            yield pointer, "May not be null.", "invalid_type"
    elif field.option == "org_number":
        yield from _identifier_errors(pointer, value)
    elif not isinstance(value, str):
        yield pointer, "Is no string.", "invalid_type"
    elif not value or not takes(field, value):
        yield pointer, "Is not one of the values that can be.", "invalid_value"


def _identifier_errors(pointer: str, value: t.Any) -> t.Iterator[Error]:
    if not isinstance(value, dict):
        yield pointer, "Is no object.", "invalid_type"
        return
    for key in set(value) - {"value", "countryCode"}:
        yield pointer + pointer_to((key,)), "Is not documented.", "unknown_field"
    number, country = value.get("value"), value.get("countryCode")
    if not isinstance(number, str):
        yield pointer + "/value", "Is no string.", "missing_required"
    elif not number or number.startswith("["):
        # inferred: the brackets are version 1's
        yield pointer + "/value", "Is no number of an organisation.", "invalid_value"
    if country is not None and not isinstance(country, str):
        yield pointer + "/countryCode", "Is no string.", "invalid_type"
    elif country is not None and not re.fullmatch("[A-Z]{2}", country):
        yield pointer + "/countryCode", "Is no country.", "invalid_value"


def _stored(field: Field, value: t.Any) -> str:
    if field.option == "org_number" and value:
        return "[%s]%s" % (value["countryCode"], value["value"]) if value.get("countryCode") else str(value["value"])
    return value or ""
