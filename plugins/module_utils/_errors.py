# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong, as types. Each error is one sentence for the user and carries no secret.

Nothing here knows Ansible or HTTP: the client raises these, the shells turn them into a failed task.
"""

from __future__ import annotations

import typing as t


class HostupError(Exception):
    """Base of every error that this collection raises on purpose; str() is the sentence for the user."""

    #: Whether the account may differ from what it was before the task.
    changed = False

    def result(self) -> dict[str, t.Any]:
        """The keys that stand beside `msg` in the result of the failed task."""
        return {"changed": self.changed}


class InvalidOption(HostupError):
    """An option's value can't be right. Raised before anything is written."""


class WrongAccount(HostupError):
    """The key belongs to another account than `account_id` names (nothing was written), or than the one read before."""


class UnreadableField(HostupError):
    """A declared field is not in the API's record and `unreadable_fields=fail`. Raised before a write."""


class LibraryMissing(HostupError):
    """The Python that runs this code has no `requests`, or lacks what a SOCKS proxy needs."""


class ApiFailure(HostupError):
    """A request failed: no usable answer, or one that says no.

    Attributes are those of the `failure` dictionary, None where unknown: `status` (int, HTTP),
    `code`, `message` and `request_id` (str, the API's own words, scrubbed), `method`, `path`,
    `attempts` (int, requests sent). `outcome_unknown`: the server may have carried the request out.
    `doing`: what the request was for, as in "Reading the account". `concerns`: what the API says of single options.
    """

    def __init__(
        self,
        happened: str,
        advice: str,
        method: str,
        path: str,
        attempts: int = 1,
        status: int | None = None,
        code: str | None = None,
        message: str | None = None,
        request_id: str | None = None,
        outcome_unknown: bool = False,
        doing: str = "The request",
        concerns: t.Sequence[str] = (),
    ) -> None:
        super().__init__(happened)
        #: Of a failed update: the options that are known to hold what was sent.
        self.took: tuple[str, ...] = ()
        self.happened = happened
        self.advice = advice
        self.method = method
        self.path = path
        self.attempts = attempts
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id
        self.outcome_unknown = outcome_unknown
        self.doing = doing
        self.concerns = tuple(concerns)

    def __str__(self) -> str:
        said = " ".join(part for part in (self.code, '"%s"' % self.message if self.message else None) if part)
        if self.concerns:
            said += "%sfor %s" % (" " if said else "", ", ".join(self.concerns))
        notes = []
        if self.request_id:
            notes.append("request id %s" % self.request_id)
        if self.attempts > 1:
            notes.append("%d attempts" % self.attempts)
        return "%s failed: %s %s %s%s%s; %s." % (
            self.doing,
            self.method,
            self.path,
            self.happened,
            ", " + said if said else "",
            " (%s)" % ", ".join(notes) if notes else "",
            self.advice,
        )

    def facts(self) -> dict[str, t.Any]:
        """The dictionary `failure`."""
        keys = ("status", "code", "message", "request_id", "method", "path", "attempts")
        return {key: getattr(self, key) for key in keys}

    def result(self) -> dict[str, t.Any]:
        return dict(super().result(), failure=self.facts())


class ReadFailed(ApiFailure):
    """The account, or something that belongs to it, could not be read."""


class UpdateFailed(ApiFailure):
    """An update was refused, or its answer was lost and what it was to set is not as declared."""


class NotVerified(ApiFailure):
    """The update was answered with success, but what was declared is not (or can't be shown to be) there."""

    changed = True
    #: The options that were sent, and the API's id of the update.
    changed_fields: tuple[str, ...] = ()
    update_id: str | None = None

    def result(self) -> dict[str, t.Any]:
        return dict(super().result(), changed_fields=list(self.changed_fields), request_id=self.update_id)


class HalfDone(HostupError):
    """Of several updates one failed, or of one a part: some of what was declared is written, some is not, or nobody knows."""

    def __init__(
        self, cause: ApiFailure, written: t.Sequence[str], unwritten: t.Sequence[str], ids: t.Sequence[str | None]
    ) -> None:
        """written: options that are set now; unwritten: the others that were to be; ids: of the updates that succeeded."""
        super().__init__(str(cause))
        self.changed = cause.changed or bool(written)
        self._cause = cause
        self._written = sorted(written)
        self._unwritten = sorted(unwritten)
        self._ids = list(ids)

    def __str__(self) -> str:
        return "%s; written: %s; not known to be written: %s, which the next run sets." % (
            str(self._cause).rstrip("."),
            ", ".join(self._written) or "nothing",
            ", ".join(self._unwritten),
        )

    def result(self) -> dict[str, t.Any]:
        facts = {"written_fields": self._written, "unwritten_fields": self._unwritten, "request_ids": self._ids}
        whole = {**self._cause.result(), "changed": self.changed, **facts}
        if "changed_fields" in whole:
            whole["changed_fields"] = sorted({*self._written, *whole["changed_fields"]})
        return whole
