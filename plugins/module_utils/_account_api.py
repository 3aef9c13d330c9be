# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The account at HostUp's API, of either version: read it, update it. The API's raw record does not get past this file.

Sources: https://developer.hostup.se, GET /api/account/details and POST /api/account/update (v1), GET and PATCH
/api/v2/me (v2). Only what the allow-list here names gets out of a record: it holds passwords and payment data.
"""

from __future__ import annotations

import functools
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _codec
from ansible_collections.hostup.cloud.plugins.module_utils._client import ApiRequest, Client
from ansible_collections.hostup.cloud.plugins.module_utils._codec import InvalidResponse, Record
from ansible_collections.hostup.cloud.plugins.module_utils._errors import ReadFailed, RequestInfo, UpdateFailed
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_BY_OPTION, PROFILE_FIELDS, VERSIONS, Account

_TABLE = {version: {f.name_in(version): f.option for f in PROFILE_FIELDS if f.name_in(version)} for version in VERSIONS}

#: The keys of an account's record that are no profile field and yet may be shown. v2 documents no status.
_SHOWN = {"id": _codec.ID, "status": _codec.TEXT, "email": _codec.TEXT}

#: By version: every name, dotted where objects are nested, that may be shown.
_ALLOWED = {
    version: {*_SHOWN, *_TABLE[version], *(f.v1_fallback[0] for f in PROFILE_FIELDS if f.v1_fallback and version == "v1")}
    for version in VERSIONS
}

READ = {
    version: ApiRequest("GET", endpoint, "Reading the account", ReadFailed, "the scope read:account", table=_TABLE[version])
    for version, endpoint in (("v1", "/account/details"), ("v2", "/v2/me"))
}
UPDATE = {
    "v1": ApiRequest("POST", "/account/update", "Updating the account", UpdateFailed, "the scope write:account"),
    "v2": ApiRequest(
        "PATCH",
        "/v2/me",
        "Updating the account",
        UpdateFailed,
        "the scope write:account",
        table=_TABLE["v2"],
        however="; a key of delegated access can't change a profile",
    ),
}


def read_account(client: Client, needed: t.Container[str] = ()) -> Account:
    """The account as it is. Raises ReadFailed, also where one of the needed options can't be read."""
    account: Account = client.request(READ[client.version], functools.partial(_account, client, needed)).value
    return account


def update_account(client: Client, changes: dict[str, str], needed: t.Container[str] = ()) -> tuple[RequestInfo, Account | None]:
    """Set the options to these values ("" clears), all in one request. Raises UpdateFailed.

    Gives the account after it, None where the API does not show it: v1.
    """
    names = {PROFILE_BY_OPTION[option].name_in(client.version): option for option in changes}
    raw = {name: PROFILE_BY_OPTION[o].codec_in(client.version).write(changes[o]) for name, o in names.items()}
    request = UPDATE[client.version]._replace(body=_codec.body(raw), names=names)
    response = client.request(request, lambda data: _account(client, needed, data) if client.version == "v2" else None)
    return response.info, response.value


def _account(client: Client, needed: t.Container[str], data: Record) -> Account:
    """The account in an answer, its values known to the client as ones to hide. Raises InvalidResponse."""
    record = data.get("client") if client.version == "v1" else data
    # every other value may be null, but what has no id is something else, which would read as an empty account, and be filled in
    if not isinstance(record, dict) or not _has_id(record, client.version):
        raise InvalidResponse("holds no account record (%s)" % ("data.client with its id" if client.version == "v1" else "id"))
    account = learn_account(client, record, needed)
    if client.redaction.hides_all and account.email:
        client.scrub.add([account.email])
    client.knows_account = True
    return account


def _has_id(record: Record, version: str) -> bool:
    if record.get("id") is None:
        # documented: in v2 even this one may be null
        return version == "v2" and "id" in record
    return _codec.value(record, "id", _codec.ID) not in ("", "0")


def learn_account(client: Client, record: Record, needed: t.Container[str] = ()) -> Account:
    """The allow-listed part of a raw record; the client learns what is to be hidden of the rest. Raises InvalidResponse."""
    client.scrub.add(_codec.hidden(record, _ALLOWED[client.version]))
    account = account_in(record, client.version, needed)
    client.hide(account.values)
    return account


def account_in(record: Record, version: str, needed: t.Container[str] = ()) -> Account:
    """The allow-listed part of a raw record. What can't be read is unset; if it is `needed`, that raises InvalidResponse."""
    shown = {name: _codec.known(record, name, codec, name == "id") or None for name, codec in _SHOWN.items()}
    values, present = {}, set()
    for field in PROFILE_FIELDS:
        name, codec, must = field.name_in(version), field.codec_in(version), field.option in needed
        values[field.option] = (_codec.known(record, name, codec, must) or "") if name else ""
        if name and _codec.has(record, name):
            present.add(field.option)
        if version == "v1" and field.v1_fallback and field.v1_fallback[0] in record:
            other, meanings = field.v1_fallback
            present.add(field.option)
            if not values[field.option]:
                values[field.option] = meanings.get(_codec.known(record, other, _codec.TEXT, must) or "", "")
    return Account(shown["id"], shown["status"], shown["email"], values, frozenset(present))
