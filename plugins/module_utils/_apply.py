# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One update of the profile or the preferences: sent, verified, and settled by reading back where its answer was lost."""

from __future__ import annotations

import dataclasses
import time
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._errors import (
    ReadFailed,
    RequestInfo,
    UpdateFailed,
    VerificationFailed,
)
from ansible_collections.hostup.cloud.plugins.module_utils._fields import Account
from ansible_collections.hostup.cloud.plugins.module_utils._plan import Verification, in_another_form, names
from ansible_collections.hostup.cloud.plugins.module_utils._preferences_api import Preferences

State = t.TypeVar("State", Account, Preferences)

#: Seconds that a store may take to show a write.
_SETTLING = 1


class Sentences(t.NamedTuple):
    """What is said of an update: whole sentences, which a search for a message finds."""

    #: Of a lost answer: what happened.
    as_declared: str
    as_far_as_shown: str
    #: The options that do not hold what was declared.
    not_stored: str
    #: What happened to the read, and what to do.
    not_read_back: str
    #: Options, and what to do.
    mismatched: str
    not_shown: str


ACCOUNT = Sentences(
    "The update %s, but the account was read back and is as declared.",
    "The update %s, but the account was read back and holds what was declared, as far as the API shows it.",
    "was answered with success, but the account, as the API gives it back, does not hold the declared %s",
    "the account could not be read back either (that %s), so it may or may not be updated: %s, then run the task again",
    "the account, read back, does not hold the declared %s: %s, then run the task again",
    "the account, read back, does not show %s, which may or may not be updated: %s, then run the task again",
)
PREFERENCES = Sentences(
    "The update %s, but the preferences were read back and are as declared.",
    "The update %s, but the preferences were read back and hold what was declared, as far as the API shows it.",
    "was answered with success, but the preferences, as the API gives them back, do not hold the declared %s",
    "the preferences could not be read back either (that %s), so they may or may not be updated: %s, then run the task again",
    "the preferences, read back, do not hold the declared %s: %s, then run the task again",
    "the preferences, read back, do not show %s, which may or may not be updated: %s, then run the task again",
)


@dataclasses.dataclass(frozen=True)
class Update(t.Generic[State]):
    """An update of the account or of an endpoint of its preferences."""

    sentences: Sentences
    #: The module that shows what is stored.
    module: str
    #: Option -> value as it was, and as it is sent.
    before: t.Mapping[str, t.Any]
    changes: t.Mapping[str, t.Any]
    #: Sends it. Gives what is stored then, None where the answer does not show all of it. Raises UpdateFailed.
    send: t.Callable[[], tuple[RequestInfo, State | None]]
    #: Raises ReadFailed.
    read: t.Callable[[], State]
    #: Compares what is stored with what was declared. Raises WrongAccount.
    verify: t.Callable[[State], Verification]


class Applied(t.NamedTuple):
    """An update that took effect, as far as the API shows it."""

    request_id: str | None
    #: What is stored now: an Account or Preferences, and how it compares; None where it was not looked at.
    state: t.Any = None
    found: Verification | None = None
    warnings: t.Sequence[str] = ()


def apply(update: Update[State], verify: bool = True) -> Applied:
    """Send an update and see that it took effect. Raises UpdateFailed, VerificationFailed, WrongAccount.

    verify: whether to read back what the API's answer does not show; a lost answer is always settled by reading.
    """
    try:
        info, shown = update.send()
    except UpdateFailed as lost:
        if not lost.maybe_applied:
            raise
        return resolve_lost_update(update, lost)
    if not verify:
        return Applied(info.request_id)
    try:
        state, found = _read_until_stored(update, shown)
    except ReadFailed as failed:
        raise VerificationFailed(
            sorted(update.changes),
            info.request_id,
            happened=failed.happened,
            advice="the update was accepted, but whether it took is not known: %s" % failed.advice,
            info=failed.info,
        ) from None
    if found.mismatched:
        raise VerificationFailed(
            sorted(update.changes),
            info.request_id,
            happened=update.sentences.not_stored % names(found.mismatched),
            advice=_mismatch_advice(update, found.mismatched, state),
            info=info,
            applied=_applied(update, found),
        )
    return Applied(info.request_id, state, found)


def resolve_lost_update(update: Update[State], lost: UpdateFailed) -> Applied:
    """The answer to an update was lost: what is stored decides. Raises UpdateFailed with what is known."""
    say = update.sentences
    try:
        state, found = _read_until_stored(update)
    except ReadFailed as failed:
        raise lost.but(changed=True, advice=say.not_read_back % (failed.happened, failed.advice)) from None
    unseen = sorted(set(update.changes) & set(found.unreadable))
    if not found.mismatched and len(unseen) < len(update.changes):
        settled = say.as_far_as_shown if found.unreadable else say.as_declared
        return Applied(None, state, found, [settled % lost.happened])
    missing, known = (found.mismatched, say.mismatched) if found.mismatched else (unseen, say.not_shown)
    raise lost.but(
        changed=bool(unseen) or len(found.mismatched) < len(update.changes),
        advice=known % (names(missing), lost.advice),
        applied=_applied(update, found),
    )


def _read_until_stored(update: Update[State], first: State | None = None) -> tuple[State, Verification]:
    """What is stored after a write, and how it compares: read once more, a moment later, where something is missing.

    first: what is known without reading. Raises ReadFailed, WrongAccount.
    """
    now = update.read() if first is None else first
    found = update.verify(now)
    if not found.mismatched:
        return now, found
    time.sleep(_SETTLING)
    later = update.read()
    found_later = update.verify(later)
    # what is not shown any more is no better than what was
    return (now, found) if set(found.mismatched) & set(found_later.unreadable) else (later, found_later)


def _applied(update: Update[State], found: Verification) -> list[str]:
    """The options that are known to hold what was sent."""
    return [option for option in update.changes if option not in {*found.mismatched, *found.unreadable}]


def _mismatch_advice(update: Update[State], mismatched: t.Sequence[str], state: State) -> str:
    """What to do where an update was accepted, and declared values are not there."""
    reshaped = in_another_form(mismatched, update.before, update.changes, state.values)
    advice = []
    if reshaped:
        advice.append(
            "HostUp stored %s in another form (case, spaces, signs, accents or length), which the declared value does not equal: "
            "see it with %s, and declare it in that form" % (names(reshaped), update.module)
        )
    if set(mismatched) - set(reshaped):
        advice.append(
            "someone else wrote to the account meanwhile, or the API did not store what it accepted: check the values and who "
            "else writes, then run the task again; where that does not help, report it to HostUp"
        )
    return "; as for the rest, ".join(advice)
