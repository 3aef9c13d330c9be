# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What these tests share: a folder with a vault to run playbooks in, and emulators that hold the vault's key."""

from __future__ import annotations

import contextlib
import typing as t

import pytest
import trustme

from ansible_collections.hostup.cloud.tests.emulator import Account, Emulator
from ansible_collections.hostup.cloud.tests.emulator.accounts import ALL_SCOPES, raw_record
from ansible_collections.hostup.cloud.tests.integration.fleet import Fleet
from ansible_collections.hostup.cloud.tests.integration.runner import Player
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY, PERSONAL_STORED

#: In Ansible's own process or as a module: the variables that choose it.
WAYS_TO_RUN: dict[str, dict[str, t.Any]] = {"in process": {}, "module": {"hostup_in_process": False}}


@pytest.fixture(scope="session", params=WAYS_TO_RUN)
def player(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Player:
    """Both ways, for what may differ between them; `test_ways_to_run.py` compares the rest."""
    return Player(tmp_path_factory.mktemp("play"), WAYS_TO_RUN[request.param])


@pytest.fixture(scope="session")
def module_player(tmp_path_factory: pytest.TempPathFactory) -> Player:
    """For what only a module can do, such as run on another Python."""
    return Player(tmp_path_factory.mktemp("module"), WAYS_TO_RUN["module"])


@pytest.fixture(scope="session")
def in_process_player(tmp_path_factory: pytest.TempPathFactory) -> Player:
    """For what does not depend on the way to run."""
    return Player(tmp_path_factory.mktemp("process"), WAYS_TO_RUN["in process"])


class Certificates(t.NamedTuple):
    authority: str
    server: tuple[str, str]


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    server = authority.issue_cert("127.0.0.1", "localhost")
    paths = [folder / name for name in ("ca.pem", "cert.pem", "key.pem")]
    authority.cert_pem.write_to_path(str(paths[0]))
    server.cert_chain_pems[0].write_to_path(str(paths[1]))
    server.private_key_pem.write_to_path(str(paths[2]))
    return Certificates(str(paths[0]), (str(paths[1]), str(paths[2])))


#: Starts an emulator with an account for each name, all as declared.
Fleets = t.Callable[[Player, t.Sequence[str]], Fleet]


@contextlib.contextmanager
def running_fleets() -> t.Iterator[Fleets]:
    """They run until the context ends."""
    with contextlib.ExitStack() as running:
        yield lambda player, names: Fleet.of(player, names, running.enter_context)


@pytest.fixture(scope="module")
def fleets() -> t.Iterator[Fleets]:
    with running_fleets() as fleets:
        yield fleets


class Start(t.Protocol):
    """Starts an emulator with one account behind the vault's key."""

    def __call__(self, record: dict[str, t.Any] | None = None, /, **habits: t.Any) -> Emulator:
        """record: what differs from the sample; habits: of `Account` and, as `certificate`, of `Emulator`."""


@contextlib.contextmanager
def running_emulators() -> t.Iterator[Start]:
    """They run until the context ends."""
    with contextlib.ExitStack() as running:

        def start(record: dict[str, t.Any] | None = None, /, **habits: t.Any) -> Emulator:
            certificate = habits.pop("certificate", None)
            scopes = habits.pop("scopes", ALL_SCOPES)
            account = Account(raw_record(**{"personnummer": PERSONAL_STORED, **(record or {})}), {KEY: scopes}, **habits)
            return running.enter_context(Emulator([account], certificate=certificate))

        yield start


@pytest.fixture(scope="module")
def start() -> t.Iterator[Start]:
    with running_emulators() as start:
        yield start
