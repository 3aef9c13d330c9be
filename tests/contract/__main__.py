# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask the emulator at length: `make contract`. The seed is printed, and the same seed asks the same."""

from __future__ import annotations

import argparse
import secrets
import sys

from ansible_collections.hostup.cloud.tests.contract.fuzz import CALLERS, ask


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.contract", description="Fuzz the emulator, as every kind of caller.")
    parser.add_argument("--examples", type=int, default=300, help="per operation and phase (default: 300)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32), help="default: a random one")
    args = parser.parse_args()
    print("seed %d, %d examples" % (args.seed, args.examples), flush=True)
    failed = False
    for caller in CALLERS:
        asked = ask(caller, args.seed, args.examples)
        failed |= not asked.passed
        print("%s: %s" % (caller.name, "as in the contract" if asked.passed else "FAILED\n" + asked.output), flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
