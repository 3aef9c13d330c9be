# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a playbook may say: refused before any request where it can't be right, in one sentence without the value.

`unit/test_validate.py` and `unit/test_values.py` have the values; here is one of each kind, on its way through Ansible.
"""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_FIELDS
from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import Played, Player, account, info

#: Declared options and the words of the message. The mark "s3cret" stands in values that no message may show.
REFUSED: dict[str, tuple[dict[str, t.Any], list[str]]] = {
    "a country that YAML took for a boolean": ({"country": False}, ["country", "boolean", "quotes"]),
    "a habit from other modules": ({"state": "present"}, ["state", "province"]),
    "a phone number with letters": ({"phone_number": "070 s3cret 000"}, ["phone_number", "letters"]),
    "a marker inside of a value": ({"vateu": "SE(redacted)01 s3cret"}, ["vat_number holds the marker of a hidden value"]),
    "a marker for a personal number": ({"personal_number": "19(redacted)"}, ["personal_number", "marker"]),
    "Ansible's mask": ({"company_name": "s3cret ******** AB"}, ["company_name", "marker"]),
    "a type with an invisible character": (
        {"account_type": "priv\u200bate"},
        ["account_type holds an invisible character (U+200B)", "organisation, private"],
    ),
    "a VAT number as an organisation's": (
        {"org_number": "SE556016068001"},
        ["org_number", "expected an organisation number, such as [SE]555555-5555", "vat_number"],
    ),
    "a personal number on version 2": (
        {"api_version": "v2", "personal_number": "{{ vault_personal_number }}"},
        ["personal_number is not in HostUp's API v2, but in v1", "nothing was sent"],
    ),
    "an unknown type of account": ({"account_type": "s3cret"}, ["account_type", "organisation, private"]),
    "an unknown field to redact": ({"redact": ["adress"]}, ["redact", "adress"]),
    "an unknown option": ({"citty": "s3cret"}, ["citty"]),
    "an address with a password": ({"api_url": "https://me:s3cret@cloud.hostup.se/api"}, ["api_url", "user information"]),
    "an address with a query": ({"api_url": "https://cloud.hostup.se/api?key=s3cret"}, ["api_url", "query"]),
    "a key with a line break": ({"api_key": "{{ vault_hostup_api_key }}\n{{ vault_hostup_api_key }}"}, ["api_key", "line break"]),
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
