# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a cell held: what is wrong with it, in words."""

from __future__ import annotations

import json
import re
import typing as t

from ansible_collections.hostup.cloud.tests.integration.secrets import SECRETS

from .cells import Cell, Expected, expected, states
from .fault import ANSWER, UNSENT
from .places import BACK
from .run import LAST, NEXT, STRUCK, Seen, later


def wrong(seen: Seen) -> list[str]:
    """Every way in which a cell did not hold; empty where it did."""
    if set(seen.results) != {STRUCK, *later(seen.cell.place)}:
        return ["only these tasks have a result: %s" % sorted(seen.results)]
    return [*_struck(seen), *_words(seen), *_afterwards(seen), *_as_expected(seen, expected(seen.cell))]


def _struck(seen: Seen) -> t.Iterator[str]:
    """The fault did strike, as often as it may, and nothing else was sent too often."""
    cell = seen.cell
    result = seen.results[STRUCK]
    if not seen.struck:
        yield "the fault never struck"
    if "timedout" in result:
        yield "Ansible's own timeout ended it: %s" % result["timedout"]
    if cell.check and any(not request.startswith("GET ") for request in seen.journal):
        yield "check mode wrote: %s" % seen.journal
    limit = cell.attempts * (2 if cell.place.kind == BACK or cell.place.lost else 1) + cell.attempts
    for request in set(seen.journal):
        if seen.journal.count(request) > limit:
            yield "%d times %s" % (seen.journal.count(request), request)
    if cell.fault.at == ANSWER and not cell.fault.once:
        # what is good enough is read again wherever it is asked for again
        most = cell.fault.attempts if result["failed"] else max(cell.fault.attempts, 2)
        if not cell.fault.attempts <= seen.struck <= most:
            yield "struck %d times, not %d" % (seen.struck, cell.fault.attempts)
    struck = "%s %s" % (cell.place.method, cell.place.path)
    # what is read back was read before
    if cell.fault.outcome == UNSENT and seen.journal.count(struck) > (1 if cell.place.kind == BACK else 0):
        yield "sent all the same: %s" % seen.journal


def _words(seen: Seen) -> t.Iterator[str]:
    """One sentence, no traceback, no secret."""
    text = json.dumps(seen.results, ensure_ascii=False)
    yield from ("the result holds %r" % secret for secret in (*SECRETS, "Traceback") if secret in text)
    result = seen.results[STRUCK]
    msg = result.get("msg", "")
    if not result["failed"]:
        return
    if not msg.endswith(".") or "\n" in msg or re.search(r"[.!?] [A-Z]", msg) or not msg.isprintable():
        yield "not one sentence: %r" % msg
    if len(msg) > 1000:
        yield "a sentence of %d characters" % len(msg)
    if "in a way that it should not" in msg:
        yield "nobody foresaw it: %s" % msg


def _afterwards(seen: Seen) -> t.Iterator[str]:
    """The next run converges, and the one after that changes nothing."""
    end = states(seen.before, seen.cell.place)[-1]
    if seen.end != end:
        yield "in the end the account is not as declared"
    for task in later(seen.cell.place):
        if seen.results[task]["failed"]:
            yield "%s failed: %s" % (task, seen.results[task].get("msg"))
    if seen.results[NEXT]["changed"] != (seen.left != end):
        yield "the next run said changed=%s" % seen.results[NEXT]["changed"]
    if LAST in seen.results and seen.results[LAST]["changed"]:
        yield "the run after the next one changed something"


def _as_expected(seen: Seen, known: Expected) -> t.Iterator[str]:
    cell, result = seen.cell, seen.results[STRUCK]
    if result["failed"] != known.failed:
        yield "failed=%s: %s" % (result["failed"], result.get("msg"))
        return
    if result["changed"] != known.changed:
        yield "changed=%s: %s" % (result["changed"], result.get("msg"))
    if seen.left != states(seen.before, cell.place)[known.writes]:
        yield "the account is not as after %d writes" % known.writes
    if bool(result.get("warnings")) != known.warns:
        yield "warnings: %s" % result.get("warnings")
    if known.failed:
        yield from _failure(cell, result)
    if cell.fault.words not in (result.get("msg", "") if known.failed else "".join(result.get("warnings", [cell.fault.words]))):
        yield "%r is not in %r" % (cell.fault.words, result.get("msg") or result.get("warnings"))


def _failure(cell: Cell, result: dict[str, t.Any]) -> t.Iterator[str]:
    """The dictionary `failure` tells of the struck request; of a lost write, where reading back was struck."""
    failure = result.get("failure")
    if not failure:
        yield "no failure: %s" % result
        return
    place, fault = cell.place, cell.fault
    if place.lost:
        method, path = place.lost.split(" ")
        facts: dict[str, t.Any] = {"status": None, "code": None, "message": None, "attempts": cell.attempts}
        facts.update(method=method, path="/api" + path)
    else:
        facts = {"status": fault.status, "method": place.method, "path": place.path, "attempts": fault.attempts}
        if fault.group.startswith("status"):
            facts["code"], facts["message"] = fault.said
            if fault.name == "problem" and place.version == "v1":
                # not this version's words
                facts["message"] = None
    yield from ("failure.%s is %r, not %r" % (fact, failure[fact], facts[fact]) for fact in facts if failure[fact] != facts[fact])
