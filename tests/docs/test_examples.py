"""What the docs show is run: commands and what they print, and the examples."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pages import MARK

ROOT = Path(__file__).parents[2]

PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "examples" / "policy" / "README.md",
]

#: A command in a `console` block, and what it prints.
SHOWN = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)


def run_in(folder, command, errors=subprocess.PIPE):
    program, *arguments = shlex.split(command)
    assert program == "rosetta-spec"
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "rosetta_spec", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=errors,
        encoding="utf-8",
        check=False,
    )


def run_in_root(command):
    return run_in(ROOT, command)


@pytest.fixture
def work(tmp_path):
    """A folder with the examples, in which the commands of a page are run one after the other."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_shows_is_what_a_command_prints(page, work, refresh_or_compare):
    def printed(match):
        shown = run_in(work, match["command"], errors=subprocess.STDOUT).stdout
        return f"```console\n$ {match['command']}\n{shown}```"

    refresh_or_compare(page, SHOWN.sub(printed, page.read_text(encoding="utf-8")))


def test_the_vendors_example_is_the_vendors_and_has_its_eleven_findings():
    run = run_in_root("rosetta-spec check examples/bad/vendor-example.sampling.json --format json")
    found = json.loads(run.stdout)["diagnostics"]
    source = (ROOT / "examples/bad/vendor-example.sampling.json").read_text(encoding="utf-8")
    shown = [
        (
            d["code"],
            d["pointer"],
            source[d["location"]["column"] - 1 : d["end_location"]["column"] - 1],
        )
        for d in found
    ]
    assert run.returncode == 1
    assert shown == [
        ("RS103", "/sampleType", '"1"'),
        ("RS103", "/sampleCount", '"1"'),
        ("RS103", "/samplingRatio", '"1.0"'),
        ("RS201", "/samplingQuantity", '"samplingQuantity"'),
        ("RS103", "/samplingQuantity", '"1"'),
        ("RS103", "/interceptionMode", '"1"'),
        ("RS103", "/interceptionFrame", '"1"'),
        ("RS401", "/sequenceLength", '"sequenceLength"'),
        ("RS103", "/sequenceLength", '"1"'),
        ("RS401", "/interceptionBoundary", '"interceptionBoundary"'),
        ("RS102", "/interceptionBoundary", '"1"'),
    ]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples" / "good").iterdir()), ids=lambda path: path.name
)
def test_a_good_example_is_fine(path):
    run = run_in_root(f"rosetta-spec check examples/good/{path.name} --fail-on info")
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples" / "bad").iterdir()), ids=lambda path: path.name
)
def test_a_bad_example_has_the_expected_report(path, refresh_or_compare):
    """Expected reports are in tests/expected; REFRESH=1 rewrites them."""
    run = run_in_root(f"rosetta-spec check examples/bad/{path.name}")
    assert run.returncode == 1
    refresh_or_compare(ROOT / "tests" / "expected" / f"{path.name}.txt", run.stdout)


@pytest.mark.parametrize("name", ["README.md", "docs/python.md"])
def test_the_python_of_a_page_runs(name, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    page = (ROOT / name).read_text("utf-8").partition(MARK)[0]
    for code in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(code, {})  # noqa: S102 - it is our own
    assert capsys.readouterr().out.startswith("RS107 /samplingRatio")
