"""Reports of `submit`: results, dry runs and the journal, as text for people and JSON."""

from __future__ import annotations

import re
import shlex
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rosetta_spec.diagnostic import Diagnostic
from rosetta_spec.document.values import Json, json_string
from rosetta_spec.engine.explanation import explain
from rosetta_spec.fast.formats import counted
from rosetta_spec.pointer import Pointer
from rosetta_spec.reporters.json import encode, with_escapes
from rosetta_spec.reporters.style import Style, safe
from rosetta_spec.reporters.text import diagnostic_text
from rosetta_spec.request.schema import endpoint_data
from rosetta_spec.submit.credentials import (
    ACCESS_KEY,
    HASH,
    HEADERS,
    HIDDEN,
    KEY_HEADER,
    SECRET_KEY,
    SIGN_HEADER,
    SIGNED_TEXT,
    TIME_HEADER,
    Credentials,
    Endpoint,
)
from rosetta_spec.submit.journal import Attempt
from rosetta_spec.submit.request import Request, diagnostic_at
from rosetta_spec.submit.response import CREATED, REFUSED, UNKNOWN, Outcome, explanation_of
from rosetta_spec.submit.sending import ALREADY_CREATED, NOT_SENT, Result, SubmitOptions

#: The version of the JSON reports.
_VERSION = 1

#: The order of statuses in a summary.
_ORDER = (CREATED, ALREADY_CREATED, REFUSED, UNKNOWN, NOT_SENT)


def _timestamp(milliseconds: int) -> str:
    """Write a time in milliseconds since the epoch as `2025-03-13 20:00:00 UTC`."""
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(milliseconds / 1000))


def _mark_command(options: SubmitOptions, attempt: int) -> str:
    """Return the command that records that the package of an attempt was found, to fill in."""
    return _command([options.journal], "--mark-created", "ID", "--attempt", str(attempt))


def _command(paths: Sequence[str | None], *arguments: str) -> str:
    """Return a command with the given ones of `--journal`, `--base-url` and `--credentials`."""
    names = ("--journal", "--base-url", "--credentials")
    given = [
        part for name, path in zip(names, paths, strict=False) if path for part in (name, path)
    ]
    return shlex.join(["rosetta-spec", "submit", *given, *arguments])


def result_text(result: Result, options: SubmitOptions, style: Style) -> str:
    """Report one request: one line, or a diagnostic with the next steps."""
    if result.status in {REFUSED, UNKNOWN}:
        steps = _next_steps(result, options) if result.status == UNKNOWN else ""
        return diagnostic_text(_diagnostic(result), style) + steps
    place = safe(f"{result.request.filename}:{result.request.location.row}")
    return f"{place}: {safe(_sentence(result))}\n"


def _diagnostic(result: Result) -> Diagnostic:
    """Show a result at its likely cause."""
    (filename, document, _), outcome = result.request, result.outcome
    explanation = explanation_of(outcome.code)
    likely = (key for key in explanation.keys if key in document.value)
    pointer = next(((key,) for key in likely), _named(document.value, outcome.message))
    cause = f"{explanation.cause} ({outcome.message})" if outcome.message else explanation.cause
    label = explanation.outcome if outcome.code is None else str(outcome.code)
    words = (label, explanation.name, cause, explanation.remedy)
    return diagnostic_at(document, filename, pointer, words)


def _named(value: Mapping[str, Json], message: str) -> Pointer:
    """Return the place of the first and innermost key that a message of the API names, or ()."""
    for key, item in value.items():
        below = _named(item, message) if isinstance(item, dict) else ()
        if below or re.search(rf"\b{re.escape(key)}\b", message):
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
    paths = (options.journal, options.base_url, options.credentials)
    retry = _command(paths, "--retry-unknown", origin.filename)
    names = json_string(origin.annotation_request_id), json_string(origin.pool_name)
    since = _timestamp(result.since)
    rows = (
        f"Attempt {result.attempt} left at {since}. Look on the platform for its package,",
        f"of {endpoint_data()['identification'].format(*names)}.",
        f"  If it is there, note its id:    {_mark_command(options, result.attempt or 0)}",
        f"  If it is not, send it again:    {retry}",
    )
    return "".join(f"{safe(row)}\n" for row in (*rows, ""))


def dry_run_text(request: Request, endpoint: Endpoint, credentials: Credentials) -> str:
    """Show a request as it would be sent, without secrets, and an equivalent curl command."""
    body = with_escapes(request.body.decode())
    signed = {
        KEY_HEADER: credentials.access_key or f"({ACCESS_KEY} is not set)",
        TIME_HEADER: "(the time of sending in milliseconds since 1970)",
        SIGN_HEADER: HIDDEN,
    }
    rows = [
        f"# {request.filename}:{request.location.row}",
        f"# {explain(request.document)}",
        f"{endpoint_data()['method']} {endpoint.url}",
        *(f"{name}: {value}" for name, value in {**HEADERS, **signed}.items()),
        "",
        body,
        "",
        _curl_command(body, endpoint.url),
        "",
    ]
    return "".join(f"{safe(row)}\n" for row in rows)


def _curl_command(body: str, url: str) -> str:
    """Return a shell command that signs as `signature_of` does, and sends the body with curl.

    `printf` is built into the shell, so that the arguments of no process contain the secret.
    """
    variables = {"time": '"$TS"', "secret": f'"${SECRET_KEY}"', "key": f'"${ACCESS_KEY}"'}
    pattern = re.sub(r"\{\w+\}", "%s", SIGNED_TEXT)
    values = " ".join(variables[name] for name in re.findall(r"\{(\w+)\}", SIGNED_TEXT))
    sign = f"$(printf '{pattern}' {values} | openssl {HASH} -r | cut -d' ' -f1)"
    headers = {
        "Content-Type": HEADERS["Content-Type"],
        KEY_HEADER: f"${ACCESS_KEY}",
        TIME_HEADER: "$TS",
        SIGN_HEADER: sign,
    }
    options = "".join(f' --header "{name}: {value}"' for name, value in headers.items())
    return (
        f"TS=$(date +%s)000; curl --silent --show-error{options}"
        f" --data-raw {shlex.quote(body)} {shlex.quote(url)}"
    )


def journal_text(attempts: Iterable[Attempt], options: SubmitOptions) -> str:
    """List attempts, one per line."""
    rows = [
        f"{attempt.number:>4}  {_timestamp(attempt.started)}  {attempt.state:<8}"
        f"  {attempt.filename} (document {attempt.document}){_outcome_text(attempt, options)}"
        for attempt in attempts
    ]
    return "".join(f"{safe(row)}\n" for row in rows) or "Nothing has been sent yet.\n"


def _outcome_text(attempt: Attempt, options: SubmitOptions) -> str:
    if attempt.state == CREATED:
        return f": package {attempt.package_id}"
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
    return submissions_json(
        (
            each.request.filename,
            each.request.document.number,
            each.outcome._replace(message=each.sentence),
        )
        for each in results
    )


def submissions_json(submissions: Iterable[tuple[str, int, Outcome]]) -> str:
    """Write the file name, the number and the outcome of each document of a run as JSON."""
    listed = [
        {
            "filename": filename,
            "document": document,
            "status": outcome.state,
            "code": outcome.code,
            "message": outcome.message,
            "sampling_package_id": _package_id(outcome.package_id),
            "scene_count": outcome.scene_count,
            "request_id": outcome.request_id,
        }
        for filename, document, outcome in submissions
    ]
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
    return f"{encode({'version': _VERSION, key: listed}, indent=2)}\n"


def _package_id(digits: str | None) -> int | str | None:
    """Return an id as the number that the API gives, or unchanged if it is not a number."""
    return int(digits) if digits and digits.isascii() and digits.isdecimal() else digits
