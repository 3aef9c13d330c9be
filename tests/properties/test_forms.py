# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Normal forms: stable, one for all spellings of a value, another for another value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.hostup.cloud.plugins.module_utils import _codec
from ansible_collections.hostup.cloud.plugins.module_utils._account_api import account_in
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_FIELDS, VERSIONS, Field
from ansible_collections.hostup.cloud.plugins.module_utils._plan import make_plan
from ansible_collections.hostup.cloud.plugins.module_utils._values import ValueType
from ansible_collections.hostup.cloud.tests.properties.profiles import PROFILE
from ansible_collections.hostup.cloud.tests.properties.strategies import countries, spellings, texts, values

#: Each kind of value once, by the first option of it.
_FORMS = [pytest.param(form, id=option) for form, option in {f.value_type: f.option for f in reversed(PROFILE_FIELDS)}.items()]


@pytest.mark.parametrize("form", _FORMS)
@PROFILE
@given(value=texts, country=countries)
def test_idempotent(form: ValueType, value: str, country: str) -> None:
    normal = form.normalize(value.strip(), country)
    assert form.normalize(normal, country) == normal


@pytest.mark.parametrize("form", _FORMS)
@PROFILE
@given(data=st.data())
def test_spellings(form: ValueType, data: st.DataObject) -> None:
    field = next(field for field in PROFILE_FIELDS if field.value_type == form)
    country, value, expected = data.draw(spellings(field))
    assert form.normalize(value.strip(), country) == expected
    elsewhere, other, another = data.draw(spellings(field))
    assert (form.normalize(other.strip(), elsewhere) == expected) is (another == expected)


@PROFILE
@given(field=st.sampled_from(PROFILE_FIELDS), data=st.data())
def test_symmetric(field: Field, data: st.DataObject) -> None:
    """What is stored and what is declared can change places."""
    one, other = data.draw(values(field)), data.draw(values(field))
    version = "v1" if field.v1 else "v2"

    def differ(wanted: str, stored: str) -> bool:
        held = account_in({"id": "1"}, version)
        held = held._replace(values={**held.values, "country": "SE", field.option: stored}, present=frozenset([field.option]))
        return bool(make_plan({field.option: wanted}, held, "normalized", "update").changes)

    assert differ(one, other) == differ(other, one)
    assert not differ(one, one)


@PROFILE
@given(field=st.sampled_from(PROFILE_FIELDS), version=st.sampled_from(VERSIONS), data=st.data())
def test_shapes(field: Field, version: str, data: st.DataObject) -> None:
    """What is written reads as it was sent."""
    shape = field.codec_in(version)
    sent = data.draw(values(field))
    sent = sent and field.value_type.sent(sent, "SE")
    assert shape.read(shape.write(sent)) == sent


@PROFILE
@given(names=st.lists(texts.filter(bool), max_size=4).map(lambda names: sorted(set(names))) | st.just(_codec.DEFAULT))
def test_categories(names: list[str] | str) -> None:
    read = _codec.CATEGORIES.read(_codec.CATEGORIES.write(names))
    assert read == names or any("\ud800" <= c <= "\udfff" for name in names for c in name)
