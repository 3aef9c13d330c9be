# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Audits that are stopped, late, refused or can't write: no report of another run stays, and no incomplete audit ends with 0."""

from __future__ import annotations

import signal

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Fault
from ansible_collections.hostup.cloud.tests.integration.conftest import Fleets
from ansible_collections.hostup.cloud.tests.integration.fleet import AUDIT, ROLE, Fleet, own_play, verdict
from ansible_collections.hostup.cloud.tests.integration.interrupting import HELD, children, has_ended, under_way, until
from ansible_collections.hostup.cloud.tests.integration.runner import Player

FILES = ["audit.html", "audit.json", "audit.junit.xml", "audit.md"]
#: A Swedish organisation number whose check digit does not add up.
ODD = "556016-0681"


def _files(fleet: Fleet) -> list[str]:
    folder = fleet.player.folder / "hostup-audit"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=["SIGTERM", "Ctrl-C", "SIGKILL"])
def test_a_stopped_audit_leaves_no_report_of_an_earlier_one(
    in_process_player: Player, fleets: Fleets, stop: signal.Signals
) -> None:
    fleet = fleets(in_process_player, ["one", "two"])
    fleet.emulator.faults.order(Fault("slow", times=2, seconds=HELD))
    inventory, folder = fleet.write(), in_process_player.folder / "hostup-audit"
    folder.mkdir(exist_ok=True)
    # the last is none of the role's
    for name in (*FILES, "notes.txt"):
        (folder / name).write_text("of an earlier run", encoding="utf-8")
    with under_way(in_process_player, "-i", inventory, AUDIT) as controller:
        until(lambda: len(fleet.emulator.journal) == 2)
        assert _files(fleet) == ["notes.txt"]
        workers = children(controller.pid)
        controller.send_signal(stop)
        assert controller.wait(120) != 0
    # what goes on after its run writes no report over that of the next one
    until(lambda: all(map(has_ended, workers)))
    assert _files(fleet) == ["notes.txt"]
    (folder / "notes.txt").unlink()


@pytest.mark.parametrize("obstacle", ["folder is a file", "report is a folder"])
def test_the_verdict_is_said_without_reports(in_process_player: Player, fleets: Fleets, obstacle: str) -> None:
    fleet = fleets(in_process_player, ["one", "two"])
    folder = in_process_player.folder / obstacle.replace(" ", "-")
    if obstacle == "folder is a file":
        folder.write_text("a file", encoding="utf-8")
    else:
        (folder / "audit.md").mkdir(parents=True)
        (folder / "audit.html").write_text("an old report", encoding="utf-8")
    play = own_play(roles=[ROLE], ignore_errors=True, vars={"hostup_audit_report_dir": folder.name})
    played = fleet.run(fleet.player.write("unwritable.yml", [play]))
    assert played.code == 2
    assert verdict(played).startswith("2 accounts checked, none drifted; no report is written to %s: " % folder.name)
    assert folder.is_file() or [path.name for path in folder.iterdir()] == ["audit.md"]


@pytest.mark.parametrize("strategy", ["ansible.builtin.free", "host_pinned"])
def test_a_strategy_without_order_is_refused_before_any_request(in_process_player: Player, fleets: Fleets, strategy: str) -> None:
    """It neither counts on an earlier audit in the same run, nor leaves its report."""
    fleet = fleets(in_process_player, ["one", "two", "three"])
    playbook = fleet.player.write(
        "order.yml", [own_play(roles=[ROLE]), own_play(strategy=strategy, ignore_errors=True, roles=[ROLE])]
    )
    played = fleet.run(playbook, "--forks", "1")
    assert played.code == 2
    assert "run it with the strategy linear" in played.output
    assert (fleet.methods(), _files(fleet)) == (["GET"] * 3, [])


def test_hosts_with_one_account_are_errors(in_process_player: Player, fleets: Fleets) -> None:
    """Even if one of them asks the other version of the API."""
    fleet = fleets(in_process_player, ["one", "two", "three", "four", "five"])
    for name, other, version in (("two", "one", "v1"), ("four", "three", "v2")):
        fleet.hosts[name] = {
            "hostup_account_api_key": "{{ vault_hostup_api_keys['%s'] }}" % other,
            "hostup_account_profile": {"city": "Lund"},
            "hostup_account_options": {"api_url": fleet.emulator.url, "api_version": version},
        }
    played = fleet.run(AUDIT)
    assert (played.code, verdict(played)) == (2, "4 of 5 accounts could not be checked: see hostup-audit/audit.html")
    accounts = fleet.reports().accounts
    assert {name: account["status"] for name, account in accounts.items()} == {
        **dict.fromkeys(("one", "two", "three", "four"), "error"),
        "five": "in_sync",
    }
    assert [account["changes"] for account in accounts.values()] == [[]] * 5
    assert [accounts[name]["account_id"] for name in ("one", "two", "three")] == ["1001", "1001", "1003"]
    for name, other in (("one", "two"), ("two", "one")):
        assert "Account 1001 also belongs to the host %s: check the API key" % other in accounts[name]["error"]["message"]
    for name, other in (("three", "four"), ("four", "three")):
        assert "also belongs to the host %s: check the API key" % other in accounts[name]["error"]["message"]


@pytest.mark.parametrize(("flags", "code"), [((), 0), (("-e", "hostup_audit_fail_on_warnings=true"), 2)], ids=["told", "counted"])
def test_warnings_are_in_each_report(in_process_player: Player, fleets: Fleets, flags: tuple[str, ...], code: int) -> None:
    fleet = fleets(in_process_player, ["one", "two"])
    fleet.accounts["one"].record["orgno"] = "[SE]" + ODD
    fleet.hosts["one"]["hostup_account_profile"]["org_number"] = ODD
    played = fleet.run(AUDIT, *flags)
    assert (played.code, verdict(played)) == (
        code,
        "2 accounts checked, none drifted, 1 with warnings: see hostup-audit/audit.html",
    )
    reports = fleet.reports()
    warning = "org_number looks wrong: its check digit does not add up."
    assert [text[: len(warning)] for text in reports.accounts["one"]["warnings"]] == [warning]
    assert reports.accounts["two"]["warnings"] == []
    assert all(warning in text for text in (reports.rendered, reports.html, reports.xml))
    assert "one: warning: " + warning in played.output
    assert ODD not in played.output


def test_a_time_limit_of_tasks_leaves_late_accounts_unchecked(in_process_player: Player, fleets: Fleets) -> None:
    fleet = fleets(in_process_player, ["one", "two"])
    fleet.emulator.faults.order(Fault("slow", seconds=HELD))
    played = fleet.run(AUDIT, env={"ANSIBLE_TASK_TIMEOUT": "4"})
    assert (played.code, verdict(played)) == (2, "1 of 2 accounts could not be checked: see hostup-audit/audit.html")
    late = next(account for account in fleet.reports().accounts.values() if account["error"])
    assert late["error"]["message"] == (
        "The account was not read within the time limit of the task (4 s): "
        "raise ANSIBLE_TASK_TIMEOUT, or the `timeout` of the task."
    )


def test_module_defaults_count_and_no_callback_sees_the_key(in_process_player: Player, fleets: Fleets) -> None:
    """The player sweeps what callbacks see."""
    fleet = fleets(in_process_player, ["one"])
    key = next(iter(fleet.accounts["one"].keys))
    fleet.hosts["one"].update(hostup_account_api_key=None)
    in_process_player.encrypt("key.yml", {"only_key": key})
    defaults = {"group/hostup.cloud.hostup": {"api_key": "{{ only_key }}", "redact": ["city"]}}
    audit = {"name": "Audit", "hostup.cloud.hostup_audit": {"concurrency": 1}, "register": "audit"}
    fleet.accounts["one"].record["city"] = "Malmö"
    play = own_play(tasks=[audit], module_defaults=defaults, vars_files=["key.yml"])
    played = fleet.run(fleet.player.write("defaults.yml", [play]), "-vvv", env={"ANSIBLE_DISPLAY_ARGS_TO_STDOUT": "true"})
    assert played.code == 0
    assert played["Audit"]["verdict"] == "1 of 1 account drifted"
    changes = played["Audit"]["report"]["accounts"][0]["changes"]
    assert changes == [{"field": "city", "before": "(redacted: current)", "after": "(redacted: wanted)"}]
