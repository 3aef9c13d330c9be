# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Normal forms are stable, one for all spellings of a value and another for another value; JSON reads as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.hostup.cloud.plugins.module_utils import _codec
from ansible_collections.hostup.cloud.plugins.module_utils._account_api import account_in
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, PROFILE_FIELDS, VERSIONS, Field
from ansible_collections.hostup.cloud.plugins.module_utils._plan import make_plan
from ansible_collections.hostup.cloud.plugins.module_utils._values import ValueType
from ansible_collections.hostup.cloud.tests.properties.profiles import PROFILE
from ansible_collections.hostup.cloud.tests.properties.strategies import countries, lines, spellings, texts, values

#: Each kind of value once, by the first option of it.
_TYPES = [pytest.param(kind, id=option) for kind, option in {f.value_type: f.option for f in reversed(PROFILE_FIELDS)}.items()]


@pytest.mark.parametrize("kind", _TYPES)
@PROFILE
@given(value=texts, country=countries)
def test_a_normal_form_stays_as_it_is(kind: ValueType, value: str, country: str) -> None:
    normal = kind.normalize(value.strip(), country)
    assert kind.normalize(normal, country) == normal


@pytest.mark.parametrize("kind", _TYPES)
@PROFILE
@given(data=st.data())
def test_all_spellings_of_a_value_are_one(kind: ValueType, data: st.DataObject) -> None:
    field = next(field for field in PROFILE_FIELDS if field.value_type == kind)
    country, value, expected = data.draw(spellings(field))
    assert kind.normalize(value.strip(), country) == expected
    elsewhere, other, another = data.draw(spellings(field))
    assert (kind.normalize(other.strip(), elsewhere) == expected) is (another == expected)


@PROFILE
@given(field=st.sampled_from(PROFILE_FIELDS), data=st.data())
def test_stored_and_declared_can_change_places(field: Field, data: st.DataObject) -> None:
    one, other = data.draw(values(field)), data.draw(values(field))
    version = "v1" if field.v1 else "v2"

    def differ(wanted: str, stored: str) -> bool:
        held = account_in({"id": "1"}, version)
        held = held._replace(values={**held.values, "country": "SE", field.option: stored}, present=frozenset([field.option]))
        return bool(make_plan({field.option: wanted}, held, "normalized", "update").changes)

    assert differ(one, other) == differ(other, one)
    assert not differ(one, one)


@st.composite
def _sent(draw: st.DrawFn, field: Field) -> str | bool | list[str]:
    """A value of a profile or preference field, as it is sent."""
    if field.type == "bool":
        return draw(st.booleans())
    if field.type == "list":
        return draw(st.lists(lines, max_size=4).map(lambda names: sorted(set(names))) | st.just(_codec.DEFAULT))
    value = draw(values(field))
    return value and field.value_type.sent(value, "SE")


@PROFILE
@given(field=st.sampled_from((*PROFILE_FIELDS, *PREFERENCE_FIELDS)), version=st.sampled_from(VERSIONS), data=st.data())
def test_what_is_written_reads_as_it_was_sent(field: Field, version: str, data: st.DataObject) -> None:
    sent, codec = data.draw(_sent(field)), field.codec_in(version)
    assert codec.read(codec.write(sent)) == sent
