# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whoever leaves out a change of the walk-through "Add a field" is told so, by the test that is named here."""

from __future__ import annotations

import pytest

from ansible_collections.hostup.cloud.tests.walkthrough.conftest import Copy

DOCUMENTATION = "tests/unit/test_documentation.py::"
OPTIONS = DOCUMENTATION + "test_options_are_documented_as_they_are"
RETURNED = DOCUMENTATION + "test_return_values_are_documented"
ROLE = DOCUMENTATION + "test_the_role_takes_what_the_module_takes"
DOCUMENT = "tests/contract/test_document.py::"

#: The file, which of its changes in the walk-through's order, and who misses it.
MISSED = [
    ("plugins/module_utils/_fields.py", 0, ROLE),
    ("tests/contract/v1.yaml", 0, "tests/contract/test_document.py"),
    ("tests/contract/v1.yaml", 1, "tests/contract/test_document.py"),
    ("tests/contract/v2.yaml", 0, "tests/contract/test_document.py"),
    ("tests/contract/v2.yaml", 1, "tests/contract/test_document.py"),
    ("plugins/modules/hostup_account.py", 0, OPTIONS + "[hostup_account]"),
    ("plugins/modules/hostup_account.py", 1, DOCUMENTATION + "test_every_option_has_an_example"),
    ("plugins/modules/hostup_account.py", 2, RETURNED + "[hostup_account]"),
    ("plugins/modules/hostup_account_info.py", 0, RETURNED + "[hostup_account_info]"),
    ("plugins/modules/hostup_invoice_info.py", 0, RETURNED + "[hostup_invoice_info]"),
    ("plugins/doc_fragments/showing.py", 0, OPTIONS + "[hostup_account_info]"),
    ("roles/hostup_account/meta/argument_specs.yml", 0, ROLE),
    ("roles/hostup_account/meta/argument_specs.yml", 1, ROLE),
]
#: What people have to look for.
UNSEEN = "changelogs/fragments/cost-centre.yml"


def test_all_changes_are_tried(copy: Copy) -> None:
    changed = [change.file for step in copy.steps for change in step.changes]
    assert sorted(changed) == sorted([*(file for file, dummy, missing in MISSED), UNSEEN])


@pytest.mark.parametrize(("file", "which", "test"), MISSED, ids=["%s-%d" % case[:2] for case in MISSED])
def test_a_change_that_is_left_out_is_missed(copy: Copy, file: str, which: int, test: str) -> None:
    path = copy.root / file
    done = path.read_text(encoding="utf-8")
    change = [change for step in copy.steps for change in step.changes if change.file == file][which]
    assert done.count(change.after) == 1
    path.write_text(done.replace(change.after, change.before), encoding="utf-8")
    try:
        ran = copy.pytest(test)
    finally:
        path.write_text(done, encoding="utf-8")
    assert ran.returncode == 1, ran.stdout
    assert "FAILED " + test in ran.stdout
