"""What comes back: the HTTP response, the API's envelope in it, and what its code means."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import NamedTuple

from rosetta_spec.diagnostic import Diagnostic
from rosetta_spec.document.numbers import is_number, is_whole
from rosetta_spec.document.values import Json
from rosetta_spec.reporters.style import safe
from rosetta_spec.submit.credentials import Secret, redact
from rosetta_spec.submit.request import Request, diagnostic_at

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

#: Where to report a gap in the rules.
ISSUES = "https://github.com/rosetta-spec/rosetta-spec/issues"

_GAP = f"our rules have a gap; please report it, with the request if it may be shown, at {ISSUES}"


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


#: Source: the vendor's page on Create Sampling Package, and older pages for 401 to 403.
EXPLANATIONS = {
    2000: Explanation("created", CREATED, "the package was created", "nothing is left to do"),
    5000: Explanation(
        "service-failed",
        UNKNOWN,
        "the service has failed, and may have created the package before it did",
        "look for it on the platform",
    ),
    5606: Explanation(
        "nothing-to-sample",
        REFUSED,
        "no tasks are left to sample in the current working pool",
        "widen the conditions, or wait until the pool has tasks again",
        ("subCondition", "poolName"),
    ),
    53003: Explanation(
        "annotation-request-not-found",
        REFUSED,
        "there is no annotation request of this id",
        "copy annotationRequestId from the platform, where these keys belong",
        ("annotationRequestId",),
    ),
    55005: Explanation(
        "pool-not-found",
        REFUSED,
        "there is no pool of this name",
        "write poolName as the platform shows it, letter by letter",
        ("poolName",),
    ),
    57008: Explanation(
        "package-not-found",
        REFUSED,
        "there is no such sampling package",
        "ask the platform's support: nothing in this request names one",
    ),
    57015: Explanation(
        "ratio-with-quantity",
        REFUSED,
        "the service takes either samplingRatio or samplingQuantity",
        f"keep one of the two; {_GAP}",
        ("samplingQuantity", "samplingRatio"),
    ),
    401: Explanation(
        "wrong-signature",
        REFUSED,
        "the signature is wrong",
        "check ROSETTA_SECRET_KEY, which belongs to ROSETTA_ACCESS_KEY",
        affects_all=True,
    ),
    402: Explanation(
        "authentication-failed",
        REFUSED,
        "the service does not know these keys",
        "check ROSETTA_ACCESS_KEY and ROSETTA_BASE_URL: keys belong to one platform",
        affects_all=True,
    ),
    403: Explanation(
        "signature-expired",
        REFUSED,
        "the signature has expired before it arrived",
        "set this machine's clock: it may be off by a few minutes at most",
        affects_all=True,
    ),
}

WRONG_FORM = Explanation(
    "wrong-form", REFUSED, "the service refuses the form of this request", _GAP
)

#: Bad Request and Unprocessable Content. Source: RFC 9110, sections 15.5.1 and 15.5.21.
_FORM_CODES = frozenset({400, 422})

_OTHER_REFUSAL = Explanation(
    "refused",
    REFUSED,
    "the service refuses this request",
    "read what it says; the platform's support knows this code",
)

_UNLISTED_CODE = Explanation(
    "unlisted-code",
    UNKNOWN,
    "the service gives a code that is on no page of its, so nobody knows what it has done",
    "look for the package on the platform",
)

#: There is no response, or the API did not write it.
NO_ANSWER = Explanation(
    "no-answer",
    UNKNOWN,
    "the request was sent, and what came of it is not known",
    "look for the package on the platform",
)


def explanation_of(code: int, status: int) -> Explanation:
    """Explain a code; the HTTP `status` matters only for codes that are not listed."""
    if code in EXPLANATIONS:
        return EXPLANATIONS[code]
    if code in _FORM_CODES or status in _FORM_CODES:
        return WRONG_FORM
    return _OTHER_REFUSAL if 400 <= code < 500 else _UNLISTED_CODE  # noqa: PLR2004 - client errors


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


class Answer(NamedTuple):
    """The outcome of a request, and its explanation."""

    outcome: Outcome
    explanation: Explanation


class LostError(Exception):
    """Some of the request has left, and there is no response."""


class NeverLeftError(Exception):
    """Nothing of the request has left, so that it can be sent again."""


class Response(NamedTuple):
    """An HTTP response; `is_cut` says that there is more than `body`.

    `secrets` are redacted wherever the response repeats them. `location` is the target of a
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


def answer_in(response: Response) -> Answer:
    """Read the envelope; without one, the outcome is unknown."""
    envelope = _envelope_in(response)
    if envelope is None:
        return no_answer(f"this is no answer of the API: {response.description()}")
    code = int(envelope["code"])
    data = envelope.get("data")
    data = data if isinstance(data, dict) else {}
    explanation = explanation_of(code, response.status)
    scenes = data.get("sceneIdList")
    outcome = Outcome(
        explanation.outcome,
        code,
        _text(response, envelope.get("message")) or "",
        _text(response, data.get("samplingPackageId")),
        len(scenes) if isinstance(scenes, list) else None,
        _text(response, envelope.get("requestId")),
    )
    return Answer(outcome, explanation)


def no_answer(message: str) -> Answer:
    """Return an unknown outcome; `message` says why."""
    return Answer(Outcome(UNKNOWN, message=message), NO_ANSWER)


def _envelope_in(response: Response) -> dict[str, Json] | None:
    """Return the envelope: an object whose `code` is a whole number."""
    if response.is_cut:
        return None
    try:
        content = json.loads(response.body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    code = content.get("code") if isinstance(content, dict) else None
    if not is_number(code) or not -_CODE_LIMIT < code < _CODE_LIMIT or not is_whole(code):
        return None
    return dict(content)


def _text(response: Response, value: Json) -> str | None:
    """Return a string or number as text on one line, None for other values."""
    if not (isinstance(value, str) or is_number(value)):
        return None
    return response.one_line(str(value).encode(errors="replace").decode())[:_MAX_MESSAGE]


def diagnostic_from(
    request: Request, explanation: Explanation, code: int | None, message: str
) -> Diagnostic:
    """Show an explanation at its likely cause; `message` is from the API or the system."""
    value = request.document.value
    pointer = next(((key,) for key in explanation.keys if key in value), ())
    cause = f"{explanation.cause} ({message})" if message else explanation.cause
    label = explanation.outcome if code is None else str(code)
    words = (label, explanation.name, cause, explanation.remedy)
    return diagnostic_at(request.document, request.filename, pointer, words)
