# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start the emulator from a shell: prints its address, serves until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import threading

from . import Emulator, demo_accounts


def main() -> None:
    keys = ["  account %s: %s (%s)" % (a.record["id"], key, ", ".join(s)) for a in demo_accounts() for key, s in a.keys.items()]
    parser = argparse.ArgumentParser(
        prog="tests.emulator",
        description="An emulator of the HostUp account API. It prints its address. "
        "Without --state it forgets everything when it stops.",
        epilog="Its customers and their keys:\n" + "\n".join(keys),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0, help="loopback port; 0 takes a free one (default)")
    parser.add_argument("--tls-cert", metavar="PEM", help="speak TLS with this certificate")
    parser.add_argument("--tls-key", metavar="PEM", help="the key of that certificate")
    parser.add_argument("--state", metavar="FILE", help="keep what is written to the accounts in this file, and begin with it")
    parser.add_argument(
        "--weird", action="store_true", help="give records back as a PHP back end may: [] for empty, text escaped for HTML"
    )
    args = parser.parse_args()
    if bool(args.tls_cert) != bool(args.tls_key):
        parser.error("--tls-cert and --tls-key go together")
    try:
        certificate = (args.tls_cert, args.tls_key) if args.tls_cert else None
        emulator = Emulator(port=args.port, certificate=certificate, state=args.state)
        for account in emulator.accounts:
            account.weird = args.weird
    except OSError as error:
        parser.exit(1, "Can't listen on port %d: %s\n" % (args.port, error.strerror))

    def stop(number: int, frame: object) -> None:
        # stop() waits for serve() to end, which this very thread runs
        threading.Thread(target=emulator.stop).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(emulator.url, flush=True)
    emulator.serve()


if __name__ == "__main__":
    main()
