# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module is, whichever shell runs it, and what all of them do in the same way. Nothing here knows Ansible."""

from __future__ import annotations

import contextlib
import time
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._errors import HostupError, WrongAccount
from ansible_collections.hostup.cloud.plugins.module_utils._fields import Field
from ansible_collections.hostup.cloud.plugins.module_utils._plan import names
from ansible_collections.hostup.cloud.plugins.module_utils._settings import Setting

_Read = t.TypeVar("_Read")
_Looked = t.Tuple[t.Sequence[str], t.Sequence[str]]

#: Seconds that a store may take to show a write.
_SETTLING = 1

_NO_ID = "(the API gave no id)"


class Work(t.NamedTuple):
    """One module."""

    #: The argument spec, whole.
    spec: dict[str, dict[str, t.Any]]
    #: (checked arguments, check mode) -> outcome. Raises HostupError.
    do: t.Callable[[dict[str, t.Any], bool], Outcome]
    #: The rows of the tables that it declares values for.
    rows: tuple[Field | Setting, ...] = ()


class Outcome(t.NamedTuple):
    """A task that succeeded."""

    #: The return values, `diff` included: the shell drops it where diff mode is off.
    result: dict[str, t.Any]
    warnings: t.Sequence[str] = ()


@contextlib.contextmanager
def writing() -> t.Iterator[None]:
    """Around writes: an error that nobody foresaw says `changed`, since a fault of ours does not unsend what was sent."""
    try:
        yield
    except HostupError:
        raise
    except Exception as error:
        error.changed = True  # type: ignore[attr-defined]
        raise


def read_twice(read: t.Callable[[], _Read], look: t.Callable[[_Read], _Looked], first: _Read | None = None) -> _Read:
    """What is stored after a write: read once more, a moment later, where the first look misses something.

    read: raises ReadFailed. look: the options that are not as sent, and those that are not shown; raises WrongAccount.
    first: what is known without reading.
    """
    now = read() if first is None else first
    missed, dummy = look(now)
    if not missed:
        return now
    time.sleep(_SETTLING)
    again = read()
    # what is not shown any more is no better than what was
    return now if set(missed) & set(look(again)[1]) else again


def not_there(missed: t.Sequence[str], reshaped: t.Sequence[str], module: str) -> str:
    """What to do where an update was accepted, and declared values are not there.

    reshaped: those of them that are stored in another form. module: shows what is stored.
    """
    advice = []
    if reshaped:
        advice.append(
            "HostUp stored %s in another form (case, spaces, signs, accents or length), which the declared value does not equal: "
            "see it with %s, and declare it in that form" % (names(reshaped), module)
        )
    if set(missed) - set(reshaped):
        advice.append(
            "someone else wrote to the account meanwhile, or the API did not store what it accepted: check the values and who "
            "else writes, then run the task again; where that does not help, report it to HostUp"
        )
    return "; as for the rest, ".join(advice)


def guard(account_id: str | None, wanted: str | None) -> None:
    """See that the key belongs to the account that is meant; None: to any. Raises WrongAccount."""
    if wanted is None or account_id == wanted:
        return
    advice = "check which key and which account it is meant for"
    if account_id and account_id.isdigit() != wanted.isdigit():
        advice = (
            "an account has one id in API v1 and another in v2; write %s there if that is the account which is meant, or check "
            "the key" % account_id
        )
    raise WrongAccount(
        "The key belongs to account %s, but account_id says %s: the task stopped before any change; %s."
        % (account_id or _NO_ID, wanted, advice)
    )


def see_same_account(before: str | None, now: str | None) -> None:
    """See that an account that was read back is the one that was updated. Raises WrongAccount."""
    if before == now:
        return
    error = WrongAccount(
        "The update went to account %s, but account %s was read back after it: report it to HostUp."
        % (before or _NO_ID, now or _NO_ID)
    )
    error.changed = True
    raise error
