# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator of the HostUp account API, for tests, demos and trying playbooks out. Standard library only.

    python -m ansible_collections.hostup.cloud.tests.emulator --port 0

`accounts` holds the customers, `api_v1` and `api_v2` (with `v2_bodies`) answer as documented, from one store, `intake` reads what
comes in, `faults` spoils answers on demand, `state` keeps accounts in a file, `server` is the HTTP around them, with a journal.
"""

from __future__ import annotations

from .accounts import Account, demo_accounts
from .faults import Fault
from .server import Emulator

__all__ = ["Account", "Emulator", "Fault", "demo_accounts"]
