# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ordinary module: the shell between Ansible and the core. Makes a result of an outcome or of an error."""

from __future__ import annotations

import os
import sys
import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.hostup.cloud.plugins.module_utils._account import Outcome
from ansible_collections.hostup.cloud.plugins.module_utils._errors import HostupError
from ansible_collections.hostup.cloud.plugins.module_utils._options import CONNECTION, SHOWING
from ansible_collections.hostup.cloud.plugins.module_utils._redact import Redaction


class HostupModule(AnsibleModule):
    """An AnsibleModule that keeps personal data out of what it prints of its arguments, and out of the system log."""

    def __init__(self, options: dict[str, t.Any]) -> None:
        """options: argument specs beside those of the connection."""
        super().__init__(argument_spec=dict(CONNECTION, **options), supports_check_mode=True)

    def run(self, work: t.Callable[[dict[str, t.Any], bool], Outcome]) -> None:
        """Do the work with (arguments, check mode) and exit: the one call of a module."""
        outcome, failure = _try(work, self.params, self.check_mode)
        if outcome is None:
            # outside of the except blocks: Ansible would add the traceback there
            self.fail_json(**failure)
            return
        for warning in outcome.warnings:
            self.warn(warning)
        self.exit_json(**{key: value for key, value in outcome.result.items() if key != "diff" or self._diff})

    def exit_json(self, **kwargs: t.Any) -> t.Any:
        super().exit_json(invocation=self._invocation(), **kwargs)

    def fail_json(self, msg: str, **kwargs: t.Any) -> t.Any:
        super().fail_json(msg, invocation=self._invocation(), **kwargs)

    def log(self, msg: t.Any, log_args: t.Any = None) -> None:
        """Nothing: Ansible would write the arguments, a customer's address among them, into the target's system log."""

    def _invocation(self) -> dict[str, t.Any]:
        # called before the arguments are checked, too: unknown names may hold anything and are left out
        known = {name: value for name, value in self.params.items() if name in self.argument_spec}
        redact = known.get("redact") or []
        understood = isinstance(redact, list) and set(map(str, redact)) <= set(SHOWING["redact"]["choices"])
        return {"module_args": Redaction(redact if understood else ["all"]).arguments(known)}


def _try(
    work: t.Callable[[dict[str, t.Any], bool], Outcome], params: dict[str, t.Any], check_mode: bool
) -> tuple[Outcome | None, dict[str, t.Any]]:
    """The outcome, or else the result of a failed task."""
    try:
        return work(params, check_mode), {}
    except HostupError as error:
        return None, dict(error.result(), msg=str(error))
    except Exception as error:
        return None, {"msg": _bug(error), "changed": getattr(error, "changed", False)}


def _bug(error: Exception) -> str:
    """A sentence on an error that nobody foresaw: where it is, not what it says, which may hold anything."""
    frame = sys.exc_info()[2]
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = "%s:%d" % (os.path.basename(frame.tb_frame.f_code.co_filename), frame.tb_lineno) if frame else "?"
    return "hostup.cloud failed in a way that it should not (%s at %s): please report this sentence." % (
        type(error).__name__,
        where,
    )
