"""Do what a call of `submit` asks for: check everything, ask, send, and give the exit status."""

from __future__ import annotations

import sys
from contextlib import closing

import click

from rosetta_spec.cli.interruption import Interruption
from rosetta_spec.cli.progress import SendingProgress
from rosetta_spec.cli.refusal import Refusal
from rosetta_spec.cli.standard_output import write_stdout
from rosetta_spec.cli.submit_journal import open_journal
from rosetta_spec.cli.submit_reading import read, report_findings
from rosetta_spec.cli.submit_surroundings import client_for, credentials_for, endpoint_for
from rosetta_spec.cli.terminal import style_of_stdout
from rosetta_spec.reporters.style import Style, safe
from rosetta_spec.submit.attempt import REFUSED, UNKNOWN
from rosetta_spec.submit.batch import Batch
from rosetta_spec.submit.claim import Known
from rosetta_spec.submit.dry_run import dry_run_text
from rosetta_spec.submit.json_report import blocked_json, submissions_json
from rosetta_spec.submit.submission import DRY_RUN, Submission
from rosetta_spec.submit.text import submission_text, summary_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rosetta_spec.submit.attempt import Identity
    from rosetta_spec.submit.call import SubmitCall
    from rosetta_spec.submit.client import Client
    from rosetta_spec.submit.endpoint import Endpoint
    from rosetta_spec.submit.journal import Journal
    from rosetta_spec.submit.reading import Reading
    from rosetta_spec.submit.request import Request

REFUSED_STATUS = 1
FAILED_STATUS = 2
UNKNOWN_STATUS = 4
INTERRUPTED_STATUS = 130


def dry_run(call: SubmitCall) -> int:
    """Show what would be sent."""
    endpoint, access_key = endpoint_for(call)
    reading = read(call)
    status = _status_of_findings(reading, call)
    if status is not None:
        return status
    if call.check.output_format == "json":
        said = f"this would be sent to {endpoint.url}"
        write_stdout(
            submissions_json(Submission(each, DRY_RUN, said=said) for each in reading.requests)
        )
    else:
        write_stdout("".join(dry_run_text(each, endpoint, access_key) for each in reading.requests))
    return 0


def run_submit(call: SubmitCall) -> int:
    """Check, sign, send.

    Raises:
        Refusal: it cannot be done as it is.
        click.Abort: somebody was asked, and does not want it.
    """
    # What is read from standard input is gone afterwards, and so is the question who is there.
    is_there = sys.stdin.isatty(), sys.stderr.isatty()
    endpoint, _ = endpoint_for(call)
    credentials = credentials_for(call)

    def identity_of(request: Request) -> Identity:
        return request.identity(endpoint, credentials)

    with closing(client_for(call, endpoint, credentials)) as client:
        reading = read(call)
        status = _status_of_findings(reading, call)
        if status is not None:
            return status
        with open_journal(call) as journal:
            waiting = _count_waiting(reading, call, journal, identity_of)
            if waiting and not call.is_confirmed and any(is_there):
                _confirm(waiting, len(reading.requests), endpoint, can_answer=all(is_there))
            return _send(reading.requests, call, journal, client, identity_of)


def _status_of_findings(reading: Reading, call: SubmitCall) -> int | None:
    """Tell what was found, and the exit status if it speaks against sending."""
    is_blocked = reading.tally.failing > 0
    is_json = call.check.output_format == "json"
    if reading.diagnostics:
        to_stdout = is_blocked and not is_json
        style = style_of_stdout(call.check.color) if to_stdout else Style()
        report_findings(reading, style, to_stdout=to_stdout)
    if not is_blocked:
        return None
    if is_json:
        count = reading.tally.failing
        found = "1 error was found" if count == 1 else f"{count} errors were found"
        write_stdout(blocked_json(reading.places, f"nothing is sent, as {found}"))
    return FAILED_STATUS if reading.tally.has_unreadable else REFUSED_STATUS


def _count_waiting(
    reading: Reading, call: SubmitCall, journal: Journal, identity_of: Callable[[Request], Identity]
) -> int:
    """Count what is to be sent as far as the journal knows, the same request once."""
    identities = {identity_of(request) for request in reading.requests}
    return sum(
        not isinstance(journal.known(identity, call.wishes), Known) for identity in identities
    )


def _confirm(waiting: int, total: int, endpoint: Endpoint, *, can_answer: bool) -> None:
    """Ask whoever is there. Where nobody is, as in CI, the call itself says what is wanted."""
    if not can_answer:
        message = "somebody may be there who cannot be asked; say --yes to send"
        raise Refusal(message)
    count = "1 request" if waiting == 1 else f"{waiting} requests"
    rest = f" ({total - waiting} of {total} are known already)" if waiting < total else ""
    if not click.confirm(f"Send {count} to {endpoint.host}{rest}?", err=True):
        sys.stderr.write("Nothing is sent.\n")
        raise click.Abort


def _send(
    requests: list[Request],
    call: SubmitCall,
    journal: Journal,
    client: Client,
    identity_of: Callable[[Request], Identity],
) -> int:
    # Only who sends needs the extra.
    from rosetta_spec.submit.sender import Sender  # noqa: PLC0415

    batch = Batch(call.jobs, is_failing_fast=call.is_failing_fast)
    patience = 2 * call.timeout + 10
    sender = Sender(journal, client, identity_of, call.wishes, batch.pause, patience=patience)
    submissions: list[Submission] = []
    is_text = call.check.output_format == "text"
    progress = SendingProgress(len(requests))
    style = style_of_stdout(call.check.color)
    with Interruption(batch.end) as interruption:
        for submission in batch.run(requests, sender.send):
            submissions.append(submission)
            progress.hide()
            if is_text:
                write_stdout(submission_text(submission, call, style))
            elif submission.status == UNKNOWN:
                # What is to be done now is for people.
                sys.stderr.write(submission_text(submission, call, Style()))
            progress.show(len(submissions))
        progress.hide()
    write_stdout(summary_text(submissions) if is_text else submissions_json(submissions))
    return _status_of(submissions, is_interrupted=interruption.has_come)


def _status_of(submissions: Iterable[Submission], *, is_interrupted: bool) -> int:
    """Return the status of the gravest that has happened, and say what has failed."""
    failures = dict.fromkeys(each.failure for each in submissions if each.failure)
    for failure in failures:
        sys.stderr.write(f"error: {safe(failure)}\n")
    statuses = {submission.status for submission in submissions}
    if UNKNOWN in statuses:
        return UNKNOWN_STATUS
    if is_interrupted:
        return INTERRUPTED_STATUS
    if failures:
        return FAILED_STATUS
    return REFUSED_STATUS if REFUSED in statuses else 0
