"""The Python API: check requests given as text, bytes, data or files."""

from collections.abc import Iterable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

from rosetta_spec.diagnostic import MAX_SHOWN, Detail, Diagnostic, Report
from rosetta_spec.document.reader import read_data
from rosetta_spec.document.values import Json
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.diagnostics import DocumentReport, FingerprintCounter
from rosetta_spec.engine.tally import Tally
from rosetta_spec.fast.formats import FORMATS, format_by_name
from rosetta_spec.files.content import name_inside, open_file
from rosetta_spec.files.names import identities, path_of
from rosetta_spec.spec.ruleset import Rule

#: How a document without a file is shown.
NO_FILE = "-"


def check(  # noqa: PLR0913 - each is a choice of its own
    source: Json,
    *,
    filename: str | None = None,
    input_format: str | None = None,
    rules: Iterable[Rule] | None = None,
    ignores: bool = True,
    today: date | None = None,
) -> Report:
    """Check a request.

    Args:
        source: A `Path` of a file, the text of a file as `str` or `bytes`, or the request as
            data.
        filename: The name of the source in findings, by default the path or `-`. Its ending
            decides the format unless `input_format` is given.
        input_format: `json`, `yaml` or `jsonl`.
        rules: The rules to check, by default all built-in ones (`builtin_ruleset().rules`).
        ignores: Whether comments in YAML suppress findings (`# rosetta-spec: ignore[RS201]`).
        today: The current day in UTC. Suppressions with an earlier `until` have expired. By default
            no suppression expires, so that the result does not depend on the time of the call.

    Returns:
        The findings, sorted by document, row, column, code and pointer. For a document with more
        than 10,000 findings, only the first 10,000 are returned; the summary counts all. If
        `source` is data, locations refer to its text as indented JSON. A file that cannot be read
        is reported as RS001.

    Raises:
        DefectError: a rule failed because of a bug.
        ValueError: `input_format` is unknown, or the name has half of a character, which no file
            can have.
    """
    reports = check_documents(
        source,
        filename=filename,
        input_format=input_format,
        rules=rules,
        ignores=ignores,
        today=today,
    )
    diagnostics: list[Diagnostic] = []
    tally = Tally(files=1)
    for report in reports:
        tally.count_document(report)
        diagnostics += report.diagnostics
    diagnostics.sort(key=lambda diagnostic: diagnostic.sort_key)
    return Report(tuple(diagnostics), tally.summary())


def check_file(path: str | Path, **options: Json) -> Report:
    """Check the file at `path`; `options` are those of `check`."""
    return check(Path(path), **options)


def check_documents(  # noqa: PLR0913 - as for `check`
    source: Json,
    *,
    filename: str | None = None,
    input_format: str | None = None,
    rules: Iterable[Rule] | None = None,
    ignores: bool = True,
    today: date | None = None,
    identity: str | None = None,
) -> Iterator[DocumentReport]:
    """Yield the report of each document; only one document of JSON Lines is in memory at a time.

    Findings are sorted within each document. Those beyond 10,000 are only counted, in `omitted`.
    `identity` is the name that fingerprints depend on, by default the path of the file from the
    root of its git repository.
    """
    if input_format not in (None, *FORMATS):
        message = f"{input_format!r} is not a format; choose one of {', '.join(FORMATS)}"
        raise ValueError(message)
    name = filename or (source.as_posix() if isinstance(source, Path) else NO_FILE)
    path = str(source) if isinstance(source, Path) else name
    # Raises for a name with half of a character.
    path_of(path)
    identity_of = identities()
    checker = Checker(
        rules,
        detail=Detail(identity_of=lambda _: identity or identity_of(path), max_findings=MAX_SHOWN),
        ignores=ignores,
        today=today.isoformat() if today else "",
    )
    reports = _reports(checker, source, name, input_format or format_by_name(name_inside(name)))
    fingerprints = FingerprintCounter()
    for report in reports:
        diagnostics = tuple(map(fingerprints.counted, report.diagnostics))
        yield report._replace(diagnostics=diagnostics, document=None)


def _reports(
    checker: Checker, source: Json, name: str, format_: str | None
) -> Iterator[DocumentReport]:
    if isinstance(source, Path):
        yield from checker.check_stream(lambda: open_file(str(source)), name, format_)
    elif isinstance(source, str | bytes):
        data = source.encode(errors="surrogatepass") if isinstance(source, str) else source
        yield from checker.check_stream(lambda: BytesIO(data), name, format_)
    else:
        yield checker.check_document(read_data(source), name)
