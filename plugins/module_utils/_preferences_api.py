# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The preferences at HostUp's API, of either version: read them, update them, an endpoint at a time.

Sources: https://developer.hostup.se, GET (inferred) and POST /api/account/preferences (v1), GET and PATCH
/api/v2/me/preferences and /api/v2/me/preferences/peppol (v2). What is not named here does not get past this file.
"""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _codec
from ansible_collections.hostup.cloud.plugins.module_utils._client import ApiRequest, Client
from ansible_collections.hostup.cloud.plugins.module_utils._codec import FLAG, ID, OBJECT, TEXT, InvalidResponse, Record
from ansible_collections.hostup.cloud.plugins.module_utils._errors import ReadFailed, RequestInfo, UpdateFailed
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_BY_OPTION, PREFERENCE_FIELDS, VERSIONS
from ansible_collections.hostup.cloud.plugins.module_utils._plan import names
from ansible_collections.hostup.cloud.plugins.module_utils._redact import REDACTED

PEPPOL = "/v2/me/preferences/peppol"
_CARD = "billing.cardAutoCharge"

#: By endpoint: keys of which each answer has at least one.
_TELLING = {
    "/account/preferences": ("language", "timezone", "email_notifications", "client_id"),
    "/v2/me/preferences": ("localization", "notifications", "security", "billing"),
    PEPPOL: ("optedOut", "eligible"),
}

#: Return value -> API v2's name of what else is known of Peppol, and the profile option that tells as much.
_PEPPOL_FACTS = {
    "eligible": ("eligible", FLAG, ""),
    "reason": ("reason", TEXT, ""),
    "org_number": ("orgNumber", TEXT, "org_number"),
    "peppol_id": ("peppolId", TEXT, "org_number"),
    "participant_name": ("participantName", TEXT, "company_name"),
    "looked_up_at": ("lookedUpAt", TEXT, ""),
}

#: By version: every name in a record that may be shown, hidden by the option that it belongs to.
_ALLOWED = {
    version: {
        *(field.name_in(version) for field in PREFERENCE_FIELDS),
        *(name for name, *_rest in _PEPPOL_FACTS.values()),
        "categories",
        _CARD + ".status",
    }
    for version in VERSIONS
}


class Preferences(t.NamedTuple):
    """What may be known of preferences outside the client, from one endpoint or several."""

    #: Option -> text, true, false, or a sorted list of names; None where unknown or not read.
    values: dict[str, t.Any]
    #: The options that the answers had a key for.
    present: frozenset[str] = frozenset()
    #: The account that they belong to; None where the answer does not say.
    account_id: str | None = None
    #: Whether invoices are paid with a saved card at present, and v2's word for it.
    card: dict[str, t.Any] | None = None
    #: Eligibility for invoices over Peppol, with its reason. Hidden values are hidden.
    peppol: dict[str, t.Any] | None = None
    #: The categories of e-mail that exist, by name.
    categories: list[str] | None = None

    def joined(self, other: Preferences) -> Preferences:
        """Both; where both know a value, the other's."""
        values = {**self.values, **{option: value for option, value in other.values.items() if value is not None}}
        facts = {name: fact for name, fact in other._asdict().items() if fact is not None}
        return self._replace(**{**facts, "values": values, "present": self.present | other.present})


#: Nothing has been read.
NOTHING = Preferences(dict.fromkeys(PREFERENCE_BY_OPTION))


def endpoints(version: str, options: t.Container[str]) -> list[str]:
    """Where these options are kept, each endpoint once; the first one where there are no options."""
    found = [f.endpoint_in(version) for f in PREFERENCE_FIELDS if f.option in options and f.name_in(version)]
    return list(dict.fromkeys(found)) or [PREFERENCE_FIELDS[0].endpoint_in(version)]


def read_preferences(client: Client, endpoint: str, needed: t.Container[str] = ()) -> Preferences:
    """What an endpoint has. Raises ReadFailed, also where one of the needed options can't be read."""
    request = ApiRequest("GET", endpoint, "Reading the preferences", ReadFailed, "the scope read:account")
    if client.version == "v1":
        advice = "check api_url, or set api_version to v2: that preferences can be read in v1 is not documented"
        request = request._replace(if_missing=advice)
    elif endpoint == PEPPOL:
        request = request._replace(if_missing="the account may have nothing to do with Peppol; else check api_url")
    preferences: Preferences = client.request(request, lambda data: _preferences(client, endpoint, needed, data)).value
    return preferences


def update_preferences(client: Client, endpoint: str, changes: dict[str, t.Any]) -> tuple[RequestInfo, Preferences]:
    """Set options of one endpoint, all in one request: what is known then. Raises UpdateFailed."""
    fields = {PREFERENCE_BY_OPTION[option].name_in(client.version): PREFERENCE_BY_OPTION[option] for option in changes}
    request = ApiRequest(
        "POST" if client.version == "v1" else "PATCH",
        endpoint,
        "Updating the preferences",
        UpdateFailed,
        _needs(client.version, list(changes)),
        _codec.body({name: field.codec_in(client.version).write(changes[field.option]) for name, field in fields.items()}),
        {name: field.option for name, field in fields.items()},
        table={f.name_in(client.version): f.option for f in PREFERENCE_FIELDS if f.name_in(client.version)},
    )
    response = client.request(request, lambda data: _preferences(client, endpoint, changes, data))
    return response.info, response.value


def _needs(version: str, options: list[str]) -> str:
    """The scopes that an update needs, and what for."""
    scopes: dict[str, list[str]] = {}
    for option in options:
        scopes.setdefault(PREFERENCE_BY_OPTION[option].scope_in(version), []).append(option)
    said = ["%s (for %s)" % (scope, names(sorted(of))) for scope, of in sorted(scopes.items())]
    return "the scope%s %s" % ("s" if len(said) > 1 else "", names(said))


def _preferences(client: Client, endpoint: str, needed: t.Container[str], data: Record) -> Preferences:
    """The allow-listed part of an answer; the client learns what is to be hidden. Raises InvalidResponse."""
    record = data.get("preferences") if client.version == "v1" else data
    if record == [] and client.version == "v1":
        # nothing has been set yet
        return NOTHING
    if not isinstance(record, dict) or not any(name in record for name in _TELLING[endpoint]):
        raise InvalidResponse("holds no preferences")
    client.scrub.add(_codec.hidden(record, _ALLOWED[client.version]))
    values: dict[str, t.Any] = dict.fromkeys(PREFERENCE_BY_OPTION)
    present = set()
    for field in PREFERENCE_FIELDS:
        name = field.name_in(client.version)
        if name and field.endpoint_in(client.version) == endpoint and _codec.has(record, name):
            present.add(field.option)
            value = _codec.known(record, name, field.codec_in(client.version), field.option in needed)
            values[field.option] = None if value == "" else value
    client.hide(values)
    found = Preferences(values, frozenset(present))
    if endpoint == PEPPOL:
        return found._replace(peppol=_peppol(client, record) if "eligible" in record else None)
    if client.version == "v1":
        return found._replace(account_id=_codec.value(record, "client_id", ID) or None)
    categories = record.get("categories")
    shown = sorted(filter(client.scrub.token, categories)) if isinstance(categories, dict) else None
    return found._replace(card=_card(client, record), categories=shown)


def _card(client: Client, record: dict[str, t.Any]) -> dict[str, t.Any] | None:
    if not _codec.known(record, _CARD, OBJECT):
        return None
    return {
        "in_effect": _codec.known(record, _CARD + ".enabled", FLAG),
        "status": client.scrub.token(_codec.known(record, _CARD + ".status", TEXT)),
    }


def _peppol(client: Client, record: dict[str, t.Any]) -> dict[str, t.Any]:
    shown = {}
    for fact, (name, codec, like) in _PEPPOL_FACTS.items():
        value = _codec.known(record, name, codec)
        client.hide({like: value})
        shown[fact] = client.redaction.shown(like, value)
    reason = shown["reason"]
    # a code where it is one; of other words nobody knows whom they name
    words = REDACTED if client.redaction.hides_all else client.scrub.line(reason)
    return {**shown, "reason": reason and (client.scrub.token(reason) or words)}
