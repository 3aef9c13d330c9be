# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides can be followed, and what they show is what the reader sees."""

from __future__ import annotations

import pathlib
import re
import sysconfig

import pytest

from ansible_collections.hostup.cloud.tests.contract.watch import Watch
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.reader import Reader, blocks
from ansible_collections.hostup.cloud.tests.integration.runner import ROOT, Player, account

EXAMPLES = ROOT / "examples"
KEY = "demo-key-of-account-1001\n"
#: Of the page on many accounts, those with commands.
SECTIONS = (
    "The folder",
    "Accounts that exist already",
    "Change them",
    "Values for all, for a group, for one",
    "How many at once",
)


@pytest.fixture
def reader(tmp_path: pathlib.Path, watch: Watch) -> Reader:
    return Reader(tmp_path, watch)


def _results(shown: str) -> list[str]:
    return re.findall(r"^(changed|ok): \[localhost\]", shown, re.MULTILINE)


def _unshown(page: str, shown: str) -> list[str]:
    """The lines of output that a page shows, and its commands did not print."""
    printed = {line.strip() for line in shown.splitlines()}
    return [line for block in blocks(page, "text") for line in block.splitlines() if line.strip() not in printed]


def test_the_quick_start(reader: Reader) -> None:
    """As whoever has run `make demo`."""
    _own, demo, *rest = blocks("quick-start.md", "shell")
    assert "make demo" in demo
    reader.set_up()
    shown = reader.follow(demo + "".join(rest))
    # on the emulator; with one's own key; settings, an invoice and what differs on it
    assert _results(shown) == ["changed", "changed", "ok", "ok", "ok", "ok", "changed", "ok", "ok"]
    assert _unshown("quick-start.md", shown) == []
    assert (reader.home / "hostup" / "vault-password").stat().st_mode & 0o077 == 0


def test_the_quick_start_with_an_ansible_of_ones_own(reader: Reader) -> None:
    """Up to the second run on the emulator, from where on it is the same."""
    own, _demo, *rest = blocks("quick-start.md", "shell")
    assert "venv ~/ansible" in own
    commands = (own + "".join(rest)).split("unset HOSTUP_API_URL")[0]
    # what pip is asked to install lies ready, and so do its programs: nothing is asked of the network
    ready = {"PYTHONPATH": sysconfig.get_path("purelib"), "PIP_NO_INDEX": "1"}
    shown = reader.follow(commands, **ready)
    assert _results(shown) == ["changed", "changed", "ok"]
    installed = reader.home / ".ansible" / "collections" / "ansible_collections" / "hostup" / "cloud"
    assert (installed / "MANIFEST.json").is_file()


def test_an_inline_value_and_the_environment(reader: Reader) -> None:
    commands = [block for place in ("An inline value", "The environment") for block in blocks("secrets.md", "shell", place)]
    # what is shown with it is searched for the key
    verbose = re.sub("^ansible(-playbook)? ", r"\g<0>-vvvv ", "".join(commands), flags=re.MULTILINE)
    shown = reader.follow(verbose, KEY * 2)
    assert "changed: [localhost]" in shown
    assert "localhost | SUCCESS" in shown
    inline = (reader.home / "hostup-inline" / "group_vars" / "all" / "vault.yml").read_text(encoding="utf-8")
    assert inline.startswith("vault_hostup_api_key: !vault |\n")


def test_from_version_1_to_version_2(reader: Reader) -> None:
    """The same account and declaration over both versions is no change, and none on the way back."""
    sections = ("One account", "The way back")
    there, back = ("".join(blocks("v1-to-v2.md", "shell", section)) for section in sections)
    new_number = "sed -i 's/070-000 00 00/070-111 11 11/' account.yml; ansible-playbook account.yml\n"
    shown = reader.follow("cp -r examples/quickstart ~/hostup; cd ~/hostup\n" + there + new_number + back)
    # the quick start's own change; checked and applied over version 2; a new number there; back on version 1
    assert _results(shown) == ["changed", "ok", "ok", "changed", "ok"]
    assert "id: client_01demo00000000000000001001" in shown
    assert reader.writes() == ["/api/account/update", "/api/v2/me"]


def test_many_accounts_from_version_1_to_version_2(reader: Reader) -> None:
    commands = "cp -r examples/gitops ~/accounts; cp examples/many-accounts/*.yml ~/accounts; cd ~/accounts\n"
    commands += "HOSTUP_VAULT_WRITE_PASSWORD=demo-write ansible-playbook --vault-id write@vault/password-client.sh site.yml\n"
    commands += "".join(blocks("v1-to-v2.md", "shell", "Many accounts"))
    shown = reader.follow("export HOSTUP_VAULT_READ_PASSWORD=demo-read\n" + commands)
    assert re.findall("msg: '(.*?): see", shown) == ["3 accounts checked, none drifted"] * 2
    # what the first command of this test brought about, on version 1
    assert set(reader.writes()) == {"/api/account/update"}


def test_what_the_versions_refuse(in_process_player: Player, start: Start) -> None:
    """The sentences of the page are the ones that are said."""
    said = [line for block in blocks("v1-to-v2.md", "text") for line in block.splitlines()]
    url = start({"id": "1001"}).url
    played = in_process_player.play(
        [
            account("guard", url, account_id="1001", api_version="v2"),
            account("of v2", url, invoice_reference="A"),
            account("of v1", url, personal_number="{{ vault_personal_number }}", api_version="v2"),
        ]
    )
    assert [played[name]["msg"] for name in ("guard", "of v2", "of v1")] == said


def test_from_uri(reader: Reader) -> None:
    """Both ways lead to the same account; the old one sends on each run, and the new one says that nothing is left to do."""
    way = "".join(blocks("from-uri-and-curl.md", "shell"))
    shown = reader.follow(way)
    # checked; sent twice; found as declared, twice
    assert _results(shown) == ["changed", "ok", "ok", "ok", "ok"]
    assert reader.writes() == ["/api/account/update"] * 2
    anew = reader.follow("cd ~/from-uri; ansible-playbook after.yml; ansible-playbook before.yml --check")
    assert reader.writes() == ["/api/account/update"]
    assert (_results(anew), "skipping: [localhost]" in anew) == (["changed"], True)
    # what check mode has shown is what was sent in either way
    shows = re.findall(r"^\+    (\w+): (.*)", shown, re.MULTILINE)
    assert dict(shows) == {"address": "Storgatan 2", "city": "Göteborg"}


def test_what_the_pages_quote_of_the_examples() -> None:
    """A playbook that a page shows is the one that is run."""
    shown = blocks("from-uri-and-curl.md", "yaml") + blocks("v1-to-v2.md", "yaml", "Both in one playbook")
    examples = ("from-uri/before.yml", "from-uri/after.yml", "from-uri/body.yml", "quickstart/settings.yml")
    run = {line.strip() for name in examples for line in (EXAMPLES / name).read_text(encoding="utf-8").splitlines()}
    assert sorted({line for block in shown for line in map(str.strip, block.splitlines())} - run - {""}) == []


def test_many_accounts(reader: Reader) -> None:
    """Accounts that exist are declared as they are; one is changed; the variables that the page shows hold for all."""
    page = "many-accounts.md"
    folder, onboard, change, values, at_once = ("".join(blocks(page, "shell", section)) for section in SECTIONS)
    # without the password of the keys that can write, nobody writes
    refused = "ansible-playbook hostup.cloud.apply > log || true\ngrep -o 'give the key the scope write:account' log\n"
    change = change.replace("export HOSTUP_VAULT_WRITE", refused + "export HOSTUP_VAULT_WRITE")
    written = [(re.match("# (.*)", block), block) for block in blocks(page, "yaml")]
    variables = "".join("cat > %s << 'end'\n%send\n" % (path.group(1), block) for path, block in written if path)
    assert variables.count("cat") == 2
    shown = reader.follow(folder + onboard + change + variables + values + at_once)
    verdicts = [("3 accounts", "none"), ("2 accounts", "none"), ("3 accounts", "none")]
    assert re.findall(r"msg: '(.*?) checked, (\w+) drifted: see", shown) == verdicts
    assert _unshown(page, shown) == []
    assert "give the key the scope write:account" in shown
    assert "company_name: Sample Bakery AB" in shown
    # one that was refused, and the one that counts
    assert reader.writes() == ["/api/account/update"] * 2


def test_onboarding_takes_no_template(in_process_player: Player, start: Start) -> None:
    """Whoever can edit an account in the control panel runs no code where its declaration is read."""
    emulator = start({"city": "{{ lookup('ansible.builtin.pipe', 'touch pwned') }}"})
    folder = in_process_player.folder
    hosts = {"hostile": {"hostup_account_api_key": "{{ vault_hostup_api_key }}"}}
    inventory = in_process_player.write("onboard/inventory.yml", {"hostup_accounts": {"hosts": hosts}})
    playbook = str(EXAMPLES / "many-accounts" / "onboard.yml")
    played = in_process_player.run("-i", inventory, "-e", "@vault.yml", playbook, env={"HOSTUP_API_URL": emulator.url})
    assert played["Refuse values with braces"]["msg"].startswith("A field of this account holds a brace")
    assert [path.name for path in (folder / "onboard").rglob("*")] == ["inventory.yml"]
    assert list(folder.rglob("pwned")) == []


def _anchors(page: pathlib.Path) -> set[str]:
    """What forges make of a page's headings."""
    headings = re.findall("^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / "docs" / name
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", page.read_text(encoding="utf-8"))
    targets = [((page.parent / path).resolve() if path else page, anchor) for path, anchor in links]
    assert [target for target, anchor in targets if not target.exists()] == []
    assert [anchor for target, anchor in targets if anchor and anchor not in _anchors(target)] == []
