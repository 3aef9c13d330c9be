# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session with the API: asks, and gives the data of an answer that says success, or a typed error that says why not.

Whatever text of the API's gets out of here is scrubbed. What is asked, and what the data mean, is known in `_client.py`.
"""

from __future__ import annotations

import re
import typing as t
from urllib.parse import urlsplit

from ansible_collections.hostup.cloud.plugins.module_utils._dialects import DIALECTS, Said, parse
from ansible_collections.hostup.cloud.plugins.module_utils._errors import ApiFailure
from ansible_collections.hostup.cloud.plugins.module_utils._options import Connection
from ansible_collections.hostup.cloud.plugins.module_utils._records import option_of
from ansible_collections.hostup.cloud.plugins.module_utils._redact import REDACTED, Redaction
from ansible_collections.hostup.cloud.plugins.module_utils._scrub import Scrubber
from ansible_collections.hostup.cloud.plugins.module_utils._shapes import Unusable
from ansible_collections.hostup.cloud.plugins.module_utils._transport import Answer, NoAnswer, Transport


class Request(t.NamedTuple):
    """One thing to ask of the API."""

    method: str
    #: Behind the base address.
    endpoint: str
    #: What it is for, at the beginning of a message: "Reading the account".
    doing: str
    failure: type[ApiFailure]
    #: What the key must have: "the scope read:account".
    needs: str
    body: dict[str, t.Any] | None = None
    #: Of an update: the API's name -> the option that it was sent for.
    names: t.Mapping[str, str] = {}
    #: The API's name -> the option, of all that there are.
    table: t.Mapping[str, str] = {}
    #: What else may be behind a 403, as the end of a sentence.
    however: str = ""
    #: What to do about a 404 or 405.
    if_missing: str = "check api_url"


class Receipt(t.NamedTuple):
    """What is known of a request that the API answered with success; the names are those of ApiFailure."""

    method: str
    path: str
    attempts: int
    status: int
    request_id: str | None


class Reply(t.NamedTuple):
    """An answer that says success."""

    #: What the envelope holds, or the whole object where there is none.
    data: dict[str, t.Any]
    receipt: Receipt
    #: Makes an error of it, for a caller that can't use the data.
    unusable: t.Callable[[Unusable], ApiFailure]


class Session:
    """One key, one API. Use as a context manager: it closes the connection."""

    def __init__(self, connection: Connection, redaction: Redaction) -> None:
        """redaction: the fields whose values stay out of messages, once `hide` was told of them."""
        self.version = connection.version
        self.redaction = redaction
        #: Told of secrets, takes them out of text that the API wrote.
        self.scrub = Scrubber(connection.key)
        #: Set once the account has been read: its values are known, and can be looked for in the API's words.
        self.knows_account = False
        self._dialect = DIALECTS[connection.version]
        self._transport = Transport(connection, self._dialect.headers(connection.key))
        self._longest_wait = connection.longest_wait

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._transport.__exit__()

    def hide(self, values: t.Mapping[str, object]) -> None:
        """Keep those of these options' values out of messages and other fields that the redaction hides."""
        self.redaction.learn(values)
        for option, value in values.items():
            if self.redaction.hides(option):
                texts = [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
                self.scrub.add(texts)
                # the API may name a number without the country that it is kept with
                self.scrub.add(_COUNTRY.sub("", text) for text in texts if _COUNTRY.match(text))

    def ask(self, request: Request) -> Reply:
        """The answer, once all of it says success. Raises the request's kind of ApiFailure."""
        try:
            answer = self._transport.send(request.method, request.endpoint, request.body)
        except NoAnswer as lost:
            raise request.failure(
                happened=str(lost),
                advice=lost.advice,
                method=request.method,
                path=self._transport.path(request.endpoint),
                attempts=lost.attempts,
                outcome_unknown=lost.maybe_done,
                doing=request.doing,
            ) from None
        if not 200 <= answer.status < 300:
            raise self._refused(request, answer)
        try:
            succeeded, data = self._dialect.unwrap(_parsed(answer))
        except Unusable as unusable:
            raise self._unusable(request, answer, unusable) from None
        if not succeeded:
            happened = "was answered with HTTP %d, but success is false" % answer.status
            raise self._failed(request, answer, happened, "see the API's words, or try again later")
        receipt = Receipt(
            method=request.method,
            path=self._transport.path(request.endpoint),
            attempts=answer.attempts,
            status=answer.status,
            request_id=self._request_id(answer, self._said(answer)),
        )
        return Reply(data, receipt, lambda why: self._unusable(request, answer, why))

    def _unusable(self, request: Request, answer: Answer, why: Unusable) -> ApiFailure:
        """An answer that promises success and can't be used: whatever was asked may have been done."""
        happened = "was answered with HTTP %d and a body that %s%s" % (answer.status, why, self._quote(answer))
        return self._failed(request, answer, happened, "check api_url, or report it to HostUp", outcome_unknown=True)

    def _refused(self, request: Request, answer: Answer) -> ApiFailure:
        happened = "was answered with HTTP %d" % answer.status
        advice = self._advice(request, answer)
        if 300 <= answer.status < 400:
            happened += ", " + self._redirect(answer)
            # to redirect after a POST that was carried out is common (RFC 9110, section 15.4.4)
            return self._failed(request, answer, happened, advice, outcome_unknown=True)
        try:
            _parsed(answer)
        except Unusable as unusable:
            happened += " and a body that %s%s" % (unusable, self._quote(answer))
            if answer.status < 500:
                advice += "; the answer is not in the API's form, so check api_url and what stands between, too"
        return self._failed(request, answer, happened, advice, outcome_unknown=answer.status == 408)

    def _advice(self, request: Request, answer: Answer) -> str:
        """What to do: the API's code says it best, then the status."""
        code = str(self._said(answer).code)
        if 300 <= answer.status < 400:
            if answer.status == 304 or not answer.headers.get("Location"):
                return "check api_url, and what stands between"
            return "redirects are not followed, since the key would travel along: set api_url to the API's own address"
        if answer.wait is not None and (answer.status == 429 or answer.status >= 500):
            return self._wait_advice(answer.wait)
        if code in _CODES:
            return _CODES[code]
        if answer.status == 403:
            return "give the key %s in the HostUp control panel%s" % (request.needs, request.however)
        if answer.status in (404, 405):
            return request.if_missing
        if answer.status in (400, 422) and request.body is not None:
            return "check the values of the declared options against the API's words"
        if code.startswith("upstream_"):
            return "a system behind HostUp's API has failed: try again later"
        said = self._said(answer)
        otherwise = "see the API's words" if said.code or said.message else "report it to HostUp"
        return _STATUSES.get(answer.status, "try again later" if answer.status >= 500 else otherwise)

    def _wait_advice(self, wait: float) -> str:
        if wait > self._longest_wait:
            days, then = (" (%d days)" % round(wait / _DAY), "ask HostUp") if wait > _DAY else ("", "raise it")
            return "the API asks to wait %d s%s, longer than api_retry_max_delay (%d s): run again after that, or %s" % (
                wait,
                days,
                self._longest_wait,
                then,
            )
        return "the API asks to wait %d s: run again after that, or raise api_retries" % wait

    def _redirect(self, answer: Answer) -> str:
        """What a 3xx is: it need not lead anywhere."""
        if answer.status == 304:
            return "not modified, which answers a question that was not asked"
        # headers arrive as latin-1, and browsers take a backslash for a slash
        location = (
            (answer.headers.get("Location") or "").encode("latin-1", "replace").decode("utf-8", "replace").replace("\\", "/")
        )
        if not location:
            return "a redirect without an address"
        try:
            parts = urlsplit(location)
            host = parts.hostname
        except ValueError:
            return _REDIRECT % "an address that can't be read"
        if not host and parts.scheme:
            return _REDIRECT % "an address that can't be read"
        return _REDIRECT % ("the host %s" % (self.scrub.line(host) or self._transport.host))

    def _failed(self, request: Request, answer: Answer, happened: str, advice: str, outcome_unknown: bool = False) -> ApiFailure:
        said = self._said(answer)
        return request.failure(
            happened=happened,
            advice=advice,
            method=request.method,
            path=self._transport.path(request.endpoint),
            attempts=answer.attempts,
            status=answer.status,
            code=self.scrub.token(said.code),
            message=self._line(said.message),
            request_id=self._request_id(answer, said),
            outcome_unknown=outcome_unknown or answer.maybe_done,
            doing=request.doing,
            concerns=[self._concern(request, *error) for error in said.errors[:_MOST_CONCERNS]],
        )

    def _concern(self, request: Request, pointer: object, words: object, code: object) -> str:
        """What one of the API's `errors` is about, by the option's name."""
        text = pointer if isinstance(pointer, str) else ""
        option = option_of(text, request.names) or option_of(text, request.table)
        place = option or (None if self._mute else self.scrub.token(text.strip("/#"))) or "the request"
        line, token = self._line(words), self.scrub.token(code)
        said = ", ".join(part for part in ('"%s"' % line if line else None, token) if part)
        return "%s (%s)" % (place, said) if said else place

    def _line(self, words: object) -> str | None:
        """One line of the API's own words, without what is hidden."""
        line = self.scrub.line(words)
        return REDACTED if line and self._mute else line

    @property
    def _mute(self) -> bool:
        # whoever hides all of an account hides it before it is known, too
        return self.redaction.hides_all and not self.knows_account

    def _request_id(self, answer: Answer, said: Said) -> str | None:
        # v2 has no envelope; that a header has the id is inferred
        return self.scrub.token(said.request_id) or self.scrub.token(answer.headers.get("X-Request-Id"))

    def _said(self, answer: Answer) -> Said:
        try:
            return self._dialect.said(_parsed(answer))
        except Unusable:
            return Said()

    def _quote(self, answer: Answer) -> str:
        mute = self._mute or _is_compressed(answer)
        words = None if mute else self.scrub.words(answer.body.decode("utf-8", "replace"))
        return ' ("%s")' % words if words else ""


def _parsed(answer: Answer) -> dict[str, t.Any]:
    """The JSON object in an answer. Raises Unusable."""
    try:
        return parse(answer.body)
    except Unusable:
        if _is_compressed(answer):
            raise Unusable("is not JSON, but compressed, which was not asked for") from None
        raise


def _is_compressed(answer: Answer) -> bool:
    """By its header, or as gzip begins (RFC 1952). One in name only can be read like any other."""
    coding = answer.headers.get("Content-Encoding") or "identity"
    return bool(answer.body) and (coding.strip().lower() != "identity" or answer.body.startswith(b"\x1f\x8b"))


_REDIRECT = "a redirect to %s"

#: What may stand in front of a number: [SE], SE, SE-.
_COUNTRY = re.compile(r"\s*(\[ *[A-Za-z]{2} *\]|[A-Za-z]{2})[\s-]*(?=[0-9])")

#: Seconds, beyond which `api_retry_max_delay` can't be raised.
_DAY = 86400

#: Of a list of errors, how many a sentence names.
_MOST_CONCERNS = 8

#: v2's codes that say more than their status.
_CODES = {
    "account_inactive": "the account is not active: ask HostUp's support to activate it",
    "verification_failed": "HostUp asks for a verification: go through it in the HostUp control panel, then run again",
}
_STATUSES = {
    401: "check api_key: the key is unknown, expired or revoked",
    408: "try again later",
    429: "wait a while and run again",
}
