# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds requests and answers against the contract, `openapi.yaml`.

What it says of a fault quotes no value: a key is one, too.
"""

from __future__ import annotations

import json
import pathlib
import typing as t
from urllib.parse import urlsplit

import jsonschema
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.testing import MockResponse
from werkzeug.datastructures import Headers

from ansible_collections.hostup.cloud.tests.emulator.intake import Incoming, parsed

PATH = pathlib.Path(__file__).with_name("openapi.yaml")

#: The server's part of an address, which the emulators stand in for.
HOST = "https://cloud.hostup.se"

CONTRACT = OpenAPI.from_file_path(
    str(PATH),
    config=Config(server_base_url=HOST, extra_media_type_deserializers={"application/problem+json": json.loads}),
)
_FIELDS = jsonschema.Draft202012Validator(CONTRACT.spec.read_value()["x-request-fields"])


class _Request:
    """A request as openapi-core wants it."""

    def __init__(self, sent: Incoming) -> None:
        self.host_url = HOST
        self.path = urlsplit(sent.target).path
        self.method = sent.method.lower()
        self.body = sent.body or None
        headers = Headers(list(sent.fields))
        self.content_type = headers.get("Content-Type", "").lower()
        self.parameters = RequestParameters(header=headers)


def faults_of_body(sent: Incoming) -> list[str]:
    """What is wrong with a request by OpenAPI's own means: method, path, the key's place, type of the body and body."""
    return [line for error in CONTRACT.iter_request_errors(_Request(sent)) for line in _said(error)]


def faults_of_request(sent: Incoming) -> list[str]:
    """All that is wrong with a request of the collection, a line each."""
    names = [name.lower() for name, dummy in sent.fields]
    found = ["the header field %s stands twice" % name for name in sorted(set(names)) if names.count(name) > 1]
    fields = dict(zip(names, (value for dummy, value in sent.fields)))
    found += ["header fields: " + _place(error) for error in _FIELDS.iter_errors(fields)]
    if urlsplit(sent.target)[3:] != ("", ""):
        found.append("the address has a query or a fragment")
    if sent.method == "GET" and (sent.body or "content-type" in fields):
        found.append("a GET has no body")
    try:
        parsed(sent.body or b"{}")
    except ValueError:
        found.append("the body is not strict JSON")
    return found + faults_of_body(sent)


def faults_of_answer(method: str, path: str, status: int, headers: t.Mapping[str, str], body: bytes) -> list[str]:
    """What is wrong with an answer to a request of this method and path, a line each."""
    kind = headers.get("Content-Type", "").lower()
    answer = MockResponse(data=body, status_code=status, headers=dict(headers), content_type=kind)
    errors = CONTRACT.iter_response_errors(_Request(Incoming(method, path, (), b"")), answer)
    return [line for error in errors for line in _said(error)]


def _said(error: BaseException) -> t.Iterator[str]:
    """The words of openapi-core, and below them the places in a body."""
    causes: list[BaseException] = [error]
    while causes[-1].__cause__:
        causes.append(causes[-1].__cause__)
    schema_errors = [found for cause in causes for found in getattr(cause, "schema_errors", [])]
    if not schema_errors:
        # the innermost one says most, and none of those without schema quotes a value
        yield "%s: %s" % (type(error).__name__, type(causes[-1]).__name__)
    for found in schema_errors:
        yield "%s: %s" % (type(error).__name__, _place(found))


def _place(error: jsonschema.ValidationError) -> str:
    unknown = ""
    if error.validator == "additionalProperties" and isinstance(error.instance, dict) and isinstance(error.schema, dict):
        unknown = " " + ", ".join(sorted(set(error.instance) - set(error.schema.get("properties", {}))))
    return "/%s: %s%s" % ("/".join(str(key) for key in error.absolute_path), error.validator, unknown)
