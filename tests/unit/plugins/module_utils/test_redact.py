# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is taken out of foreign text, and what is left so that it still says something."""

from __future__ import annotations

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._redact import Redaction, Scrubber

KEY = "hup-secret-key"


@pytest.fixture
def scrub() -> Scrubber:
    scrubber = Scrubber(KEY)
    scrubber.add(["909090-1234", "Storgatan 2", "SE", "+46 70-000 00 00", "canary.*"])
    return scrubber


#: Foreign text -> what is left of it.
TEXTS = [
    ("Key %s is unknown" % KEY, "Key (redacted) is unknown"),
    ("x=%s;" % KEY, "x=(redacted);"),
    ("909090-1234, 9090901234, 19909090 1234", "(redacted), (redacted), (redacted)"),
    # a number that nobody declared, but that looks like a personal or coordination number
    ("Not 850709-9805 but 19701063-2391", "Not (redacted) but (redacted)"),
    ("Org 555555-5555 is unknown", "Org 555555-5555 is unknown"),
    ("storgatan 2 is no street", "(redacted) is no street"),
    ("Phone 0046700000000 is taken", "Phone (redacted) is taken"),
    ("The SERVER is busy", "The SERVER is busy"),
    ("a canary.* and a canary", "a (redacted) and a canary"),
]


@pytest.mark.parametrize(("foreign", "left"), TEXTS)
def test_text(scrub: Scrubber, foreign: str, left: str) -> None:
    assert scrub(foreign) == left


def test_line(scrub: Scrubber) -> None:
    assert scrub.line("two\nlines\x00 and\ta tab.") == "two lines and a tab"
    assert scrub.line("x" * 500) == "x" * 200
    assert [scrub.line(nothing) for nothing in (None, ["x"], 1, "", " ")] == [None] * 5
    # cut after scrubbing: half a secret is one, too
    assert KEY[:4] not in (scrub.line("x" * 195 + KEY) or "")


@pytest.mark.parametrize(
    ("foreign", "token"),
    [("BAD_REQUEST", "BAD_REQUEST"), ("req_1:a/b.c-d", "req_1:a/b.c-d"), (KEY, None), ("9090901234", None)]
    + [(wrong, None) for wrong in ("", "two words", "a\nb", "x" * 101, 5, None, ["a"])],
)
def test_token(scrub: Scrubber, foreign: object, token: str | None) -> None:
    assert scrub.token(foreign) == token


def test_arguments() -> None:
    """What a module prints of its arguments: by the same rule as its result."""
    params = {"api_key": KEY, "city": "Lund", "address": "Storgatan 2", "personal_number": "", "api_url": "https://a:b@c"}
    assert Redaction(["address"]).arguments(params) == {
        "api_key": "(redacted)",
        "city": "Lund",
        "address": "(redacted)",
        "personal_number": "",
        "api_url": "(redacted)",
    }
