# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two writers on one account: each field ends as one of them declared it, and who then finds another value is told so."""

from __future__ import annotations

import concurrent.futures
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault
from ansible_collections.hostup.cloud.tests.integration.conftest import WAYS_TO_RUN, Start
from ansible_collections.hostup.cloud.tests.integration.interrupting import HELD, on_hosts, until
from ansible_collections.hostup.cloud.tests.integration.runner import Played, Player, account

READING, BEFORE, AFTER, BACK = "reading", "updating, before it took effect", "updating, after it took effect", "reading back"
#: Where the first writer's answer stays out while the second one does all of its work, by version.
PLACES: dict[tuple[str, str], Fault] = {
    ("v1", READING): Fault("slow", method="GET", seconds=HELD),
    ("v1", BEFORE): Fault("hang", method="POST", seconds=HELD),
    ("v1", AFTER): Fault("slow", method="POST", seconds=HELD),
    ("v1", BACK): Fault("slow", method="GET", skip=1, seconds=HELD),
    ("v2", READING): Fault("slow", method="GET", seconds=HELD),
    ("v2", BEFORE): Fault("hang", method="PATCH", seconds=HELD),
    ("v2", AFTER): Fault("slow", method="PATCH", seconds=HELD),
}
CASES = {"%s, %s" % place: place for place in PLACES}

#: What the sentence says where another value is found after a write.
TOLD = "someone else wrote to the account meanwhile, or the API did not store what it accepted"


@pytest.fixture
def players(tmp_path_factory: pytest.TempPathFactory) -> list[Player]:
    return [Player(tmp_path_factory.mktemp("writer"), WAYS_TO_RUN["in process"]) for _writer in range(2)]


Emulators = t.Dict[str, Emulator]


def _writer(player: Player, emulators: Emulators, places: dict[str, tuple[str, str]], **values: str) -> t.Callable[[], Played]:
    """A run that writes to each case's account at the same time."""
    hosts = {name: {"api_url": emulators[name].url, "api_version": version} for name, (version, dummy) in places.items()}
    args = on_hosts(player, account, hosts, "run", api_timeout=HELD, **values)
    return lambda: player.run(*args)


def _while_held(
    emulators: Emulators, places: dict[str, tuple[str, str]], first: t.Callable[[], Played], meanwhile: t.Callable[[], t.Any]
) -> tuple[Played, t.Any]:
    """What the first writer's run comes to if something else happens while its requests are held, and what that comes to."""
    strikes = {name: PLACES[place] for name, place in places.items()}
    for name, fault in strikes.items():
        emulators[name].faults.order(fault)

    def all_held() -> bool:
        methods = {name: [entry.method for entry in emulators[name].journal] for name in strikes}
        return all(methods[name].count(fault.method) == 1 + fault.skip for name, fault in strikes.items())

    with concurrent.futures.ThreadPoolExecutor() as pool:
        running = pool.submit(first)
        until(all_held)
        other = meanwhile()
        for emulator in emulators.values():
            emulator.release()
        return running.result(timeout=HELD), other


def _is_told(result: dict[str, t.Any], field: str) -> None:
    assert "does not hold the declared %s (request id " % field in result["msg"]
    assert TOLD in result["msg"]


def test_same_and_other_fields(players: list[Player], start: Start) -> None:
    emulators = {name: start() for name in CASES}
    first = _writer(players[0], emulators, CASES, city="Lund", postcode="222 22")
    second = _writer(players[1], emulators, CASES, city="Malm\u00f6", state="Sk\u00e5ne")
    one, other = _while_held(emulators, CASES, first, second)
    records = {name: dict(emulator.account("9257").record) for name, emulator in emulators.items()}
    again = first()
    for name, (version, place) in CASES.items():
        # where the first writer's update comes last
        last = place in (READING, BEFORE)
        # each update holds what its writer declared and nothing else: the fields of one alone are never lost
        assert (records[name]["postcode"], records[name]["state"]) == ("222 22", "Sk\u00e5ne"), name
        assert records[name]["city"] == ("Lund" if last else "Malm\u00f6"), name
        result = other.by_host[name, "run"]
        assert (result["failed"], result["changed"]) == (False, True), name
        result = one.by_host[name, "run"]
        if (version, place) == ("v1", AFTER):
            assert (result["failed"], result["changed"], result["changed_fields"]) == (True, True, ["city", "postcode"])
            _is_told(result, "city")
        else:
            # what it saw last of the account was as declared
            assert (result["failed"], result["changed"], result["account"]["city"]) == (False, True, "Lund"), name
        result = again.by_host[name, "run"]
        assert (result["failed"], result["changed"]) == (False, not last), name


def test_one_declaration_twice(players: list[Player], start: Start) -> None:
    emulators = {name: start() for name in CASES}
    first, second = (_writer(player, emulators, CASES, city="Lund", state="Sk\u00e5ne") for player in players)
    one, other = _while_held(emulators, CASES, first, second)
    for name, emulator in emulators.items():
        assert (one.by_host[name, "run"]["failed"], other.by_host[name, "run"]["failed"]) == (False, False), name
        record = emulator.account("9257").record
        assert (record["city"], record["state"]) == ("Lund", "Sk\u00e5ne"), name
        emulator.journal.clear()
    again = first()
    for name, emulator in emulators.items():
        assert (again.by_host[name, "run"]["changed"], emulator.writes) == (False, []), name


#: Where a person changes the account by hand, what they change, what is sent, and the field that the task finds changed.
BY_HAND: dict[str, tuple[tuple[str, str], dict[str, str], t.Any, str]] = {
    "another field": (("v1", READING), {"address1": "Nygatan 5"}, {"city": "Lund"}, ""),
    "the same field": (("v1", READING), {"city": "Malm\u00f6"}, {"city": "Lund"}, ""),
    # declared, but as declared when it was read: it is not sent, and yet looked at afterwards
    "a field in sync": (("v1", READING), {"state": "Sk\u00e5ne"}, {"city": "Lund"}, "state"),
    "the same field, later": (("v1", AFTER), {"city": "Malm\u00f6"}, {"city": "Lund"}, "city"),
    "v2, a field in sync": (("v2", READING), {"state": "Sk\u00e5ne"}, {"address": {"city": "Lund"}}, "state"),
    # version 2's answer shows the account as the update left it
    "v2, the same field, later": (("v2", AFTER), {"city": "Malm\u00f6"}, {"address": {"city": "Lund"}}, ""),
}


def test_changed_by_hand(players: list[Player], start: Start) -> None:
    places = {name: case[0] for name, case in BY_HAND.items()}
    emulators = {name: start() for name in BY_HAND}
    records = {name: emulator.account("9257").record for name, emulator in emulators.items()}
    before = {name: dict(record) for name, record in records.items()}

    def by_hand() -> None:
        for name, record in records.items():
            record.update(BY_HAND[name][1])

    run, dummy = _while_held(emulators, places, _writer(players[0], emulators, places, city="Lund", state="Stockholm"), by_hand)
    for name, ((_version, place), changed, sent, found) in BY_HAND.items():
        assert [entry.json() for entry in emulators[name].writes] == [sent], name
        lost = {"city": "Lund"} if place == READING or "city" not in changed else {}
        assert records[name] == {**before[name], "city": "Lund", **changed, **lost}, name
        result = run.by_host[name, "run"]
        assert (result["failed"], result["changed"]) == (bool(found), True), name
        if found:
            _is_told(result, found)
