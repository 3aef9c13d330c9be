# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan brings about what it says, in the JSON of both versions: the next one is empty, and no other field is touched."""

from __future__ import annotations

import json
import typing as t
from email.message import Message

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.hostup.cloud.plugins.module_utils import _account_api, _codec
from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_BY_OPTION, PROFILE_FIELDS, VERSIONS
from ansible_collections.hostup.cloud.plugins.module_utils._fields import Account as Known
from ansible_collections.hostup.cloud.plugins.module_utils._plan import make_plan, verify
from ansible_collections.hostup.cloud.tests.emulator import Account, api_v1, api_v2
from ansible_collections.hostup.cloud.tests.emulator.accounts import ALL_SCOPES, raw_record
from ansible_collections.hostup.cloud.tests.properties.profiles import PROFILE
from ansible_collections.hostup.cloud.tests.properties.strategies import countries, lines, values

KEY = "key"


class _Api:
    """The emulator's handlers, without their sockets."""

    def __init__(self, version: str, account: Account) -> None:
        self.version = version
        self._account = account
        self._headers = Message()
        self._headers["Authorization"] = "Bearer " + KEY
        self._headers["Content-Type"] = "application/json"

    def _ask(self, method: str, path: str, body: t.Any = None) -> dict[str, t.Any]:
        api = api_v1 if self.version == "v1" else api_v2
        reply = api.answer([self._account], method, path, self._headers, json.dumps(body).encode())
        assert reply.status == 200, reply.body
        return t.cast("dict[str, t.Any]", json.loads(reply.body))

    def read(self) -> Known:
        if self.version == "v1":
            return _account_api.account_in(self._ask("GET", "/api/account/details")["data"]["client"], "v1")
        return _account_api.account_in(self._ask("GET", "/api/v2/me"), "v2")

    def update(self, changes: dict[str, str]) -> None:
        raw = {
            PROFILE_BY_OPTION[option].name_in(self.version): PROFILE_BY_OPTION[option].codec_in(self.version).write(value)
            for option, value in changes.items()
        }
        path = ("POST", "/api/account/update") if self.version == "v1" else ("PATCH", "/api/v2/me")
        self._ask(*path, _codec.body(raw))


@st.composite
def _accounts(draw: st.DrawFn) -> Account:
    """What an account may hold: values that can be declared, and others that got there in other ways."""
    of_v1 = {
        PROFILE_BY_OPTION[option].v1: draw(st.one_of(values(PROFILE_BY_OPTION[option]), lines))
        for option in draw(st.sets(st.sampled_from([f.option for f in PROFILE_FIELDS if f.v1 and f.option != "account_type"])))
    }
    company = draw(st.sampled_from(["0", "1"]))
    record = raw_record(**{"country": draw(countries), **of_v1, "company": company})
    others = {"invoiceReference": draw(st.one_of(st.none(), lines)), "languageCode": draw(st.sampled_from(["sv", "en"]))}
    return Account(record, {KEY: ALL_SCOPES}, v2=others)


@st.composite
def _declared(draw: st.DrawFn, version: str) -> dict[str, str]:
    chosen = draw(st.sets(st.sampled_from([field.option for field in PROFILE_FIELDS if field.name_in(version)]), min_size=1))
    return {option: draw(values(PROFILE_BY_OPTION[option])) for option in sorted(chosen)}


@PROFILE
@given(account=_accounts(), version=st.sampled_from(VERSIONS), compare=st.sampled_from(["normalized", "exact"]), data=st.data())
def test_a_plan_brings_about_what_it_says(account: Account, version: str, compare: str, data: st.DataObject) -> None:
    declared = data.draw(_declared(version))
    api = _Api(version, account)
    before = api.read()
    try:
        plan = make_plan(declared, before, compare, "update")
    except InvalidOption as refused:
        assert "org_number needs a country" in str(refused)
        return
    # nothing is sent that nobody declared, or that is there already
    assert set(plan.changes) <= set(declared)
    assert not [option for option, value in plan.changes.items() if value == before.values[option] and option in before.present]
    if not plan.changes:
        return
    untouched = {option: value for option, value in before.values.items() if option not in plan.changes}
    api.update(plan.changes)
    after = api.read()
    assert verify(plan, declared, after).mismatched == []
    # version 2 writes a phone number in its own way, for the account's country
    own = {"phone_number"} if version == "v2" else set()
    assert {option: after.values[option] for option in set(untouched) - own} == {
        option: value for option, value in untouched.items() if option not in own
    }
    again = make_plan(declared, after, compare, "update").changes
    assert set(again) <= (own if compare == "exact" else set())
    assert {option: after.values[option] for option in set(plan.changes) - own} == {
        option: value for option, value in plan.after.values.items() if option in plan.changes and option not in own
    }
