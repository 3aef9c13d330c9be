# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults of TLS: certificates that are not to be trusted, and handshakes that come to nothing."""

from __future__ import annotations

import datetime
import pathlib
import ssl
import typing as t

import trustme

from .fault import HANDSHAKE, UNSENT, Exchange, Fault

_FAILED = "could not set up TLS with"
_HELLO = 5

HANDSHAKES = (
    Fault("TLS", "unknown authority", bool, UNSENT, attempts=1, at=HANDSHAKE, words=_FAILED),
    Fault("TLS", "another name", bool, UNSENT, attempts=1, at=HANDSHAKE, words="certificate is for another name"),
    Fault("TLS", "expired", bool, UNSENT, attempts=1, at=HANDSHAKE, words="certificate has expired"),
    Fault("TLS", "plain text", bool, UNSENT, attempts=1, at=HANDSHAKE, words=_FAILED),
    Fault("TLS", "closed in the handshake", bool, UNSENT, at=HANDSHAKE, words=_FAILED),
    Fault("TLS", "silence", bool, UNSENT, at=HANDSHAKE, slow=True, words=_FAILED),
    Fault("TLS", "trickle of a handshake", bool, UNSENT, at=HANDSHAKE, slow=True, words=_FAILED),
)


class Contexts:
    """The server's side of TLS, good and bad."""

    def __init__(self, folder: pathlib.Path) -> None:
        """folder: where the authority's certificate goes."""
        authority, stranger = trustme.CA(), trustme.CA()
        self.ca_path = str(folder / "ca.pem")
        authority.cert_pem.write_to_path(self.ca_path)
        past = [datetime.datetime(year, 1, 1, tzinfo=datetime.timezone.utc) for year in (2020, 2021)]
        self.good = _context(authority.issue_cert("127.0.0.1"))
        self._bad = {
            "unknown authority": _context(stranger.issue_cert("127.0.0.1")),
            "another name": _context(authority.issue_cert("cloud.hostup.invalid")),
            "expired": _context(authority.issue_cert("127.0.0.1", not_before=past[0], not_after=past[1])),
        }

    def strike(self, name: str, x: Exchange) -> bytes:
        """Spoil a handshake in the way of this name: what was sent all the same."""
        if name in self._bad:
            with self._bad[name].wrap_socket(x.sock, server_side=True) as sock:
                return sock.recv(65536)
        x.sock.recv(_HELLO)
        steps: dict[str, t.Callable[[], object]] = {
            "plain text": lambda: x.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
            "silence": x.silence,
            # the head of a record of a handshake, 16 KiB long
            "trickle of a handshake": lambda: (x.sock.recv(65536), x.send(b"\x16\x03\x03\x40\x00"), x.trickle(b"\x02")),
        }
        steps.get(name, lambda: None)()
        return b""


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
