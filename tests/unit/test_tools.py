# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `make compat` and `make sanity` could not try is named, and makes nothing look good."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.tests.tools.compat import Result, lacks, report
from ansible_collections.hostup.cloud.tests.tools.cores import Core
from ansible_collections.hostup.cloud.tests.tools.sanity import passed_over

CORE = Core("2.22", "2.22.0", ("3.13", "3.14"), ("3.9", "3.10", "3.13", "3.14"))
GOOD = Result(CORE, "3.13", passed=9, failed=0, targets=["3.9", "3.13"], sanity=30, minutes=1.0)

RAN = "\n".join(
    "Running sanity test " + name
    for name in (
        '"validate-modules"',
        '"pylint"',
        '"shellcheck"',
        '"yamllint"',
        '"compile" on Python 3.9',
        '"import" on Python 3.9',
    )
)


@pytest.mark.parametrize(
    ("pythons", "expected"),
    [
        (("3.9", "3.10", "3.13", "3.14"), []),
        (
            ("3.9", "3.10", "3.13"),
            ["ansible-core 2.22.0, itself on Python 3.14", "ansible-core 2.22.0, managed nodes on Python 3.14"],
        ),
        (("3.13", "3.14"), ["ansible-core 2.22.0, managed nodes on Python 3.9, 3.10"]),
        (("3.9", "3.11"), ["ansible-core 2.22.0 at all: it takes Python 3.13, 3.14"]),
    ],
)
def test_what_a_machine_lacks(pythons: tuple[str, ...], expected: list[str]) -> None:
    assert lacks(CORE, pythons) == expected
    assert [text for text in expected or ["nothing"] if "- %s\n" % text not in report([GOOD], expected)] == []


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({}, "| 2.22.0 | 3.13 | 9 | 0 | 30 | oldest, 3.9: passed; all: 3.9, 3.13 | 1.0 |"),
        ({"passed": 0}, "| 0 | 0 | 30 |"),
        ({"failed": 2}, "| 9 | **2** | 30 |"),
        ({"sanity": 0}, "| **failed** |"),
        ({"targets": []}, "**oldest, 3.9: not tried**; none"),
        ({"targets": ["3.13"]}, "**oldest, 3.9: not tried**; 3.13"),
    ],
)
def test_outcomes(change: dict[str, t.Any], shown: str) -> None:
    outcome = GOOD._replace(**change)
    assert shown in report([outcome], [])
    # a machine without the oldest Python is no failure: it is named
    assert outcome.good == (change in ({}, {"targets": ["3.13"]}))


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (RAN, []),
        (RAN.replace("3.9", "3.10"), ['"compile" on Python 3.9 did not run', '"import" on Python 3.9 did not run']),
        (RAN.replace('"shellcheck"', "nothing"), ['"shellcheck" did not run']),
        (RAN + "\nWARNING: All targets skipped.", ["All targets skipped."]),
        (RAN + '\nWARNING: Skipping sanity test "import" on Python 3.15 because it could not be found.', []),
        (RAN + '\nWARNING: Skipping sanity test "mypy" on Python 3.9.', ['Skipping sanity test "mypy" on Python 3.9.']),
        (RAN + "\nWARNING: Required program shellcheck not found.", ["Required program shellcheck not found."]),
    ],
)
def test_sanity_tests_that_did_not_run(output: str, expected: list[str]) -> None:
    assert passed_over(output, ["3.9"]) == expected
