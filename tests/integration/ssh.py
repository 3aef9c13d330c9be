# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An `sshd` on loopback, with keys made for the run, and the variables that lead Ansible to it."""

from __future__ import annotations

import getpass
import os
import pathlib
import shutil
import socket
import subprocess
import time
import typing as t

SBIN = "/usr/local/sbin:/usr/sbin:/sbin:" + os.environ["PATH"]


class Sshd:
    """Use as a context manager: the server stops with it."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)  # noqa: S607 the system's
        shutil.copy(folder / "user.pub", folder / "authorized_keys")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        settings = {
            "ListenAddress": "127.0.0.1:%d" % self._port,
            "HostKey": folder / "host",
            "AuthorizedKeysFile": folder / "authorized_keys",
            "PidFile": "none",
            "StrictModes": "no",
            "PasswordAuthentication": "no",
            "PermitRootLogin": "prohibit-password",
            "Subsystem": "sftp internal-sftp",
        }
        lines = ["%s %s" % (name, value) for name, value in settings.items()]
        (folder / "sshd_config").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def __enter__(self) -> Sshd:
        if os.geteuid() == 0:
            # where the server, run by root, locks its unprivileged half in; packages make it at boot
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        # it wants to be called by its whole path
        server = shutil.which("sshd", path=SBIN)
        assert server, "OpenSSH's server is missing: tests/tools/ensure_sshd.sh"
        with open(self._folder / "sshd.log", "wb") as log:
            self._process = subprocess.Popen([server, "-D", "-e", "-f", str(self._folder / "sshd_config")], stderr=log)
        end = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
                return self
            except OSError:
                assert time.monotonic() < end, (self._folder / "sshd.log").read_text(encoding="utf-8")
                assert self._process.poll() is None, (self._folder / "sshd.log").read_text(encoding="utf-8")

    def __exit__(self, *exc_info: object) -> None:
        self._process.terminate()
        self._process.wait()

    def variables(self) -> dict[str, t.Any]:
        """What a host needs to be reached through this server."""
        arguments = "-F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes"
        return {
            "ansible_connection": "ansible.builtin.ssh",
            "ansible_host": "127.0.0.1",
            "ansible_port": self._port,
            "ansible_user": getpass.getuser(),
            "ansible_ssh_private_key_file": str(self._folder / "user"),
            "ansible_ssh_common_args": arguments,
            "ansible_remote_tmp": str(self._folder / "remote"),
            # a third of the time
            "ansible_pipelining": True,
        }
