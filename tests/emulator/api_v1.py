# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API v1 as documented at https://developer.hostup.se: envelopes, errors, account details and update."""

from __future__ import annotations

import datetime
import json
import typing as t
import uuid
from email.message import Message

from ansible_collections.hostup.cloud.plugins.module_utils._fields import FIELDS

from .accounts import Account

_BY_NAME = {field.v1: field for field in FIELDS}


class Reply(t.NamedTuple):
    """A complete answer, before any fault spoils it."""

    status: int
    body: bytes
    headers: dict[str, str]


class Refusal(Exception):
    """An error reply of the API."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.reply = error(status, code, message, **headers)


def answer(accounts: t.Sequence[Account], method: str, path: str, headers: Message, body: bytes) -> Reply:
    """The API's reply to a request; it changes the account where the request says so."""
    try:
        handler = _ROUTES.get(path)
        if handler is None:
            raise Refusal(404, "NOT_FOUND", "Not found")
        allowed, scope, action = handler
        if method != allowed:
            raise Refusal(405, "METHOD_NOT_ALLOWED", "Method not allowed", Allow=allowed)
        account = _authenticate(accounts, headers, scope)
        return _success(action(account, body))
    except Refusal as refusal:
        return refusal.reply


def error(status: int, code: str, message: str, **headers: str) -> Reply:
    """The documented error envelope."""
    titles = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}
    return _json(status, {"code": code, "error": titles.get(status, "Error"), "message": message, **_stamp()}, **headers)


def _authenticate(accounts: t.Sequence[Account], headers: Message, scope: str) -> Account:
    key = headers.get("X-API-Key") or (headers.get("Authorization") or "").partition("Bearer ")[2]
    for account in accounts:
        if key and key in account.keys:
            if scope not in account.keys[key]:
                raise Refusal(403, "FORBIDDEN", "The API key lacks the scope " + scope)
            return account
    raise Refusal(401, "UNAUTHORIZED", "Authentication required")


def _details(account: Account, body: bytes) -> dict[str, t.Any]:
    return {"client": account.shown()}


def _update(account: Account, body: bytes) -> dict[str, t.Any]:
    try:
        changes = json.loads(body)
    except ValueError:
        raise Refusal(400, "BAD_REQUEST", "The body is not JSON") from None
    if not isinstance(changes, dict):
        raise Refusal(400, "BAD_REQUEST", "The body is not an object")
    for name, value in changes.items():
        if name not in _BY_NAME:
            raise Refusal(400, "BAD_REQUEST", "Unknown field: " + name)
        if not isinstance(value, str):
            raise Refusal(400, "BAD_REQUEST", "Not a string: " + name)
        if _BY_NAME[name].choices and value not in _BY_NAME[name].choices:
            raise Refusal(400, "BAD_REQUEST", "Not one of the allowed values: " + name)
    account.store(changes)
    return {"message": "Client details updated successfully"}


_ROUTES = {
    "/api/account/details": ("GET", "read:account", _details),
    "/api/account/update": ("POST", "write:account", _update),
}


def _success(data: dict[str, t.Any]) -> Reply:
    return _json(200, {"success": True, **_stamp(), "data": {"success": True, **data}})


def _json(status: int, body: dict[str, t.Any], **headers: str) -> Reply:
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})


def _stamp() -> dict[str, str]:
    now = datetime.datetime.now(datetime.timezone.utc)
    return {"timestamp": now.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "requestId": str(uuid.uuid4())}
