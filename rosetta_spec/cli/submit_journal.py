"""What `submit` does with its journal alone: list it, and note what somebody has found."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

from rosetta_spec.cli.refusal import Refusal
from rosetta_spec.cli.standard_output import write_stdout
from rosetta_spec.cli.submit_reading import read
from rosetta_spec.cli.submit_surroundings import journal_path, now
from rosetta_spec.submit.body import digest_of
from rosetta_spec.submit.journal import Journal
from rosetta_spec.submit.journal_error import JournalError
from rosetta_spec.submit.json_report import attempts_json
from rosetta_spec.submit.listing import journal_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.submit.attempt import Attempt
    from rosetta_spec.submit.call import SubmitCall


def list_attempts(call: SubmitCall) -> int:
    """List what was sent, and what came of it."""
    attempts: list[Attempt] = []
    if _may_be_there(journal_path(call)):
        with open_journal(call) as journal:
            attempts = journal.attempts()
    is_json = call.check.output_format == "json"
    write_stdout(attempts_json(attempts) if is_json else journal_text(attempts, call))
    return 0


def mark_created(call: SubmitCall, package_id: str, number: int | None) -> int:
    """Note that the package of the one open attempt that is meant was found.

    Paths of the call say which requests are meant, a number which attempt.
    """
    path = journal_path(call)
    if not _may_be_there(path):
        message = f"there is no journal {path}; name the one of that run with --journal"
        raise Refusal(message)
    with open_journal(call) as journal:
        meant = [each for each in journal.attempts() if each.is_open]
        if call.check.paths:
            digests = {digest_of(each.body) for each in read(call).requests}
            meant = [each for each in meant if each.digest in digests]
        if number is not None:
            meant = [each for each in meant if each.number == number]
        if len(meant) != 1:
            raise Refusal(_not_one(meant))
        journal.mark_created(meant[0].number, package_id)
    write_stdout(f"Attempt {meant[0].number} has created package {package_id}.\n")
    return 0


def _may_be_there(path: str) -> bool:
    """Whether a journal is there, or nobody can look; to open it tells why then."""
    try:
        Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


@contextmanager
def open_journal(call: SubmitCall) -> Iterator[Journal]:
    """Open the journal of a call.

    Raises:
        Refusal: it cannot be used, or not any more.
    """
    try:
        with Journal(journal_path(call), now) as journal:
            yield journal
    except JournalError as error:
        raise Refusal(str(error)) from error


def _not_one(meant: list[Attempt]) -> str:
    if not meant:
        return "no attempt that is meant has an unknown outcome; `submit --status` lists them all"
    numbers = ", ".join(f"{each.number} ({each.filename})" for each in meant)
    return f"the outcomes of several attempts are unknown: {numbers}; say which by --attempt N"
