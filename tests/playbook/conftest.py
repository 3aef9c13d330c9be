# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the playbook tests share: a folder with a vault to play in, and emulators that hold the vault's key."""

from __future__ import annotations

import contextlib
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Account, Emulator
from ansible_collections.hostup.cloud.tests.emulator.accounts import ALL_SCOPES, raw_record
from ansible_collections.hostup.cloud.tests.playbook.runner import KEY, PERSONAL_STORED, Player


@pytest.fixture(scope="session")
def player(tmp_path_factory: pytest.TempPathFactory) -> Player:
    return Player(tmp_path_factory.mktemp("play"))


class Start(t.Protocol):
    """Starts an emulator with one account behind the vault's key."""

    def __call__(self, record: dict[str, t.Any] | None = None, /, **habits: t.Any) -> Emulator:
        """record: what differs from the sample; habits: of `Account` and, as `certificate`, of `Emulator`."""


@pytest.fixture(scope="module")
def start() -> t.Iterator[Start]:
    with contextlib.ExitStack() as running:

        def start(record: dict[str, t.Any] | None = None, /, **habits: t.Any) -> Emulator:
            certificate = habits.pop("certificate", None)
            scopes = habits.pop("scopes", ALL_SCOPES)
            values = {"personnummer": PERSONAL_STORED, **(record or {})}
            return running.enter_context(
                Emulator([Account(raw_record(**values), {KEY: scopes}, **habits)], certificate=certificate)
            )

        yield start
