# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An audit in slices: each looks at its own accounts, once, and the reports of all are those of one audit of everything.

The documentation's own commands slice with `--limit`: `test_runner.py` runs them.
"""

from __future__ import annotations

import json
import typing as t

from ansible_collections.hostup.cloud.tests.integration.conftest import Fleets
from ansible_collections.hostup.cloud.tests.integration.fleet import AUDIT, Fleet, verdict
from ansible_collections.hostup.cloud.tests.integration.runner import Played, Player

NAMES = ["a", "b", "c", "d", "e"]
#: Enough to see what a slice has found.
JSON = ("-e", '{"hostup_audit_formats": ["json"]}')

#: The variables that AWX gives to a sliced job, and what the documentation makes of them.
_AWX = (
    *("-e", "awx_workflow_job_id=7"),
    *("-e", "{'hostup_audit_report_dir': 'slices/{{ awx_workflow_job_id | default(\"single\") }}/{{ awx_job_id }}'}"),
)


def _as_awx(fleet: Fleet, number: int, count: int, *flags: str) -> Played:
    """Run a slice with an inventory that has every so many of the hosts, sorted by name, as AWX makes it."""
    everything = dict(fleet.hosts)
    fleet.hosts = {name: everything[name] for name in sorted(everything)[number::count]}
    try:
        return fleet.run(AUDIT, *flags)
    finally:
        fleet.hosts = everything


def _found(fleet: Fleet, folder: str) -> dict[str, t.Any]:
    report = json.loads((fleet.player.folder / folder / "audit.json").read_text(encoding="utf-8"))
    return {account["name"]: account for account in report["accounts"]}


def test_slices_are_one_audit(in_process_player: Player, fleets: Fleets) -> None:
    fleet = fleets(in_process_player, NAMES)
    fleet.accounts["d"].record["city"] = "Malmö"
    assert verdict(fleet.run(AUDIT, *JSON)) == "1 of 5 accounts drifted: see hostup-audit/audit.json"
    together: dict[str, t.Any] = {}
    for number, names in enumerate((["a", "c", "e"], ["b", "d"])):
        played = _as_awx(fleet, number, 2, *_AWX, "-e", "awx_job_id=%d" % number, *JSON)
        assert len(fleet.emulator.journal) == len(names)
        # the verdict is the slice's own, and so is the exit code
        drifted = "d" in names
        sentence = "1 of %d accounts drifted" if drifted else "%d accounts checked, none drifted"
        assert (played.code, verdict(played).partition(":")[0]) == (2 if drifted else 0, sentence % len(names))
        found = _found(fleet, "slices/7/%d" % number)
        assert sorted(found) == names
        together.update(found)
    assert together == _found(fleet, "hostup-audit")


def test_a_slice_without_accounts_is_refused(in_process_player: Player, fleets: Fleets) -> None:
    """More slices than accounts: Ansible itself fails the surplus ones, instead of successes that have looked at nothing."""
    fleet = fleets(in_process_player, NAMES[:1])
    played = fleet.run(AUDIT, "--limit", "hostup_accounts[1:1]")
    assert played.code != 0, played.output
    assert fleet.emulator.journal == []
