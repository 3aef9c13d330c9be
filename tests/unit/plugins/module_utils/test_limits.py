# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a server may ask a client to wait, in each form that it may say so."""

from __future__ import annotations

import time
import types

import pytest
from urllib3.exceptions import ProtocolError

from ansible_collections.hostup.cloud.plugins.module_utils import _limits

#: Sun, 22 Nov 2026 12:00:00 GMT
NOW = 1795348800

#: Status, header, body -> seconds.
WAITS = [
    (429, "5", "", 5),
    (503, "1.5", "", 1.5),
    (429, "Sun, 22 Nov 2026 13:00:00 GMT", "", 3600),
    (429, "2026-11-22T13:00:00Z", "", 3600),
    (429, "Thu, 01 Jan 1970 00:00:00 GMT", "", 0),
    (429, "10000000000", "", 10000000000),
    (429, "5, 7200", "", 7200),
    (429, None, '{"retryAfter": "60 seconds"}', 60),
    (429, None, '{"retryAfter": "2m"}', 120),
    (429, None, '{"retryAfter": "1 hour"}', 3600),
    (429, "500ms", "", None),
    (429, "1 day", "", None),
    (429, "99 months", "", None),
    (429, "120,", "", 120),
    (429, "soon", "", None),
    (429, "-5", "", None),
    (429, None, '{"retryAfter": "60"}', 60),
    (429, None, '{"retryAfter": 60}', 60),
    (429, "5", '{"retryAfter": 60}', 5),
    (429, None, '{"retryAfter": null}', None),
    (429, None, "[]", None),
    (429, None, "not JSON", None),
    (503, None, '{"retryAfter": "60"}', None),
]


def test_no_backoff_is_longer_than_the_longest_wait() -> None:
    policy = _limits.Policy.of(_limits.Attempts(timeout=1, retries=10, retry_max_delay=3))
    waits = []
    for _attempt in range(8):
        policy = policy.increment("GET", "/", error=ProtocolError("lost"))
        waits.append(policy.get_backoff_time())
    assert waits == [0, 1, 2, 3, 3, 3, 3, 3]


@pytest.mark.parametrize(("status", "header", "body", "seconds"), WAITS)
def test_asked_wait(monkeypatch: pytest.MonkeyPatch, status: int, header: str | None, body: str, seconds: float | None) -> None:
    monkeypatch.setattr(time, "time", lambda: NOW)
    headers = {"Retry-After": header} if header is not None else {}
    response = types.SimpleNamespace(status=status, headers=headers, data=body.encode())
    assert _limits.retry_after_seconds(response) == seconds
