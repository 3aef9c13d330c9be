# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run over many accounts costs: real `ansible-playbook` runs against the emulator, counted and measured.

    python -m ansible_collections.hostup.cloud.tests.benchmarks --quick

`server` is the emulator, `runs` one measured run, `report` the figures as text. Needs Linux.
"""
