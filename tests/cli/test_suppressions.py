"""Suppression comments on the command line: counts, exit status, and the day."""

import time
from pathlib import Path

import pytest

from rosetta_spec.spec.loading import load_ruleset

REQUEST = "annotationRequestId: a\npoolName: b\n"
SUPPRESSED = f"{REQUEST}x: 1  # rosetta-spec: ignore[RS109] agreed\n"


def test_suppressed_findings_are_counted_and_do_not_fail(rosetta, write):
    write("a.yaml", SUPPRESSED)
    ran = rosetta("check", "a.yaml")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout == "Checked 1 file, all fine. 1 suppressed.\n"
    assert rosetta("check", "a.yaml", "--format", "json").summary["suppressed"] == 1


def test_without_ignores_it_is_reported(rosetta, write):
    write("a.yaml", f"{SUPPRESSED}# rosetta-spec: ignore\n")
    ran = rosetta("check", "a.yaml", "--no-ignores", "--format", "json")
    assert (ran.status, ran.found) == (1, [("a.yaml", "RS109")])
    assert ran.summary["suppressed"] == 0


def test_statistics_count_suppressed_findings(rosetta, write):
    write("a.yaml", f"{SUPPRESSED}y: 1\nsamplingRatio: 5 # rosetta-spec: ignore[RS107]\n")
    write("b.yaml", SUPPRESSED)
    assert rosetta("check", "a.yaml", "b.yaml", "--statistics").stderr == (
        "1  RS109  unknown-property  (and 2 suppressed)\n"
        "0  RS107  out-of-range  (and 1 suppressed)\n"
    )


def test_a_suppression_runs_out_when_its_last_day_has_ended_in_utc(rosetta, write, monkeypatch):
    write("a.yaml", SUPPRESSED.replace("agreed", "until=2026-12-31"))
    day = time.struct_time((2026, 12, 31, 23, 59, 59, 3, 365, 0))
    monkeypatch.setattr(time, "gmtime", lambda: day)
    assert rosetta("check", "a.yaml").status == 0
    day = time.struct_time((2027, 1, 1, 0, 0, 0, 4, 1, 0))
    found = rosetta("check", "a.yaml", "--format", "json").found
    assert found == [("a.yaml", "RS109"), ("a.yaml", "RS901")]


@pytest.mark.parametrize("name", ["request.yaml", "request"])
def test_standard_input_may_hold_comments_too(rosetta, name):
    ran = rosetta("check", "-", "--stdin-filename", name, stdin=SUPPRESSED.encode())
    assert ran.status == 0


@pytest.mark.parametrize("options", [[], ["--ignore", "RS405"], ["--select", "RS109"]])
def test_a_setting_and_a_comment_may_suppress_the_same(rosetta, write, options):
    write("a.yaml", SUPPRESSED.replace("RS109", "RS109, RS405"))
    ran = rosetta("check", "a.yaml", *options, "--format", "json")
    assert ran.found == ([] if options else [("a.yaml", "RS901")])


def test_a_comment_may_name_a_teams_rule_that_is_off_here(rosetta, write):
    policy = Path(__file__).parents[1] / "laws" / "policy.rules.yaml"
    write("policy.rules.yaml", policy.read_bytes())
    code = load_ruleset(policy).rules[0].code
    write("a.yaml", f"{REQUEST}# rosetta-spec: ignore[{code}]\n")
    write(".rosetta-spec.toml", 'rulesets = ["policy.rules.yaml"]\n')

    def about_comments(*options):
        found = rosetta("check", "a.yaml", "--format", "json", *options).found
        return [code for _, code in found if code.startswith("RS90")]

    assert about_comments() == ["RS901"]
    assert about_comments("--ignore", code) == []
    assert about_comments("--isolated") == ["RS902"]
