# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The secrets sweep: tasks of every kind in every mode that Ansible has, and a search of all that comes of it.

`modes` says how a run may be made to talk, `plays` what runs, `whole` is the long run behind `make sweep`; a sample of it is in
`test_sample`. The search itself is the tests' own, after each run of theirs: `tests/integration/secrets.py`.
"""
