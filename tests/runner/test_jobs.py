"""The output does not depend on the number of processes or the order of the arguments."""

import io
import json
import pickle
import sys
import tempfile
from concurrent.futures import Future
from contextlib import redirect_stderr, redirect_stdout
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosetta_spec import check
from rosetta_spec.cli.run import run_check
from rosetta_spec.cli.terminal import FilteredInput
from rosetta_spec.config.settings import Configuration, Overrides
from rosetta_spec.document import lines
from rosetta_spec.engine.checker import Checker
from rosetta_spec.files.discovery import Source, find_sources
from rosetta_spec.reporters import REPORTERS
from rosetta_spec.runner import processes, tasks
from rosetta_spec.runner.tasks import CheckOptions, tasks_of

#: The choice of files where there is no configuration file.
ANY = Configuration(Overrides(is_isolated=True))

GOOD = '{"annotationRequestId": "r-1", "poolName": "p"}'
BOTH = '{"annotationRequestId": "r-1", "poolName": "p", "samplingRatio": 1, "samplingQuantity": 5}'
YAML = "annotationRequestId: r-1\npoolName: p\nsequenceLength: 5"

LINES = [GOOD, BOTH, BOTH, "{}", "{", "[]", "", " \r", "\u3000", '{"é": 1}', "\udcff", "\ufeff"]
SUPPRESSED = f"{YAML} # rosetta-spec: ignore[RS401, RS201]\n# rosetta-spec: ignore-file[RS109]"

DOCUMENTS = [GOOD, YAML, YAML, SUPPRESSED, "a: [", "# nothing", "x: 1", "\udcff"]

NAMES = {
    "a.jsonl": ("\n", LINES),
    "sub/b.sampling.ndjson": ("\n", LINES),
    "c.yaml": ("\n---\n", DOCUMENTS),
    "sub/d.sampling.yaml": ("\n---\n", DOCUMENTS),
    "sub/e.sampling.json": ("", [GOOD, BOTH, "{", "", "\udcff"]),
    "f": ("\n", [GOOD, BOTH, YAML]),
}

#: Contents of files by name; a lone surrogate represents a byte that is not UTF-8.
FOLDERS = st.fixed_dictionaries(
    {},
    optional={
        name: st.lists(st.sampled_from(parts), max_size=8).map(between.join)
        for name, (between, parts) in NAMES.items()
    },
)

CALLS = st.fixed_dictionaries(
    {
        "output_format": st.sampled_from(sorted(REPORTERS)),
        "select": st.sampled_from([(), (), ("RS201",)]),
        "ignore": st.sampled_from([(), (), ("RS109", "RS401")]),
        "no_ignores": st.booleans(),
        "statistics": st.booleans(),
    }
).map(lambda options: CheckOptions.of(**options))


class Ran(NamedTuple):
    status: int
    stdout: bytes
    stderr: str


def run(call, stdin=b""):
    """Run `check` in this process."""
    written = io.TextIOWrapper(io.BytesIO())
    complained = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(written):
        stream = io.BytesIO(stdin) if isinstance(stdin, bytes) else stdin
        patch.setattr(sys, "stdin", io.TextIOWrapper(stream))
        with redirect_stderr(complained):
            status = run_check(call, FilteredInput())
    return Ran(status, written.buffer.getvalue(), complained.getvalue())


class AtOnce:
    """A fake pool of processes: workers take turns, and everything they exchange is pickled."""

    def __init__(self, jobs, _context, _start, arguments):
        self._performers = [copied(arguments)[0] for _ in range(jobs)]

    def submit(self, _perform, part):
        self._performers.append(self._performers.pop(0))
        future = Future()
        (outcome,) = self._performers[0](copied(part))
        future.set_result(copied(processes._Result(outcome)))
        return future

    def shutdown(self, **_options):
        pass


def copied(value):
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own


@pytest.fixture
def divided(monkeypatch):
    """Divide every run, however small, into small tasks."""
    monkeypatch.setattr(tasks, "_SMALL", 0)
    monkeypatch.setattr(lines, "_BLOCK", 100)
    monkeypatch.setattr(tasks, "_FILES", 2)


def write_all(folder, contents):
    for name, content in contents.items():
        path = Path(folder, name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode(errors="surrogateescape"))


def assert_the_same(contents, call, order):
    with tempfile.TemporaryDirectory() as folder:
        write_all(folder, contents)
        named = [name for name in NAMES if not name.startswith("sub/")]
        paths = [f"{folder}/{name}" for name in (*named, "sub", "missing.jsonl")]
        shuffled = [paths[index % len(paths)] for index in order]
        rest = [path for path in paths if path not in shuffled]
        alone = run(call._replace(paths=tuple(paths), jobs=1))
        for jobs in (2, 3):
            assert run(call._replace(paths=(*shuffled, *rest), jobs=jobs)) == alone


@pytest.mark.usefixtures("divided")
class TestSameBytes:
    @given(FOLDERS, CALLS, st.lists(st.integers(0, 50), max_size=8))
    @settings(
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    def test_however_the_tasks_are_distributed(self, contents, call, order):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(processes, "ProcessPoolExecutor", AtOnce)
            patch.setattr(processes, "_can_work", lambda _: True)
            assert_the_same(contents, call, order)

    # Python 3.12 warns of copying a process with threads; it is those of the tests' own workers.
    @pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
    @given(FOLDERS, CALLS, st.lists(st.integers(0, 50), max_size=8))
    @settings(
        max_examples=12,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    def test_with_real_processes(self, contents, call, order):
        assert_the_same(contents, call, order)

    def test_with_processes_as_other_systems_start_them(self, write, monkeypatch):
        path = write("a.jsonl", f"{BOTH}\n" * 20)
        alone, several = (
            CheckOptions(paths=(str(path),), output_format="json", jobs=jobs) for jobs in (1, 2)
        )
        monkeypatch.setattr(processes, "_context", lambda: get_context("spawn"))
        # They load the main module, and here that is the tests' own.
        monkeypatch.setattr(sys.modules["__main__"], "__spec__", None)
        monkeypatch.delattr(sys.modules["__main__"], "__file__", raising=False)
        assert run(several) == run(alone)

    def test_where_signals_cannot_be_blocked(self, write, monkeypatch):
        path = write("a.jsonl", f"{BOTH}\n" * 20)
        call = CheckOptions(paths=(str(path),), jobs=2)
        whole = run(call)
        monkeypatch.setattr(processes, "ProcessPoolExecutor", AtOnce)
        monkeypatch.setattr(processes, "_can_work", lambda _: True)
        monkeypatch.setattr(processes, "sys", SimpleNamespace(platform="win32"))
        assert run(call) == whole


@pytest.mark.usefixtures("divided")
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("output_format", ["json", "jsonl"])
def test_fingerprints_are_those_of_the_python_api(folder, jobs, output_format):
    names = ("a.jsonl", "b.jsonl", "c.json", "d.yaml")
    contents = ((f"{BOTH}\n" * 9 + "{}\n") * 2, BOTH, BOTH, f"{YAML}\n---\n{YAML}")
    write_all(folder, dict(zip(names, contents, strict=True)))
    ran = run(CheckOptions(paths=names, output_format=output_format, jobs=jobs))
    text = ran.stdout.decode()
    if output_format == "json":
        found = json.loads(text)["diagnostics"]
    else:
        found = [json.loads(line) for line in text.splitlines()]
    expected = [each.fingerprint for name in names for each in check(Path(name)).diagnostics]
    assert [each["fingerprint"] for each in found] == expected
    assert len(set(expected)) == len(expected)


class TestStandardInput:
    def test_it_is_sorted_by_its_name(self, write):
        for name in ("a.json", "c.json"):
            write(name, BOTH)
        call = CheckOptions(paths=("c.json", "-", "a.json"), output_format="concise")
        for name, order in (("b.json", "abc"), ("d.json", "acd"), (None, "-ac")):
            text = run(call._replace(stdin_filename=name), BOTH.encode()).stdout.decode()
            assert "".join(line[0] for line in text.splitlines()[:3]) == order

    @pytest.mark.usefixtures("divided")
    def test_json_lines_are_counted_and_numbered_over_blocks(self):
        call = CheckOptions(paths=("-",), stdin_filename="a.jsonl", output_format="json")
        report = json.loads(run(call, f"\n{BOTH}\n\n".encode() * 9).stdout)
        assert report["summary"]["files"] == 1
        assert report["summary"]["documents"] == 9
        assert [each["document"] for each in report["diagnostics"]] == list(range(9))
        assert [each["location"]["row"] for each in report["diagnostics"]] == [*range(2, 29, 3)]

    @pytest.mark.usefixtures("divided")
    def test_a_read_error_is_reported_after_the_documents_before_it(self):
        class Failing(io.BytesIO):
            def read1(self, size=-1):
                if piece := super().read1(size):
                    return piece
                raise OSError(5, "Input/output error")

        data = f"{GOOD}\n{BOTH}\n".encode() * 3 + b'{"poolName'
        call = CheckOptions.of(
            paths=("-",), stdin_filename="a.jsonl", output_format="json", ignore=("RS501",)
        )
        ran = run(call, Failing(data))
        found = json.loads(ran.stdout)["diagnostics"]
        assert ran.status == 2
        codes = [(each["document"], each["code"]) for each in found]
        assert codes == [(1, "RS201"), (3, "RS201"), (5, "RS201"), (6, "RS001")]
        assert json.loads(ran.stdout)["summary"]["documents"] == 7

    @pytest.mark.parametrize("data", [b"", b"\n \r\n\n", "\ufeff\n".encode()])
    def test_json_lines_without_any_are_one_empty_file(self, data):
        call = CheckOptions(paths=("-",), stdin_filename="a.jsonl", output_format="json")
        report = json.loads(run(call, data).stdout)
        assert [each["code"] for each in report["diagnostics"]] == ["RS004"]
        assert (report["summary"]["files"], report["summary"]["documents"]) == (1, 1)


def tasks_from(*names):
    return tasks_of(find_sources(names, print, ANY), CheckOptions(), lambda _: Checker())


class TestTasks:
    def tasks(self, *names):
        return list(tasks_from(*names))

    @pytest.mark.usefixtures("divided")
    def test_files_go_in_groups_and_streams_between_them_in_order(self, write):
        names = ["a.json", "b.json", "c.json", "d.jsonl", "e.json"]
        for name in names:
            write(name, GOOD)
        found = self.tasks(*names)
        assert [type(each).__name__ for each in found] == [
            "FilesTask",
            "FilesTask",
            "LinesTask",
            "FilesTask",
        ]
        assert [each.files for each in found] == [2, 1, 1, 1]
        weights = [2 * tasks.FILE_WEIGHT, tasks.FILE_WEIGHT, len(GOOD), tasks.FILE_WEIGHT]
        assert [each.weight for each in found] == weights

    def test_standard_input_that_is_not_json_lines_is_one_task(self):
        stdin = Source("-", None, content=io.BytesIO(GOOD.encode()))
        (only,) = tasks_of([stdin], CheckOptions(), lambda _: Checker())
        assert (only.sources, only.files) == ((("-", GOOD.encode(), None),), 1)


class TestWeights:
    def weight(self, *names):
        return tasks.total_weight(find_sources(names, print, ANY), CheckOptions())

    def test_the_weight_of_json_lines_is_their_size_and_other_files_weigh_the_same(self, write):
        write("a.jsonl", GOOD)
        write("b.json", GOOD)
        assert self.weight("a.jsonl", "b.json") == len(GOOD) + tasks.FILE_WEIGHT
        assert self.weight("none.jsonl", "b.json") == tasks.FILE_WEIGHT

    @pytest.mark.parametrize("name", ["-", "a.jsonl.gz"])
    def test_an_unknown_size_makes_the_weight_unknown(self, write, name):
        write("b.json", GOOD)
        assert self.weight("b.json", name) == 0

    def test_a_large_file_is_known_by_its_size(self, write, monkeypatch):
        def in_processes(_perform, parts, _jobs):
            rest.extend(parts)
            return iter(())

        rest = []
        write("a.jsonl", f"{BOTH}\n" * 10)
        monkeypatch.setattr(tasks, "_SMALL", 9 * len(BOTH))
        monkeypatch.setattr(lines, "_BLOCK", 3 * len(BOTH))
        monkeypatch.setattr(processes, "in_processes", in_processes)
        options = CheckOptions(paths=("a.jsonl",), output_format="json", jobs=8)
        report = json.loads(run(options).stdout)
        assert (
            report["summary"]["documents"] + sum(each.block.count_documents() for each in rest)
            == 10
        )
        assert len(rest) > 2


def test_a_small_run_uses_one_process(write, monkeypatch):
    write("a.jsonl", f"{BOTH}\n" * 10)
    monkeypatch.setattr(processes, "in_processes", None)
    assert run(CheckOptions(paths=("a.jsonl",), jobs=8)).status == 1


@pytest.mark.usefixtures("divided")
def test_outcomes_come_before_all_tasks_are_read(write):
    path = write("a.jsonl", f"{BOTH}\n" * 100)
    taken = []

    def counted(parts):
        for each in parts:
            taken.append(each)
            yield each

    one = tasks.Worker(CheckOptions(output_format="concise"))
    next(tasks.results_of(one, counted(tasks_from(str(path))), 1))
    assert len(taken) == 1
