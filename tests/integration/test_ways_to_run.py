# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In Ansible's process, as a module here, and as a module over SSH, tasks return and send the same, and as recorded."""

from __future__ import annotations

import concurrent.futures
import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.integration.conftest import WAYS_TO_RUN, Start
from ansible_collections.hostup.cloud.tests.integration.runner import Player
from ansible_collections.hostup.cloud.tests.integration.shared_tasks import CASES, Seen, play, recorded
from ansible_collections.hostup.cloud.tests.integration.ssh import Sshd

SSH = "module over SSH"
RECORDED = recorded()


@pytest.fixture(scope="module")
def seen(start: Start, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """The whole table, once for each way to run a task, side by side."""
    with Sshd(tmp_path_factory.mktemp("sshd")) as sshd, concurrent.futures.ThreadPoolExecutor() as pool:
        ways: dict[str, dict[str, t.Any]] = {**WAYS_TO_RUN, SSH: sshd.variables()}
        players = {way: Player(tmp_path_factory.mktemp("way"), variables) for way, variables in ways.items()}
        runs = {way: pool.submit(play, player, start) for way, player in players.items()}
        return {way: run.result() for way, run in runs.items()}


def test_every_task_is_recorded() -> None:
    assert list(RECORDED) == sorted(CASES)


@pytest.mark.parametrize("way", [*WAYS_TO_RUN, SSH])
@pytest.mark.parametrize("name", CASES)
def test_results_and_requests_are_as_recorded(seen: dict[str, Seen], name: str, way: str) -> None:
    """To the key, and to the names of headers. Did it change on purpose? See `record_results.py`."""
    assert seen[way].comparable(name) == RECORDED[name]


@pytest.mark.parametrize("name", CASES)
def test_every_way_shows_the_same_arguments_and_headers(seen: dict[str, Seen], name: str) -> None:
    """What the record leaves out: all of the result, and the values of headers."""
    here, *others = [of.result(name) for of in seen.values()]
    assert others == [here] * len(others)
    here_sent, *others_sent = [
        [{key: value for key, value in entry.headers.items() if key != "Host"} for entry in of.emulators[name].journal]
        for of in seen.values()
    ]
    assert others_sent == [here_sent] * len(others_sent)


def test_each_ran_where_it_should(seen: dict[str, Seen]) -> None:
    """Payloads and connections show at `-vvvv`: without this, all three might be one."""
    task = "TASK [account v1: changed]"
    parts = {way: of.played.output.partition(task)[2].partition("TASK [")[0] for way, of in seen.items()}
    assert "EXEC" not in parts["in process"]
    assert "AnsiballZ_hostup_account.py" in parts["module"]
    assert "SSH: EXEC" not in parts["module"]
    assert "SSH: EXEC" in parts[SSH]
