# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many accounts: an emulator that holds them, an inventory that declares them, and the reports of an audit."""

from __future__ import annotations

import dataclasses
import html.parser
import json
import pathlib
import re
import typing as t
import uuid
from xml.etree import ElementTree

import jsonschema
import markdown_it

from ansible_collections.hostup.cloud.tests.emulator import Account, Emulator
from ansible_collections.hostup.cloud.tests.emulator.accounts import ALL_SCOPES, raw_record
from ansible_collections.hostup.cloud.tests.integration.runner import ROOT, Played, Player
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY

AUDIT = "hostup.cloud.audit"
APPLY = "hostup.cloud.apply"
ROLE = "hostup.cloud.hostup_audit"
SCHEMA = json.loads((ROOT / "roles" / "hostup_audit" / "files" / "audit.schema.json").read_text(encoding="utf-8"))

#: What every account of a fleet declares; the emulator's sample holds it.
DECLARED = {"city": "Stockholm", "postcode": "12345", "phone_number": "070-000 00 00", "country": "SE"}


def verdict(played: Played) -> str:
    """The sentence that an audit ended with."""
    return str(played["hostup.cloud.hostup_audit : Verdict"]["msg"])


def own_play(**keywords: t.Any) -> dict[str, t.Any]:
    """A play over all accounts, as users may write it."""
    return {"name": "Play", "hosts": "hostup_accounts", "connection": "local", "gather_facts": False, **keywords}


class Reports:
    """The four reports of one audit, read back; audit.json has been validated."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.json = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
        jsonschema.validate(self.json, SCHEMA)
        self.accounts = {account["name"]: account for account in self.json["accounts"]}
        self.markdown = (folder / "audit.md").read_text(encoding="utf-8")
        #: audit.md as a platform shows it.
        self.rendered = markdown_it.MarkdownIt("gfm-like").render(self.markdown)
        self.html = (folder / "audit.html").read_text(encoding="utf-8")
        self.xml = (folder / "audit.junit.xml").read_text(encoding="utf-8")
        self.junit = ElementTree.fromstring(self.xml)  # noqa: S314 our own

    def names(self) -> dict[str, list[str]]:
        """The accounts that each report has a row for, sorted."""
        found = {
            "json": [account["name"] for account in self.json["accounts"]],
            "markdown": [row[0] for row in Table.rows(self.rendered) if len(row) in (2, 3, 5) and row[0] not in ("", "host")],
            "html": re.findall("<b><bdi>(.*?)</bdi></b>", self.html),
            "junit": [case.attrib["name"] for case in self.junit.iter("testcase")],
        }
        return {report: sorted(names) for report, names in found.items()}

    def stable(self) -> list[str]:
        """The reports without what is new in each run: the time, and the ids of requests."""
        texts = (json.dumps(self.json), self.markdown, self.html, self.xml)
        changing = r"\d{4}-\d\d-\d\d(T| at )[\d:]+(Z| UTC)|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
        return [re.sub(changing, "...", text) for text in texts]


class Table(html.parser.HTMLParser):
    """The cells of a page's tables."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self._inside = False

    @classmethod
    def rows(cls, page: str) -> list[list[str]]:
        """The text of each cell, by row."""
        table = cls()
        table.feed(page)
        return table.found

    def handle_starttag(self, tag: str, attrs: t.Any) -> None:
        del attrs
        if tag == "tr":
            self.found.append([])
        if tag in ("td", "th"):
            self.found[-1].append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1][-1] += data


@dataclasses.dataclass
class Fleet:
    """Accounts of one emulator, and the inventory that declares them."""

    player: Player
    emulator: Emulator
    #: Host -> its variables; a change counts for the next run.
    hosts: dict[str, dict[str, t.Any]]
    #: Host -> its customer in the emulator.
    accounts: dict[str, Account]
    #: The folder of the inventory and its vault.
    folder: str

    @classmethod
    def of(cls, player: Player, names: t.Sequence[str], start: t.Callable[[Emulator], Emulator]) -> Fleet:
        """All as declared."""
        folder = "fleet-%s" % uuid.uuid4().hex[:8]
        accounts = {
            name: Account(raw_record(id=str(1001 + number)), {"%s-%s" % (KEY, name): ALL_SCOPES})
            for number, name in enumerate(names)
        }
        emulator = start(Emulator(list(accounts.values())))
        hosts: dict[str, dict[str, t.Any]] = {
            name: {"hostup_account_id": accounts[name].record["id"], "hostup_account_profile": dict(DECLARED)} for name in names
        }
        keys = {name: key for name, account in accounts.items() for key in account.keys}
        player.encrypt(folder + "/group_vars/hostup_accounts/vault.yml", {"vault_hostup_api_keys": keys})
        return cls(player, emulator, hosts, accounts, folder)

    def write(self) -> str:
        """Write the inventory; its path in the player's folder."""
        variables = {
            "hostup_account_api_key": "{{ vault_hostup_api_keys[inventory_hostname] }}",
            "hostup_account_options": {"api_url": self.emulator.url, "api_retries": 0},
            **self.player.variables,
        }
        hosts = {"hostup_accounts": {"hosts": self.hosts, "vars": variables}}
        return self.player.write(self.folder + "/inventory.yml", hosts)

    def run(self, playbook: str, *flags: str, env: dict[str, str] | None = None) -> Played:
        """Run a playbook over the accounts; the emulator's journal begins anew."""
        inventory = self.write()
        self.emulator.journal.clear()
        return self.player.run("-i", inventory, *flags, playbook, env=env)

    def reports(self, folder: str = "hostup-audit") -> Reports:
        """What the last audit wrote."""
        return Reports(self.player.folder / folder)

    def methods(self) -> list[str]:
        """The HTTP methods of the last run's requests."""
        return [entry.method for entry in self.emulator.journal]
