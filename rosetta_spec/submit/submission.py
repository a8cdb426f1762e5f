"""What has come of a request in this run."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.submit.attempt import CREATED
from rosetta_spec.submit.meaning import MEANINGS, NO_ANSWER, Meaning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.submit.answer import Answer
    from rosetta_spec.submit.attempt import Attempt
    from rosetta_spec.submit.request import Request

#: Statuses beside the states of an attempt.
ALREADY_CREATED = "already-created"
NOT_SENT = "not-sent"
DRY_RUN = "dry-run"


class Submission(NamedTuple):
    """A request, its status, and why.

    `said` is what the API or the system said, on one line. `attempt` is its number in the journal,
    `since` when that was started, in milliseconds since the epoch; `was_sent` says that this run
    has made it. `failure` says why the run
    cannot go on.
    """

    request: Request
    status: str
    code: int | None = None
    said: str = ""
    package_id: str | None = None
    scene_count: int | None = None
    request_id: str | None = None
    meaning: Meaning | None = None
    attempt: int | None = None
    since: int = 0
    was_sent: bool = False
    failure: str = ""

    @property
    def place(self) -> tuple[str, int]:
        """File name and number of the document."""
        return self.request.filename, self.request.document.number

    @property
    def message(self) -> str:
        """What is to be known of it, in a sentence or two."""
        if self.meaning is None or self.status == ALREADY_CREATED:
            return self.said
        said = f" ({self.said})" if self.said else ""
        return f"{self.meaning.cause}{said}; {self.meaning.remedy}"


def answered(request: Request, answer: Answer, attempt: int, since: int) -> Submission:
    """Return what an answer makes of a request."""
    state, code, message, package_id, scene_count, request_id = answer.outcome
    return Submission(
        request,
        state,
        code,
        message,
        package_id,
        scene_count,
        request_id,
        answer.meaning,
        attempt,
        since,
        was_sent=True,
    )


def known(request: Request, attempt: Attempt) -> Submission:
    """Return what an earlier attempt makes of a request."""
    is_created = attempt.state == CREATED
    return Submission(
        request,
        ALREADY_CREATED if is_created else attempt.state,
        attempt.code,
        "the package was created before, and is not created again"
        if is_created
        else (attempt.message),
        attempt.package_id,
        attempt.scene_count,
        attempt.request_id,
        MEANINGS.get(attempt.code or 0, NO_ANSWER),
        attempt.number,
        attempt.started,
    )


def not_sent(request: Request, why: str, failure: str = "") -> Submission:
    """Say why a request was not sent."""
    return Submission(request, NOT_SENT, said=why, failure=failure)
