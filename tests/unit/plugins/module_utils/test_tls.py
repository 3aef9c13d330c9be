# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose authorities are trusted where nobody names any."""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys
import textwrap

import requests


def test_requests_without_certifi(tmp_path: pathlib.Path) -> None:
    """As Red Hat ships it: its `requests.certs` names the system's file."""
    shutil.copytree(pathlib.Path(requests.__file__).parent, tmp_path / "requests")
    system = shutil.copy(requests.certs.where(), tmp_path / "ca-bundle.crt")  # type: ignore[attr-defined]
    (tmp_path / "requests" / "certs.py").write_text("def where():\n    return %r\n" % str(system), encoding="utf-8")
    code = """
        import sys
        sys.modules["certifi"] = None
        sys.path.insert(0, %r)
        from ansible_collections.hostup.cloud.plugins.module_utils import _tls, _transport
        assert _transport.HAVE_LIBRARY
        assert _tls.where() == %r
        assert len(_tls.context(None, True).get_ca_certs()) > 50
    """
    script = textwrap.dedent(code) % (str(tmp_path), str(system))
    subprocess.run([sys.executable, "-c", script], check=True)
