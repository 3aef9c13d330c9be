# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of a task's options that an argument spec can't say, before any request. Pure functions, no Ansible, no HTTP."""

from __future__ import annotations

import ipaddress
import os
import re
import typing as t
import unicodedata
from urllib.parse import urlsplit

from ansible_collections.hostup.cloud.plugins.module_utils._argspec import CONNECTION
from ansible_collections.hostup.cloud.plugins.module_utils._characters import (
    fully_unescaped,
    invisible_in,
    shows_nothing,
    stripped,
    visible,
)
from ansible_collections.hostup.cloud.plugins.module_utils._codec import DEFAULT, plain_id
from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, PROFILE_BY_OPTION, VERSIONS, Field
from ansible_collections.hostup.cloud.plugins.module_utils._redact import HIDEABLE, Redaction, holds_mask

#: Among a task's parameters, but no option of it.
REDACTION = "_redaction"

#: Whole number options and the range that is sane for them: seconds of a day, a retry's depth of the stack.
_RANGES = {"api_timeout": (1, 86400), "api_retries": (0, 100), "api_retry_max_delay": (0, 86400)}

#: What is wrong with a text that is not.
NOT_UTF8 = "is not UTF-8: save the file that it is written in as UTF-8"

#: Characters of a value.
_MAX_LENGTH = 255

_NO_CATEGORY = "holds default beside other names, or not in lower case: expected the word default alone, or a list of categories"


def is_utf8(text: str) -> bool:
    """Whether it came from UTF-8: bytes that did not are half characters here (PEP 383), which no encoding can carry."""
    return not re.search("[\ud800-\udfff]", text)


class Connection(t.NamedTuple):
    """How to reach the API, checked."""

    key: str
    #: Without a trailing slash.
    url: str
    #: One of VERSIONS.
    version: str
    #: Seconds that one attempt may take.
    timeout: int
    #: Attempts after the first.
    retries: int
    #: Seconds that one wait may take at most.
    retry_max_delay: int
    validate_certs: bool
    ca_path: str | None


def connection(params: dict[str, t.Any]) -> Connection:
    """Check the connection options. Raises InvalidOption."""
    for name, (low, high) in _RANGES.items():
        if not low <= params[name] <= high:
            raise InvalidOption("%s must be a whole number from %d to %d, not %d." % (name, low, high, params[name]))
    return Connection(
        key=_key(params["api_key"]),
        url=_url(params["api_url"]),
        version=params["api_version"],
        timeout=params["api_timeout"],
        retries=params["api_retries"],
        retry_max_delay=params["api_retry_max_delay"],
        validate_certs=params["validate_certs"],
        ca_path=_ca_path(params["ca_path"]),
    )


def _key(raw: str) -> str:
    key = raw.strip()
    if not key:
        raise InvalidOption("api_key is empty: set it to a key from the HostUp control panel.")
    if not is_utf8(key):
        raise InvalidOption("api_key %s." % NOT_UTF8)
    # visible ASCII alone can stand in a header field (RFC 9110, section 5.5)
    if not all("!" <= c <= "~" for c in key):
        raise InvalidOption(
            "api_key holds white space, a line break or another character that no key has: "
            "copy the key again, as one line, from the HostUp control panel."
        )
    return key


def _url(raw: str) -> str:
    example = CONNECTION["api_url"]["default"]
    url = raw.strip()
    try:
        parts = urlsplit(url)
        # an impossible port raises, too
        host = parts.hostname if parts.port != 0 else None
    except ValueError:
        host = None
    # the value is never quoted: it may hold a password
    if not host or parts.scheme not in ("http", "https") or any(c.isspace() or not c.isprintable() for c in url):
        raise InvalidOption("api_url is not a web address: expected something like %s." % example)
    if "@" in parts.netloc:
        raise InvalidOption("api_url holds user information (user:password@): take it out, the key alone is sent.")
    if "?" in url or "#" in url:
        raise InvalidOption("api_url holds a query or a fragment: expected the base address alone, like %s." % example)
    if parts.scheme == "http" and not is_loopback(host):
        raise InvalidOption(
            "api_url uses http:// and its host %s is not this machine: the key would travel unencrypted; use https://." % host
        )
    if re.search("/v[0-9]+/*$", parts.path):
        raise InvalidOption("api_url ends in a version of the API: take it out, and choose the version with api_version.")
    # the scheme in the one spelling that later comparisons take for granted
    return parts.scheme + url[len(parts.scheme) :].rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be this machine (RFC 6761, section 6.3; RFC 6890)."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _ca_path(path: str | None) -> str | None:
    if path and not os.path.isfile(path):
        shown = path if path.isprintable() else "the path"
        raise InvalidOption("ca_path: %s is no file on the machine that runs the task: expected a PEM bundle." % shown)
    return path or None


def redaction(params: dict[str, t.Any]) -> Redaction:
    """The redaction of this task's result and shown arguments: one, so that both know what the task declared and read.

    Raises InvalidOption.
    """
    unknown = sorted(set(params["redact"]) - {*HIDEABLE, "all"})
    if unknown:
        # a value that was meant to be hidden is no name
        shown = ", ".join(name if re.fullmatch("[a-z0-9_]{1,40}", name) else "a name that is not shown" for name in unknown)
        raise InvalidOption(
            "redact holds %s, which no field is called: expected some of %s, or all." % (shown, ", ".join(HIDEABLE))
        )
    known: Redaction = params.setdefault(REDACTION, Redaction(params["redact"]))
    return known


def account_id(params: dict[str, t.Any]) -> str | None:
    """The account that the key must belong to; None where any will do. Raises InvalidOption."""
    if params["account_id"] is None:
        return None
    wanted = plain_id(stripped(params["account_id"]))
    if not is_utf8(wanted):
        raise InvalidOption("account_id %s." % NOT_UTF8)
    unseen = invisible_in(wanted)
    if unseen:
        # two ids that look the same would be told apart, and nobody could say how
        raise InvalidOption("account_id holds an invisible character (%s): write it again, without it." % unseen)
    if not wanted:
        raise InvalidOption("account_id is empty: set it to the account's number, or leave it out to accept any account.")
    return wanted


def invoice_id(params: dict[str, t.Any]) -> int:
    """Which invoice. Raises InvalidOption."""
    number: int = params["invoice_id"]
    if number < 1:
        raise InvalidOption("invoice_id must be a whole number from 1, not %d." % number)
    if params["api_version"] != "v1":
        raise InvalidOption(
            "invoices are not in HostUp's API %s, as far as it is documented: set api_version to v1 for this task; nothing was "
            "sent." % params["api_version"]
        )
    return number


def profile(params: dict[str, t.Any]) -> dict[str, str]:
    """The declared profile: option -> value without outer white space and invisible characters, "" to clear.

    Options that are not managed are left out. Raises InvalidOption; the sentence never shows the value.
    """
    declared = {option: params[option] for option in PROFILE_BY_OPTION if params.get(option) is not None}
    for option, value in declared.items():
        _require_known(PROFILE_BY_OPTION[option], params["api_version"])
        wrong = problem(PROFILE_BY_OPTION[option], value)
        if wrong:
            raise InvalidOption("%s %s; nothing was sent." % (option, wrong))
    return {option: stripped(value) for option, value in declared.items()}


def preferences(params: dict[str, t.Any]) -> dict[str, t.Any]:
    """The declared preferences: option -> text, true, false, or a sorted list of names. Raises InvalidOption.

    An `api_version` of None is one that is not known yet.
    """
    values: dict[str, t.Any] = {}
    for field in PREFERENCE_FIELDS:
        value = params.get(field.option)
        if value is None:
            continue
        _require_known(field, params["api_version"])
        if field.type != "bool":
            words = value if field.type == "list" else [value]
            wrong = next(filter(None, (problem(field, word) for word in words)), "")
            value = _categories(value) if field.type == "list" else stripped(value)
            if isinstance(value, list) and DEFAULT in [name.lower() for name in value]:
                wrong = wrong or _NO_CATEGORY
            if wrong:
                raise InvalidOption("%s %s; nothing was sent." % (field.option, wrong))
        values[field.option] = value
    if values.get("bankid_only_login") and not params["confirm_lockout"]:
        raise InvalidOption(
            "bankid_only_login can lock out everyone who logs in with a password: set confirm_lockout to true as well if that is "
            "meant; nothing was sent."
        )
    return values


def _require_known(field: Field, version: str | None) -> None:
    if version is None or field.name_in(version):
        return
    other = next(other for other in VERSIONS if field.name_in(other))
    raise InvalidOption(
        "%s is not in HostUp's API %s, but in %s: set api_version to %s, or leave the option out; nothing was sent."
        % (field.option, version, other, other)
    )


def _categories(value: list[str]) -> str | list[str]:
    names = sorted({stripped(name) for name in value})
    return DEFAULT if names == [DEFAULT] else names


def problem(field: Field, value: str) -> str:
    """Why a declared text, or one of a list, can't be right, in words that don't show it; "" where it can be."""
    # white space alone clears
    if shows_nothing(value) and value.strip():
        return "holds an invisible character (%s) and nothing else: leave it out, or give it a value" % invisible_in(value)
    value = stripped(value)
    if not value:
        return "" if field.clearable else "may not be cleared: leave it out, or give it a value"
    if holds_mask(value):
        return "holds the marker of a hidden value, not the value: leave the option out, or give it the value"
    if len(value) > _MAX_LENGTH:
        return "is %d characters long: expected at most %d" % (len(value), _MAX_LENGTH)
    if not is_utf8(value):
        return NOT_UTF8
    if any(unicodedata.category(c) == "Cc" for c in value):
        return "holds a control character (a line break, a tab or the like): expected one line of text"
    expected = field.value_type.problem(value)
    if expected:
        right_but_for_it = not field.value_type.problem(visible(value))
        wrong = "holds an invisible character (%s)" % invisible_in(value) if right_but_for_it else "can't be right"
        return "%s: expected %s" % (wrong, expected)
    # an escape can stand for white space
    meant = stripped(fully_unescaped(value))
    return "" if meant and field.value_type.normalize(meant, "") else "can't be right: expected a letter or a digit"
