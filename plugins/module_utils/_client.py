# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks HostUp's API: what a caller makes of an answer that says success, or a typed error that says why there is none.

A body is parsed once. An error is scrubbed once, when it is made, with every value known that has to be hidden.
What is asked, and what the data mean, is known in the files of the endpoints, `_account_api.py` and its like.
"""

from __future__ import annotations

import re
import typing as t
from urllib.parse import urlsplit

from ansible_collections.hostup.cloud.plugins.module_utils._api_versions import API_VERSIONS, NOT_JSON, ApiError, parse
from ansible_collections.hostup.cloud.plugins.module_utils._codec import InvalidResponse, option_of
from ansible_collections.hostup.cloud.plugins.module_utils._errors import ApiFailure, RequestInfo
from ansible_collections.hostup.cloud.plugins.module_utils._http import HttpSession, NoResponse, Response
from ansible_collections.hostup.cloud.plugins.module_utils._redact import REDACTED, Redaction
from ansible_collections.hostup.cloud.plugins.module_utils._scrub import Scrubber
from ansible_collections.hostup.cloud.plugins.module_utils._validate import Connection

Data = t.Dict[str, t.Any]


class ApiRequest(t.NamedTuple):
    """One thing to ask of the API."""

    method: str
    #: Behind the base address.
    endpoint: str
    #: What it is for, at the beginning of a message: "Reading the account".
    doing: str
    failure: type[ApiFailure]
    #: What the key must have: "the scope read:account".
    needs: str
    body: Data | None = None
    #: Of an update: the API's name -> the option that it was sent for.
    names: t.Mapping[str, str] = {}
    #: The API's name -> the option, of all that there are.
    table: t.Mapping[str, str] = {}
    #: What else may be behind a 403, as the end of a sentence.
    however: str = ""
    #: What to do about a 404 or 405.
    if_missing: str = "check api_url"


class ApiResponse(t.NamedTuple):
    """An answer that says success."""

    #: What the caller made of its data.
    value: t.Any
    info: RequestInfo


class Client:
    """One key, one API. Use as a context manager: it closes the connection."""

    def __init__(self, connection: Connection, redaction: Redaction) -> None:
        """redaction: the fields whose values stay out of messages, once `hide` was told of them."""
        self.version = connection.version
        self.redaction = redaction
        #: Told of secrets, takes them out of text that the API wrote.
        self.scrub = Scrubber(connection.key)
        #: Set once the account has been read: its values are known, and can be looked for in the API's words.
        self.knows_account = False
        self._api = API_VERSIONS[connection.version]
        self._http = HttpSession(connection, self._api.headers(connection.key))
        self._retry_max_delay = connection.retry_max_delay

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._http.__exit__()

    def hide(self, values: t.Mapping[str, object]) -> None:
        """Keep those of these options' values out of messages and other fields that the redaction hides."""
        self.redaction.learn(values)
        for option, value in values.items():
            if self.redaction.hides(option):
                texts = [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
                self.scrub.add(texts)
                # the API may name a number without the country that it is kept with
                self.scrub.add(_COUNTRY.sub("", text) for text in texts if _COUNTRY.match(text))

    def request(self, request: ApiRequest, decode: t.Callable[[Data], t.Any]) -> ApiResponse:
        """Send a request. Raises the request's kind of ApiFailure.

        decode: makes something of the data of an answer that says success; it may raise InvalidResponse.
        """
        try:
            response = self._http.send(request.method, request.endpoint, request.body)
        except NoResponse as lost:
            info = RequestInfo(None, None, None, None, request.method, self._http.path(request.endpoint), lost.attempts)
            raise request.failure(request.doing, str(lost), lost.advice, info, maybe_applied=lost.maybe_applied) from None
        body, invalid = _parse(response)
        said = self._api.error(body)
        if not 200 <= response.status < 300:
            raise self._refused(request, response, said, invalid)
        try:
            if invalid:
                raise invalid
            succeeded, data = self._api.unwrap(body)
            value = decode(data) if succeeded else None
        except InvalidResponse as why:
            # it promises success: whatever was asked may have been done
            happened = "was answered with HTTP %d and a body that %s%s" % (response.status, why, self._media_type(response, why))
            advice = "check api_url, or report it to HostUp"
            raise self._failure(request, response, said, happened, advice, maybe_applied=True) from None
        if not succeeded:
            happened = "was answered with HTTP %d, but success is false" % response.status
            raise self._failure(request, response, said, happened, "see the API's words, or try again later")
        return ApiResponse(value, self._info(request, response, said))

    def _refused(self, request: ApiRequest, response: Response, said: ApiError, invalid: InvalidResponse | None) -> ApiFailure:
        happened, advice = "was answered with HTTP %d" % response.status, self._advice(request, response, said)
        redirect = 300 <= response.status < 400
        if redirect:
            happened += ", " + self._redirect(response)
        elif invalid:
            happened += " and a body that %s%s" % (invalid, self._media_type(response, invalid))
            if response.status < 500:
                advice += "; the answer is not in the API's form, so check api_url and what stands between, too"
        # to redirect after a POST that was carried out is common (RFC 9110, section 15.4.4)
        return self._failure(request, response, said, happened, advice, maybe_applied=redirect or response.status == 408)

    def _failure(
        self, request: ApiRequest, response: Response, said: ApiError, happened: str, advice: str, maybe_applied: bool = False
    ) -> ApiFailure:
        return request.failure(
            request.doing,
            happened,
            advice,
            self._info(request, response, said)._replace(code=self.scrub.token(said.code), message=self._line(said.message)),
            [self._detail(request, *detail) for detail in said.details[:_MOST_DETAILS]],
            maybe_applied or response.maybe_applied,
        )

    def _info(self, request: ApiRequest, response: Response, said: ApiError) -> RequestInfo:
        return RequestInfo(
            response.status,
            None,
            None,
            # v2 has no envelope; that a header has the id is inferred
            self.scrub.token(said.request_id) or self.scrub.token(response.headers.get("X-Request-Id")),
            request.method,
            self._http.path(request.endpoint),
            response.attempts,
        )

    def _detail(self, request: ApiRequest, pointer: object, words: object, code: object) -> str:
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

    def _advice(self, request: ApiRequest, response: Response, said: ApiError) -> str:
        """What to do: the API's code says it best, then the status."""
        status, wait, code = response.status, response.retry_after_seconds, str(said.code)
        if 300 <= status < 400:
            if status == 304 or not response.headers.get("Location"):
                return "check api_url, and what stands between"
            return "redirects are not followed, since the key would travel along: set api_url to the API's own address"
        if wait is not None and (status == 429 or status >= 500):
            return self._wait_advice(wait)
        if code in _CODES:
            return _CODES[code]
        if status == 403:
            return "give the key %s in the HostUp control panel%s" % (request.needs, request.however)
        if status in (404, 405):
            return request.if_missing
        if status in (400, 422) and request.body is not None:
            return "check the values of the declared options against the API's words"
        if code.startswith("upstream_"):
            return "a system behind HostUp's API has failed: try again later"
        otherwise = "see the API's words" if said.code or said.message else "report it to HostUp"
        return _STATUSES.get(status, "try again later" if status >= 500 else otherwise)

    def _wait_advice(self, wait: float) -> str:
        if wait > self._retry_max_delay:
            days, then = (" (%d days)" % round(wait / _DAY), "ask HostUp") if wait > _DAY else ("", "raise it")
            return "the API asks to wait %d s%s, longer than api_retry_max_delay (%d s): run again after that, or %s" % (
                wait,
                days,
                self._retry_max_delay,
                then,
            )
        return "the API asks to wait %d s: run again after that, or raise api_retries" % wait

    def _redirect(self, response: Response) -> str:
        """What a 3xx is: it need not lead anywhere."""
        if response.status == 304:
            return "not modified, which answers a question that was not asked"
        # headers arrive as latin-1, and browsers take a backslash for a slash
        location = response.headers.get("Location") or ""
        location = location.encode("latin-1", "replace").decode("utf-8", "replace").replace("\\", "/")
        if not location:
            return "a redirect without an address"
        try:
            parts = urlsplit(location)
            host = parts.hostname or ""
            readable = bool(host or not parts.scheme)
        except ValueError:
            readable = False
        if not readable:
            return "a redirect to an address that can't be read"
        shown = self.scrub.token(host, numeric=_IPV4) or self.scrub.line(host)
        return "a redirect to the host %s" % (shown or self._http.host)

    def _media_type(self, response: Response, why: InvalidResponse) -> str:
        """What stands where JSON should, by its header, as in " (text/html)"; "" if that is not known."""
        named = _MEDIA_TYPE.fullmatch(response.headers.get("Content-Type") or "")
        shown = named and str(why) == NOT_JSON and not self._mute and self.scrub.token(named.group(1).lower())
        return " (%s)" % shown if shown else ""


def _parse(response: Response) -> tuple[Data, InvalidResponse | None]:
    """The JSON object in an answer, or else an empty one and what is wrong with the body."""
    try:
        return parse(response.body), None
    except InvalidResponse as invalid:
        # by its header, or as gzip begins (RFC 1952); one in name only can be read like any other
        coding = (response.headers.get("Content-Encoding") or "identity").strip().lower()
        if response.body and (coding != "identity" or response.body.startswith(b"\x1f\x8b")):
            return {}, InvalidResponse("is not JSON, but compressed, which was not asked for")
        return {}, invalid


_IPV4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")

#: A Content-Type that no data fit in.
_MEDIA_TYPE = re.compile("((?:application|audio|font|image|multipart|text|video)/[a-z][a-z.+-]{0,39}) *(?:;.*)?", re.IGNORECASE)

#: What may stand in front of a number: [SE], SE, SE-.
_COUNTRY = re.compile(r"\s*(\[ *[A-Za-z]{2} *\]|[A-Za-z]{2})[\s-]*(?=[0-9])")

#: Seconds, beyond which `api_retry_max_delay` can't be raised.
_DAY = 86400

#: Of a list of errors, how many a sentence names.
_MOST_DETAILS = 8

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
