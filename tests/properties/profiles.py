# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How hard the properties are tried: the same few examples in `make test`, many random ones in `make properties`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "usual", derandomize=True, max_examples=120, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("deep", settings.get_profile("usual"), derandomize=False, max_examples=1000, print_blob=True)

#: Decorates each property: other tests may have hypothesis set up in their own way.
PROFILE = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))
