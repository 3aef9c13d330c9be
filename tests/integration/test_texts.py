# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any text through a real playbook: what a file of YAML says is what the server stores, and the next run finds nothing to do."""

from __future__ import annotations

import pathlib

from hypothesis import given, settings

from ansible_collections.hostup.cloud.plugins.module_utils._characters import shows_nothing, stripped
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_BY_OPTION
from ansible_collections.hostup.cloud.plugins.module_utils._redact import holds_mask
from ansible_collections.hostup.cloud.tests.emulator import Account, Emulator
from ansible_collections.hostup.cloud.tests.emulator.accounts import ALL_SCOPES, raw_record
from ansible_collections.hostup.cloud.tests.integration.conftest import WAYS_TO_RUN
from ansible_collections.hostup.cloud.tests.integration.runner import Player, Task, Unsafe, account
from ansible_collections.hostup.cloud.tests.properties.profiles import PROFILE
from ansible_collections.hostup.cloud.tests.properties.strategies import NASTY, lines

#: The options that take any text, to each of which an account declares one.
OPTIONS = ("first_name", "last_name", "company_name", "address", "city", "state", "custom_line_0076")

#: Outer white space and invisible characters that are not part of a value.
PADDED = [" \u00a0a\u3000", "\ufeffLund", "\u202a\u200bd\u202c \u2060", "\u2003{{ b }} ", " " * 200 + "c" + "\u2028" * 200]


def _drawn(count: int) -> list[str]:
    found: list[str] = []

    @settings(PROFILE, derandomize=True, max_examples=10 * count)
    @given(lines)
    def draw(line: str) -> None:
        found.append(line)

    draw()
    return [line for line in dict.fromkeys(found) if not shows_nothing(line)][:count]


def test_texts(tmp_path: pathlib.Path) -> None:
    texts = [text for text in (*NASTY, *PADDED, *_drawn(2 * len(OPTIONS))) if not holds_mask(text)]
    sets = [dict(zip(OPTIONS, texts[first : first + len(OPTIONS)])) for first in range(0, len(texts), len(OPTIONS))]
    accounts = [Account(raw_record(id=str(1 + number)), {"key-%d" % number: ALL_SCOPES}) for number in range(len(sets))]
    player = Player(tmp_path, WAYS_TO_RUN["in process"])
    with Emulator(accounts) as emulator:
        tasks: list[Task] = [
            account("%d" % number, emulator.url, api_key="key-%d" % number, **{o: _written(text) for o, text in values.items()})
            for number, values in enumerate(sets)
        ]
        first = player.play(tasks)
        stored = [
            [customer.record[PROFILE_BY_OPTION[option].v1] for option in values] for customer, values in zip(accounts, sets)
        ]
        assert stored == [[stripped(text) for text in values.values()] for values in sets]
        second = player.play(tasks)
    assert {result["changed"] for result in first.results.values()} == {True}
    assert {(result["failed"], result["changed"]) for result in second.results.values()} == {(False, False)}


def _written(text: str) -> str:
    """As a playbook has to say it: what looks like a template is one, unless it says otherwise."""
    return Unsafe(text) if any(mark in text for mark in ("{{", "{%", "{#")) else text
