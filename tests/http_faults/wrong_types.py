# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wrong types: each field that the collection knows, in each answer to reading, as something that it is not."""

from __future__ import annotations

import functools
import json
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, PROFILE_FIELDS
from ansible_collections.hostup.cloud.plugins.module_utils._invoice_api import FACTS

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
    "list": {"null", "a list"},
    "object": {"null", "an object"},
    "record": set(),
    # nothing is written to it, and what it lacks reads as unset
    "client": {"an object"},
    "unread": set(WRONG),
}
#: What is right: values of these kinds; and an object of other keys lacks what is declared, which is sent with a warning.
_RIGHT = (("text", "a text"), ("flag", "a flag"), ("object", "an object"))
#: What the answer is held against: one that passes for a text may still be another account's.
_TELLING = ("id", "client_id")

_V1_SUCCESS = {"success": "flag", "data": "record"}
_PROFILE_V1 = dict.fromkeys(["status", "email", "company", *(f.v1 for f in PROFILE_FIELDS if f.v1)], "text")
_CARD = "billing.cardAutoCharge"


def _under(outer: str, kinds: t.Mapping[str, str]) -> dict[str, str]:
    return {outer + "." + name: kind for name, kind in kinds.items()}


_SETTINGS_V2 = {s.v2: {"bool": "flag", "str": "text", "list": "categories"}[s.type] for s in PREFERENCE_FIELDS}

#: Path -> dotted name -> kind.
KINDS: dict[str, dict[str, str]] = {
    "/api/account/details": {**_V1_SUCCESS, "data.client": "record", **_under("data.client", _PROFILE_V1)},
    "/api/account/preferences": {
        **_V1_SUCCESS,
        "data.preferences": "record",
        **_under("data.preferences", {s.v1: "flag" if s.type == "bool" else "text" for s in PREFERENCE_FIELDS if s.v1}),
    },
    "/api/billing/invoice/501": {
        **_V1_SUCCESS,
        "data.invoice": "record",
        "data.invoice.client": "client",
        **_under("data.invoice", dict.fromkeys(FACTS.values(), "text")),
        "data.invoice.metadata": "unread",
        **_under("data.invoice.client", _PROFILE_V1),
    },
    "/api/v2/me": {
        **{f.v2: "identifier" if f.option == "org_number" else "text" for f in PROFILE_FIELDS if f.v2},
        "email": "text",
        "address": "object",
    },
    "/api/v2/me/preferences": {
        **{name: kind for name, kind in _SETTINGS_V2.items() if name != "optedOut"},
        **dict.fromkeys(("localization", "notifications", "security", "billing", _CARD, "billing.separateInvoices"), "object"),
        _CARD + ".enabled": "flag",
        _CARD + ".status": "text",
        "categories": "unread",
    },
    "/api/v2/me/preferences/peppol": {
        **dict.fromkeys(("reason", "orgNumber", "peppolId", "participantName", "lookedUpAt"), "text"),
        "eligible": "flag",
        "optedOut": "flag",
    },
}


#: Places that read what another one reads, with the same code.
_READ_ELSEWHERE = ("preferences v2: whose", "invoice_info v1: read the account")


def type_faults(place: Place) -> t.Iterator[Fault]:
    """Each known field of the place's answer as each type that it is not; an odd answer to an update is any odd body."""
    if place.kind != READ or place.name in _READ_ELSEWHERE:
        return
    for name, kind in KINDS[place.path].items():
        for wrong in WRONG:
            if (kind, wrong) not in _RIGHT and name.rpartition(".")[2] not in _TELLING:
                fine = wrong in _PASSES[kind] or not _matters(place, name, kind)
                yield _fault(name, wrong, FINE if fine else UNKNOWN)


def _matters(place: Place, name: str, kind: str) -> bool:
    """Whether a task needs to know: the answer's frame, and what it declares."""
    if kind in ("record", "client") or name in _V1_SUCCESS:
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
