# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What no HTTP library sends: the emulator answers it by the contract, and goes on to the next request."""

from __future__ import annotations

import http.client
import json
import socket
import typing as t
from urllib.parse import urlsplit

import pytest

from ansible_collections.hostup.cloud.tests.contract.checker import faults_of_answer
from ansible_collections.hostup.cloud.tests.emulator import Account, Emulator
from ansible_collections.hostup.cloud.tests.emulator.accounts import ALL_SCOPES, raw_record

JSON = "Content-Type: application/json"
CHUNKED = "Transfer-Encoding: chunked"


def _sized(body: bytes) -> tuple[list[str], bytes]:
    return [JSON, "Content-Length: %d" % len(body)], body


#: What it is -> header fields and body of an update, and the status of its answer.
BODIES: dict[str, tuple[list[str], bytes, int]] = {
    "bad UTF-8": (*_sized(b'{"state": "\xff"}'), 400),
    "UTF-16": (*_sized('{"state": "x"}'.encode("utf-16")), 400),
    "deep nesting": (*_sized(b'{"state": ' + b"[" * 200000 + b"]" * 200000 + b"}"), 400),
    "a huge number": (*_sized(b'{"state": ' + b"9" * 50000 + b"}"), 400),
    "NaN": (*_sized(b'{"state": NaN}'), 400),
    "a key twice": (*_sized(b'{"state": "x", "state": "y"}'), 400),
    "an unknown key": (*_sized(b'{"town": "x"}'), 400),
    "a form": (["Content-Type: application/x-www-form-urlencoded", "Content-Length: 7"], b"state=x", 415),
    "nothing": ([JSON], b"", 400),
    "a length in words": ([JSON, "Content-Length: two"], b"{}", 400),
    "a negative length": ([JSON, "Content-Length: -2"], b"{}", 400),
    "a signed length": ([JSON, "Content-Length: +2"], b"{}", 400),
    "an endless length": ([JSON, "Content-Length: 99999999999999999999"], b"{}", 400),
    "two lengths": ([JSON, "Content-Length: 2", "Content-Length: 3"], b"{}", 400),
    "one length twice": ([JSON, "Content-Length: 2", "Content-Length: 2"], b"{}", 200),
    "less than it says": ([JSON, "Content-Length: 50"], b"{}", 400),
    "chunks": ([JSON, CHUNKED], b"1;x=y\r\n{\r\n1\r\n}\r\n0\r\nX-Trailer: 1\r\n\r\n", 200),
    "chunks and a length": ([JSON, CHUNKED, "Content-Length: 2"], b"2\r\n{}\r\n0\r\n\r\n", 400),
    "chunks that break off": ([JSON, CHUNKED], b"5\r\n{}", 400),
    "chunks without an end": ([JSON, CHUNKED], b"2\r\n{}\r\n", 400),
    "chunks longer than they say": ([JSON, CHUNKED], b"1\r\n{}\r\n0\r\n\r\n", 400),
    "an unknown coding": ([JSON, "Transfer-Encoding: gzip"], b"{}", 400),
}

Answer = t.Tuple[int, t.Mapping[str, str], bytes]


@pytest.fixture(scope="module")
def emulator() -> t.Iterator[Emulator]:
    with Emulator([Account(raw_record(id="1"), {"key": ALL_SCOPES})]) as running:
        yield running


def _raw(line: str, fields: t.Sequence[str], body: bytes) -> bytes:
    head = [line + " HTTP/1.1", "Host: x", "User-Agent: by-hand", "Authorization: Bearer key", *fields, "", ""]
    return "\r\n".join(head).encode() + body


def _ask(emulator: Emulator, *requests: tuple[str, t.Sequence[str], bytes]) -> list[Answer]:
    """Send all on one connection, and nothing after them: the answers until it ends."""
    answers: list[Answer] = []
    parts = urlsplit(emulator.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60) as connection:
        # in one piece: the emulator may close the connection after the first
        connection.sendall(b"".join(_raw(*request) for request in requests))
        connection.shutdown(socket.SHUT_WR)
        stream = connection.makefile("rb")
        for line, *_rest in requests:
            first = stream.readline()
            if first:
                headers = http.client.parse_headers(stream)
                length = 0 if line.startswith("HEAD ") else int(headers["Content-Length"])
                answers.append((int(first.split()[1]), dict(headers.items()), stream.read(length)))
        assert stream.read() == b"", "more than was asked for"
        return answers


@pytest.mark.parametrize("target", ["POST /api/account/update", "PATCH /api/v2/me"])
@pytest.mark.parametrize("name", BODIES)
def test_bodies(emulator: Emulator, target: str, name: str) -> None:
    fields, body, status = BODIES[name]
    answer = _ask(emulator, (target, fields, body))[0]
    method, path = target.split()
    assert (answer[0], faults_of_answer(method, path, *answer)) == (status, [])
    assert emulator.account("1").record["state"] == "Stockholm"


@pytest.mark.parametrize("path", ["/api/account/details", "/api/v2/me"])
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "BREW", "get"])
def test_methods_that_are_not_there(emulator: Emulator, method: str, path: str) -> None:
    """A HEAD has no body, which would be taken for the next answer."""
    refused, read = _ask(emulator, ("%s %s" % (method, path), (), b""), ("GET " + path, (), b""))
    assert (refused[0], "GET" in refused[1]["Allow"]) == (405, True)
    if method != "HEAD":
        assert faults_of_answer("GET", path, *refused) == []
    assert (read[0], faults_of_answer("GET", path, *read)) == (200, [])


def test_the_next_request_begins_where_chunks_end(emulator: Emulator) -> None:
    chunks = ("POST /api/account/update", [JSON, CHUNKED], b'10\r\n{"city": "Lund"}\r\n0\r\n\r\n')
    try:
        updated, read = _ask(emulator, chunks, ("GET /api/account/details", (), b""))
        assert (updated[0], json.loads(read[2])["data"]["client"]["city"]) == (200, "Lund")
    finally:
        emulator.account("1").record["city"] = "Stockholm"


def test_nothing_follows_a_body_whose_end_is_unknown(emulator: Emulator) -> None:
    """What follows could be the rest of the body: it is no request."""
    smuggled = b"POST /api/account/update HTTP/1.1\r\nHost: x\r\n\r\n"
    answers = _ask(emulator, ("PATCH /api/v2/me", [JSON, "Content-Length: x"], smuggled), ("GET /api/v2/me", (), b""))
    assert [answer[0] for answer in answers] == [400]


@pytest.mark.parametrize("target", ["http://[x", "//[x", "*", "/api/billing/invoice/%00", "/api/billing/invoice/5%2F6"])
def test_targets(emulator: Emulator, target: str) -> None:
    assert _ask(emulator, ("GET " + target, (), b""))[0][0] in (400, 404)
