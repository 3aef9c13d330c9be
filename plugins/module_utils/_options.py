# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task may say: the options, and the checks of those that all modules have.

Pure functions, no Ansible, no HTTP. The argument specs follow from the tables here, in `_fields.py` and in `_settings.py`.
What a task declares is checked in `_declared.py`.
"""

from __future__ import annotations

import ipaddress
import os
import re
import typing as t
from urllib.parse import urlsplit

from ansible_collections.hostup.cloud.plugins.module_utils._characters import invisible_in, stripped
from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption
from ansible_collections.hostup.cloud.plugins.module_utils._fields import FIELDS, VERSIONS, Field
from ansible_collections.hostup.cloud.plugins.module_utils._redact import HIDEABLE, Redaction
from ansible_collections.hostup.cloud.plugins.module_utils._settings import SETTINGS, Setting
from ansible_collections.hostup.cloud.plugins.module_utils._shapes import plain_id

#: Connection option -> its argument spec. Every module has them.
CONNECTION: dict[str, dict[str, t.Any]] = {
    "api_key": {"type": "str", "required": True, "no_log": True},
    "api_url": {"type": "str", "default": "https://cloud.hostup.se/api"},
    "api_version": {"type": "str", "default": "v1", "choices": list(VERSIONS)},
    "api_timeout": {"type": "int", "default": 30},
    "api_retries": {"type": "int", "default": 3},
    "api_retry_max_delay": {"type": "int", "default": 30},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
}

#: Among a task's parameters, but no option of it.
REDACTION = "_redaction"

#: Options of every module that shows an account.
SHOWING: dict[str, dict[str, t.Any]] = {
    "account_id": {"type": "str"},
    "redact": {"type": "list", "elements": "str", "default": [], "choices": [*HIDEABLE, "all"]},
}

#: Options of every module that declares something.
DECLARING: dict[str, dict[str, t.Any]] = {
    "unreadable_fields": {"type": "str", "default": "update", "choices": ["update", "ignore", "fail"]},
}

#: Options of the module that declares a profile.
COMPARING: dict[str, dict[str, t.Any]] = {
    "compare": {"type": "str", "default": "normalized", "choices": ["normalized", "exact"]},
    "verify": {"type": "bool", "default": True},
}

#: The option of the module that declares preferences, for the one that can lock people out.
CONFIRMING: dict[str, dict[str, t.Any]] = {"confirm_lockout": {"type": "bool", "default": False}}

#: The option that says which invoice.
INVOICE: dict[str, dict[str, t.Any]] = {"invoice_id": {"type": "int", "required": True}}

#: Whole number options and the range that is sane for them: seconds of a day, a retry's depth of the stack.
_RANGES = {"api_timeout": (1, 86400), "api_retries": (0, 100), "api_retry_max_delay": (0, 86400)}


#: What is wrong with a text that is not.
NOT_UTF8 = "is not UTF-8: save the file that it is written in as UTF-8"


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
    #: Seconds that one wait may take.
    longest_wait: int
    validate_certs: bool
    ca_path: str | None


def profile_spec() -> dict[str, dict[str, t.Any]]:
    """The argument spec of the profile options."""
    return {field.option: _field_spec(field) for field in FIELDS}


def _field_spec(field: Field) -> dict[str, t.Any]:
    spec: dict[str, t.Any] = {"type": "str"}
    if field.aliases:
        spec["aliases"] = list(field.aliases)
    if field.choices:
        spec["choices"] = list(field.choices)
    if field.sensitive:
        spec["no_log"] = True
    return spec


def settings_spec() -> dict[str, dict[str, t.Any]]:
    """The argument spec of the preferences."""
    return {setting.option: _setting_spec(setting) for setting in SETTINGS}


def _setting_spec(setting: Setting) -> dict[str, t.Any]:
    spec: dict[str, t.Any] = {"type": setting.kind}
    if setting.kind == "list":
        spec["elements"] = "str"
    if setting.choices:
        spec["choices"] = list(setting.choices)
    return spec


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
        longest_wait=params["api_retry_max_delay"],
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
    if parts.query or parts.fragment or "?" in url or "#" in url:
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
    """The redaction of this task's result and shown arguments: one, so that both know what the task declared and read."""
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
