# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of profile fields: every fact about a field stands here, once.

The argument spec, reading, comparing, sending, redacting and the emulator's checks follow from it, so that
a new field of the API is one row (and its documentation in the modules). Pure data, no Ansible, no HTTP.
Sources of the API's names: https://developer.hostup.se, POST /api/account/update (v1) and PATCH /api/v2/me (v2).
"""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _forms, _shapes

#: The versions of HostUp's API. The table has a column for each.
VERSIONS = ("v1", "v2")


class Field(t.NamedTuple):
    """One option of the profile and what it is called and held to."""

    #: The option's name, and the key in every result.
    option: str
    #: Other names that a playbook may use for it.
    aliases: tuple[str, ...]
    #: The key in API v1's record and in the body of its update; "" where v1 has no such field.
    v1: str
    #: The same in API v2, with dots between the keys of nested objects.
    v2: str
    #: How values are checked, sent and compared.
    form: _forms.Form
    #: Whether an empty string may clear it.
    clearable: bool = True
    #: The only values that the API takes; empty where any text will do.
    choices: tuple[str, ...] = ()
    #: Never shown, whatever `redact` says.
    sensitive: bool = False
    #: Where v1's record may lack the key: another one that says the same, and what its values mean.
    v1_else: tuple[str, dict[str, str]] | None = None
    #: How v2 writes it.
    v2_shape: _shapes.Shape = _shapes.NULLABLE_TEXT

    @property
    def kind(self) -> str:
        """As of a Setting: all of a profile is text."""
        return "str"

    def name_in(self, version: str) -> str:
        """What an API version calls it; "" where it has no such field."""
        return self.v1 if version == "v1" else self.v2

    def shape_in(self, version: str) -> _shapes.Shape:
        """How an API version writes it."""
        return _shapes.TEXT if version == "v1" else self.v2_shape


FIELDS = (
    Field(
        "account_type",
        ("accountType",),
        "accountType",
        "accountType",
        _forms.EXACT,
        clearable=False,
        choices=("organisation", "private"),
        v1_else=("company", {"1": "organisation", "0": "private"}),
    ),
    Field("first_name", ("firstname",), "firstname", "firstName", _forms.TEXT, clearable=False),
    Field("last_name", ("lastname",), "lastname", "lastName", _forms.TEXT, clearable=False),
    Field("company_name", ("companyname",), "companyname", "companyName", _forms.TEXT),
    Field("org_number", ("orgno",), "orgno", "registrationIdentifier", _forms.ORG_NUMBER, v2_shape=_shapes.IDENTIFIER),
    Field("personal_number", ("personnummer",), "personnummer", "", _forms.PERSONAL_NUMBER, sensitive=True),
    Field("vat_number", ("vateu",), "vateu", "vatNumber", _forms.VAT_NUMBER),
    Field("address", ("address1",), "address1", "address.street", _forms.TEXT),
    Field("postcode", ("postal_code",), "postcode", "address.postalCode", _forms.POSTCODE),
    Field("city", (), "city", "address.city", _forms.TEXT),
    # inferred: the documented address of v2 is only said to hold it
    Field("state", (), "state", "address.state", _forms.PROVINCE),
    Field("country", ("country_code",), "country", "countryCode", _forms.COUNTRY, clearable=False),
    Field("phone_number", ("phonenumber",), "phonenumber", "phoneNumber", _forms.PHONE, clearable=False),
    Field("custom_line_0076", ("langcustomline0076",), "langcustomline0076", "", _forms.TEXT),
    Field("invoice_reference", (), "", "invoiceReference", _forms.TEXT),
    Field(
        "language",
        ("language_code",),
        "",
        "languageCode",
        _forms.EXACT,
        clearable=False,
        choices=("sv", "en", "no", "da", "fi", "de"),
    ),
)

BY_OPTION = {field.option: field for field in FIELDS}


class Account(t.NamedTuple):
    """What may be known of an account outside the client: the allow-list, by option names."""

    #: The customer's number at HostUp; None where the API gives none.
    id: str | None
    status: str | None
    email: str | None
    #: Every option's value as stored, "" where unset.
    values: dict[str, str]
    #: The options that the API's record had a key for.
    given: frozenset[str]
