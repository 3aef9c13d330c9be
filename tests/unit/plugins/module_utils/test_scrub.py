# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is taken out of foreign text, in whatever spelling, and what is left so that it still says something."""

from __future__ import annotations

import base64
import binascii
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
    scrubber.add(["909090-1234", "Storgatan 2", "SE", "+46 70-000 00 00", "4539148803436467", "sec  ret7781"])
    scrubber.add(["Svensson & S\u00f6ner", "\u00c5sa", "SE556677889901", "pwHemligt7731", "", "--"])
    return scrubber


@pytest.mark.parametrize(
    "spelling",
    [KEY, KEY.lower(), html.escape(KEY), quote(KEY, safe=""), json.dumps(KEY)[1:-1], KEY[:5] + "\n" + KEY[5:]]
    + [KEY[:5] + "<wbr>" + KEY[5:]],
)
def test_the_key(scrub: Scrubber, spelling: str) -> None:
    left = scrub("Bad key: %s!" % spelling)
    assert left.startswith("Bad key: " + GONE)
    assert not any(part in left.lower() for part in ("hk", "live", "abc", "gh", "345"))


@pytest.mark.parametrize("front", ["", "a", "ab", "user:"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode, binascii.hexlify])
def test_the_key_in_another_notation(scrub: Scrubber, front: str, encode: t.Callable[[bytes], bytes]) -> None:
    text = encode((front + KEY + " and more").encode()).decode()
    left = scrub("Bad header %s!" % text)
    assert GONE in left
    # of the key, at most what shares a character with its neighbours is left
    assert len(left.replace(GONE, "")) <= len("Bad header !") + len(encode((front + " and more").encode())) + 4


#: Keys of every alphabet.
KEYS = {
    "words": "demo-key-of-account-1001",
    "digits": "34167211068403885421433419055271",
    "hexadecimal": "0f4a9c27d1e8b6350f4b7c91d2a8e6f3",
    "letters and digits": "hup_live_Zq7Xw2Lm9Rt4Vb6Nc8Ks3Jd5Hf1Gp0",
    "punctuation": KEY,
}
#: What an answer may hold of a key: all of it, most of it, its end, its middle.
PARTS: dict[str, t.Callable[[str], str]] = {
    "whole": str,
    "all but the last": lambda key: key[:-1],
    "all but the first": lambda key: key[1:],
    "all but four": lambda key: key[:-4],
    "the end": lambda key: key[-13:],
    "the middle": lambda key: key[5:19],
}
NOTATIONS: dict[str, t.Callable[[str], str]] = {
    "as it is": str,
    "cut short": lambda part: part + "...",
    "masked": lambda part: "****" + part + "****",
    "upper case": str.upper,
    "lower case": str.lower,
    "grouped": lambda part: "-".join(part[place : place + 4] for place in range(0, len(part), 4)),
    "percent-encoded": lambda part: "".join("%%%02x" % byte for byte in part.encode()),
    "half of it percent-encoded": lambda part: "".join("%%%02X" % ord(c) if n % 2 else c for n, c in enumerate(part)),
    "entities": lambda part: "".join("&#x%X;" % ord(c) for c in part),
    "escapes": lambda part: "".join("\\x%02x" % ord(c) for c in part),
    "hexadecimal": lambda part: part.encode().hex(),
    "hexadecimal in upper case": lambda part: part.upper().encode().hex().upper(),
    "hexadecimal with colons": lambda part: part.encode().hex(":"),
    "hexadecimal with signs": lambda part: ", ".join("0x%02x" % byte for byte in part.encode()),
    "Base64": lambda part: base64.b64encode(part.encode()).decode(),
    "Base64 of a text": lambda part: base64.urlsafe_b64encode(("user:%s@" % part).encode()).decode(),
}


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
    scrub = Scrubber(key)
    # the last letter of a word in front may continue a run
    assert scrub("Invalid key: %s for you" % spelled) in ["Invalid %s%s for you" % (word, GONE) for word in ("key: ", "")]
    left = scrub.line("Invalid key: %s" % spelled) or ""
    assert not (_runs(left) & _runs(key) or _runs(left) & _runs(spelled)), left
    assert scrub.token(spelled) is None


@pytest.mark.parametrize("key", ["k3y", "k3ys3", "k3y-s3c"])
def test_a_short_key(key: str) -> None:
    scrub = Scrubber(key)
    assert scrub("Bad key %s, or none" % key) in ("Bad key %s, or none" % GONE, "Bad key %s or none" % GONE)
    assert scrub("The keys of this account") == "The keys of this account"


#: Spellings of two personal numbers, one of which is known; nothing of either may be left.
SPELLINGS = [
    "%s-%s", "%s%s", "19%s-%s", "19 %s-%s", "%s+%s", "%s %s", "%s - %s", "%s\u2013%s", "%s\u2011%s", "%s\u2212%s", "%s_%s",
    "%s,%s", "%s:%s", "%s.%s", "%s/%s", "(%s)%s", "%s&ndash;%s", "%s&#45;%s", "%s%%2D%s", "%s\\u002d%s",
    "%s<wbr>-%s", "%s-\n%s", "PN-19%s-%s",
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("number", [("909090", "1234"), ("850709", "9805")])
def test_personal_numbers(scrub: Scrubber, spelling: str, number: tuple[str, str]) -> None:
    left = scrub("Invalid %s here" % (spelling % number))
    assert GONE in left
    assert not any(c.isdigit() for c in left), left


#: Foreign text -> what is left of it.
TEXTS = [
    ("\uff19\uff10\uff19\uff10\uff19\uff10-1234", GONE),
    ("9 0 9 0 9 0 1 2 3 4 and 1990-01-01-1239", GONE + " and " + GONE),
    ("card 4539 1488 0343 6467 or 4539-1488-0343-6467", "card %s or %s" % (GONE, GONE)),
    ("x sec\u00a0ret7781 xpwHemligt7731xy", "x %s x%sxy" % (GONE, GONE)),
    ("900101&amp;ndash;1239 %252D 900101\\x2d1239 [900101] - [1239]", "%s - %s [%s]" % (GONE, GONE, GONE)),
    ("\u0669\u0660\u0660\u0661\u0660\u0661-\u0661\u0662\u0663\u0669, 400 900101-1239", "%s, 400 %s" % (GONE, GONE)),
    ("Length must be < 255 and > 0, err &lt;city&gt;", "Length must be < 255 and > 0, err <city>"),
    ("Try again at 2026-11-22 12:34, order 1234567890", "Try again at 2026-11-22 12:34, order 1234567890"),
    ("555555-5555, +46701234567, 203.0.113.250, 1, 2, 10", "555555-5555, +46701234567, 203.0.113.250, 1, 2, 10"),
    ("storgatan 2 is no street", GONE + " is no street"),
    ("Phone 0046700000000 is taken", "Phone %s is taken" % GONE),
    ("Svensson &amp; S&ouml;ner, A\u030asa, SE 5566778899 01", "%s, %s, %s" % (GONE, GONE, GONE)),
    ("SE is no country, the SERVER says", GONE + " is no country, the SERVER says"),
    ("City unknown (code 42), try 100% again", "City unknown (code 42), try 100% again"),
    ("Not live, ABC or def", "Not live, ABC or def"),
]


@pytest.mark.parametrize(("foreign", "left"), TEXTS)
def test_text(scrub: Scrubber, foreign: str, left: str) -> None:
    assert scrub(foreign) == left


@pytest.mark.parametrize(
    "flood", ["+", "9", "<", "&", "%", "-", " ", "a", "<title ", "+46", "&#" + "9" * 5000 + ";", "9 ", "\\u0041", "12:34 "]
)
def test_hostile_text_is_no_work(scrub: Scrubber, flood: str) -> None:
    """A megabyte of anything comes back as a line at once: were it not linear, this test would never end."""
    page = flood * (1024 * 1024 // len(flood))
    scrub.add([page, "4539148803436467"])
    assert len(scrub.line("City " + page) or "") <= 200
    assert len(scrub.words(page) or "") <= 200


def test_line(scrub: Scrubber) -> None:
    assert scrub.line("two\nlines\x00 and\ta tab.") == "two lines and a tab"
    assert scrub.line("x" * 500) == "x" * 200
    assert [scrub.line(nothing) for nothing in (None, ["x"], 1, "", " ")] == [None] * 5
    assert "hk" not in (scrub.line("x" * 195 + " " + KEY) or "")


#: A page that is not the API's -> what is quoted of it: words, up to where data could begin.
PAGES = [
    ("<html><head><title>502 Bad Gateway</title></head><body>pwUnknown77</body>", "502 Bad Gateway"),
    ("<html><h1 class=x>Error 1020</h1>pwUnknown77", "Error 1020"),
    ("upstream connect error or disconnect", "upstream connect error or disconnect"),
    ("Bad Gateway: see log", "Bad"),
    ("<client><password>pwUnknown77</password></client>", None),
    ("<td>password</td><td>pwUnknown77</td>", None),
    ("password=pwUnknown77", None),
    ("client:\n  password: pwUnknown", None),
    ("id,password\n1,pwUnknown", None),
    ('"password: pwUnknown"', None),
    ("array ( 'password' => 'pwUnknown'", "array"),
    ('{"password": "pwUnknown', None),
    ("X-API-Key: " + KEY, None),
    ("<title>Bad %s</title>" % html.escape(KEY), "Bad"),
    ("\x1f\ufffd\x08\x00\ufffd", None),
]


@pytest.mark.parametrize(("page", "quoted"), PAGES)
def test_words(scrub: Scrubber, page: str, quoted: str | None) -> None:
    assert scrub.words(page) == quoted


UUID = "12345678-9012-4345-8678-900101123912"


@pytest.mark.parametrize(
    ("foreign", "token"),
    [("BAD_REQUEST", "BAD_REQUEST"), ("req_1:a/b.c-d+e=", "req_1:a/b.c-d+e="), (429, "429"), (UUID, UUID)]
    + [("req_9001011239ab", "req_9001011239ab"), ("req_9001011239", None)]
    + [(wrong, None) for wrong in ("x909090-1234", "PN-19900101-1239", "9001011239")]
    + [(wrong, None) for wrong in ("", "two words", "a\nb", "x" * 101, True, None, ["a"])],
)
def test_token(scrub: Scrubber, foreign: object, token: str | None) -> None:
    assert scrub.token(foreign) == token
