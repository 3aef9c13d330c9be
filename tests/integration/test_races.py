# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two writers on one account: each field ends as one of them declared it, and who then finds another value is told so."""

from __future__ import annotations

import concurrent.futures
import pathlib
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.integration.conftest import WAYS_TO_RUN, Start
from ansible_collections.hostup.cloud.tests.integration.interrupting import HELD, until
from ansible_collections.hostup.cloud.tests.integration.runner import Played, Player, account

#: Where the first writer's answer stays out while the second one does all of its work, by version.
PLACES: dict[str, dict[str, Fault]] = {
    "v1": {
        "reading": Fault("slow", method="GET", seconds=HELD),
        "updating, before it took effect": Fault("hang", method="POST", seconds=HELD),
        "updating, after it took effect": Fault("slow", method="POST", seconds=HELD),
        "reading back": Fault("slow", method="GET", skip=1, seconds=HELD),
    },
    "v2": {
        "reading": Fault("slow", method="GET", seconds=HELD),
        "updating, before it took effect": Fault("hang", method="PATCH", seconds=HELD),
        "updating, after it took effect": Fault("slow", method="PATCH", seconds=HELD),
    },
}
CASES = [pytest.param(version, place, id="%s, %s" % (version, place)) for version, places in PLACES.items() for place in places]

#: What the sentence says where another value is found after a write.
TOLD = "someone else wrote to the account meanwhile, or the API did not store what it accepted"

#: Where the first writer's update comes last.
_LAST = ("reading", "updating, before it took effect")


@pytest.fixture
def players(tmp_path_factory: pytest.TempPathFactory) -> list[Player]:
    return [Player(tmp_path_factory.mktemp("writer"), WAYS_TO_RUN["in process"]) for _writer in range(2)]


def _while_held(emulator: Emulator, fault: Fault, first: t.Callable[[], Played], meanwhile: t.Callable[[], t.Any]) -> Played:
    """What the first writer's run comes to, if something else happens where the fault strikes it."""
    emulator.faults.order(fault)
    strikes = (fault.method, 1 + fault.skip)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        running = pool.submit(first)
        until(lambda: [entry.method for entry in emulator.journal].count(strikes[0]) == strikes[1])
        meanwhile()
        emulator.release()
        return running.result(timeout=HELD)


def _declares(player: Player, emulator: Emulator, version: str, **values: str) -> t.Callable[[], Played]:
    return lambda: player.play([account("run", emulator.url, api_version=version, api_timeout=HELD, **values)])


def _is_told(result: dict[str, t.Any], field: str) -> None:
    assert "does not hold the declared %s (request id " % field in result["msg"]
    assert TOLD in result["msg"]


@pytest.mark.parametrize(("version", "place"), CASES)
def test_same_and_other_fields(players: list[Player], start: Start, version: str, place: str) -> None:
    emulator = start()
    first = _declares(players[0], emulator, version, city="Lund", postcode="222 22")
    second = _declares(players[1], emulator, version, city="Malm\u00f6", state="Sk\u00e5ne")
    others: list[Played] = []
    one = _while_held(emulator, PLACES[version][place], first, lambda: others.append(second()))["run"]
    other = others[0]["run"]
    record = emulator.account("9257").record
    # each update holds what its writer declared and nothing else: the fields of one alone are never lost
    assert (record["postcode"], record["state"]) == ("222 22", "Sk\u00e5ne")
    assert record["city"] == ("Lund" if place in _LAST else "Malm\u00f6")
    assert (other["failed"], other["changed"]) == (False, True)
    if (version, place) == ("v1", "updating, after it took effect"):
        assert (one["failed"], one["changed"], one["changed_fields"]) == (True, True, ["city", "postcode"])
        _is_told(one, "city")
    else:
        # what it saw last of the account was as declared
        assert (one["failed"], one["changed"], one["account"]["city"]) == (False, True, "Lund")
    again = first()["run"]
    assert (again["failed"], again["changed"]) == (False, place not in _LAST)


@pytest.mark.parametrize(("version", "place"), CASES)
def test_one_declaration_twice(players: list[Player], start: Start, version: str, place: str) -> None:
    emulator = start()
    runs = [_declares(player, emulator, version, city="Lund", state="Sk\u00e5ne") for player in players]
    others: list[Played] = []
    one = _while_held(emulator, PLACES[version][place], runs[0], lambda: others.append(runs[1]()))["run"]
    other = others[0]["run"]
    assert (one["failed"], other["failed"]) == (False, False)
    record = emulator.account("9257").record
    assert (record["city"], record["state"]) == ("Lund", "Sk\u00e5ne")
    emulator.journal.clear()
    assert runs[0]()["run"]["changed"] is False
    assert emulator.writes == []


#: Where a person changes the account by hand, what they change, what is sent, and the field that the task finds changed.
BY_HAND = [
    ("v1", "reading", {"address1": "Nygatan 5"}, {"city": "Lund"}, ""),
    ("v1", "reading", {"city": "Malm\u00f6"}, {"city": "Lund"}, ""),
    # declared, but as declared when it was read: it is not sent, and yet looked at afterwards
    ("v1", "reading", {"state": "Sk\u00e5ne"}, {"city": "Lund"}, "state"),
    ("v1", "updating, after it took effect", {"address1": "Nygatan 5"}, {"city": "Lund"}, ""),
    ("v1", "updating, after it took effect", {"city": "Malm\u00f6"}, {"city": "Lund"}, "city"),
    ("v2", "reading", {"address1": "Nygatan 5", "postcode": "222 22"}, {"address": {"city": "Lund"}}, ""),
    ("v2", "reading", {"state": "Sk\u00e5ne"}, {"address": {"city": "Lund"}}, "state"),
    # version 2's answer shows the account as the update left it
    ("v2", "updating, after it took effect", {"city": "Malm\u00f6"}, {"address": {"city": "Lund"}}, ""),
]


@pytest.mark.parametrize(("version", "place", "by_hand", "sent", "found"), BY_HAND)
def test_changed_by_hand(
    tmp_path: pathlib.Path, start: Start, version: str, place: str, by_hand: dict[str, str], sent: t.Any, found: str
) -> None:
    emulator, player = start(), Player(tmp_path, WAYS_TO_RUN["in process"])
    first = _declares(player, emulator, version, city="Lund", state="Stockholm")
    record = emulator.account("9257").record
    before = dict(record)
    run = _while_held(emulator, PLACES[version][place], first, lambda: record.update(by_hand))["run"]
    assert [entry.json() for entry in emulator.writes] == [sent]
    lost = {"city": "Lund"} if place == "reading" or "city" not in by_hand else {}
    assert record == {**before, "city": "Lund", **by_hand, **lost}
    assert (run["failed"], run["changed"]) == (bool(found), True)
    if found:
        _is_told(run, found)
