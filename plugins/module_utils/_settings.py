# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of preferences, the settings beside the profile: every fact about one stands here, once.

Pure data, no Ansible, no HTTP. Sources of the API's names: https://developer.hostup.se, POST /api/account/preferences
(v1), PATCH /api/v2/me/preferences and PATCH /api/v2/me/preferences/peppol (v2).
"""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _shapes

#: What a setting's value is: `str`, `bool`, or `list` for the word "default" or a sorted list of names.
Kind = str


class Setting(t.NamedTuple):
    """One setting and what it is called and held to."""

    #: The option's name, and the key in every result.
    option: str
    kind: Kind
    #: The key in API v1's preferences; "" where v1 has no such setting.
    v1: str
    #: The same in API v2, with dots between the keys of nested objects.
    v2: str
    #: How v2 writes it.
    shape: _shapes.Shape
    #: The only values that the API takes; empty where any of its kind will do.
    choices: tuple[str, ...] = ()
    #: The scope that a key needs to change it in v2. In v1 it is write:account (inferred).
    v2_scope: str = "write:account"
    #: Where v2 keeps it, behind /v2/me.
    v2_endpoint: str = "/preferences"

    @property
    def aliases(self) -> tuple[str, ...]:
        """As of a Field: none."""
        return ()

    @property
    def sensitive(self) -> bool:
        """As of a Field: only `redact` hides a setting."""
        return False

    def name_in(self, version: str) -> str:
        """What an API version calls it; "" where it has no such setting."""
        return self.v1 if version == "v1" else self.v2

    def endpoint_in(self, version: str) -> str:
        """The endpoint that reads and writes it."""
        return "/account/preferences" if version == "v1" else "/v2/me" + self.v2_endpoint

    def scope_in(self, version: str) -> str:
        """The scope that a key needs to change it."""
        return "write:account" if version == "v1" else self.v2_scope


_BILLING = "write:billing"

SETTINGS = (
    Setting("language", "str", "language", "localization.languageCode", _shapes.TEXT, choices=("sv", "en")),
    Setting("timezone", "str", "timezone", "localization.timezone", _shapes.TEXT),
    Setting("email_notifications", "bool", "email_notifications", "notifications.emailEnabled", _shapes.FLAG),
    Setting("sms_notifications", "bool", "sms_notifications", "notifications.smsEnabled", _shapes.FLAG),
    Setting("notification_delivery", "list", "", "notifications.delivery", _shapes.CATEGORIES, v2_scope=_BILLING),
    Setting("separate_invoices", "bool", "", "billing.separateInvoices.enabled", _shapes.FLAG, v2_scope=_BILLING),
    Setting("card_auto_charge", "bool", "", "billing.cardAutoCharge.configured", _shapes.FLAG, v2_scope=_BILLING),
    # inferred: v2 documents this name in the answer to a PATCH alone
    Setting("peppol_opt_out", "bool", "peppol_opt_out", "optedOut", _shapes.FLAG, v2_endpoint="/preferences/peppol"),
    Setting("bankid_only_login", "bool", "bankid_only_login", "security.bankIdOnlyLogin", _shapes.FLAG),
)

BY_OPTION = {setting.option: setting for setting in SETTINGS}
