"""`rule --verify`: a line for each rule, what is wrong below it, and the exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rosetta_spec.version import install_command

POLICY = Path(__file__).parents[2] / "examples/policy/policy.rules.yaml"
SMALL = """\
rules:
  - code: POL001
    name: large-ratio
    severity: error
    kind: schema
    at: [/samplingRatio]
    schema: {maximum: 0.5}
    wants: is at most 0.5
    message: too large
    help: write less
    why: It is.
    source: Policy.
    bad: "annotationRequestId: a\\npoolName: b\\nsamplingRatio: 0.6\\n"
    good: "annotationRequestId: a\\npoolName: b\\nsamplingRatio: 0.5\\n"
"""


def test_a_ruleset_that_is_right_passes_in_a_line_for_each_rule(rosetta, write):
    path = write("team.yaml", SMALL)
    outcome = rosetta("rule", "--verify", path)
    first, last = outcome.stdout.splitlines()
    assert outcome.status == 0
    assert first == (
        "passed  POL001 large-ratio  fails:"
        ' {"annotationRequestId": "a", "poolName": "a", "samplingRatio": 1}'
    )
    assert last.startswith("1 of 1 rules passed; ")
    assert rosetta("rule", "--verify", path).stdout == outcome.stdout


def test_problems_are_below_the_rule_and_end_with_1(rosetta, write):
    path = write("team.yaml", SMALL.replace("{maximum: 0.5}", "{maximum: 0}"))
    outcome = rosetta("rule", "--verify", path)
    assert outcome.status == 1
    assert "wrong   POL001 large-ratio" in outcome.stdout
    assert "good-example: its good example breaks POL001" in outcome.stdout
    assert "wrong   all rules together" in outcome.stdout
    report = json.loads(rosetta("rule", "--verify", path, "--format", "json").stdout)
    assert report["summary"]["wrong"] == 1
    assert report["problems"][0]["name"] == "contradiction"
    assert report["problems"][0]["witness"]["samplingRatio"] == 1


@pytest.mark.parametrize("arguments", [["missing.yaml"], ["team.yaml", "team.yaml"]])
def test_a_ruleset_that_cannot_be_used_ends_with_2(rosetta, write, arguments):
    write("team.yaml", SMALL)
    outcome = rosetta("rule", "--verify", *arguments)
    assert outcome.status == 2
    assert outcome.stdout == ""
    assert ": " in outcome.stderr


def test_without_hypothesis_it_names_what_to_install(write):
    """In a process of its own: what this one has loaded of ours has to stay as it is."""
    path = write("team.yaml", SMALL)
    script = "import sys; sys.modules['hypothesis'] = None;"
    script += "from rosetta_spec.__main__ import main; sys.exit(main())"
    outcome = subprocess.run(
        [sys.executable, "-c", script, "rule", "--verify", path],
        check=False,
        capture_output=True,
        text=True,
    )
    assert outcome.returncode == 2
    assert install_command("verify") in outcome.stderr


def test_only_one_rule_is_explained_at_a_time(rosetta):
    outcome = rosetta("rule", "RS201", "RS202")
    assert outcome.status == 2
    assert "remove RS202" in outcome.stderr
