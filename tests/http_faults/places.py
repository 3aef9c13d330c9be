# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests of the modules, each a place where a fault may strike."""

from __future__ import annotations

import dataclasses
import typing as t

READ, WRITE, BACK = "read", "write", "read back"

#: What an account declares, by the emulator's names: by write, the values that it sets.
PROFILE = {"city": "Lund", "postcode": "22222"}
PREFERENCE_FIELDS = {"language": "en", "timezone": "Europe/Oslo"}
PEPPOL = {"peppol_opt_out": True}


@dataclasses.dataclass(frozen=True, eq=False)
class Place:
    """One request of one module."""

    name: str
    module: str
    version: str
    #: READ, before any write; WRITE; BACK, to see whether a write took.
    kind: str
    #: "GET /account/details"
    request: str
    #: Requests that go through before it.
    before: int = 0
    options: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    #: What the writes set, in their order.
    writes: tuple[dict[str, t.Any], ...] = ()
    #: The number of the write (from 1) that it is, or that it reads back.
    number: int = 0
    #: A write whose answers are all lost first, although it is carried out.
    lost: str = ""
    #: Key that the answers of writes lack.
    thinned: str = ""

    @property
    def method(self) -> str:
        return self.request.partition(" ")[0]

    @property
    def path(self) -> str:
        """On the server."""
        return "/api" + self.request.partition(" ")[2]


_DETAILS, _UPDATE, _ME, _PATCH = "GET /account/details", "POST /account/update", "GET /v2/me", "PATCH /v2/me"
_V1, _V1_WRITE = "GET /account/preferences", "POST /account/preferences"
_V2, _V2_WRITE = "GET /v2/me/preferences", "PATCH /v2/me/preferences"
_PEPPOL, _PEPPOL_WRITE = _V2 + "/peppol", _V2_WRITE + "/peppol"
_BOTH: dict[str, t.Any] = {"options": {**PREFERENCE_FIELDS, **PEPPOL}, "writes": (PREFERENCE_FIELDS, PEPPOL)}


def _account(name: str, version: str, kind: str, request: str, before: int = 0, **more: t.Any) -> Place:
    return Place(
        "account %s: %s" % (version, name), "hostup_account", version, kind, request, before, dict(PROFILE), (PROFILE,), **more
    )


def _preferences(name: str, version: str, kind: str, request: str, before: int = 0, **more: t.Any) -> Place:
    what = {"options": dict(PREFERENCE_FIELDS), "writes": (PREFERENCE_FIELDS,), **more}
    return Place("preferences %s: %s" % (version, name), "hostup_account_preferences", version, kind, request, before, **what)


PLACES = (
    _account("read", "v1", READ, _DETAILS),
    _account("write", "v1", WRITE, _UPDATE, 1, number=1),
    _account("verify", "v1", BACK, _DETAILS, 2, number=1),
    _account("read back after a lost answer", "v1", BACK, _DETAILS, 1, number=1, lost=_UPDATE),
    _account("read", "v2", READ, _ME),
    _account("write", "v2", WRITE, _PATCH, 1, number=1),
    _account("verify", "v2", BACK, _ME, 2, number=1, thinned="address"),
    _account("read back after a lost answer", "v2", BACK, _ME, 1, number=1, lost=_PATCH),
    Place("info v1: read", "hostup_account_info", "v1", READ, _DETAILS),
    Place("info v2: read", "hostup_account_info", "v2", READ, _ME),
    _preferences("read", "v1", READ, _V1),
    _preferences("write", "v1", WRITE, _V1_WRITE, 1, number=1),
    _preferences("verify", "v1", BACK, _V1, 2, number=1, thinned="language"),
    _preferences("read back after a lost answer", "v1", BACK, _V1, 1, number=1, lost=_V1_WRITE),
    _preferences("read", "v2", READ, _V2, **_BOTH),
    _preferences("read Peppol", "v2", READ, _PEPPOL, 1, **_BOTH),
    _preferences("whose", "v2", READ, _ME, 1, options={**PREFERENCE_FIELDS, "account_id": "{{ item.v2_id }}"}),
    _preferences("write", "v2", WRITE, _V2_WRITE, 2, number=1, **_BOTH),
    _preferences("verify", "v2", BACK, _V2, 3, number=1, thinned="localization", **_BOTH),
    _preferences("read back after a lost answer", "v2", BACK, _V2, 2, number=1, lost=_V2_WRITE, **_BOTH),
    _preferences("write Peppol", "v2", WRITE, _PEPPOL_WRITE, 3, number=2, **_BOTH),
    _preferences("read Peppol back after a lost answer", "v2", BACK, _PEPPOL, 3, number=2, lost=_PEPPOL_WRITE, **_BOTH),
    Place("preferences_info v1: read", "hostup_account_preferences_info", "v1", READ, _V1),
    Place("preferences_info v2: read", "hostup_account_preferences_info", "v2", READ, _V2),
    Place("preferences_info v2: read Peppol", "hostup_account_preferences_info", "v2", READ, _PEPPOL, 1),
    Place("invoice_info v1: read the account", "hostup_invoice_info", "v1", READ, _DETAILS, options={"invoice_id": 501}),
    Place(
        "invoice_info v1: read the invoice", "hostup_invoice_info", "v1", READ, "GET /billing/invoice/501", 1, {"invoice_id": 501}
    ),
)
