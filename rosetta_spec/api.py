"""The Python API: check requests as text, bytes, data or files; the command line uses it too."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rosetta_spec.diagnostic import Applicability, Diagnostic, Report, Severity, Summary
from rosetta_spec.document.reader import (
    Format,
    format_by_name,
    read_documents,
    unreadable,
    why_unreadable,
)
from rosetta_spec.engine import check_document
from rosetta_spec.record import NamedTuple
from rosetta_spec.spec.ruleset import builtin_ruleset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from rosetta_spec.document.node import Document
    from rosetta_spec.document.plain import Json
    from rosetta_spec.spec.rule import Rule

#: What a document is called that has no file.
NO_FILE = "-"


class DocumentReport(NamedTuple):
    """The findings of one document; `number` counts from 0 in its file."""

    number: int
    diagnostics: tuple[Diagnostic, ...]


def check(
    source: Json,
    *,
    filename: str | None = None,
    input_format: str | None = None,
    rules: Iterable[Rule] | None = None,
) -> Report:
    """Check a request.

    Args:
        source: A `Path` is read; `str` and `bytes` are the text of a file, JSON or YAML; anything
            else is the request itself, as data.
        filename: What findings call the source; its ending decides the format unless
            `input_format` does. By default the path, or `-`.
        input_format: `json`, `yaml` or `jsonl`.
        rules: The rules to check, by default all of ours (`builtin_ruleset().rules`).

    Returns:
        The findings, sorted by document, row, column, code and pointer. Those of data are placed
        in its text as indented JSON. A file that cannot be read is finding RS001.

    Raises:
        DefectError: a rule failed; nothing was found out about the source.
        ValueError: `input_format` is none of the three.
    """
    reports = check_documents(source, filename=filename, input_format=input_format, rules=rules)
    return report_of([reports])


def check_file(path: str | Path, **options: Json) -> Report:
    """Check the file at `path`; `options` are those of `check`."""
    return check(Path(path), **options)


def check_documents(
    source: Json,
    *,
    filename: str | None = None,
    input_format: str | None = None,
    rules: Iterable[Rule] | None = None,
) -> Iterator[DocumentReport]:
    """Check a source document by document, as `check` does; of JSON Lines only one is in memory.

    Findings are sorted within each document.
    """
    format_ = None if input_format is None else Format(input_format)
    name = filename or (source.as_posix() if isinstance(source, Path) else NO_FILE)
    chosen = tuple(builtin_ruleset().rules if rules is None else rules)
    return _checked(_documents(source, name, format_), name, chosen)


def check_stream(
    stream: BinaryIO, *, filename: str, input_format: str | None, rules: Iterable[Rule]
) -> Iterator[DocumentReport]:
    """Check what an open binary stream holds, document by document."""
    format_ = Format(input_format) if input_format else format_by_name(filename)
    documents = read_documents(stream, format_)
    return _checked(documents, filename, tuple(rules))


def report_of(files: Iterable[Iterable[DocumentReport]]) -> Report:
    """Put the findings of the documents of several files into one sorted report."""
    diagnostics: list[Diagnostic] = []
    file_count = document_count = 0
    for documents in files:
        file_count += 1
        for document in documents:
            document_count += 1
            diagnostics.extend(document.diagnostics)
    diagnostics.sort(key=lambda diagnostic: diagnostic.sort_key)
    return Report(tuple(diagnostics), summary_of(diagnostics, file_count, document_count))


def summary_of(diagnostics: Iterable[Diagnostic], files: int, documents: int) -> Summary:
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
        suppressed=0,
    )


def _checked(
    documents: Iterable[Document], filename: str, rules: tuple[Rule, ...]
) -> Iterator[DocumentReport]:
    repeats: Counter[str] = Counter()
    for document in documents:
        found = check_document(document, rules, filename=filename, repeats=repeats)
        yield DocumentReport(document.number, tuple(found))


def _documents(source: Json, name: str, format_: Format | None) -> Iterator[Document]:
    if isinstance(source, Path):
        yield from read_file(source, format_ or format_by_name(name))
    elif isinstance(source, str | bytes):
        data = source.encode(errors="surrogatepass") if isinstance(source, str) else source
        yield from read_documents(data, format_ or format_by_name(name))
    else:
        # Data is the rare case, and only it needs the writer.
        from rosetta_spec.document.data_reader import read_data  # noqa: PLC0415

        yield read_data(source)


def read_file(path: Path, format_: Format | None) -> Iterator[Document]:
    """Read the documents of a file; one that cannot be read gives a document that says so."""
    try:
        with path.open("rb") as stream:
            yield from read_documents(stream, format_)
    # A path with a NUL in it is a ValueError.
    except (OSError, ValueError) as error:
        yield unreadable(*why_unreadable(error))
