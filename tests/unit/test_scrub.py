# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is redacted in foreign text, in whatever spelling, and what is left so that it still says something."""

from __future__ import annotations

import base64
import html
import json
import typing as t
from urllib.parse import quote

import pytest

from ansible_collections.hostup.cloud.plugins.module_utils._scrub import Scrubber

KEY = 'hk/live+ABC&def"GH<12\\345=='
GONE = "(redacted)"


@pytest.fixture
def scrub() -> Scrubber:
    scrubber = Scrubber(KEY)
    scrubber.add(
        ["Storgatan 2", "SE", "+46 70-000 00 00", "76543", "sec  ret7781", "\u03a4\u03b1\u0390\u03b3\u03b5\u03c4\u03bf\u03c2"]
    )
    scrubber.add(["Svensson & S\u00f6ner", "\u00c5sa", "pwHemligt7731", "Abba%41 gatan", "Anana", "", "--"])
    return scrubber


#: Foreign text -> what is left of it.
TEXTS = {
    # a hidden value by its letters and digits; a short one as a whole word
    "case": ("storgatan 2 is no street", GONE + " is no street"),
    "other spaces, inside a word": ("x sec\u00a0ret7781 xpwHemligt7731xy", "x %s x%sxy" % (GONE, GONE)),
    "entities, composed": ("Svensson &amp; S&ouml;ner, A\u030asa", "%s, %s" % (GONE, GONE)),
    "percent, JSON, twice": ("Sven%73son %2526 S\\u00f6ner, Stor\\\\u0067atan 2", "%s, %s" % (GONE, GONE)),
    "other accents": ("Storgat\u00e5n 2, SVENSSON, SONER", "%s, %s" % (GONE, GONE)),
    "case folding with marks": ("\u03a4\u0391\u03aa\u0301\u0393\u0395\u03a4\u039f\u03a3 is taken", GONE + " is taken"),
    "an escape made of its beginning": ("LIKE '%Abba%41 gatan'", "LIKE '%" + GONE + "'"),
    "a value that looks like an escape": ("Abba%41 gatan, AbbaA gatan", "%s, %s" % (GONE, GONE)),
    "overlapping": ("Ananana", GONE),
    "invisible characters": ("Stor\u200bgat\u00adan 2, S\u200bE", "%s, %s" % (GONE, GONE)),
    "a short value": ("SE is no country, the SERVER says NOT_SE", GONE + " is no country, the SERVER says NOT_SE"),
    "a postcode": ("\uff17\uff16\uff15 43, S-76543", "%s, S-%s" % (GONE, GONE)),
    # six digits, however grouped
    "a known phone": ("Phone 070-000 00 00 is taken", "Phone %s is taken" % GONE),
    "a card": ("card 4539 1488 0343 6467 or 4539-1488-0343-6467", "card %s or %s" % (GONE, GONE)),
    "one by one": ("9 0 9 0 9 0 and 1990-01-01", "%s and %s" % (GONE, GONE)),
    "in lines and tags": ("PN 85\n07<wbr>09 - 98 &ndash; 05.", "PN %s." % GONE),
    "in pairs of brackets": ("[900101] ------------ [1239]", "[%s]" % GONE),
    "of another script": ("\u0669\u0660\u0660 \u0661\u0660\u0661, \u2078\u2075 \u2460\u2461\u2462\u2463", GONE),
    "mixed with letters": ("8a5b0c7d0e9f SE850709980501", "%s %s" % (GONE, GONE)),
    # a long mix of letters and digits
    "a Base64 text of another": ("sent dXNlcjpwdw8xMjM=", "sent " + GONE),
    "a UUID": ("see 7d1f0a6c-aaaa-bbbb-cccc-abcdefabcdef", "see " + GONE),
    "thirteen characters": ("zyxwvutsrqpo1 zyxwvutsrqp1", GONE + " zyxwvutsrqp1"),
    # what is left
    "short numbers": ("HTTP 400: City unknown (code 42), or 12345", "HTTP 400: City unknown (code 42), or 12345"),
    "signs": ("Length must be < 255 and > 0, err &lt;city&gt;", "Length must be < 255 and > 0, err <city>"),
    "names of fields": ("address.line1, /data/invoiceMethod, X-API-Key", "address.line1, /data/invoiceMethod, X-API-Key"),
    "words that the key has": ("Not live, ABC or def", "Not live, ABC or def"),
}


@pytest.mark.parametrize(("foreign", "left"), TEXTS.values(), ids=list(TEXTS))
def test_text(scrub: Scrubber, foreign: str, left: str) -> None:
    assert scrub(foreign) == left


@pytest.mark.parametrize("number", ["850709%s9805", "19850709%s9805", "PN-850709%s9805"])
@pytest.mark.parametrize(
    "gap", ["", *"-+ _,:./\u2013\u2011\u2212", " - ", ")(", "&ndash;", "&#45;", "%2D", "\\u002d", "<wbr>-", "-\n"]
)
def test_a_personal_number_that_nobody_knows(scrub: Scrubber, number: str, gap: str) -> None:
    left = scrub("Invalid %s here" % (number % gap))
    assert GONE in left and not any(map(str.isdigit, left))
    assert scrub.token(number % gap) is None


#: Keys of every alphabet.
KEYS = {
    "words": "demo-key-of-account-1001",
    "digits": "34167211068403885421433419055271",
    "hexadecimal": "0f4a9c27d1e8b6350f4b7c91d2a8e6f3",
    "letters and digits": "hup_live_Zq7Xw2Lm9Rt4Vb6Nc8Ks3Jd5Hf1Gp0",
    "letters": "hup_live_ZqtXwpLmwRtfVbsNcoKsdJdfHftGpz",
    "punctuation": KEY,
}
#: What an answer may hold of a key: all of it, most of it, its end, its middle.
PARTS: dict[str, t.Callable[[str], str]] = {
    "whole": str,
    "all but four": lambda key: key[:-4],
    "the end": lambda key: key[-13:],
    "the middle": lambda key: key[5:19],
}
NOTATIONS: dict[str, t.Callable[[str], str]] = {
    "as it is": str,
    "masked": lambda part: "****" + part + "****",
    "upper case": str.upper,
    "lower case": str.lower,
    "grouped": lambda part: "-".join(part[place : place + 4] for place in range(0, len(part), 4)),
    "in two lines": lambda part: part[:5] + "\n" + part[5:],
    "with a tag": lambda part: part[:5] + "<wbr>" + part[5:],
    "HTML": html.escape,
    "URL": lambda part: quote(part, safe=""),
    "JSON": lambda part: json.dumps(part)[1:-1],
    "half of it percent-encoded": lambda part: "".join("%%%02X" % ord(c) if n % 2 else c for n, c in enumerate(part)),
    "entities": lambda part: "".join("&#x%X;" % ord(c) for c in part),
    "escapes": lambda part: "".join("\\x%02x" % ord(c) for c in part),
    "full width": lambda part: "".join(chr(ord(c) + 0xFEE0) for c in part),
    "hexadecimal": lambda part: part.encode().hex(),
    "hexadecimal in upper case": lambda part: part.upper().encode().hex().upper(),
    "hexadecimal with colons": lambda part: part.encode().hex(":"),
    "hexadecimal in capitals, in pieces": lambda part: part.upper().encode().hex(" "),
    "hexadecimal with signs": lambda part: ", ".join("0x%02x" % byte for byte in part.encode()),
    "Base64": lambda part: base64.b64encode(part.encode()).decode(),
    "Base64 of a text": lambda part: base64.urlsafe_b64encode(("user:%s@" % part).encode()).decode(),
    "Base64 in pieces": lambda part: _in_pieces(base64.b64encode(b"u:" + part.encode())),
    "Base32": lambda part: base64.b32encode(part.encode()).decode(),
    "Base32 in pieces": lambda part: _in_pieces(base64.b32encode(b"u:" + part.encode())),
}


def _in_pieces(text: bytes) -> str:
    return " ".join(text[place : place + 6].decode() for place in range(0, len(text), 6))


def _runs(text: str) -> set[str]:
    letters = "".join(c for c in text.casefold() if c.isalnum())
    return {letters[start : start + 8] for start in range(len(letters) - 7)}


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("alphabet", KEYS)
def test_a_part_of_the_key(alphabet: str, part: str, notation: str) -> None:
    """No run of eight of its letters and digits is quoted, and the words around it are."""
    key = KEYS[alphabet]
    spelled = NOTATIONS[notation](PARTS[part](key))
    left = Scrubber(key)("Invalid key: %s for you" % spelled)
    # the last letter of a word in front may continue a run
    assert left.startswith(("Invalid key: " + GONE, "Invalid " + GONE)) and left.endswith(" for you")
    assert not _runs(left) & (_runs(key) | _runs(spelled))
    assert Scrubber(key).token(spelled) is None


@pytest.mark.parametrize("key", ["k3y", "k3ys3", "k3y-s3c", "abcd<b>efgh"])
def test_a_short_key(key: str) -> None:
    scrub = Scrubber(key)
    assert scrub("Bad key %s, or none" % key) in ("Bad key %s, or none" % GONE, "Bad key %s or none" % GONE)
    assert scrub("The keys of this account") == "The keys of this account"


@pytest.mark.parametrize(
    "flood", ["+", "9", "<", "&", "%", "-", " ", "a", "<b ", "+46", "&#" + "9" * 5000 + ";", "9 ", "\\u0041", "12:34 ", "1a"]
)
def test_hostile_text_is_no_work(scrub: Scrubber, flood: str) -> None:
    """A megabyte of anything comes back as a line at once: were it not linear, this test would never end."""
    page = flood * (1024 * 1024 // len(flood))
    scrub.add([page, "4539148803436467"])
    assert len(scrub.line("City " + page) or "") <= 200


def test_a_hidden_value_of_signs_alone(scrub: Scrubber) -> None:
    scrub.add(["!#%&/()=?", "-"])
    assert scrub.line("A bad secret !#%&/()=? there - here") == "A bad secret (redacted) there - here"


def test_a_text_full_of_hidden_values(scrub: Scrubber) -> None:
    """Each place of each value would be looked at; nothing that anybody could read is lost."""
    scrub.add(["a" * length for length in range(8, 1400)])
    assert scrub.line("a" * 20000) == "(redacted)"


def test_line(scrub: Scrubber) -> None:
    assert scrub.line("two\nlines\x00 and\ta tab.") == "two lines and a tab"
    assert scrub.line("x" * 500) == scrub.line("x" * 50000) == "x" * 200
    assert [scrub.line(nothing) for nothing in (None, ["x"], 1, "", " ")] == [None] * 5
    assert "hk" not in (scrub.line("x" * 195 + " " + KEY) or "")
    # half of a value where reading ends
    assert scrub.line(" " * 19985 + "of Svensson & S\u00f6ner") is None


UUID = "12345678-9012-4345-8678-900101123912"


@pytest.mark.parametrize(
    ("foreign", "token"),
    [("BAD_REQUEST", "BAD_REQUEST"), ("req_1:a/b.c-d+e=", "req_1:a/b.c-d+e="), (429, "429"), (UUID, UUID), ("NO_SE", "NO_SE")]
    + [("req_9001011239ab", "req_9001011239ab"), ("req_9001011239", None), ("BAD_IPV4_ADDRESS", "BAD_IPV4_ADDRESS")]
    + [(kept, kept) for kept in ("E100234", "ERR-2024-0012", "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")]
    + [(wrong, None) for wrong in ("x909090-1234", "PN-19900101-1239", 9001011239, "BAD.pwHemligt7731", "SE", "192.168.168.123")]
    + [(wrong, None) for wrong in ("", "two words", "a\nb", "x" * 101, True, None, ["a"])],
)
def test_token(scrub: Scrubber, foreign: object, token: str | None) -> None:
    assert scrub.token(foreign) == token
