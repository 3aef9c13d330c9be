# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark's command line: what is run, in which order, and where the figures go."""

from __future__ import annotations

import argparse
import json
import pathlib
import signal
import sys
import tempfile
import time
import typing as t

from .report import Results
from .runs import (
    AUDIT,
    CHANGED,
    CHECK,
    DEBUG,
    IN_PROCESS,
    MODULE,
    ONE_URI,
    PREFERENCES,
    UNCHANGED,
    URI,
    VERSION_2,
    BadRun,
    Case,
    Figures,
    Lab,
)
from .server import Server

#: From here on `uri` and `module`, which start a Python for each account and request, take many minutes.
MANY = 1000

#: The order within one repetition.
ORDER = (("", DEBUG),) + tuple((state, what) for state in (UNCHANGED, CHANGED) for what in (URI, MODULE, IN_PROCESS))


#: The same for what is compared with version 1's account.
OTHERS = (
    (UNCHANGED, IN_PROCESS),
    (UNCHANGED, VERSION_2),
    (UNCHANGED, PREFERENCES),
    (CHANGED, IN_PROCESS),
    (CHANGED, VERSION_2),
)


def main() -> int:
    args = _arguments()
    signal.signal(signal.SIGTERM, _end)
    cases, left_out = _plan(args.accounts, args.forks, args.quick)
    many = min(20, max(args.accounts))
    single = [Case(many, 5, UNCHANGED, what) for what in (ONE_URI, MODULE)] * (1 if args.quick else 3)
    audits = [
        Case(size, max(args.forks), state, what)
        for size in args.accounts
        for dummy in range(1 if args.quick else 3)
        for state in (UNCHANGED, CHANGED)
        for what in (CHECK, AUDIT)
    ]
    others = [
        Case(size, max(args.forks), state, what)
        for size in args.accounts
        for dummy in range(1 if args.quick else 3)
        for state, what in OTHERS
    ]
    with tempfile.TemporaryDirectory(prefix="hostup-benchmark-") as name:
        folder = pathlib.Path(name)
        with Server(folder, max(args.accounts)) as server:
            _say("The emulator alone")
            results = Results(server.measure_alone(1000 if args.quick else 4000), left_out)
            lab = Lab(folder, server)
            try:
                _warm_up(lab)
                _run(lab, cases, results.runs)
                _run(lab, single, results.single)
                _run(lab, audits, results.audits)
                _run(lab, others, results.others)
            except BadRun as bad:
                _say(str(bad))
                return 1
    text = results.markdown()
    print(text, end="")
    if args.markdown:
        args.markdown.write_text(text, encoding="utf-8")
    if args.json:
        args.json.write_text(json.dumps(results.json(), indent=2) + "\n", encoding="utf-8")
    return 0


def _end(number: int, frame: object) -> None:
    """An ordinary exit, which ends the emulator and a running playbook, too."""
    sys.exit(128 + number)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tests.benchmarks",
        description="Measures runs of ansible-playbook over many accounts, in some 40 minutes, and prints a table in Markdown.",
    )
    parser.add_argument(
        "--quick", action="store_true", help="1 and 50 accounts with 5 forks, in under two minutes on two idle cores"
    )
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


def _plan(accounts: t.Sequence[int], forks: t.Sequence[int], quick: bool) -> tuple[list[Case], list[str]]:
    """All runs in their order, and in words what is not run.

    Repetitions are interleaved, so that a slow minute of the machine hits every way to do the work.
    """
    cases, left_out = [], []
    for size in accounts:
        for number in forks:
            # what takes tens of minutes and tells nothing that fewer accounts don't
            skipped = [] if size < MANY else [CHANGED] if number == max(forks) else [UNCHANGED, CHANGED]
            left_out += ["uri and module for %d %s accounts with %d forks" % (size, state, number) for state in skipped]
            for repetition in range(5):
                for state, what in ORDER:
                    slow = what in (URI, MODULE)
                    if repetition < _repetitions(size, slow, quick) and not (slow and state in skipped):
                        cases.append(Case(size, number, state, what))
    return cases, left_out


def _repetitions(accounts: int, slow: bool, quick: bool) -> int:
    if slow and (quick or accounts > 10):
        return 1
    return 5 if accounts == 1 and not quick else 3


def _warm_up(lab: Lab) -> None:
    """Each playbook once, uncounted: the first run reads files that the others find in memory, and writes bytecode."""
    for what in (DEBUG, URI, MODULE, IN_PROCESS, AUDIT, VERSION_2, PREFERENCES):
        _say("Warming up: %s" % what.name)
        lab.run(Case(1, 5, UNCHANGED, what))


def _run(lab: Lab, cases: t.Sequence[Case], into: dict[Case, list[Figures]]) -> None:
    started = time.monotonic()
    for number, case in enumerate(cases, start=1):
        figures = lab.run(case)
        into.setdefault(case, []).append(figures)
        _say(
            "%6.0f s  %d/%d  accounts %d, forks %d, %s: %.2f s"
            % (
                time.monotonic() - started,
                number,
                len(cases),
                case.accounts,
                case.forks,
                " ".join(filter(None, (case.state, case.what.name))),
                figures.wall_s,
            )
        )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
