# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: markdown_text
short_description: Text that is safe inside of code in Markdown
version_added: 1.0.0
author:
  - The hostup.cloud contributors (!UNKNOWN)
description:
  - Writes every character that Markdown, or a platform's own additions to it, could take for markup as its numeric character
    reference. What can not be seen is named, as by P(hostup.cloud.visible_text#filter).
  - Use it between C(<code>) and C(</code>), where platforms look for no mentions and references.
options:
  _input:
    description: The text.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show a value of the account in a table
  ansible.builtin.copy:
    content: "| <code>{{ account.city | hostup.cloud.markdown_text }}</code> |"
    dest: table.md
    mode: "0600"
"""

RETURN = r"""
_value:
  description: The text, fit to be shown.
  type: str
"""

import typing as t

from ansible_collections.hostup.cloud.plugins.plugin_utils._display_text import markdown


def _markdown_text(text: object) -> str:
    return markdown(str(text))


class FilterModule:
    """Found by Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """This file's filters, by name."""
        return {"markdown_text": _markdown_text}
