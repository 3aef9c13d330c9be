# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How each version of HostUp's API carries a key, success, failure, and a time to wait. Pure functions, no Ansible, no HTTP.

Sources: https://developer.hostup.se; RFC 9457 (once 7807) for version 2's problems. What that documentation leaves open is
marked "inferred".
"""

from __future__ import annotations

import contextlib
import datetime
import email.utils
import json
import math
import re
import time
import typing as t

from ansible_collections.hostup.cloud.plugins.module_utils._codec import InvalidResponse


class ApiError(t.NamedTuple):
    """What an answer says of itself, not checked and not scrubbed yet."""

    code: object = None
    message: object = None
    request_id: object = None
    #: Of v2's `errors`: pointer, words and code.
    details: tuple[tuple[object, object, object], ...] = ()


class ApiVersion(t.NamedTuple):
    """One version of the API."""

    #: The key -> the header fields that carry it.
    headers: t.Callable[[str], dict[str, str]]
    #: The object in a 2xx -> whether it says success, and the data in it. Raises InvalidResponse.
    unwrap: t.Callable[[dict[str, t.Any]], tuple[bool, dict[str, t.Any]]]
    #: The object in an answer -> what it says of itself.
    error: t.Callable[[dict[str, t.Any]], ApiError]


#: Says of a body that something else than the API answers.
NOT_JSON = "is not JSON"

#: Characters of a number, and objects and lists inside of each other: far above what the documentation shows (15 and 6).
_DIGITS, _DEPTH = 100, 50


def parse(body: bytes) -> dict[str, t.Any]:
    """The JSON object in a body. Raises InvalidResponse."""
    if not body.strip():
        raise InvalidResponse("is empty")
    try:
        value = json.loads(body, object_pairs_hook=_object, parse_constant=_constant, parse_int=_number, parse_float=_number)
    except (ValueError, RecursionError):
        raise InvalidResponse(NOT_JSON) from None
    if not isinstance(value, dict):
        raise InvalidResponse("is not a JSON object")
    _require_depth(value)
    return value


def _object(pairs: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
    """Refuses a key that stands twice: which of its values is meant, each reader decides for itself (RFC 8259, section 4)."""
    whole = dict(pairs)
    if len(whole) < len(pairs):
        raise InvalidResponse("has the same key twice in one object")
    return whole


def _constant(name: str) -> t.Any:
    raise InvalidResponse("has a number that JSON does not have (%s)" % name)


def _number(digits: str) -> float:
    """A number that this Python and others read alike; nothing that HostUp documents has more than a dozen digits."""
    if len(digits) > _DIGITS or not math.isfinite(float(digits)):
        raise InvalidResponse("has a number out of range")
    return int(digits) if digits.lstrip("-").isdigit() else float(digits)


def _require_depth(value: t.Any) -> None:
    """Refuse what is nested so deeply that to go through it could take more than Python's stack."""
    inner, depth = [value], 0
    while inner:
        depth += 1
        if depth > _DEPTH:
            raise InvalidResponse("is nested too deeply")
        values = [v for o in inner for v in (o.values() if isinstance(o, dict) else o)]
        inner = [v for v in values if isinstance(v, (dict, list))]


def _data(envelope: dict[str, t.Any]) -> dict[str, t.Any]:
    data = envelope.get("data")
    return data if isinstance(data, dict) else {}


def _open_envelope(envelope: dict[str, t.Any]) -> tuple[bool, dict[str, t.Any]]:
    data = _data(envelope)
    # success stands twice, outside and inside of data (inferred: either may be false)
    flags = [str(flag).lower() for flag in (envelope.get("success"), data.get("success")) if flag is not None]
    if not flags or not set(flags) <= {"true", "1", "false", "0"}:
        raise InvalidResponse("does not say whether the request succeeded")
    # like v1's other flags, this one may arrive as text (inferred)
    return all(flag in ("true", "1") for flag in flags), data


def _error_in_envelope(envelope: dict[str, t.Any]) -> ApiError:
    # where `success` is false in data, the reason may stand there, too (inferred)
    data = _data(envelope)
    code, message, error = (envelope.get(name) or data.get(name) for name in ("code", "message", "error"))
    return ApiError(code, message if isinstance(message, str) and message else error, envelope.get("requestId"))


def _error_in_problem(problem: dict[str, t.Any]) -> ApiError:
    errors = problem.get("errors")
    listed = [e for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []
    # something in front of the API may answer in words of its own
    words = [problem.get(name) for name in ("detail", "title", "message", "error")]
    return ApiError(
        problem.get("code"),
        next((text for text in words if isinstance(text, str) and text), None),
        problem.get("requestId"),
        tuple((error.get("pointer"), error.get("detail"), error.get("code")) for error in listed),
    )


API_VERSIONS = {
    "v1": ApiVersion(lambda key: {"X-API-Key": key}, _open_envelope, _error_in_envelope),
    "v2": ApiVersion(lambda key: {"Authorization": "Bearer " + key}, lambda snapshot: (True, snapshot), _error_in_problem),
}


def retry_after_seconds(status: int, headers: t.Mapping[str, str], body: bytes) -> float | None:
    """Seconds that the server asks to wait: in `Retry-After` (RFC 9110, section 10.2.3), v1's `retryAfter` or v2's reset."""
    asked: t.Any = headers.get("Retry-After")
    if asked is None and status == 429:
        # documented as a time; as a number it would mean another thing at each API that has it
        reset = headers.get("X-RateLimit-Reset") or ""
        asked = reset if ":" in reset else None
    if asked is None and status == 429:
        with contextlib.suppress(ValueError, AttributeError, RecursionError):
            asked = json.loads(body).get("retryAfter")
    if not isinstance(asked, (str, int, float)):
        return None
    # of several numbers, which are seconds unless they say otherwise, the longest wait counts
    numbers = [re.fullmatch(_WAIT, part.strip().lower()) for part in str(asked).split(",") if part.strip()]
    if numbers and all(numbers):
        return max(float(n.group(1)) * {"s": 1, "m": 60, "h": 3600}[(n.group(2) or "s")[0]] for n in numbers if n)
    for parse in (email.utils.parsedate_to_datetime, datetime.datetime.fromisoformat) if ":" in str(asked) else ():
        with contextlib.suppress(TypeError, ValueError, IndexError, OverflowError):
            when = parse(str(asked).strip().replace("Z", "+00:00"))
            when = when if when.tzinfo else when.replace(tzinfo=datetime.timezone.utc)
            return max(0.0, math.ceil(when.timestamp() - time.time()))
    return None


#: A number, of seconds unless it says otherwise.
_WAIT = "([0-9]{1,30}(?:[.][0-9]{1,9})?) *(s|secs?|seconds?|m|mins?|minutes?|h|hours?)?"
