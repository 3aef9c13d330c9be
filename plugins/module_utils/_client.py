# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The account at HostUp's API, of either version: read it, update it. The API's raw record does not get past this file.

Sources: https://developer.hostup.se, GET /api/account/details and POST /api/account/update (v1), GET and PATCH
/api/v2/me (v2).
"""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _records
from ansible_collections.hostup.cloud.plugins.module_utils._errors import ReadFailed, UpdateFailed
from ansible_collections.hostup.cloud.plugins.module_utils._fields import BY_OPTION, FIELDS, VERSIONS, Account
from ansible_collections.hostup.cloud.plugins.module_utils._session import Receipt, Reply, Request, Session
from ansible_collections.hostup.cloud.plugins.module_utils._shapes import ID, Unusable

_TABLE = {version: {f.name_in(version): f.option for f in FIELDS if f.name_in(version)} for version in VERSIONS}

_READ = {
    version: Request("GET", endpoint, "Reading the account", ReadFailed, "the scope read:account", table=_TABLE[version])
    for version, endpoint in (("v1", "/account/details"), ("v2", "/v2/me"))
}
_UPDATE = {
    "v1": Request("POST", "/account/update", "Updating the account", UpdateFailed, "the scope write:account"),
    "v2": Request(
        "PATCH",
        "/v2/me",
        "Updating the account",
        UpdateFailed,
        "the scope write:account",
        table=_TABLE["v2"],
        however="; a key of delegated access can't change a profile",
    ),
}


class Updated(t.NamedTuple):
    """An update that the API answered with success."""

    receipt: Receipt
    #: The account after it; None where the API does not show it: v1.
    account: Account | None


def read_account(session: Session, needed: t.Container[str] = ()) -> Account:
    """The account as it is. Raises ReadFailed, also where one of the needed options can't be read."""
    return _account(session, session.ask(_READ[session.version]), needed)


def update_account(session: Session, changes: dict[str, str], needed: t.Container[str] = ()) -> Updated:
    """Set the options to these values ("" clears), all in one request. Raises UpdateFailed."""
    names = {BY_OPTION[option].name_in(session.version): option for option in changes}
    raw = {name: BY_OPTION[option].shape_in(session.version).write(changes[option]) for name, option in names.items()}
    reply = session.ask(_UPDATE[session.version]._replace(body=_records.body(raw), names=names))
    return Updated(reply.receipt, _account(session, reply, needed) if session.version == "v2" else None)


def _account(session: Session, reply: Reply, needed: t.Container[str]) -> Account:
    """The account in an answer, its values known to the session as ones to hide. Raises ApiFailure."""
    try:
        record = _record(session.version, reply.data)
        session.scrub.add(_records.secrets(record, session.version))
        account = _records.account(record, session.version, needed)
    except Unusable as unusable:
        raise reply.unusable(unusable) from None
    session.hide(account.values)
    if session.redaction.hides_all and account.email:
        session.scrub.add([account.email])
    session.knows_account = True
    return account


def _record(version: str, data: dict[str, t.Any]) -> dict[str, t.Any]:
    record = data.get("client") if version == "v1" else data
    # every other value may be null, but what has no id is something else, which would read as an empty account, and be filled in
    if not isinstance(record, dict) or not _has_id(record, version):
        raise Unusable("holds no account record (%s)" % ("data.client with its id" if version == "v1" else "id"))
    return record


def _has_id(record: dict[str, t.Any], version: str) -> bool:
    if record.get("id") is None:
        # documented: in v2 even this one may be null
        return version == "v2" and "id" in record
    return _records.value(record, "id", ID) not in ("", "0")
