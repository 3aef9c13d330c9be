# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The matrix: which fault strikes which request, in which mode, and what must come of it."""

from __future__ import annotations

import copy
import itertools
import typing as t

from ansible_collections.hostup.cloud.tests.emulator import Account

from .answers import ANSWERS
from .fault import FINE, UNKNOWN, UNSENT, Fault
from .places import BACK, PLACES, READ, WRITE, Place
from .wire import WIRE
from .wrong_types import type_faults

#: Of the faults of HTTP, which `test_requests` has all of, one or two of each kind that a task tells apart.
_OF_WIRE = (
    "connecting: refused",
    *("ending: closed", "ending: closed in the header", "ending: reset in the body"),
    *("late: silence", "late: trickle of a body"),
    *("framing: a garbage status line", "framing: a line that is no header", "allowed: chunks"),
    "compressed: gzip, although identity was asked for",
    *("redirect: 302", "redirect: 308 to nowhere", "redirect: 304", "no content: 204", "no content: 101"),
)
FAULTS = (*(fault for fault in WIRE if fault.title in _OF_WIRE), *ANSWERS)


#: `api_retry_max_delay` of all cells.
LONGEST_WAIT = 2


class Cell(t.NamedTuple):
    """One fault at one request in one mode."""

    name: str
    place: Place
    fault: Fault
    check: bool = False
    #: A write that is struck is carried out first.
    carried_out: bool = False

    @property
    def title(self) -> str:
        mode = ", check mode" if self.check else ", carried out" if self.carried_out else ""
        return "%s: %s, %s%s" % (self.name, self.place.name, self.fault.title, mode)

    @property
    def attempts(self) -> int:
        """Requests that the struck one may take."""
        return 1 + self.fault.retries

    @property
    def timeout(self) -> int:
        """`api_timeout`."""
        return 1 if self.fault.slow else 20

    @property
    def budget(self) -> int:
        """Seconds that the task may take: its requests, with their attempts and waits, and Ansible's start."""
        # a write, and two looks at it
        requests = 3 * len(self.place.writes) + 3
        return requests * (self.attempts * self.timeout + self.fault.retries * LONGEST_WAIT) + 15


class Expected(t.NamedTuple):
    """What must come of a cell."""

    failed: bool
    changed: bool
    #: Writes that the account holds after the task.
    writes: int
    #: Whether the task succeeds with a warning.
    warns: bool = False


def cells() -> t.Iterator[Cell]:
    """All of them, always in the same order."""
    numbers = itertools.count(1)
    for place in PLACES:
        for fault in itertools.chain(FAULTS, type_faults(place)):
            for check, carried_out in _variants(place, fault):
                yield Cell("c%05d" % next(numbers), place, fault, check, carried_out)


def _variants(place: Place, fault: Fault) -> t.Iterator[tuple[bool, bool]]:
    """Check mode, carried out."""
    if place.lost and fault.shade:
        # where a write was lost before, the failure is the write's, whatever the words of this one
        return
    if place.kind == WRITE:
        # an answer that is as good as any is no lie
        if fault.outcome != FINE:
            yield False, False
        if fault.after and fault.outcome != UNSENT:
            yield False, True
        return
    yield False, False
    # that nothing is written then shows without each shade of words
    if place.kind == READ and not fault.shade:
        yield True, False


def states(before: Account, place: Place) -> list[Account]:
    """The account as it was, and as it is after each of the writes."""
    found = [copy.deepcopy(before)]
    for write in place.writes:
        found.append(copy.deepcopy(found[-1]))
        # a language of the profile's and one of the preferences' are two things
        (found[-1].record if place.module == "hostup_account" else found[-1].preferences).update(write)
    return found


def expected(cell: Cell) -> Expected:
    place, outcome = cell.place, cell.fault.outcome
    every = len(place.writes)
    if outcome == FINE:
        return Expected(False, bool(every), 0 if cell.check else every, warns=bool(place.lost))
    if place.name == "preferences_info v2: read Peppol" and cell.fault.status in (404, *range(500, 600)):
        return Expected(False, False, 0, warns=True)
    if place.kind == READ:
        return Expected(True, False, 0)
    if place.kind == BACK:
        return Expected(True, True, place.number)
    if outcome == UNKNOWN and cell.carried_out:
        return Expected(False, True, every, warns=True)
    return Expected(True, place.number > 1, place.number - 1)
