# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever JSON and headers an API answers with, a task ends with a result or with one sentence."""

from __future__ import annotations

import json
import math
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.hostup.cloud.plugins.module_utils import _account, _invoice, _preferences
from ansible_collections.hostup.cloud.plugins.module_utils._api_versions import retry_after_seconds
from ansible_collections.hostup.cloud.plugins.module_utils._codec import body, hidden
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, PROFILE_FIELDS
from ansible_collections.hostup.cloud.tests.emulator import Fault
from ansible_collections.hostup.cloud.tests.properties.conftest import Desk
from ansible_collections.hostup.cloud.tests.properties.profiles import PROFILE
from ansible_collections.hostup.cloud.tests.properties.strategies import json_values

#: Version, task, options, and the names that its answer may hold.
_V1 = ["id", "status", "email", "company", "password", *(field.v1 for field in PROFILE_FIELDS if field.v1)]
_V2 = ["id", "email", "address", *(field.v2 for field in PROFILE_FIELDS if field.v2)]
_CARD = ["billing", "categories", "billing.cardAutoCharge", "billing.cardAutoCharge.status", "billing.cardAutoCharge.enabled"]
_PEPPOL = ["eligible", "reason", "orgNumber", "peppolId", "participantName", "lookedUpAt"]
_INVOICE = ["id", "client_id", "total", "currency", "metadata", "metadata.currency", "client"]
_DECLARED = {"city": "Lund", "postcode": "1", "org_number": "5"}
TASKS: tuple[tuple[str, t.Any, dict[str, t.Any], list[str]], ...] = (
    ("v1", _account.READ, {}, _V1),
    ("v2", _account.READ, {"redact": ["all"]}, _V2),
    ("v1", _account.APPLY, _DECLARED, _V1),
    ("v2", _account.APPLY, _DECLARED, _V2),
    ("v1", _preferences.READ, {}, ["client_id", *(s.v1 for s in PREFERENCE_FIELDS if s.v1)]),
    ("v2", _preferences.READ, {}, [*_CARD, *_PEPPOL, *(s.v2 for s in PREFERENCE_FIELDS)]),
    (
        "v2",
        _preferences.APPLY,
        {"timezone": "Europe/Oslo", "card_auto_charge": True},
        [*_CARD, *(s.v2 for s in PREFERENCE_FIELDS)],
    ),
    ("v1", _invoice.READ, {"invoice_id": 5}, _INVOICE),
)


def _envelope(version: str, record: t.Any) -> t.Any:
    if version == "v2":
        return record
    return {"success": True, "data": {"client": record, "preferences": record, "invoice": {"client": {}, **record}}}


@PROFILE
@given(data=st.data(), task=st.sampled_from(TASKS), skip=st.integers(0, 2))
def test_any_json_ends_in_a_result_or_a_sentence(
    desk: Desk, data: st.DataObject, task: tuple[str, t.Any, dict[str, t.Any], list[str]], skip: int
) -> None:
    version, module, options, names = task
    flat = data.draw(st.dictionaries(st.sampled_from(names), json_values, max_size=6))
    # a name inside of another has to be put there first
    around = [name for name in flat if any(other.startswith(name + ".") for other in flat)]
    record = body({name: value for name, value in flat.items() if name not in around})
    wrong = data.draw(st.one_of(st.just(_envelope(version, {"id": "1", **record})), json_values))
    desk.begin()
    desk.emulator.faults.order(Fault("body", status=200, body=json.dumps(wrong), skip=skip, after=True))
    result = desk.task(module, {"api_version": version, **options})
    assert "in a way that it should not" not in result.get("msg", ""), result
    assert "\n" not in result.get("msg", "")
    # what comes out can go on, to Ansible and over the wire
    json.dumps(result, ensure_ascii=False).encode()


_days = st.sampled_from(["Mon, 01 Jan", "Wed, 31 Dec", "Tue, 30 Feb", ""])
_any_number = st.integers(-1, 10**24).map(str)
dates = st.one_of(
    st.builds(
        "{} {} {}:{}:{} {}".format,
        _days,
        *[_any_number] * 4,
        st.sampled_from(["GMT", "", "+0100"]) | _any_number.map("+{}".format),
    ),
    st.builds("{}-{}-{}T{}:{}:{}{}".format, *[_any_number] * 6, st.sampled_from(["Z", "", "+23:59", "-99:99"])),
    st.datetimes().map(lambda when: when.isoformat()),
    st.builds("{}{}".format, _any_number | st.floats().map(str), st.sampled_from(["", "s", " minutes", "h", ",1", ":"])),
    st.text(),
)


@PROFILE
@given(
    headers=st.dictionaries(st.sampled_from(["Retry-After", "X-RateLimit-Reset"]), dates),
    body=st.one_of(
        st.binary(), json_values.map(json.dumps).map(str.encode), dates.map(lambda d: json.dumps({"retryAfter": d}).encode())
    ),
    status=st.sampled_from([200, 429, 503]),
)
def test_any_wait(headers: dict[str, str], body: bytes, status: int) -> None:
    wait = retry_after_seconds(status, headers, body)
    assert wait is None or (wait >= 0 and math.isfinite(wait))


@pytest.mark.parametrize("around", [lambda inner: [inner], lambda inner: {"password": inner}], ids=["lists", "objects"])
def test_secrets_are_found_at_any_depth(around: t.Callable[[t.Any], t.Any]) -> None:
    """Newer Pythons read JSON that is nested deeper than their functions may call each other."""
    nested: t.Any = "canary"
    for _level in range(5000):
        nested = around(nested)
    assert list(hidden({"id": "1", "password": nested})) == ["canary"]
