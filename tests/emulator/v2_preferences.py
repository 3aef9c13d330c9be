# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/api/v2/me/preferences and /api/v2/me/preferences/peppol: the settings beside the profile."""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, Field

from .accounts import Account
from .bodies import Error, Keys, flat, keys_of, object_of, pointer_to, put, refuse, unknown
from .problems import need
from .replies import now

_SETTINGS = {keys_of(setting.v2): setting for setting in PREFERENCE_FIELDS if setting.v2_endpoint == "/v2/me/preferences"}


_PEPPOL = {keys_of(setting.v2): setting for setting in PREFERENCE_FIELDS if setting.v2_endpoint == "/v2/me/preferences/peppol"}


_TYPES = {"bool": bool, "str": str}


def preferences(account: Account, granted: tuple[str, ...], path: str, body: bytes) -> dict[str, t.Any]:
    """The settings but for Peppol."""
    need(granted, path, "read:account")
    return account.given(_all_preferences(account))


def _all_preferences(account: Account) -> dict[str, t.Any]:
    account = account.visible()
    whole: dict[str, t.Any] = {
        "localization": {},
        "notifications": {},
        "security": {},
        "billing": {"cardAutoCharge": _card(account), "separateInvoices": {}},
        "categories": {name: {"label": name.capitalize()} for name in ("invoices", "news", "security")},
    }
    shown = account.shown_preferences()
    for name, setting in _SETTINGS.items():
        if setting.option in shown:
            value = shown[setting.option]
            put(whole, name, _delivery(value) if setting.type == "list" else value)
    return whole


def _card(account: Account) -> dict[str, t.Any]:
    configured = account.preferences["card_auto_charge"]
    status = ("active" if account.saved_card else "needs_payment_method") if configured else "disabled"
    return {"enabled": status == "active", "status": status}


def _delivery(stored: str | list[str]) -> dict[str, t.Any] | None:
    return None if stored == "default" else {"overrideEnabled": True, "enabledEmails": stored}


def update_preferences(account: Account, granted: tuple[str, ...], path: str, body: bytes) -> dict[str, t.Any]:
    """Set some of them, with the scopes that these need."""
    sent = flat(object_of(body, path), _SETTINGS)
    # inferred: that a body of no settings needs one, too
    need(granted, path, *(sorted({_scope(name) for name in sent}) or ["write:account"]))
    refuse([found for name, value in sent.items() for found in _setting_errors(name, value, _SETTINGS)], path)
    account.store_preferences({_SETTINGS[name].option: _setting(name, value) for name, value in sent.items()})
    return account.given(_all_preferences(account))


def _scope(name: Keys) -> str:
    """The scope that a setting needs; inferred: one that is not documented, that of its neighbours."""
    neighbours = [setting for known, setting in _SETTINGS.items() if known[0] == name[0]]
    found = _SETTINGS.get(name) or (neighbours[0] if neighbours else None)
    return found.v2_scope if found else "write:account"


def _setting_errors(name: Keys, value: t.Any, known: dict[Keys, Field]) -> t.Iterator[Error]:
    pointer = pointer_to(name)
    setting = known.get(name)
    if setting is None:
        yield unknown(name, known)
    elif setting.type == "list":
        yield from _delivery_errors(pointer, value)
    elif not isinstance(value, _TYPES[setting.type]):
        yield pointer, "Is of the wrong type.", "invalid_type"
    elif value == "" or (setting.choices and value not in setting.choices):
        yield pointer, "Is not one of the values that can be.", "invalid_value"


def _delivery_errors(pointer: str, value: t.Any) -> t.Iterator[Error]:
    if value is None:
        return
    if not isinstance(value, dict):
        yield pointer, "Is no object.", "invalid_type"
        return
    for key in set(value) - {"overrideEnabled", "enabledEmails"}:
        yield pointer + pointer_to((key,)), "Is not documented.", "unknown_field"
    if not isinstance(value.get("overrideEnabled"), bool):
        yield pointer + "/overrideEnabled", "Is no boolean.", "invalid_type"
    emails = value.get("enabledEmails")
    if not isinstance(emails, list) or not all(isinstance(email, str) for email in emails):
        yield pointer + "/enabledEmails", "Is no list of strings.", "invalid_type"


def _setting(name: Keys, value: t.Any) -> t.Any:
    if _SETTINGS[name].type != "list":
        return value
    return value["enabledEmails"] if value and value["overrideEnabled"] else "default"


def peppol(account: Account, granted: tuple[str, ...], path: str, body: bytes) -> dict[str, t.Any]:
    """Eligibility, and the one setting."""
    need(granted, path, "read:account")
    account = account.visible()
    shown = account.shown_preferences()
    # inferred: what the PATCH answers with can be read, too
    return account.given({**account.peppol, **{s.v2: shown[s.option] for s in _PEPPOL.values() if s.option in shown}})


def update_peppol(account: Account, granted: tuple[str, ...], path: str, body: bytes) -> dict[str, t.Any]:
    """Set it."""
    need(granted, path, "write:account")
    sent = flat(object_of(body, path), _PEPPOL)
    errors = [found for name, value in sent.items() for found in _setting_errors(name, value, _PEPPOL)]
    # inferred: there is nothing else to change here
    errors += [(pointer_to(name), "Is missing.", "missing_required") for name in _PEPPOL if name not in sent]
    refuse(errors, path)
    account.store_preferences({_PEPPOL[name].option: value for name, value in sent.items()})
    # documented of the answer to a PATCH alone: what is withheld from reading stands here
    return account.given({"optedOut": account.visible().preferences["peppol_opt_out"], "updatedAt": now()})
