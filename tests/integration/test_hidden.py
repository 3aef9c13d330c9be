# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A hidden value that stands in another field hides that field, everywhere; and what hides it is never written to HostUp."""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.tests.emulator.accounts import raw_invoice
from ansible_collections.hostup.cloud.tests.integration.conftest import Fleets, Start
from ansible_collections.hostup.cloud.tests.integration.fleet import AUDIT
from ansible_collections.hostup.cloud.tests.integration.runner import Player, account, info, invoice_info, preferences_info
from ansible_collections.hostup.cloud.tests.integration.secrets import PERSONAL_STORED

#: A sole trader's record: each of these numbers holds the personal number, which the player's sweep looks for.
DIGITS = PERSONAL_STORED.replace("-", "")
TRADER = {"personnummer": PERSONAL_STORED, "vateu": "SE%s01" % DIGITS, "orgno": "[SE]19" + PERSONAL_STORED}
#: The same in a playbook, without the digits.
VAT = "SE{{ stored_personal_number | replace('-', '') }}%s"


def _files(player: Player) -> dict[str, t.Any]:
    return {"vars_files": ["vault.yml", player.secret("stored_personal_number", PERSONAL_STORED)]}


def test_a_personal_number_in_other_fields(player: Player, start: Start) -> None:
    """Declared, read, or known from the account when its invoice is read: in results, diffs and at -vvv."""
    emulators = {name: start(TRADER) for name in ("declared", "read", "refused", "shown", "invoice")}
    emulators["declared"].account("9257").record["personnummer"] = ""
    billed = emulators["invoice"].accounts[0]
    billed.invoices[501] = raw_invoice(501, {**billed.record, "personnummer": "", "email": "%s@example.com" % DIGITS})
    person = "{{ stored_personal_number }}"
    tasks = [
        account("declared", emulators["declared"].url, personal_number=person, vateu=VAT % "02"),
        account("read", emulators["read"].url, vat_number=VAT % "02", org_number="556016-0680"),
        account("refused", emulators["refused"].url, vat_number=VAT % "02", state=" "),
        account("refused later", emulators["refused"].url, vat_number=VAT % "02", account_id="4711"),
        info("shown", emulators["shown"].url),
        invoice_info("invoice", emulators["invoice"].url, invoice_id=501),
    ]
    played = player.play(tasks, "-vvvv", "--diff", play=_files(player))
    for name in ("declared", "read"):
        before, after = (played[name]["diff"][side] for side in ("before", "after"))
        assert (before["vat_number"], after["vat_number"]) == ("(redacted: current)", "(redacted: wanted)")
        assert played[name]["account"]["vat_number"] == "(redacted)"
    assert played["read"]["diff"]["before"]["org_number"] == "(redacted: current)"
    assert played["read"]["diff"]["after"]["org_number"] == "(redacted: wanted)"
    assert played["read"]["account"]["org_number"] == "[SE]556016-0680"
    assert emulators["declared"].writes[0].json()["vateu"] == "SE%s02" % DIGITS
    for name in ("declared", "read", "refused", "refused later"):
        assert played[name]["invocation"]["module_args"]["vat_number"] == "(redacted)", name
    for shown in (played["shown"]["account"], played["invoice"]["invoice"]["client"]):
        assert (shown["vat_number"], shown["org_number"], shown["city"]) == ("(redacted)", "(redacted)", "Stockholm")
    assert played["invoice"]["invoice"]["client"]["email"] == "(redacted)"


def test_all_reports_of_an_audit(in_process_player: Player, fleets: Fleets) -> None:
    """The player sweeps them, and all else that was written, for the number."""
    fleet = fleets(in_process_player, ["one", "two"])
    secret = in_process_player.secret("stored_personal_number", PERSONAL_STORED)
    for name in fleet.hosts:
        fleet.accounts[name].record.update(TRADER)
    profile = {"personal_number": "{{ stored_personal_number }}", "vat_number": VAT % "02", "city": "Lund"}
    fleet.hosts["one"]["hostup_account_profile"] = profile
    fleet.hosts["two"]["hostup_account_profile"] = {"org_number": "556016-0680", "vateu": ""}
    played = fleet.run(AUDIT, "-vvv", "--diff", "-e", "@" + secret)
    assert played.code == 2
    reports = fleet.reports()
    assert reports.accounts["one"]["changes"] == [
        {"field": "city", "before": "Stockholm", "after": "Lund"},
        {"field": "vat_number", "before": "(redacted: current)", "after": "(redacted: wanted)"},
    ]
    assert reports.accounts["two"]["changes"] == [
        {"field": "org_number", "before": "(redacted: current)", "after": "(redacted: wanted)"},
        {"field": "vat_number", "before": "(redacted: current)", "after": ""},
    ]
    for text in (reports.markdown, reports.html, reports.xml):
        assert "wanted)" in text
        assert [word for word in (DIGITS, PERSONAL_STORED, DIGITS[2:], "556016") if word in text] == []


def test_a_hidden_value_is_not_written_back(in_process_player: Player, start: Start) -> None:
    """What a task shows of a field that holds a hidden value means not managed, or is refused: it never replaces the value.

    Of Peppol, the account's numbers are hidden, since the guard has read the account.
    """
    emulators = {"v1": start(TRADER), "v2": start({"vateu": "SE556016068001"}), "peppol": start()}
    numbers = {"orgNumber": "5560160680", "peppolId": "0007:5560160680", "participantName": "Berg Bageri AB"}
    emulators["peppol"].accounts[0].peppol.update(numbers)
    record = {"orgno": "[SE]556016-0680", "companyname": "Bageri Berg", "lastname": "Bageri", "vateu": "SE5560160680"}
    emulators["peppol"].accounts[0].record.update(record)
    declared: dict[str, dict[str, t.Any]] = {
        "v1": {"personal_number": "{{ stored_personal_number }}"},
        "v2": {"redact": ["vat_number"]},
    }
    masked = {
        "again": "{{ r.account.vat_number }}",
        "of a template": "SE{{ r.account.vat_number }}",
        "in brackets": "[SE](redacted)",
        "of Ansible": "SE********01",
    }
    tasks = []
    for version, more in declared.items():
        url = emulators[version].url
        tasks.append(account(version, url, api_version=version, _register="r", **more))
        tasks += [account(version + name, url, api_version=version, vat_number=value) for name, value in masked.items()]
    options = {"api_version": "v2", "account_id": "client_01demo%020d" % 9257, "redact": ["last_name", "vat_number"]}
    tasks.append(preferences_info("peppol", emulators["peppol"].url, **options))
    played = in_process_player.play(tasks, play=_files(in_process_player))
    for version in declared:
        again = played[version + "again"]
        assert (played[version]["account"]["vat_number"], again["failed"], again["changed"]) == ("(redacted)", False, False)
        for name in list(masked)[1:]:
            assert "vat_number holds the marker of a hidden value" in played[version + name]["msg"]
        assert [entry.method for entry in emulators[version].journal] == ["GET", "GET"]
    facts = played["peppol"]["peppol"]
    assert [facts[name] for name in ("org_number", "peppol_id", "participant_name")] == ["(redacted)"] * 3
