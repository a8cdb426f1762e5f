"""What the docs show is run: commands and what they print, and the examples."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from jsonschema import Draft7Validator
from pages import MARK

from rosetta_spec import check_documents
from rosetta_spec.cli.main import app

ROOT = Path(__file__).parents[2]

PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "examples").rglob("README.md")),
]

#: A command in a `console` block, and what it prints.
SHOWN = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)

#: A block of code, and its language.
BLOCK = re.compile(r"^ *```([\w-]+)[^\n]*\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)

#: A call of ours, after a prompt or inside a sentence; and a line of a script.
CALL = re.compile(r"(?:^\$ |`)rosetta-spec (\w[^`\n]*)", re.MULTILINE)
LINE = re.compile(r"^rosetta-spec (.+)", re.MULTILINE)

CONFIGURATION = json.loads((ROOT / "schema" / "config.schema.json").read_text("utf-8"))


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


def parse(name, *arguments):
    """Parse a call of ours, without running it."""
    command = app.get_command(click.Context(app), name)
    # With `--help` at the end, click parses the other options and stops.
    with pytest.raises(click.exceptions.Exit):
        command.make_context(name, [*arguments, "--help"], **app.context_settings)


def blocks_of(page, language):
    return [text for found, text in BLOCK.findall(page.read_text("utf-8")) if found == language]


def name_of(page):
    return page.relative_to(ROOT).as_posix()


@pytest.mark.no_cover
@pytest.mark.parametrize("page", PAGES, ids=name_of)
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


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_call_on_a_page_is_valid(page):
    scripts = [*blocks_of(page, "sh"), *blocks_of(page, "shell")]
    lines = [line for script in scripts for line in LINE.findall(script)]
    for call in CALL.findall(page.read_text("utf-8")) + lines:
        parse(*shlex.split(call.partition(" < ")[0], comments=True))


@pytest.mark.parametrize("page", [page for page in PAGES if blocks_of(page, "toml")], ids=name_of)
def test_a_configuration_on_a_page_is_valid(page):
    for block in blocks_of(page, "toml"):
        if "[language-server" not in block:  # of Helix
            for text in block.split("# or\n"):
                settings = tomllib.loads(text)
                settings = settings.get("tool", {"rosetta-spec": settings})["rosetta-spec"]
                Draft7Validator(CONFIGURATION).validate(settings)


@pytest.mark.parametrize("name", ["README.md", "docs/silencing.md"])
def test_what_a_page_suppresses_is_suppressed(name):
    """The lines are part of a request in which each of their rules finds something."""
    (block,) = [text for text in blocks_of(ROOT / name, "yaml") if "rosetta-spec: ignore" in text]
    request = "annotationRequestId: a\nsamplingRatio: 0.1\n"
    if "poolName" not in block:
        request += "poolName: b\n"
    if "ignored-setting" in block:
        request += "sequenceLength: 3\nsubCondition: {haveIssue: true, noNeedAnnotate: true}\n"
    (report,) = check_documents(request + block)
    assert [each.message for each in report.diagnostics] == []
    assert {each.code for each in report.suppressed} >= {"RS201"}


@pytest.mark.parametrize("name", ["README.md", "docs/python.md"])
def test_the_python_of_a_page_runs(name, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    page = (ROOT / name).read_text("utf-8").partition(MARK)[0]
    for code in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(code, {})  # noqa: S102 - it is our own
    assert capsys.readouterr().out.startswith("RS107 /samplingRatio")
