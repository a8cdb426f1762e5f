"""The docs say what the program does: whatever is generated is fresh, whatever is shown is run."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from rosetta_spec.spec.page import markdown_page
from rosetta_spec.spec.ruleset import builtin_ruleset

ROOT = Path(__file__).parent.parent
RULES_PAGE = ROOT / "docs" / "rules.md"

#: A command in a `console` block, and what it prints.
SHOWN = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)


def rules_page():
    rules = builtin_ruleset().rules
    index = "\n".join(
        f"| [{rule.code}](#{rule.code.lower()}-{rule.name}) | {rule.name} | {rule.severity} |"
        for rule in rules
    )
    return (
        "# Rules\n\nGenerated from `schema/sampling-create.rules.yaml`; do not edit. "
        "`rosetta-spec rule CODE` prints the same.\n\n"
        f"| code | name | severity |\n|---|---|---|\n{index}\n\n"
        + "\n".join(markdown_page(rule) for rule in rules)
    )


def refresh_or_compare(path, text):
    if os.environ.get("REFRESH"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def run_in_root(command):
    program, *arguments = shlex.split(command)
    assert program == "rosetta-spec"
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "rosetta_spec", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_rules_page_is_fresh():
    refresh_or_compare(RULES_PAGE, rules_page())


@pytest.mark.parametrize("page", ["README.md"])
def test_what_a_page_shows_is_what_a_command_prints(page):
    text = (ROOT / page).read_text(encoding="utf-8")

    def printed(match):
        output = run_in_root(match["command"]).stdout
        return f"```console\n$ {match['command']}\n{output}```"

    assert SHOWN.search(text)
    refresh_or_compare(ROOT / page, SHOWN.sub(printed, text))


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
def test_a_bad_example_is_refused_as_its_report_says(path):
    """Expected reports stand in tests/expected; REFRESH=1 writes them anew."""
    run = run_in_root(f"rosetta-spec check examples/bad/{path.name}")
    assert run.returncode == 1
    refresh_or_compare(ROOT / "tests" / "expected" / f"{path.name}.txt", run.stdout)


def test_the_python_of_the_readme_runs(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    exec(code, {})  # noqa: S102 - it is our own
    assert capsys.readouterr().out.startswith("RS107 /samplingRatio")
