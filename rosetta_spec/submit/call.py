"""What a call of `submit` asks for."""

from __future__ import annotations

import shlex
from typing import NamedTuple

from rosetta_spec.runner.call import Call
from rosetta_spec.submit.claim import Wishes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class SubmitCall(NamedTuple):
    """The arguments of `submit`; `check` are those that it shares with `check`.

    `journal` and `credentials` are paths, None for the usual places.
    """

    check: Call = Call()
    base_url: str | None = None
    credentials: str | None = None
    journal: str | None = None
    wishes: Wishes = Wishes()
    jobs: int = 1
    timeout: float = 30.0
    is_confirmed: bool = False
    is_failing_fast: bool = False

    def marking(self, attempt: int, package_id: str) -> str:
        """Return the command that notes that the package of an attempt was found."""
        said = ["--mark-created", package_id, "--attempt", str(attempt)]
        return _command([*self._places(self.journal), *said])

    def retrying(self, filename: str) -> str:
        """Return the command that sends the unknown requests of a file once more."""
        places = self._places(self.journal, self.base_url, self.credentials)
        return _command([*places, "--retry-unknown", filename])

    @staticmethod
    def _places(
        journal: str | None, base_url: str | None = None, credentials: str | None = None
    ) -> Iterable[str]:
        named = {"--journal": journal, "--base-url": base_url, "--credentials": credentials}
        return (part for name, value in named.items() if value for part in (name, value))


def _command(arguments: Iterable[str]) -> str:
    return shlex.join(["rosetta-spec", "submit", *arguments])
