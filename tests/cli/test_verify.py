"""`rule --verify`: a line for each rule, what is wrong below it, and the exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.verify.verification import Verification, Verifier
from rosetta_spec.version import install_command

# Tests of `rosetta_spec/verify` are traced.
pytestmark = pytest.mark.no_cover

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


def test_nothing_is_written(process, write):
    """In a process of its own: this one may have written what Hypothesis keeps."""
    path = write("team.yaml", SMALL)
    assert process("rule", "--verify", path).returncode == 0
    assert list(path.parent.iterdir()) == [path]


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


class TestWithoutPath:
    def test_the_rulesets_of_the_configuration_are_verified(self, rosetta, write):
        write("team.yaml", SMALL)
        write("rosetta-spec.toml", "rulesets = ['team.yaml']")
        outcome = rosetta("rule", "--verify")
        assert outcome.status == 0
        assert outcome.stdout == rosetta("rule", "--verify", "team.yaml").stdout

    @pytest.fixture
    def verified(self, monkeypatch):
        """The rules that are verified, and those that are known."""
        seen = []

        def verify(chosen, rules):
            seen.extend([chosen, rules])
            return Verification((), (), 0)

        monkeypatch.setattr("rosetta_spec.verify.verification.verify", verify)
        return seen

    def test_without_any_ours_are(self, rosetta, verified):
        assert rosetta("rule", "--verify", "--isolated").status == 0
        assert verified == [builtin_ruleset().rules] * 2

    def test_in_the_example_those_that_a_page_verifies_are(self, rosetta, monkeypatch, verified):
        rules = load_ruleset(POLICY).rules
        monkeypatch.chdir(POLICY.parent)
        assert rosetta("rule", "--verify").status == 0
        chosen, known = verified
        assert [rule.code for rule in chosen] == [rule.code for rule in rules]
        assert len(known) == len(builtin_ruleset().rules) + len(rules)

    def test_a_wrong_configuration_does_not_matter_to_a_path(self, rosetta, write):
        path = write("team.yaml", SMALL)
        write("rosetta-spec.toml", "x")
        assert rosetta("rule", "--verify").status == 2
        assert rosetta("rule", "--verify", path).status == 0


def test_examples_of_ours_are_judged_without_the_rules_of_a_team():
    rules = load_ruleset(POLICY).rules
    rule = builtin_ruleset().find("RS201")
    result = Verifier([rule], builtin_ruleset().with_rules(rules).rules, examples=1).result(rule)
    names = {problem.name for problem in result.problems}
    assert names.isdisjoint({"bad-example", "good-example", "bad-fix"})


def test_the_usage_says_that_it_takes_paths(rosetta):
    usage = rosetta("rule", "--help").stdout
    assert "rosetta-spec rule [OPTIONS] [CODE|NAME]\n" in usage
    assert "rosetta-spec rule --verify [OPTIONS] [RULESET]...\n" in usage


def test_a_path_in_place_of_a_rule(rosetta, write):
    write("team.yaml", SMALL)
    assert "to verify it, write rule --verify team.yaml" in rosetta("rule", "team.yaml").stderr


def test_nothing_is_called_proven_that_was_searched_for(rosetta):
    root = POLICY.parents[2]
    texts = [rosetta("rule", "--help").stdout.lower()]
    texts += [path.read_text().lower() for path in root.glob("rosetta_spec/verify/*.py")]
    texts += [(root / "examples/policy/README.md").read_text().lower()]
    assert [word for text in texts for word in ("prove", "impossible") if word in text] == []
