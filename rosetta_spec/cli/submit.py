"""`rosetta-spec submit`: check, sign and send requests, and look after the journal."""

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from math import isnan
from pathlib import Path
from types import FrameType
from typing import Any

import click

from rosetta_spec.cli import FINDINGS, INTERRUPTED, UNKNOWN_OUTCOME, USAGE_ERROR, options
from rosetta_spec.cli.options import config_options
from rosetta_spec.cli.run import today
from rosetta_spec.cli.terminal import CommandError, Progress, needing, style_of_stdout, warn
from rosetta_spec.engine.explanation import explain
from rosetta_spec.engine.tally import Tally
from rosetta_spec.fast.formats import counted
from rosetta_spec.reporters import detail_for
from rosetta_spec.reporters.style import Style, safe
from rosetta_spec.reporters.text import report
from rosetta_spec.runner.tasks import CheckOptions, checked_documents, configured_sources
from rosetta_spec.submit import report as reports
from rosetta_spec.submit.credentials import SubmitError, load_account
from rosetta_spec.submit.journal import (
    SENDING,
    Journal,
    ResendOptions,
    default_journal,
    read_attempts,
)
from rosetta_spec.submit.messages import (
    REFUSED,
    UNKNOWN,
    CheckedRequests,
    Outcome,
    SendableRequest,
    digest_of,
    read_requests,
)
from rosetta_spec.submit.sending import Sender

#: Options that `check` has too.
_SHARED = ("output_format", "input_format", "stdin_filename", "config", "is_isolated", "color")


_INTERRUPTED = (
    b"\ninterrupted: waiting for the requests in progress; no more are sent."
    b" Press Ctrl-C again to stop waiting; their outcome is then unknown.\n"
)

#: The maximum number of requests that are explained before the user is asked.
_MAX_EXPLAINED = 10


@click.command(name="submit")
@options.paths
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option("-y", "--yes", "is_confirmed", is_flag=True, help="Do not ask before sending.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1, max=64),
    default=1,
    show_default=True,
    metavar="N",
    help="How many requests may be in progress at the same time.",
)
@click.option(
    "--fail-fast",
    "is_failing_fast",
    is_flag=True,
    help="Stop after the first request that was not created.",
)
@click.option(
    "--again", is_flag=True, help="Also send requests whose package was created by an earlier run."
)
@click.option(
    "--retry-unknown",
    is_flag=True,
    help="Also send requests of earlier runs whose outcome is unknown.",
)
@click.option("--status", is_flag=True, help="List what was sent, with the outcomes.")
@click.option(
    "--mark-created",
    "package_id",
    metavar="ID",
    help="Record that the package of an unknown outcome is on the platform, with this id.",
)
@click.option("--attempt", type=int, metavar="N", help="The attempt that --mark-created refers to.")
@click.option(
    "--base-url",
    metavar="URL",
    help="Where to send requests; takes precedence over ROSETTA_BASE_URL.",
)
@click.option(
    "--credentials",
    type=options.FILE,
    metavar="FILE",
    help="Read the keys from a file that only you can read, instead of the environment.",
)
@click.option(
    "--journal", type=options.FILE, metavar="FILE", help="Record what was sent in this file."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=3600),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="How long a response may take.",
)
@options.text_or_json
@options.input_format
@options.stdin_filename
@config_options
@options.color
def command(  # noqa: PLR0913 - click passes every option as a parameter
    *,
    paths: tuple[str, ...],
    dry_run: bool,
    status: bool,
    package_id: str | None,
    attempt: int | None,
    again: bool,
    retry_unknown: bool,
    **options: Any,  # noqa: ANN401 - checked by click
) -> int:
    """Check and sign requests, and send each one once.

    PATHS are as in `check`. Nothing is sent if any document has an error. A journal records what
    was sent, so that the next call does not send requests again if their package was created or if
    their outcome is unknown. ROSETTA_BASE_URL, ROSETTA_ACCESS_KEY and ROSETTA_SECRET_KEY set the
    address and the keys.

    \b
    Exit status:
      0    all packages are created, now or before
      1    there are errors, or the API refused a request
      2    a usage error, invalid configuration or journal, or nothing can be sent
      4    an outcome is unknown
      130  interrupted
    """  # noqa: D301 - click needs the backspace to keep the lines below it
    wrong = {
        # click accepts it in every range.
        "--timeout nan is not a number of seconds": isnan(options["timeout"]),
        f"{package_id!r} is not a package id; those are numbers such as 5888": (
            package_id is not None and not re.fullmatch("[0-9]{1,100}", package_id)
        ),
        "--dry-run, --status and --mark-created cannot be used together; keep one": (
            dry_run + status + bool(package_id) > 1
        ),
        "--attempt selects the attempt for --mark-created; use both": (
            attempt is not None and not package_id
        ),
        "--status lists the whole journal; remove the paths": status and paths,
        "nothing to send; name files, folders, or -": not (paths or status or package_id),
    }
    for message in filter(wrong.get, wrong):
        raise click.UsageError(message)
    check = CheckOptions.of(paths=paths, **{name: options.pop(name) for name in _SHARED})
    call = reports.SubmitOptions(check, resend=ResendOptions(again, retry_unknown), **options)
    try:
        if status:
            return _list_attempts(call)
        if package_id:
            return _mark_created(call, package_id, attempt)
        return _dry_run(call) if dry_run else _check_and_send(call)
    except SubmitError as error:
        *others, last = error.args
        for message in others:
            sys.stderr.write(f"error: {safe(message)}\n")
        raise CommandError(last) from error


def _list_attempts(options: reports.SubmitOptions) -> int:
    path = _journal_path(options)
    exists = _may_exist(path)
    if options.journal and not exists:
        warn(_no_journal(path))
    attempts = read_attempts(path) if exists else []
    if options.check.output_format == "json":
        sys.stdout.write(reports.attempts_json(attempts))
    else:
        sys.stdout.write(reports.journal_text(attempts, options))
    return 0


def _mark_created(options: reports.SubmitOptions, package_id: str, number: int | None) -> int:
    """Record that the package of an attempt with an unknown outcome was found.

    The attempt is chosen by the requests of the call's paths and by its number, if given.
    """
    path = _journal_path(options)
    if not _may_exist(path):
        raise CommandError(_no_journal(path))
    chosen = [each for each in read_attempts(path) if each.is_open]
    if options.check.paths:
        digests = {digest_of(each.body) for each in _read(options).requests}
        chosen = [each for each in chosen if each.digest in digests]
    if number is not None:
        chosen = [each for each in chosen if each.number == number]
    if len(chosen) != 1:
        message = "no such attempt has an unknown outcome; `submit --status` lists all attempts"
        if chosen:
            numbers = ", ".join(f"{each.number} ({each.filename})" for each in chosen)
            message = (
                f"the outcomes of several attempts are unknown: {numbers};"
                " choose one with --attempt N"
            )
        raise CommandError(message)
    with closing(Journal(path, _now)) as journal:
        journal.mark_created(chosen[0].number, package_id)
    sys.stdout.write(f"Attempt {chosen[0].number} created package {package_id}.\n")
    return 0


def _dry_run(options: reports.SubmitOptions) -> int:
    endpoint, credentials = load_account(
        os.environ, options.credentials, options.base_url, needs_keys=False
    )
    requests = _read_and_check(options)
    if options.check.output_format == "json":
        outcome = Outcome(reports.DRY_RUN, message=f"this would be sent to {endpoint.url}")
        sys.stdout.write(reports.results_json(reports.Result(each, outcome) for each in requests))
    else:
        sys.stdout.writelines(
            reports.dry_run_text(each, endpoint, credentials) for each in requests
        )
    return 0


def _check_and_send(options: reports.SubmitOptions) -> int:
    """Check, sign and send requests.

    Raises:
        SubmitError: nothing can be sent.
        click.Abort: the user was asked and declined.
    """
    # Reading standard input to its end closes it, so this is found out first.
    has_terminal = sys.stdin.isatty(), sys.stderr.isatty()
    endpoint, credentials = load_account(
        os.environ, options.credentials, options.base_url, needs_keys=True
    )
    with needing("sending", "httpx", "submit"):
        from rosetta_spec.submit.client import Client  # noqa: PLC0415 - loads httpx
    client = Client(endpoint, credentials, _now, os.environ, timeout=options.timeout)
    with closing(client):
        requests = _read_and_check(options)
        with closing(Journal(_journal_path(options), _now)) as journal:
            identities = {client.identity_of(each) for each in requests}
            blocking = [journal.blocking(each, options.resend) for each in identities]
            waiting = sum(each is None or each.state == SENDING for each in blocking)
            if waiting and not options.is_confirmed and any(has_terminal):
                _confirm(requests, waiting, endpoint.host, can_answer=all(has_terminal))
            patience = 2 * options.timeout + 10
            sender = Sender(journal, client.post, client.identity_of, options, patience)
            return _send(sender, requests, options)


def _confirm(requests: list[SendableRequest], waiting: int, host: str, *, can_answer: bool) -> None:
    """Say what is asked for, and ask the user. In CI the call itself is the confirmation."""
    if not can_answer:
        message = "there is no terminal to ask for confirmation; use --yes to send"
        raise CommandError(message)
    total = len(requests)
    for request in requests[:_MAX_EXPLAINED]:
        sys.stderr.write(safe(f"{request.filename}: {explain(request.document)}") + "\n")
    if total > _MAX_EXPLAINED:
        sys.stderr.write(f"and {counted(total - _MAX_EXPLAINED, 'more request')}\n")
    rest = f" ({total - waiting} of {total} are known already)" if waiting < total else ""
    try:
        is_wanted = click.confirm(f"Send {counted(waiting, 'request')} to {host}{rest}?", err=True)
    except click.Abort:
        # Instead of an answer, Ctrl-C or Ctrl-D was pressed.
        sys.stderr.write("\n")
        is_wanted = False
    if not is_wanted:
        sys.stderr.write("Nothing is sent.\n")
        raise click.Abort


def _send(sender: Sender, requests: list[SendableRequest], options: reports.SubmitOptions) -> int:
    """Send requests, report each result, and return the exit status."""
    results: list[reports.Result] = []
    is_text = options.check.output_format == "text"
    progress = Progress(lambda: len(requests))
    style = style_of_stdout(options.check.color)
    is_abandoned = False

    def show(result: reports.Result) -> None:
        results.append(result)
        progress.hide()
        if is_text:
            sys.stdout.write(reports.result_text(result, options, style))
            sys.stdout.flush()
        elif result.status == UNKNOWN:
            # The next steps are for people.
            sys.stderr.write(reports.result_text(result, options, Style()))
        progress.add(1, documents=1)

    try:
        with _ended_by_signals(sender) as signals:
            for result in sender.run(requests):
                show(result)
    except KeyboardInterrupt:
        is_abandoned = True
        for result in sender.abandoned(len(results)):
            show(result)
    finally:
        progress.hide()
        summary = reports.summary_text if is_text else reports.results_json
        sys.stdout.write(summary(results))
        sys.stdout.flush()
    if is_abandoned:
        # Python would wait for the threads that send.
        sys.stderr.flush()
        os._exit(INTERRUPTED)
    return _exit_status(results, is_interrupted=bool(signals))


def _exit_status(results: list[reports.Result], *, is_interrupted: bool) -> int:
    """Report why the run could not go on, and return the most serious exit status."""
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


@contextmanager
def _ended_by_signals(sender: Sender) -> Iterator[list[int]]:
    """End the run at the first Ctrl-C or SIGTERM; the second raises `KeyboardInterrupt`.

    Yields the list to which the received signal is added.
    """
    received: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        if received:
            raise KeyboardInterrupt
        received.append(number)
        sender.end("the run was interrupted")
        # Python's own streams may be in the middle of a write.
        with suppress(OSError, ValueError, AttributeError):
            os.write(sys.stderr.fileno(), _INTERRUPTED)

    # A process in the background may ignore them.
    signals = (signal.SIGINT, signal.SIGTERM)
    heeded = [number for number in signals if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, end) for number in heeded}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _read(options: reports.SubmitOptions) -> CheckedRequests:
    found = configured_sources(options.check, warn)
    check, tally = options.check._replace(today=today()), Tally()
    return read_requests(checked_documents(found, check, tally, detail_for(["text"])), tally)


def _read_and_check(options: reports.SubmitOptions) -> list[SendableRequest]:
    """Read and check the requests, and report the findings as `check` does.

    Raises:
        click.exceptions.Exit: the findings prevent sending.
    """
    found, is_json = _read(options), options.check.output_format == "json"
    count = found.tally.failing
    if found.diagnostics:
        to_stdout = count and not is_json
        style = style_of_stdout(options.check.color) if to_stdout else Style()
        text = "".join(report(found.diagnostics, found.tally, style))
        (sys.stdout if to_stdout else sys.stderr).write(text)
    if not count:
        return found.requests
    if is_json:
        errors = f"{counted(count, 'error')} {'was' if count == 1 else 'were'} found"
        outcome = Outcome(reports.NOT_SENT, message=f"nothing is sent, because {errors}")
        sys.stdout.write(reports.submissions_json((*each, outcome) for each in found.documents))
    raise click.exceptions.Exit(FINDINGS if found.tally.is_complete else USAGE_ERROR)


def _journal_path(options: reports.SubmitOptions) -> str:
    if options.journal:
        return options.journal
    try:
        return str(default_journal(os.environ, sys.platform, Path.home()))
    except RuntimeError as error:
        message = "this user has no home folder for the journal; name a journal with --journal"
        raise CommandError(message) from error


def _no_journal(path: str) -> str:
    return f"there is no journal {path}; name the journal of that run with --journal"


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
