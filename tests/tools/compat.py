# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make compat`: the tests on every supported ansible-core, each on the oldest and the newest Python here that it takes.

Every ansible-core gets a virtual environment of its own, of pinned packages, in `.work/compat`. There its tests run, and
`ansible-test sanity`. What this machine lacks is named, what failed makes the exit code 1, and the table at the end is
written to `.work/compat.md`.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import subprocess
import sys
import time
import typing as t
from xml.etree import ElementTree

from ansible_collections.hostup.cloud.tests.tools.cores import CORES, FIRST, REQUIREMENTS, Core, fetch
from ansible_collections.hostup.cloud.tests.tools.find_pythons import find_pythons

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".work" / "compat"
TESTS = "tests/integration"
SWEEP = "tests/sweep"
SYSTEM = "/usr/local/bin:/usr/bin:/bin"

#: Left out of all, `make pytest` runs them on one ansible-core: pipelines, which pin it and its linter, what stands around
#: Ansible (ansible-builder, ansible-runner, ansible-navigator), and releases, whose tools are not in these environments.
LEFT_OUT = (
    TESTS + "/test_gitops.py",
    TESTS + "/test_execution_environment.py",
    TESTS + "/test_navigator.py",
    TESTS + "/test_runner.py",
    SWEEP + "/test_tools.py",
    "tests/release",
)
#: Of `make test` on its second ansible-core: what Ansible has the largest hand in, roles, templates, keywords and modules on
#: managed nodes. The others try options, HTTP, the API and what surrounds them; `make compat` runs all on each.
OF_ANSIBLE = (
    "test_audit.py",
    "test_installed.py",
    "test_pythons.py",
    "test_keywords.py",
    "test_task_fields.py",
)
#: Of these, what takes as long as a file of its own: fifty modules, which in process are tried there, too.
TAKES_LONG = TESTS + "/test_audit.py::test_fifty_accounts_of_which_five_are_not_well[module]"


class Result(t.NamedTuple):
    """What one ansible-core on one Python came to."""

    core: Core
    python: str
    #: Of pytest; a test that was skipped counts as failed.
    passed: int
    failed: int
    #: The Pythons of managed nodes on which the modules ran.
    targets: list[str]
    #: How many runs of sanity tests, each of `compile` and `import` on each Python; 0 where they failed.
    sanity: int
    minutes: float

    @property
    def good(self) -> bool:
        return bool(self.passed and not self.failed and self.sanity and self.targets)


class Environment:
    """A virtual environment with an ansible-core and what the tests need beside it."""

    def __init__(self, core: Core, python: str, interpreter: str) -> None:
        self.core = core
        self.folder = FOLDER / ("%s-%s" % (core.series, python))
        self.bin = self.folder / "bin"
        self._install(interpreter)
        # a home of its own: releases of ansible-test share no virtual environment
        self._environment = {**os.environ, "HOME": str(self.folder / "home")}
        self._environment.pop("ANSIBLE_HOME", None)

    def _install(self, interpreter: str) -> None:
        files = [REQUIREMENTS / name for name in (CORES[self.core.series], "pytest.txt")]
        wanted = "".join(path.read_text(encoding="utf-8") for path in files)
        done = self.folder / "installed.txt"
        if done.exists() and done.read_text(encoding="utf-8") == wanted:
            return
        subprocess.run([interpreter, "-m", "venv", "--clear", str(self.folder)], check=True)
        pip = [str(self.bin / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*pip, *(word for path in files for word in ("-r", str(path)))], check=True)
        done.write_text(wanted, encoding="utf-8")

    def run(self, command: list[str], log: str, path: str) -> tuple[int, str]:
        """The exit code and all output, which is kept in a log beside the environment; its end is shown if the code isn't 0.

        path: where programs are looked for that the environment does not have.
        """
        file = self.folder / log
        environment = {**self._environment, "PATH": "%s:%s" % (self.bin, path)}
        with file.open("w", encoding="utf-8") as out:
            done = subprocess.run(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, check=False)
        output = file.read_text(encoding="utf-8", errors="replace")
        if done.returncode:
            print(output[-8000:], "\n%s has ended with code %d: see %s" % (command[0], done.returncode, file), flush=True)
        return done.returncode, output

    def pytest(self, names: t.Iterable[str]) -> tuple[int, int, list[str]]:
        """How many tests passed and failed, and the managed nodes' Pythons on which the modules ran. names: all without any."""
        report = self.folder / "pytest.xml"
        report.unlink(missing_ok=True)
        # the short ones last, which fill in what is left of the long ones' time
        chosen = [*("%s/%s" % (TESTS, name) for name in names), "tests/unit"] if names else ["tests"]
        options = [*("--ignore=" + path for path in LEFT_OUT), "--junitxml=%s" % report]
        options += ["--deselect=" + TAKES_LONG] if names else []
        code, dummy = self.run([str(self.bin / "pytest"), *options, *chosen], "pytest.log", SYSTEM)
        if not report.exists():
            return 0, 1, []
        cases = list(ElementTree.parse(report).iter("testcase"))  # noqa: S314 pytest wrote it
        # no outcome but passed has a child of these names
        good = [case for case in cases if not any(child.tag in ("failure", "error", "skipped") for child in case)]
        passed = {case.attrib["name"] for case in good}
        targets = [version for version in self.core.targets if "test_python[%s]" % version in passed]
        return len(good), len(cases) - len(good) or int(code != 0), targets

    def sanity(self) -> int:
        """How many sanity tests ran, all without a finding; 0 otherwise."""
        line = [str(self.bin / "python"), str(ROOT / "tests/tools/sanity.py"), str(self.folder / "sanity")]
        # of what `make` has set up, it uses shellcheck
        code, output = self.run(line, "sanity.log", os.environ["PATH"])
        print("\n".join("   " + text for text in output.splitlines() if text.startswith("Left out")))
        return 0 if code else int(output.split()[-2])


def try_out(core: Core, python: str, interpreter: str, names: t.Iterable[str] = ()) -> Result:
    """All of it, or of the playbook tests those of these names."""
    print("== ansible-core %s on Python %s" % (core.version, python), flush=True)
    start = time.monotonic()
    environment = Environment(core, python, interpreter)
    passed, failed, targets = environment.pytest(names)
    print("   pytest: %d passed, %d failed; modules on Python %s" % (passed, failed, ", ".join(targets) or "none"), flush=True)
    sanity = environment.sanity()
    print("   ansible-test sanity: %s" % ("%d tests" % sanity if sanity else "FAILED"), flush=True)
    return Result(core, python, passed, failed, targets, sanity, (time.monotonic() - start) / 60)


def report(outcomes: list[Result], lacking: list[str]) -> str:
    """The table, in Markdown, and beneath it what this machine could not try."""
    rows = [
        "| ansible-core | its Python | tests passed | failed | sanity tests | modules on managed nodes' Python | minutes |",
        "|---|---|---|---|---|---|---|",
    ]
    for outcome in outcomes:
        oldest = outcome.core.targets[0]
        modules = "oldest, %s: passed; all: %s" % (oldest, ", ".join(outcome.targets))
        if oldest not in outcome.targets:
            modules = "**oldest, %s: not tried**; %s" % (oldest, ", ".join(outcome.targets) or "none")
        rows.append(
            "| %s | %s | %d | %s | %s | %s | %.1f |"
            % (
                outcome.core.version,
                outcome.python,
                outcome.passed,
                "**%d**" % outcome.failed if outcome.failed else "0",
                outcome.sanity or "**failed**",
                modules,
                outcome.minutes,
            )
        )
    rows += ["", "Not tried, since this machine lacks it:", "", *("- " + text for text in lacking or ["nothing"])]
    rows += [
        "",
        "Left out on purpose, since they need one ansible-core or what stands around it; `make pytest` runs them: %s."
        % ", ".join("`%s`" % path for path in LEFT_OUT),
    ]
    return "\n".join(rows) + "\n"


def lacks(core: Core, pythons: t.Container[str]) -> list[str]:
    """What can't be tried of an ansible-core on a machine with these Pythons, in words."""
    if not any(version in pythons for version in core.controllers):
        return ["ansible-core %s at all: it takes Python %s" % (core.version, ", ".join(core.controllers))]
    found = []
    for what, versions in (("itself", core.controllers), ("managed nodes", core.targets)):
        missing = [version for version in versions if version not in pythons]
        if missing:
            found.append("ansible-core %s, %s on Python %s" % (core.version, what, ", ".join(missing)))
    return found


def all_of_it(series: t.Sequence[str]) -> int:
    """Every one of these series on the oldest and the newest Python here that it takes; the exit code."""
    pythons = find_pythons()
    outcomes, lacking = [], []
    for core in [fetch(name, FOLDER / "wheels") for name in series]:
        lacking += lacks(core, pythons)
        here = [version for version in core.controllers if version in pythons]
        for version in sorted({*here[:1], *here[-1:]}, key=core.controllers.index):
            outcomes.append(try_out(core, version, pythons[version]))
            (FOLDER.parent / "compat.md").write_text(report(outcomes, lacking), encoding="utf-8")
    text = report(outcomes, lacking)
    (FOLDER.parent / "compat.md").write_text(text, encoding="utf-8")
    print(text)
    return 0 if outcomes and all(outcome.good for outcome in outcomes) else 1


def second() -> int:
    """For `make test`, which runs on one already: the newest other series that a Python here takes, on the newest of these.

    Returns the exit code.
    """
    pythons = find_pythons()
    for core in (fetch(name, FOLDER / "wheels") for name in reversed(CORES) if name != FIRST):
        here = [version for version in core.controllers if version in pythons]
        if here:
            print("Unit tests, sanity tests and what Ansible has a hand in: %s. All: make compat" % ", ".join(OF_ANSIBLE))
            return 0 if try_out(core, here[-1], pythons[here[-1]], OF_ANSIBLE).good else 1
        print("No Python here takes ansible-core %s, which wants one of %s" % (core.version, ", ".join(core.controllers)))
    return 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("series", nargs="*", help="of ansible-core, such as 2.20; all by default")
    parser.add_argument("--second", action="store_true", help="the newest that runs here, and its playbook tests in part")
    chosen = parser.parse_args()
    unknown = [name for name in chosen.series if name not in CORES]
    if unknown:
        parser.error("unknown: %s; expected some of %s" % (", ".join(unknown), ", ".join(CORES)))
    FOLDER.mkdir(parents=True, exist_ok=True)
    return second() if chosen.second else all_of_it(chosen.series or list(CORES))


if __name__ == "__main__":
    sys.exit(main())
