# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a playbook may say: refused before any request where it can't be right, in one sentence without the value.

Tests that need no module run in process: `test_ways_to_run.py` compares a refusal of each kind as a module and over SSH.
"""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_FIELDS, VERSIONS
from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import Played, Player, account, info
from ansible_collections.hostup.cloud.tests.integration.secrets import KEY

#: Declared options and the words of the message. The mark "s3cret" stands in values that no message may show.
REFUSED: dict[str, tuple[dict[str, t.Any], list[str]]] = {
    "a country's name": ({"country": "Sverige"}, ["country", "two letters"]),
    "a country that YAML took for a boolean": ({"country": False}, ["country", "boolean", "quotes"]),
    "a postal code that YAML took for a number": ({"postcode": 1067}, ["postcode", "number", "quotes"]),
    "a list": ({"orgno": ["555555-5555"]}, ["orgno must be text, not a list"]),
    "two names of one field": ({"org_number": "555555-5555", "orgno": "556677-8899"}, ["org_number", "orgno", "keep one"]),
    "a habit from other modules": ({"state": "present"}, ["state", "province"]),
    "an empty guard": ({"account_id": " "}, ["account_id is empty"]),
    "a phone number with letters": ({"phone_number": "070 s3cret 000"}, ["phone_number", "letters"]),
    "a short phone number": ({"phone_number": "070-00"}, ["phone_number", "at least 7 digits"]),
    "a long value": ({"address": "s3cret" * 50}, ["address", "300 characters", "at most 255"]),
    "a control character": ({"address": "s3cret\x07street"}, ["address", "control character"]),
    "a line break": ({"company_name": "s3cret\nAB"}, ["company_name", "control character"]),
    "a personal number with letters": ({"personal_number": "s3cret-0000"}, ["personal_number", "YYMMDD-NNNN"]),
    "an organisation number of a country with three letters": ({"org_number": "[SWE]s3cret"}, ["org_number", "[SE]555555-5555"]),
    "an organisation number of a country alone": ({"org_number": "[SE]"}, ["org_number", "[SE]555555-5555"]),
    "a VAT number of dashes": ({"vat_number": "--"}, ["vat_number", "VAT number"]),
    "a postal code of dashes": ({"postcode": "-"}, ["postcode", "postal code"]),
    "the marker of a diff": ({"city": "(redacted: wanted)"}, ["city", "holds the marker of a hidden value"]),
    "a marker inside of a value": ({"vateu": "SE(redacted)01 s3cret"}, ["vat_number holds the marker of a hidden value"]),
    "a marker behind a country": ({"orgno": "[SE](redacted)"}, ["org_number", "marker"]),
    "a marker in another spelling": ({"address": "s3cret ( re\u200bdacted )"}, ["address", "marker"]),
    "a marker for a personal number": ({"personal_number": "19(redacted)"}, ["personal_number", "marker"]),
    "Ansible's mask": ({"company_name": "s3cret ******** AB"}, ["company_name", "marker"]),
    "Ansible's other mask": ({"city": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}, ["city", "marker"]),
    "a name of what can't be seen": ({"first_name": "\u200b"}, ["first_name", "invisible character (U+200B)", "nothing else"]),
    "a field that would be cleared by it": ({"city": " \ufeff "}, ["city", "invisible character (U+FEFF)", "nothing else"]),
    "a blank that is a letter": ({"company_name": "\u3164"}, ["company_name", "invisible character (U+3164)"]),
    "a white space of HTML": ({"city": "&nbsp;"}, ["city", "a letter or a digit"]),
    "a country with an invisible character": (
        {"country": "S\u202aE"},
        ["country holds an invisible character (U+202A)", "two letters"],
    ),
    "a type with an invisible character": (
        {"account_type": "priv\u200bate"},
        ["account_type holds an invisible character (U+200B)", "organisation, private"],
    ),
    "a guard with an invisible character": ({"account_id": "92\u200b57"}, ["account_id holds an invisible character (U+200B)"]),
    "a VAT number as an organisation's": (
        {"org_number": "SE556016068001"},
        ["org_number", "expected an organisation number, such as [SE]555555-5555", "vat_number"],
    ),
    "a VAT number as an organisation's, on version 2": (
        {"api_version": "v2", "org_number": "[SE]SE556016068001"},
        ["org_number", "expected an organisation number", "vat_number"],
    ),
    "a personal number on version 2": (
        {"api_version": "v2", "personal_number": "{{ vault_personal_number }}"},
        ["personal_number is not in HostUp's API v2, but in v1", "nothing was sent"],
    ),
    "a custom line on version 2": (
        {"api_version": "v2", "langcustomline0076": "s3cret"},
        ["custom_line_0076 is not in HostUp's API v2, but in v1: set api_version to v1"],
    ),
    "an invoice reference on version 1": (
        {"invoice_reference": "s3cret"},
        ["invoice_reference", "not in HostUp's API v1, but in v2"],
    ),
    "a language on version 1": ({"language": "sv"}, ["language is not in HostUp's API v1, but in v2: set api_version to v2"]),
    "a language that YAML took for a boolean": ({"api_version": "v2", "language": False}, ["language", "boolean", "quotes"]),
    "an unknown language": ({"api_version": "v2", "language_code": "s3cret"}, ["language_code", "sv, en, no, da, fi, de"]),
    "an unknown version": ({"api_version": "v3"}, ["api_version", "v1, v2"]),
    "an address with a version": ({"api_url": "https://cloud.hostup.se/api/v2/"}, ["api_url", "api_version"]),
    "an unknown type of account": ({"account_type": "s3cret"}, ["account_type", "organisation, private"]),
    "an unknown field to redact": ({"redact": ["adress"]}, ["redact", "adress"]),
    "an unknown option": ({"citty": "s3cret"}, ["citty"]),
    "an address with a password": ({"api_url": "https://me:s3cret@cloud.hostup.se/api"}, ["api_url", "user information"]),
    "an address with a query": ({"api_url": "https://cloud.hostup.se/api?key=s3cret"}, ["api_url", "query"]),
    "an address without a host": ({"api_url": "cloud.hostup.se/s3cret"}, ["api_url", "not a web address"]),
    "an address with an impossible port": ({"api_url": "https://cloud.hostup.se:port/api"}, ["api_url", "not a web address"]),
    "http to another machine": ({"api_url": "http://cloud.hostup.se/api"}, ["api_url", "cloud.hostup.se", "unencrypted"]),
    "http to a host that sounds local": ({"api_url": "http://127.0.0.1.example.com/api"}, ["api_url", "unencrypted"]),
    "a key with a line break": ({"api_key": "{{ vault_hostup_api_key }}\n{{ vault_hostup_api_key }}"}, ["api_key", "line break"]),
    "a key with a space": ({"api_key": "{{ vault_hostup_api_key }} {{ vault_hostup_api_key }}"}, ["api_key", "white space"]),
    "a key with a control character": ({"api_key": "{{ vault_hostup_api_key }}\x00x"}, ["api_key", "character"]),
    "an empty key": ({"api_key": " "}, ["api_key is empty"]),
    "no time at all": ({"api_timeout": 0}, ["api_timeout", "from 1 to 86400"]),
    "fewer than no retries": ({"api_retries": -1}, ["api_retries", "from 0 to 100"]),
    "retries in words": ({"api_retries": "three"}, ["api_retries", "int"]),
    "no such file": ({"ca_path": "/nonexistent/ca.pem"}, ["ca_path", "no file"]),
    **{
        "a field that may not be cleared: " + field.option: (
            {field.option: "", "api_version": "v1" if field.v1 else "v2"},
            [field.option],
        )
        for field in PROFILE_FIELDS
        if not field.clearable
    },
    "white space alone clears, too": ({"first_name": "  "}, ["first_name", "may not be cleared"]),
}


class Refused(t.NamedTuple):
    played: Played
    emulator: Emulator


@pytest.fixture(scope="module")
def refused(in_process_player: Player, start: Start) -> Refused:
    emulator = start()
    # a difference that would be written if the task went on
    tasks = [account(name, emulator.url, **{"state": "Skåne", **options}) for name, (options, dummy) in REFUSED.items()]
    return Refused(in_process_player.play(tasks, "-vvvv", "--diff"), emulator)


@pytest.mark.parametrize("name", REFUSED)
def test_refused(refused: Refused, name: str) -> None:
    result = refused.played[name]
    assert result["failed"] is True
    assert result.get("changed") is not True
    assert "failure" not in result
    assert all(word in result["msg"] for word in REFUSED[name][1]), result["msg"]
    assert "s3cret" not in result["msg"]


def test_nothing_was_sent(refused: Refused) -> None:
    assert refused.emulator.journal == []


def test_no_password_of_an_address_is_shown(refused: Refused) -> None:
    for name in ("an address with a password", "an address with a query"):
        assert "s3cret" not in str(refused.played[name])


def test_aliases(in_process_player: Player, start: Start) -> None:
    """Every name of every field means the field. The controller resolves them."""
    values = {
        "account_type": "organisation",
        "org_number": "[SE]555555-5555",
        "personal_number": "{{ vault_personal_number }}",
        "country": "DK",
        "phone_number": "+4533000000",
        "language": "de",
    }
    names = {alias: field.option for field in PROFILE_FIELDS for alias in field.aliases}
    versions = {field.option: "v1" if field.v1 else "v2" for field in PROFILE_FIELDS}
    emulators = {alias: start({"state": ""}) for alias in names}
    tasks = [
        account(alias, emulators[alias].url, api_version=versions[option], **{alias: values.get(option, "other")})
        for alias, option in names.items()
    ]
    played = in_process_player.play(tasks, "--check")
    assert {alias: played[alias]["changed_fields"] for alias in names} == {alias: [option] for alias, option in names.items()}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_field_is_cleared_by_an_empty_string(in_process_player: Player, start: Start, version: str) -> None:
    """Which version 2 is told by null."""
    fields = [field for field in PROFILE_FIELDS if field.clearable and field.name_in(version)]
    options = [field.option for field in fields]
    emulator = start({field.v1: "555555-5555" for field in fields if field.v1})
    emulator.accounts[0].v2["invoiceReference"] = "Cost center 42"
    played = in_process_player.play([account("clear", emulator.url, api_version=version, **dict.fromkeys(options, ""))])
    assert played["clear"]["changed_fields"] == sorted(options), played["clear"]
    sent = {
        "v1": {field.v1: "" for field in fields},
        "v2": {
            **{field.v2: None for field in fields if "." not in field.v2},
            "address": dict.fromkeys(["street", "postalCode", "city", "state"]),
        },
    }
    assert emulator.writes[0].json() == sent[version]
    assert [played["clear"]["account"][option] for option in options] == [None] * len(options)


def test_environment_of_the_controller(player: Player, start: Start) -> None:
    """Every connection option has its variable; an option in the playbook is nearer."""
    wanted, other = start(), start()
    variables = {
        "HOSTUP_API_KEY": "nobody's-key",
        "HOSTUP_API_URL": wanted.url,
        "HOSTUP_API_VERSION": "v2",
        "HOSTUP_API_TIMEOUT": "7",
        "HOSTUP_API_RETRIES": "0",
        "HOSTUP_API_RETRY_MAX_DELAY": "1",
        "HOSTUP_VALIDATE_CERTS": "false",
        "HOSTUP_CA_PATH": "",
    }
    module = "hostup.cloud.hostup_account_info"
    tasks: list[dict[str, t.Any]] = [
        {"name": "all from the environment", module: {}},
        {
            "name": "the playbook is nearer",
            module: {"api_url": other.url, "api_version": "v1", "api_key": "{{ vault_hostup_api_key }}"},
        },
        {"name": "the task's environment", module: {}, "environment": {"HOSTUP_API_URL": other.url}},
    ]
    played = player.play(tasks, "-vvvv", play={"module_defaults": {}}, env=variables)
    first = played["all from the environment"]
    assert first["failure"]["status"] == 401
    arguments = first["invocation"]["module_args"]
    assert (arguments["api_timeout"], arguments["api_retries"], arguments["api_retry_max_delay"]) == (7, 0, 1)
    assert (arguments["validate_certs"], arguments["ca_path"], arguments["api_key"]) == (False, None, "(redacted)")
    assert wanted.journal[0].headers["Authorization"] == "Bearer nobody's-key"
    assert played["the playbook is nearer"]["account"]["id"] == "9257"
    assert len(other.journal) == 1
    assert "HOSTUP_API_URL is set in the task's environment" in played["the task's environment"]["msg"]
    assert "nobody's-key" not in played.output


def test_the_environment_is_checked(in_process_player: Player, start: Start) -> None:
    """The message names the variable: nothing in the playbook is wrong."""
    tasks = [info("read", start().url)]
    for variable, value, expected in (
        ("HOSTUP_API_TIMEOUT", "soon", "a whole number"),
        ("HOSTUP_VALIDATE_CERTS", "maybe", "true or false"),
        ("HOSTUP_API_VERSION", "2", "one of: v1, v2"),
    ):
        msg = in_process_player.play(tasks, env={variable: value})["read"]["msg"]
        assert msg == "The environment variable %s must be %s." % (variable, expected)


def test_no_key(in_process_player: Player, start: Start) -> None:
    played = in_process_player.play([account("no key", start().url, city="Lund")], play={"module_defaults": {}})
    assert "api_key is missing" in played["no key"]["msg"]
    assert "HOSTUP_API_KEY" in played["no key"]["msg"]


def test_key_with_a_trailing_newline_and_url_with_a_trailing_slash(player: Player, start: Start) -> None:
    emulator = start()
    played = player.play(
        [info("read", emulator.url + "/", api_key="{{ key_with_newline }}")],
        "-vvvv",
        play={"vars_files": ["vault.yml", player.secret("key_with_newline", KEY + "\n")]},
    )
    assert played["read"]["account"]["id"] == "9257"
    assert [(entry.path, entry.headers["X-API-Key"]) for entry in emulator.journal] == [("/api/account/details", KEY)]


def test_loops_async_and_delegation(player: Player, start: Start) -> None:
    """The action plugin leaves Ansible's own keywords as they are for any module."""
    emulator = start()
    tasks = [
        account("loop", emulator.url, city="{{ item }}", _loop=["Lund", "Lund", "Umeå"]),
        account("async", emulator.url, state="Skåne", _async=30, _poll=1),
        info("delegated", emulator.url, _delegate_to="localhost", _run_once=True),
    ]
    played = player.play(
        tasks, "-vvvv", play={"module_defaults": {"group/hostup.cloud.hostup": {"api_key": "{{ vault_hostup_api_key }}"}}}
    )
    assert [item["changed"] for item in played["loop"]["results"]] == [True, False, True]
    assert played["async"]["failed"] is False, played["async"]
    assert emulator.account("9257").record["state"] == "Skåne"
    assert played["delegated"]["account"]["city"] == "Umeå"


#: A host's variables in an INI inventory -> words of what a city of that is told; none where it is taken.
IN_INI = {
    b'number="+46701234567"': "must be text, but was read as a number",
    b"list=1,2": "must be text, not a list: if it is meant as text, put it in quotes",
    b"boolean=True": "must be text, but was read as a boolean",
    b"latin=Malm\xf6": "is not UTF-8: save the file that it is written in as UTF-8; nothing was sent.",
    b"quoted='\"01067\"'": "",
}


def test_an_ini_inventory(in_process_player: Player, start: Start) -> None:
    """Ansible reads the values on a host's line as Python's, quotes around them or not."""
    player, emulator = in_process_player, start()
    (player.folder / "inventory.ini").write_bytes(b"localhost ansible_connection=local " + b" ".join(IN_INI) + b"\n")
    names = [variable.partition(b"=")[0].decode() for variable in IN_INI]
    tasks = [account(name, emulator.url, city="{{ %s }}" % name) for name in names]
    played = player.run("-i", "inventory.ini", player.playbook(tasks))
    for name, words in zip(names, IN_INI.values()):
        assert words in played[name].get("msg", ""), played[name]
        assert played[name]["failed"] is bool(words)
        assert ("group_vars" in played[name].get("msg", "")) == ("must be text" in words)
    assert [entry.json() for entry in emulator.writes] == [{"city": "01067"}]
