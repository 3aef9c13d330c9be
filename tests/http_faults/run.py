# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cells in real playbooks: an item of a loop for each cell, which is five times cheaper than a host of its own."""

from __future__ import annotations

import collections
import contextlib
import copy
import pathlib
import typing as t

from ansible_collections.hostup.cloud.tests.emulator import Account, Emulator
from ansible_collections.hostup.cloud.tests.emulator.accounts import ALL_SCOPES, raw_invoice, raw_record
from ansible_collections.hostup.cloud.tests.integration.runner import Player
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY, PERSONAL_STORED

from .cells import LONGEST_WAIT, Cell
from .gate import Elsewhere, Gate
from .places import WRITE, Place

#: The tasks of each play: with the fault, then without.
STRUCK, NEXT, LAST = "struck", "the next run", "the run after that"


def later(place: Place) -> tuple[str, ...]:
    """The tasks without a fault. Where nothing was written before, the second is no other than after any first run."""
    return (NEXT, LAST) if place.kind == WRITE else (NEXT,)


#: Cells that one host goes through, one after the other; those that wait for their deadline have a host each.
LOOP = 12


class Seen(t.NamedTuple):
    """What came of a cell."""

    cell: Cell
    #: Task -> its result.
    results: dict[str, dict[str, t.Any]]
    #: The account before the struck task, after it, and in the end.
    before: Account
    left: Account
    end: Account
    #: Requests of the struck task, as "GET /api/v2/me", and how many of them were struck.
    journal: list[str]
    struck: int


class Lab:
    """A folder to play in."""

    def __init__(self, folder: pathlib.Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._player = Player(folder)

    def run(self, cells: t.Sequence[Cell], forks: int) -> list[Seen]:
        """Play the cells, in one run of ansible-playbook. Raises AssertionError where what it wrote holds a secret."""
        before = [_customer(number, cell.name) for number, cell in enumerate(cells, 5001)]
        accounts = copy.deepcopy(before)
        elsewhere = Elsewhere()
        with contextlib.ExitStack() as running:
            running.enter_context(elsewhere)
            emulator = running.enter_context(Emulator(accounts))
            gates = []
            for cell, account in zip(cells, accounts):
                gates.append(Gate(cell.place, cell.fault, cell.carried_out, account, emulator, elsewhere.url))
                running.enter_context(gates[-1])
            items = {
                cell: {
                    "name": cell.name,
                    "gate_url": gate.url,
                    "emulator_url": emulator.url,
                    "api_timeout": cell.timeout,
                    "api_retries": cell.fault.retries,
                    "budget": cell.budget,
                    "v2_id": account.v2_id,
                }
                for cell, gate, account in zip(cells, gates, accounts)
            }
            results: dict[str, dict[str, t.Any]] = collections.defaultdict(dict)
            for (name, task), result in self._play(items, forks).items():
                results[name][task] = result
            assert not elsewhere.called, "a redirect was followed"
        return [
            Seen(cell, results[cell.name], was, gate.left, now, gate.journal, gate.struck)
            for cell, was, gate, now in zip(cells, before, gates, accounts)
        ]

    def _play(self, items: dict[Cell, dict[str, t.Any]], forks: int) -> dict[tuple[str, str], dict[str, t.Any]]:
        groups = collections.defaultdict(list)
        for cell, item in items.items():
            groups[cell.place, cell.check, cell.fault.slow].append(item)
        inventory, plays = {}, []
        for number, ((place, check, slow), found) in enumerate(groups.items()):
            length = 1 if slow else LOOP
            loops = [found[start : start + length] for start in range(0, len(found), length)]
            group = "group_%d" % number
            inventory[group] = {"hosts": {"%s_%d" % (group, n): {"cells": loop} for n, loop in enumerate(loops)}}
            plays.append(self._plan(group, place, check))
        write = self._player.write
        args = ("-i", write("inventory.yml", inventory), "-f", str(forks), write("playbook.yml", plays))
        return self._player.run(*args, watched=False).by_item

    def _plan(self, group: str, place: Place, check: bool) -> dict[str, t.Any]:
        module = "hostup.cloud." + place.module
        loop = {"loop": "{{ cells }}", "loop_control": {"label": "{{ item.name }}"}}
        options = {"api_key": "{{ vault_hostup_api_key }}-{{ item.name }}", "api_version": place.version, **place.options}
        struck = {
            "api_url": "{{ item.gate_url }}",
            "api_timeout": "{{ item.api_timeout }}",
            "api_retries": "{{ item.api_retries }}",
        }
        return {
            "name": place.name,
            "hosts": group,
            "connection": "local",
            "gather_facts": False,
            "ignore_errors": True,
            "vars": self._player.variables,
            "vars_files": ["vault.yml"],
            "module_defaults": {"group/hostup.cloud.hostup": {"api_retry_max_delay": LONGEST_WAIT}},
            "tasks": [
                {"name": STRUCK, module: {**options, **struck}, "timeout": "{{ item.budget }}", "check_mode": check, **loop},
                *({"name": name, module: {**options, "api_url": "{{ item.emulator_url }}"}, **loop} for name in later(place)),
            ],
        }


def _customer(number: int, name: str) -> Account:
    record = raw_record(id=str(number), personnummer=PERSONAL_STORED)
    return Account(record, {"%s-%s" % (KEY, name): ALL_SCOPES}, invoices={501: raw_invoice(501, record)})
