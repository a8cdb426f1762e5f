"""The formats for machines: for any findings, a report is valid and complete."""

from __future__ import annotations

from urllib.parse import unquote

import complete_reports
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.diagnostic import Applicability, Diagnostic, Edit, Fix, Related, Severity
from rosetta_spec.reporters import REPORTERS, reporter_of
from rosetta_spec.reporters.github import MAX_ANNOTATIONS, _data
from rosetta_spec.reporters.style import Style, safe
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.text import Location

FORMATS = ("sarif", "github", "gitlab", "junit", "rdjson")
RULES = builtin_ruleset().rules

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=9)
SOMETHING = ANYTHING.filter(bool)
RANGES = (
    st.lists(st.builds(Location, st.integers(1, 9), st.integers(1, 9)), min_size=2, max_size=2)
    .map(sorted)
    .map(tuple)
)
RELATED = st.builds(
    lambda pointer, message, ends: Related(pointer, message, *ends), ANYTHING, ANYTHING, RANGES
)
EDITS = st.builds(lambda ends, content: Edit(*ends, content), RANGES, ANYTHING)
FIXES = st.builds(
    lambda title, applicability, edits: Fix(title, applicability, tuple(edits)),
    ANYTHING,
    st.sampled_from([*Applicability]),
    st.lists(EDITS, min_size=1, max_size=2),
)


@st.composite
def diagnostics(draw):
    rule = draw(st.sampled_from(RULES))
    start, end = draw(RANGES)
    return Diagnostic(
        code=rule.code,
        name=rule.name,
        severity=draw(st.sampled_from([*Severity])),
        cause=draw(ANYTHING),
        remedy=draw(ANYTHING),
        filename=draw(SOMETHING),
        document=draw(st.integers(0, 3)),
        pointer=draw(ANYTHING),
        location=start,
        end_location=end,
        related=tuple(draw(st.lists(RELATED, max_size=2))),
        fixes=tuple(draw(st.lists(FIXES, max_size=2, unique_by=lambda fix: fix.title))),
        fingerprint=f"{draw(st.integers(0, 2**64)):032x}",
        url=rule.url,
    )


FINDINGS = st.lists(diagnostics(), max_size=4).map(
    lambda found: sorted(found, key=lambda each: each.sort_key)
)


def written(name, *found, rules=RULES):
    counts = {"files": 3, "documents": 5, "suppressed": 2}
    return complete_reports.written(name, *found, style=Style(color=True), rules=rules, **counts)


@given(FINDINGS)
def test_any_findings_make_valid_reports(read_report, found):
    for name in FORMATS:
        read_report(name, written(name, *found))


def region(diagnostic):
    start, end = diagnostic.location, diagnostic.end_location
    return {
        "startLine": start.row,
        "startColumn": start.column,
        "endLine": end.row,
        "endColumn": end.column,
    }


def encodable(text):
    return text.encode(errors="replace").decode()


@given(FINDINGS)
def test_sarif_has_all_of_a_finding(read_report, found):
    (run,) = read_report("sarif", written("sarif", *found))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert len(run["results"]) == len(found)
    for result, each in zip(run["results"], found, strict=True):
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == each.code
        assert result["level"] == {"info": "note"}.get(each.severity.value, each.severity.value)
        assert result["message"]["text"] == each.message
        assert location["physicalLocation"]["region"] == region(each)
        assert uri.isascii()
        assert unquote(uri.removeprefix("file://")).endswith(encodable(each.filename))
        related = result.get("relatedLocations", [])
        assert [one["physicalLocation"]["region"] for one in related] == [
            region(one) for one in each.related
        ]
        fixes = result.get("fixes", [])
        assert [
            (change["deletedRegion"], change["insertedContent"]["text"])
            for fix in fixes
            for change in fix["artifactChanges"][0]["replacements"]
        ] == [(region(edit), edit.content) for fix in each.fixes for edit in fix.edits]


@given(FINDINGS)
def test_gitlab_has_place_fingerprint_and_severity(read_report, found):
    issues = read_report("gitlab", written("gitlab", *found))
    assert [(each["fingerprint"], each["location"]["path"]) for each in issues] == [
        (each.fingerprint, each.filename) for each in found
    ]
    grades = {"error": "major", "warning": "minor", "info": "info"}
    assert [each["severity"] for each in issues] == [grades[each.severity] for each in found]
    assert [each["location"]["lines"]["begin"] for each in issues] == [
        each.location.row for each in found
    ]


@given(FINDINGS)
def test_junit_fails_a_test_for_each_finding(read_report, found):
    suites = read_report("junit", written("junit", *found))
    failures = [failure for tests in suites.values() for _, failure in tests if failure is not None]
    assert [failure.get("type") for failure in failures] == [each.severity for each in found]
    for name, tests in suites.items():
        assert {test["classname"] for test, _ in tests} == {name}


def shown(text):
    """Return a text as GitHub shows it: escapes of line ends are undone."""
    written = safe(_data(text))
    for character in "\r\n%":
        written = written.replace(f"%{ord(character):02X}", character)
    return written


@given(FINDINGS)
def test_github_annotates_each_finding_in_the_order_of_the_report(read_report, found):
    annotations = read_report("github", written("github", *found))
    levels = {"error": "error", "warning": "warning", "info": "notice"}
    for (level, properties, message), each in zip(annotations, found, strict=True):
        assert level == levels[each.severity]
        assert properties["title"] == f"{each.code} {each.name}"
        if each.filename == "-":
            assert message == shown(f"-:{':'.join(map(str, each.location))}: {each.message}")
            continue
        assert message == shown(each.message)
        assert properties["file"] == shown(encodable(each.filename))
        assert int(properties["line"]) == each.location.row
        assert ("col" in properties) == (each.location.row == each.end_location.row)


@given(FINDINGS)
def test_rdjson_suggests_all_fixes_except_choices(read_report, found):
    content = read_report("rdjson", written("rdjson", *found))["diagnostics"]
    assert [each["location"]["path"] for each in content] == [each.filename for each in found]
    assert [len(each.get("suggestions", ())) for each in content] == [
        sum(len(fix.edits) for fix in each.fixes if fix.applicability != "choice") for each in found
    ]


def finding(**changes):
    rule = RULES[-1]
    whole = Diagnostic(
        code=rule.code,
        name=rule.name,
        severity=Severity.ERROR,
        cause="cause",
        remedy="remedy",
        filename="a.yaml",
        document=0,
        pointer="/poolName",
        location=Location(2, 3),
        end_location=Location(2, 5),
        related=(),
        fixes=(),
        fingerprint="5f2c",
        url="https://rosetta.example/rules",
    )
    return whole._replace(**changes)


class TestSarif:
    def run_of(self, read_report, *found, rules=RULES):
        return read_report("sarif", written("sarif", *found, rules=rules))["runs"][0]

    @pytest.mark.parametrize(
        ("filename", "uri"),
        [
            ("a.yaml", "a.yaml"),
            ("-", "-"),
            ("a b/é#?%.yaml", "a%20b/%C3%A9%23%3F%25.yaml"),
            ("a:b.yaml", "a%3Ab.yaml"),
            ("a\\b.yaml", "a%5Cb.yaml"),
            ("a\nb.yaml", "a%0Ab.yaml"),
            ("../a.yaml", "../a.yaml"),
            ("/srv/é.yaml", "file:///srv/%C3%A9.yaml"),
            ("C:/é/a.yaml", "file:///C:/%C3%A9/a.yaml"),
        ],
    )
    def test_a_path_is_a_uri(self, read_report, filename, uri):
        (result,) = self.run_of(read_report, finding(filename=filename))["results"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"] == {"uri": uri}

    def test_a_rule_is_described_in_markdown_too(self, read_report):
        for rule in RULES:
            run = self.run_of(read_report, finding(code=rule.code, name=rule.name))
            (described,) = run["tool"]["driver"]["rules"]
            assert described["name"] == rule.name
            assert described["helpUri"] == rule.url
            assert described["fullDescription"]["text"] == rule.why
            assert described["help"]["markdown"].startswith(f"# {rule.code} {rule.name}\n")
            assert described["properties"]["tags"][0] == rule.kind.name

    def test_a_rule_without_a_page_has_no_link_and_an_unknown_one_only_its_name(self, read_report):
        bare = RULES[-1]._replace(url="", fix=None)
        (described,) = self.run_of(read_report, finding(), rules=[bare])["tool"]["driver"]["rules"]
        assert "helpUri" not in described
        (known,) = self.run_of(read_report, finding(), rules=())["tool"]["driver"]["rules"]
        assert known == {"id": bare.code, "name": bare.name}

    def test_rules_are_listed_once_in_the_order_of_findings(self, read_report):
        codes = ["RS201", "RS101", "RS201"]
        run = self.run_of(read_report, *(finding(code=code) for code in codes))
        assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["RS201", "RS101"]
        assert [result["ruleIndex"] for result in run["results"]] == [0, 1, 0]

    @pytest.mark.parametrize(("code", "is_successful"), [("RS001", False), ("RS002", True)])
    def test_a_file_that_cannot_be_read_makes_the_execution_unsuccessful(
        self, read_report, code, is_successful
    ):
        run = self.run_of(read_report, finding(code=code))
        assert run["invocations"] == [{"executionSuccessful": is_successful}]

    def test_a_run_has_a_limited_number_of_results_errors_first(self, read_report, monkeypatch):
        limited = REPORTERS["sarif"]._replace(max_findings=3)
        monkeypatch.setitem(REPORTERS, "sarif", limited)
        sorted_found = [
            Severity.WARNING,
            Severity.ERROR,
            Severity.INFO,
            Severity.ERROR,
            Severity.WARNING,
        ]
        run = self.run_of(read_report, *(finding(severity=each) for each in sorted_found))
        assert [result["level"] for result in run["results"]] == ["warning", "error", "error"]
        (notification,) = run["invocations"][0]["toolExecutionNotifications"]
        assert notification["message"]["text"].startswith("2 findings left out")


class TestGithub:
    @pytest.mark.parametrize(
        "count",
        [0, 1, MAX_ANNOTATIONS - 1, MAX_ANNOTATIONS, MAX_ANNOTATIONS + 1, 3 * MAX_ANNOTATIONS],
    )
    def test_the_last_annotation_of_a_level_counts_the_rest(self, read_report, count):
        found = [
            finding(location=Location(row, 1), severity=severity)
            for row in range(1, count + 1)
            for severity in reversed(Severity)
        ]
        annotations = read_report("github", written("github", *found))
        shown = min(count, MAX_ANNOTATIONS)
        expected = ["notice", "warning", "error"] * shown
        assert [level for level, _, _ in annotations] == expected
        titles = [properties["title"] for _, properties, _ in annotations]
        rest = [title for title in titles if title.endswith(" more")]
        if count > MAX_ANNOTATIONS:
            assert rest == [f"{count - MAX_ANNOTATIONS + 1} more"] * 3
            assert titles[-3:] == rest
        else:
            assert rest == []

    @pytest.mark.parametrize("shown", [0, 1, MAX_ANNOTATIONS - 1])
    def test_findings_that_reports_leave_out_are_counted_too(self, read_report, shown):
        found = [finding(severity=Severity.WARNING)] * shown
        tally = complete_reports.tally_of(found)
        tally.severities.update({Severity.WARNING: 7, Severity.INFO: 5})
        text = "".join(reporter_of("github")(found, tally, Style()))
        annotations = read_report("github", text)
        levels = [level for level, _, _ in annotations]
        assert levels == ["warning"] * shown + ["warning", "notice"]
        assert [properties["title"] for _, properties, _ in annotations[shown:]] == [
            "7 more",
            "5 more",
        ]

    def test_standard_input_is_no_file(self):
        text = written("github", finding(filename="-"))
        assert text.startswith("::error title=")
        assert "::-:" in text

    def test_nothing_in_a_name_or_message_is_a_command_of_its_own(self):
        forged = "a,line=9::b\n::stop-commands::x\r\n::error::y %0A"
        text = written("github", finding(filename=forged, cause=forged, remedy=forged))
        assert text.count("\n") == 1
        assert text.startswith("::error file=a%2Cline=9%3A%3Ab%0A%3A%3Astop-commands")


class TestJunit:
    def test_findings_of_one_place_are_tests_of_their_own(self, read_report):
        found = [finding(pointer=pointer) for pointer in ("/annotationRequestId", "/poolName")]
        (tests,) = read_report("junit", written("junit", *found)).values()
        assert len({test["name"] for test, _ in tests}) == 2

    def test_a_clean_run_has_a_test_that_has_passed(self, read_report):
        ((test, failure),) = read_report("junit", written("junit"))["rosetta-spec"]
        assert (test["name"], failure) == ("nothing found", None)


@pytest.mark.parametrize(
    ("name", "nothing"),
    [
        ("github", []),
        ("gitlab", []),
        (
            "rdjson",
            {
                "source": {
                    "name": "rosetta-spec",
                    "url": "https://github.com/rosetta-spec/rosetta-spec",
                },
                "diagnostics": [],
            },
        ),
    ],
)
def test_a_clean_report_is_valid_and_empty(read_report, name, nothing):
    assert read_report(name, written(name)) == nothing


def test_a_clean_sarif_log_has_no_results_and_no_rules(read_report):
    (run,) = read_report("sarif", written("sarif"))["runs"]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])
