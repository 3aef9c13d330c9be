# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API v1 of HostUp: read the account, update it. The key and the API's raw record do not get past this file.

Sources: https://developer.hostup.se, GET /api/account/details and POST /api/account/update. What that
documentation leaves open is marked "inferred" where it is used.
"""

from __future__ import annotations

import json
import typing as t
from urllib.parse import urlsplit

from ansible_collections.hostup.cloud.plugins.module_utils._errors import ApiFailure, ReadFailed, UpdateFailed
from ansible_collections.hostup.cloud.plugins.module_utils._fields import BY_OPTION, FIELDS, Account, Field
from ansible_collections.hostup.cloud.plugins.module_utils._options import Connection
from ansible_collections.hostup.cloud.plugins.module_utils._redact import Redaction
from ansible_collections.hostup.cloud.plugins.module_utils._scrub import Scrubber
from ansible_collections.hostup.cloud.plugins.module_utils._transport import Answer, NoAnswer, Transport


class _Request(t.NamedTuple):
    method: str
    endpoint: str
    #: The scope that the key must have.
    scope: str
    failure: type[ApiFailure]


_DETAILS = _Request("GET", "/account/details", "read:account", ReadFailed)
_UPDATE = _Request("POST", "/account/update", "write:account", UpdateFailed)

#: The keys of the raw record that are no profile field and yet may be shown.
_SHOWN = ("id", "status", "email")


class Unusable(Exception):
    """The body of an answer is not what the API documents. str() says how."""


class Receipt(t.NamedTuple):
    """What is known of an update that the API answered with success; the names are those of ApiFailure."""

    method: str
    path: str
    attempts: int
    status: int
    request_id: str | None


class Client:
    """One account behind one key. Use as a context manager: it closes the connection.

    All methods raise ApiFailure, whose texts are scrubbed of the key, of every value of a hidden field that was
    declared or read, and of every secret that the raw record held.
    """

    def __init__(self, connection: Connection, redaction: Redaction, declared: dict[str, str] | None = None) -> None:
        """redaction: the fields whose values, declared or read, stay out of messages."""
        self._redaction = redaction
        self._scrub = Scrubber(connection.key)
        self._hide(declared or {})
        self._transport = Transport(connection, {"X-API-Key": connection.key})
        self._longest_wait = connection.longest_wait

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._transport.__exit__()

    def read(self) -> Account:
        """The account as it is. Raises ReadFailed."""
        answer, data = self._call(_DETAILS)
        try:
            record = data.get("client")
            if not isinstance(record, dict):
                raise Unusable("holds no account record (data.client)")
            self._scrub.add(_secrets(record))
            account = _account(record)
        except Unusable as unusable:
            raise self._unusable(_DETAILS, answer, unusable) from None
        self._hide(account.values)
        if self._redaction.hides_email and account.email:
            self._scrub.add([account.email])
        return account

    def update(self, changes: dict[str, str]) -> Receipt:
        """Set the options to these values ("" clears), all in one request. Raises UpdateFailed."""
        answer, dummy = self._call(_UPDATE, {BY_OPTION[option].v1: value for option, value in changes.items()})
        return Receipt(
            method=_UPDATE.method,
            path=self._transport.path(_UPDATE.endpoint),
            attempts=answer.attempts,
            status=answer.status,
            request_id=self._request_id(answer),
        )

    def _hide(self, values: dict[str, str]) -> None:
        self._scrub.add(value for option, value in values.items() if self._redaction.hides(option))

    def _call(self, request: _Request, body: dict[str, t.Any] | None = None) -> tuple[Answer, dict[str, t.Any]]:
        """The answer and the `data` of its envelope, once all of it says success."""
        try:
            answer = self._transport.send(request.method, request.endpoint, body)
        except NoAnswer as lost:
            raise request.failure(
                happened=str(lost),
                advice=lost.advice,
                method=request.method,
                path=self._transport.path(request.endpoint),
                attempts=lost.attempts,
                outcome_unknown=lost.maybe_done,
            ) from None
        if not 200 <= answer.status < 300:
            raise self._refused(request, answer)
        try:
            envelope = _object(answer.body)
            data = envelope.get("data")
            inner = data if isinstance(data, dict) else {}
            # success stands twice, outside and inside of data (inferred: either may be false)
            flags = [str(flag).lower() for flag in (envelope.get("success"), inner.get("success")) if flag is not None]
            if not flags:
                raise Unusable("does not say whether the request succeeded")
        except Unusable as unusable:
            raise self._unusable(request, answer, unusable) from None
        # like its other flags, this one may arrive as text (inferred)
        if all(flag in ("true", "1") for flag in flags):
            return answer, inner
        happened = "was answered with HTTP %d, but success is false" % answer.status
        raise self._failed(request, answer, happened, "see the API's words, or try again later")

    def _unusable(self, request: _Request, answer: Answer, why: Unusable) -> ApiFailure:
        """An answer that promises success and can't be used: whatever was asked may have been done."""
        happened = "was answered with HTTP %d and a body that %s%s" % (answer.status, why, self._quote(answer.body))
        return self._failed(request, answer, happened, "check api_url, or report it to HostUp", outcome_unknown=True)

    def _refused(self, request: _Request, answer: Answer) -> ApiFailure:
        happened = "was answered with HTTP %d" % answer.status
        advice = _ADVICE.get(answer.status, "try again later" if answer.status >= 500 else "see the API's words")
        if answer.status == 400 and request is _UPDATE:
            advice = "check the values of the declared options against the API's words"
        if 300 <= answer.status < 400:
            happened += ", a redirect to %s" % self._target(answer)
            advice = "redirects are not followed, since the key would travel along: set api_url to the API's own address"
        elif answer.status == 403:
            advice = "give the key the scope %s in the HostUp control panel" % request.scope
        elif answer.wait is not None and (answer.status == 429 or answer.status >= 500):
            advice = self._wait_advice(answer.wait)
        try:
            _object(answer.body)
        except Unusable as unusable:
            if not 300 <= answer.status < 400:
                happened += " and a body that %s%s" % (unusable, self._quote(answer.body))
        return self._failed(request, answer, happened, advice)

    def _wait_advice(self, wait: float) -> str:
        if wait > self._longest_wait:
            return "the API asks to wait %d s, longer than api_retry_max_delay (%d s): run again after that, or raise it" % (
                wait,
                self._longest_wait,
            )
        return "the API asks to wait %d s: run again after that, or raise api_retries" % wait

    def _target(self, answer: Answer) -> str:
        # headers arrive as latin-1, and browsers take a backslash for a slash
        location = (
            (answer.headers.get("Location") or "").encode("latin-1", "replace").decode("utf-8", "replace").replace("\\", "/")
        )
        try:
            parts = urlsplit(location)
            host = parts.hostname
        except ValueError:
            return "an address that can't be read"
        if not location:
            return "nowhere"
        if not host and parts.scheme:
            return "an address that can't be read"
        return "the host %s" % (self._scrub.line(host) or self._transport.host)

    def _failed(self, request: _Request, answer: Answer, happened: str, advice: str, outcome_unknown: bool = False) -> ApiFailure:
        said = self._said(answer.body)
        return request.failure(
            happened=happened,
            advice=advice,
            method=request.method,
            path=self._transport.path(request.endpoint),
            attempts=answer.attempts,
            status=answer.status,
            code=self._scrub.token(said.get("code")),
            message=self._scrub.line(said.get("message")) or self._scrub.line(said.get("error")),
            request_id=self._request_id(answer),
            outcome_unknown=outcome_unknown or answer.maybe_done,
        )

    def _request_id(self, answer: Answer) -> str | None:
        try:
            return self._scrub.token(_object(answer.body).get("requestId"))
        except Unusable:
            return None

    @staticmethod
    def _said(body: bytes) -> dict[str, t.Any]:
        """The parts of the answer that explain it: those of `data`, where `success` is false there (inferred)."""
        try:
            envelope = _object(body)
        except Unusable:
            return {}
        data = envelope.get("data")
        inner = data if isinstance(data, dict) else {}
        return {name: envelope.get(name) or inner.get(name) for name in ("code", "message", "error")}

    def _quote(self, body: bytes) -> str:
        words = self._scrub.words(body.decode("utf-8", "replace"))
        return ' ("%s")' % words if words else ""


_ADVICE = {
    401: "check api_key: the key is unknown, expired or revoked",
    404: "check api_url",
    405: "check api_url",
    429: "wait a while and run again",
}
_ALLOWED = frozenset(_SHOWN) | {name for f in FIELDS for name in (f.v1,) + ((f.v1_else[0],) if f.v1_else else ())}


def _object(body: bytes) -> dict[str, t.Any]:
    """The JSON object in a body. Raises Unusable."""
    if not body.strip():
        raise Unusable("is empty")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Unusable("is not JSON") from None
    if not isinstance(value, dict):
        raise Unusable("is not a JSON object")
    return value


#: Keys whose values are secrets or payment data, however short.
_SECRET = ("password", "reset_token", "cardtype", "cardnum", "expdate", "achtype", "achaccount", "achrouting")


def _secrets(value: t.Any, name: str = "") -> t.Iterator[str]:
    """All of the raw record that may not be shown; of its ordinary words, the ones long enough to tell something."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _ALLOWED:
                yield from _secrets(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _secrets(inner, name)
    elif value is not None and not isinstance(value, bool) and len(str(value)) >= (3 if name in _SECRET else 8):
        yield str(value)


def _account(record: dict[str, t.Any]) -> Account:
    """The allow-listed part of the raw record. Raises Unusable."""
    shown = {name: _text(record, name) or None for name in _SHOWN}
    return Account(
        id=shown["id"],
        status=shown["status"],
        email=shown["email"],
        values={field.option: _value(record, field) for field in FIELDS},
        given=frozenset(field.option for field in FIELDS if field.v1 in record or (field.v1_else and field.v1_else[0] in record)),
    )


def _value(record: dict[str, t.Any], field: Field) -> str:
    value = _text(record, field.v1)
    if not value and field.v1_else:
        name, meanings = field.v1_else
        return meanings.get(_text(record, name), "")
    return value


def _text(record: dict[str, t.Any], name: str) -> str:
    """A value of the record; null and a missing key read as "". Numbers mostly arrive as text, but need not."""
    value = record.get(name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, float)):
        return str(value)
    if not isinstance(value, str):
        raise Unusable("holds something else than text as %s" % name)
    # JSON can carry half a character, nothing after it can
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
