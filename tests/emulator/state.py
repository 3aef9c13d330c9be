# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is written to the accounts, kept in a file: an emulator that was killed can begin anew where it was."""

from __future__ import annotations

import json
import os
import typing as t

from .accounts import Account

#: The parts of an account that an update changes.
_PARTS = ("record", "v2", "preferences")


def save(accounts: t.Sequence[Account], path: str | None) -> None:
    """Write the accounts, all or nothing: what is killed in between leaves the file as it was."""
    if path is None:
        return
    kept = {str(account.record["id"]): {part: getattr(account, part) for part in _PARTS} for account in accounts}
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(kept, file)
    os.replace(path + ".new", path)


def load(accounts: t.Sequence[Account], path: str | None) -> None:
    """Put into the accounts what was kept of them; nothing where the file is not there yet."""
    if path is None or not os.path.exists(path):
        return
    with open(path, encoding="utf-8") as file:
        kept = json.load(file)
    for account in accounts:
        for part in _PARTS:
            getattr(account, part).update(kept.get(str(account.record["id"]), {}).get(part, {}))
