"""Rules that are off by default, and RS502 among them, as people use them."""

import json

import pytest

ONE = '{"annotationRequestId": "a", "poolName": "p", "subCondition": {"haveIssue": true}}'
OTHER = "poolName: p\nannotationRequestId: a\nsamplingRatio: 0.5\n"


@pytest.fixture(autouse=True)
def _two_that_compete(repository, write):
    write("a/one.sampling.json", ONE)
    write("b/other.sampling.yaml", OTHER)


def found(outcome):
    return [(each["code"], each["filename"]) for each in outcome.diagnostics]


@pytest.mark.parametrize(
    ("settings", "severity"),
    [
        ("", None),
        ('ignore = ["RS402"]', None),
        ('select = ["RS1", "RS502"]', "info"),
        ('select = ["RS5"]', "info"),
        ('select = ["competing-requests"]', "info"),
        ('severity = {RS502 = "info"}', "info"),
        ('severity = {competing-requests = "error"}', "error"),
        ('severity = {RS502 = "off"}', None),
        ('select = ["RS1"]\nseverity = {RS502 = "info"}', None),
        ('ignore = ["RS5"]\nseverity = {RS502 = "info"}', None),
        ('severity = {RS502 = "info"}\n[per-file-ignores]\n"b/**" = ["RS502"]', None),
    ],
)
def test_the_configuration_turns_it_on(rosetta, write, settings, severity):
    write("rosetta-spec.toml", settings)
    outcome = rosetta("check", "--format", "json")
    assert [each["severity"] for each in outcome.diagnostics] == ([severity] if severity else [])
    # What is kept for the fast path gives the same answer.
    assert rosetta("check", "--format", "json").stdout == outcome.stdout
    assert ("all fine" in rosetta("check").stdout) is (severity is None)


@pytest.mark.parametrize("name", ["RS502", "competing-requests", "RS5", "RS"])
def test_the_call_turns_it_on(rosetta, write, name):
    write("rosetta-spec.toml", 'severity = {RS502 = "off"}')
    outcome = rosetta("check", "--select", name, "--format", "json")
    assert found(outcome) == [("RS502", "b/other.sampling.yaml")]
    assert outcome.status == 0
    assert found(rosetta("check", "--select", name, "--ignore", "RS502", "--format", "json")) == []
    hidden = rosetta("check", "--select", name, "--min-severity", "warning", "--format", "json")
    assert found(hidden) == []


def test_the_settings_of_a_file_show_it(rosetta, write):
    shown = "rosetta-spec check --show-settings"
    assert "RS502  off " in rosetta(*shown.split()[1:], "a/one.sampling.json").stdout
    write("rosetta-spec.toml", 'severity = {RS502 = "info"}')
    lines = rosetta(*shown.split()[1:], "a/one.sampling.json").stdout.splitlines()
    (line,) = [line for line in lines if line.startswith("RS502")]
    assert line.split()[1:] == [
        *("info", "competing-requests", "severity", "in", "rosetta-spec.toml:1")
    ]


def test_the_list_of_rules_shows_it(rosetta):
    assert "\nRS502  off " in rosetta("rule").stdout
    facts = json.loads(rosetta("rule", "RS502", "--format", "json").stdout)
    assert (facts["severity"], facts["opt_in"]) == ("info", True)


def test_a_setting_of_the_earlier_file_makes_no_difference(rosetta, write):
    write("b/rosetta-spec.toml", 'severity = {RS502 = "info"}')
    assert found(rosetta("check", "--format", "json")) == [("RS502", "b/other.sampling.yaml")]


def test_what_is_selected_makes_no_difference_to_what_has_an_error(rosetta, write):
    write("a/one.sampling.json", ONE.replace("true", "5"))
    assert found(rosetta("check", "--select", "RS502", "--format", "json")) == []
    write("b/other.sampling.yaml", ONE.replace("true", "5"))
    assert found(rosetta("check", "--select", "RS5", "--format", "json")) == []


def test_reports_name_the_other_request(rosetta):
    call = ("check", "--select", "RS502", "--format")
    (diagnostic,) = rosetta(*call, "json").diagnostics
    (related,) = diagnostic["related"]
    assert (related["filename"], related["document"]) == ("a/one.sampling.json", 0)
    assert related["location"] == {"row": 1, "column": 1}
    (result,) = json.loads(rosetta(*call, "sarif").stdout)["runs"][0]["results"]
    (place,) = result["relatedLocations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "a/one.sampling.json"
    assert result["level"] == "note"


def test_a_baseline_keeps_it(rosetta, write):
    write("rosetta-spec.toml", 'severity = {RS502 = "warning"}')
    call = ("check", "--baseline", "base.json")
    assert ": 1 new, 0 kept." in rosetta(*call, "--write-baseline").stderr
    assert rosetta(*call, "--fail-on", "info").status == 0
    # Without the other file it is not gone.
    assert rosetta(*call, "b").stderr == ""


def test_a_comment_suppresses_it(rosetta, write):
    write("b/other.sampling.yaml", f"# rosetta-spec: ignore[RS502] on purpose\n{OTHER}")
    assert found(rosetta("check", "--select", "RS5,RS9", "--format", "json")) == []
    # Where the rule is off, the comment is not unused.
    assert found(rosetta("check", "--format", "json")) == []


def test_several_processes_find_the_same(rosetta, write):
    lines = "".join(f"{ONE.replace('true', word)}\n" for word in ("true", "false", "true"))
    write("c.sampling.jsonl", lines)
    write("d.sampling.jsonl", lines)
    call = ("check", "--select", "RS502", "--format", "json", "--jobs")
    assert rosetta(*call, "1").stdout == rosetta(*call, "3").stdout


@pytest.mark.parametrize("wrong", ["", ', "poolName": null', ', "poolName": 5'])
def test_requests_without_a_usable_pool_have_no_pool_in_common(rosetta, write, wrong):
    lines = [f'{each} = "warning"' for each in ("RS101", "RS104", "RS502")]
    write("rosetta-spec.toml", "\n".join(["[severity]", *lines]))
    write("some.sampling.jsonl", f'{{"annotationRequestId": "a"{wrong}}}\n' * 2)
    outcome = rosetta("check", "some.sampling.jsonl", "--format", "json")
    assert outcome.status == 0
    codes = [each["code"] for each in outcome.diagnostics]
    assert codes.count("RS502") == 0
    assert codes.count("RS501") == 1
