# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make demo`: the examples against the embedded emulator: check, apply, apply again; settings; drift, an audit, and its end."""

from __future__ import annotations

import collections
import os
import pathlib
import subprocess
import sys
import typing as t

from ansible_collections.hostup.cloud.tests.emulator import Emulator

ROOT = pathlib.Path(__file__).resolve().parents[1]
QUICKSTART = ROOT / "examples" / "quickstart"
GITOPS = ROOT / "examples" / "gitops"
AUDIT = "ansible-playbook hostup.cloud.audit -e hostup_audit_report_dir=../../.work/demo/"
APPLY = "ansible-playbook --vault-id write@vault/password-client.sh site.yml"


class Run(t.NamedTuple):
    """A command that is shown and run, and the exit code that it is to have."""

    why: str
    folder: pathlib.Path
    command: str
    code: int = 0


DECLARE = (
    Run(
        "What would change? Check mode reads and shows, and can't write.",
        QUICKSTART,
        "ansible-playbook account.yml --check --diff",
    ),
    Run("Make it so: one update with the changed fields, then a look at the result.", QUICKSTART, "ansible-playbook account.yml"),
    Run("Once more: nothing differs, nothing is written.", QUICKSTART, "ansible-playbook account.yml"),
)
SETTLE = (
    Run(
        "Settings, over version 2 of the API, and an invoice made out to an old address.",
        QUICKSTART,
        "ansible-playbook settings.yml",
    ),
    Run("Once more: the settings are as declared. The invoice is as it was.", QUICKSTART, "ansible-playbook settings.yml"),
)
WATCH = (
    Run("Audit all accounts, with keys that can only read: drift is a failure, with exit code 2.", GITOPS, AUDIT + "drifted", 2),
    Run("Apply what is declared, with the keys that can write: only what has drifted is written.", GITOPS, APPLY),
    Run("The next audit finds no drift.", GITOPS, AUDIT + "fixed"),
)


def main() -> int:
    with Emulator() as emulator:
        _title("An emulator of HostUp's API runs at %s. It stands in for the real one." % emulator.url)
        _show("account.yml", "group_vars/all/vault.yml")
        done = all(_succeeds(run, emulator) for run in DECLARE)
        _show("settings.yml")
        done = done and all(_succeeds(run, emulator) for run in SETTLE)
        _title("Now somebody changes two accounts behind Ansible's back, in HostUp's control panel.")
        emulator.accounts[0].record.update(address1="Drottninggatan 9", city="Malmö")
        emulator.accounts[2].record["companyname"] = "Sample Bakery Holding AB"
        emulator.accounts[2].preferences["timezone"] = "Europe/London"
        done = done and all(_succeeds(run, emulator) for run in WATCH)
    if not done:
        return 1
    _title("That is all. Open .work/demo/drifted/audit.html in a browser; the README goes on from here.")
    return 0


def environment(run: Run, emulator: Emulator) -> dict[str, str]:
    """What a run of the examples sees of the world, on the emulator instead of HostUp."""
    return {
        **os.environ,
        # the address is the only thing that differs from a run against HostUp itself
        "HOSTUP_API_URL": emulator.url,
        "NO_PROXY": "127.0.0.1",
        "ANSIBLE_FORCE_COLOR": "false",
        # where a folder may be written by everyone, Ansible ignores an ansible.cfg that it was not told of
        "ANSIBLE_CONFIG": str(run.folder / "ansible.cfg"),
        # the passwords of the example's vaults, which are public
        "HOSTUP_VAULT_READ_PASSWORD": "demo-read",
        "HOSTUP_VAULT_WRITE_PASSWORD": "demo-write",
    }


def requests_seen(emulator: Emulator) -> str:
    """How many requests of each method the emulator has counted since its journal was cleared, in words."""
    counts = collections.Counter(entry.method for entry in emulator.journal)
    return ", ".join("%d %s" % (counts[method], method) for method in sorted(counts))


def _succeeds(run: Run, emulator: Emulator) -> bool:
    _title("%s\n$ cd %s\n$ %s" % (run.why, run.folder.relative_to(ROOT), run.command))
    emulator.journal.clear()
    code = subprocess.run(run.command.split(), cwd=run.folder, env=environment(run, emulator), check=False).returncode
    print("Exit code %d. The emulator saw: %s" % (code, requests_seen(emulator)))
    return code == run.code


def _show(*names: str) -> None:
    for name in names:
        _title("examples/quickstart/%s" % name)
        print((QUICKSTART / name).read_text(encoding="utf-8").strip())


def _title(text: str) -> None:
    print("\n=== %s\n" % text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
