# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tasks on preferences do: hostup_account_preferences and hostup_account_preferences_info."""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _declared, _options
from ansible_collections.hostup.cloud.plugins.module_utils._client import read_account
from ansible_collections.hostup.cloud.plugins.module_utils._errors import (
    ApiFailure,
    HalfDone,
    NotVerified,
    ReadFailed,
    UpdateFailed,
)
from ansible_collections.hostup.cloud.plugins.module_utils._plan import in_another_form, names, without_unreadable
from ansible_collections.hostup.cloud.plugins.module_utils._preferences_client import (
    NOTHING,
    PEPPOL,
    Preferences,
    endpoints,
    read_preferences,
    update_preferences,
)
from ansible_collections.hostup.cloud.plugins.module_utils._redact import Redaction
from ansible_collections.hostup.cloud.plugins.module_utils._session import Session
from ansible_collections.hostup.cloud.plugins.module_utils._settings import BY_OPTION, SETTINGS
from ansible_collections.hostup.cloud.plugins.module_utils._work import (
    Outcome,
    Work,
    guard,
    not_there,
    read_twice,
    see_same_account,
    writing,
)


class _Written(t.NamedTuple):
    """What has been written so far."""

    changes: dict[str, t.Any]
    ids: list[str | None]
    preferences: Preferences
    warnings: list[str]


def show(params: dict[str, t.Any], check_mode: bool = False) -> Outcome:
    """The work of hostup_account_preferences_info, the same in check mode. Raises HostupError."""
    connection, wanted = _options.connection(params), _options.account_id(params)
    redaction = _options.redaction(params)
    with Session(connection, redaction) as session:
        first, *others = endpoints(session.version, BY_OPTION)
        preferences, warnings = _read(session, [first], wanted), []
        for endpoint in others:
            try:
                preferences = preferences.joined(read_preferences(session, endpoint))
            except ReadFailed as failed:
                # a look-up elsewhere that fails takes nothing from what is known
                if endpoint != PEPPOL or failed.status is None or failed.status not in (404, *range(500, 600)):
                    raise
                warnings.append("Nothing is known of Peppol: %s" % failed)
    return Outcome(
        {
            "changed": False,
            "preferences": redaction.preferences(preferences.values),
            "card_auto_charge": _card(preferences, redaction),
            "notification_categories": preferences.categories,
            "peppol": preferences.peppol,
        },
        warnings,
    )


def declare(params: dict[str, t.Any], check_mode: bool) -> Outcome:
    """The work of hostup_account_preferences. Raises HostupError."""
    connection, wanted = _options.connection(params), _options.account_id(params)
    declared = _declared.settings(params)
    redaction = _options.redaction(params)
    with Session(connection, redaction) as session:
        session.hide(declared)
        preferences = _read(session, endpoints(session.version, declared), wanted, declared)
        before = preferences.values
        unreadable = sorted(set(declared) - preferences.given)
        differing = {option: value for option, value in declared.items() if before[option] != value}
        changes = without_unreadable(differing, unreadable, params["unreadable_fields"])
        owner = preferences.account_id or wanted
        header = "HostUp account %s, preferences" % owner if owner else "HostUp account's preferences"
        result: dict[str, t.Any] = {
            "changed": bool(changes),
            "changed_fields": sorted(changes),
            "unreadable_fields": unreadable,
            "diff": redaction.diff({option: before[option] for option in changes}, changes, header),
        }
        warnings: list[str] = []
        after = preferences._replace(values={**before, **changes})
        if "card_auto_charge" in changes:
            # whether it is in effect is for the API to say
            after = after._replace(card=None)
        # the one place that writes hang on
        if changes and not check_mode:
            with writing():
                written = _write(session, preferences, changes)
            after = written.preferences
            warnings += written.warnings
            result["request_ids"] = written.ids
            result["request_id"] = written.ids[-1]
    result["preferences"] = redaction.preferences(after.values)
    result["card_auto_charge"] = _card(after, redaction)
    if params["unreadable_fields"] == "update" and changes and unreadable:
        warnings.append(
            "The API's record has no %s: it can't be compared and is sent on each run. Set unreadable_fields=ignore to send it "
            "only along with other changes, or do not declare it." % names(unreadable)
        )
    return Outcome(result, warnings + _remarks(declared, after, redaction))


def _read(session: Session, where: list[str], wanted: str | None, needed: t.Container[str] = ()) -> Preferences:
    preferences = NOTHING
    for endpoint in where:
        preferences = preferences.joined(read_preferences(session, endpoint, needed))
    if wanted is not None:
        # v2's preferences do not say whose they are
        guard(preferences.account_id or read_account(session).id, wanted)
    return preferences


def _write(session: Session, preferences: Preferences, changes: dict[str, t.Any]) -> _Written:
    """One update for each endpoint. Raises UpdateFailed, NotVerified, and HalfDone where that is not all there is to say."""
    written = _Written({}, [], preferences, [])
    for endpoint in endpoints(session.version, changes):
        part = {option: changes[option] for option in changes if BY_OPTION[option].endpoint_in(session.version) == endpoint}
        try:
            written = _write_endpoint(session, endpoint, part, written)
        except ApiFailure as failed:
            took = {*written.changes, *failed.took}
            if not took and len(part) == len(changes):
                # all of it failed, which needs no list
                raise
            raise HalfDone(failed, sorted(took), sorted(set(changes) - took), written.ids) from None
    return written


def _write_endpoint(session: Session, endpoint: str, part: dict[str, t.Any], written: _Written) -> _Written:
    before, warnings, request_id = written.preferences, list(written.warnings), None
    try:
        receipt, now = update_preferences(session, endpoint, part)
    except UpdateFailed as lost:
        if not lost.outcome_unknown:
            raise
        now = _settle(session, endpoint, part, before, lost)
        warnings.append("The update %s, but the preferences were read back and are as declared." % lost.happened)
    else:
        request_id = receipt.request_id
        thinned = set(part) & before.given - now.given
        now = _read_twice(lambda: _read_back(session, endpoint, part), part, before, None if thinned else now)
        missed = _missed(part, now)
        if missed:
            reshaped = in_another_form(missed, before.values, part, now.values)
            error = NotVerified(
                "was answered with success, but the preferences, as the API gives them back, do not hold the declared %s"
                % names(missed),
                not_there(missed, reshaped, "hostup_account_preferences_info"),
                doing="Verifying the update",
                **receipt._asdict(),
            )
            error.changed_fields, error.update_id = tuple(sorted(part)), request_id
            error.took = tuple(option for option in part if option in now.given and option not in missed)
            raise error
    return _Written({**written.changes, **part}, [*written.ids, request_id], before.joined(now), warnings)


def _read_twice(
    read: t.Callable[[], Preferences], part: dict[str, t.Any], before: Preferences, first: Preferences | None = None
) -> Preferences:
    """The preferences after the update of a part of them. Raises ReadFailed, WrongAccount."""

    def look(now: Preferences) -> tuple[list[str], list[str]]:
        see_same_account(before.account_id, now.account_id)
        return _missed(part, now), sorted(set(part) - now.given)

    return read_twice(read, look, first)


def _read_back(session: Session, endpoint: str, part: t.Container[str]) -> Preferences:
    try:
        return read_preferences(session, endpoint, part)
    except ReadFailed as failed:
        failed.changed = True
        failed.advice = "the update was accepted, but whether it took is not known: %s" % failed.advice
        raise


def _settle(session: Session, endpoint: str, part: dict[str, t.Any], before: Preferences, lost: UpdateFailed) -> Preferences:
    """The update's answer was lost: the preferences, read back, decide. Raises the failure with what is known."""
    try:
        now = _read_twice(lambda: read_preferences(session, endpoint, part), part, before)
    except ReadFailed as failed:
        lost.changed = True
        known = "the preferences could not be read back either (that %s), so they may or may not be updated" % failed.happened
        lost.advice = "%s: %s, then run the task again" % (known, failed.advice)
        raise lost from None
    missed = _missed(part, now)
    unseen = sorted(set(part) - now.given)
    if not missed and len(unseen) < len(part):
        return now
    lost.changed = bool(unseen) or len(missed) < len(part)
    lost.took = tuple(option for option in part if option not in missed and option not in unseen)
    if missed:
        known = "do not hold the declared %s" % names(missed)
    else:
        known = "do not show %s, which may or may not be updated" % names(unseen)
    lost.advice = "the preferences, read back, %s: %s, then run the task again" % (known, lost.advice)
    raise lost


def _missed(part: dict[str, t.Any], now: Preferences) -> list[str]:
    """Options that hold something else than was sent."""
    return sorted(option for option, value in part.items() if option in now.given and now.values[option] != value)


def _card(preferences: Preferences, redaction: Redaction) -> dict[str, t.Any] | None:
    """The return value `card_auto_charge`, which tells as much as the setting does."""
    card = preferences.card
    return card and {fact: redaction.shown("card_auto_charge", value) for fact, value in card.items()}


def _remarks(declared: dict[str, t.Any], after: Preferences, redaction: Redaction) -> list[str]:
    """Sentences about declared settings that are kept, and yet may not do what is meant."""
    remarks = []
    if (
        declared.get("card_auto_charge")
        and after.card
        and after.card["in_effect"] is False
        and not redaction.hides("card_auto_charge")
    ):
        remarks.append(
            "card_auto_charge is configured, but not in effect%s: without a saved card nothing is charged; save one in the "
            "HostUp control panel." % (" (%s)" % after.card["status"] if after.card["status"] else "")
        )
    chosen = declared.get("notification_delivery")
    if isinstance(chosen, list) and after.categories and not redaction.hides("notification_delivery"):
        unknown = [name for name in chosen if name not in after.categories]
        if unknown:
            remarks.append(
                "notification_delivery names %s, which the API does not list among its categories (%s)."
                % (names(unknown), ", ".join(after.categories))
            )
    return remarks


#: hostup_account_preferences_info, and hostup_account_preferences.
SHOW = Work({**_options.CONNECTION, **_options.SHOWING}, show)
DECLARE = Work(
    {**_options.CONNECTION, **_options.settings_spec(), **_options.CONFIRMING, **_options.SHOWING, **_options.DECLARING},
    declare,
    SETTINGS,
)
