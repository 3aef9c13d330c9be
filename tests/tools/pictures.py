# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make pictures`, after `make demo`: the README's pictures, each of a real run.

`docs/images/demo.svg` is what a terminal shows of the quick start on the emulator: check, apply, apply again.
`docs/images/audit-report.png` is the page that the audit of `make demo` has left.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from ansible_collections.hostup.cloud.tests.demo import DECLARE, ROOT, environment, requests_seen
from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.tools.browser import browser

IMAGES = ROOT / "docs" / "images"
RECORDING = IMAGES / "demo.svg"
REPORT = ROOT / ".work" / "demo" / "drifted" / "audit.html"
#: Of a terminal; the longest line is that of Ansible's recap.
COLUMNS = 119

TITLE = "<title>make demo: check, apply, apply again, and the requests that the emulator of HostUp's API has counted</title>"
#: rich's, without the font that would have to be fetched.
_SVG = re.sub(r"@font-face {{.*?\n    }}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
_SVG = _SVG.replace("Fira Code, monospace;", 'ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre;')
_SVG = _SVG.replace('2000/svg">', '2000/svg" role="img">' + TITLE)


def record() -> Console:
    """Check, apply and apply again, run for real; the console that holds what they have shown, in colour."""
    console = Console(record=True, width=COLUMNS, height=100, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    with Emulator() as emulator:
        for run in DECLARE:
            emulator.journal.clear()
            shown = subprocess.run(
                run.command.split(),
                cwd=run.folder,
                env={**environment(run, emulator), "ANSIBLE_FORCE_COLOR": "true", "LC_ALL": "C.UTF-8"},
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            ).stdout
            console.print(Text("# " + run.why, style="dim"))
            console.print(Text("$ " + run.command, style="bold"))
            # Ansible ends its lines with blanks, and its plays with empty lines
            console.print(Text.from_ansi("\n".join(line.rstrip() for line in shown.splitlines() if line.strip())))
            console.print(Text("# The emulator of HostUp's API saw: %s\n" % requests_seen(emulator), style="dim"))
    return console


def draw(console: Console) -> str:
    """What a console has recorded, as an SVG."""
    return console.export_svg(title="make demo", theme=MONOKAI, code_format=_SVG, unique_id="demo")


def main() -> int:
    RECORDING.write_text(draw(record()), encoding="utf-8")
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 900, "height": 600}, device_scale_factor=2)
        page.goto(REPORT.as_uri())
        page.screenshot(path=IMAGES / "audit-report.png", full_page=True)
    print("Written: %s, and audit-report.png beside it. Look at them." % RECORDING.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
