# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API v2 as documented at https://developer.hostup.se: no envelope, problems (RFC 7807), nested records, null for unset."""

from __future__ import annotations

import datetime
import re
import typing as t
import uuid
from email.message import Message

from ansible_collections.hostup.cloud.plugins.module_utils._fields import FIELDS, Field
from ansible_collections.hostup.cloud.plugins.module_utils._settings import SETTINGS

from .accounts import Account
from .replies import Refusal, Reply, json_reply, now, parsed

PREFIX = "/api/v2/"
_FIELDS = {field.v2: field for field in FIELDS if field.v2}
_SETTINGS = {setting.v2: setting for setting in SETTINGS}
#: An error of a body: pointer, words and code.
_Error = t.Tuple[str, str, str]
_TYPES = {"bool": bool, "str": str}


def answer(accounts: t.Sequence[Account], method: str, path: str, headers: Message, body: bytes) -> Reply:
    """The API's reply to a request; it changes the account where the request says so."""
    try:
        handlers = _ROUTES.get(path)
        if handlers is None:
            raise Refusal(error(404, "not_found", "Not found.", path))
        if method not in handlers:
            raise Refusal(error(405, "method_not_allowed", "Method not allowed.", path, Allow=", ".join(handlers)))
        account, granted = _authenticate(accounts, headers, path)
        return json_reply(200, handlers[method](account, granted, path, body), **_rates(), **_id_field())
    except Refusal as refused:
        return refused.reply


def error(status: int, code: str, detail: str, path: str, errors: t.Sequence[dict[str, str]] = (), **headers: str) -> Reply:
    """A problem as documented (RFC 7807)."""
    problem: dict[str, t.Any] = {
        "type": "https://developer.hostup.se/errors/" + code.replace("_", "-"),
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "instance": path,
        "requestId": _id(),
        "timestamp": now(),
    }
    if errors:
        problem["errors"] = list(errors)
    return json_reply(status, problem, "application/problem+json", **{**_rates(), **headers})


def _rates() -> dict[str, str]:
    reset = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=60)
    return {
        "X-RateLimit-Limit": "120",
        "X-RateLimit-Remaining": "100",
        "X-RateLimit-Reset": reset.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }


def _id() -> str:
    return "req_" + uuid.uuid4().hex[:12]


def _id_field() -> dict[str, str]:
    # inferred: a success has no other place for it
    return {"X-Request-Id": _id()}


def _authenticate(accounts: t.Sequence[Account], headers: Message, path: str) -> tuple[Account, tuple[str, ...]]:
    key = (headers.get("Authorization") or "").partition("Bearer ")[2]
    for account in accounts:
        if key and key in account.keys:
            if account.record["status"] != "Active":
                raise Refusal(error(403, "account_inactive", "The account is not active.", path))
            return account, account.keys[key]
    raise Refusal(error(401, "unauthorized", "Authentication required.", path))


def _need(granted: tuple[str, ...], path: str, *scopes: str) -> None:
    for scope in scopes:
        if scope not in granted:
            raise Refusal(error(403, "forbidden", "The API key lacks the scope %s." % scope, path))


def _me(account: Account, granted: tuple[str, ...], path: str, body: bytes) -> dict[str, t.Any]:
    _need(granted, path, "read:account")
    return _snapshot(account)


def _update_me(account: Account, granted: tuple[str, ...], path: str, body: bytes) -> dict[str, t.Any]:
    _need(granted, path, "write:account")
    sent = _flat(_object(body, path), ("address",))
    _refuse([found for name, value in sent.items() for found in _field_errors(name, value)], path)
    account.store({_FIELDS[name].v1 or name: _stored(_FIELDS[name], value) for name, value in sent.items()})
    return _snapshot(account)


def _snapshot(account: Account) -> dict[str, t.Any]:
    record = account.record
    names = (record["firstname"], record["lastname"])
    snapshot: dict[str, t.Any] = {
        "id": account.v2_id,
        "name": record["companyname"] or " ".join(name for name in names if name),
        "email": record["email"],
        "currencyCode": "SEK",
        "address": {},
    }
    for name, field in _FIELDS.items():
        key = field.v1 or name
        if key in account.withheld:
            continue
        value = account.v2[key] if key in account.v2 else record.get(key)
        if field.option == "account_type":
            value = value or ("organisation" if record["company"] == "1" else "private")
        elif field.option == "org_number":
            value = _identifier(value)
        elif field.option == "phone_number":
            value = _e164(value)
        outer, dot, inner = name.partition(".")
        (snapshot[outer] if dot else snapshot)[inner or outer] = value or None
    return snapshot


def _identifier(stored: str | None) -> dict[str, str | None] | None:
    match = re.fullmatch(r"\[([A-Z]{2})\](.*)", stored or "")
    if match:
        return {"value": match.group(2), "countryCode": match.group(1)}
    return {"value": stored, "countryCode": None} if stored else None


def _e164(stored: str | None) -> str | None:
    """Normalised as version 2 says that it does; Swedish numbers at least."""
    kept = re.sub(r"\(0\)|[^+0-9]", "", stored or "")
    return re.sub("^0", "+46", re.sub("^00", "+", kept)) or None


def _field_errors(name: str, value: t.Any) -> t.Iterator[_Error]:
    pointer = "/" + name.replace(".", "/")
    field = _FIELDS.get(name)
    if field is None:
        yield pointer, "Is no documented field.", "unknown_field"
    elif value is None:
        if not field.clearable:
            yield pointer, "May not be null.", "invalid_type"
    elif field.option == "org_number":
        yield from _identifier_errors(pointer, value)
    elif not isinstance(value, str):
        yield pointer, "Is no string.", "invalid_type"
    elif not value or (field.choices and value not in field.choices):
        yield pointer, "Is not one of the values that can be.", "invalid_value"


def _identifier_errors(pointer: str, value: t.Any) -> t.Iterator[_Error]:
    if not isinstance(value, dict):
        yield pointer, "Is no object.", "invalid_type"
        return
    for key in set(value) - {"value", "countryCode"}:
        yield "%s/%s" % (pointer, key), "Is no documented field.", "unknown_field"
    if not isinstance(value.get("value"), str) or not value["value"]:
        yield pointer + "/value", "Is missing.", "missing_required"
    if not re.fullmatch("[A-Z]{2}", value.get("countryCode") or "SE"):
        yield pointer + "/countryCode", "Is no country.", "invalid_value"


def _stored(field: Field, value: t.Any) -> str:
    if field.option == "org_number" and value:
        return "[%s]%s" % (value["countryCode"], value["value"]) if value.get("countryCode") else str(value["value"])
    return value or ""


def _preferences(account: Account, granted: tuple[str, ...], path: str, body: bytes) -> dict[str, t.Any]:
    _need(granted, path, "read:account")
    return _all_preferences(account)


def _all_preferences(account: Account) -> dict[str, t.Any]:
    whole: dict[str, t.Any] = {
        "localization": {},
        "notifications": {},
        "security": {},
        "billing": {"cardAutoCharge": _card(account), "separateInvoices": {}},
        "categories": {name: {"label": name.capitalize()} for name in ("billing", "news", "security")},
    }
    for option, value in account.shown_preferences().items():
        setting = next(setting for setting in SETTINGS if setting.option == option)
        if setting.v2_endpoint != "/preferences" or option == "card_auto_charge":
            continue
        *outer, last = setting.v2.split(".")
        inner = whole
        for key in outer:
            inner = inner[key]
        inner[last] = _delivery(value) if setting.kind == "list" else value
    return whole


def _card(account: Account) -> dict[str, t.Any]:
    configured = account.preferences["card_auto_charge"]
    status = ("active" if account.saved_card else "needs_payment_method") if configured else "disabled"
    return {"configured": configured, "enabled": status == "active", "status": status}


def _delivery(stored: str | list[str]) -> dict[str, t.Any] | None:
    return None if stored == "default" else {"overrideEnabled": True, "enabledEmails": stored}


def _update_preferences(account: Account, granted: tuple[str, ...], path: str, body: bytes) -> dict[str, t.Any]:
    groups = ("localization", "notifications", "security", "billing", "billing.cardAutoCharge", "billing.separateInvoices")
    sent = _flat(_object(body, path), groups)
    _need(granted, path, *sorted({_SETTINGS[name].v2_scope for name in sent if name in _SETTINGS}))
    _refuse([found for name, value in sent.items() for found in _setting_errors(name, value, "/preferences")], path)
    account.store_preferences({_SETTINGS[name].option: _setting(name, value) for name, value in sent.items()})
    return _all_preferences(account)


def _setting_errors(name: str, value: t.Any, endpoint: str) -> t.Iterator[_Error]:
    pointer = "/" + name.replace(".", "/")
    setting = _SETTINGS.get(name)
    if setting is None or setting.v2_endpoint != endpoint:
        yield pointer, "Is no documented setting.", "unknown_field"
    elif setting.kind == "list":
        emails = value.get("enabledEmails") if isinstance(value, dict) else None
        right = isinstance(emails, list) and all(isinstance(email, str) for email in emails)
        if value is not None and not (right and isinstance(value.get("overrideEnabled"), bool)):
            yield pointer, "Is not {overrideEnabled, enabledEmails}.", "invalid_type"
    elif not isinstance(value, _TYPES[setting.kind]):
        yield pointer, "Is of the wrong type.", "invalid_type"
    elif setting.choices and value not in setting.choices:
        yield pointer, "Is not one of the values that can be.", "invalid_value"


def _setting(name: str, value: t.Any) -> t.Any:
    if _SETTINGS[name].kind != "list":
        return value
    return value["enabledEmails"] if value and value["overrideEnabled"] else "default"


def _peppol(account: Account, granted: tuple[str, ...], path: str, body: bytes) -> dict[str, t.Any]:
    _need(granted, path, "read:account")
    shown = account.shown_preferences()
    # inferred: what the PATCH answers with can be read, too
    opted_out = {"optedOut": shown["peppol_opt_out"]} if "peppol_opt_out" in shown else {}
    return {**account.peppol, **opted_out}


def _update_peppol(account: Account, granted: tuple[str, ...], path: str, body: bytes) -> dict[str, t.Any]:
    _need(granted, path, "write:account")
    sent = _object(body, path)
    _refuse([found for name, value in sent.items() for found in _setting_errors(name, value, "/preferences/peppol")], path)
    account.store_preferences({_SETTINGS[name].option: value for name, value in sent.items()})
    return {"optedOut": account.preferences["peppol_opt_out"], "updatedAt": now()}


_Action = t.Callable[[Account, t.Tuple[str, ...], str, bytes], t.Dict[str, t.Any]]

_ROUTES: dict[str, dict[str, _Action]] = {
    "/api/v2/me": {"GET": _me, "PATCH": _update_me},
    "/api/v2/me/preferences": {"GET": _preferences, "PATCH": _update_preferences},
    "/api/v2/me/preferences/peppol": {"GET": _peppol, "PATCH": _update_peppol},
}


def _flat(sent: dict[str, t.Any], groups: tuple[str, ...], path: str = "") -> dict[str, t.Any]:
    """What was sent, by dotted names; only the groups are looked into."""
    flat: dict[str, t.Any] = {}
    for key, value in sent.items():
        name = "%s.%s" % (path, key) if path else key
        if name in groups and isinstance(value, dict):
            flat.update(_flat(value, groups, name))
        else:
            flat[name] = value
    return flat


def _object(body: bytes, path: str) -> dict[str, t.Any]:
    value = parsed(body)
    if value is None:
        raise Refusal(error(400, "invalid_request", "The body is not a JSON object.", path))
    return value


def _refuse(errors: t.Sequence[_Error], path: str) -> None:
    if errors:
        listed = [{"pointer": pointer, "detail": detail, "code": code} for pointer, detail, code in errors]
        raise Refusal(error(400, "invalid_request", "The request is invalid.", path, listed))
