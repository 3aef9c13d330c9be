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
import stat

from ansible_collections.hostup.cloud.plugins.module_utils._errors import InvalidOption

try:
    from urllib3.util.ssl_ import create_urllib3_context

    try:
        from certifi import where
    except ImportError:
        # Red Hat's requests does without it and takes the system's authorities; asking it costs 20 ms more
        from requests.certs import where  # type: ignore[attr-defined,no-redef]
except ImportError:
    # so that this file can be imported for inspection; _http.py tells the user
    pass


def context(ca_path: str | None, validate: bool) -> ssl.SSLContext:
    """The settings of a TLS connection. Raises InvalidOption where there are no authorities to trust."""
    if not validate:
        return _made(ssl.CERT_NONE)
    named_by, path = _authorities(ca_path)
    shown = path if path.isprintable() else "the path"
    # a named pipe would keep OpenSSL waiting without end, a device reading
    if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
        raise InvalidOption("%s: %s is neither a file nor a folder: expected a PEM bundle." % (named_by, shown))
    try:
        return _trusting(path)
    except (OSError, ValueError):
        raise InvalidOption(
            "%s: %s holds no certificate authority that can be read: expected a PEM bundle." % (named_by, shown)
        ) from None


def _authorities(ca_path: str | None) -> tuple[str, str]:
    """Who names the file or folder of authorities that counts, and its path."""
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if not ca_path and os.environ.get(variable):
            return "The environment variable " + variable, os.environ[variable]
    return ("ca_path", ca_path) if ca_path else ("The authorities that come with requests", where())


@functools.lru_cache(maxsize=8)
def _trusting(path: str) -> ssl.SSLContext:
    made = _made(ssl.CERT_REQUIRED)
    if os.path.isdir(path):
        made.load_verify_locations(capath=path)
    else:
        made.load_verify_locations(cafile=path)
    return made


def _made(cert_reqs: ssl.VerifyMode) -> ssl.SSLContext:
    """urllib3's settings. It opens the file that SSLKEYLOGFILE names, which waits without end where that is a named pipe."""
    keys = os.path.expandvars(os.environ.get("SSLKEYLOGFILE", ""))
    try:
        if keys and os.path.exists(keys) and stat.S_ISFIFO(os.stat(keys).st_mode):
            raise OSError
        return create_urllib3_context(cert_reqs=cert_reqs)
    except OSError:
        raise InvalidOption("The environment variable SSLKEYLOGFILE names no file that can be written: unset it.") from None
