# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults that a test or a person orders for the next requests: what the network and the API can do to a client."""

from __future__ import annotations

import dataclasses
import json
import threading
import typing as t

from . import api_v1, api_v2, v2_bodies
from .replies import Reply

KINDS = (
    "status",  # this status, with an error envelope, or a problem in version 2
    "html",  # this status, with a page of HTML
    "empty",  # this status, with no body
    "body",  # this status, with `body` as it stands
    "invalid_json",
    "truncated_json",  # a complete answer whose JSON breaks off
    "cut_off",  # the connection ends in the middle of the body
    "array",
    "huge",  # 8 MiB of JSON
    "slow",  # the answer comes `seconds` late
    "hang",  # the same, but nothing is carried out
    "trickle",  # the answer comes byte by byte, over `seconds`
    "drop",  # the connection ends without an answer
    "redirect",  # to `location`
)


@dataclasses.dataclass
class Fault:
    """One kind of fault, for the next `times` requests that it fits."""

    kind: str
    times: int = 1
    #: Requests that are let through first.
    skip: int = 0
    #: Only requests of this HTTP method; "" for any.
    method: str = ""
    #: Only requests whose path ends with this.
    path: str = ""
    #: The request is carried out before the answer is spoiled.
    after: bool = False
    status: int = 500
    code: str = "INTERNAL_ERROR"
    message: str = "Something went wrong"
    #: Of a problem: what is wrong with the body, as {pointer, detail, code}.
    errors: list[dict[str, str]] = dataclasses.field(default_factory=list)
    retry_after: str = ""
    #: The time in X-RateLimit-Reset.
    reset: str = ""
    location: str = ""
    body: str = ""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError("unknown kind of fault: %s; known: %s" % (self.kind, ", ".join(KINDS)))

    def spoil(self, reply: Reply, path: str) -> Reply:
        """The reply that goes out instead; the server does what concerns the connection itself."""
        fields = {"Retry-After": self.retry_after, "X-RateLimit-Reset": self.reset}
        headers = {name: value for name, value in fields.items() if value}
        page = {"Content-Type": "text/html", **headers}
        bodies: dict[str, t.Callable[[], Reply]] = {
            "status": lambda: error(path, self.status, self.code, self.message, self.errors, **headers),
            "html": lambda: Reply(self.status, b"<html><h1>%d Bad gateway</h1><p>cloud</p></html>" % self.status, page),
            "empty": lambda: Reply(self.status, b"", headers),
            "body": lambda: Reply(self.status, self.body.encode(), {**reply.headers, **headers}),
            "invalid_json": lambda: reply._replace(body=b"<!-- debug -->" + reply.body),
            "truncated_json": lambda: reply._replace(body=reply.body[: len(reply.body) // 2]),
            "array": lambda: reply._replace(body=b"[" + reply.body + b"]"),
            "huge": lambda: reply._replace(body=json.dumps({"success": True, "filler": "x" * 8 * 1024 * 1024}).encode()),
            "redirect": lambda: Reply(self.status, b"", {"Location": self.location}),
        }
        return bodies[self.kind]() if self.kind in bodies else reply


def error(path: str, status: int, code: str, message: str, errors: t.Sequence[dict[str, str]] = (), **headers: str) -> Reply:
    """An error as the version that this path belongs to has it; `errors` is version 2's alone."""
    if path.startswith(api_v2.PREFIX):
        return v2_bodies.error(status, code, message, path, errors, **headers)
    return api_v1.error(status, code, message, **headers)


class Faults:
    """The faults that are on order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[Fault] = []

    def order(self, *faults: Fault) -> None:
        """Put faults on order, behind those that wait already."""
        with self._lock:
            self._orders += [dataclasses.replace(fault) for fault in faults]

    def clear(self) -> None:
        """Forget what is on order."""
        with self._lock:
            self._orders.clear()

    def next(self, method: str, path: str) -> Fault | None:
        """The fault that strikes this request."""
        with self._lock:
            for fault in self._orders:
                if fault.method not in ("", method) or not path.endswith(fault.path):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    return None
                fault.times -= 1
                if not fault.times:
                    self._orders.remove(fault)
                return fault
            return None
