# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: visible_text
short_description: Text in which nothing is invisible
version_added: 1.0.0
author:
  - The hostup.cloud contributors (!UNKNOWN)
description:
  - Names what can not be seen, or changes how the rest is shown, by its code point, as in V(⟨U+202E⟩).
  - These are control and format characters, line breaks, spaces other than the usual one, and what is no character at all. The
    joiners that emoji and some scripts need stay.
  - What is left is fit for XML. Markup is left as it is, so escape it afterwards, as in the example.
options:
  _input:
    description: The text.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show a value of the account in a page
  ansible.builtin.copy:
    content: "<td>{{ account.city | hostup.cloud.visible_text | escape }}</td>"
    dest: page.html
    mode: "0600"
"""

RETURN = r"""
_value:
  description: The text, fit to be shown.
  type: str
"""

import typing as t

from ansible_collections.hostup.cloud.plugins.plugin_utils._display_text import visible


def _visible_text(text: object) -> str:
    return visible(str(text))


class FilterModule:
    """Found by Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """This file's filters, by name."""
        return {"visible_text": _visible_text}
