# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The machine's Chromium, which asks the network for nothing of its own."""

from __future__ import annotations

import contextlib
import shutil
import typing as t

from playwright.sync_api import Browser, sync_playwright

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextlib.contextmanager
def browser() -> t.Iterator[Browser]:
    """Chromium, headless, until the block ends. Raises AssertionError where the machine has none."""
    path = shutil.which("chromium")
    assert path, "Chromium is not on this machine: install Debian's package chromium, or run the tests with `make test`."
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=_FLAGS)
        try:
            yield running
        finally:
            running.close()
