"""Sending: each request at most once, several at a time, and a run that ends cleanly."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event, Lock

from rosetta_spec.submit.journal import SENDING, Attempt, Journal, JournalError, Reserved
from rosetta_spec.submit.messages import (
    CREATED,
    REFUSED,
    UNKNOWN,
    Identity,
    LostError,
    NeverLeftError,
    Outcome,
    Response,
    SendableRequest,
    explanation_of,
    outcome_of,
)
from rosetta_spec.submit.report import ALREADY_CREATED, NOT_SENT, Result, SubmitOptions

#: Seconds before each retry of a request that never left.
RETRY_PAUSES = (0.5, 1.0, 2.0)

#: Seconds between two checks of an attempt of another process.
_POLL_SECONDS = 0.1

#: Seconds after which waiting for a result is interrupted, so that Ctrl-C works on every system.
_WAIT_SECONDS = 0.2

#: The run ends after this many unknown outcomes in a row, since a person has to check each one.
MAX_UNKNOWN = 5

_FAILED = frozenset({REFUSED, UNKNOWN, NOT_SENT})


class Sender:
    """Sends requests, each at most once, with `options.jobs` threads.

    `post` and `identity_of` are those of a `Client`. `patience` is how many seconds to wait for
    another process that sends the same request.
    """

    def __init__(
        self,
        journal: Journal,
        post: Callable[[bytes], Response],
        identity_of: Callable[[SendableRequest], Identity],
        options: SubmitOptions,
        patience: float,
    ) -> None:
        self._journal = journal
        self._post = post
        self._identity_of = identity_of
        self._options = options
        self._patience = patience
        self._ending = Event()
        self._reason = ""
        self._lock = Lock()
        self._unknown = 0
        self._futures: list[tuple[SendableRequest, Future[Result]]] = []
        #: The reservations of this run, by the place of the request in memory.
        self._reserved: dict[int, Reserved] = {}

    def end(self, reason: str) -> None:
        """Start no more requests; those in progress are finished. Any thread may call this."""
        self._reason = self._reason or reason
        self._ending.set()

    def pause(self, seconds: float) -> bool:
        """Wait, and return whether the run is ending."""
        return self._ending.wait(seconds)

    def run(self, requests: Iterable[SendableRequest]) -> Iterator[Result]:
        """Yield the result of each request, in their order, and then raise what has failed."""
        pool = ThreadPoolExecutor(self._options.jobs)
        defects = []
        self._futures = [(each, pool.submit(self._perform, each)) for each in requests]
        try:
            for request, future in self._futures:
                while not future.done():
                    wait([future], _WAIT_SECONDS)
                error = future.exception()
                if error:
                    defects.append(error)
                    yield Result(request, Outcome(UNKNOWN, message="rosetta-spec has failed"))
                else:
                    yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        if defects:
            raise defects[0]

    def abandoned(self, start: int) -> Iterator[Result]:
        """Yield the results of the requests from an index on, without waiting for any of them."""
        for request, future in self._futures[start:]:
            if future.done() and not future.cancelled() and not future.exception():
                yield future.result()
            elif reserved := self._reserved.get(id(request)):
                outcome = Outcome(UNKNOWN, message="the run was interrupted before a response")
                yield Result(request, outcome, *reserved, was_sent=True)
            else:
                yield _not_sent(request, self._reason)

    def _perform(self, request: SendableRequest) -> Result:
        if self._ending.is_set():
            return _not_sent(request, self._reason)
        try:
            result = self.send(request)
        except Exception:
            self.end("the run ended because of a bug in rosetta-spec")
            raise
        with self._lock:
            self._end_after(result)
        return result

    def _end_after(self, result: Result) -> None:
        """End the run if sending more would fail too, or is not wanted."""
        status, explanation = result.status, explanation_of(result.outcome.code)
        if result.was_sent:
            self._unknown = self._unknown + 1 if status == UNKNOWN else 0
        if result.failure:
            self.end(f"the run ended: {result.failure}")
        elif status == REFUSED and explanation.affects_all:
            cause = explanation.with_message(result.outcome.message)
            self.end(f"the run ended: {cause}, as for any other request")
        elif self._options.is_failing_fast and status in _FAILED:
            self.end("the run ended by --fail-fast")
        elif self._unknown >= MAX_UNKNOWN:
            self.end(f"the run ended after {MAX_UNKNOWN} unknown outcomes in a row")

    def send(self, request: SendableRequest) -> Result:
        """Send a request unless the journal forbids it; failures are part of the result."""
        reason = "the run ended before it could be sent"
        try:
            for seconds in (0.0, *RETRY_PAUSES):
                if self.pause(seconds):
                    return _not_sent(request, reason)
                decision = self._reserve(request)
                if isinstance(decision, Attempt):
                    is_ending = decision.state == SENDING and self.pause(0.0)
                    return _not_sent(request, reason) if is_ending else _known(request, decision)
                try:
                    return self._send_reserved(request, decision)
                except NeverLeftError as error:
                    self._journal.cancel(decision.number)
                    del self._reserved[id(request)]
                    reason = str(error)
        except JournalError as error:
            return _not_sent(request, "the journal cannot be used", failure=str(error))
        failure = "" if self._ending.is_set() else f"nothing can be sent: {reason}"
        return _not_sent(request, reason, failure=failure)

    def _reserve(self, request: SendableRequest) -> Reserved | Attempt:
        """Reserve the request, waiting for a process that is sending the same one."""
        identity = self._identity_of(request)
        waited = 0.0
        while True:
            decision = self._journal.reserve(identity, request.origin, self._options.resend)
            is_decided = isinstance(decision, Reserved) or decision.state != SENDING
            if is_decided or waited >= self._patience or self.pause(_POLL_SECONDS):
                return decision
            waited += _POLL_SECONDS

    def _send_reserved(self, request: SendableRequest, reserved: Reserved) -> Result:
        """Send a request and record its outcome.

        Raises:
            NeverLeftError: nothing of it has left, also if the run has ended meanwhile.
        """
        self._reserved[id(request)] = reserved
        if self._ending.is_set():
            raise NeverLeftError(self._reason)
        try:
            outcome = outcome_of(self._post(request.body))
        except LostError as error:
            outcome = Outcome(UNKNOWN, message=str(error))
        failure = ""
        try:
            self._journal.record(reserved.number, outcome)
        except JournalError as error:
            # The reservation on disk counts as an unknown outcome when this process has ended.
            failure = str(error)
        return Result(request, outcome, *reserved, was_sent=True, failure=failure)


def _known(request: SendableRequest, attempt: Attempt) -> Result:
    """Return the result of an earlier attempt."""
    outcome = attempt.outcome
    if attempt.state == CREATED:
        message = "the package was created before and is not created again"
        outcome = outcome._replace(state=ALREADY_CREATED, message=message)
    elif attempt.state == SENDING:
        outcome = outcome._replace(state=UNKNOWN, message="another process is still sending it")
    return Result(request, outcome, attempt.number, attempt.started)


def _not_sent(request: SendableRequest, reason: str, failure: str = "") -> Result:
    return Result(request, Outcome(NOT_SENT, message=reason), failure=failure)
