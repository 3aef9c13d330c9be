# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any text that a YAML file can hold, given to any option: it arrives unharmed, or is refused in a sentence that hides it."""

from __future__ import annotations

import typing as t

import yaml
from ansible.parsing.dataloader import DataLoader
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.hostup.cloud.plugins.module_utils import _account, _argspec, _preferences, _validate
from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._fields import (
    PREFERENCE_FIELDS,
    PROFILE_BY_OPTION,
    PROFILE_FIELDS,
    VERSIONS,
)
from ansible_collections.hostup.cloud.tests.emulator import Account
from ansible_collections.hostup.cloud.tests.properties.conftest import Desk
from ansible_collections.hostup.cloud.tests.properties.profiles import PROFILE
from ansible_collections.hostup.cloud.tests.properties.strategies import texts, values

#: No sentence of the collection's holds it.
MARK = "Zq7"

marked = st.one_of(texts, st.builds("{0}{1}{2}".format, texts, st.just(MARK), texts))
styles = st.sampled_from([None, "'", '"', "|", ">"])


def _from_yaml(text: str, style: str | None, readable: bool) -> str:
    written = yaml.safe_dump({"value": text}, default_style=style, allow_unicode=readable)
    # half a character only passes where Ansible has no libyaml
    halves = any("\ud800" <= c <= "\udfff" for c in text)
    return t.cast(str, (yaml.safe_load(written) if halves else DataLoader().load(written))["value"])


def _is_refused(result: dict[str, t.Any], option: str, desk: Desk) -> bool:
    if not result.get("failed"):
        return False
    message = result["msg"]
    assert message.startswith(option + " ")
    assert message.endswith(".") and "\n" not in message
    assert MARK not in message
    assert desk.emulator.journal == []
    return True


@PROFILE
@given(
    data=st.data(), field=st.sampled_from(PROFILE_FIELDS), version=st.sampled_from(VERSIONS), style=styles, readable=st.booleans()
)
def test_profile(desk: Desk, data: st.DataObject, field: t.Any, version: str, style: str | None, readable: bool) -> None:
    text = data.draw(st.one_of(values(field), marked))
    loaded = _from_yaml(text, style, readable)
    assert loaded == text
    account = desk.begin()
    args = {"api_version": version, field.option: loaded}
    result = desk.task(_account.APPLY, args)
    if _is_refused(result, field.option, desk):
        return
    assert not result.get("failed"), result
    if result["changed"]:
        # character by character
        assert _stored(account, field.option) == (text.strip() and field.value_type.sent(text.strip(), "SE"))
    again = desk.task(_account.APPLY, args)
    assert again["changed"] is False
    normal = field.value_type.normalize
    assert normal(_stored(account, field.option).strip(), "SE") == normal(text.strip(), "SE")


def _stored(account: Account, option: str) -> str:
    field = PROFILE_BY_OPTION[option]
    if option == "account_type":
        return "organisation" if account.record["company"] == "1" else "private"
    return (account.record if field.v1 else account.v2).get(field.v1 or field.v2) or ""


@PROFILE
@given(text=marked, setting=st.sampled_from(PREFERENCE_FIELDS), version=st.sampled_from(VERSIONS), style=styles, data=st.data())
def test_preferences(desk: Desk, text: str, setting: t.Any, version: str, style: str | None, data: st.DataObject) -> None:
    words = {"bool": ["yes", "0", " True "], "list": ["news", "a,b", "default"], "str": ["Europe/Oslo", "en"]}[setting.type]
    text = data.draw(st.one_of(st.sampled_from(words), st.just(text)))
    account = desk.begin()
    args = {"api_version": version, "confirm_lockout": True, setting.option: _from_yaml(text, style, True)}
    result = desk.task(_preferences.APPLY, args)
    if _is_refused(result, setting.option, desk):
        return
    assert not result.get("failed"), result
    assert desk.task(_preferences.APPLY, args)["changed"] is False
    if setting.type == "str" and text.strip():
        assert account.preferences[setting.option] == text.strip()


@PROFILE
@given(text=marked, option=st.sampled_from(["api_key", "api_url", "ca_path"]))
def test_connection(text: str, option: str) -> None:
    params = {name: spec.get("default") for name, spec in _argspec.CONNECTION.items()}
    try:
        found = _validate.connection({**params, "api_key": "k", "api_version": "v1", option: text})
    except InvalidOption as refused:
        assert str(refused).endswith(".") and "\n" not in str(refused)
        assert MARK not in str(refused) or option != "api_key"
    else:
        assert option != "api_key" or found.key == text.strip()
