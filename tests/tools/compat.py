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

from ansible_collections.hostup.cloud.tests.tools.cores import CORES, FIRST, REQUIREMENTS, Core
from ansible_collections.hostup.cloud.tests.tools.find_pythons import find_pythons

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".work" / "compat"
TESTS = "tests/integration"

#: Left out of all, `make pytest` runs them on one ansible-core: pipelines, which pin it and its linter, programs around Ansible
#: (ansible-builder, ansible-runner, ansible-navigator), releases and the site, whose tools are not in these environments.
LEFT_OUT = (
    TESTS + "/test_gitops.py",
    TESTS + "/test_execution_environment.py",
    TESTS + "/test_navigator.py",
    TESTS + "/test_runner.py",
    "tests/sweep/test_tools.py",
    "tests/release",
    "tests/site",
)
#: Of `make test` on its second ansible-core: what Ansible has the largest hand in, roles, templates, keywords and modules on
#: managed nodes. The others try options, HTTP, the API and what surrounds them; `make compat` runs all on each.
OF_ANSIBLE = ("test_audit.py", "test_installed.py", "test_pythons.py", "test_keywords.py", "test_task_fields.py")


class Result(t.NamedTuple):
    """What one ansible-core on one Python came to."""

    core: Core
    python: str
    #: Of pytest; a test that was skipped counts as failed.
    passed: int
    failed: int
    #: The Pythons of managed nodes on which the modules ran.
    targets: list[str]
    #: How many runs of sanity tests, each of `compile` and `import` on each Python; 0 if they failed.
    sanity: int
    minutes: float

    @property
    def good(self) -> bool:
        return bool(self.passed and not self.failed and self.sanity and self.targets)

    def row(self) -> str:
        """Of the table."""
        targets = ", ".join(self.targets) or "none"
        if self.core.targets[0] not in self.targets:
            targets = "**oldest, %s: not tried**; %s" % (self.core.targets[0], targets)
        numbers = (self.passed, self.failed and "**%d**" % self.failed, self.sanity or "**failed**", targets, self.minutes)
        return "| %s | %s | %d | %s | %s | %s | %.1f |" % (self.core.version, self.python, *numbers)


def try_out(core: Core, python: str, interpreter: str, names: t.Sequence[str] = ()) -> Result:
    """All tests, or the unit tests and of the playbook tests those of these names, and the sanity tests."""
    print("== ansible-core %s on Python %s" % (core.version, python), flush=True)
    start = time.monotonic()
    folder = FOLDER / ("%s-%s" % (core.version, python))
    _install(folder, core, interpreter)
    passed, failed, targets = _pytest(folder, core, names)
    print("   pytest: %d passed, %d failed; modules on Python %s" % (passed, failed, ", ".join(targets) or "none"), flush=True)
    # of what `make` has set up, it uses shellcheck
    line = [str(folder / "bin" / "python"), str(ROOT / "tests/tools/sanity.py"), str(folder / "sanity")]
    code, output = _run(folder, line, "sanity.log", os.environ["PATH"])
    sanity = 0 if code else int(output.split()[-2])
    print("\n".join("   " + text for text in output.splitlines() if text.startswith("Left out")))
    print("   ansible-test sanity: %s" % ("%d tests" % sanity if sanity else "FAILED"), flush=True)
    return Result(core, python, passed, failed, targets, sanity, (time.monotonic() - start) / 60)


def _install(folder: pathlib.Path, core: Core, interpreter: str) -> None:
    """Make a virtual environment with an ansible-core and what the tests need beside it, unless it is there."""
    files = [REQUIREMENTS / name for name in (core.pins, "pytest.txt")]
    wanted = "".join(path.read_text(encoding="utf-8") for path in files)
    done = folder / "installed.txt"
    if not done.exists() or done.read_text(encoding="utf-8") != wanted:
        subprocess.run([interpreter, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*pip, *(word for path in files for word in ("-r", str(path)))], check=True)
        done.write_text(wanted, encoding="utf-8")


def _run(folder: pathlib.Path, command: list[str], log: str, path: str) -> tuple[int, str]:
    """The exit code and all output, which is kept in a log; its end is shown if the code isn't 0.

    path: where programs are looked for that the environment does not have.
    """
    # a home of its own: releases of ansible-test share no virtual environment
    environment = {**os.environ, "HOME": str(folder / "home"), "PATH": "%s:%s" % (folder / "bin", path)}
    environment.pop("ANSIBLE_HOME", None)
    with (folder / log).open("w", encoding="utf-8") as out:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, check=False)
    output = (folder / log).read_text(encoding="utf-8", errors="replace")
    if done.returncode:
        print(output[-8000:], "\n%s has ended with code %d: see %s" % (command[0], done.returncode, folder / log), flush=True)
    return done.returncode, output


def _pytest(folder: pathlib.Path, core: Core, names: t.Sequence[str]) -> tuple[int, int, list[str]]:
    """How many tests passed and failed, and the managed nodes' Pythons on which the modules ran."""
    report = folder / "pytest.xml"
    report.unlink(missing_ok=True)
    # the short ones last, which fill in what is left of the long ones' time
    chosen = [*("%s/%s" % (TESTS, name) for name in names), "tests/unit"] if names else ["tests"]
    options = [*("--ignore=" + path for path in LEFT_OUT), "--junitxml=%s" % report]
    code, dummy = _run(folder, [str(folder / "bin" / "pytest"), *options, *chosen], "pytest.log", "/usr/local/bin:/usr/bin:/bin")
    if not report.exists():
        return 0, 1, []
    cases = list(ElementTree.parse(report).iter("testcase"))  # noqa: S314 pytest wrote it
    # no outcome but passed has a child of these names
    good = [case for case in cases if not any(child.tag in ("failure", "error", "skipped") for child in case)]
    passed = {case.attrib["name"] for case in good}
    targets = [version for version in core.targets if "test_python[%s]" % version in passed]
    return len(good), len(cases) - len(good) or int(code != 0), targets


def lacks(core: Core, pythons: t.Container[str]) -> list[str]:
    """What can't be tried of an ansible-core on a machine with these Pythons, in words."""
    both = (("itself", core.controllers), ("managed nodes", core.targets))
    missing = [(what, [version for version in versions if version not in pythons]) for what, versions in both]
    return ["ansible-core %s, %s on Python %s" % (core.version, what, ", ".join(some)) for what, some in missing if some]


def all_of_it(series: t.Sequence[str]) -> int:
    """Every one of these series on the oldest and the newest Python here that it takes; the exit code."""
    pythons = find_pythons()
    outcomes: list[Result] = []
    lacking = [text for name in series for text in lacks(CORES[name], pythons)]
    rows = [
        "| ansible-core | its Python | tests passed | failed | sanity tests | managed nodes' Python | minutes |",
        "|---" * 7 + "|",
    ]
    end = ["", "Not tried, since this machine lacks it:", "", *("- " + text for text in lacking or ["nothing"]), ""]
    end += ["Left out on purpose, `make pytest` runs them: %s." % ", ".join("`%s`" % path for path in LEFT_OUT)]
    for core in [CORES[name] for name in series]:
        here = [version for version in core.controllers if version in pythons]
        for version in sorted({*here[:1], *here[-1:]}, key=core.controllers.index):
            outcomes.append(try_out(core, version, pythons[version]))
            # an interrupted run leaves what it has
            text = "\n".join([*rows, *(outcome.row() for outcome in outcomes), *end]) + "\n"
            (FOLDER.parent / "compat.md").write_text(text, encoding="utf-8")
    print(text if outcomes else "\n".join(end))
    return 0 if outcomes and all(outcome.good for outcome in outcomes) else 1


def second() -> int:
    """For `make test`, which runs on one already: the newest other series that a Python here takes, on the newest of these.

    Returns the exit code.
    """
    pythons = find_pythons()
    for core in (CORES[name] for name in reversed(CORES) if name != FIRST):
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
