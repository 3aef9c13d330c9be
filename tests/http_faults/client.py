# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection's HTTP client as a program, for a Python that has nothing but `requests`.

Takes a list of connections in JSON, sends an update over each at the same time, and prints what came of them.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._errors import HostupError
from ansible_collections.hostup.cloud.plugins.module_utils._http import HttpSession, NoResponse
from ansible_collections.hostup.cloud.plugins.module_utils._validate import Connection

KEY = "a-key-of-nobody"
UPDATE = {"city": "Lund"}


_ENVIRONMENT = threading.Lock()


def session(connection: Connection, proxy: str) -> HttpSession:
    """The environment names a proxy while the session is made, which is when it counts."""
    with _ENVIRONMENT:
        os.environ.update(HTTPS_PROXY=proxy, http_proxy=proxy)
        return HttpSession(connection, {"X-API-Key": KEY})


def outcome(connection: Connection, before: int, proxy: str) -> dict[str, t.Any]:
    """What one update comes to. before: requests that read first, on the same connection."""
    start = time.monotonic()
    try:
        with session(connection, proxy) as http:
            for _dummy in range(before):
                http.send("GET", "/account/details")
            response = http.send("POST", "/account/update", UPDATE)
    except NoResponse as lost:
        found = {"said": str(lost), "advice": lost.advice, "attempts": lost.attempts, "maybe_applied": lost.maybe_applied}
    except HostupError as error:
        found = {"said": str(error)}
    else:
        found = {**response._asdict(), "headers": dict(response.headers), "body": response.body.decode("latin-1")}
    return {**found, "seconds": time.monotonic() - start}


def main() -> None:
    jobs = json.load(sys.stdin)
    found: dict[str, dict[str, t.Any]] = {}

    def work(name: str, job: dict[str, t.Any]) -> None:
        before, proxy = job.pop("before", 0), job.pop("proxy", "")
        found[name] = outcome(Connection(**job), before, proxy)

    threads = [threading.Thread(target=work, args=item) for item in jobs.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    late = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
    end = time.monotonic() + 1
    for thread in late:
        thread.join(max(0, end - time.monotonic()))
    json.dump({"outcomes": found, "threads": sum(thread.is_alive() for thread in late)}, sys.stdout)


if __name__ == "__main__":
    main()
