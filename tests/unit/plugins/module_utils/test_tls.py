# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose authorities are trusted where nobody names any, and files that can't name them."""

from __future__ import annotations

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import textwrap
import typing as t

import pytest
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
        from ansible_collections.hostup.cloud.plugins.module_utils import _tls, _http
        assert _http.HAVE_LIBRARY
        assert _tls.where() == %r
        assert len(_tls.context(None, True).get_ca_certs()) > 50
    """
    script = textwrap.dedent(code) % (str(tmp_path), str(system))
    subprocess.run([sys.executable, "-c", script], check=True)


#: Environment, with FIFO, SOCKET and the like for paths -> words of the sentence.
REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "a pipe": (
        {"REQUESTS_CA_BUNDLE": "FIFO"},
        "The environment variable REQUESTS_CA_BUNDLE: FIFO is neither a file nor a folder: expected a PEM bundle.",
    ),
    "a pipe for curl": ({"CURL_CA_BUNDLE": "FIFO"}, "CURL_CA_BUNDLE: FIFO is neither a file nor a folder"),
    "a link to a pipe": ({"REQUESTS_CA_BUNDLE": "LINK"}, "LINK is neither a file nor a folder"),
    "a socket": ({"REQUESTS_CA_BUNDLE": "SOCKET"}, "SOCKET is neither a file nor a folder"),
    "an endless device": ({"REQUESTS_CA_BUNDLE": "/dev/zero"}, "/dev/zero is neither a file nor a folder"),
    "an empty file": ({"REQUESTS_CA_BUNDLE": "EMPTY"}, "EMPTY holds no certificate authority that can be read"),
    "no file": ({"REQUESTS_CA_BUNDLE": "NOTHING"}, "NOTHING holds no certificate authority that can be read"),
    "a file as a folder": ({"REQUESTS_CA_BUNDLE": "EMPTY/x"}, "EMPTY/x holds no certificate authority that can be read"),
    "a line break": ({"REQUESTS_CA_BUNDLE": "/no\nwhere"}, "BUNDLE: the path holds no certificate authority that can be read"),
    "a pipe for keys": ({"SSLKEYLOGFILE": "FIFO"}, "SSLKEYLOGFILE names no file that can be written: unset it."),
    "a folder for keys": ({"SSLKEYLOGFILE": "FOLDER"}, "SSLKEYLOGFILE names no file that can be written: unset it."),
}
ASK = """
from ansible_collections.hostup.cloud.plugins.module_utils import _errors, _tls
try:
    _tls.context(None, %s)
except _errors.InvalidOption as error:
    print(error)
"""


@pytest.fixture
def places(tmp_path: pathlib.Path) -> t.Iterator[dict[str, str]]:
    """Paths that are no file to read authorities from."""
    found = {name: str(tmp_path / name.lower()) for name in ("FIFO", "LINK", "SOCKET", "EMPTY", "FOLDER", "NOTHING")}
    os.mkfifo(found["FIFO"])
    os.symlink(found["FIFO"], found["LINK"])
    pathlib.Path(found["EMPTY"]).touch()
    os.mkdir(found["FOLDER"])
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(found["SOCKET"])
        yield found


def ask(script: str, environment: dict[str, str], places: dict[str, str]) -> str:
    """What it prints: in a process of its own, which can be ended where it hangs."""
    for name, path in places.items():
        environment = {key: value.replace(name, path) for key, value in environment.items()}
        script = script.replace(repr(name), repr(path))
    mine = {key: value for key, value in os.environ.items() if not key.endswith(("_CA_BUNDLE", "_proxy", "_PROXY"))}
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60, env={**mine, **environment}
    )
    for name, path in places.items():
        done.stdout = done.stdout.replace(path, name)
    return done.stdout.strip()


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_file_is_refused(places: dict[str, str], name: str) -> None:
    environment, words = REFUSED[name]
    said = ask(ASK % True, environment, places)
    assert said.endswith(words) or words + ":" in said, said
    assert len(said.splitlines()) == 1
    if "SSLKEYLOGFILE" in environment:
        assert ask(ASK % False, environment, places) == said


@pytest.mark.parametrize("path", ["FIFO", "LINK", "SOCKET", "/dev/zero", "/dev/ptmx"])
def test_preparing_does_not_wait(places: dict[str, str], path: str) -> None:
    """It comes before the options are checked, in Ansible's own process, which no time limit ends."""
    script = """
from ansible_collections.hostup.cloud.plugins.module_utils import _http
_http.prepare("https://cloud.hostup.se/api", %r)
print("prepared")
"""
    assert ask(script % path, {}, places) == "prepared"


def test_a_folder_of_authorities(places: dict[str, str]) -> None:
    assert ask(ASK % True, {"REQUESTS_CA_BUNDLE": "FOLDER"}, places) == ""
