# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The contract is a valid document, says of all that is in it where it comes from, and has the names of the tables."""

from __future__ import annotations

import typing as t

import pytest
import yaml
from jsonschema_path import SchemaPath
from openapi_spec_validator import validate

from ansible_collections.hostup.cloud.plugins.module_utils._account_api import READ, UPDATE
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, PROFILE_FIELDS, VERSIONS, Field
from ansible_collections.hostup.cloud.plugins.module_utils._http import AGENT
from ansible_collections.hostup.cloud.tests.contract.checker import CONTRACT, PATH
from ansible_collections.hostup.cloud.tests.contract.fuzz import METHODS, operations
from ansible_collections.hostup.cloud.tests.emulator.accounts import CANARIES, OF_V1, raw_invoice, raw_record

FILES = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(PATH.parent.glob("*.yaml"))}

#: Keys below which named things stand.
_NAMED = ("parameters", "properties", "responses", "headers", "links", "securitySchemes")


def test_the_document_is_valid() -> None:
    validate(FILES[PATH.name], base_uri=PATH.as_uri())


def _objects(value: t.Any, place: str) -> t.Iterator[tuple[str, dict[str, t.Any]]]:
    """Every object, with its place."""
    if isinstance(value, dict):
        yield place, value
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _objects(inner, "%s/%s" % (place, key))


def _things(name: str) -> t.Iterator[tuple[str, dict[str, t.Any]]]:
    """All that has to be marked."""
    for place, value in _objects(FILES[name], name):
        for key in METHODS:
            if "operationId" in value.get(key, ()):
                yield "%s/%s" % (place, key), value[key]
        for key in _NAMED:
            inner = value.get(key, {})
            for number, thing in inner.items() if isinstance(inner, dict) else enumerate(inner):
                # outside of schemas a reference is all that there is
                if key == "properties" or "$ref" not in thing:
                    yield "%s/%s/%s" % (place, key, number), thing


@pytest.mark.parametrize("name", FILES)
def test_everything_says_where_it_comes_from(name: str) -> None:
    marks = {place: thing.get("x-source") for place, thing in _things(name)}
    assert {place: mark for place, mark in marks.items() if mark not in ("documented", "inferred")} == {}
    assert set(marks.values()) == {"documented", "inferred"}


def test_it_has_the_endpoints_of_the_collection() -> None:
    expected = {"%s %s" % (request.method, request.endpoint) for table in (READ, UPDATE) for request in table.values()}
    expected.add("GET /billing/invoice/{id}")
    for version, method in (("v1", "POST"), ("v2", "PATCH")):
        for endpoint in {setting.endpoint_in(version) for setting in PREFERENCE_FIELDS if setting.name_in(version)}:
            expected |= {"GET " + endpoint, "%s %s" % (method, endpoint)}
    assert set(operations()) == expected


def _body(operation: str) -> SchemaPath:
    method, endpoint = operation.split()
    return CONTRACT.spec / "paths" / endpoint / method.lower() / "requestBody" / "content" / "application/json" / "schema"


def _leaves(schema: SchemaPath, known: t.Container[str], outer: str = "") -> t.Iterator[tuple[str, SchemaPath]]:
    """The properties by dotted names, no further down than the tables go."""
    for name in (schema / "properties").read_value():
        inner = schema / "properties" / str(name)
        dotted = outer + str(name)
        if dotted not in known and "properties" in inner:
            yield from _leaves(inner, known, dotted + ".")
        else:
            yield dotted, inner


#: What writes a version's profile or preferences -> the rows of the tables that it takes.
ROWS: dict[str, list[Field]] = {
    "%s %s" % (UPDATE[version].method, UPDATE[version].endpoint): [field for field in PROFILE_FIELDS if field.name_in(version)]
    for version in VERSIONS
}
for _version, _method in (("v1", "POST"), ("v2", "PATCH")):
    for _setting in PREFERENCE_FIELDS:
        if _setting.name_in(_version):
            ROWS.setdefault("%s %s" % (_method, _setting.endpoint_in(_version)), []).append(_setting)


@pytest.mark.parametrize("operation", ROWS)
def test_updates_have_the_names_of_the_tables(operation: str) -> None:
    version = "v2" if "/v2/" in operation else "v1"
    rows = {row.name_in(version): row for row in ROWS[operation]}
    leaves = {name: schema.read_value() for name, schema in _leaves(_body(operation), rows)}
    assert set(leaves) == set(rows)
    for name, row in rows.items():
        schema = leaves[name]
        assert tuple(schema.get("enum", ())) in (row.choices, row.choices[::-1]), name
        if row in PREFERENCE_FIELDS:
            assert schema.get("x-scope", "write:account") == row.scope_in(version), name
            assert row.choices or schema["type"] == {"bool": "boolean", "str": "string"}.get(row.type, ["object", "null"]), name
        elif version == "v2":
            assert ("null" in str(schema.get("type", ""))) == row.clearable, name
        else:
            assert bool({"minLength", "pattern", "enum"} & set(schema.keys())) == (not row.clearable), name


@pytest.mark.parametrize("version", VERSIONS)
def test_answers_have_the_names_of_the_tables(version: str) -> None:
    """Beside them, what nobody can declare: in version 1 all that the emulator has."""
    schema = FILES[version + ".yaml"]["schemas"]["Client" if version == "v1" else "Snapshot"]["properties"]
    others = set(raw_record()) | OF_V1 if version == "v1" else {"id", "name", "email", "currencyCode"}
    names = {field.name_in(version) for field in PROFILE_FIELDS if field.name_in(version)}
    assert set(schema) == {name.partition(".")[0] for name in names} | others


def test_secrets_of_the_raw_record_are_marked() -> None:
    client, invoice = (FILES["v1.yaml"]["schemas"][name]["properties"] for name in ("Client", "Invoice"))
    assert {name for name, schema in client.items() if schema.get("x-secret")} == set(CANARIES)
    assert set(invoice) == set(raw_invoice(1, raw_record()))


def test_the_key() -> None:
    for operation, facts in operations().items():
        schemes = {scheme for way in facts["security"] for scheme in way}
        assert schemes == ({"Bearer"} if "/v2/" in operation else {"ApiKey", "Bearer"}), operation
    assert FILES[PATH.name]["x-request-fields"]["properties"]["user-agent"]["const"] == AGENT
