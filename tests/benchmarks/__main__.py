# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark's command line: what is run, in which order, and where the figures go."""

from __future__ import annotations

import argparse
import itertools
import json
import pathlib
import signal
import sys
import tempfile
import typing as t

from .report import Section, as_json, as_markdown
from .runs import (
    AUDIT,
    CHANGED,
    CHECK,
    DEBUG,
    IN_PROCESS,
    MODULE,
    UNCHANGED,
    URI,
    BadRun,
    Case,
    Lab,
)
from .server import Server

#: Each of them starts a Python for each account and request.
SLOW = (URI, MODULE)
#: From this many accounts on, the slow ones take many minutes: they run once, unchanged, with the most forks.
MANY = 1000

RUNS = """\
Each row is one way to do the work for all accounts: medians of the wall seconds, of the CPU seconds of `ansible-playbook` and
all its children, and of the peak memory of `ansible-playbook` itself. The emulator runs on the same machine and is in none of
them but the wall seconds. The emulator has confirmed every request of every run.

`debug` is what Ansible itself costs. `uri` is one `ansible.builtin.uri` that reads, and where the city differs a second one that
writes. `module` and `in process` are `hostup.cloud.hostup_account`, with and without `hostup_in_process: false`; they compare six
fields, and after a write they read the account again to verify it, which `uri` does not."""
AUDITS = "An audit, its four reports included, against a bare check run in process that compares the same six fields:"


def main() -> int:
    args = _arguments()
    # an ordinary exit, which also ends the emulator and a running playbook
    signal.signal(signal.SIGTERM, lambda number, *_: sys.exit(128 + number))
    most, repetitions = max(args.forks), 1 if args.quick else 3
    plan = [
        (Section("runs", RUNS, (DEBUG, URI)), _runs(args.accounts, args.forks, args.quick)),
        (
            Section("audits", AUDITS, (CHECK,)),
            [
                Case(size, most, state, what)
                for size, _repetition, state, what in itertools.product(
                    args.accounts, range(repetitions), (UNCHANGED, CHANGED), (CHECK, AUDIT)
                )
            ],
        ),
    ]
    with tempfile.TemporaryDirectory(prefix="hostup-benchmark-") as name:
        folder = pathlib.Path(name)
        server = Server(folder, max(args.accounts))
        with server:
            lab = Lab(folder, server)
            try:
                # the first run of each playbook reads files that the others find in memory, and writes bytecode
                for what in (DEBUG, URI, MODULE, IN_PROCESS, AUDIT):
                    lab.run(Case(1, 5, UNCHANGED, what))
                for section, cases in plan:
                    for number, case in enumerate(cases, start=1):
                        figures = lab.run(case)
                        section.figures.setdefault(case, []).append(figures)
                        _say("%s %d/%d  %s: %.2f s" % (section.name, number, len(cases), case, figures.wall_s))
            except BadRun as bad:
                _say(str(bad))
                return 1
    sections = [section for section, dummy in plan]
    text = as_markdown(sections)
    if max(args.accounts) >= MANY:
        text += "\nLeft out: `uri` and `module` for %d accounts, except unchanged ones with %d forks.\n" % (MANY, most)
    print(text, end="")
    if args.markdown:
        args.markdown.write_text(text, encoding="utf-8")
    if args.json:
        args.json.write_text(json.dumps(as_json(sections), indent=2) + "\n", encoding="utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tests.benchmarks",
        description="Measures runs of ansible-playbook over many accounts, in some 40 minutes, and prints a table in Markdown.",
    )
    parser.add_argument("--quick", action="store_true", help="1 and 50 accounts with 5 forks, in two minutes on two idle cores")
    parser.add_argument("--accounts", type=_numbers, metavar="N,N", help="numbers of accounts (default: 1,10,100,1000)")
    parser.add_argument("--forks", type=_numbers, metavar="N,N", help="numbers of forks (default: 5,25)")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all figures, each single run included")
    parser.add_argument("--markdown", type=pathlib.Path, metavar="FILE", help="write the table into this file, too")
    args = parser.parse_args()
    args.accounts = args.accounts or ([1, 50] if args.quick else [1, 10, 100, 1000])
    args.forks = args.forks or ([5] if args.quick else [5, 25])
    return args


def _numbers(text: str) -> list[int]:
    numbers = sorted({int(part) for part in text.split(",")})
    if numbers[0] < 1:
        raise ValueError(text)
    return numbers


def _runs(accounts: t.Sequence[int], forks: t.Sequence[int], quick: bool) -> list[Case]:
    """The main table's runs. Repetitions are interleaved, so that a slow minute of the machine hits every way to do the work."""
    cases = []
    for size, number, repetition in itertools.product(accounts, forks, range(5)):
        for state, what in [("", DEBUG), *itertools.product((UNCHANGED, CHANGED), (*SLOW, IN_PROCESS))]:
            once = what in SLOW and (quick or size > 10)
            wanted = 1 if once else 5 if size == 1 and not quick else 3
            if what in SLOW and size >= MANY and (state, number) != (UNCHANGED, max(forks)):
                continue
            if repetition < wanted:
                cases.append(Case(size, number, state, what))
    return cases


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
