# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Says at the top of each run what it can't try on this machine; holds the collection's requests against the contract."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.contract.watch import Watch
from ansible_collections.hostup.cloud.tests.tools.find_pythons import WANTED, find_pythons

_WATCH = pytest.StashKey[Watch]()

#: The files that take longest come first, so that several processes end together; the rest by name, unit tests last.
LONGEST = ("test_ways_to_run", "test_audit", "test_killed", "test_benchmarks", "test_races", "test_scale")


def pytest_report_header() -> str:
    here = find_pythons()
    missing = [version for version in WANTED if version not in here]
    return "managed nodes' Pythons: %s; not on this machine: %s" % (", ".join(here), ", ".join(missing) or "none")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_WATCH] = Watch().__enter__()


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_WATCH].__exit__()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> t.Generator[None, None, None]:
    """A request that breaks the contract fails the test that sent it, or, from a shared fixture, the first that used it."""
    try:
        yield
    finally:
        _hold(item.config)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> t.Generator[None, None, None]:
    try:
        yield
    finally:
        _hold(item.config)


def _hold(config: pytest.Config) -> None:
    faults = config.stash[_WATCH].faults()
    if faults:
        pytest.fail("the collection broke tests/contract/openapi.yaml:\n" + "\n".join(faults), pytrace=False)


@pytest.fixture(scope="session")
def watch(pytestconfig: pytest.Config) -> Watch:
    """For requests to emulators outside of this process."""
    return pytestconfig.stash[_WATCH]


def pytest_sessionfinish(session: pytest.Session) -> None:
    # a worker of pytest-xdist hands its count over
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["watched"] = session.config.stash[_WATCH].count


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: t.Any) -> None:
    node.config.stash[_WATCH].count += getattr(node, "workeroutput", {}).get("watched", 0)


def pytest_terminal_summary(terminalreporter: t.Any, config: pytest.Config) -> None:
    count = config.stash[_WATCH].count
    if count:
        terminalreporter.write_line("requests of the collection held against tests/contract/openapi.yaml: %d" % count)
