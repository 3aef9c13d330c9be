#!/usr/bin/env bash
# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The tests over SSH need OpenSSH's server and client. Where they are missing, root installs Debian's; others are told.
set -euo pipefail
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

if command -v sshd >/dev/null && command -v ssh >/dev/null; then
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "make test needs OpenSSH's server and client (sshd, ssh) for the tests over SSH: install the package openssh-server." >&2
  exit 1
fi
# without this, the package would start a server that is open to the network
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends openssh-server openssh-client
