# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom to trust in TLS. Reading the usual file of some 140 authorities takes 20 ms, so each file is read once.

Without the option `ca_path`, the file is the one that users of `requests` know: see its documentation, "SSL Cert
Verification".
"""

from __future__ import annotations

import functools
import os
import ssl

from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption

try:
    from urllib3.util.ssl_ import create_urllib3_context

    try:
        from certifi import where
    except ImportError:
        # Red Hat's requests does without it and takes the system's authorities; asking it costs 20 ms more
        from requests.certs import where  # type: ignore[attr-defined,no-redef]
except ImportError:
    # so that this file can be imported for inspection; _transport.py tells the user
    pass


def context(ca_path: str | None, validate: bool) -> ssl.SSLContext:
    """The settings of a TLS connection. Raises InvalidOption where there are no authorities to trust."""
    if not validate:
        return create_urllib3_context(cert_reqs=ssl.CERT_NONE)
    named_by, path = _authorities(ca_path)
    try:
        return _trusting(path)
    except (OSError, ValueError):
        raise InvalidOption(
            "%s: %s holds no certificate authority that can be read: expected a PEM bundle." % (named_by, path)
        ) from None


def _authorities(ca_path: str | None) -> tuple[str, str]:
    """Who names the file or folder of authorities that counts, and its path."""
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if not ca_path and os.environ.get(variable):
            return "The environment variable " + variable, os.environ[variable]
    return ("ca_path", ca_path) if ca_path else ("The authorities that come with requests", where())


@functools.lru_cache(maxsize=8)
def _trusting(path: str) -> ssl.SSLContext:
    made = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    if os.path.isdir(path):
        made.load_verify_locations(capath=path)
    else:
        made.load_verify_locations(cafile=path)
    return made
