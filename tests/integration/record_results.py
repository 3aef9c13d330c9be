# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records the results and requests of the task table, in Ansible's process, in `fixtures/results.json`.

Run it only if a result or a message changes on purpose, and read `git diff` afterwards:
`python -m ansible_collections.hostup.cloud.tests.integration.record_results`
"""

from __future__ import annotations

import pathlib
import sys
import tempfile

from ansible_collections.hostup.cloud.tests.integration.conftest import WAYS_TO_RUN, running_emulators
from ansible_collections.hostup.cloud.tests.integration.runner import Player
from ansible_collections.hostup.cloud.tests.integration.shared_tasks import play, record


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, running_emulators() as start:
        record(play(Player(pathlib.Path(folder), WAYS_TO_RUN["in process"]), start))
    return 0


if __name__ == "__main__":
    sys.exit(main())
