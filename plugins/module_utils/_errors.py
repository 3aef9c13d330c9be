# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong, as types. Each error is one sentence for the user and carries no secret.

Nothing here knows Ansible or HTTP: the client raises these, the module and the action plugin turn them into a failed task.
No error is changed once it was raised; `ApiFailure.but` makes another one of it.
"""

from __future__ import annotations

import os
import traceback
import typing as t


class HostupError(Exception):
    """Base of every error that this collection raises on purpose; str() is the sentence for the user."""

    def __init__(self, sentence: str, changed: bool = False) -> None:
        """changed: whether the account may differ from what it was before the task."""
        super().__init__(sentence)
        self.changed = changed

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


class Crash(HostupError):
    """An error that nobody foresaw: where it is, not what it says, which may hold anything."""

    def __init__(self, error: Exception, changed: bool) -> None:
        last = traceback.extract_tb(error.__traceback__)[-1]
        super().__init__(
            "hostup.cloud failed in a way that it should not (%s at %s:%d): please report this sentence."
            % (type(error).__name__, os.path.basename(last.filename), last.lineno or 0),
            changed,
        )


class RequestInfo(t.NamedTuple):
    """A request and how it was answered: the return value `failure` of one that failed, None where unknown."""

    #: HTTP's.
    status: int | None
    #: The API's own words, scrubbed.
    code: str | None
    message: str | None
    request_id: str | None
    method: str
    path: str
    #: Requests sent.
    attempts: int


class ApiFailure(HostupError):
    """A request failed: no usable answer, or one that says no."""

    def __init__(
        self,
        doing: str,
        happened: str,
        advice: str,
        info: RequestInfo,
        details: t.Sequence[str] = (),
        maybe_applied: bool = False,
        changed: bool = False,
        applied: t.Collection[str] = (),
    ) -> None:
        """One sentence is made of these.

        doing: what the request was for, as in "Reading the account". happened: what follows method and path.
        details: what the API says of single options. maybe_applied: the server may have carried the request out.
        applied: of a failed update, the options that are known to hold what was sent.
        """
        words = [info.code, info.message and '"%s"' % info.message, "for " + ", ".join(details) if details else None]
        said = " ".join(filter(None, words))
        notes = ["request id %s" % info.request_id] if info.request_id else []
        if info.attempts > 1:
            notes.append("%d attempts" % info.attempts)
        super().__init__(
            "%s failed: %s %s %s%s%s; %s."
            % (
                doing,
                info.method,
                info.path,
                happened,
                ", " + said if said else "",
                " (%s)" % ", ".join(notes) if notes else "",
                advice,
            ),
            changed,
        )
        self.doing, self.happened, self.advice, self.info = doing, happened, advice, info
        self.details, self.maybe_applied, self.applied = details, maybe_applied, applied

    def but(self, **changes: t.Any) -> ApiFailure:
        """Another error of the same type, with these arguments instead."""
        same = ("doing", "happened", "advice", "info", "details", "maybe_applied", "changed", "applied")
        return type(self)(**{**{name: getattr(self, name) for name in same}, **changes})

    def result(self) -> dict[str, t.Any]:
        return dict(super().result(), failure=self.info._asdict())


class ReadFailed(ApiFailure):
    """The account, or something that belongs to it, could not be read."""


class UpdateFailed(ApiFailure):
    """An update was refused, or its answer was lost and what it was to set is not as declared."""


class VerificationFailed(ApiFailure):
    """The update was answered with success, but what was declared is not (or can't be shown to be) there."""

    def __init__(self, changed_fields: t.Sequence[str], request_id: str | None, **facts: t.Any) -> None:
        """changed_fields: the options that were sent. request_id: the API's id of the update."""
        super().__init__(**{**facts, "doing": "Verifying the update", "changed": True})
        self._update = {"changed_fields": list(changed_fields), "request_id": request_id}

    def result(self) -> dict[str, t.Any]:
        return dict(super().result(), **self._update)


class PartialUpdate(HostupError):
    """Of several updates one failed, or of one a part: some of what was declared is written, some is not, or nobody knows."""

    def __init__(
        self, cause: ApiFailure, written: t.Iterable[str], unwritten: t.Iterable[str], request_ids: t.Sequence[str | None]
    ) -> None:
        """written: options that are set now; unwritten: the other ones; request_ids: of the updates that succeeded."""
        self._facts: dict[str, t.Any] = {
            "written_fields": sorted(written),
            "unwritten_fields": sorted(unwritten),
            "request_ids": list(request_ids),
        }
        super().__init__(
            "%s; written: %s; not known to be written: %s, which the next run sets."
            % (
                str(cause).rstrip("."),
                ", ".join(self._facts["written_fields"]) or "nothing",
                ", ".join(self._facts["unwritten_fields"]),
            ),
            cause.changed or bool(self._facts["written_fields"]),
        )
        self._cause = cause

    def result(self) -> dict[str, t.Any]:
        whole = {**self._cause.result(), **self._facts, "changed": self.changed}
        if "changed_fields" in whole:
            whole["changed_fields"] = sorted({*self._facts["written_fields"], *whole["changed_fields"]})
        return whole
