# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The matrix's command line: plays all of it, prints the table, and says of each cell that did not hold why."""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import pathlib
import queue
import sys
import tempfile
import typing as t

from ansible_collections.hostup.cloud.tests.contract.watch import Watch

from .cells import Cell, cells
from .judge import wrong
from .run import Lab

#: Cells of one run, each with a socket that listens; runs at once. Cells that wait for their deadline take no processor: many at
#: once.
SIZE, RUNS = 200, 2
FORKS, PATIENT_FORKS = 6, 40


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.http_faults", description=__doc__)
    parser.add_argument("--only", default="", help="cells whose title holds this text")
    parser.add_argument("--markdown", type=pathlib.Path, help="where the table goes, too")
    args = parser.parse_args()
    chosen = [cell for cell in cells() if args.only in cell.title]
    with Watch() as watch:
        failed = play(chosen)
        broken = watch.faults()
    text = table(chosen, failed)
    print(text)
    print("requests held against the contract: %d, broken: %d" % (watch.count, len(broken)), *broken, sep="\n")
    for cell, reasons in failed.items():
        print("%s: %s" % (cell.title, "; ".join(reasons)))
    if args.markdown:
        args.markdown.write_text(text + "\n", encoding="utf-8")
    return 1 if failed or broken or not chosen else 0


def play(chosen: t.Sequence[Cell]) -> dict[Cell, list[str]]:
    """Play cells, some runs at once: those that did not hold, and why."""
    batches = []
    for slow in (True, False):
        same = [cell for cell in chosen if cell.fault.slow == slow]
        batches += [(same[start : start + SIZE], PATIENT_FORKS if slow else FORKS) for start in range(0, len(same), SIZE)]
    failed: dict[Cell, list[str]] = {}
    done: list[int] = []
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(RUNS) as pool:
        labs: queue.SimpleQueue[Lab] = queue.SimpleQueue()
        for number in range(min(RUNS, len(batches))):
            labs.put(Lab(pathlib.Path(folder) / str(number)))

        def run(batch: tuple[list[Cell], int]) -> None:
            lab = labs.get()
            try:
                for seen in lab.run(*batch):
                    reasons = wrong(seen)
                    if reasons:
                        failed[seen.cell] = reasons
                        print(seen.cell.title, reasons, file=sys.stderr, flush=True)
                done.append(len(batch[0]))
                print("%d of %d cells, %d did not hold" % (sum(done), len(chosen), len(failed)), file=sys.stderr, flush=True)
            except AssertionError as secrets:
                failed.update(dict.fromkeys(batch[0], [str(secrets)]))
            finally:
                labs.put(lab)

        list(pool.map(run, batches))
    return dict(sorted(failed.items(), key=lambda item: item[0].name))


def table(chosen: t.Sequence[Cell], failed: t.Container[Cell]) -> str:
    """Markdown: groups of faults by requests, cells that held of all."""
    counts: dict[tuple[str, str], list[int]] = collections.defaultdict(lambda: [0, 0])
    columns = list(dict.fromkeys(cell.place.name for cell in chosen))
    rows = list(dict.fromkeys(cell.fault.group for cell in chosen))
    for cell in chosen:
        for key in ((cell.fault.group, cell.place.name), (cell.fault.group, ""), ("", cell.place.name), ("", "")):
            counts[key][0] += cell not in failed
            counts[key][1] += 1
    marks = ["%d" % number for number in range(1, len(columns) + 1)]
    lines = ["| fault | %s | all |" % " | ".join(marks), "|---|%s" % ("---|" * (len(columns) + 1))]
    for row in [*rows, ""]:
        held = ["%d/%d" % tuple(counts[row, column]) for column in [*columns, ""]]
        lines.append("| %s | %s |" % (row or "all", " | ".join(held)))
    return "\n".join([*lines, "", *("%s. %s" % pair for pair in zip(marks, columns))])


if __name__ == "__main__":
    raise SystemExit(main())
