# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make demo`: the quick start's playbook against the embedded emulator, in check mode, for real, and again."""

from __future__ import annotations

import collections
import os
import pathlib
import subprocess
import sys

from ansible_collections.hostup.cloud.tests.emulator import Emulator

EXAMPLE = pathlib.Path(__file__).resolve().parents[1] / "examples" / "quickstart"

RUNS: tuple[tuple[str, list[str]], ...] = (
    ("What would change? Check mode reads and shows, and can't write.", ["--check", "--diff"]),
    ("Make it so: one update with the changed fields, then a look at the result.", []),
    ("Once more: nothing differs, nothing is written.", []),
)


def main() -> int:
    with Emulator() as emulator:
        _title("An emulator of HostUp's API runs at %s. It stands in for the real one." % emulator.url)
        for name in ("account.yml", "group_vars/all/vault.yml"):
            _title("examples/quickstart/%s" % name)
            print((EXAMPLE / name).read_text(encoding="utf-8").strip())
        # the variable is the only thing that differs from a run against HostUp itself
        environment = {**os.environ, "HOSTUP_API_URL": emulator.url, "NO_PROXY": "127.0.0.1", "ANSIBLE_FORCE_COLOR": "false"}
        # where a folder may be written by everyone, Ansible ignores an ansible.cfg that it was not told of
        environment["ANSIBLE_CONFIG"] = str(EXAMPLE / "ansible.cfg")
        for why, flags in RUNS:
            command = ["ansible-playbook", "account.yml", *flags]
            _title("%s\n$ %s" % (why, " ".join(command)))
            emulator.journal.clear()
            code = subprocess.run(command, cwd=EXAMPLE, env=environment, check=False).returncode
            if code:
                return code
            counts = collections.Counter(entry.method for entry in emulator.journal)
            print("The emulator saw: %s" % ", ".join("%d %s" % (counts[method], method) for method in sorted(counts)))
    _title("That is all. The README goes on from here.")
    return 0


def _title(text: str) -> None:
    print("\n=== %s\n" % text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
