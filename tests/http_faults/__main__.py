# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The matrix's command line: plays all of it, prints the table, and says of each cell that did not hold why."""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import pathlib
import sys
import tempfile
import typing as t

from ansible_collections.hostup.cloud.tests.contract.watch import Watch

from .cells import Cell, cells
from .judge import wrong
from .run import Lab

#: Cells of one run, each with a socket that listens; runs at once.
SIZE, RUNS = 200, 2
#: Cells that wait for their deadline take no processor.
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


def play(chosen: t.Sequence[Cell], size: int = SIZE, runs: int = RUNS) -> dict[Cell, list[str]]:
    """Play cells, so many in one run, some runs at once: those that did not hold, and why."""
    batches = []
    for slow, forks in ((True, PATIENT_FORKS), (False, FORKS)):
        same = [cell for cell in chosen if cell.fault.slow == slow]
        batches += [(same[start : start + size], forks) for start in range(0, len(same), size)]
    failed: dict[Cell, list[str]] = {}

    def run(batch: tuple[list[Cell], int]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            try:
                failed.update({seen.cell: reasons for seen in Lab(pathlib.Path(folder)).run(*batch) if (reasons := wrong(seen))})
            except AssertionError as secrets:
                failed.update(dict.fromkeys(batch[0], [str(secrets)]))
        print("%d cells played, %d have not held so far" % (len(batch[0]), len(failed)), file=sys.stderr, flush=True)

    with concurrent.futures.ThreadPoolExecutor(runs) as pool:
        list(pool.map(run, batches))
    return dict(sorted(failed.items(), key=lambda item: item[0].name))


def table(chosen: t.Sequence[Cell], failed: t.Container[Cell]) -> str:
    """Markdown: of each group of faults and each request, how many cells held of how many."""
    rows: dict[str, list[bool]] = collections.defaultdict(list)
    for title in ("group", "place", "all"):
        for cell in chosen:
            rows[{"group": cell.fault.group, "place": cell.place.name}.get(title, title)].append(cell not in failed)
    lines = ["| %s | %d/%d |" % (title, sum(held), len(held)) for title, held in rows.items()]
    return "\n".join(["| fault, request | held |", "|---|---|", *lines])


if __name__ == "__main__":
    raise SystemExit(main())
