# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of profile and preference fields: every fact about a field stands here, once.

The argument spec, reading, comparing, sending, redacting and the emulator's checks follow from them, so that a new field of the
API is one row (and its documentation in the modules). Pure data, no Ansible, no HTTP.
Sources of the API's names: https://developer.hostup.se, POST /api/account/update and /api/account/preferences (v1), PATCH
/api/v2/me, /api/v2/me/preferences and /api/v2/me/preferences/peppol (v2).
"""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _codec, _values

#: The versions of HostUp's API. The tables have a column for each.
VERSIONS = ("v1", "v2")


class Field(t.NamedTuple):
    """One option, what each version of the API calls it, and what it is held to."""

    #: The option's name, and the key in every result.
    option: str
    #: Other names that a playbook may use for it.
    aliases: tuple[str, ...]
    #: The key in API v1's record and in the body of its update; "" where v1 has no such field.
    v1: str
    #: The same in API v2, with dots between the keys of nested objects.
    v2: str
    #: How values are checked, sent and compared.
    value_type: _values.ValueType
    #: Whether an empty string may clear it.
    clearable: bool = True
    #: The only values that the API takes; empty where any of its type will do.
    choices: tuple[str, ...] = ()
    #: Never shown, whatever `redact` says.
    sensitive: bool = False
    #: Where v1's record may lack the key: another one that says the same, and what its values mean.
    v1_fallback: tuple[str, dict[str, str]] | None = None
    #: How each version writes it.
    v1_codec: _codec.JsonCodec = _codec.TEXT
    v2_codec: _codec.JsonCodec = _codec.NULLABLE_TEXT
    #: Ansible's type: `str`, `bool`, or `list` for the word "default" or a sorted list of names.
    type: str = "str"
    #: The scope that a key needs to change it in v2. In v1 it is write:account (inferred).
    v2_scope: str = "write:account"
    #: Where v2 keeps it.
    v2_endpoint: str = "/v2/me"

    def name_in(self, version: str) -> str:
        """What an API version calls it; "" where it has no such field."""
        return self.v1 if version == "v1" else self.v2

    def codec_in(self, version: str) -> _codec.JsonCodec:
        """How an API version writes it."""
        return self.v1_codec if version == "v1" else self.v2_codec

    def scope_in(self, version: str) -> str:
        """The scope that a key needs to change it."""
        return "write:account" if version == "v1" else self.v2_scope

    def endpoint_in(self, version: str) -> str:
        """The endpoint that reads and writes it, of a preference."""
        return "/account/preferences" if version == "v1" else self.v2_endpoint


PROFILE_FIELDS = (
    Field(
        "account_type",
        ("accountType",),
        "accountType",
        "accountType",
        _values.EXACT,
        clearable=False,
        choices=("organisation", "private"),
        v1_fallback=("company", {"1": "organisation", "0": "private"}),
    ),
    Field("first_name", ("firstname",), "firstname", "firstName", _values.TEXT, clearable=False),
    Field("last_name", ("lastname",), "lastname", "lastName", _values.TEXT, clearable=False),
    Field("company_name", ("companyname",), "companyname", "companyName", _values.TEXT),
    Field("org_number", ("orgno",), "orgno", "registrationIdentifier", _values.ORG_NUMBER, v2_codec=_codec.IDENTIFIER),
    Field("personal_number", ("personnummer",), "personnummer", "", _values.PERSONAL_NUMBER, sensitive=True),
    Field("vat_number", ("vateu",), "vateu", "vatNumber", _values.VAT_NUMBER),
    Field("address", ("address1",), "address1", "address.street", _values.TEXT),
    Field("postcode", ("postal_code",), "postcode", "address.postalCode", _values.POSTCODE),
    Field("city", (), "city", "address.city", _values.TEXT),
    # inferred: the documented address of v2 is only said to hold it
    Field("state", (), "state", "address.state", _values.PROVINCE),
    Field("country", ("country_code",), "country", "countryCode", _values.COUNTRY, clearable=False),
    Field("phone_number", ("phonenumber",), "phonenumber", "phoneNumber", _values.PHONE, clearable=False),
    Field("custom_line_0076", ("langcustomline0076",), "langcustomline0076", "", _values.TEXT),
    Field("invoice_reference", (), "", "invoiceReference", _values.TEXT),
    Field(
        "language",
        ("language_code",),
        "",
        "languageCode",
        _values.EXACT,
        clearable=False,
        choices=("sv", "en", "no", "da", "fi", "de"),
    ),
)


def _preference(option: str, kind: str, v1: str, v2: str, codec: _codec.JsonCodec, **more: t.Any) -> Field:
    more = {"value_type": _values.EXACT, "v2_endpoint": "/v2/me/preferences", **more}
    return Field(option, (), v1, v2, clearable=False, v1_codec=codec, v2_codec=codec, type=kind, **more)


_BILLING = "write:billing"

PREFERENCE_FIELDS = (
    _preference("language", "str", "language", "localization.languageCode", _codec.TEXT, choices=("sv", "en")),
    _preference("timezone", "str", "timezone", "localization.timezone", _codec.TEXT, value_type=_values.TIME_ZONE),
    _preference("email_notifications", "bool", "email_notifications", "notifications.emailEnabled", _codec.FLAG),
    _preference("sms_notifications", "bool", "sms_notifications", "notifications.smsEnabled", _codec.FLAG),
    _preference(
        "notification_delivery",
        "list",
        "",
        "notifications.delivery",
        _codec.CATEGORIES,
        value_type=_values.CATEGORY,
        v2_scope=_BILLING,
    ),
    _preference("separate_invoices", "bool", "", "billing.separateInvoices.enabled", _codec.FLAG, v2_scope=_BILLING),
    _preference("card_auto_charge", "bool", "", "billing.cardAutoCharge.configured", _codec.FLAG, v2_scope=_BILLING),
    # inferred: v2 documents this name in the answer to a PATCH alone
    _preference("peppol_opt_out", "bool", "peppol_opt_out", "optedOut", _codec.FLAG, v2_endpoint="/v2/me/preferences/peppol"),
    _preference("bankid_only_login", "bool", "bankid_only_login", "security.bankIdOnlyLogin", _codec.FLAG),
)

PROFILE_BY_OPTION = {field.option: field for field in PROFILE_FIELDS}
PREFERENCE_BY_OPTION = {field.option: field for field in PREFERENCE_FIELDS}


class Account(t.NamedTuple):
    """What may be known of an account outside the client: the allow-list, by option names."""

    #: The customer's number at HostUp; None where the API gives none.
    id: str | None
    status: str | None
    email: str | None
    #: Every option's value as stored, "" where unset.
    values: dict[str, str]
    #: The options that the API's record had a key for.
    present: frozenset[str]
