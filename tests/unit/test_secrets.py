# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The search for secrets that follows each run of the tests finds them: else it would be green whatever happens."""

from __future__ import annotations

import base64
import os
import subprocess

import pytest

from ansible_collections.hostup.cloud.tests.emulator.accounts import CANARIES
from ansible_collections.hostup.cloud.tests.integration.interrupting import until
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY, PERSONAL_DECLARED, ProcessList, Searched

FOUND = [KEY, PERSONAL_DECLARED, PERSONAL_DECLARED.replace("-", ""), "the demo-key-of-account-1001", *CANARIES.values()]
FOUND += [base64.b64encode(front + KEY.encode() + b" and more").decode() for front in (b"", b"a", b"ab", b"user:")]


@pytest.mark.parametrize("text", FOUND)
def test_found(text: str) -> None:
    assert [place for _secret, place in Searched().find({"here": "Some %s text" % text, "there": "Some text"})] == ["here"]


def test_processes() -> None:
    """Those of the run, while it lasts, and nobody else's."""
    line = ["bash", "-c", "read"]
    with ProcessList("RUN=mine") as processes:
        for name in ("mine", "other"):
            with subprocess.Popen([*line, name + KEY], stdin=subprocess.PIPE, env={**os.environ, "RUN": name}) as running:
                if name == "mine":
                    until(lambda: any("mine" + KEY in seen for seen in processes.seen))
                running.communicate()
    assert Searched().find({"the process list": "\n".join(processes.seen)}) == [("hup-key-7d1f0a6c", "the process list")]
    assert [seen for seen in processes.seen if "other" in seen] == []
