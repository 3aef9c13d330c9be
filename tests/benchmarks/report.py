# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The figures as Markdown tables for people, and as JSON for everything else."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import os
import platform
import statistics
import typing as t

from .runs import CHANGED, UNCHANGED, Case, Figures, What


@dataclasses.dataclass
class Section:
    """Runs that are compared with each other: a table of the report."""

    name: str
    #: Above the table.
    text: str
    #: What the others are compared with, if it was run.
    baselines: tuple[What, ...]
    #: The runs of each case, in the order in which the cases were run first.
    figures: dict[Case, list[Figures]] = dataclasses.field(default_factory=dict)

    def table(self) -> str:
        """Medians, and their ratios to those of each baseline."""
        ratios = ["%s / %s" % (unit, what.name) for what in self.baselines for unit in ("wall", "CPU", "memory")]
        headings = ["accounts", "forks", "state", "what", "runs", "wall s", "CPU s", "peak memory MB", *ratios]
        rows = [headings, ["---:", "---:", ":---", ":---", *["---:"] * (len(headings) - 4)]]
        rows += [self._row(case) for case in sorted(self.figures, key=_order)]
        return "\n".join("| %s |" % " | ".join(row) for row in rows)

    def _row(self, case: Case) -> list[str]:
        own = _median(self.figures[case])
        row = [str(case.accounts), str(case.forks), case.state, case.what.name, str(len(self.figures[case]))]
        row += ["%.2f" % own.wall_s, "%.2f" % own.cpu_s, "%.1f" % own.memory_mb]
        for what in self.baselines:
            same = case._replace(what=what)
            runs = self.figures.get(same) or self.figures.get(same._replace(state=""))
            # wall_s, cpu_s, memory_mb
            row += ["%.2f" % (mine / base) for mine, base in zip(own[:3], _median(runs))] if runs else [""] * 3
        return row


def as_markdown(sections: t.Sequence[Section]) -> str:
    """The report for people."""
    runs = [figures for section in sections for repetitions in section.figures.values() for figures in repetitions]
    emulator = max(figures.emulator_cpu_s / figures.wall_s for figures in runs)
    others = sum(figures.others_cpu_s for figures in runs) / sum(figures.wall_s for figures in runs) / (os.cpu_count() or 1)
    facts = (
        "ansible-core %(ansible_core)s, Python %(python)s, %(cores)d cores" % _machine(),
        "the emulator in its busiest run below: %.0f %% of one core" % (emulator * 100),
        "other processes during the runs: %.0f %% of all cores" % (others * 100),
    )
    parts = ["# Benchmark of hostup.cloud", "\n".join("- " + fact for fact in facts)]
    return "\n\n".join([*parts, *(part for section in sections for part in (section.text, section.table()))]) + "\n"


def as_json(sections: t.Sequence[Section]) -> dict[str, t.Any]:
    """Everything, each single run included."""
    return {
        "machine": _machine(),
        **{
            section.name: [
                {
                    **case._asdict(),
                    "what": case.what.name,
                    "median": _median(figures)._asdict(),
                    "runs": [one._asdict() for one in figures],
                }
                for case, figures in section.figures.items()
            ]
            for section in sections
        },
    }


def _order(case: Case) -> tuple[int, int, int]:
    """Sizes, forks and states together; the sort keeps what else there is in the order of the runs."""
    return case.accounts, case.forks, ("", UNCHANGED, CHANGED).index(case.state)


def _median(figures: t.Sequence[Figures]) -> Figures:
    return Figures(*(statistics.median(column) for column in zip(*figures)))


def _machine() -> dict[str, t.Any]:
    return {
        "ansible_core": importlib.metadata.version("ansible-core"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
