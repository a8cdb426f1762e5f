"""Reports of `submit`: results, dry runs and the journal, as text for people and JSON."""

import re
import shlex
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rosetta_spec.diagnostic import Diagnostic
from rosetta_spec.document.values import Json, json_string
from rosetta_spec.engine.explanation import explain
from rosetta_spec.fast.formats import counted
from rosetta_spec.files.discovery import STDIN, shown_name
from rosetta_spec.pointer import Pointer
from rosetta_spec.reporters.style import Style, encode_indented, safe, with_escapes
from rosetta_spec.reporters.text import diagnostic_text
from rosetta_spec.request.schema import endpoint_data
from rosetta_spec.runner.tasks import CheckOptions
from rosetta_spec.submit.credentials import (
    ACCESS_KEY,
    HEADERS,
    HIDDEN,
    SECRET_KEY,
    SIGNATURE,
    Credentials,
    Endpoint,
)
from rosetta_spec.submit.journal import Attempt, ResendOptions
from rosetta_spec.submit.messages import (
    CREATED,
    REFUSED,
    UNKNOWN,
    Outcome,
    SendableRequest,
    diagnostic_at,
    explanation_of,
)

#: Statuses of a result, besides the states of an attempt.
ALREADY_CREATED = "already-created"
NOT_SENT = "not-sent"
DRY_RUN = "dry-run"

#: The version of the JSON reports.
_VERSION = 1

#: What they say of a document: the keys of its place, then those of its outcome.
_KEYS = (
    *("filename", "document"),
    *("status", "code", "message", "sampling_package_id", "scene_count", "request_id"),
)

#: The order of statuses in a summary.
_ORDER = (CREATED, ALREADY_CREATED, REFUSED, UNKNOWN, NOT_SENT)


class SubmitOptions(NamedTuple):
    """The arguments of `submit`; `check` has those that it shares with `check`.

    `journal` and `credentials` are paths, None for the default journal and the environment.
    """

    check: CheckOptions = CheckOptions()
    base_url: str | None = None
    credentials: str | None = None
    journal: str | None = None
    resend: ResendOptions = ResendOptions()
    jobs: int = 1
    timeout: float = 30.0
    is_confirmed: bool = False
    is_failing_fast: bool = False

    def command(self, *arguments: str) -> str:
        """Return a call that checks and sends in the same way, with other arguments."""
        overrides = self.check.overrides
        given = {
            "--journal": self.journal,
            "--base-url": self.base_url,
            "--credentials": self.credentials,
            "--config": overrides.config,
            "--input-format": self.check.input_format,
            "--stdin-filename": self.check.stdin_filename if STDIN in arguments else None,
        }
        parts = [part for name, value in given.items() if value for part in (name, value)]
        parts += ["--isolated"] if overrides.is_isolated else []
        return command_line(["rosetta-spec", "submit", *parts, *arguments])


def command_line(words: Iterable[str], platform: str = sys.platform) -> str:
    """Write a call as a shell reads it; on Windows, shells have only double quotes in common."""
    if platform == "win32":
        return " ".join(word if word == shlex.quote(word) else f'"{word}"' for word in words)
    return shlex.join(words)


class Result(NamedTuple):
    """What this run did with a request.

    The state of its outcome may also be one of the statuses above. `attempt` is a number in the
    journal and `since` its start, in milliseconds since the epoch; `was_sent` says that this run
    made it. `failure` says why the run cannot go on.
    """

    request: SendableRequest
    outcome: Outcome
    attempt: int | None = None
    since: int = 0
    was_sent: bool = False
    failure: str = ""

    @property
    def status(self) -> str:
        """The state of its outcome."""
        return self.outcome.state


def _timestamp(milliseconds: int) -> str:
    """Write a time in milliseconds since the epoch as `2025-03-13 20:00:00 UTC`."""
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(milliseconds / 1000))


def _mark_command(options: SubmitOptions, attempt: int | None) -> str:
    """Return the command that records that the package of an attempt was found, to fill in."""
    journal_only = SubmitOptions(journal=options.journal)
    return journal_only.command("--mark-created", "ID", "--attempt", str(attempt))


def _rows(rows: Iterable[str]) -> str:
    return "".join(f"{safe(row)}\n" for row in rows)


def result_text(result: Result, options: SubmitOptions, style: Style) -> str:
    """Report one request: one line, or a diagnostic with the next steps."""
    if result.status in {REFUSED, UNKNOWN}:
        steps = _next_steps(result, options) if result.status == UNKNOWN else ""
        return diagnostic_text(_diagnostic(result), style) + steps
    return _rows([f"{_place(result.request)}: {_sentence(result)}"])


def _place(request: SendableRequest) -> str:
    return f"{request.filename}:{request.location.row}"


def _diagnostic(result: Result) -> Diagnostic:
    """Show a result at its likely cause."""
    (filename, document, _), outcome = result.request, result.outcome
    explanation = explanation_of(outcome.code)
    likely = (key for key in explanation.keys if key in document.value)
    pointer = next(((key,) for key in likely), _named(document.value, outcome.message))
    label = explanation.outcome if outcome.code is None else str(outcome.code)
    cause = explanation.with_message(outcome.message)
    words = (label, explanation.name, cause, explanation.remedy)
    return diagnostic_at(document, filename, pointer, words)


def _named(value: Mapping[str, Json], message: str) -> Pointer:
    """Return the place of the first and innermost key that a message of the API names, or ()."""
    for key, item in value.items():
        below = _named(item, message) if isinstance(item, dict) else ()
        # Chinese has no spaces between words.
        if below or re.search(rf"(?a)\b{re.escape(key)}\b", message):
            return (key, *below)
    return ()


def summary_text(results: Iterable[Result]) -> str:
    """Count the results by status."""
    counts = Counter(result.status for result in results)
    listed = [f"{counts[each]} {each.replace('-', ' ')}" for each in _ORDER if counts[each]]
    return f"{', '.join(listed) or 'Nothing to send'}.\n".capitalize()


def _sentence(result: Result) -> str:
    status, _, message, package_id, count, _ = result.outcome
    package = f"package {package_id}" if package_id else "package"
    if status == CREATED:
        scenes = "" if count is None else f" with {counted(count, 'scene')}"
        return f"created {package}{scenes}"
    if status == ALREADY_CREATED:
        since = _timestamp(result.since)
        return f"already created as {package} by attempt {result.attempt} of {since}"
    return f"not sent: {message}"


def _next_steps(result: Result, options: SubmitOptions) -> str:
    origin = result.request.origin
    names = json_string(origin.annotation_request_id), json_string(origin.pool_name)
    left = f"Attempt {result.attempt} was sent at {_timestamp(result.since)}."
    mark = _mark_command(options, result.attempt)
    path = f"./{origin.filename}" if origin.filename.startswith("-") else origin.filename
    again = "send it again:  "
    is_input = origin.filename == shown_name(options.check.stdin_filename or STDIN)
    if is_input and STDIN in options.check.paths:
        path, again = STDIN, "send the same input again:"
    retry = options.command("--retry-unknown", path)
    return _rows(
        [
            f"{left} Look on the platform for a package",
            f"of {endpoint_data()['identification'].format(*names)}.",
            f"  If it is there, record its id:  {mark}",
            f"  If it is not, {again}  {retry}",
            "",
        ]
    )


def dry_run_text(request: SendableRequest, endpoint: Endpoint, credentials: Credentials) -> str:
    """Show a request as it would be sent, without secrets, and an equivalent curl command."""
    body = with_escapes(request.body.decode())
    signed = {
        SIGNATURE["keyHeader"]: credentials.access_key or f"({ACCESS_KEY} is not set)",
        SIGNATURE["timeHeader"]: "(the time of sending in milliseconds since 1970)",
        SIGNATURE["signHeader"]: HIDDEN,
    }
    return _rows(
        [
            f"# {_place(request)}",
            f"# {explain(request.document)}",
            f"{endpoint_data()['method']} {endpoint.url}",
            *(f"{name}: {value}" for name, value in {**HEADERS, **signed}.items()),
            *("", body, ""),
            *(_curl_command(body, endpoint.url), ""),
        ]
    )


def _curl_command(body: str, url: str) -> str:
    """Return a shell command that signs as `signing_headers` does, and sends the body with curl.

    `printf` is built into the shell, so that the arguments of no process contain the secret.
    """
    variables = {"time": '"$TS"', "secret": f'"${SECRET_KEY}"', "key": f'"${ACCESS_KEY}"'}
    pattern = re.sub(r"\{\w+\}", "%s", SIGNATURE["text"])
    values = " ".join(variables[name] for name in re.findall(r"\{(\w+)\}", SIGNATURE["text"]))
    sign = f"$(printf '{pattern}' {values} | openssl {SIGNATURE['hash']} -r | cut -d' ' -f1)"
    headers = {
        "Content-Type": HEADERS["Content-Type"],
        SIGNATURE["keyHeader"]: f"${ACCESS_KEY}",
        SIGNATURE["timeHeader"]: "$TS",
        SIGNATURE["signHeader"]: sign,
    }
    options = "".join(f' --header "{name}: {value}"' for name, value in headers.items())
    return (
        f"TS=$(date +%s)000; curl --silent --show-error{options}"
        f" --data-raw {shlex.quote(body)} {shlex.quote(url)}"
    )


def journal_text(attempts: Iterable[Attempt], options: SubmitOptions) -> str:
    """List attempts, one per line."""
    rows = (
        f"{each.number:>4}  {_timestamp(each.started)}  {each.state:<8}"
        f"  {each.filename} (document {each.document}){_outcome_text(each, options)}"
        for each in attempts
    )
    return _rows(rows) or "Nothing has been sent yet.\n"


def _outcome_text(attempt: Attempt, options: SubmitOptions) -> str:
    if attempt.state == CREATED:
        return f": package {attempt.package_id}" if attempt.package_id else ""
    if attempt.state == REFUSED:
        return f": {attempt.code} {attempt.message}"
    if attempt.followed_by:
        return f": sent again as attempt {attempt.followed_by}"
    if attempt.is_open:
        command = _mark_command(options, attempt.number)
        return f": {attempt.message}; if its package is on the platform, {command}"
    return ""


def results_json(results: Iterable[Result]) -> str:
    """Write the results of a run as JSON."""
    return submissions_json((*each.request.origin[:2], _said(each)) for each in results)


def _said(result: Result) -> Outcome:
    """Return the outcome of a result, with the cause and the remedy in its message."""
    outcome, explanation = result.outcome, explanation_of(result.outcome.code)
    if result.status not in {CREATED, REFUSED, UNKNOWN}:
        return outcome
    cause = explanation.with_message(outcome.message)
    return outcome._replace(message=f"{cause}; {explanation.remedy}")


def submissions_json(submissions: Iterable[tuple[str, int, Outcome]]) -> str:
    """Write the file name, the number and the outcome of each document of a run as JSON."""
    listed = []
    for filename, document, outcome in submissions:
        fields = dict(zip(_KEYS, (filename, document, *outcome), strict=True))
        fields["sampling_package_id"] = _package_id(outcome.package_id)
        listed.append(fields)
    return _json("submissions", listed)


def attempts_json(attempts: Iterable[Attempt]) -> str:
    """Write a journal as JSON."""
    listed = []
    for attempt in attempts:
        fields = attempt._asdict()
        del fields["run"]
        fields["sampling_package_id"] = _package_id(fields.pop("package_id"))
        listed.append(fields)
    return _json("attempts", listed)


def _json(key: str, listed: Sequence[Mapping[str, object]]) -> str:
    return f"{encode_indented({'version': _VERSION, key: listed})}\n"


def _package_id(digits: str | None) -> int | str | None:
    """Return an id as the number that the API gives, or unchanged if it is not a number."""
    return int(digits) if digits and digits.isascii() and digits.isdecimal() else digits
