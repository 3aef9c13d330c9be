# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of profile fields: every fact about a field stands here, once.

The argument spec, reading, comparing, sending, redacting and the emulator's checks follow from it, so that
a new field of the API is one row (and its documentation in the modules). Pure data, no Ansible, no HTTP.
Source of the API's names: https://developer.hostup.se, POST /api/account/update.
"""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _forms


class Field(t.NamedTuple):
    """One option of the profile and what it is called and held to."""

    #: The option's name, and the key in every result.
    option: str
    #: Other names that a playbook may use for it.
    aliases: tuple[str, ...]
    #: The key in API v1's record and in the body of its update.
    v1: str
    #: How values are checked, sent and compared.
    form: _forms.Form
    #: Whether an empty string may clear it.
    clearable: bool = True
    #: The only values that the API takes; empty where any text will do.
    choices: tuple[str, ...] = ()
    #: Never shown, whatever `redact` says.
    sensitive: bool = False
    #: Where the API's record may lack the key: another one that says the same, and what its values mean.
    v1_else: tuple[str, dict[str, str]] | None = None


FIELDS = (
    Field(
        "account_type",
        ("accountType",),
        "accountType",
        _forms.EXACT,
        clearable=False,
        choices=("organisation", "private"),
        v1_else=("company", {"1": "organisation", "0": "private"}),
    ),
    Field("first_name", ("firstname",), "firstname", _forms.TEXT, clearable=False),
    Field("last_name", ("lastname",), "lastname", _forms.TEXT, clearable=False),
    Field("company_name", ("companyname",), "companyname", _forms.TEXT),
    Field("org_number", ("orgno",), "orgno", _forms.ORG_NUMBER),
    Field("personal_number", ("personnummer",), "personnummer", _forms.PERSONAL_NUMBER, sensitive=True),
    Field("vat_number", ("vateu",), "vateu", _forms.VAT_NUMBER),
    Field("address", ("address1",), "address1", _forms.TEXT),
    Field("postcode", ("postal_code",), "postcode", _forms.POSTCODE),
    Field("city", (), "city", _forms.TEXT),
    Field("state", (), "state", _forms.PROVINCE),
    Field("country", ("country_code",), "country", _forms.COUNTRY, clearable=False),
    Field("phone_number", ("phonenumber",), "phonenumber", _forms.PHONE, clearable=False),
    Field("custom_line_0076", ("langcustomline0076",), "langcustomline0076", _forms.TEXT),
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
