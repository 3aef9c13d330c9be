# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sample of the matrix, always the same: each fault, request and mode at least once. `make faults` plays all of it."""

from __future__ import annotations

import collections
import dataclasses
import pathlib

from .__main__ import play, table
from .cells import Cell, cells
from .fault import FINE, REFUSED, UNKNOWN, Fault
from .judge import wrong
from .places import PLACES
from .run import Lab
from .wire import ENDING

_CLOSED = next(fault for fault in ENDING if fault.name == "closed")

#: Of the wrong types there are hundreds, of a dozen kinds: one of so many.
_OF_TYPES = 13

#: Where the matrix has found something: these stay in the sample, whatever else moves.
FOUND = {
    ("ending: closed in the header", "account v1: read"),
    ("framing: a garbage status line", "account v1: write"),
    ("framing: a line that is no header", "account v2: write"),
    ("body: nested 800 times", "account v1: read"),
    ("types: data.client, an object", "account v1: read"),
}


def sample() -> list[Cell]:
    by_fault = collections.defaultdict(list)
    for cell in cells():
        by_fault["types" if cell.fault.group == "types" else cell.fault.title].append(cell)
    typed = by_fault.pop("types")[::_OF_TYPES]
    # from fault to fault another request; and each request once more, with the commonest fault
    chosen = [found[17 * number % len(found)] for number, found in enumerate(by_fault.values())]
    again = [cell for cell in cells() if cell.fault is _CLOSED or (cell.fault.title, cell.place.name) in FOUND]
    # the cells of a request beside each other, since they make one play
    return sorted({*chosen, *typed, *again}, key=lambda cell: cell.name)


def test_sample() -> None:
    chosen = sample()
    assert {cell.fault.title for cell in cells() if cell.fault.group != "types"} <= {cell.fault.title for cell in chosen}
    assert {cell.place for cell in chosen} == set(PLACES)
    assert {(cell.check, cell.carried_out) for cell in chosen} == {(False, False), (True, False), (False, True)}
    # most of the time of so few cells is spent on waiting
    failed = play(chosen, size=len(chosen) // 4 + 1, runs=5)
    assert {cell.title: reasons for cell, reasons in failed.items()} == {}
    assert "\n| all | %d/%d |" % (len(chosen), len(chosen)) in table(chosen, failed)


_READ, _WRITE, _VERIFY = PLACES[:3]


def _changed(**facts: object) -> Fault:
    return dataclasses.replace(_CLOSED, **facts)  # type: ignore[arg-type]


#: Cells of which something else is expected than comes of them, and how the judge must put it.
UNTRUE: dict[str, tuple[Cell, str]] = {
    "never": (Cell("never", dataclasses.replace(_WRITE, before=9), _changed(outcome=FINE)), "the fault never struck"),
    "status": (Cell("status", _READ, _changed(status=500)), "failure.status is None, not 500"),
    "attempts": (Cell("attempts", _READ, _changed(attempts=1)), "struck 2 times, not 1"),
    "words": (Cell("words", _READ, _changed(words="could not connect")), "'could not connect' is not in"),
    "fine": (Cell("fine", _READ, _changed(outcome=FINE)), "failed=True"),
    "done": (Cell("done", _WRITE, _CLOSED, carried_out=False), ""),
    "stored": (Cell("stored", _WRITE, _changed(outcome=REFUSED), carried_out=True), "failed=False"),
    "lost": (Cell("lost", _WRITE, _changed(outcome=UNKNOWN), carried_out=True), ""),
    "changed": (Cell("changed", dataclasses.replace(_VERIFY, number=0), _CLOSED), "the account is not as after 0 writes"),
}


def test_the_judge_sees_what_does_not_hold(tmp_path: pathlib.Path) -> None:
    """A table that is all green because nobody looks is the worst that could be."""
    for seen in Lab(tmp_path / "lab").run([cell for cell, _words in UNTRUE.values()], forks=10):
        reasons, words = "; ".join(wrong(seen)), UNTRUE[seen.cell.name][1]
        assert (words in reasons) if words else not reasons, (seen.cell.name, reasons)
