# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Galaxy's importer says is a complaint, is known, or is what it always says. `make rehearse` runs the importer itself."""

from __future__ import annotations

import pytest

from ansible_collections.hostup.cloud.tests.tools import importer

KNOWN = """\
WARNING: plugins/module_utils/_values.py:164:53: E203 whitespace before ':'
WARNING: plugins/module_utils/_codec.py:25:5: W503 line break before binary operator
WARNING: ERROR    Failed to find hostup.cloud.apply playbook.
"""
#: Of a run that has found nothing.
GOOD = (
    """\
Importing with galaxy-importer 0.4.44
Loading module hostup_account
Linting module hostup_account via flake8...
Linting collection via ansible-lint 26.10.1...
%s...ansible-lint run complete
Collection loading complete
Importer processing completed successfully
"""
    % KNOWN
)

CASES: list[tuple[str, str, str, list[str] | None]] = [
    ("nothing", "", "", []),
    ("flake8", "Loading module", "WARNING: plugins/a.py:1:1: F401 'os' imported but unused\n", None),
    ("ansible-lint", "...ansible", "WARNING: playbooks/apply.yml:2: name[missing]: All tasks should be named.\n", None),
    ("another playbook", "...ansible", "WARNING: ERROR    Failed to find hostup.cloud.audit playbook.\n", None),
    ("no linter", "...ansible", "WARNING: ansible-lint not found, skipping lint of collection\n", None),
    ("a role", "Collection", "WARNING: Could not get role description, no role metadata found\n", None),
    (
        "sanity",
        "Collection",
        "WARNING: Ignore files skip ansible-test sanity tests, found ignore-2.19.txt with 1 statement(s)\n",
        None,
    ),
    ("its own fault", "Collection", "Traceback (most recent call last):\n", None),
    ("refused", "Importer", "ERROR: The import failed for the following reason: Invalid collection metadata.\n", None),
]


@pytest.mark.parametrize(("place", "text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_complaints(place: str, text: str, expected: list[str] | None) -> None:
    output = GOOD.replace(place, text + place, 1) if place else GOOD
    assert importer.complaints(output) == ([text.strip()] if expected is None else expected)


@pytest.mark.parametrize("line", importer.RAN)
def test_what_did_not_run_is_a_complaint(line: str) -> None:
    assert importer.complaints(GOOD.replace(line, "")) == ["It did not say %r." % line]


@pytest.mark.parametrize("line", KNOWN.splitlines())
def test_what_it_no_longer_says_is_named(line: str) -> None:
    (pattern,) = importer.outlived(GOOD.replace(line + "\n", ""))
    assert pattern in importer.KNOWN
    assert importer.outlived(GOOD) == []
