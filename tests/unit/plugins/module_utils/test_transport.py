# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The deadline of an attempt, where a playbook can't show it: a host of many addresses, none of which answers."""

from __future__ import annotations

import socket
import typing as t

import pytest
import urllib3.util.connection

from ansible_collections.hostup.cloud.plugins.module_utils._http import HttpSession, NoResponse
from ansible_collections.hostup.cloud.plugins.module_utils._validate import Connection


@pytest.mark.parametrize("addresses", [1, 4])
def test_all_addresses_share_the_deadline(monkeypatch: pytest.MonkeyPatch, addresses: int) -> None:
    granted: list[float] = []
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)

    def never(address: object, timeout: float, **more: object) -> t.NoReturn:
        del address, more
        granted.append(timeout)
        raise socket.timeout

    monkeypatch.setattr(socket, "getaddrinfo", lambda *args: [args] * addresses)
    monkeypatch.setattr(urllib3.util.connection, "create_connection", never)
    connection = Connection("key", "https://cloud.example.com/api", "v1", 20, 1, 0, True, None)
    with HttpSession(connection, {}) as transport, pytest.raises(NoResponse, match="could not connect to .* within 20 s") as lost:
        transport.send("GET", "/account/details")
    assert (lost.value.attempts, lost.value.maybe_applied) == (2, False)
    assert len(granted) == 2
    assert max(granted) * addresses <= 20
