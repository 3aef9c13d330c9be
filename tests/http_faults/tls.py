# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults of TLS: certificates that are not to be trusted, and handshakes that come to nothing."""

from __future__ import annotations

import datetime
import os
import pathlib
import ssl
import typing as t

import trustme

from .fault import HANDSHAKE, UNSENT, Exchange, Fault, wire

_FAILED = "could not set up TLS with"
_HELLO = 5
#: The head of a handshake's record, 16 KiB long.
_RECORD = b"\x16\x03\x03\x40\x00"


def _broken(x: Exchange, before: bytes = b"") -> None:
    """A record that nobody has encrypted, past the TLS of this end."""
    x.send(before)
    os.write(x.sock.fileno(), b"\x17\x03\x03\x00\x20" + b"x" * 32)
    x.silence()


HANDSHAKES = (
    Fault("TLS", "unknown authority", bool, UNSENT, attempts=1, at=HANDSHAKE, words=_FAILED),
    Fault("TLS", "another name", bool, UNSENT, attempts=1, at=HANDSHAKE, words="certificate is for another name"),
    Fault("TLS", "expired", bool, UNSENT, attempts=1, at=HANDSHAKE, words="certificate has expired"),
    Fault("TLS", "plain text", bool, UNSENT, attempts=1, at=HANDSHAKE, words=_FAILED),
    Fault("TLS", "closed in the handshake", bool, UNSENT, at=HANDSHAKE, words=_FAILED),
    Fault("TLS", "closed in the middle of the handshake", bool, UNSENT, at=HANDSHAKE, words=_FAILED),
    Fault("TLS", "silence", bool, UNSENT, at=HANDSHAKE, slow=True, words=_FAILED),
    Fault("TLS", "trickle of a handshake", bool, UNSENT, at=HANDSHAKE, slow=True, words=_FAILED),
    Fault("TLS", "a broken record for an answer", _broken, tls=True, words="lost its connection"),
    Fault(
        "TLS",
        "a broken record in an answer",
        lambda x: _broken(x, wire(200, x.reply.body)[:-1]),
        tls=True,
        words="lost its connection",
    ),
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
            "closed in the middle of the handshake": lambda: (x.sock.recv(65536), x.send(_RECORD)),
            "trickle of a handshake": lambda: (x.sock.recv(65536), x.send(_RECORD), x.trickle(b"\x02")),
        }
        steps.get(name, lambda: None)()
        return b""


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
