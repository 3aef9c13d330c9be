# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A thousand accounts: one after the other in one process, where nothing is left behind, and in one audit."""

from __future__ import annotations

import gc
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import tracemalloc
import typing as t

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.hostup.cloud.plugins.module_utils._account import APPLY
from ansible_collections.hostup.cloud.plugins.module_utils._http import prepare
from ansible_collections.hostup.cloud.plugins.module_utils._task import run_task
from ansible_collections.hostup.cloud.tests.integration.conftest import Certificates, Fleets
from ansible_collections.hostup.cloud.tests.integration.fleet import AUDIT, verdict
from ansible_collections.hostup.cloud.tests.integration.runner import Player

KEY = "demo-key-of-account-1001"
#: Tasks that are looked at for what they leave behind: one object of each shows, and so does a descriptor of every hundredth.
ROUNDS = 300


@pytest.fixture
def server(certificates: Certificates) -> t.Iterator[str]:
    """An emulator in a process of its own: its threads and connections are not to be counted here."""
    certificate, key = certificates.server
    module = "ansible_collections.hostup.cloud.tests.emulator"
    line = [sys.executable, "-m", module, "--tls-cert", certificate, "--tls-key", key]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


def _run(args: dict[str, str], fails: bool = False) -> None:
    params = ArgumentSpecValidator(APPLY.spec).validate(args).validated_parameters
    result = run_task(APPLY, params, check_mode=False, diff_mode=True)
    assert result.get("failed", False) == fails, result


def test_no_descriptor_thread_or_memory(server: str, certificates: Certificates) -> None:
    """A change each, with a failure among every ten: GET, POST, GET over a connection of its own."""

    def run(number: int) -> None:
        key = "of-nobody" if number % 10 == 0 else KEY
        args = {"api_key": key, "api_url": server, "ca_path": certificates.authority, "city": "City %d" % number}
        _run(args, fails=key != KEY)

    def left() -> tuple[int, int, int]:
        gc.collect()
        return len(os.listdir("/proc/self/fd")), threading.active_count(), tracemalloc.get_traced_memory()[0]

    for number in range(50):
        run(number)
    tracemalloc.start()
    try:
        descriptors, threads, memory = left()
        for number in range(ROUNDS):
            run(number)
        after = left()
    finally:
        tracemalloc.stop()
    assert after[:2] == (descriptors, threads)
    # less than a tenth of what one answer takes, for each account
    assert after[2] - memory < 300 * ROUNDS


def test_authorities_are_read_once(server: str, certificates: Certificates, tmp_path: pathlib.Path) -> None:
    """Ahead of Ansible's forks: what happens to the file afterwards is nothing to them."""
    path = tmp_path / "authorities.pem"
    shutil.copy(certificates.authority, path)
    prepare(server, str(path))
    path.write_text("no certificate", encoding="utf-8")
    _run({"api_key": KEY, "api_url": server, "ca_path": str(path)})
    path.rename(tmp_path / "another.pem")
    with pytest.raises(AssertionError, match="expected a PEM bundle"):
        _run({"api_key": KEY, "api_url": server, "ca_path": str(tmp_path / "another.pem")})


def test_an_audit(in_process_player: Player, fleets: Fleets) -> None:
    fleet = fleets(in_process_player, ["account-%04d" % number for number in range(1000)])
    fleet.accounts["account-0999"].record["city"] = "Malmö"
    played = fleet.run(AUDIT, "--forks", "25")
    assert verdict(played) == "1 of 1000 accounts drifted: see hostup-audit/audit.html"
    assert fleet.methods() == ["GET"] * 1000
    assert fleet.reports().names() == dict.fromkeys(("json", "markdown", "html", "junit"), list(fleet.hosts))
