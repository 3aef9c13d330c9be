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
    open_client,
    report_crash,
    require_account,
    require_same_account,
)


def _read(params: dict[str, t.Any], check_mode: bool = False) -> Result:
    """hostup_account_preferences_info, the same in check mode. Raises HostupError."""
    client, wanted = open_client(params)
    with client:
        preferences, warnings = _read_endpoints(client, endpoints(client.version, ()), wanted), []
        if client.version == "v2":
            try:
                preferences = preferences.joined(read_preferences(client, PEPPOL))
            except ReadFailed as failed:
                # a look-up elsewhere that fails takes nothing from what is known
                status = failed.info.status
                if status is None or (status != 404 and status < 500):
                    raise
                warnings.append("Nothing is known of Peppol: %s" % failed)
    return Result(
        {
            "changed": False,
            **_shown(preferences, client.redaction),
            "notification_categories": preferences.categories,
            "peppol": preferences.peppol,
        },
        warnings,
    )


def _apply(params: dict[str, t.Any], check_mode: bool) -> Result:
    """hostup_account_preferences. Raises HostupError."""
    client, wanted = open_client(params)
    declared = _validate.preferences(params)
    with client:
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
            "diff": client.redaction.diff({option: before[option] for option in changes}, changes, header),
        }
        warnings: list[str] = []
        after = preferences._replace(values={**before, **changes})
        if "card_auto_charge" in changes:
            # whether it is in effect is for the API to say
            after = after._replace(card=None)
        # the one place that writes hang on
        if changes and not check_mode:
            with report_crash(changed=True):
                after, result["request_ids"], warnings = _update(client, preferences, changes)
            result["request_id"] = result["request_ids"][-1]
    result.update(_shown(after, client.redaction))
    if params["unreadable_fields"] == "update" and changes and unreadable:
        warnings.append(
            "The API's record has no %s: it can't be compared and is sent on each run. Set unreadable_fields=ignore to send it "
            "only along with other changes, or do not declare it." % names(unreadable)
        )
    return Result(result, warnings + _remarks(declared, after, client.redaction))


def _read_endpoints(client: Client, where: list[str], wanted: str | None, needed: t.Container[str] = ()) -> Preferences:
    preferences = NOTHING
    for endpoint in where:
        preferences = preferences.joined(read_preferences(client, endpoint, needed))
    if wanted is not None:
        # v2's preferences do not say whose they are
        require_account(preferences.account_id or read_account(client).id, wanted)
    return preferences


def _update(
    client: Client, preferences: Preferences, changes: dict[str, t.Any]
) -> tuple[Preferences, list[str | None], list[str]]:
    """One update for each endpoint: what is stored then, the ids of the requests, and warnings.

    Raises UpdateFailed, VerificationFailed; PartialUpdate if others were written.
    """
    written: set[str] = set()
    request_ids: list[str | None] = []
    warnings: list[str] = []
    for endpoint in endpoints(client.version, changes):
        part = {o: value for o, value in changes.items() if PREFERENCE_BY_OPTION[o].endpoint_in(client.version) == endpoint}
        try:
            applied = apply(_update_of(client, endpoint, part, preferences))
        except ApiFailure as failed:
            done = {*written, *failed.applied}
            if not done and len(part) == len(changes):
                # all of it failed, which needs no list
                raise
            raise PartialUpdate(failed, done, set(changes) - done, request_ids) from None
        written.update(part)
        request_ids.append(applied.request_id)
        preferences = preferences.joined(applied.state)
        warnings += applied.warnings
    return preferences, request_ids, warnings


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


def _shown(preferences: Preferences, redaction: Redaction) -> dict[str, t.Any]:
    """The return values `preferences` and `card_auto_charge`; the second tells as much as the setting of that name."""
    card = preferences.card
    return {
        "preferences": {option: redaction.shown(option, value) for option, value in preferences.values.items()},
        "card_auto_charge": card and {fact: redaction.shown("card_auto_charge", value) for fact, value in card.items()},
    }


def _remarks(declared: dict[str, t.Any], after: Preferences, redaction: Redaction) -> list[str]:
    """Sentences about declared settings that are kept, and yet may not do what is meant."""
    remarks = []
    card = None if redaction.hides("card_auto_charge") else after.card
    if declared.get("card_auto_charge") and card and card["in_effect"] is False:
        remarks.append(
            "card_auto_charge is configured, but not in effect%s: without a saved card nothing is charged; save one in the "
            "HostUp control panel." % (" (%s)" % card["status"] if card["status"] else "")
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
