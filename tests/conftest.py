# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Says at the top of each run what it can't try on this machine."""

from __future__ import annotations

from ansible_collections.hostup.cloud.tests.tools.find_pythons import WANTED, find_pythons


def pytest_report_header() -> str:
    here = find_pythons()
    missing = [version for version in WANTED if version not in here]
    return "managed nodes' Pythons: %s; not on this machine: %s" % (", ".join(here), ", ".join(missing) or "none")
