# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors: one sentence for the user, and the facts that stand beside it in the result."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._errors import (
    ApiFailure,
    PartialUpdate,
    ReadFailed,
    RequestInfo,
    UpdateFailed,
    VerificationFailed,
)

INFO = RequestInfo(400, "BAD", "No such city", "req-1", "POST", "/api/account/update", 2)
LOST = RequestInfo(None, None, None, None, "POST", "/api/account/update", 1)


def failure(kind: type[ApiFailure] = UpdateFailed, info: RequestInfo = LOST, **facts: t.Any) -> ApiFailure:
    return kind(
        **{"doing": "Updating the account", "happened": "lost its connection", "advice": "run again", "info": info, **facts}
    )


SENTENCES = {
    "no answer": (
        failure(),
        "Updating the account failed: POST /api/account/update lost its connection; run again.",
    ),
    "the API's words": (
        failure(info=INFO, happened="was answered with HTTP 400"),
        "Updating the account failed: POST /api/account/update was answered with HTTP 400, "
        'BAD "No such city" (request id req-1, 2 attempts); run again.',
    ),
    "single options": (
        failure(info=INFO._replace(code=None, message=None, attempts=1), details=["city", "postcode (too long)"]),
        "Updating the account failed: POST /api/account/update lost its connection, "
        "for city, postcode (too long) (request id req-1); run again.",
    ),
    "an update in parts": (
        PartialUpdate(failure(), ["b", "a"], ["c"], ["req-1"]),
        "Updating the account failed: POST /api/account/update lost its connection; run again; "
        "written: a, b; not known to be written: c, which the next run sets.",
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_an_error_is_one_sentence(name: str) -> None:
    error, sentence = SENTENCES[name]
    assert str(error) == sentence


def test_another_error_is_made_of_one_that_stays_as_it_is() -> None:
    first = failure(ReadFailed, INFO, details=["city"], maybe_applied=True)
    second = first.but(advice="ask HostUp", changed=True)
    assert (type(second), second.details, second.maybe_applied, second.changed) == (ReadFailed, ["city"], True, True)
    assert str(second) == str(first).replace("run again", "ask HostUp")
    assert (first.changed, first.advice) == (False, "run again")


def test_results_of_failed_updates() -> None:
    """`changed` is true whenever the account may differ from what it was."""
    assert failure(info=INFO).result() == {"changed": False, "failure": INFO._asdict()}
    verification = VerificationFailed(["city"], "req-1", happened="was answered", advice="check", info=INFO)
    assert verification.result() == {
        "changed": True,
        "failure": INFO._asdict(),
        "changed_fields": ["city"],
        "request_id": "req-1",
    }
    for written, changed in ((["timezone"], True), ([], False)):
        partial = PartialUpdate(failure(), written, ["language"], ["req-1"]).result()
        assert (partial["changed"], partial["written_fields"], partial["unwritten_fields"]) == (changed, written, ["language"])
    assert PartialUpdate(verification, ["timezone"], [], []).result()["changed_fields"] == ["city", "timezone"]
