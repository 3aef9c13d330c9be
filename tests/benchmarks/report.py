# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The figures as a Markdown table for people, and as JSON for everything else."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import typing as t

from .runs import AUDIT, CHANGED, CHECK, DEBUG, IN_PROCESS, MODULE, ONE_URI, UNCHANGED, URI, Case, Figures
from .server import Alone

_NOTES = """\
Each row is one way to do the work for all accounts: medians of the wall seconds, of the CPU seconds of `ansible-playbook` and
all its children, and of the peak memory of `ansible-playbook` itself. The emulator runs on the same machine and is in none of
them but the wall seconds. The emulator has confirmed every request of every run.

`debug` is what Ansible itself costs. `uri` is one `ansible.builtin.uri` that reads, and where the city differs a second one that
writes. `module` and `in process` are `hostup.cloud.hostup_account`, with and without `hostup_in_process: false`; they compare six
fields, and after a write they read the account again to verify it, which `uri` does not.
"""

_HEADINGS = (
    "accounts",
    "forks",
    "state",
    "what",
    "runs",
    "wall s",
    "CPU s",
    "peak memory MB",
    "wall / debug",
    "times faster than uri",
    "memory / debug",
)


_AUDITS = """\
An audit, its four reports included, against a bare check run in process that compares the same six fields:
"""

_AUDIT_HEADINGS = (
    "accounts",
    "forks",
    "state",
    "check wall s",
    "audit wall s",
    "audit / check",
    "CPU, audit / check",
    "memory, audit / check",
)


_OTHERS = """\
`hostup_account` over version 2 of the API, and `hostup_account_preferences` with four settings over version 1, against
`hostup_account` over version 1, all in process:
"""

_OTHER_HEADINGS = ("accounts", "forks", "state", "what", "wall s", "version 1 wall s", "wall / version 1", "CPU / version 1")


class Results:
    """All figures of one benchmark."""

    def __init__(self, alone: Alone, left_out: list[str]) -> None:
        self._alone = alone
        self._left_out = left_out
        #: In the order of the table.
        self.runs: dict[Case, list[Figures]] = {}
        #: The module against one uri, apart from the table.
        self.single: dict[Case, list[Figures]] = {}
        #: Audits against check runs, apart from the table.
        self.audits: dict[Case, list[Figures]] = {}
        #: Version 2 and preferences against version 1, apart from the table.
        self.others: dict[Case, list[Figures]] = {}

    def markdown(self) -> str:
        """The report for people."""
        rows: list[tuple[str, ...]] = [_HEADINGS, ("---:", "---:", ":---", ":---") + ("---:",) * 7]
        rows += [self._row(case) for case in sorted(self.runs, key=_order)]
        parts = ["# Benchmark of hostup.cloud", self._surroundings(), _NOTES.strip()]
        parts.append("\n".join("| %s |" % " | ".join(row) for row in rows))
        parts += [self._one_call(), _AUDITS.strip(), self._audits(), _OTHERS.strip(), self._others()]
        if self._left_out:
            parts.append("Left out: %s." % "; ".join(self._left_out))
        return "\n\n".join(parts) + "\n"

    def json(self) -> dict[str, t.Any]:
        """Everything, each single run included."""
        return {
            "machine": _machine(),
            "emulator_alone": self._alone._asdict(),
            "left_out": self._left_out,
            "runs": [_plain(case, figures) for case, figures in self.runs.items()],
            "single": [_plain(case, figures) for case, figures in self.single.items()],
            "audits": [_plain(case, figures) for case, figures in self.audits.items()],
            "others": [_plain(case, figures) for case, figures in self.others.items()],
        }

    def _surroundings(self) -> str:
        runs = [figures for repetitions in self.runs.values() for figures in repetitions]
        emulator = max(figures.emulator_cpu_s / figures.wall_s for figures in runs)
        others = sum(figures.others_cpu_s for figures in runs) / sum(figures.wall_s for figures in runs) / (os.cpu_count() or 1)
        lines = (
            "ansible-core %(ansible_core)s, Python %(python)s, %(cores)d cores" % _machine(),
            "the emulator alone, over TLS, a new connection for each request, its two clients on the same cores: "
            "%.0f requests/s, %.2f ms of CPU each" % (self._alone.per_second, self._alone.cpu_ms_per_request),
            "the emulator in its busiest run below: %.0f %% of one core" % (emulator * 100),
            "other processes during the runs: %.0f %% of all cores" % (others * 100),
        )
        return "\n".join("- " + line for line in lines)

    def _row(self, case: Case) -> tuple[str, ...]:
        own = _median(self.runs[case])
        debug = self.runs.get(case._replace(what=DEBUG, state=""))
        uri = self.runs.get(case._replace(what=URI))
        return (
            str(case.accounts),
            str(case.forks),
            case.state,
            case.what.name,
            str(len(self.runs[case])),
            "%.2f" % own.wall_s,
            "%.2f" % own.cpu_s,
            "%.1f" % own.memory_mb,
            "%.2f" % (own.wall_s / _median(debug).wall_s) if debug else "",
            "%.2f" % (_median(uri).wall_s / own.wall_s) if uri else "",
            "%.3f" % (own.memory_mb / _median(debug).memory_mb) if debug else "",
        )

    def _one_call(self) -> str:
        """Whether a call of the module costs more than any other module's."""
        medians = {case.what: _median(figures) for case, figures in self.single.items()}
        module, uri = medians[MODULE], medians[ONE_URI]
        case = next(iter(self.single))
        return (
            "One call of the module, forced, against one `uri`, one GET each, over %d accounts with %d forks: %.2f s "
            "against %.2f s, a ratio of %.2f (CPU: %.2f)."
            % (case.accounts, case.forks, module.wall_s, uri.wall_s, module.wall_s / uri.wall_s, module.cpu_s / uri.cpu_s)
        )

    def _audits(self) -> str:
        """What an audit costs beside the check run that it is made of."""
        rows: list[tuple[str, ...]] = [_AUDIT_HEADINGS, ("---:", "---:", ":---") + ("---:",) * 5]
        for case in sorted((case for case in self.audits if case.what == AUDIT), key=_order):
            audit, check = _median(self.audits[case]), _median(self.audits[case._replace(what=CHECK)])
            numbers = (check.wall_s, audit.wall_s, audit.wall_s / check.wall_s, audit.cpu_s / check.cpu_s)
            facts = (str(case.accounts), str(case.forks), "drifted" if case.state == CHANGED else "in sync")
            rows.append((*facts, *("%.2f" % number for number in numbers), "%.3f" % (audit.memory_mb / check.memory_mb)))
        return "\n".join("| %s |" % " | ".join(row) for row in rows)

    def _others(self) -> str:
        """What another version or module costs beside the first."""
        rows: list[tuple[str, ...]] = [_OTHER_HEADINGS, ("---:", "---:", ":---", ":---") + ("---:",) * 4]
        for case in sorted((case for case in self.others if case.what != IN_PROCESS), key=_order):
            own, first = _median(self.others[case]), _median(self.others[case._replace(what=IN_PROCESS)])
            numbers = (own.wall_s, first.wall_s, own.wall_s / first.wall_s, own.cpu_s / first.cpu_s)
            facts = (str(case.accounts), str(case.forks), case.state, case.what.name)
            rows.append((*facts, *("%.2f" % number for number in numbers)))
        return "\n".join("| %s |" % " | ".join(row) for row in rows)


def _order(case: Case) -> tuple[int, int, int]:
    """Sizes, forks and states together; the sort keeps what else there is in the order of the runs."""
    return case.accounts, case.forks, ("", UNCHANGED, CHANGED).index(case.state)


def _median(figures: t.Sequence[Figures]) -> Figures:
    return Figures(*(statistics.median(column) for column in zip(*figures)))


def _plain(case: Case, figures: t.Sequence[Figures]) -> dict[str, t.Any]:
    return {
        **case._asdict(),
        "what": case.what.name,
        "median": _median(figures)._asdict(),
        "runs": [one._asdict() for one in figures],
    }


def _machine() -> dict[str, t.Any]:
    return {
        "ansible_core": importlib.metadata.version("ansible-core"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
