# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fault matrix: each request of each module, struck by each fault, in check mode and for real.

    python -m ansible_collections.hostup.cloud.tests.http_faults

`places` are the requests, `wire` and `answers` what strikes the connection and what is in an answer, `wrong_types` the fields,
`gate` the server that does it, `cells` the matrix and what is expected of each cell, `run` real playbooks, `judge` what was seen.

`test_requests` strikes the client alone (`client`), with all of `wire` and `tls` and with proxies, on two versions of `requests`.
"""
