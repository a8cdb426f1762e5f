"""The Python API: check requests as text, bytes, data or files; the command line uses it too."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path

from rosetta_spec.diagnostic import Applicability, Diagnostic, Report, Severity, Summary
from rosetta_spec.engine.checker import Checker, DocumentReport
from rosetta_spec.engine.diagnostics import FingerprintCounter
from rosetta_spec.fast.formats import FORMATS, format_by_name
from rosetta_spec.files.reading import name_inside, open_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from rosetta_spec.document.values import Json
    from rosetta_spec.spec.rule import Rule

#: What a document is called that has no file.
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
        source: A `Path` is read; `str` and `bytes` are the text of a file, JSON or YAML; anything
            else is the request itself, as data.
        filename: What findings call the source; its ending decides the format unless
            `input_format` does. By default the path, or `-`.
        input_format: `json`, `yaml` or `jsonl`.
        rules: The rules to check, by default all of ours (`builtin_ruleset().rules`).
        ignores: Whether comments in YAML silence findings (`# rosetta-spec: ignore[RS201]`).
        today: The day, in UTC, after which suppressions with an earlier `until` have run out.
            Without one none has, and the answer does not depend on when it is asked for.

    Returns:
        The findings, sorted by document, row, column, code and pointer. Those of data are placed
        in its text as indented JSON. A file that cannot be read is finding RS001.

    Raises:
        DefectError: a rule failed; nothing was found out about the source.
        ValueError: `input_format` is none of the three.
    """
    reports = check_documents(
        source,
        filename=filename,
        input_format=input_format,
        rules=rules,
        ignores=ignores,
        today=today,
    )
    return report_of([reports])


def check_file(path: str | Path, **options: Json) -> Report:
    """Check the file at `path`; `options` are those of `check`."""
    return check(Path(path), **options)


def check_documents(  # noqa: PLR0913 - as above
    source: Json,
    *,
    filename: str | None = None,
    input_format: str | None = None,
    rules: Iterable[Rule] | None = None,
    ignores: bool = True,
    today: date | None = None,
) -> Iterator[DocumentReport]:
    """Check a source document by document, as `check` does; of JSON Lines only one is in memory.

    Findings are sorted within each document.
    """
    format_ = _format_of(input_format)
    name = filename or (source.as_posix() if isinstance(source, Path) else NO_FILE)
    checker = Checker(rules, ignores=ignores, today=today.isoformat() if today else "")
    reports = _reports(checker, source, name, format_ or format_by_name(name_inside(name)))
    repeats = FingerprintCounter()
    for report in reports:
        diagnostics = tuple(map(repeats.counted, report.diagnostics))
        yield report._replace(diagnostics=diagnostics, text=None)


def report_of(files: Iterable[Iterable[DocumentReport]]) -> Report:
    """Put the findings of the documents of several files into one sorted report."""
    diagnostics: list[Diagnostic] = []
    file_count = document_count = suppressed = 0
    for documents in files:
        file_count += 1
        for document in documents:
            document_count += 1
            diagnostics.extend(document.diagnostics)
            suppressed += len(document.suppressed)
    diagnostics.sort(key=lambda diagnostic: diagnostic.sort_key)
    summary = summary_of(diagnostics, file_count, document_count, suppressed)
    return Report(tuple(diagnostics), summary)


def summary_of(
    diagnostics: Iterable[Diagnostic], files: int, documents: int, suppressed: int
) -> Summary:
    """Count findings by severity, and those that have a safe fix."""
    by_severity = Counter(diagnostic.severity for diagnostic in diagnostics)
    fixable = sum(
        any(fix.applicability is Applicability.SAFE for fix in diagnostic.fixes)
        for diagnostic in diagnostics
    )
    return Summary(
        files=files,
        documents=documents,
        errors=by_severity[Severity.ERROR],
        warnings=by_severity[Severity.WARNING],
        infos=by_severity[Severity.INFO],
        fixable=fixable,
        suppressed=suppressed,
    )


def _format_of(input_format: str | None) -> str | None:
    if input_format not in (None, *FORMATS):
        message = f"{input_format!r} is no format; choose one of {', '.join(FORMATS)}"
        raise ValueError(message)
    return input_format


def _reports(
    checker: Checker, source: Json, name: str, format_: str | None
) -> Iterator[DocumentReport]:
    if isinstance(source, Path):
        yield from _file_reports(checker, source, name, format_)
    elif isinstance(source, str | bytes):
        data = source.encode(errors="surrogatepass") if isinstance(source, str) else source
        yield from checker.check_stream(BytesIO(data), name, format_)
    else:
        # Data is the rare case, and only it needs the writer.
        from rosetta_spec.document.data_reader import read_data  # noqa: PLC0415

        yield checker.check_document(read_data(source), name)


def _file_reports(
    checker: Checker, path: Path, name: str, format_: str | None
) -> Iterator[DocumentReport]:
    """Check a file; if it cannot be read, or not to its end, that is the last report."""
    documents = 0
    try:
        with open_file(str(path)) as stream:
            for report in checker.check_stream(stream, name, format_):
                yield report
                documents += 1
    # A path with a NUL in it is a ValueError.
    except (OSError, ValueError) as error:
        yield checker.unreadable(error, name, documents)
