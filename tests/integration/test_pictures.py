# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The README's recording shows what the quick start does today."""

from __future__ import annotations

from xml.etree import ElementTree

from rich.console import Console

from ansible_collections.hostup.cloud.tests.tools.pictures import RECORDING, draw, record


def _lines(svg: str) -> list[str]:
    """The text that a picture shows, a line each, from top to bottom."""
    lines: dict[float, str] = {}
    for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):  # noqa: S314 our own
        if "clip-path" in text.attrib:
            height = float(text.attrib["y"])
            lines[height] = lines.get(height, "") + (text.text or "")
    return [lines[height].replace("\xa0", " ").rstrip() for height in sorted(lines)]


def test_the_recording_is_of_this_code() -> None:
    console: Console = record()
    shown = _lines(draw(console))
    assert [line for line in shown if line.startswith(("changed:", "ok:", "# The emulator"))] == [
        "changed: [localhost]",
        "# The emulator of HostUp's API saw: 1 GET",
        "changed: [localhost]",
        "# The emulator of HostUp's API saw: 2 GET, 1 POST",
        "ok: [localhost]",
        "# The emulator of HostUp's API saw: 1 GET",
    ]
    assert _lines(RECORDING.read_text(encoding="utf-8")) == shown, "the picture is out of date: make pictures"
