"""One request on its way: from the journal's leave to what the journal notes of it."""

from __future__ import annotations

from rosetta_spec.submit.answer import answer_of, without_answer
from rosetta_spec.submit.attempt import UNKNOWN
from rosetta_spec.submit.claim import Busy, Known, Leave
from rosetta_spec.submit.client import LostError, NeverLeftError
from rosetta_spec.submit.journal_error import JournalError
from rosetta_spec.submit.submission import answered, known, not_sent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rosetta_spec.submit.answer import Answer
    from rosetta_spec.submit.attempt import Identity
    from rosetta_spec.submit.claim import Claim, Wishes
    from rosetta_spec.submit.client import Client
    from rosetta_spec.submit.journal import Journal
    from rosetta_spec.submit.request import Request
    from rosetta_spec.submit.submission import Submission

#: Seconds before another try at what never left; after the last one nothing more is tried.
PAUSES = (0.5, 1.0, 2.0)

#: Seconds between two looks at what another process is sending.
_PACE = 0.1

_INTERRUPTED = "the run was ended before it could be sent"


class Sender:
    """Sends requests, each at most once, whatever happens.

    `pause` waits for some seconds, and says whether the run is to end. `patience` is how long, in
    seconds, another process that sends the same request is waited for.
    """

    def __init__(  # noqa: PLR0913 - all that sending needs
        self,
        journal: Journal,
        client: Client,
        identity_of: Callable[[Request], Identity],
        wishes: Wishes,
        pause: Callable[[float], bool],
        *,
        patience: float,
    ) -> None:
        self._journal = journal
        self._client = client
        self._identity_of = identity_of
        self._wishes = wishes
        self._pause = pause
        self._patience = patience

    def send(self, request: Request) -> Submission:
        """Send a request, unless the journal knows better; a failure is told, not raised."""
        try:
            return self._send(request)
        except JournalError as error:
            return not_sent(request, "the journal gave no leave", failure=str(error))

    def _send(self, request: Request) -> Submission:
        reason = _INTERRUPTED
        for seconds in (0.0, *PAUSES):
            if self._pause(seconds):
                return not_sent(request, reason)
            claim = self._claim(request)
            if isinstance(claim, Busy) and self._pause(0.0):
                return not_sent(request, reason)
            if not isinstance(claim, Leave):
                return _barred(request, claim)
            try:
                return self._post(request, claim)
            except NeverLeftError as error:
                self._journal.forget(claim.number)
                reason = str(error)
        return not_sent(request, reason, failure=f"nothing can be sent: {reason}")

    def _claim(self, request: Request) -> Claim:
        """Ask for leave, and wait for whoever is sending the same just now."""
        identity = self._identity_of(request)
        claim = self._journal.claim(identity, request.origin, self._wishes)
        waited = 0.0
        while isinstance(claim, Busy) and waited < self._patience and not self._pause(_PACE):
            waited += _PACE
            claim = self._journal.claim(identity, request.origin, self._wishes)
        return claim

    def _post(self, request: Request, leave: Leave) -> Submission:
        """Send it, and note what came of it.

        Raises:
            NeverLeftError: nothing of it has left.
        """
        answer = self._answer(request)
        submission = answered(request, answer, leave.number, leave.started)
        try:
            self._journal.settle(leave.number, answer.outcome)
        except JournalError as error:
            # On disk it is on its way, and unknown when this process has ended.
            return submission._replace(failure=str(error))
        return submission

    def _answer(self, request: Request) -> Answer:
        try:
            return answer_of(self._client.post(request.body))
        except LostError as error:
            return without_answer(str(error))


def _barred(request: Request, claim: Known | Busy) -> Submission:
    submission = known(request, claim.attempt)
    if isinstance(claim, Known):
        return submission
    return submission._replace(status=UNKNOWN, said="another process is sending it still")
