"""What the codes of the API mean for whoever has sent the request."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.submit.attempt import CREATED, REFUSED, UNKNOWN

#: Where a gap in our rules is reported.
ISSUES = "https://github.com/rosetta-spec/rosetta-spec/issues"

_GAP = f"our rules have a gap; please report it, with the request if it may be shown, at {ISSUES}"


class Meaning(NamedTuple):
    """What an answer means: the state of the attempt, a cause and a remedy.

    `keys` are those of the request that are to blame, the first one that it has being shown.
    `is_everyones` says that any other request would be answered in the same way.
    """

    name: str
    state: str
    cause: str
    remedy: str
    keys: tuple[str, ...] = ()
    is_everyones: bool = False


#: Source: the vendor's page on Create Sampling Package, and older pages for 401 to 403.
MEANINGS = {
    2000: Meaning("created", CREATED, "the package was created", "nothing is left to do"),
    5000: Meaning(
        "service-failed",
        UNKNOWN,
        "the service has failed, and may have created the package before it did",
        "look for it on the platform",
    ),
    5606: Meaning(
        "nothing-to-sample",
        REFUSED,
        "no tasks are left to sample in the current working pool",
        "widen the conditions, or wait until the pool has tasks again",
        ("subCondition", "poolName"),
    ),
    53003: Meaning(
        "annotation-request-not-found",
        REFUSED,
        "there is no annotation request of this id",
        "copy annotationRequestId from the platform, where these keys belong",
        ("annotationRequestId",),
    ),
    55005: Meaning(
        "pool-not-found",
        REFUSED,
        "there is no pool of this name",
        "write poolName as the platform shows it, letter by letter",
        ("poolName",),
    ),
    57008: Meaning(
        "package-not-found",
        REFUSED,
        "there is no such sampling package",
        "ask the platform's support: nothing in this request names one",
    ),
    57015: Meaning(
        "ratio-with-quantity",
        REFUSED,
        "the service takes either samplingRatio or samplingQuantity",
        f"keep one of the two; {_GAP}",
        ("samplingQuantity", "samplingRatio"),
    ),
    401: Meaning(
        "wrong-signature",
        REFUSED,
        "the signature is wrong",
        "check ROSETTA_SECRET_KEY, which belongs to ROSETTA_ACCESS_KEY",
        is_everyones=True,
    ),
    402: Meaning(
        "authentication-failed",
        REFUSED,
        "the service does not know these keys",
        "check ROSETTA_ACCESS_KEY and ROSETTA_BASE_URL: keys belong to one platform",
        is_everyones=True,
    ),
    403: Meaning(
        "signature-expired",
        REFUSED,
        "the signature has expired before it arrived",
        "set this machine's clock: it may be off by a few minutes at most",
        is_everyones=True,
    ),
}

#: No code of ours: the body's form was refused, as HTTP calls it.
WRONG_FORM = Meaning("wrong-form", REFUSED, "the service refuses the form of this request", _GAP)

#: Source: RFC 9110, sections 15.5.1 and 15.5.21.
_OF_FORM = frozenset({400, 422})

_REFUSED = Meaning(
    "refused",
    REFUSED,
    "the service refuses this request",
    "read what it says; the platform's support knows this code",
)

_UNLISTED = Meaning(
    "unlisted-code",
    UNKNOWN,
    "the service gives a code that is on no page of its, so nobody knows what it has done",
    "look for the package on the platform",
)

#: What came back is nothing that the API says, or nothing came back.
NO_ANSWER = Meaning(
    "no-answer",
    UNKNOWN,
    "the request was sent, and what came of it is not known",
    "look for the package on the platform",
)


def meaning_of(code: int, status: int) -> Meaning:
    """Say what a code means; `status` is that of HTTP, which says something of no known code.

    Codes from 400 to 499 refuse, as those do that are known.
    """
    if code in MEANINGS:
        return MEANINGS[code]
    if code in _OF_FORM or status in _OF_FORM:
        return WRONG_FORM
    return _REFUSED if 400 <= code < 500 else _UNLISTED  # noqa: PLR2004 - said above
