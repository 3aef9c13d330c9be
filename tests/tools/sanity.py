# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`ansible-test sanity`, of the ansible-core that this runs with, on a copy of the repository in the folder that is named.

ansible-test passes over what it does not find, and says so at most in a warning. So it gets what it needs, and
afterwards its list of tests is held against what has to be on it.
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys

import ansible_test

from ansible_collections.hostup.cloud.tests.tools import repository
from ansible_collections.hostup.cloud.tests.tools.cores import supported_targets
from ansible_collections.hostup.cloud.tests.tools.find_pythons import find_pythons, link_pythons

#: What ansible-test would download to install pip in its virtual environments: this runs pip from its own wheel, so that the
#: package index is all that is asked.
STAND_IN = """\
import glob, os, runpy, sys
wheel = glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pip-{version}-*.whl"))[0]
sys.path.insert(0, wheel)
unknown_to_pip = ("--no-setuptools", "--no-wheel")
sys.argv = ["pip", "install", "--find-links", os.path.dirname(wheel)] + [a for a in sys.argv[1:] if a not in unknown_to_pip]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


def main() -> int:
    work = pathlib.Path(sys.argv[1]).absolute()
    shutil.rmtree(work, ignore_errors=True)
    # it wants a real folder of the collection's name
    collection = work / "ansible_collections" / "hostup" / "cloud"
    repository.copy(collection)
    # a repository of its own: what an outer one ignores would be skipped
    subprocess.run(["git", "init", "-q", str(collection)], check=True)  # noqa: S607 the system's
    _seed_pip()
    left_out = _from_elsewhere()
    output = _run(work, collection, left_out)
    here = [version for version in find_pythons() if version in supported_targets()]
    wrong = [text for text in passed_over(output, here) if text.split('"')[1:2] not in [[name] for name in left_out]]
    for name in left_out:
        print("Left out, since this ansible-core installs it from elsewhere than the package index: %s" % name)
    print("ansible-test sanity: %s" % ("; ".join(wrong) or "%d tests" % len(_ran(output))))
    return 1 if wrong else 0


def _seed_pip() -> None:
    """Put the stand-in into ansible-test's cache, and the wheel of each pip that it installs beside it."""
    source = pathlib.Path(ansible_test.__path__[0], "_internal", "python_requirements.py").read_text(encoding="utf-8")
    cache = pathlib.Path("~/.ansible/test/cache").expanduser()
    cache.mkdir(parents=True, exist_ok=True)
    for version in sorted(set(re.findall(r"""pip=['"]([0-9.]+)['"]""", source))):
        if not list(cache.glob("pip-%s-*.whl" % version)):
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(cache), "pip==" + version]
            subprocess.run(command, check=True)
        script = cache / ("get_pip_%s.py" % version.replace(".", "_"))
        script.write_text(STAND_IN.format(version=version), encoding="utf-8")


def _from_elsewhere() -> list[str]:
    """The tests whose own requirements name an address: a pre-release may, and the package index is all there is."""
    folder = pathlib.Path(ansible_test.__path__[0], "_data", "requirements")
    return [path.name.split(".")[1] for path in sorted(folder.glob("sanity.*.txt")) if "://" in path.read_text(encoding="utf-8")]


def _run(work: pathlib.Path, collection: pathlib.Path, left_out: list[str]) -> str:
    """What it printed, which is shown as it comes. Raises SystemExit where it found something."""
    tools = work / "tools"
    # it compiles and imports with each Python that is on the path under its own name
    link_pythons(tools)
    checker = shutil.which("shellcheck")
    if checker:
        (tools / "shellcheck").symlink_to(checker)
    here = pathlib.Path(sys.executable).parent
    environment = {**os.environ, "PATH": "%s:%s:/usr/local/bin:/usr/bin:/bin" % (here, tools)}
    line = [str(here / "ansible-test"), "sanity", "--venv", "--color", "no"]
    line += [word for name in left_out for word in ("--skip-test", name)]
    output = ""
    with subprocess.Popen(
        line, cwd=collection, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        for text in process.stdout:
            print(text, end="", flush=True)
            output += text
    if process.returncode:
        sys.exit(process.returncode)
    return output


def _ran(output: str) -> list[str]:
    return re.findall(r"^Running sanity test (.*)$", output, re.MULTILINE)


def passed_over(output: str, pythons: list[str]) -> list[str]:
    """What ansible-test did not run and had to, in words: pythons are those that are here and that it supports."""
    ran = _ran(output)
    wanted = ['"validate-modules"', '"pylint"', '"shellcheck"', '"yamllint"']
    wanted += ['"%s" on Python %s' % (name, version) for version in pythons for name in ("compile", "import")]
    wrong = ["%s did not run" % name for name in wanted if name not in ran]
    skipped = re.findall(r"All targets skipped.*|Skipping sanity test .*|Required program .* not found.*", output)
    # of the Pythons that it could take, those that are not here: those that are have been looked for above
    return wrong + [text for text in skipped if not re.search("on Python [0-9.]+ because it could not be found", text)]


if __name__ == "__main__":
    sys.exit(main())
