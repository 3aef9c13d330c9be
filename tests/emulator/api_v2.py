# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API v2 as documented at https://developer.hostup.se: no envelope, problems, nested records, null for unset."""

from __future__ import annotations

import typing as t
from email.message import Message

from .accounts import Account
from .problems import ID_FIELD, error, new_id, rates
from .replies import Refusal, Reply, json_reply
from .v2_preferences import peppol, preferences, update_peppol, update_preferences
from .v2_profile import me, update_me

PREFIX = "/api/v2/"


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
        return json_reply(200, handlers[method](account, granted, path, body), **rates(), **{ID_FIELD: new_id()})
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


_Action = t.Callable[[Account, t.Tuple[str, ...], str, bytes], t.Dict[str, t.Any]]


_ROUTES: dict[str, dict[str, _Action]] = {
    "/api/v2/me": {"GET": me, "PATCH": update_me},
    "/api/v2/me/preferences": {"GET": preferences, "PATCH": update_preferences},
    "/api/v2/me/preferences/peppol": {"GET": peppol, "PATCH": update_peppol},
}
