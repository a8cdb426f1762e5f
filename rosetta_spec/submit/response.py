"""What comes back: the HTTP response, the API's envelope in it, and what its code means."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, NamedTuple

from rosetta_spec.document.values import Json, is_number, is_whole
from rosetta_spec.pointer import parse_pattern
from rosetta_spec.reporters.style import safe
from rosetta_spec.request.schema import endpoint_data
from rosetta_spec.submit.credentials import Secret, redact

#: What is known of a request that was sent.
CREATED = "created"
REFUSED = "refused"
UNKNOWN = "unknown"

#: The most bytes that are read of a response; an envelope has a few hundred.
MAX_BYTES = 1024 * 1024

#: The most characters that are shown of a body, of the target of a redirect, and of a message.
_MAX_BODY = 80
_MAX_TARGET = 200
_MAX_MESSAGE = 300

#: The journal stores a code as a signed integer of 64 bits; the API's codes have five digits.
_CODE_LIMIT = 2**63


class Explanation(NamedTuple):
    """The outcome of a code, its cause, and the remedy.

    `keys` are the keys of the request that may be the cause; the diagnostic is shown at the first
    one that the request has. `affects_all` says that any other request would be refused too.
    """

    name: str
    outcome: str
    cause: str
    remedy: str
    keys: tuple[str, ...] = ()
    affects_all: bool = False


def _explanation(data: dict[str, Any]) -> Explanation:
    keys = tuple(data.get("keys", ()))
    words = (data["name"], data["outcome"], data["cause"], data["remedy"])
    return Explanation(*words, keys, affects_all=data.get("affectsAll", False))


#: There is no response, or the API did not write it.
NO_RESPONSE = _explanation(endpoint_data()["noResponse"])

_UNLISTED_CODE = _explanation(endpoint_data()["unlistedCode"])


def explanation_of(code: int | None) -> Explanation:
    """Explain a code; None is that of a request without a response of the API."""
    if code is None:
        return NO_RESPONSE
    for each in endpoint_data()["responses"]:
        if re.fullmatch(each["code"], str(code)):
            return _explanation(each)
    return _UNLISTED_CODE


class Outcome(NamedTuple):
    """What came of a request: its state, and what the API said.

    `package_id` is a string of digits, since an id may exceed the integers of SQLite.
    """

    state: str
    code: int | None = None
    message: str = ""
    package_id: str | None = None
    scene_count: int | None = None
    request_id: str | None = None


class LostError(Exception):
    """Some of the request has left, and there is no response."""


class NeverLeftError(Exception):
    """Nothing of the request has left, so that it can be sent again."""


class Response(NamedTuple):
    """An HTTP response; `is_cut` says that there is more than `body`.

    `secrets` are redacted if the response repeats them. `location` is the target of a
    redirect.
    """

    status: int
    content_type: str
    body: bytes
    is_cut: bool = False
    secrets: tuple[Secret, ...] = ()
    location: str = ""

    def description(self) -> str:
        """Describe it for a message, when it is not an envelope."""
        kind = self.one_line(self.content_type.partition(";")[0].lower())
        start = self.one_line(self.body[: MAX_BYTES // 1024].decode(errors="replace"))
        if self.is_cut:
            size = f"more than {MAX_BYTES // (1024 * 1024)} MiB"
        else:
            size = f"{len(self.body)} bytes" if self.body else "nothing"
        begins = f", which begins: {start[:_MAX_BODY]}" if start else ""
        target = self.one_line(self.location)[:_MAX_TARGET]
        leads = f", which leads to {target}, and is not followed" if target else ""
        return (
            f"HTTP status {self.status} with {size}{' of ' + kind if kind else ''}{leads}{begins}"
        )

    def one_line(self, text: str) -> str:
        """Redact a part of the response and make it printable on one line."""
        return safe(" ".join(redact(text, self.secrets).split()))


def outcome_of(response: Response) -> Outcome:
    """Read the envelope; without one, the outcome is unknown."""
    envelope = _envelope_in(response)
    if envelope is None:
        message = f"this is not a response of the API: {response.description()}"
        return Outcome(UNKNOWN, message=message)
    code = int(_part(envelope, "code"))
    scenes = _part(envelope, "scenes")
    return Outcome(
        explanation_of(code).outcome,
        code,
        _text(response, _part(envelope, "message")) or "",
        _text(response, _part(envelope, "packageId")),
        len(scenes) if isinstance(scenes, list) else None,
        _text(response, _part(envelope, "requestId")),
    )


def _envelope_in(response: Response) -> Json:
    """Return the envelope, an object whose code is a whole number, or None."""
    if response.is_cut:
        return None
    try:
        content = json.loads(response.body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    code = _part(content, "code")
    if not is_number(code) or not -_CODE_LIMIT < code < _CODE_LIMIT or not is_whole(code):
        return None
    return content


def _part(envelope: Json, name: str) -> Json:
    """Return a part of the envelope by its name in the data about the endpoint, or None."""
    for token in parse_pattern(endpoint_data()["envelope"][name]):
        if not isinstance(envelope, dict):
            return None
        envelope = envelope.get(token)
    return envelope


def _text(response: Response, value: Json) -> str | None:
    """Return a string or number as text on one line, None for other values."""
    if not (isinstance(value, str) or is_number(value)):
        return None
    return response.one_line(str(value).encode(errors="replace").decode())[:_MAX_MESSAGE]
