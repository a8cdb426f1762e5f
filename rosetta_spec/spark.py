"""Check requests on an existing Spark: those in a column of a table, or those in many files.

Findings come as a table with one row each, the same findings as on one machine, except that a
request is only compared with others of the same cell or file (RS501, RS502). A table has no order;
`orderBy("filename", "document", "row", "column", "code", "pointer")` gives that of a report.

The executors need this package and its dependencies: installed on every node, or in an
environment that travels with the application (`spark.archives`).
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from rosetta_spec.api import NO_FILE, check, check_documents
from rosetta_spec.config.settings import Configuration, Overrides
from rosetta_spec.diagnostic import Diagnostic
from rosetta_spec.files.discovery import Source, find_sources
from rosetta_spec.files.names import identities
from rosetta_spec.reporters.json import diagnostic_object, encode
from rosetta_spec.spec.ruleset import Rule
from rosetta_spec.version import install_command

try:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import BinaryType, LongType, StringType, StructType
except ModuleNotFoundError as error:
    _MESSAGE = f"there is no {error.name} here; install it with: {install_command('spark')}"
    raise ModuleNotFoundError(_MESSAGE, name=error.name) from error

_TEXT, _NUMBER = StringType(), LongType()

#: The columns of a table of findings: the fields of the JSON report, locations as numbers,
#: `related` and `fixes` as JSON text.
FINDINGS = StructType()
for _name in (
    *("code", "name", "severity", "message", "filename", "document", "pointer"),
    *("row", "column", "end_row", "end_column", "related", "fixes", "fingerprint", "url"),
):
    _is_number = _name in {"document", "row", "column", "end_row", "end_column"}
    FINDINGS.add(_name, _NUMBER if _is_number else _TEXT, nullable=False)

#: The maximum number of findings in memory at the same time.
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
        column: Its column of requests, strings or binary. A null is an empty request (RS004).
        key: Its column that identifies rows; as text it is the `filename` of the findings, and so
            part of their fingerprints. A null or an empty text is `-`.
        input_format: `json`, `yaml` or `jsonl`; in the latter two a cell may hold several
            documents.
        rules: The rules to check, by default all built-in ones.

    Returns:
        A lazy table with the columns of `FINDINGS`, without a shuffle.

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
    return requests.mapInArrow(_audit_with(input_format, rules), FINDINGS)


def findings_of_files(
    spark: SparkSession,
    *paths: str | os.PathLike[str],
    input_format: str | None = None,
    rules: Iterable[Rule] | None = None,
) -> DataFrame:
    """Check files and folders, as `rosetta-spec check` does with the same paths.

    The driver searches the folders and the executors read the files, so both need the same paths,
    on a shared disk. A file that an executor cannot read is finding RS001. There are as many tasks
    as files, up to `spark.sql.shuffle.partitions`.

    Args:
        spark: The session.
        paths: Files with any name, and folders, in which `check` selects the files.
            Without files the table has no rows.
        input_format: `json`, `yaml` or `jsonl`, by default decided by the name of the file.
        rules: The rules to check, by default all built-in ones.

    Returns:
        A lazy table with the columns of `FINDINGS`. `filename` is the path as it was given, so
        the fingerprints are those of `check`.

    Raises:
        ValueError: a path is `-`, or `input_format` is none of the three.
    """
    warned: list[str] = []
    choice = Configuration(Overrides(is_isolated=True))
    sources = find_sources([os.fspath(path) for path in paths], warned.append, choice)
    for message in warned:
        warnings.warn(message, stacklevel=2)
    identity_of = identities()
    files = [_file_of(source, identity_of) for source in sources]
    tasks = min(len(files), int(spark.conf.get("spark.sql.shuffle.partitions") or 1))
    table = spark.createDataFrame(files, "filename string, path binary, identity string")
    # From a single partition, the files are distributed evenly.
    even = table.coalesce(1).repartition(max(tasks, 1))
    return even.mapInArrow(_audit_with(input_format, rules), FINDINGS)


def audit(
    batches: Iterable[pa.RecordBatch], *, input_format: str | None, rules: tuple[Rule, ...] | None
) -> Iterator[pa.RecordBatch]:
    """Check the column `request` of record batches, or the files that the column `path` names.

    Executors call this.
    """
    for batch in batches:
        # Spark sends one of two Arrow types of text (`spark.sql.execution.arrow.useLargeVarTypes`).
        text = batch.schema.field("filename").type
        types = [(each.name, text if each.dataType == _TEXT else pa.int64()) for each in FINDINGS]
        has_files = "path" in batch.schema.names
        cells = batch.column("path" if has_files else "request")
        # The key of a row is not a path.
        names = batch.column("identity" if has_files else "filename")
        rows = (
            finding_of(diagnostic)
            for name, cell, identity in zip(batch.column("filename"), cells, names, strict=True)
            for report in check_documents(
                Path(os.fsdecode(cell.as_py())) if has_files else cell.as_py() or "",
                filename=name.as_py(),
                input_format=input_format,
                rules=rules,
                identity=identity.as_py() or NO_FILE,
            )
            for diagnostic in report.diagnostics
        )
        while some := list(islice(rows, _BATCH)):
            yield pa.RecordBatch.from_pylist(some, schema=pa.schema(types))


def finding_of(diagnostic: Diagnostic) -> dict[str, object]:
    """Return the row of a finding, with more than the columns of `FINDINGS`."""
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


def _audit_with(
    input_format: str | None, rules: Iterable[Rule] | None
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return `audit` with options; an unknown format raises `ValueError` here."""
    check("", input_format=input_format)
    return partial(audit, input_format=input_format, rules=None if rules is None else tuple(rules))


def _file_of(source: Source, identity_of: Callable[[str], str]) -> tuple[str, bytes, str]:
    """Return a row of the table of files: the name, the path and what fingerprints depend on."""
    if source.path is None:
        message = "- is standard input, which executors do not have; name files or folders"
        raise ValueError(message)
    # An executor may have another current folder, and a path need not be UTF-8 as text has to be.
    path = os.fsencode(Path(source.path).absolute())
    return source.name, path, identity_of(source.path)
