# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tasks on preferences do: hostup_account_preferences and hostup_account_preferences_info."""

from __future__ import annotations

import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils import _argspec, _validate
from ansible_collections.hostup.cloud.plugins.module_utils._account_api import read_account
from ansible_collections.hostup.cloud.plugins.module_utils._apply import PREFERENCES, Update, apply
from ansible_collections.hostup.cloud.plugins.module_utils._client import Client
from ansible_collections.hostup.cloud.plugins.module_utils._errors import ApiFailure, PartialUpdate, ReadFailed, RequestInfo
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_BY_OPTION, PREFERENCE_FIELDS
from ansible_collections.hostup.cloud.plugins.module_utils._plan import Verification, names, without_unreadable
from ansible_collections.hostup.cloud.plugins.module_utils._preferences_api import (
    NOTHING,
    PEPPOL,
    Preferences,
    endpoints,
    read_preferences,
    update_preferences,
)
from ansible_collections.hostup.cloud.plugins.module_utils._redact import Redaction
from ansible_collections.hostup.cloud.plugins.module_utils._task import (
    Result,
    Task,
    report_changed_on_crash,
    require_account,
    require_same_account,
)


class _Written(t.NamedTuple):
    """What has been written so far."""

    options: tuple[str, ...]
    request_ids: list[str | None]
    preferences: Preferences
    warnings: list[str]


def _read(params: dict[str, t.Any], check_mode: bool = False) -> Result:
    """hostup_account_preferences_info, the same in check mode. Raises HostupError."""
    connection, wanted = _validate.connection(params), _validate.account_id(params)
    redaction = _validate.redaction(params)
    with Client(connection, redaction) as client:
        first, *others = endpoints(client.version, PREFERENCE_BY_OPTION)
        preferences, warnings = _read_endpoints(client, [first], wanted), []
        for endpoint in others:
            try:
                preferences = preferences.joined(read_preferences(client, endpoint))
            except ReadFailed as failed:
                # a look-up elsewhere that fails takes nothing from what is known
                status = failed.info.status
                if endpoint != PEPPOL or status is None or (status != 404 and status < 500):
                    raise
                warnings.append("Nothing is known of Peppol: %s" % failed)
    return Result(
        {
            "changed": False,
            "preferences": redaction.preferences(preferences.values),
            "card_auto_charge": _card(preferences, redaction),
            "notification_categories": preferences.categories,
            "peppol": preferences.peppol,
        },
        warnings,
    )


def _apply(params: dict[str, t.Any], check_mode: bool) -> Result:
    """hostup_account_preferences. Raises HostupError."""
    connection, wanted = _validate.connection(params), _validate.account_id(params)
    declared = _validate.preferences(params)
    redaction = _validate.redaction(params)
    with Client(connection, redaction) as client:
        client.hide(declared)
        preferences = _read_endpoints(client, endpoints(client.version, declared), wanted, declared)
        before = preferences.values
        unreadable = sorted(set(declared) - preferences.present)
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
            with report_changed_on_crash():
                written = _update(client, preferences, changes)
            after = written.preferences
            warnings += written.warnings
            result["request_ids"] = written.request_ids
            result["request_id"] = written.request_ids[-1]
    result["preferences"] = redaction.preferences(after.values)
    result["card_auto_charge"] = _card(after, redaction)
    if params["unreadable_fields"] == "update" and changes and unreadable:
        warnings.append(
            "The API's record has no %s: it can't be compared and is sent on each run. Set unreadable_fields=ignore to send it "
            "only along with other changes, or do not declare it." % names(unreadable)
        )
    return Result(result, warnings + _remarks(declared, after, redaction))


def _read_endpoints(client: Client, where: list[str], wanted: str | None, needed: t.Container[str] = ()) -> Preferences:
    preferences = NOTHING
    for endpoint in where:
        preferences = preferences.joined(read_preferences(client, endpoint, needed))
    if wanted is not None:
        # v2's preferences do not say whose they are
        require_account(preferences.account_id or read_account(client).id, wanted)
    return preferences


def _update(client: Client, preferences: Preferences, changes: dict[str, t.Any]) -> _Written:
    """One update for each endpoint. Raises UpdateFailed, VerificationFailed; PartialUpdate where others were written, too."""
    written = _Written((), [], preferences, [])
    for endpoint in endpoints(client.version, changes):
        part = {o: value for o, value in changes.items() if PREFERENCE_BY_OPTION[o].endpoint_in(client.version) == endpoint}
        try:
            applied = apply(_update_of(client, endpoint, part, written.preferences))
        except ApiFailure as failed:
            done = {*written.options, *failed.applied}
            if not done and len(part) == len(changes):
                # all of it failed, which needs no list
                raise
            raise PartialUpdate(failed, done, set(changes) - done, written.request_ids) from None
        written = _Written(
            (*written.options, *part),
            [*written.request_ids, applied.request_id],
            written.preferences.joined(applied.state),
            written.warnings + applied.warnings,
        )
    return written


def _update_of(client: Client, endpoint: str, part: dict[str, t.Any], before: Preferences) -> Update[Preferences]:
    def send() -> tuple[RequestInfo, Preferences | None]:
        info, shown = update_preferences(client, endpoint, part)
        return info, None if set(part) & before.present - shown.present else shown

    def compare(now: Preferences) -> Verification:
        require_same_account(before.account_id, now.account_id)
        mismatched = sorted(option for option, value in part.items() if option in now.present and now.values[option] != value)
        return Verification(mismatched, [], sorted(set(part) - now.present))

    return Update(
        PREFERENCES,
        "hostup_account_preferences_info",
        before.values,
        part,
        send,
        lambda: read_preferences(client, endpoint, part),
        compare,
    )


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
READ = Task(_argspec.READ, _read)
APPLY = Task(_argspec.PREFERENCES, _apply, PREFERENCE_FIELDS)
