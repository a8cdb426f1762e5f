"""Many requests: several at a time, results in order, and an end that leaves none half done."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event, Lock

from rosetta_spec.submit.attempt import REFUSED, UNKNOWN
from rosetta_spec.submit.submission import NOT_SENT, not_sent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rosetta_spec.submit.request import Request
    from rosetta_spec.submit.submission import Submission

#: So many unknown outcomes in a row say that the service is ill; each costs somebody a look.
ILL = 5

#: Seconds after which a wait looks up, so that Ctrl-C is heard on every system.
_PACE = 0.2

_FAILED = frozenset({REFUSED, UNKNOWN, NOT_SENT})


class Batch:
    """Sends requests with some threads; `end` may be called by anyone at any time."""

    def __init__(self, jobs: int, *, is_failing_fast: bool) -> None:
        self._jobs = jobs
        self._is_failing_fast = is_failing_fast
        self._ending = Event()
        self._why = ""
        self._lock = Lock()
        self._unknown = 0

    @property
    def is_ending(self) -> bool:
        """Whether nothing more is begun."""
        return self._ending.is_set()

    def end(self, why: str) -> None:
        """Begin nothing more; what is on its way is finished."""
        self._why = self._why or why
        self._ending.set()

    def pause(self, seconds: float) -> bool:
        """Wait, and say whether the run is to end."""
        return self._ending.wait(seconds) if seconds else self.is_ending

    def run(
        self, requests: Iterable[Request], send: Callable[[Request], Submission]
    ) -> Iterator[Submission]:
        """Yield what has come of each request, in their order."""

        def perform(request: Request) -> Submission:
            if self.is_ending:
                return not_sent(request, self._why)
            submission = send(request)
            with self._lock:
                self._learn(submission)
            return submission

        pool = ThreadPoolExecutor(self._jobs)
        try:
            for future in [pool.submit(perform, request) for request in requests]:
                while not future.done():
                    wait([future], _PACE)
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _learn(self, submission: Submission) -> None:
        """End the run where going on would be in vain, or is not wanted."""
        status, meaning = submission.status, submission.meaning
        if submission.was_sent:
            self._unknown = self._unknown + 1 if status == UNKNOWN else 0
        if submission.failure:
            self.end(f"the run was ended: {submission.failure}")
        elif status == REFUSED and meaning and meaning.is_everyones:
            self.end(f"the run was ended: {meaning.cause}, and any other request's would be too")
        elif self._is_failing_fast and status in _FAILED:
            self.end("the run was ended by --fail-fast")
        elif self._unknown >= ILL:
            self.end(f"the run was ended after {ILL} unknown outcomes in a row")
