# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API v2 as documented at https://developer.hostup.se: no envelope, problems, nested records, null for unset."""

from __future__ import annotations

import re
import typing as t
from email.message import Message

from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, PROFILE_FIELDS, Field

from .accounts import Account
from .replies import Refusal, Reply, json_reply, now
from .v2_bodies import Keys, error, errors_of, flat, put, read_update, refuse, response_fields, table_of

PREFIX = "/api/v2/"

_PROFILE = table_of(PROFILE_FIELDS)
_PREFERENCES = table_of(field for field in PREFERENCE_FIELDS if field.v2_endpoint == "/v2/me/preferences")
_PEPPOL = table_of(field for field in PREFERENCE_FIELDS if field.v2_endpoint == "/v2/me/preferences/peppol")


def answer(accounts: t.Sequence[Account], method: str, path: str, headers: Message, body: bytes) -> Reply:
    """The API's reply to a request; it changes the account where the request says so."""
    try:
        handlers = _ROUTES.get(path)
        if handlers is None:
            raise Refusal(error(404, "not_found", "Not found.", path))
        if method not in handlers:
            raise Refusal(error(405, "method_not_allowed", "Method not allowed.", path, Allow=", ".join(handlers)))
        account, granted = _authenticate(accounts, headers, path)
        if body and headers.get_content_type() != "application/json":
            raise Refusal(error(415, "unsupported_media_type", "The body is not declared as application/json.", path))
        if method == "GET":
            _require_scopes(granted, path, "read:account")
        return json_reply(200, account.given(handlers[method](account, granted, path, body)), **response_fields())
    except Refusal as refused:
        return refused.reply


def _authenticate(accounts: t.Sequence[Account], headers: Message, path: str) -> tuple[Account, tuple[str, ...]]:
    scheme, dummy, key = (headers.get("Authorization") or "").partition(" ")
    for account in accounts:
        if scheme.lower() == "bearer" and key in account.keys:
            if account.record["status"] != "Active":
                raise Refusal(error(403, "account_inactive", "The account is not active.", path))
            return account, account.keys[key]
    raise Refusal(error(401, "unauthorized", "Authentication required.", path))


def _require_scopes(granted: tuple[str, ...], path: str, *scopes: str) -> None:
    for scope in scopes:
        if scope not in granted:
            raise Refusal(error(403, "forbidden", "The API key lacks the scope %s" % scope, path))


def _me(account: Account, *dummy: object) -> dict[str, t.Any]:
    account = account.visible()
    record = account.record
    snapshot: dict[str, t.Any] = {
        "id": account.v2_id,
        "name": record["companyname"] or " ".join(filter(None, (record["firstname"], record["lastname"]))),
        "email": record["email"],
        "currencyCode": "SEK",
        "address": {},
    }
    for name, field in _PROFILE.items():
        key = field.v1 or field.v2
        if key in account.withheld:
            continue
        value = (record if field.v1 else account.v2).get(key)
        if field.option == "account_type":
            value = value or ("organisation" if record["company"] == "1" else "private")
        elif field.option == "org_number":
            value = _identifier(value)
        elif field.option == "phone_number":
            value = _e164(value or "", record["country"])
        put(snapshot, name, value or None)
    return snapshot


def _identifier(stored: str | None) -> dict[str, str | None] | None:
    match = re.fullmatch(r"\[([A-Z]{2})\](.*)", stored or "", re.DOTALL)
    if match:
        return {"value": match.group(2), "countryCode": match.group(1)}
    return {"value": stored, "countryCode": None} if stored else None


def _e164(stored: str, country: str) -> str:
    """Normalised as version 2 says that it does; of numbers without a country's code, Swedish ones."""
    # in Italy the zero is part of the number
    trunk = "" if stored.startswith("+39") else r"\(0\)|"
    kept = re.sub("^00", "+", re.sub(trunk + "[^+0-9]", "", stored))
    return re.sub("^0", "+46", kept) if country == "SE" else kept


def _update_me(account: Account, granted: tuple[str, ...], path: str, body: bytes) -> dict[str, t.Any]:
    _require_scopes(granted, path, "write:account")
    sent = flat(read_update(body, path), _PROFILE)
    refuse([found for name, value in sent.items() for found in errors_of(name, value, _PROFILE)], path)
    account.store({_PROFILE[name].v1 or _PROFILE[name].v2: _stored(_PROFILE[name], value) for name, value in sent.items()})
    return _me(account)


def _stored(field: Field, value: t.Any) -> t.Any:
    """A value as the account keeps it."""
    if field.option == "org_number" and value:
        return "[%s]%s" % (value["countryCode"], value["value"]) if value.get("countryCode") else value["value"]
    if field.type == "list":
        return value["enabledEmails"] if value and value["overrideEnabled"] else "default"
    return value if field.type == "bool" else value or ""


def _preferences(account: Account, *dummy: object) -> dict[str, t.Any]:
    account = account.visible()
    configured = account.preferences["card_auto_charge"]
    status = ("active" if account.saved_card else "needs_payment_method") if configured else "disabled"
    whole: dict[str, t.Any] = {
        "localization": {},
        "notifications": {},
        "security": {},
        "billing": {"cardAutoCharge": {"enabled": status == "active", "status": status}, "separateInvoices": {}},
        "categories": {name: {"label": name.capitalize()} for name in ("invoices", "news", "security")},
    }
    shown = account.shown_preferences()
    for name, field in _PREFERENCES.items():
        if field.option in shown:
            value = shown[field.option]
            if field.type == "list":
                value = None if value == "default" else {"overrideEnabled": True, "enabledEmails": value}
            put(whole, name, value)
    return whole


def _update_preferences(account: Account, granted: tuple[str, ...], path: str, body: bytes) -> dict[str, t.Any]:
    sent = flat(read_update(body, path), _PREFERENCES)
    # inferred: that a body of no settings needs one, too
    _require_scopes(granted, path, *(sorted({_scope(name) for name in sent}) or ["write:account"]))
    refuse([found for name, value in sent.items() for found in errors_of(name, value, _PREFERENCES)], path)
    account.store_preferences({_PREFERENCES[name].option: _stored(_PREFERENCES[name], value) for name, value in sent.items()})
    return _preferences(account)


def _scope(name: Keys) -> str:
    """The scope that a setting needs; inferred: one that is not documented, that of its neighbours."""
    neighbours = [field for known, field in _PREFERENCES.items() if known[0] == name[0]]
    found = _PREFERENCES.get(name) or (neighbours[0] if neighbours else None)
    return found.v2_scope if found else "write:account"


def _peppol(account: Account, *dummy: object) -> dict[str, t.Any]:
    account = account.visible()
    shown = account.shown_preferences()
    # inferred: what the PATCH answers with can be read, too
    return {**account.peppol, **{field.v2: shown[field.option] for field in _PEPPOL.values() if field.option in shown}}


def _update_peppol(account: Account, granted: tuple[str, ...], path: str, body: bytes) -> dict[str, t.Any]:
    _require_scopes(granted, path, "write:account")
    sent = flat(read_update(body, path), _PEPPOL)
    errors = [found for name, value in sent.items() for found in errors_of(name, value, _PEPPOL)]
    # inferred: there is nothing else to change here
    errors += [(name, "Is missing.", "missing_required") for name in _PEPPOL if name not in sent]
    refuse(errors, path)
    account.store_preferences({_PEPPOL[name].option: value for name, value in sent.items()})
    # documented of the answer to a PATCH alone: what is withheld from reading stands here
    return {"optedOut": account.visible().preferences["peppol_opt_out"], "updatedAt": now()}


_ROUTES: dict[str, dict[str, t.Callable[[Account, tuple[str, ...], str, bytes], dict[str, t.Any]]]] = {
    "/api/v2/me": {"GET": _me, "PATCH": _update_me},
    "/api/v2/me/preferences": {"GET": _preferences, "PATCH": _update_preferences},
    "/api/v2/me/preferences/peppol": {"GET": _peppol, "PATCH": _update_peppol},
}
