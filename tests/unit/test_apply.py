# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One update and what became of it: sent, verified, and settled by reading back if its answer was lost."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils import _account, _apply, _preferences
from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.properties.conftest import Desk


class Case(t.NamedTuple):
    #: Options of the task; those of hostup_account if there is no timezone among them.
    declared: dict[str, t.Any]
    #: Whether the task fails, and whether it reports a change.
    failed: bool
    changed: bool
    #: Methods of the requests.
    requests: str
    #: Words of the message, or of the warning.
    words: str = ""
    faults: t.Sequence[Fault] = ()
    #: How the account behaves.
    habits: t.Mapping[str, t.Any] = {}


CITY, ZONE, TWO = {"city": "Lund"}, {"timezone": "UTC"}, {"city": "Lund", "vat_number": "SE556016068001"}
LOST, NEVER_APPLIED = Fault("drop", after=True, skip=1), Fault("drop", skip=1)
NO_READ_BACK = Fault("status", method="GET", skip=1, times=9)
HIDES_VAT = {"withheld": frozenset({"vateu"})}

CASES = {
    "v1 is read back": Case(CITY, False, True, "GET POST GET"),
    "v2 answers with what it stored": Case({**CITY, "api_version": "v2"}, False, True, "GET PATCH"),
    "not verified": Case({**CITY, "verify": False}, False, True, "GET POST"),
    "refused": Case(CITY, True, False, "GET POST", "HTTP 400", [Fault("status", status=400, method="POST")]),
    "shown a moment later": Case(CITY, False, True, "GET POST GET GET", habits={"lag": 1}),
    "accepted, not stored": Case(
        CITY, True, True, "GET POST GET GET", "does not hold the declared city", habits={"dropped": frozenset({"city"})}
    ),
    "stored in another form": Case(
        CITY, True, True, "GET POST GET GET", "HostUp stored city in another form", habits={"reshaped": {"city": "upper"}}
    ),
    "accepted, but can't be read back": Case(CITY, True, True, "GET POST GET", "whether it took is not known", [NO_READ_BACK]),
    "lost after it took effect": Case(CITY, False, True, "GET POST GET", "read back and is as declared", [LOST]),
    "lost before it took effect": Case(CITY, True, False, "GET POST GET GET", "does not hold the declared city", [NEVER_APPLIED]),
    "lost, partly unseen": Case(TWO, False, True, "GET POST GET", "as far as the API shows it", [LOST], HIDES_VAT),
    "lost, all of it unseen": Case(
        {"vat_number": "SE556016068001"}, True, True, "GET POST GET", "may or may not be updated", [LOST], HIDES_VAT
    ),
    "lost, and half of it stored": Case(
        {**CITY, "postcode": "222 22"},
        True,
        True,
        "GET POST GET GET",
        "does not hold the declared postcode",
        [LOST],
        {"dropped": frozenset({"postcode"})},
    ),
    "lost, and can't be read back": Case(
        CITY, True, True, "GET POST GET", "could not be read back either", [LOST, dataclasses.replace(NO_READ_BACK, skip=0)]
    ),
    "preferences, read back": Case(ZONE, False, True, "GET POST"),
    "preferences, lost after they took effect": Case(ZONE, False, True, "GET POST GET", "read back and are as declared", [LOST]),
    "preferences, lost before they took effect": Case(
        ZONE, True, False, "GET POST GET GET", "do not hold the declared timezone", [NEVER_APPLIED]
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_update_and_its_outcome(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES[name]
    # the second look comes at once
    monkeypatch.setattr(_apply, "_SETTLING", 0)
    with Emulator() as emulator:
        desk = Desk(emulator)
        account = desk.begin()
        for habit, value in case.habits.items():
            setattr(account, habit, value)
        emulator.faults.order(*case.faults)
        result = desk.task(_preferences.APPLY if "timezone" in case.declared else _account.APPLY, case.declared)
        requests = " ".join(entry.method for entry in emulator.journal)
    said = result.get("msg", "") + " ".join(result.get("warnings", []))
    assert (result.get("failed", False), result["changed"], requests) == (case.failed, case.changed, case.requests), said
    assert case.words in said
    assert bool(said) is bool(case.words)
