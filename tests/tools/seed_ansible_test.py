# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Let ansible-test make its virtual environments from the package index alone.

It wants to download a script that installs pip. This puts a stand-in for it into ansible-test's cache, which runs
pip from its own wheel. Run it with the Python that has ansible-core.
"""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys

import ansible_test

STAND_IN = """\
import glob, os, runpy, sys
wheel = glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pip-{version}-*.whl"))[0]
sys.path.insert(0, wheel)
unknown_to_pip = ("--no-setuptools", "--no-wheel")
sys.argv = ["pip", "install", "--find-links", os.path.dirname(wheel)] + [a for a in sys.argv[1:] if a not in unknown_to_pip]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


def main() -> None:
    source = pathlib.Path(ansible_test.__path__[0], "_internal", "python_requirements.py").read_text(encoding="utf-8")
    cache = pathlib.Path("~/.ansible/test/cache").expanduser()
    cache.mkdir(parents=True, exist_ok=True)
    for version in sorted(set(re.findall(r"""pip=['"]([0-9.]+)['"]""", source))):
        if not list(cache.glob("pip-%s-*.whl" % version)):
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(cache), "pip==" + version]
            subprocess.run(command, check=True)
        script = cache / ("get_pip_%s.py" % version.replace(".", "_"))
        script.write_text(STAND_IN.format(version=version), encoding="utf-8")


if __name__ == "__main__":
    main()
