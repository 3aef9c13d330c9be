# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Version 2's errors (RFC 7807), and the header fields that all its answers have."""

from __future__ import annotations

import datetime
import typing as t
import uuid

from .replies import Refusal, Reply, json_reply, now

#: inferred: a success has no other place for it.
ID_FIELD = "X-Request-Id"


def error(status: int, code: str, detail: str, path: str, errors: t.Sequence[dict[str, str]] = (), **headers: str) -> Reply:
    """A problem as documented (RFC 7807). How the type spells a code of two words is inferred."""
    number = new_id()
    problem: dict[str, t.Any] = {
        "type": "https://developer.hostup.se/errors/" + code.replace("_", "-"),
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "instance": path,
        "requestId": number,
        "timestamp": now(),
    }
    if errors:
        problem["errors"] = list(errors)
    return json_reply(status, problem, "application/problem+json", **{**rates(), ID_FIELD: number, **headers})


def need(granted: tuple[str, ...], path: str, *scopes: str) -> None:
    """Refuse a key that has not got all of these scopes."""
    for scope in scopes:
        if scope not in granted:
            raise Refusal(error(403, "forbidden", "The API key lacks the scope %s" % scope, path))


def rates() -> dict[str, str]:
    """What is left of the rate limit."""
    reset = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=60)
    return {
        "X-RateLimit-Limit": "120",
        "X-RateLimit-Remaining": "100",
        "X-RateLimit-Reset": reset.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }


def new_id() -> str:
    """Of a request."""
    return "req_" + uuid.uuid4().hex[:12]
