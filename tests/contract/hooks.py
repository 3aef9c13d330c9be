# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What schemathesis loads beside its own checks."""

from __future__ import annotations

import typing as t

import schemathesis
from schemathesis import Case, CheckContext, Response

from ansible_collections.hostup.cloud.tests.contract.checker import faults_of_body
from ansible_collections.hostup.cloud.tests.emulator.intake import Incoming


@schemathesis.check
def wrong_requests_are_refused(ctx: CheckContext, response: Response, case: Case[t.Any]) -> None:
    """A success means that the request is the contract's.

    schemathesis' own negative_data_rejection lets pass a body whose one fault is a property that the contract does not have.
    """
    sent = response.request
    body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
    if 200 <= response.status_code < 300:
        faults = faults_of_body(Incoming(sent.method or "", sent.path_url, tuple(sent.headers.items()), body))
        assert not faults, "taken, although: " + "; ".join(faults)
