"""The benchmark measures what it says: its valid requests are valid, its broken ones are not."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from rosetta_spec import check
from rosetta_spec.spec.loading import load_ruleset

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"

DRAWN = 60

pytestmark = pytest.mark.skipif(
    not BENCHMARKS.is_dir(), reason="the source distribution has no benchmarks"
)


@pytest.fixture(scope="module")
def module():
    """Import a module of the benchmark, which is a folder of scripts and no package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield importlib.import_module
    for path in BENCHMARKS.glob("*.py"):
        sys.modules.pop(path.stem, None)


@pytest.fixture(scope="module")
def corpus(module):
    return module("corpus")


def codes(request, notation="json"):
    text = request if isinstance(request, str) else json.dumps(request)
    return [found.code for found in check(text, input_format=notation).diagnostics]


def test_in_a_valid_request_nothing_is_found(corpus):
    """Not even a warning."""
    assert [codes(request) for request in corpus.requests(DRAWN, is_valid=True)] == [[]] * DRAWN


def test_requests_are_the_same_each_time(corpus):
    first, second = (list(corpus.requests(DRAWN, is_valid=False)) for _ in range(2))
    assert first == second


def test_one_request_in_ten_is_broken(corpus):
    found = [bool(codes(request)) for request in corpus.requests(DRAWN, is_valid=False)]
    assert sum(found) == DRAWN / corpus.BROKEN_EVERY


def test_a_valid_request_keeps_the_rules_of_the_team(corpus):
    rules = load_ruleset(BENCHMARKS / "scripts" / "team.rules.yaml").rules
    for request in corpus.requests(DRAWN, is_valid=True):
        assert not check(request, rules=rules).diagnostics


def test_each_breakage_is_an_error_in_any_request(corpus):
    for break_it in corpus.BREAKAGES:
        for request in corpus.requests(5, is_valid=True):
            break_it(request)
            found = check(request).diagnostics
            assert "error" in {each.severity for each in found}, (break_it, request)


@pytest.mark.parametrize("is_valid", [True, False])
def test_files_of_both_notations_say_the_same(corpus, tmp_path, is_valid):
    found = {}
    for notation in ("json", "yaml"):
        sample = corpus.Sample(tmp_path / notation, notation, is_valid)
        corpus.write_folder(sample, DRAWN)
        texts = [Path(name).read_text("utf-8") for name in sample.files]
        found[notation] = [codes(text, notation) for text in texts]
    assert found["json"] == found["yaml"]
    assert any(found["json"]) != is_valid


@pytest.mark.parametrize("notation", ["json", "yaml"])
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (None, []),
        ("ratio_as_percentage", ["RS107"]),
        ("wrong_type", ["RS102"]),
        ("misplaced_key", ["RS110"]),
        ("ratio_and_quantity", ["RS201"]),
    ],
)
def test_the_single_file_has_one_finding_or_none(corpus, tmp_path, notation, change, expected):
    sample = corpus.Sample(tmp_path / f"a.{notation}", notation, not expected)
    corpus.write_file(sample, *([getattr(corpus, change)] if change else []))
    assert codes(sample.path.read_text("utf-8"), notation) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("repeated items", "RS112"),
        ("overlapping ranges", "RS303"),
        ("unknown keys", "RS109"),
        ("duplicate keys", "RS003"),
    ],
)
def test_a_growing_document_has_a_finding_for_each_part(corpus, tmp_path, kind, expected):
    sample = corpus.Sample(tmp_path / "a.json", "json", is_valid=False)
    corpus.write_growing(sample, kind, 5)
    found = codes(sample.path.read_text("utf-8"))
    assert set(found) == {expected}
    assert len(found) in {4, 5}


def test_a_file_in_everyday_use_is_valid_with_its_configuration(module, tmp_path):
    cases = module("cases")
    measured = list(cases.cases(["settings"], cases.QUICK, tmp_path))
    assert [case.name for case in measured] == [*map(cases.settings_name, cases.SETTINGS)]
    for case in measured:
        command = [sys.executable, "-m", "rosetta_spec", "check", *case.options]
        ended = subprocess.run(
            [*command, str(case.sample.path)], check=False, capture_output=True, text=True
        )
        assert (ended.stdout, ended.stderr) == ("Checked 1 file, all fine.\n", "")


def test_lines_are_the_requests_of_the_files(corpus, tmp_path):
    sample = corpus.Sample(tmp_path / "a.jsonl", "jsonl", is_valid=False)
    corpus.write_lines(sample, DRAWN)
    lines = sample.path.read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == list(corpus.requests(DRAWN, is_valid=False))


@pytest.fixture
def timed(module, tmp_path, monkeypatch):
    """The results of a whole run in which every command took as long as `seconds` says."""
    cases, peers, measurement = map(module, ("cases", "peers", "measurement"))
    ours = measurement.PythonEnvironment(tmp_path)
    ours.packages = tmp_path
    monkeypatch.setattr(cases, "_write_once", lambda *_: None)
    present = [peers.InstalledPeer(peer, ours) for peer in peers.PEERS]
    everyone = cases.Contenders(ours, present, *[tmp_path] * 3)

    def call(seconds, sizes):
        timing, run = measurement.Timing, measurement.Measurement
        return {
            case.name: {
                name: timing([run(seconds.get(name, 1.0), 20 << 20, 0)])
                for name in everyone.commands(case)
            }
            for case in cases.cases(cases.SCENARIOS, sizes, tmp_path)
        }

    return call


def words(outcomes):
    return {outcome.word for outcome in outcomes}


def test_a_whole_run_measures_every_goal(module, timed):
    sizes = module("cases").Sizes()
    ours = {
        "rosetta-spec": 0.05,
        "rosetta-spec --jobs 2": 0.03,
        "rosetta-spec --format concise": 0.04,
        "rosetta-spec, with a ruleset too": 0.07,
    }
    assert words(module("goals").judge(timed(ours, sizes))) == {"met"}


def test_a_slow_command_misses_goals(module, timed):
    ours = {"rosetta-spec": 100, "rosetta-spec --format concise": 100}
    outcomes = module("goals").judge(timed(ours, module("cases").Sizes()))
    assert sum(outcome.is_missed for outcome in outcomes) == 31


def test_a_quick_run_judges_the_single_files_only(module, timed):
    outcomes = module("goals").judge(timed({"rosetta-spec": 100}, module("cases").QUICK))
    assert [outcome.word for outcome in outcomes].count("missed") == 23
    assert words(outcomes) == {"missed", "not measured"}


def test_the_help_names_all_options():
    command = [sys.executable, BENCHMARKS / "run.py", "--help"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for option in ("--quick", "--only", "--runs", "--write", "--no-goals", "--scratch"):
        assert option in printed


def test_an_unknown_scenario_is_a_usage_error():
    command = [sys.executable, BENCHMARKS / "run.py", "--only", "one-file,nothing"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode == 2
    assert "nothing is none of one-file, settings, many-files, lines, growth" in ended.stderr


def test_the_benchmark_of_sending_sends_all_requests_twice():
    script = BENCHMARKS / "submit_jobs.py"
    options = ["--documents", "3", "--delay", "0.01", "--jobs", "2"]
    run = subprocess.run(
        [sys.executable, script, *options], capture_output=True, text=True, check=True
    )
    assert [line.split(":")[0] for line in run.stdout.splitlines()] == [
        "3 requests of 10 ms each",
        "--jobs 1",
        "--jobs 2",
    ]


def test_the_benchmark_of_key_strokes_types_in_both_notations():
    script = BENCHMARKS / "keystrokes.py"
    run = subprocess.run(
        [sys.executable, script, "--strokes", "1"], capture_output=True, text=True, check=False
    )
    rows = [line.split("|")[1].strip() for line in run.stdout.splitlines() if line[:1] == "|"]
    assert rows[2:] == [
        f"{notation}, {place}: {what}"
        for notation in ("json", "yaml")
        for place in ("in a value", "a new line")
        for what in ("findings", "completion")
    ], run.stderr


def test_new_results_of_key_strokes_replace_the_old_ones(module):
    keystrokes = module("keystrokes")
    empty = f"# Editors\n\n{keystrokes.BEGIN}{keystrokes.END}\nMore.\n"
    once = keystrokes.put_into(empty, "| a |\n")
    assert once == f"# Editors\n\n{keystrokes.BEGIN}\n| a |\n\n{keystrokes.END}\nMore.\n"
    assert keystrokes.put_into(once, "| a |\n") == once
    with pytest.raises(SystemExit, match="the page has no lines"):
        keystrokes.put_into("# Editors\n", "| a |\n")


def test_the_page_of_editors_has_a_place_for_the_results(module):
    page = (BENCHMARKS.parent / "docs" / "editors.md").read_text(encoding="utf-8")
    assert module("keystrokes").put_into(page, "measured") != page


def test_a_median_above_the_goal_is_too_slow(module):
    answers = module("keystrokes").Answers
    assert not answers("", [0.004, 0.004, 1.0]).is_too_slow
    assert answers("", [0.001, 0.006, 0.006]).is_too_slow
