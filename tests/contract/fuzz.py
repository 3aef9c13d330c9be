# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator against its contract: schemathesis asks it over a socket, with keys of every kind, and with none.

python -m ansible_collections.hostup.cloud.tests.contract --examples 500
"""

from __future__ import annotations

import pathlib
import subprocess
import sys
import tempfile
import typing as t

from ansible_collections.hostup.cloud.tests.contract.checker import CONTRACT, PATH
from ansible_collections.hostup.cloud.tests.emulator import Account, Emulator
from ansible_collections.hostup.cloud.tests.emulator.accounts import ALL_SCOPES, raw_invoice, raw_record

#: The methods of a contract's path; what else stands there is no operation.
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Caller(t.NamedTuple):
    """Who asks."""

    name: str
    #: The header field that carries the key, with the key in it; "" for none.
    field: str
    scopes: tuple[str, ...] = ()
    #: Only operations whose path fits.
    paths: str = "."
    #: The phases of the short run in `make test`; "" for none.
    phases: str = ""


_PROGRAM = str(pathlib.Path(sys.executable).with_name("schemathesis"))
_CONFIG = str(PATH.with_name("schemathesis.toml"))

KEY = "key-of-the-contract"
ALL_PHASES = "examples,coverage,fuzzing,stateful"
_BEARER = "Authorization: Bearer " + KEY
_SHORT = "examples,fuzzing,stateful"
CALLERS = (
    Caller("every scope", _BEARER, ALL_SCOPES, phases=ALL_PHASES),
    Caller("every scope, in version 1's field", "X-API-Key: " + KEY, ALL_SCOPES, "^/(account|billing)/", phases=_SHORT),
    Caller("reads the account", _BEARER, ("read:account",), phases=_SHORT),
    Caller("writes the account", _BEARER, ("write:account",)),
    Caller("billing", _BEARER, ("read:billing", "write:billing")),
    Caller("unknown key", "Authorization: Bearer not-" + KEY),
    Caller("no key", "", phases=_SHORT),
)


class Asked(t.NamedTuple):
    """What became of one caller's requests."""

    #: schemathesis found nothing.
    passed: bool
    #: What it printed.
    output: str
    #: Operation, as "GET /v2/me" -> statuses of its answers.
    statuses: dict[str, set[int | None]]
    #: The account is as it was before.
    untouched: bool


def ask(caller: Caller, seed: int, examples: int, phases: str = ALL_PHASES) -> Asked:
    """Let schemathesis ask an emulator; examples: per operation and phase."""
    number = "9257"
    account = Account(raw_record(id=number), {KEY: caller.scopes}, invoices={501: raw_invoice(501, raw_record(id=number))})
    before = _state(account)
    # hypothesis keeps what it knows of Unicode in the working directory
    with tempfile.TemporaryDirectory() as folder, Emulator([account]) as emulator:
        options = ["--url", emulator.url, "--seed", str(seed), "--max-examples", str(examples), "--phases", phases]
        options += ["--include-path-regex", caller.paths] + (["--header", caller.field] if caller.field else [])
        line = [_PROGRAM, "--config-file", _CONFIG, "run", str(PATH), "--checks", "all", "--no-color", *options]
        done = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)
        journal = list(emulator.journal)
    statuses: dict[str, set[int | None]] = {name: set() for name in ("", *operations())}
    for entry in journal:
        statuses[operation(entry.method, entry.path)].add(entry.status)
    return Asked(done.returncode == 0, done.stdout + done.stderr, statuses, _state(account) == before)


def operations() -> dict[str, dict[str, t.Any]]:
    """All that the contract has, as "GET /v2/me"."""
    paths = CONTRACT.spec.read_value()["paths"]
    return {"%s %s" % (m.upper(), path): item[m] for path, item in paths.items() for m in METHODS if m in item}


def operation(method: str, path: str) -> str:
    """The operation that a request is for; "" where it is none."""
    endpoint = path[len("/api") :]
    if endpoint.startswith("/billing/invoice/"):
        endpoint = "/billing/invoice/{id}"
    name = "%s %s" % (method, endpoint)
    return name if name in operations() else ""


def _state(account: Account) -> tuple[dict[str, t.Any], ...]:
    return dict(account.record), dict(account.v2), dict(account.preferences)
