# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret survives in text of the API's, in whatever spelling; what `redact: all` hides is in no result."""

from __future__ import annotations

import base64
import html
import json
import string
import typing as t
from urllib.parse import quote

from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.hostup.cloud.plugins.module_utils import _account
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PROFILE_BY_OPTION, PROFILE_FIELDS, VERSIONS
from ansible_collections.hostup.cloud.plugins.module_utils._redact import REDACTED
from ansible_collections.hostup.cloud.plugins.module_utils._scrub import Scrubber
from ansible_collections.hostup.cloud.tests.emulator import Fault
from ansible_collections.hostup.cloud.tests.properties.conftest import KEY, Desk
from ansible_collections.hostup.cloud.tests.properties.profiles import PROFILE
from ansible_collections.hostup.cloud.tests.properties.strategies import texts

_VISIBLE = "".join(chr(code) for code in range(0x21, 0x7F))
keys = st.one_of(
    st.text(_VISIBLE, min_size=8, max_size=40),
    st.text(string.ascii_letters + string.digits + "_-", min_size=8, max_size=40),
    # what an escape in front of them could swallow
    st.sampled_from(
        ["nhup_0123abcd", "test-0a1b2c3d4e", "x41deadbeef99", "u0041deadbeef", "41deadbeef99", "lt5f6e7d8c9b", "amp;lt;01234567"]
    ),
).filter(lambda key: sum(c.isalnum() for c in key) >= 6)

#: One spelling of a text to another, as what stands in front of an API may make it.
WRAPPERS: tuple[t.Callable[[str], str], ...] = (
    str,
    html.escape,
    lambda text: "".join("&#%d;" % ord(c) for c in text),
    lambda text: "".join("&#x%X;" % ord(c) for c in text),
    lambda text: quote(text, safe=""),
    lambda text: "".join("%%%02x" % byte for byte in text.encode()),
    lambda text: json.dumps(text)[1:-1],
    lambda text: "".join("\\u%04x" % ord(c) for c in text if c <= "\uffff"),
    lambda text: "".join("\\x%02X" % ord(c) if c <= "\xff" else c for c in text),
    str.upper,
    str.lower,
    lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
)
GROUPINGS: tuple[t.Callable[[str], str], ...] = (
    str,
    lambda text: "-".join(text[place : place + 4] for place in range(0, len(text), 4)),
    lambda text: "\n".join(text[place : place + 5] for place in range(0, len(text), 5)),
    lambda text: text[:3] + "<wbr>" + text[3:],
    "\u00a0".join,
)
NOTATIONS: tuple[t.Callable[[str], str], ...] = (
    lambda text: text.encode().hex(),
    lambda text: text.encode().hex(" "),
    lambda text: base64.b64encode(text.encode()).decode(),
)
around = st.one_of(
    texts, st.text(max_size=20), st.sampled_from(["\\", "%", "&", "&#", "\\u00", "<b ", "key=", "\x00", "&amp;", "%2"])
)


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


@PROFILE
@given(key=keys, group=st.sampled_from(GROUPINGS), wrap=st.sampled_from(WRAPPERS), before=around, after=around)
def test_key(key: str, group: t.Callable[[str], str], wrap: t.Callable[[str], str], before: str, after: str) -> None:
    scrub = Scrubber(key)
    foreign = before + wrap(group(key)) + after
    line = scrub.line(foreign, 10000) or ""
    needle = _letters(key)
    # what stands around may hold a piece of it, or the mark
    rest = line.replace(REDACTED, "\n")
    assert needle not in _letters(rest)
    assert len(scrub.line(foreign) or "") <= 200
    token = scrub.token(foreign)
    assert token is None or (len(token) <= 100 and needle not in _letters(token))


@PROFILE
@given(data=st.data(), group=st.sampled_from(GROUPINGS), wrap=st.sampled_from([*WRAPPERS, *NOTATIONS]), before=around)
def test_part_of_key(data: st.DataObject, group: t.Callable[[str], str], wrap: t.Callable[[str], str], before: str) -> None:
    """No run of eight of its letters and digits is quoted, however much of it is there."""
    key = data.draw(st.one_of(keys, st.text(string.digits, min_size=16, max_size=40), st.text("0123456789abcdef", min_size=32)))
    start = data.draw(st.integers(0, len(key)))
    part = wrap(group(key[start : data.draw(st.integers(start, len(key)))]))
    runs = {_letters(key)[at : at + 8] for at in range(len(_letters(key)) - 7)}
    for quoted in [*(Scrubber(key).line(before + part, 10000) or "").split(REDACTED), Scrubber(key).token(part) or ""]:
        assert not [run for run in runs if run in _letters(quoted)]


@PROFILE
@given(key=keys, group=st.sampled_from(GROUPINGS), wrap=st.sampled_from(WRAPPERS), before=around)
@example(key="00000000", group=GROUPINGS[3], wrap=html.escape, before="%")
@example(key="deadbeef", group=GROUPINGS[3], wrap=html.escape, before="%")
def test_tail_of_key(key: str, group: t.Callable[[str], str], wrap: t.Callable[[str], str], before: str) -> None:
    """Nor does the most of it survive where an escape in front has swallowed its beginning."""
    line = Scrubber(key).line(before + wrap(group(key)), 10000) or ""
    assert not _letters(line.replace(REDACTED, "\n")).endswith(_letters(key)[-6:])


#: Values that no word of a result can look like.
_greek = st.text("\u03b1\u03b2\u03b3\u03b4\u03b5\u03b6\u03b7\u03b8", min_size=5, max_size=30)
_OF_GREEK = [field.option for field in PROFILE_FIELDS if field.value_type is PROFILE_BY_OPTION["city"].value_type]


@PROFILE
@given(
    stored=st.dictionaries(st.sampled_from(_OF_GREEK), _greek),
    declared=st.dictionaries(st.sampled_from(_OF_GREEK), _greek, min_size=1),
    version=st.sampled_from(VERSIONS),
    wrap=st.sampled_from(WRAPPERS),
    fails=st.sampled_from([None, "GET", "POST", "PATCH"]),
)
def test_redact_all(
    desk: Desk, stored: dict[str, str], declared: dict[str, str], version: str, wrap: t.Callable[[str], str], fails: str | None
) -> None:
    stored, declared = (
        {o: v for o, v in values.items() if PROFILE_BY_OPTION[o].name_in(version)} for values in (stored, declared)
    )
    account = desk.begin()
    for option, value in stored.items():
        (account.record if PROFILE_BY_OPTION[option].v1 else account.v2)[
            PROFILE_BY_OPTION[option].v1 or PROFILE_BY_OPTION[option].v2
        ] = value
    personal = "\u03b1" * 5
    account.record.update(email=personal, postcode="76543 21", phonenumber="+46701234567", orgno="[SE]555555-5555")
    if fails:
        words = "; ".join(wrap(value) for value in [*stored.values(), *declared.values(), KEY])
        desk.emulator.faults.order(Fault("status", method=fails, status=400, message=words, code="BAD"))
    result = desk.task(_account.APPLY, {"api_version": version, "redact": ["all"], **declared})
    whole = json.dumps(result, ensure_ascii=False)
    assert not [c for c in whole if "\u03b1" <= c.lower() <= "\u03b8"], whole
    assert not [number for number in ("76543", "0701234", "5555555", "555-5", KEY) if number in whole]
    for shown in [result["account"]] if "account" in result else []:
        assert {shown[option] for option in PROFILE_BY_OPTION} <= {None, REDACTED}
