# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records as a PHP back end may write them (inferred): escaped for HTML, `[]` for empty, flags and numbers in other types."""

from __future__ import annotations

import html
import itertools
import typing as t

_FLAGS: dict[bool, tuple[t.Any, ...]] = {True: (1, "1", "true"), False: (0, "0", "false")}


def weird(record: dict[str, t.Any]) -> dict[str, t.Any]:
    """The same values in other JSON. Each kind of flag gets its turn."""
    turns = itertools.count()

    def written(value: t.Any) -> t.Any:
        if isinstance(value, bool):
            return _FLAGS[value][next(turns) % 3]
        if isinstance(value, (int, float)):
            return str(value)
        if isinstance(value, dict):
            return {name: written(inner) for name, inner in value.items()} or []
        if isinstance(value, list):
            return [written(inner) for inner in value]
        # htmlspecialchars with ENT_QUOTES
        return html.escape(value).replace("&#x27;", "&#039;") if value else []

    return {name: written(value) for name, value in record.items()}
