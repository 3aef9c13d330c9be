# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""schemathesis asks the emulator as every kind of caller, and the answers that it can't provoke are ordered."""

from __future__ import annotations

import re

import pytest
import requests

from ansible_collections.hostup.cloud.tests.contract.checker import faults_of_answer
from ansible_collections.hostup.cloud.tests.contract.fuzz import CALLERS, Caller, ask, operations
from ansible_collections.hostup.cloud.tests.emulator import Emulator, Fault

#: Any will do: with the same one, the same is asked in each run.
SEED = 20260427
EXAMPLES = 10


def _granted(operation: str, caller: Caller) -> bool:
    """A key of these scopes may do it, or some of it."""
    needed = [set(scopes) for way in operations()[operation]["security"] for scopes in way.values()]
    return any(scopes <= set(caller.scopes) for scopes in needed)


@pytest.mark.parametrize("caller", [caller for caller in CALLERS if caller.phases], ids=lambda caller: caller.name)
def test_the_emulator_keeps_to_the_contract(caller: Caller) -> None:
    asked = ask(caller, SEED, EXAMPLES, caller.phases)
    assert asked.passed, asked.output
    for operation in operations():
        method, path = operation.split()
        seen = asked.statuses[operation]
        if not re.search(caller.paths, path):
            continue
        if not caller.scopes:
            assert seen == {401}, operation
        elif _granted(operation, caller):
            assert {200} | ({400} if method != "GET" else set()) <= seen, operation
        else:
            assert 403 in seen, operation
            assert 200 not in seen, operation
    assert asked.untouched == (not any(scope.startswith("write:") for scope in caller.scopes))


#: An answer that a fault makes: operation, fault.
ORDERED = [
    (operation, Fault("html" if status == "5XX" else "status", status=524 if status == "5XX" else int(status), retry_after="7"))
    for operation, facts in operations().items()
    for status in facts["responses"]
    # 405 takes a wrong method, which schemathesis tries
    if status not in ("200", "405")
]


def test_errors_on_order() -> None:
    with Emulator() as emulator:
        for operation, fault in ORDERED:
            method, endpoint = operation.replace("{id}", "501").split()
            emulator.faults.order(fault)
            answer = requests.request(method, emulator.url + endpoint, json=None if method == "GET" else {}, timeout=10)
            said = faults_of_answer(method, "/api" + endpoint, answer.status_code, answer.headers, answer.content)
            assert (operation, answer.status_code, said) == (operation, fault.status, [])
