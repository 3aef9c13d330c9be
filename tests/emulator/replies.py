# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an answer of the API is made of."""

from __future__ import annotations

import datetime
import json
import typing as t


class Reply(t.NamedTuple):
    """A complete answer, before any fault spoils it."""

    status: int
    body: bytes
    headers: dict[str, str]


class Refusal(Exception):
    """An error reply of the API."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def json_reply(status: int, body: t.Any, content_type: str = "application/json", **headers: str) -> Reply:
    """A reply whose body is JSON."""
    return Reply(status, json.dumps(body).encode(), {"Content-Type": content_type, **headers})


def now() -> str:
    """ISO 8601, UTC."""
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
