"""Audit requests on a Spark that you have: those of a table's column, or those of many files.

Findings come as a table, one row each, and are the same that one machine finds. A table has no
order; `orderBy("filename", "document", "row", "column", "code", "pointer")` gives that of every
report.

The executors need this package, and the Python packages that it needs: installed on every node,
or in an environment of their own that travels with the application (`spark.archives`).
"""

from __future__ import annotations

import os
import warnings
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from rosetta_spec.api import check, check_documents
from rosetta_spec.config.configuration import Configuration
from rosetta_spec.config.lookup import Overrides
from rosetta_spec.files.discovery import find_sources
from rosetta_spec.reporters.json import diagnostic_object, encode

try:
    import pyarrow as pa
    from pyspark.sql.types import BinaryType, LongType, StringType, StructField, StructType
except ModuleNotFoundError as error:
    _MESSAGE = f'there is no {error.name} here; pip install "rosetta-spec[spark]" brings it'
    raise ModuleNotFoundError(_MESSAGE, name=error.name) from error

from collections.abc import Iterable, Iterator

from pyspark.sql import DataFrame, SparkSession

from rosetta_spec.diagnostic import Diagnostic
from rosetta_spec.engine.checker import DocumentReport
from rosetta_spec.spec.rule import Rule

_TEXT, _NUMBER = StringType(), LongType()

#: The columns of a table of findings: the fields of the JSON report in its order, a place as two
#: numbers, `related` and `fixes` as the JSON text that they have there.
FINDINGS = StructType(
    [
        StructField(name, type_, nullable=False)
        for name, type_ in (
            ("code", _TEXT),
            ("name", _TEXT),
            ("severity", _TEXT),
            ("message", _TEXT),
            ("filename", _TEXT),
            ("document", _NUMBER),
            ("pointer", _TEXT),
            ("row", _NUMBER),
            ("column", _NUMBER),
            ("end_row", _NUMBER),
            ("end_column", _NUMBER),
            ("related", _TEXT),
            ("fixes", _TEXT),
            ("fingerprint", _TEXT),
            ("url", _TEXT),
        )
    ]
)

#: So many findings are in memory at once.
_BATCH = 1000


def findings_of_table(
    frame: DataFrame,
    column: str,
    *,
    key: str,
    input_format: str = "json",
    rules: Iterable[Rule] | None = None,
) -> DataFrame:
    """Check a column of requests, each cell as if it were a file.

    Args:
        frame: The table.
        column: Its column of requests, as strings or binary. A null is an empty request (RS004).
        key: Its column that tells rows apart; as text it is the findings' `filename`, and so a
            part of their fingerprints. A null or an empty text is `-`.
        input_format: `json`, `yaml` or `jsonl`; in the latter two a cell may hold several
            documents.
        rules: The rules to check, by default all of ours.

    Returns:
        A table with the columns of `FINDINGS`, lazily, without a shuffle.

    Raises:
        TypeError: the column holds neither strings nor binary.
        ValueError: `input_format` is none of the three.
    """
    requests = frame.select(
        frame[key].cast("string").alias("filename"), frame[column].alias("request")
    )
    type_ = requests.schema["request"].dataType
    if not isinstance(type_, StringType | BinaryType):
        message = (
            f"column {column} is {type_.simpleString()}, not string or binary;"
            " to_json from pyspark.sql.functions writes it as text"
        )
        raise TypeError(message)
    options = _options(input_format, rules)
    return requests.mapInArrow(partial(audit_requests, **options), FINDINGS)


def findings_of_files(
    spark: SparkSession,
    *paths: str | os.PathLike[str],
    input_format: str | None = None,
    rules: Iterable[Rule] | None = None,
) -> DataFrame:
    """Check files and folders, as `rosetta-spec check` does with the same paths.

    The driver looks into the folders, the executors read the files, one at a time and JSON Lines
    line by line; so both need to see them at the same place, on a disk that they share. A file
    that an executor cannot see is finding RS001. There are as many tasks as files, up to
    `spark.sql.shuffle.partitions`.

    Args:
        spark: The session.
        paths: A file is read whatever its name; of a folder, all below it that `check` reads
            there. None of them is no table, but one without rows.
        input_format: `json`, `yaml` or `jsonl`, by default what a file's name says.
        rules: The rules to check, by default all of ours.

    Returns:
        A table with the columns of `FINDINGS`, lazily; `filename` is the path as it was given,
        and so fingerprints are those of `check`.

    Raises:
        ValueError: a path is `-`, or `input_format` is none of the three.
    """
    warned: list[str] = []
    choice = Configuration(Overrides(is_isolated=True)).selection
    sources = find_sources([os.fspath(path) for path in paths], warned.append, choice)
    for message in warned:
        warnings.warn(message, stacklevel=2)
    files = [(source.name, _path_bytes(source.path)) for source in sources]
    tasks = min(len(files), int(spark.conf.get("spark.sql.shuffle.partitions") or 1))
    table = spark.createDataFrame(files, "filename string, path binary")
    audit = partial(audit_files, **_options(input_format, rules))
    # Dealt out from one hand, each task gets as many files as any other.
    return table.coalesce(1).repartition(max(tasks, 1)).mapInArrow(audit, FINDINGS)


def audit_requests(
    batches: Iterable[pa.RecordBatch], *, input_format: str, rules: tuple[Rule, ...] | None
) -> Iterator[pa.RecordBatch]:
    """Check the column `request` of record batches; an executor's part of a table."""
    for batch in batches:
        reports = (
            report
            for name, request in _rows(batch, "filename", "request")
            for report in check_documents(
                request or "", filename=name, input_format=input_format, rules=rules
            )
        )
        yield from _written(reports, batch)


def audit_files(
    batches: Iterable[pa.RecordBatch], *, input_format: str | None, rules: tuple[Rule, ...] | None
) -> Iterator[pa.RecordBatch]:
    """Check the files in the column `path` of record batches; an executor's part of the files."""
    for batch in batches:
        reports = (
            report
            for name, path in _rows(batch, "filename", "path")
            for report in check_documents(
                Path(os.fsdecode(path)), filename=name, input_format=input_format, rules=rules
            )
        )
        yield from _written(reports, batch)


def finding_of(diagnostic: Diagnostic) -> dict[str, object]:
    """Return the row of a finding in a table; what `FINDINGS` does not name is dropped there."""
    public = diagnostic_object(diagnostic)
    return {
        **public,
        "row": diagnostic.location.row,
        "column": diagnostic.location.column,
        "end_row": diagnostic.end_location.row,
        "end_column": diagnostic.end_location.column,
        "related": encode(public["related"]),
        "fixes": encode(public["fixes"]),
    }


def _options(input_format: str | None, rules: Iterable[Rule] | None) -> dict[str, Any]:
    """Return what every executor is told; a format that is none is refused here, by no task."""
    check("", input_format=input_format)
    return {"input_format": input_format, "rules": None if rules is None else tuple(rules)}


def _path_bytes(path: str | os.PathLike[str] | None) -> bytes:
    if path is None:
        message = "- is standard input, which executors do not have; name files or folders"
        raise ValueError(message)
    # An executor may stand elsewhere; and a name need not be UTF-8, as text in a table is.
    return os.fsencode(Path(path).absolute())


def _rows(batch: pa.RecordBatch, *columns: str) -> Iterator[tuple[str, str | bytes]]:
    for row in zip(*(batch.column(name) for name in columns), strict=True):
        first, second = (cell.as_py() for cell in row)
        yield first, second


def _written(reports: Iterable[DocumentReport], like: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Write findings as record batches whose text is of the Arrow type that Spark sent.

    `spark.sql.execution.arrow.useLargeVarTypes` decides which of two that is.
    """
    text = like.schema.field("filename").type
    schema = pa.schema(
        [(field.name, text if field.dataType == _TEXT else pa.int64()) for field in FINDINGS]
    )
    rows = (finding_of(each) for report in reports for each in report.diagnostics)
    while some := list(islice(rows, _BATCH)):
        yield pa.RecordBatch.from_pylist(some, schema=schema)
