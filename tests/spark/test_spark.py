"""A table of findings is what one machine finds, on a real Spark with two workers."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rosetta_spec import check
from rosetta_spec.reporters.json import diagnostic_object
from rosetta_spec.spec.ruleset import builtin_ruleset

NO_SPARK = "there is no pyspark; it is too large for the extra `test`: pip install '.[test,spark]'"

pa = pytest.importorskip("pyarrow", reason=NO_SPARK)
pytest.importorskip("pyspark", reason=NO_SPARK)

from pyarrow.parquet import read_table  # noqa: E402 - only where there is one
from pyspark.sql import SparkSession  # noqa: E402 - only where there is one

from rosetta_spec.spark import FINDINGS, audit, findings_of_files, findings_of_table  # noqa: E402 - for the same reason

ROOT = Path(__file__).parent.parent.parent

pytestmark = [
    pytest.mark.skipif(not shutil.which("java"), reason="there is no java to run Spark on"),
    # Spark speaks of versions of pandas, which we do not use.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    # Its sockets to the JVM and to the workers are closed when the process ends.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

GOOD = '{"annotationRequestId": "a3f8b6e4", "poolName": "p"}'
BOTH = '{"annotationRequestId": "a", "poolName": "p", "samplingRatio": 1, "samplingQuantity": 1}'

#: Files as people have them, good and bad.
FILES = {
    "requests/archive.sampling.jsonl": f"{GOOD}\n{BOTH}\n\n  \n{BOTH}\n{{}}\n".encode(),
    "requests/broken.sampling.jsonl": b'{"poolName": }\n[1]\n{"poolName": "\\ud800"}\n5',
    "requests/bytes.sampling.ndjson": b'{"poolName": "\xff"}\n' + GOOD.encode() + b"\n\xfe\n",
    "requests/crlf.sampling.jsonl": f"{BOTH}\r\n\r\n{{}}\r\n".encode(),
    "requests/empty.sampling.jsonl": b"",
    "requests/blank.sampling.jsonl": b" \n\r\n\n",
    "requests/good.sampling.json": GOOD.encode(),
    "requests/below/two.sampling.yaml": b"poolName: p\n---\nsamplingRatio: 20\n",
    "requests/with space, \xe9.sampling.json": b'{"\xc3\xa9": 1}',
    "requests/ignored.txt": b"not a request",
    "named.txt": BOTH.encode(),
}

#: The configuration that keeps a Spark small and on this machine.
SMALL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.master": "local[2]",
    "spark.sql.shuffle.partitions": "3",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    builder = SparkSession.builder.config("spark.local.dir", str(tmp_path_factory.mktemp("spark")))
    for name, value in SMALL.items():
        builder = builder.config(name, value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        session = builder.getOrCreate()
        yield session
        session.stop()


@pytest.fixture
def files(write):
    for name, content in FILES.items():
        write(name, content)


def reported(rows):
    """Put rows of a table of findings into the form and order of the JSON report."""
    return in_order(
        {
            **{name: row[name] for name in ("code", "name", "severity", "message", "filename")},
            **{name: row[name] for name in ("document", "pointer", "fingerprint", "url")},
            "location": {"row": row["row"], "column": row["column"]},
            "end_location": {"row": row["end_row"], "column": row["end_column"]},
            **{name: json.loads(row[name]) for name in ("related", "fixes")},
        }
        for row in rows
    )


def in_order(findings):
    return sorted(
        findings,
        key=lambda each: (
            *(each["filename"], each["document"], *each["location"].values()),
            *(each["code"], each["pointer"]),
        ),
    )


def alone(ended):
    """Return the findings of a run as of files that are checked separately."""
    return [each for each in ended.diagnostics if each["code"] != "RS501"]


def found(source, filename):
    report = check(source, filename=filename, input_format="json")
    return [diagnostic_object(each) for each in report.diagnostics]


#: The default configuration of an executor.
OPTIONS = {"input_format": "json", "rules": None}


def batch(**columns):
    return pa.RecordBatch.from_pydict(columns)


@pytest.mark.usefixtures("files")
def test_files_give_what_check_finds_in_them(spark, rosetta):
    findings = findings_of_files(spark, "./requests", Path("named.txt"), "absent.json")
    assert findings.schema == FINDINGS
    assert findings.rdd.getNumPartitions() == 3
    expected = rosetta("check", "./requests", "named.txt", "absent.json", "--format", "json")
    assert {"RS001", "RS002", "RS004", "RS005", "RS006", "RS201"} <= {
        code for _, code in expected.found
    }
    assert reported(findings.collect()) == alone(expected)


@pytest.mark.usefixtures("files")
def test_rules_and_the_format_are_those_that_are_asked_for(spark):
    rules = iter(rule for rule in builtin_ruleset().rules if rule.code == "RS201")
    findings = findings_of_files(spark, "named.txt", input_format="jsonl", rules=rules)
    assert [(row.code, row.document) for row in findings.collect()] == [("RS201", 0)]


def test_a_folder_without_requests_gives_a_warning_and_an_empty_table(spark, folder):
    with pytest.warns(UserWarning, match="no sampling request in") as caught:
        findings = findings_of_files(spark, folder)
    assert caught[0].filename == __file__
    assert findings.collect() == []


def test_standard_input_is_on_no_executor(spark):
    with pytest.raises(ValueError, match="standard input"):
        findings_of_files(spark, "-")


def test_a_table_gives_what_check_finds_in_each_cell(spark):
    rows = [(1, GOOD), (2, BOTH), (3, None), (4, "{"), (5, ""), (None, "[]"), (7, '{"é": 1}')]
    frame = spark.createDataFrame(rows, "id int, request string").repartition(2)
    expected = [
        finding
        for key, request in rows
        for finding in found(request or "", None if key is None else str(key))
    ]
    findings = findings_of_table(frame, "request", key="id")
    assert findings.schema == FINDINGS
    assert reported(findings.collect()) == in_order(expected)


def test_cells_may_be_bytes_yaml_and_deep_in_a_table(spark):
    frame = spark.createDataFrame(
        [(("a.json", b"poolName: p\n---\n5\n"),), (("b", b"\xff"),)],
        "body struct<name: string, request: binary>",
    )
    findings = findings_of_table(
        frame, "body.request", key="body.name", input_format="yaml", rules=builtin_ruleset().rules
    )
    assert sorted((row.filename, row.document, row.code) for row in findings.collect()) == [
        ("a.json", 0, "RS101"),
        ("a.json", 1, "RS004"),
        ("b", 0, "RS005"),
    ]


@pytest.mark.usefixtures("files")
def test_files_that_spark_reads_are_a_table(spark, folder):
    read = spark.read.format("binaryFile").load(f"{folder}/requests/*.json")
    findings = findings_of_table(read, "content", key="path")
    (row,) = findings.where("code = 'RS109'").collect()
    assert (row.pointer, row.filename.rpartition("/")[2]) == ("/é", "with space, é.sampling.json")


def test_large_arrow_texts_are_answered_with_large_ones(spark):
    spark.conf.set("spark.sql.execution.arrow.useLargeVarTypes", "true")
    try:
        frame = spark.createDataFrame([("a", BOTH)], "key string, request string")
        (row,) = findings_of_table(frame, "request", key="key").collect()
    finally:
        spark.conf.unset("spark.sql.execution.arrow.useLargeVarTypes")
    assert row.code == "RS201"


def test_an_error_for_a_column_of_objects_explains_how_to_convert_it(spark):
    frame = spark.createDataFrame([("a", {"poolName": "p"})], "key string, r map<string, string>")
    with pytest.raises(TypeError, match=r"column r is map<string,string>, .* to_json"):
        findings_of_table(frame, "r", key="key")


def test_an_unknown_format_is_rejected_before_anything_runs(spark):
    frame = spark.createDataFrame([("a", "b")], "key string, r string")
    with pytest.raises(ValueError, match="toml"):
        findings_of_table(frame, "r", key="key", input_format="toml")
    with pytest.raises(ValueError, match="toml"):
        findings_of_files(spark, "a", input_format="toml")


def test_an_executor_writes_batches_as_it_goes():
    """Neither the batches that come in nor the findings of one are in memory together."""
    taken = []

    def batches():
        for number in range(3):
            taken.append(number)
            yield batch(filename=["a"] * 700, request=["{}"] * 700)

    written = audit(batches(), **OPTIONS)
    assert next(written).num_rows == 1000
    assert taken == [0]
    assert [each.num_rows for each in written] == [400, 1000, 400, 1000, 400]


def test_what_an_executor_writes_has_the_columns_that_are_promised():
    (written,) = audit([batch(filename=["a"], request=[BOTH])], **OPTIONS)
    numbers = {"document", "row", "column", "end_row", "end_column"}
    assert written.schema == pa.schema(
        [(name, pa.int64() if name in numbers else pa.string()) for name in FINDINGS.names]
    )
    assert reported(written.to_pylist()) == found(BOTH, "a")


def test_an_executor_reads_files_whose_names_are_no_text(folder):
    path = os.fsencode(folder) + b"/\xff.json"
    Path(os.fsdecode(path)).write_text(BOTH, encoding="utf-8")
    columns = {"filename": ["\ufffd.json"], "path": [path], "identity": ["\ufffd.json"]}
    (written,) = audit([batch(**columns)], **OPTIONS)
    assert reported(written.to_pylist()) == found(BOTH, "\ufffd.json")


def test_rules_travel():
    rules = pickle.loads(pickle.dumps(builtin_ruleset().rules))  # noqa: S301 - our own
    (written,) = audit([batch(filename=["a"], request=[BOTH])], input_format="json", rules=rules)
    assert reported(written.to_pylist()) == found(BOTH, "a")


@pytest.mark.usefixtures("files")
def test_the_example_writes_the_findings_of_a_folder(rosetta, folder):
    settings = [word for name in SMALL for word in ("--conf", f"{name}={SMALL[name]}")]
    submit = Path(sys.executable).with_name("spark-submit")
    script = ROOT / "examples" / "spark" / "audit.py"
    run = subprocess.run(
        [submit, *settings, script, "requests", "findings"],
        env={**os.environ, "PYSPARK_PYTHON": sys.executable},
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()
    rows = read_table(folder / "findings").to_pylist()
    assert reported(rows) == alone(rosetta("check", "requests", "--format", "json"))
