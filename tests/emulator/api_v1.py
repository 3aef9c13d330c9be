# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API v1 as documented at https://developer.hostup.se: envelopes, errors, account, preferences and invoices."""

from __future__ import annotations

import re
import typing as t
import uuid
from email.message import Message

from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, PROFILE_FIELDS, Field

from .accounts import Account
from .intake import parsed, takes
from .replies import Refusal, Reply, json_reply, now

_PROFILE = {field.v1: field for field in PROFILE_FIELDS if field.v1}
_PREFERENCES = {field.v1: field for field in PREFERENCE_FIELDS if field.v1}


def answer(accounts: t.Sequence[Account], method: str, path: str, headers: Message, body: bytes) -> Reply:
    """The API's reply to a request; it changes the account where the request says so."""
    try:
        invoice = re.fullmatch("/api/billing/invoice/([^/]+)", path)
        handlers = _INVOICE if invoice else _ROUTES.get(path)
        if handlers is None:
            raise refusal(404, "NOT_FOUND", "Not found")
        if method not in handlers:
            raise refusal(405, "METHOD_NOT_ALLOWED", "Method not allowed", Allow=", ".join(handlers))
        scope, action = handlers[method]
        account = _authenticate(accounts, headers, scope)
        if body and headers.get_content_type() != "application/json":
            raise refusal(415, "UNSUPPORTED_MEDIA_TYPE", "The body is not declared as application/json")
        return _success(action(account, invoice.group(1).encode() if invoice else body))
    except Refusal as refused:
        return refused.reply


def error(status: int, code: str, message: str, **headers: str) -> Reply:
    """The documented error envelope."""
    return json_reply(status, {"code": code, "error": _TITLES.get(status, "Error"), "message": message, **_stamp()}, **headers)


_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
}


def refusal(status: int, code: str, message: str, **headers: str) -> Refusal:
    """An error to raise."""
    return Refusal(error(status, code, message, **headers))


def _authenticate(accounts: t.Sequence[Account], headers: Message, scope: str) -> Account:
    scheme, dummy, token = headers.get("Authorization", "").partition(" ")
    # inferred: where there are both, the key's own field counts
    key = headers.get("X-API-Key", token if scheme.lower() == "bearer" else "")
    for account in accounts:
        if key and key in account.keys:
            if scope not in account.keys[key]:
                raise refusal(403, "FORBIDDEN", "The API key lacks the scope " + scope)
            return account
    raise refusal(401, "UNAUTHORIZED", "Authentication required")


def _details(account: Account, body: bytes) -> dict[str, t.Any]:
    return {"client": account.given(account.visible().shown())}


def _update(account: Account, body: bytes) -> dict[str, t.Any]:
    account.store(_changes(body, _PROFILE))
    return {"message": "Client details updated successfully"}


def _changes(body: bytes, table: t.Mapping[str, Field]) -> dict[str, t.Any]:
    """What an update sets, checked against the table of fields, by the API's names."""
    try:
        changes = parsed(body)
    except ValueError:
        raise refusal(400, "BAD_REQUEST", "The body is not JSON") from None
    if not isinstance(changes, dict):
        raise refusal(400, "BAD_REQUEST", "The body is not an object")
    for name, value in changes.items():
        if name not in table:
            raise refusal(400, "BAD_REQUEST", "Unknown field: " + name)
        if not isinstance(value, bool if table[name].type == "bool" else str):
            raise refusal(400, "BAD_REQUEST", "Of the wrong type: " + name)
        # inferred: that version 1 takes no number without a country
        bare = name == "orgno" and value and not re.match(r"\[[A-Z]{2}\][^\[]", str(value))
        if bare or (isinstance(value, str) and not takes(table[name], value)):
            raise refusal(400, "BAD_REQUEST", "Not one of the allowed values: " + name)
    return changes


def _preferences(account: Account, body: bytes) -> dict[str, t.Any]:
    number = str(account.record["id"])
    others = {"two_factor_enabled": False, "peppol_opt_out_date": None, "peppol_opt_out_reason": None}
    stamps = {"created_at": "2024-01-01T00:00:00.000Z", "updated_at": now()}
    shown = account.visible().shown_preferences()
    settings = {name: shown[field.option] for name, field in _PREFERENCES.items() if field.option in shown}
    return {"preferences": account.given({"id": "7" + number, "client_id": number, **settings, **others, **stamps})}


def _update_preferences(account: Account, body: bytes) -> dict[str, t.Any]:
    account.store_preferences({_PREFERENCES[name].option: value for name, value in _changes(body, _PREFERENCES).items()})
    return _preferences(account, body)


def _invoice(account: Account, number: bytes) -> dict[str, t.Any]:
    if not re.fullmatch(b"[1-9][0-9]*", number):
        raise refusal(400, "BAD_REQUEST", "The id is an integer from 1")
    # compared as text: int() refuses thousands of digits
    invoice = next((found for known, found in account.invoices.items() if str(known).encode() == number), None)
    if invoice is None:
        raise refusal(404, "NOT_FOUND", "Invoice not found")
    return {"invoice": account.given(invoice)}


_Action = t.Callable[[Account, bytes], t.Dict[str, t.Any]]

#: Path -> method -> the scope that it needs, and what it does.
_ROUTES: dict[str, dict[str, tuple[str, _Action]]] = {
    "/api/account/details": {"GET": ("read:account", _details)},
    "/api/account/update": {"POST": ("write:account", _update)},
    # that it can be read, and the scopes, are inferred
    "/api/account/preferences": {"GET": ("read:account", _preferences), "POST": ("write:account", _update_preferences)},
}
_INVOICE: dict[str, tuple[str, _Action]] = {"GET": ("read:billing", _invoice)}


def _success(data: dict[str, t.Any]) -> Reply:
    return json_reply(200, {"success": True, **_stamp(), "data": {"success": True, **data}})


def _stamp() -> dict[str, str]:
    return {"timestamp": now(), "requestId": str(uuid.uuid4())}
