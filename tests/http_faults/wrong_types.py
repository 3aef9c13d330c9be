# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wrong types: fields of each kind, in each answer to reading, as something that they are not."""

from __future__ import annotations

import functools
import json
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, PROFILE_FIELDS

from .fault import FINE, UNKNOWN, Exchange, Fault, wire
from .places import READ, Place

WRONG: dict[str, t.Any] = {"null": None, "a list": [7], "an object": {"a": 7}, "a number": 7, "a flag": True, "a text": "odd"}

#: Kind of field -> the values that pass for one: all other wrong ones are refused, if the field is declared.
_PASSES = {
    "text": {"null", "a number", "a flag", "a text"},
    "flag": {"null", "a flag"},
    # HostUp's two forms of an organisation's number: an object, and a text
    "identifier": {"null", "an object", "a number", "a flag", "a text"},
    "categories": {"null", "an object"},
    "object": {"null", "an object"},
    "record": set(),
    # nothing is written to it, and what it lacks reads as unset
    "client": {"an object"},
    "unread": set(WRONG),
}
#: What is right: values of these kinds; and an object of other keys lacks what is declared, which is sent with a warning.
_RIGHT = (("text", "a text"), ("flag", "a flag"), ("object", "an object"))

#: Path -> dotted name -> kind; of each kind one that the tasks of `places` declare, and one that they do not.
KINDS: dict[str, dict[str, str]] = {
    "/api/account/details": {
        "success": "flag",
        "data": "record",
        "data.client": "record",
        "data.client.city": "text",
        "data.client.company": "text",
        "data.client.orgno": "text",
    },
    "/api/account/preferences": {
        "success": "flag",
        "data": "record",
        "data.preferences": "record",
        "data.preferences.timezone": "text",
        "data.preferences.bankid_only_login": "flag",
    },
    "/api/billing/invoice/501": {
        "success": "flag",
        "data": "record",
        "data.invoice": "record",
        "data.invoice.client": "client",
        "data.invoice.client.city": "text",
        "data.invoice.total": "text",
        "data.invoice.metadata": "unread",
    },
    "/api/v2/me": {
        "registrationIdentifier": "identifier",
        "address": "object",
        "address.city": "text",
        "email": "text",
    },
    "/api/v2/me/preferences": {
        "localization": "object",
        "localization.timezone": "text",
        "notifications.delivery": "categories",
        "security": "object",
        "security.bankIdOnlyLogin": "flag",
        "billing.cardAutoCharge": "object",
        "billing.cardAutoCharge.status": "text",
        "categories": "unread",
    },
    "/api/v2/me/preferences/peppol": {"reason": "text", "eligible": "flag", "optedOut": "flag"},
}


#: Places that read what another one reads, with the same code.
_READ_ELSEWHERE = ("preferences v2: whose", "invoice_info v1: read the account")


def type_faults(place: Place) -> t.Iterator[Fault]:
    """These fields of the place's answer as each type that they are not; an odd answer to an update is any odd body."""
    if place.kind != READ or place.name in _READ_ELSEWHERE:
        return
    for name, kind in KINDS[place.path].items():
        for wrong in WRONG:
            if (kind, wrong) not in _RIGHT:
                fine = wrong in _PASSES[kind] or not _matters(place, name, kind)
                yield _fault(name, wrong, FINE if fine else UNKNOWN)


def _matters(place: Place, name: str, kind: str) -> bool:
    """Whether a task needs to know: the answer's frame, and what it declares."""
    if kind in ("record", "client") or name == "success":
        return True
    key = name.rpartition(".")[2] if place.version == "v1" else name
    declared = [row.name_in(place.version) for row in (*PROFILE_FIELDS, *PREFERENCE_FIELDS) if row.option in place.options]
    return any(known == key or known.startswith(key + ".") for known in declared)


@functools.lru_cache(maxsize=None)
def _fault(name: str, wrong: str, outcome: str) -> Fault:
    def strike(x: Exchange) -> bool:
        value = x.value()
        _put(value, name.split("."), WRONG[wrong])
        x.send(wire(200, json.dumps(value).encode(), "Content-Type: application/json"))
        return True

    words, status = ("", None) if outcome == FINE else ("a body that", 200)
    return Fault("types", "%s, %s" % (name, wrong), strike, outcome, status, 1, once=True, words=words, shade=True)


def _put(record: dict[str, t.Any], keys: list[str], value: t.Any) -> None:
    for key in keys[:-1]:
        record = record.setdefault(key, {})
    record[keys[-1]] = value
