# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every command of the documentation runs as it is written, and the pages show what the reader sees."""

from __future__ import annotations

import pathlib
import re
import shutil
import sysconfig

import pytest

from ansible_collections.hostup.cloud.tests.contract.watch import Watch
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.reader import Reader
from ansible_collections.hostup.cloud.tests.integration.runner import ROOT, Player, account
from ansible_collections.hostup.cloud.tests.tools import repository
from ansible_collections.hostup.cloud.tests.tools.markdown import blocks

EXAMPLES = ROOT / "examples"
KEY = "demo-key-of-account-1001\n"
QUICK_START = "docs/quick-start.md"
SECRETS = "docs/secrets.md"
VERSIONS = "docs/v1-to-v2.md"
FROM_URI = "docs/from-uri-and-curl.md"
MANY = "docs/many-accounts.md"

#: A page whose commands run in one go, and what they must print, in order.
PAGES = {
    "README.md": ["changed: [localhost]", "changed: [localhost]", "> MODULE hostup.cloud.hostup_account"],
    "docs/audit-and-gitops.md": ["## 🟠 HostUp accounts: 1 of 3 accounts drifted", "\n1 0\n"],
    "examples/gitops/README.md": ["1 of 3 accounts drifted", "3 accounts checked, none drifted"],
}
#: The pages that need ansible-builder, ansible-runner or ansible-navigator: test_runner.py follows them.
WITH_RUNNER = ("docs/execution-environments.md", "docs/scaling-out.md")


@pytest.fixture
def reader(tmp_path: pathlib.Path, watch: Watch) -> Reader:
    return Reader(tmp_path, watch)


def _results(shown: str) -> list[str]:
    return re.findall(r"^(changed|ok): \[localhost\]", shown, re.MULTILINE)


def _not_printed(page: str, shown: str) -> list[str]:
    """The lines of output that a page shows and its commands did not print."""
    printed = {line.strip() for line in shown.splitlines()}
    return [line for block in blocks(page, "text") for line in block.splitlines() if line.strip() not in printed]


def test_every_command_of_the_documentation_is_run() -> None:
    commands = {
        page: [line.strip() for block in blocks(page, "shell") for line in block.splitlines()]
        for page in repository.tracked()
        if page.endswith(".md")
    }
    with_others = {page for page, lines in commands.items() if any(not line.startswith("make ") for line in lines)}
    assert with_others == {*PAGES, *WITH_RUNNER, QUICK_START, SECRETS, VERSIONS, FROM_URI, MANY}
    # `make` runs this test: its targets run in CI, and need only be there
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {line.split()[1] for lines in commands.values() for line in lines if line.startswith("make ")}
    assert {"demo", "test"} <= targets
    assert [target for target in targets if not re.search("^%s:" % target, makefile, re.MULTILINE)] == []


@pytest.mark.parametrize("page", PAGES)
def test_page(page: str, reader: Reader) -> None:
    shown = re.sub("\x1b\\[[0-9;]*m", "", reader.follow_page(page))
    assert re.search(".*?".join(map(re.escape, PAGES[page])), shown, re.DOTALL), shown


def test_quick_start_after_the_demo(reader: Reader) -> None:
    _own, demo, *rest = blocks(QUICK_START, "shell")
    assert "make demo" in demo
    shown = reader.follow(demo + "".join(rest))
    # on the emulator; with one's own key; settings, an invoice and what differs on it
    assert _results(shown) == ["changed", "changed", "ok", "ok", "ok", "ok", "changed", "ok", "ok"]
    assert _not_printed(QUICK_START, shown) == []
    assert (reader.home / "hostup" / "vault-password").stat().st_mode & 0o077 == 0


def test_quick_start_with_an_ansible_of_ones_own(reader: Reader) -> None:
    """Up to the second run on the emulator. From there on, both ways are the same."""
    shutil.rmtree(reader.clone / ".work")
    own, _demo, *rest = blocks(QUICK_START, "shell")
    assert "venv ~/ansible" in own
    commands = (own + "".join(rest)).split("unset HOSTUP_API_URL")[0]
    # what pip is asked to install is there: nothing is asked of the network
    ready = {"PYTHONPATH": sysconfig.get_path("purelib"), "PIP_NO_INDEX": "1"}
    shown = reader.follow(commands, **ready)
    assert _results(shown) == ["changed", "changed", "ok"]
    installed = reader.home / ".ansible" / "collections" / "ansible_collections" / "hostup" / "cloud"
    assert (installed / "MANIFEST.json").is_file()


def test_inline_value_and_environment(reader: Reader) -> None:
    commands = "".join(block for place in ("An inline value", "The environment") for block in blocks(SECRETS, "shell", place))
    # the reader searches all that is printed for the key
    shown = reader.follow(re.sub("^ansible(-playbook)? ", r"\g<0>-vvvv ", commands, flags=re.MULTILINE), KEY * 2)
    assert "changed: [localhost]" in shown
    assert "localhost | SUCCESS" in shown
    inline = (reader.home / "hostup-inline" / "group_vars" / "all" / "vault.yml").read_text(encoding="utf-8")
    assert inline.startswith("vault_hostup_api_key: !vault |\n")


def test_version_1_to_version_2_and_back(reader: Reader) -> None:
    there, back = ("".join(blocks(VERSIONS, "shell", section)) for section in ("One account", "The way back"))
    new_number = "sed -i 's/070-000 00 00/070-111 11 11/' account.yml; ansible-playbook account.yml\n"
    shown = reader.follow("cp -r examples/quickstart ~/hostup; cd ~/hostup\n" + there + new_number + back)
    # the quick start's own change; checked and applied over version 2; a new number there; back on version 1
    assert _results(shown) == ["changed", "ok", "ok", "changed", "ok"]
    assert "id: client_01demo00000000000000001001" in shown
    assert reader.writes() == ["/api/account/update", "/api/v2/me"]


def test_many_accounts_from_version_1_to_version_2(reader: Reader) -> None:
    commands = "cp -r examples/gitops ~/accounts; cp examples/many-accounts/*.yml ~/accounts; cd ~/accounts\n"
    commands += "HOSTUP_VAULT_WRITE_PASSWORD=demo-write ansible-playbook --vault-id write@vault/password-client.sh site.yml\n"
    commands += "".join(blocks(VERSIONS, "shell", "Many accounts"))
    shown = reader.follow("export HOSTUP_VAULT_READ_PASSWORD=demo-read\n" + commands)
    assert re.findall("msg: '(.*?): see", shown) == ["3 accounts checked, none drifted"] * 2
    # of the first command of this test, on version 1
    assert set(reader.writes()) == {"/api/account/update"}


def test_refusals_of_each_version_are_quoted(in_process_player: Player, start: Start) -> None:
    quoted = [line for block in blocks(VERSIONS, "text") for line in block.splitlines()]
    url = start({"id": "1001"}).url
    played = in_process_player.play(
        [
            account("guard", url, account_id="1001", api_version="v2"),
            account("of v2", url, invoice_reference="A"),
            account("of v1", url, personal_number="{{ vault_personal_number }}", api_version="v2"),
        ]
    )
    assert [played[name]["msg"] for name in ("guard", "of v2", "of v1")] == quoted


def test_from_uri(reader: Reader) -> None:
    """Both ways lead to the same account. The old one sends on each run, the new one knows that nothing is left to do."""
    shown = reader.follow_page(FROM_URI)
    # checked; sent twice; found as declared, twice
    assert _results(shown) == ["changed", "ok", "ok", "ok", "ok"]
    assert reader.writes() == ["/api/account/update"] * 2
    anew = reader.follow("cd ~/from-uri; ansible-playbook after.yml; ansible-playbook before.yml --check")
    assert reader.writes() == ["/api/account/update"]
    assert (_results(anew), "skipping: [localhost]" in anew) == (["changed"], True)
    # check mode has shown what was sent in either way
    changes = re.findall(r"^\+    (\w+): (.*)", shown, re.MULTILINE)
    assert dict(changes) == {"address": "Storgatan 2", "city": "Göteborg"}


def test_quoted_playbooks_are_those_that_run() -> None:
    shown = blocks(FROM_URI, "yaml") + blocks(VERSIONS, "yaml", "Both in one playbook")
    examples = ("from-uri/before.yml", "from-uri/after.yml", "from-uri/body.yml", "quickstart/settings.yml")
    run = {line.strip() for name in examples for line in (EXAMPLES / name).read_text(encoding="utf-8").splitlines()}
    assert sorted({line for block in shown for line in map(str.strip, block.splitlines())} - run - {""}) == []


def test_many_accounts(reader: Reader) -> None:
    """Accounts that exist are declared as they are; one is changed; the variables that the page shows hold for all."""
    folder, onboard, change, values, at_once = (
        "".join(blocks(MANY, "shell", section))
        for section in (
            "The folder",
            "Accounts that exist already",
            "Change them",
            "Values for all, for a group, for one",
            "How many at once",
        )
    )
    # without the password of the keys that can write, nobody writes
    refused = "ansible-playbook hostup.cloud.apply > log || true\ngrep -o 'give the key the scope write:account' log\n"
    change = change.replace("export HOSTUP_VAULT_WRITE", refused + "export HOSTUP_VAULT_WRITE")
    written = [(re.match("# (.*)", block), block) for block in blocks(MANY, "yaml")]
    variables = "".join("cat > %s << 'end'\n%send\n" % (path.group(1), block) for path, block in written if path)
    assert variables.count("cat") == 2
    shown = reader.follow(folder + onboard + change + variables + values + at_once)
    verdicts = [("3 accounts", "none"), ("2 accounts", "none"), ("3 accounts", "none")]
    assert re.findall(r"msg: '(.*?) checked, (\w+) drifted: see", shown) == verdicts
    assert _not_printed(MANY, shown) == []
    assert "give the key the scope write:account" in shown
    assert "company_name: Sample Bakery AB" in shown
    # one that was refused, and the one that counts
    assert reader.writes() == ["/api/account/update"] * 2


def test_onboarding_runs_no_template(in_process_player: Player, start: Start) -> None:
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
