#!/usr/bin/env bash
# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The audit's page and the documentation's are opened in Chromium. Where it is missing, root installs Debian's; others are told.
set -euo pipefail

# where the tests look for it
if PATH=/usr/local/bin:/usr/bin:/bin command -v chromium >/dev/null; then
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "make test needs Chromium (chromium) for the tests of the audit's page and of the documentation's: install the package chromium." >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
