# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a run may be made to talk: flags, settings and callback plugins, and what Ansible itself then gives away."""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.tests.integration.runner import ROOT, TREE

#: Where `make sweep` puts the collection ansible.posix, which has the JSON callbacks.
POSIX = ROOT / ".work" / "posix"


class Mode(t.NamedTuple):
    """One way to run a playbook."""

    flags: tuple[str, ...] = ()
    env: dict[str, str] = {}
    #: Where Ansible itself writes a module's arguments down, as globs in the folder: docs/promises.md.
    leak: tuple[str, ...] = ()
    #: Whether it needs the collection ansible.posix.
    posix: bool = False
    #: Whether Ansible is asked for tracebacks.
    tracebacks: bool = False
    #: What runs it.
    tool: str = "ansible-playbook"

    def environment(self) -> dict[str, str]:
        """Its environment variables."""
        return {**self.env, **({"ANSIBLE_COLLECTIONS_PATH": "%s:%s" % (TREE, POSIX)} if self.posix else {})}


def _stdout(callback: str, **more: str) -> dict[str, str]:
    return {"ANSIBLE_STDOUT_CALLBACK": callback, **more}


#: Ansible prints the arguments of each task beside its title, and ansible-runner keeps them.
_TITLES = {"ANSIBLE_DISPLAY_ARGS_TO_STDOUT": "true"}

MODES: dict[str, Mode] = {
    "plain": Mode(),
    "check and diff": Mode(("--check", "--diff")),
    "talkative": Mode(("-vvvvvv", "--diff")),
    # Ansible itself prints tracebacks there, on 2.18 those of templates that fail
    "debug": Mode(("-vvvvvv", "--diff"), {"ANSIBLE_DEBUG": "true"}, tracebacks=True),
    "tracebacks": Mode(("-vvv",), {"ANSIBLE_DISPLAY_TRACEBACK": "always"}, tracebacks=True),
    "results as YAML": Mode(("-vvv", "--diff"), {"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}),
    "arguments in task titles": Mode(("-v",), _TITLES),
    # these print a title, arguments and all, once the task has run
    "titles without skipped tasks": Mode(("-v",), {**_TITLES, "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false"}),
    "titles of changes alone": Mode(("-v", "--check"), {**_TITLES, "ANSIBLE_DISPLAY_OK_HOSTS": "false"}),
    "strategy free": Mode(("-v",), {**_TITLES, "ANSIBLE_STRATEGY": "free"}),
    "strategy host_pinned": Mode(("-v",), {**_TITLES, "ANSIBLE_STRATEGY": "host_pinned"}),
    "minimal": Mode(("-vvv", "--diff"), _stdout("ansible.builtin.minimal")),
    "json": Mode(("-vvv", "--diff"), _stdout("ansible.posix.json"), posix=True),
    "jsonl": Mode(("-vvv", "--diff"), _stdout("ansible.posix.jsonl"), posix=True),
    "files kept on the target": Mode(
        ("-vvvv",),
        {"ANSIBLE_KEEP_REMOTE_FILES": "true"},
        leak=("remote/ansible-tmp-*/AnsiballZ_*.py",),
    ),
    "pipelining": Mode(("-vvvv",), {"ANSIBLE_PIPELINING": "true"}),
    # events, facts and the whole environment of each run in artifacts/, and what is printed three times over
    "ansible-runner": Mode(("-vvvvvv", "--diff"), _TITLES, tool="ansible-runner"),
    # all results in an artifact, and all that it does in a log
    "ansible-navigator": Mode(("-vvvvvv", "--diff"), tool="ansible-navigator"),
}
