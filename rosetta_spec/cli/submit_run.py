"""What `submit` does: check and send requests, show a dry run, list or update the journal."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import FrameType

import click

from rosetta_spec.cli import FINDINGS, INTERRUPTED, UNKNOWN_OUTCOME, USAGE_ERROR
from rosetta_spec.cli.output import CommandError, style_of_stdout, warn, write_stdout
from rosetta_spec.cli.progress import SendingProgress
from rosetta_spec.cli.run import standard_input, today
from rosetta_spec.fast.formats import counted
from rosetta_spec.reporters.style import Style, safe
from rosetta_spec.reporters.text import report
from rosetta_spec.runner.tasks import configured_sources
from rosetta_spec.submit.credentials import ACCESS_KEY, credentials_in, endpoint_in, load_settings
from rosetta_spec.submit.journal import SENDING, Attempt, Journal
from rosetta_spec.submit.journal_file import default_journal
from rosetta_spec.submit.report import (
    attempts_json,
    dry_run_text,
    journal_text,
    result_text,
    results_json,
    submissions_json,
    summary_text,
)
from rosetta_spec.submit.request import (
    CheckedRequests,
    Identity,
    Request,
    digest_of,
    read_requests,
)
from rosetta_spec.submit.response import REFUSED, UNKNOWN, Outcome, Response
from rosetta_spec.submit.sending import DRY_RUN, NOT_SENT, Batch, Result, Sender, SubmitOptions

_INTERRUPTED = (
    b"\ninterrupted: what is on its way is waited for, nothing more is sent."
    b" Interrupt once more to leave it; its outcome is unknown then.\n"
)


def list_attempts(options: SubmitOptions) -> int:
    """List every attempt and its outcome."""
    path = _journal_path(options)
    attempts: list[Attempt] = []
    if _may_exist(path):
        with closing(Journal(path, _now)) as journal:
            attempts = journal.attempts()
    is_json = options.check.output_format == "json"
    write_stdout(attempts_json(attempts) if is_json else journal_text(attempts, options))
    return 0


def mark_created(options: SubmitOptions, package_id: str, number: int | None) -> int:
    """Record that the package of an attempt with an unknown outcome was found.

    The attempt is chosen by the requests of the call's paths and by its number, if given.
    """
    path = _journal_path(options)
    if not _may_exist(path):
        message = f"there is no journal {path}; name the journal of that run with --journal"
        raise CommandError(message)
    with closing(Journal(path, _now)) as journal:
        chosen = [each for each in journal.attempts() if each.is_open]
        if options.check.paths:
            digests = {digest_of(each.body) for each in _read(options).requests}
            chosen = [each for each in chosen if each.digest in digests]
        if number is not None:
            chosen = [each for each in chosen if each.number == number]
        if len(chosen) != 1:
            raise CommandError(_not_one(chosen))
        journal.mark_created(chosen[0].number, package_id)
    write_stdout(f"Attempt {chosen[0].number} has created package {package_id}.\n")
    return 0


def _not_one(chosen: list[Attempt]) -> str:
    if not chosen:
        return "no such attempt has an unknown outcome; `submit --status` lists all attempts"
    numbers = ", ".join(f"{each.number} ({each.filename})" for each in chosen)
    return f"the outcomes of several attempts are unknown: {numbers}; choose one with --attempt N"


def dry_run(options: SubmitOptions) -> int:
    """Show the requests that would be sent."""
    settings, where = load_settings(os.environ, options.credentials)
    endpoint = endpoint_in(settings, where, options.base_url)
    checked = _read(options)
    status = _report_findings(checked, options)
    if status is not None:
        return status
    if options.check.output_format == "json":
        outcome = Outcome(DRY_RUN, message=f"this would be sent to {endpoint.url}")
        write_stdout(results_json(Result(each, outcome) for each in checked.requests))
    else:
        access_key = settings.get(ACCESS_KEY)
        texts = (dry_run_text(each, endpoint, access_key) for each in checked.requests)
        write_stdout("".join(texts))
    return 0


def send(options: SubmitOptions) -> int:
    """Check, sign and send requests.

    Raises:
        SubmitError: nothing can be sent.
        click.Abort: the user was asked and declined.
    """
    # Reading standard input to its end closes it, so this is found out first.
    has_terminal = sys.stdin.isatty(), sys.stderr.isatty()
    settings, where = load_settings(os.environ, options.credentials)
    endpoint = endpoint_in(settings, where, options.base_url)
    credentials = credentials_in(settings, where)
    try:
        # httpx is an optional dependency.
        from rosetta_spec.submit.client import Client  # noqa: PLC0415
    except ModuleNotFoundError as error:
        message = "sending needs httpx; install it with: pip install 'rosetta-spec[submit]'"
        raise CommandError(message) from error

    def identity_of(request: Request) -> Identity:
        return Identity(endpoint.url, credentials.access_key, digest_of(request.body))

    with closing(Client(endpoint, credentials, _now, timeout=options.timeout)) as client:
        checked = _read(options)
        status = _report_findings(checked, options)
        if status is not None:
            return status
        with closing(Journal(_journal_path(options), _now)) as journal:
            identities = {identity_of(request) for request in checked.requests}
            blocking = [journal.blocking(each, options.resend) for each in identities]
            waiting = sum(each is None or each.state == SENDING for each in blocking)
            if waiting and not options.is_confirmed and any(has_terminal):
                total = len(checked.requests)
                _confirm(waiting, total, endpoint.host, can_answer=all(has_terminal))
            return _send(checked.requests, options, journal, client.post, identity_of)


def _confirm(waiting: int, total: int, host: str, *, can_answer: bool) -> None:
    """Ask the user. In CI, without a terminal, the call itself is the confirmation."""
    if not can_answer:
        message = "there is no terminal to ask for confirmation; use --yes to send"
        raise CommandError(message)
    rest = f" ({total - waiting} of {total} are known already)" if waiting < total else ""
    if not click.confirm(f"Send {counted(waiting, 'request')} to {host}{rest}?", err=True):
        sys.stderr.write("Nothing is sent.\n")
        raise click.Abort


def _send(
    requests: list[Request],
    options: SubmitOptions,
    journal: Journal,
    post: Callable[[bytes], Response],
    identity_of: Callable[[Request], Identity],
) -> int:
    batch = Batch(options.jobs, is_failing_fast=options.is_failing_fast)
    patience = 2 * options.timeout + 10
    sender = Sender(journal, post, identity_of, options.resend, batch.pause, patience=patience)
    results: list[Result] = []
    is_text = options.check.output_format == "text"
    progress = SendingProgress(len(requests))
    style = style_of_stdout(options.check.color)
    with _ended_by_signals(batch) as signals:
        for result in batch.run(requests, sender.send):
            results.append(result)
            progress.hide()
            if is_text:
                write_stdout(result_text(result, options, style))
            elif result.status == UNKNOWN:
                # The next steps are for people.
                sys.stderr.write(result_text(result, options, Style()))
            progress.show(len(results))
        progress.hide()
    write_stdout(summary_text(results) if is_text else results_json(results))
    return _exit_status(results, is_interrupted=bool(signals))


@contextmanager
def _ended_by_signals(batch: Batch) -> Iterator[list[int]]:
    """End the batch at the first Ctrl-C or SIGTERM; the second raises `KeyboardInterrupt`.

    Yields the list to which the received signal is added.
    """
    received: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        if received:
            raise KeyboardInterrupt
        received.append(number)
        batch.end("the run was interrupted")
        # Python's own streams may be in the middle of a write.
        with suppress(OSError, ValueError, AttributeError):
            os.write(sys.stderr.fileno(), _INTERRUPTED)

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    # A process in the background may ignore them.
    changed = [number for number in before if before[number] is not signal.SIG_IGN]
    for number in changed:
        signal.signal(number, end)
    try:
        yield received
    finally:
        for number in changed:
            signal.signal(number, before[number])


def _exit_status(results: Iterable[Result], *, is_interrupted: bool) -> int:
    """Return the most serious status, and report failures."""
    failures = dict.fromkeys(each.failure for each in results if each.failure)
    for failure in failures:
        sys.stderr.write(f"error: {safe(failure)}\n")
    statuses = {result.status for result in results}
    if UNKNOWN in statuses:
        return UNKNOWN_OUTCOME
    if is_interrupted:
        return INTERRUPTED
    if failures:
        return USAGE_ERROR
    return FINDINGS if REFUSED in statuses else 0


def _read(options: SubmitOptions) -> CheckedRequests:
    sources, settings = configured_sources(options.check, warn)
    check = options.check._replace(today=today())
    return read_requests(sources, settings, check, standard_input)


def _report_findings(checked: CheckedRequests, options: SubmitOptions) -> int | None:
    """Report the findings as `check` does; return the exit status if they prevent sending."""
    is_blocked = checked.tally.failing > 0
    is_json = options.check.output_format == "json"
    if checked.diagnostics:
        to_stdout = is_blocked and not is_json
        style = style_of_stdout(options.check.color) if to_stdout else Style()
        text = "".join(report(checked.diagnostics, checked.tally, style))
        if to_stdout:
            write_stdout(text)
        else:
            sys.stderr.write(text)
            sys.stderr.flush()
    if not is_blocked:
        return None
    if is_json:
        count = checked.tally.failing
        found = f"{counted(count, 'error')} {'was' if count == 1 else 'were'} found"
        outcome = Outcome(NOT_SENT, message=f"nothing is sent, because {found}")
        write_stdout(submissions_json((*each, outcome) for each in checked.documents))
    return USAGE_ERROR if checked.tally.has_unreadable else FINDINGS


def _journal_path(options: SubmitOptions) -> str:
    return options.journal or str(default_journal(os.environ, sys.platform, Path.home()))


def _may_exist(path: str) -> bool:
    """Return whether a journal exists; if that cannot be found out, opening it reports why."""
    try:
        Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        pass
    return True


def _now() -> int:
    """Return the time in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000
