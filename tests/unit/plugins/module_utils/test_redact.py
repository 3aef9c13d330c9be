# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module prints of its own arguments."""

from __future__ import annotations

from ansible_collections.hostup.cloud.plugins.module_utils._redact import Redaction

KEY = "hup-secret-key"


def test_arguments() -> None:
    """What a module prints of its arguments: by the same rule as its result."""
    params = {"api_key": KEY, "city": "Lund", "address": "Storgatan 2", "personal_number": "", "api_url": "https://a:b@c"}
    assert Redaction(["address"]).arguments(params) == {
        "api_key": "(redacted)",
        "city": "Lund",
        "address": "(redacted)",
        "personal_number": "",
        "api_url": "(redacted)",
    }
