# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The audit: every account a row in every report, one verdict, and never a write."""

from __future__ import annotations

import collections
import json
import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._characters import unescaped
from ansible_collections.hostup.cloud.plugins.plugin_utils._display_text import visible
from ansible_collections.hostup.cloud.tests.emulator import Fault
from ansible_collections.hostup.cloud.tests.integration.conftest import Fleets, Start
from ansible_collections.hostup.cloud.tests.integration.fleet import APPLY, AUDIT, DECLARED, ROLE, Table, own_play, verdict
from ansible_collections.hostup.cloud.tests.integration.runner import Player
from ansible_collections.hostup.cloud.tests.integration.secrets import PERSONAL_STORED

NAMES = ["account-%02d" % number for number in range(50)]


def test_fifty_accounts_of_which_five_are_not_well(in_process_player: Player, fleets: Fleets, start: Start) -> None:
    fleet = fleets(in_process_player, NAMES)
    fleet.accounts["account-03"].record["city"] = "Malmö"
    fleet.accounts["account-07"].record.update(postcode="22100", phonenumber="")
    fleet.hosts["account-11"]["hostup_account_profile"]["city"] = ""
    fleet.accounts["account-05"].keys.clear()
    # the audit runs on the controller, wherever tasks run
    fleet.hosts["account-03"]["hostup_in_process"] = False
    late = start()
    late.faults.order(Fault("hang", times=9, seconds=3))
    fleet.hosts["account-49"]["hostup_account_options"] = {"api_url": late.url, "api_timeout": 1, "api_retries": 0}

    played = fleet.run(AUDIT, env={"ANSIBLE_SHOW_CUSTOM_STATS": "true"})
    assert played.code == 2
    assert verdict(played) == "3 of 50 accounts drifted, 2 could not be checked: see hostup-audit/audit.html"
    assert fleet.methods() == ["GET"] * 49
    assert [entry.method for entry in late.journal] == ["GET"]
    reports = fleet.reports()
    assert reports.names() == dict.fromkeys(("json", "markdown", "html", "junit"), NAMES)
    assert reports.json["summary"] == {"accounts": 50, "in_sync": 45, "drifted": 3, "errors": 2}
    found = {name: account["status"] for name, account in reports.accounts.items() if account["status"] != "in_sync"}
    assert found == {
        **dict.fromkeys(("account-03", "account-07", "account-11"), "drifted"),
        **dict.fromkeys(("account-05", "account-49"), "error"),
    }
    assert reports.accounts["account-07"]["account_id"] == "1008"
    assert reports.accounts["account-07"]["changes"] == [
        {"field": "phone_number", "before": "", "after": "070-000 00 00"},
        {"field": "postcode", "before": "22100", "after": "12345"},
    ]
    revoked, timed_out = (reports.accounts[name]["error"] for name in ("account-05", "account-49"))
    assert (revoked["code"], revoked["status"]) == ("UNAUTHORIZED", 401)
    assert revoked["request_id"] in revoked["message"]
    assert "check api_key" in revoked["message"]
    assert (timed_out["code"], timed_out["status"]) == (None, None)
    assert "1 s" in timed_out["message"]
    assert reports.accounts["account-49"]["account_id"] == "1050"
    counts = {name: reports.junit.find("testsuite").attrib[name] for name in ("tests", "failures", "errors")}  # type: ignore[union-attr]
    assert counts == {"tests": "50", "failures": "3", "errors": "2"}

    # AWX and others show the statistics
    statistics = json.loads(played.output.partition("RUN: ")[2].splitlines()[0])["hostup_audit"]
    drifted, errors = (sorted(name for name, status in found.items() if status == wanted) for wanted in ("drifted", "error"))
    assert statistics == {"summary": reports.json["summary"], "drifted": drifted, "errors": errors}

    # once more, with drift allowed: the same reports, and the two still fail
    again = fleet.run(AUDIT, "-e", "hostup_audit_fail_on_drift=false")
    assert (again.code, verdict(again)) == (2, verdict(played))
    assert fleet.reports().stable() == reports.stable()


def test_audit_and_apply_with_drift_alone(in_process_player: Player, fleets: Fleets) -> None:
    """No tag hides it, it fails or doesn't, as one says, and what is applied has not drifted."""
    fleet = fleets(in_process_player, ["one", "two", "three"])
    fleet.accounts["one"].record["city"] = "Malmö"
    fleet.hosts["two"]["hostup_account_preferences"] = {"timezone": "Europe/Stockholm"}
    seen = []
    for playbook, *flags in (
        (AUDIT, "--tags", "none"),
        (AUDIT, "-e", "hostup_audit_fail_on_drift=no", "--check"),
        (APPLY, "--check"),
        (APPLY,),
        (AUDIT, "--limit", "one"),
    ):
        played = fleet.run(playbook, *flags)
        seen.append((played.code, verdict(played) if playbook == AUDIT else "", "".join(m[0] for m in sorted(fleet.methods()))))
        # headings do not grow with the accounts
        headings = [line for line in played.output.splitlines() if line.startswith("TASK [")]
        assert len(headings) == len(set(headings)), headings
        assert "skipping: [three]" not in played.output
    drifted = "1 of 3 accounts drifted: see hostup-audit/audit.html"
    assert seen == [
        (2, drifted, "GGGG"),
        (0, drifted, "GGGG"),
        (0, "", "GGGG"),
        (0, "", "GGGGGP"),
        (0, "1 account checked, none drifted: see hostup-audit/audit.html", "G"),
    ]
    assert fleet.accounts["one"].record["city"] == "Stockholm"


def test_nothing_makes_it_write(in_process_player: Player, fleets: Fleets) -> None:
    fleet = fleets(in_process_player, ["one"])
    fleet.accounts["one"].record["city"] = "Malmö"
    fleet.hosts["one"]["hostup_account_preferences"] = {"timezone": "Europe/Oslo"}
    off = {"hostup_audit_fail_on_drift": False}
    include = {"name": "Include", "ansible.builtin.include_role": {"name": ROLE, "apply": {"check_mode": False}}}
    block = {"name": "Block", "check_mode": False, "block": [{"name": "Import", "ansible.builtin.import_role": {"name": ROLE}}]}
    plays = [
        own_play(check_mode=False, roles=[{"role": ROLE, "check_mode": False}], vars=off),
        own_play(tasks=[include], vars={**off, "ansible_check_mode": False}),
        own_play(tasks=[block], vars=off, check_mode=False),
    ]
    playbook = fleet.player.write("writes.yml", plays)
    played = fleet.run(playbook, "-e", "ansible_check_mode=false", "-e", "check_mode=false", env={"ANSIBLE_CHECK_MODE": "false"})
    assert (played.code, fleet.methods()) == (0, ["GET"] * 6)
    assert [change["field"] for change in fleet.reports().accounts["one"]["changes"]] == ["city", "preferences.timezone"]


#: A host whose name is also a pattern.
BILLING = "billing,1"
#: Declared preferences, by host; "none" declares none.
PREFERENCES: dict[str, t.Any] = {
    BILLING: {"separate_invoices": True, "notification_delivery": ["security", "invoices"]},
    "broken": {"timezone": "Europe/Oslo"},
    "hidden": {"timezone": "Europe/Hiddenburg"},
    "locked-out": {"bankid_only_login": True},
    "misspelt": {"time_zone": "Europe/Oslo"},
    "no-key": {"timezone": "Europe/Oslo"},
    "null": None,
    "peppol": {"peppol_opt_out": True, "timezone": "Europe/Stockholm"},
    "same": {"language": "sv", "email_notifications": True},
    "undefined": "{{ nobody_defined_this }}",
    "wrong-version": {"separate_invoices": True},
}


def test_preferences(in_process_player: Player, fleets: Fleets) -> None:
    """They are compared, reported and applied like details; an account that declares none costs no request more."""
    fleet = fleets(in_process_player, ["none", *PREFERENCES])
    for name, declared in PREFERENCES.items():
        fleet.hosts[name]["hostup_account_preferences"] = declared
    fleet.accounts["no-key"].keys.clear()
    for name in ("broken", "locked-out", "misspelt", "undefined", "wrong-version"):
        fleet.accounts[name].record["city"] = "Malmö"
    for name, account in fleet.accounts.items():
        options = {"api_url": fleet.emulator.url, "api_retries": 0, "api_version": "v2"}
        fleet.hosts[name]["hostup_account_options"] = {**options, **({"redact": ["timezone"]} if name == "hidden" else {})}
        fleet.hosts[name]["hostup_account_id"] = account.v2_id
    fleet.hosts["wrong-version"].update(
        hostup_account_id=fleet.accounts["wrong-version"].record["id"],
        hostup_account_options={"api_url": fleet.emulator.url, "api_version": "v1"},
    )
    # of the accounts that are asked for preferences, broken is the second
    fleet.emulator.faults.order(Fault("status", status=500, code="internal_error", path="/preferences", skip=1))
    played = fleet.run(AUDIT, "-f", "1")
    assert (played.code, set(fleet.methods())) == (2, {"GET"})
    owners = {"Bearer " + key: name for name, account in fleet.accounts.items() for key in account.keys}
    asked = collections.Counter(owners.get(entry.headers["Authorization"], "no-key") for entry in fleet.emulator.journal)
    # the guard asks version 2 whose preferences they are; what can't be right is asked for nothing
    assert asked == {BILLING: 3, "broken": 2, "hidden": 3, "no-key": 1, "none": 1, "null": 3, "peppol": 4, "same": 3}
    reports = fleet.reports()
    found = {name: account["changes"] for name, account in reports.accounts.items() if account["status"] == "drifted"}
    assert found == {
        BILLING: [
            {"field": "preferences.notification_delivery", "before": "default", "after": "invoices, security"},
            {"field": "preferences.separate_invoices", "before": "false", "after": "true"},
        ],
        "hidden": [{"field": "preferences.timezone", "before": "(redacted: current)", "after": "(redacted: wanted)"}],
        "peppol": [{"field": "preferences.peppol_opt_out", "before": "false", "after": "true"}],
    }
    errors = {name: account["error"]["message"] for name, account in reports.accounts.items() if account["error"]}
    assert set(errors) == {"broken", "locked-out", "misspelt", "no-key", "undefined", "wrong-version"}
    # what is known of the details is not lost with the preferences
    assert errors["broken"].startswith("Of the details, city drifted; the preferences could not be checked: Reading the pref")
    assert reports.accounts["broken"]["account_id"] == fleet.accounts["broken"].v2_id
    assert "confirm_lockout" in errors["locked-out"]
    assert "hostup_account_preferences holds time_zone, which is no option of it" in errors["misspelt"]
    assert "hostup_account_preferences can't be filled in: 'nobody_defined_this' is undefined" in errors["undefined"]
    assert "separate_invoices is not in HostUp's API v1, but in v2" in errors["wrong-version"]
    assert "Reading the account failed" in errors["no-key"]
    assert verdict(played).startswith("3 of 12 accounts drifted, 6 could not be checked")
    assert "billing,1: preferences.notification_delivery, preferences.separate_invoices drifted" in played.output
    # names of fields alone: no value, be it hidden or not
    assert [value for value in ("Hiddenburg", "security", "Europe/") if value in played.output] == []

    fleet.run(APPLY)
    writes = [entry.path for entry in fleet.emulator.writes]
    assert sorted(writes) == ["/api/v2/me", *["/api/v2/me/preferences"] * 3, "/api/v2/me/preferences/peppol"]
    assert fleet.accounts[BILLING].preferences["separate_invoices"] is True
    again = fleet.run(AUDIT)
    assert verdict(again).startswith("5 of 12 accounts could not be checked")


HOSTILE = {
    "markup": "<script>alert('1')</script></td>&amp;\"'",
    "markdown": "| a | `b` ``c`` *d* _e_ [f](http://g.example) ![h](i) ~~j~~ $k$ :tada: \\| # www.example.com",
    "mentions": "@everyone #1 !2 {% raw %} {# c #} {$ d $}",
    "template": "{{ 31337 * 31337 }}{{ lookup('ansible.builtin.pipe', 'touch ran') }}",
    "control": "a\x00b\x07c\x1b[31md\r\n\n| row |\u2028\ufffe",
    "direction": "abc \u202e\u2066def\u200b \u05d0\u05d1\u05d2 \u0645\u0631\u062d\u0628\u0627",
    "emoji": "\U0001f469\u200d\U0001f467 \U0001f1f8\U0001f1ea e\u0301 \u00a0 \ue000",
    "long": "x" * 255,
    "spaces": "a  b   c",
}


def test_hostile_text_breaks_no_report(in_process_player: Player, fleets: Fleets, start: Start) -> None:
    """What HostUp holds and what is declared comes out of each report as it went in, with the invisible named."""
    fleet = fleets(in_process_player, [*HOSTILE, "words-of-the-api"])
    words, emulator = "{{ lookup('ansible.builtin.pipe', 'touch ran') }} | *x*", start()
    emulator.faults.order(Fault("status", status=400, code="BAD_REQUEST", message=words))
    fleet.hosts["words-of-the-api"]["hostup_account_options"] = {"api_url": emulator.url, "api_retries": 0}
    for name, value in HOSTILE.items():
        fleet.accounts[name].record["companyname"] = value
        fleet.hosts[name]["hostup_account_profile"] = {"company_name": "", "city": "Sto<b>ck|holm", "address": "*`x`*"}
    assert fleet.run(AUDIT).code == 2
    reports = fleet.reports()
    assert reports.names() == dict.fromkeys(("json", "markdown", "html", "junit"), sorted(fleet.hosts))
    assert words in reports.accounts["words-of-the-api"]["error"]["message"]
    page = Table.rows(reports.html)
    rendered = Table.rows(reports.rendered)
    for name, value in zip(HOSTILE, map(unescaped, HOSTILE.values())):
        assert reports.accounts[name]["changes"][2] == {"field": "company_name", "before": value, "after": ""}
        assert ["company_name", visible(value), "not set"] in page
        assert visible(value) in [row[3].replace("\u00a0", " ") for row in rendered if len(row) == 5]
        failure = reports.junit.find(".//testcase[@name='%s']/failure" % name)
        assert failure is not None
        assert "at HostUp: %s\n" % visible(value) in str(failure.text)
    assert (
        page.count(["address", "Examplegatan 1", "*`x`*"]) == page.count(["city", "Stockholm", "Sto<b>ck|holm"]) == len(HOSTILE)
    )
    assert [word for word in ("<script", "<b>ck", "{{", "982007569", "\u202e", "\x1b") if word in reports.html] == ["{{"]
    assert not (fleet.player.folder / "ran").exists()
    assert "<a " not in reports.rendered
    assert "<em>" not in reports.rendered.replace("<em>not set</em>", "")


def test_reports_show_no_secret_and_logs_no_value(in_process_player: Player, fleets: Fleets) -> None:
    """The player sweeps all that was written for keys and personal numbers; the values stay in the reports."""
    fleet = fleets(in_process_player, ["one"])
    fleet.accounts["one"].record.update(personnummer=PERSONAL_STORED, orgno="[SE]165555555555", city="Malmö-canarywas")
    profile = {
        "personal_number": "{{ vault_personal_number }}",
        "org_number": "555555-5555",
        "vat_number": "SE-canaryvat",
        "city": "Lund-canaryis",
    }
    fleet.hosts["one"]["hostup_account_profile"] = profile
    fleet.hosts["one"]["hostup_account_options"] = {"api_url": fleet.emulator.url, "redact": ["vat_number"]}
    played = fleet.run(AUDIT, "-vvv", "--diff", "-e", "@vault.yml")
    assert fleet.reports().accounts["one"]["changes"] == [
        {"field": "city", "before": "Malmö-canarywas", "after": "Lund-canaryis"},
        {"field": "personal_number", "before": "(redacted: current)", "after": "(redacted: wanted)"},
        {"field": "vat_number", "before": "", "after": "(redacted: wanted)"},
    ]
    assert "one: city, personal_number, vat_number drifted" in played.output
    assert [word for word in ("canarywas", "canaryis", "canaryvat") if word in played.output] == []
    files = list((in_process_player.folder / "hostup-audit").iterdir())
    assert ["canaryvat" in path.read_text(encoding="utf-8") for path in files] == [False] * 4
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_play_of_ones_own(in_process_player: Player, fleets: Fleets) -> None:
    """Batches, hosts that failed before, errors ignored and hidden: one report, of all, and its verdict counts."""
    fleet = fleets(in_process_player, ["one", "two", "three", "four"])
    fleet.accounts["two"].record["city"] = "Malmö"
    fail = {"name": "Fail", "ansible.builtin.fail": None, "when": "inventory_hostname == 'one'", "ignore_errors": False}
    play = own_play(serial=3, ignore_errors=True, no_log=True, order="reverse_sorted", pre_tasks=[fail], roles=[ROLE])
    play["vars"] = {"hostup_audit_report_dir": "~/folder/audits", "hostup_audit_formats": ["junit", "json"]}
    played = fleet.run(fleet.player.write("serial.yml", [play]))
    assert played.code == 2
    assert verdict(played) == "1 of 4 accounts drifted, 1 could not be checked: see ~/folder/audits/audit.json"
    folder = fleet.player.home / "folder" / "audits"
    assert sorted(path.name for path in folder.iterdir()) == ["audit.json", "audit.junit.xml"]
    accounts = json.loads((folder / "audit.json").read_text(encoding="utf-8"))["accounts"]
    assert [(account["name"], account["status"], (account["error"] or {}).get("message", "")[:28]) for account in accounts] == [
        ("four", "in_sync", ""),
        ("one", "error", "The account was not visited:"),
        ("three", "in_sync", ""),
        ("two", "drifted", ""),
    ]


def test_an_unreachable_host_is_an_unchecked_account(in_process_player: Player, fleets: Fleets) -> None:
    fleet = fleets(in_process_player, ["one", "two"])
    fleet.hosts["two"].update(ansible_connection="ssh", ansible_host="127.0.0.1", ansible_port=1)
    ping = {"name": "Ping", "ansible.builtin.ping": None}
    assert fleet.run(fleet.player.write("ping.yml", [own_play(pre_tasks=[ping], roles=[ROLE])])).code == 4
    accounts = fleet.reports().accounts
    assert accounts["one"]["status"] == "in_sync"
    assert "its host had failed or was unreachable before" in accounts["two"]["error"]["message"]


#: Variables of a host, and what their row in the reports says. No "canary" is in any report or log.
WRONG: list[tuple[dict[str, t.Any], str]] = [
    ({"hostup_account_profile": {"citty": "canary"}}, "hostup_account_profile holds citty, which is no option of it"),
    ({"hostup_account_profile": {"850709-canary": "x"}}, "hostup_account_profile holds a name that is not shown"),
    ({"hostup_account_profile": "city: canary"}, "hostup_account_profile must be a dictionary of options, not a text."),
    ({"hostup_account_profile": None}, "hostup_account_profile is missing: declare it"),
    ({"hostup_account_profile": {"city": "canary", "state": "{{ nowhere }}"}}, "profile.state can't be filled in: 'nowhere' is"),
    ({"hostup_account_profile": "{{ nowhere }}"}, "hostup_account_profile can't be filled in: 'nowhere' is undefined;"),
    ({"hostup_account_profile": {"city": "{{ 'canary' | nofilter }}"}}, "profile.city can't be filled in: a template"),
    ({"hostup_account_profile": {"city": "{{ hostup_account_id.x }}"}}, "city can't be filled in: something has no"),
    ({"hostup_account_profile": {"postcode": 12345}}, "postcode must be text"),
    ({"hostup_account_options": {"city": "canary"}}, "hostup_account_options holds city, which is no option of it"),
    ({"hostup_account_options": {"compare": "perhaps"}}, "compare must be one of: normalized, exact"),
    ({"hostup_account_id": "4711"}, "The key belongs to account 10"),
    ({"hostup_account_id": "{{ nowhere }}"}, "hostup_account_id can't be filled in: 'nowhere' is undefined;"),
    ({"hostup_account_api_key": ["canary"]}, "hostup_account_api_key must be text, not a list."),
]


@pytest.mark.parametrize("playbook", [AUDIT, APPLY])
def test_wrong_variables_are_named_and_not_shown(in_process_player: Player, fleets: Fleets, playbook: str) -> None:
    """Neither their values, nor the lines around them, which Ansible likes to quote."""
    fleet = fleets(in_process_player, ["account-%02d" % number for number in range(len(WRONG))])
    for name, row in zip(fleet.hosts, WRONG):
        fleet.hosts[name].update(row[0])
    played = fleet.run(playbook, "-vv")
    assert played.code == 2
    assert "POST" not in fleet.methods()
    if playbook == AUDIT:
        messages = [account["error"]["message"] for account in fleet.reports().json["accounts"]]
        assert [message for message, row in zip(messages, WRONG) if row[1] not in message] == []
        assert "canary" not in "".join(messages)
    assert [row[1] for row in WRONG if row[1] not in played.output.replace("\\", "")] == []
    log = (in_process_player.folder / "ansible.log").read_text(encoding="utf-8")
    assert "canary" not in played.output + log


#: Variables of the role hostup_audit, and what is said of them.
WRONG_OF_ROLE: list[tuple[dict[str, t.Any], str]] = [
    ({"hostup_audit_formats": "html,pdf"}, "hostup_audit_formats must be a list with some of"),
    ({"hostup_audit_fail_on_drift": "perhaps"}, "hostup_audit_fail_on_drift must be true or false."),
    ({"hostup_audit_report_dir": ""}, "hostup_audit_report_dir must be the path of a folder."),
]


def test_wrong_variables_of_the_audit_are_named_at_once(in_process_player: Player, fleets: Fleets) -> None:
    """And no report of an earlier audit stays in a folder that is named."""
    fleet = fleets(in_process_player, ["one"])
    tasks, stale = [], []
    for number, (variables, _expected) in enumerate(WRONG_OF_ROLE):
        folder = in_process_player.folder / ("wrong-%d" % number)
        folder.mkdir()
        (folder / "audit.html").write_text("of an earlier audit", encoding="utf-8")
        stale += [folder / "audit.html"] if "hostup_audit_report_dir" not in variables else []
        tasks.append(_rescued(str(number), {"hostup_audit_report_dir": folder.name, **variables}))
    played = fleet.run(fleet.player.write("wrong.yml", [own_play(tasks=tasks)]))
    assert (played.code, fleet.methods()) == (0, [])
    said = [played["%d said" % number]["msg"] for number in range(len(WRONG_OF_ROLE))]
    assert [text for text, case in zip(said, WRONG_OF_ROLE) if case[1] not in text] == []
    assert (len(stale), [path.name for path in stale if path.exists()]) == (2, [])


def _rescued(name: str, variables: dict[str, t.Any]) -> dict[str, t.Any]:
    """The role, which fails, and a task that shows what it said."""
    role = {"name": ROLE, "rolespec_validate": False}
    show = {"name": name + " said", "ansible.builtin.debug": {"msg": "{{ ansible_failed_result.msg }}"}}
    return {"name": name, "block": [{"name": name, "ansible.builtin.include_role": role, "vars": variables}], "rescue": [show]}


def test_batches_and_what_ran_before(in_process_player: Player, fleets: Fleets) -> None:
    """Each audit of a run reads every account anew, and makes one report of all batches, though the host of a batch ends."""
    fleet = fleets(in_process_player, ["one", "two", "three"])
    apply = {"name": "Apply", "ansible.builtin.import_role": {"name": "hostup.cloud.hostup_account"}}
    drift = {
        "name": "Drift",
        "ansible.builtin.uri": {
            "url": fleet.emulator.url.replace("/api", "/emulator/accounts/{{ hostup_account_id }}"),
            "method": "PATCH",
            "body_format": "json",
            "body": {"city": "Malmö"},
        },
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
        # the emulator answers with the raw record
        "no_log": True,
    }
    end = {"name": "End", "ansible.builtin.meta": "end_host", "when": "inventory_hostname != 'two'"}
    audit = {"name": "Audit", "ansible.builtin.import_role": {"name": ROLE}}
    plays = [own_play(tasks=[apply, drift])]
    for folder, keywords in (("pairs", {"serial": 2}), ("ends", {"serial": 1, "pre_tasks": [end]}), ("once", {"run_once": True})):
        variables = {"hostup_audit_report_dir": "batches/" + folder, "hostup_audit_fail_on_drift": folder == "once"}
        plays.append(own_play(tasks=[audit], vars=variables, **keywords))
    played = fleet.run(fleet.player.write("batches.yml", plays), "--diff")
    assert (played.code, verdict(played)) == (2, "3 of 3 accounts drifted: see batches/once/audit.html")
    assert fleet.methods() == ["GET"] * 12
    for folder in ("pairs", "ends", "once"):
        report = fleet.reports("batches/" + folder).json
        assert (report["summary"]["drifted"], [account["account_id"] for account in report["accounts"]]) == (
            3,
            ["1001", "1003", "1002"],
        )


@pytest.mark.parametrize(("playbook", "inventory"), [(AUDIT, "localhost,"), (AUDIT, "/dev/null"), (APPLY, "localhost,")])
def test_a_run_without_accounts_is_no_success(in_process_player: Player, playbook: str, inventory: str) -> None:
    played = in_process_player.run("-i", inventory, playbook)
    assert played.code == 2
    assert "No account to work on" in played.output


def test_apply_from_localhost_with_the_key_in_the_environment(in_process_player: Player, start: Start) -> None:
    """One account needs no inventory of many."""
    emulator = start()
    key = next(iter(emulator.accounts[0].keys))
    profile = {"hostup_account_profile": {**DECLARED, "city": "Lund"}, **in_process_player.variables}
    inventory = in_process_player.write("one.yml", {"hostup_accounts": {"hosts": {"localhost": profile}}})
    codes = [
        in_process_player.run("-i", inventory, APPLY, env={"HOSTUP_API_KEY": key, "HOSTUP_API_URL": emulator.url}).code
        for dummy in range(2)
    ]
    assert codes == [0, 0]
    assert [entry.method for entry in emulator.journal] == ["GET", "POST", "GET", "GET"]
