# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the sweep runs: every task of the tables of cases, audits and applications of a fleet, and the examples."""

from __future__ import annotations

import copy
import json
import shutil
import typing as t

from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.integration import test_audit
from ansible_collections.hostup.cloud.tests.integration.conftest import Fleets, Start
from ansible_collections.hostup.cloud.tests.integration.fleet import APPLY, AUDIT
from ansible_collections.hostup.cloud.tests.integration.runner import ROOT, Played, Player
from ansible_collections.hostup.cloud.tests.integration.shared_tasks import CASES


class Setting(t.NamedTuple):
    """What a play needs of the test that runs it."""

    player: Player
    start: Start
    fleets: Fleets
    flags: tuple[str, ...]
    env: dict[str, str]


def tables(setting: Setting, every: int = 1) -> Played:
    """Each case of the tables that hold the shells against each other, or every so many of them."""
    cases = dict(list(CASES.items())[::every])
    emulators = {name: case.start(setting.start) for name, case in cases.items()}
    tasks = [case.task(name, emulators[name].url, **copy.deepcopy(case.options)) for name, case in cases.items()]
    return setting.player.play(tasks, *setting.flags, env=setting.env)


def fleet(setting: Setting) -> Played:
    """Accounts that are in sync, drifted, hostile, hidden, refused and broken: audited, then applied."""
    fleet = setting.fleets(setting.player, ["drifted", "hidden", "hostile", "in-sync", "refused", "settled", "wrong"])
    fleet.accounts["drifted"].record.update(city="Malmö", personnummer="850709-9805")
    fleet.hosts["drifted"]["hostup_account_profile"] = {"city": "Lund", "personal_number": "{{ vault_personal_number }}"}
    fleet.hosts["hidden"]["hostup_account_options"] = {"api_url": fleet.emulator.url, "redact": ["all"]}
    fleet.accounts["hostile"].record["companyname"] = test_audit.HOSTILE["control"]
    fleet.hosts["hostile"]["hostup_account_profile"] = {"company_name": ""}
    fleet.accounts["refused"].keys = {}
    fleet.hosts["settled"].update(
        hostup_account_id=fleet.accounts["settled"].v2_id,
        hostup_account_options={"api_url": fleet.emulator.url, "api_version": "v2"},
        hostup_account_preferences={"timezone": "Europe/Oslo", "peppol_opt_out": True},
    )
    fleet.hosts["wrong"]["hostup_account_profile"] = {"personal_number": "{{ vault_personal_number }}1", "city": "{{ nobody }}"}
    fleet.run(AUDIT, "-e", "@vault.yml", *setting.flags, env=setting.env)
    return fleet.run(APPLY, "-e", "@vault.yml", *setting.flags, env=setting.env)


def quickstart(setting: Setting) -> Played:
    """The example of the README, with its own vault, on the emulator's own customers."""
    folder = setting.player.folder / "quickstart"
    shutil.copytree(ROOT / "examples" / "quickstart", folder, dirs_exist_ok=True)
    with Emulator() as emulator:
        env = {**setting.env, "HOSTUP_API_URL": emulator.url}
        shell = ["-e", json.dumps(setting.player.variables)]
        more = ["--vault-password-file", "quickstart/vault-password", "-i", "quickstart/inventory.yml", *shell]
        setting.player.run(*more, *setting.flags, "quickstart/account.yml", env=env)
        return setting.player.run(*more, *setting.flags, "quickstart/settings.yml", env=env)


PLAYS: dict[str, t.Callable[[Setting], Played]] = {"tables of cases": tables, "fleet": fleet, "quick start": quickstart}
