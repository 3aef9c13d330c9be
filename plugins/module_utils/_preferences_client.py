# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The preferences at HostUp's API, of either version: read them, update them, an endpoint at a time.

Sources: https://developer.hostup.se, GET (inferred) and POST /api/account/preferences (v1), GET and PATCH
/api/v2/me/preferences and /api/v2/me/preferences/peppol (v2). What is not named here does not get past this file.
"""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _records
from ansible_collections.hostup.cloud.plugins.module_utils._errors import ReadFailed, UpdateFailed
from ansible_collections.hostup.cloud.plugins.module_utils._plan import names
from ansible_collections.hostup.cloud.plugins.module_utils._redact import REDACTED
from ansible_collections.hostup.cloud.plugins.module_utils._session import Receipt, Reply, Request, Session
from ansible_collections.hostup.cloud.plugins.module_utils._settings import BY_OPTION, SETTINGS
from ansible_collections.hostup.cloud.plugins.module_utils._shapes import FLAG, ID, OBJECT, TEXT, Unusable

PEPPOL = "/v2/me/preferences/peppol"
_CARD = "billing.cardAutoCharge"

#: By endpoint: keys of which an answer has at least one, or else it is something else.
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


_NOT_READABLE = "check api_url, or set api_version to v2: that preferences can be read in v1 is not documented"


class Preferences(t.NamedTuple):
    """What may be known of preferences outside the client, from one endpoint or several."""

    #: Option -> text, true, false, or a sorted list of names; None where unknown or not read.
    values: dict[str, t.Any]
    #: The options that the answers had a key for.
    given: frozenset[str] = frozenset()
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
        values = {option: mine if other.values[option] is None else other.values[option] for option, mine in self.values.items()}
        return Preferences(
            values,
            self.given | other.given,
            other.account_id or self.account_id,
            other.card or self.card,
            other.peppol or self.peppol,
            self.categories if other.categories is None else other.categories,
        )


#: Nothing has been read.
NOTHING = Preferences(dict.fromkeys(BY_OPTION))


def endpoints(version: str, options: t.Container[str]) -> list[str]:
    """Where these options are kept, each endpoint once; the first one where there are no options."""
    first = SETTINGS[0].endpoint_in(version)
    found = [s.endpoint_in(version) for s in SETTINGS if s.option in options and s.name_in(version)]
    return list(dict.fromkeys(found)) or [first]


def read_preferences(session: Session, endpoint: str, needed: t.Container[str] = ()) -> Preferences:
    """What an endpoint has. Raises ReadFailed, also where one of the needed options can't be read."""
    request = Request("GET", endpoint, "Reading the preferences", ReadFailed, "the scope read:account")
    if session.version == "v1":
        request = request._replace(if_missing=_NOT_READABLE)
    elif endpoint == PEPPOL:
        request = request._replace(if_missing="the account may have nothing to do with Peppol; else check api_url")
    return _preferences(session, endpoint, session.ask(request), needed)


def update_preferences(session: Session, endpoint: str, changes: dict[str, t.Any]) -> tuple[Receipt, Preferences]:
    """Set options of one endpoint, all in one request: what is known then. Raises UpdateFailed."""
    settings = {BY_OPTION[option].name_in(session.version): BY_OPTION[option] for option in changes}
    reply = session.ask(
        Request(
            "POST" if session.version == "v1" else "PATCH",
            endpoint,
            "Updating the preferences",
            UpdateFailed,
            _needs(session.version, list(changes)),
            _records.body({name: setting.shape.write(changes[setting.option]) for name, setting in settings.items()}),
            {name: setting.option for name, setting in settings.items()},
            table={s.name_in(session.version): s.option for s in SETTINGS if s.name_in(session.version)},
        )
    )
    return reply.receipt, _preferences(session, endpoint, reply, changes)


def _needs(version: str, options: list[str]) -> str:
    """The scopes that an update needs, and what for."""
    scopes: dict[str, list[str]] = {}
    for option in options:
        scopes.setdefault(BY_OPTION[option].scope_in(version), []).append(option)
    said = ["%s (for %s)" % (scope, names(sorted(of))) for scope, of in sorted(scopes.items())]
    return "the scope%s %s" % ("s" if len(said) > 1 else "", names(said))


def _preferences(session: Session, endpoint: str, reply: Reply, needed: t.Container[str]) -> Preferences:
    """What is in an answer, its values known to the session as ones to hide. Raises ApiFailure."""
    try:
        record = reply.data.get("preferences") if session.version == "v1" else reply.data
        if record == [] and session.version == "v1":
            # as yet, nothing has been set
            return NOTHING
        if not isinstance(record, dict) or not any(name in record for name in _TELLING[endpoint]):
            raise Unusable("holds no preferences")
        session.scrub.add(_records.hidden(record, _known(session.version)))
        return _read(session, endpoint, record, needed)
    except Unusable as unusable:
        raise reply.unusable(unusable) from None


def _known(version: str) -> frozenset[str]:
    """The names in a record that are no secret: where they are hidden, `_read` and `_peppol` see to it."""
    facts = {fact[0] for fact in _PEPPOL_FACTS.values()}
    return frozenset(s.name_in(version) for s in SETTINGS) | facts | {"categories", _CARD + ".status"}


def _read(session: Session, endpoint: str, record: dict[str, t.Any], needed: t.Container[str]) -> Preferences:
    """The allow-listed part of a record. Raises Unusable."""
    values: dict[str, t.Any] = dict.fromkeys(BY_OPTION)
    given = set()
    for setting in SETTINGS:
        name = setting.name_in(session.version)
        if name and setting.endpoint_in(session.version) == endpoint and _records.has(record, name):
            given.add(setting.option)
            value = _records.known(record, name, setting.shape, setting.option in needed)
            values[setting.option] = None if value == "" else value
    session.hide(values)
    found = Preferences(values, frozenset(given))
    if endpoint == PEPPOL:
        return found._replace(peppol=_peppol(session, record) if "eligible" in record else None)
    if session.version == "v1":
        return found._replace(account_id=_records.value(record, "client_id", ID) or None)
    categories = record.get("categories")
    names = sorted(filter(session.scrub.token, categories)) if isinstance(categories, dict) else None
    return found._replace(card=_card(session, record), categories=names)


def _card(session: Session, record: dict[str, t.Any]) -> dict[str, t.Any] | None:
    if not _records.known(record, _CARD, OBJECT):
        return None
    return {
        "in_effect": _records.known(record, _CARD + ".enabled", FLAG),
        "status": session.scrub.token(_records.known(record, _CARD + ".status", TEXT)),
    }


def _peppol(session: Session, record: dict[str, t.Any]) -> dict[str, t.Any]:
    shown = {}
    for fact, (name, shape, like) in _PEPPOL_FACTS.items():
        value = _records.known(record, name, shape)
        session.hide({like: value})
        shown[fact] = session.redaction.shown(like, value)
    reason = shown["reason"]
    # a code where it is one; of other words nobody knows whom they name
    words = REDACTED if session.redaction.hides_all else session.scrub.line(reason)
    return {**shown, "reason": reason and (session.scrub.token(reason) or words)}
