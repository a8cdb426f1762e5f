"""Comments suppress the findings that they name; unused and wrong ones are reported."""

import tracemalloc
from datetime import date
from itertools import combinations, islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from rosetta_spec import check, check_documents
from rosetta_spec.diagnostic import Applicability, Detail
from rosetta_spec.engine.checker import Checker
from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import ALWAYS, builtin_ruleset
from rosetta_spec.strategies import block_yaml_texts, messy_requests

RULES = builtin_ruleset().default_rules
CODES = [rule.code for rule in RULES]
NAMES = {rule.code: rule.name for rule in RULES}
POLICY = Path(__file__).parents[1] / "laws" / "policy.rules.yaml"
META = {"RS901", "RS902"}

#: The rule whose fix has an applicability.
CODE_OF = {"unsafe": "RS109", "safe": "RS901"}

GOOD = "annotationRequestId: a\npoolName: b\n"

drawn = settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def checked(text, **options):
    return check(text, filename="a.yaml", **options)


def found(text, **options):
    """Code and row of each finding."""
    return [(d.code, d.location.row) for d in checked(text, **options).diagnostics]


def suppressed(text, **options):
    reports = check_documents(text, filename="a.yaml", **options)
    return [(d.code, d.location.row) for report in reports for d in report.suppressed]


def essence(diagnostic, shift=0):
    """What a comment does not change of a finding; below a comment of its own it is shifted."""
    row, column = diagnostic.location
    pointer = (diagnostic.document, diagnostic.pointer)
    return (
        *pointer,
        row + shift,
        column,
        diagnostic.code,
        diagnostic.fingerprint,
        diagnostic.message,
    )


@st.composite
def texts(draw):
    """Requests as rows of block YAML, and what is found in them."""
    documents = draw(st.lists(messy_requests(), min_size=1, max_size=2))
    parts = [draw(block_yaml_texts(document)) for document in documents]
    text = "\n---\n".join(part.replace("\r\n", "\n").rstrip() for part in parts)
    findings = checked(text).diagnostics
    assume(findings and not ALWAYS.intersection(d.code for d in findings))
    return text.split("\n"), findings


@st.composite
def named_rules(draw, findings, row):
    """Some rules by code or name: of those that are found on a row, and of others."""
    here = sorted({d.code for d in findings if row in (None, d.location.row)})
    some = st.sampled_from(here) | st.sampled_from(CODES) if here else st.sampled_from(CODES)
    codes = draw(st.lists(some, min_size=1, max_size=4, unique=True))
    return {draw(st.sampled_from([code, NAMES[code]])): code for code in codes}


def says_the_same_but_for(findings, text, names, row, shift_from=None):
    """A suppression in `text` suppresses findings of `names` on a row, and adds RS901 at most."""
    report = checked(text)
    codes = set(names.values()) - ALWAYS
    is_hit = [d.code in codes and row in (None, d.location.row) for d in findings]
    shifts = [shift_from is not None and d.location.row >= shift_from for d in findings]
    left = [
        essence(d, shift) for d, hit, shift in zip(findings, is_hit, shifts, strict=True) if not hit
    ]
    told = [d for d in report.diagnostics if d.code not in META]
    assert [essence(d) for d in told] == left
    assert report.summary.suppressed == sum(is_hit)
    hit = {d.code for d, is_one in zip(findings, is_hit, strict=True) if is_one}
    vain = [name for name, code in names.items() if code not in hit]
    about = [d for d in report.diagnostics if d.code in META]
    assert [d.code for d in about] == ["RS901"] * bool(vain)
    assert all(name in d.cause for d in about for name in vain)
    return report


@pytest.mark.no_cover
@drawn
@given(drawn_text=texts(), data=st.data())
def test_at_the_end_of_a_row_one_suppresses_just_what_it_names_there(drawn_text, data):
    rows, findings = drawn_text
    row = data.draw(st.sampled_from([d.location.row for d in findings]))
    names = data.draw(named_rules(findings, row))
    rows[row - 1] = f"{rows[row - 1]} # rosetta-spec: ignore[{', '.join(names)}]"
    report = says_the_same_but_for(findings, "\n".join(rows), names, row)
    fixed_text_has_the_same_findings("\n".join(rows), report)


@pytest.mark.no_cover
@drawn
@given(drawn_text=texts(), data=st.data())
def test_on_a_row_of_its_own_it_is_about_the_next_one_and_changes_no_fingerprint(drawn_text, data):
    rows, findings = drawn_text
    row = data.draw(st.sampled_from([d.location.row for d in findings]))
    names = data.draw(named_rules(findings, row))
    rows.insert(
        row - 1, f"{data.draw(st.sampled_from(['', '   ']))}#rosetta-spec:ignore[{','.join(names)}]"
    )
    report = says_the_same_but_for(findings, "\n".join(rows), names, row, shift_from=row)
    fixed_text_has_the_same_findings("\n".join(rows), report)


@pytest.mark.no_cover
@drawn
@given(drawn_text=texts(), data=st.data())
def test_for_the_file_it_suppresses_what_it_names_wherever_it_is(drawn_text, data):
    rows, findings = drawn_text
    row = data.draw(st.integers(1, len(rows)))
    names = data.draw(named_rules(findings, None))
    rows[row - 1] += f" # rosetta-spec: ignore-file[{', '.join(names)}] why"
    report = says_the_same_but_for(findings, "\n".join(rows), names, None)
    fixed_text_has_the_same_findings("\n".join(rows), report)


def fixed_text_has_the_same_findings(text, report):
    """The fix of RS901 removes its finding, and changes no other report or suppression."""
    vain = [d for d in report.diagnostics if d.code == "RS901"]
    for diagnostic in vain:
        (fix,) = diagnostic.fixes
        assert fix.applicability is Applicability.SAFE
        fixed = checked(edited(text, fix))
        left = [d.fingerprint for d in report.diagnostics if d is not diagnostic]
        assert [d.fingerprint for d in fixed.diagnostics] == left
        assert fixed.summary.suppressed == report.summary.suppressed


def edited(text, fix):
    rows = text.split("\n")
    starts = [sum(len(row) + 1 for row in rows[:number]) for number in range(len(rows))]
    for edit in reversed(fix.edits):
        start, end = (
            starts[at.row - 1] + at.column - 1 if at.row <= len(rows) else len(text)
            for at in (edit.location, edit.end_location)
        )
        text = text[:start] + edit.content + text[end:]
    return text


@pytest.mark.no_cover
@settings(drawn, max_examples=15)
@given(drawn_text=texts())
def test_without_ignores_comments_are_just_comments(drawn_text):
    rows, findings = drawn_text
    text = "\n".join(f"{row} # rosetta-spec: ignore-file[RS201, RS1O1]" for row in rows)
    report = checked(text, ignores=False)
    assert list(map(essence, report.diagnostics)) == list(map(essence, findings))
    assert report.summary.suppressed == 0


class TestWhere:
    def test_the_row_is_that_where_a_finding_starts(self):
        text = f"{GOOD}subCondition:  # rosetta-spec: ignore[RS108, RS402]\n  taskId:\n  - ''\n"
        assert found(text) == [("RS901", 3), ("RS108", 5)]

    def test_only_the_very_next_row_is_meant_by_one_above(self):
        comment = "# rosetta-spec: ignore[RS109]\n"
        assert found(f"{GOOD}{comment}x: 1\n") == []
        assert found(f"{GOOD}{comment}\nx: 1\n") == [("RS901", 3), ("RS109", 5)]
        assert found(f"{GOOD}{comment}x: 1\ny: 1\n") == [("RS109", 5)]

    @pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
    def test_rows_are_counted_as_everywhere(self, ending):
        text = f"\ufeff# rosetta-spec: ignore[RS405]\nannotationRequestId: ' a'\n{GOOD[23:]}"
        assert found(text.replace("\n", ending)) == []

    def test_a_document_may_suppress_what_is_in_another(self):
        text = f"{GOOD}x: 1\n--- # rosetta-spec: ignore-file[RS109]\n{GOOD}"
        assert found(text) == []
        assert suppressed(text) == [("RS109", 3)]

    def test_a_finding_about_a_comment_has_its_span_and_document(self):
        text = f"{GOOD}---\n{GOOD}... # why  # rosetta-spec: ignore[RS201] because  \n"
        diagnostic = checked(text).diagnostics[-1]
        assert (diagnostic.document, diagnostic.pointer) == (1, "")
        assert diagnostic.location == (6, 12)
        assert diagnostic.end_location == (6, 49)

    def test_an_alias_is_suppressed_where_it_is(self):
        text = f"{GOOD}x: &a 1 # rosetta-spec: ignore[RS109]\ny: *a # rosetta-spec: ignore[RS109]\n"
        assert found(text) == []

    @pytest.mark.parametrize(
        ("text", "input_format"),
        [
            ('{"poolName": "# rosetta-spec: ignore-file[RS101]"}', "json"),
            ('{"poolName": "# rosetta-spec: ignore-file[RS101]"}', "jsonl"),
            ('poolName: "# rosetta-spec: ignore-file[RS101]"', "yaml"),
            ("poolName: |-\n  # rosetta-spec: ignore-file[RS101]\n", "yaml"),
        ],
    )
    def test_a_string_is_no_comment(self, text, input_format):
        report = check(text, input_format=input_format)
        assert [d.code for d in report.diagnostics] == ["RS101"]


class TestUnused:
    def test_a_rule_that_was_not_selected_is_not_unused(self):
        text = f"{GOOD}x: 1 # rosetta-spec: ignore[RS405, RS109, RS201]\n"
        rules = [rule for rule in RULES if rule.code != "RS405"]
        (diagnostic,) = checked(text, rules=rules).diagnostics
        assert diagnostic.cause == "this comment suppresses no finding of RS201"
        assert edited(text, diagnostic.fixes[0]) == text.replace(", RS201", "")
        none = [rule for rule in RULES if rule.code in {"RS901", "RS902"}]
        assert found(text, rules=none) == []

    def test_without_its_rule_nothing_is_unused(self):
        text = f"{GOOD}# rosetta-spec: ignore[RS405]\n# rosetta-spec: ignore[RS999]\n"
        assert found(text, rules=[rule for rule in RULES if rule.code not in META]) == []

    @pytest.mark.parametrize("wanted", ["safe", "unsafe"])
    def test_it_is_fixed_if_safe_fixes_are_wanted(self, wanted):
        text = f"{GOOD}samplingRatioo: 0.5\n# rosetta-spec: ignore[RS405]\n"
        (report,) = Checker(detail=Detail(fixes=frozenset({wanted}))).check_file(
            text.encode(), "a.yaml", "yaml"
        )
        fixes = {
            each.code: [fix.applicability for fix in each.fixes] for each in report.diagnostics
        }
        assert fixes == {"RS109": [], "RS901": [], CODE_OF[wanted]: [wanted]}

    def test_two_for_one_finding_are_both_used(self):
        text = "# rosetta-spec: ignore-file[RS109]\nx: 1 # rosetta-spec: ignore[unknown-property]\n"
        assert found(f"{GOOD}{text}") == []

    def test_after_a_syntax_error_the_rest_of_a_file_is_unknown(self):
        text = f"# rosetta-spec: ignore-file[RS405, RS003]\n{GOOD}---\n}}\n"
        (always, syntax) = checked(text).diagnostics
        assert (always.cause, syntax.code) == ("RS003 cannot be suppressed", "RS002")
        assert found(f"{GOOD}# rosetta-spec: ignore[RS405]\n---\n}}\n") == [
            ("RS901", 3),
            ("RS002", 5),
        ]
        ended = f"# rosetta-spec: ignore-file[RS405] until=2020-01-01\n{GOOD}---\n}}\n"
        assert found(ended, today=date(2020, 1, 1)) == [("RS002", 5)]
        assert found(ended, today=date(2020, 1, 2)) == [("RS901", 1), ("RS002", 5)]

    def test_if_not_all_findings_are_looked_for_the_others_are_unknown(self):
        repeated = "subCondition:\n  taskId:\n  - q\n  - q # rosetta-spec: ignore[RS112, RS003]\n"
        text = f"# rosetta-spec: ignore-file[RS405]\n{GOOD}{repeated}" + "".join(
            f"x{number}: 1\n" for number in range(9)
        )
        for enough, unused in ((9, {"RS003"}), (99, {"RS003", "RS405"})):
            checker = Checker(detail=Detail(stop_after=enough))
            (report,) = checker.check_file(text.encode(), "a.yaml", "yaml")
            causes = " ".join(it.cause for it in report.diagnostics if it.code == "RS901")
            assert {code for code in ("RS003", "RS112", "RS405") if code in causes} == unused

    def test_nothing_else_is_reported_of_an_unreadable_document(self):
        for text in ("- 1 # rosetta-spec: ignore[RS9]", "a: } # rosetta-spec: ignore[RS9]"):
            assert len(found(f"# rosetta-spec: ignore[RS405]\n{text}")) == 1
        assert found("# rosetta-spec: ignore[RS405]\n") == [("RS004", 1)]

    def test_a_document_that_is_no_object_may_suppress_what_is_in_another(self):
        assert found(f"- 1 # rosetta-spec: ignore-file[RS109]\n---\n{GOOD}x: 1\n") == [("RS004", 1)]

    @pytest.mark.parametrize("code", sorted(ALWAYS))
    def test_what_cannot_be_disabled_cannot_be_suppressed(self, code):
        text = f"{GOOD}poolName: c # rosetta-spec: ignore[{code}]\n"
        duplicate, unused = checked(text).diagnostics
        assert duplicate.code == "RS003"
        assert unused.cause == f"{code} cannot be suppressed"
        assert edited(text, unused.fixes[0]) == f"{GOOD}poolName: c\n"

    def test_a_suppression_is_in_force_through_its_last_day(self):
        text = f"{GOOD}x: 1 # rosetta-spec: ignore[RS109] until=2026-12-31 why\n"
        assert found(text) == []
        assert found(text, today=date(2026, 12, 31)) == []
        unknown, unused = checked(text, today=date(2027, 1, 1)).diagnostics
        assert (unknown.code, unused.code) == ("RS109", "RS901")
        assert unused.cause == "this suppression of RS109 expired after 2026-12-31"
        assert edited(text, unused.fixes[0]) == f"{GOOD}x: 1\n"


class TestUnknown:
    @pytest.mark.parametrize(
        ("directive", "cause", "remedy"),
        [
            ("ignore", "this suppression lists no rule", "write `# rosetta-spec: ignore[CODE]`"),
            ("ignore-file[]", "lists no rule", "write `# rosetta-spec: ignore-file[CODE]`"),
            ("ignore RS109, why", "lists no rule", "write `# rosetta-spec: ignore[RS109]`"),
            ("ignore[RS109", "the list of rules is not closed", "write ]"),
            (
                "ingore[RS109, unknown-property]",
                "`rosetta-spec: ingore` suppresses nothing",
                "write `# rosetta-spec: ignore[RS109, unknown-property]`",
            ),
            ("ignore[rs109]", "there is no rule rs109", "did you mean RS109?"),
            ("ignore[x, a b\t]", 'there is no rule x and "a b"', "`rosetta-spec rule` lists"),
            ("ignore[RS109] until=now", "until=now is not a date", "write the last day"),
            ("ignore[RS109] why until=2026-12-31", "comes after the reason", "directly after"),
        ],
    )
    def test_a_comment_without_effect_is_explained(self, directive, cause, remedy):
        unknown, told = checked(f"{GOOD}x: 1 # rosetta-spec: {directive}\n").diagnostics
        assert (unknown.code, told.code) == ("RS109", "RS902")
        assert cause in told.cause
        assert remedy in told.remedy
        assert told.fixes == ()

    def test_the_rules_that_it_knows_are_silent_all_the_same(self):
        text = f"{GOOD}x: 1 # rosetta-spec: ignore[RS109, RS405, unkown-property, RS2O1]\n"
        (told,) = checked(text).diagnostics
        assert told.cause == "there is no rule unkown-property and RS2O1"
        assert told.remedy == "did you mean unknown-property and RS201?"
        assert suppressed(text) == [("RS109", 3)]

    def test_a_message_is_never_long(self):
        names = [f"RS1O{number}" for number in range(10_000)]
        unknown, told = checked(
            f"{GOOD}x: 1 # rosetta-spec: ignore[{','.join(names)}]\n"
        ).diagnostics
        assert (unknown.code, told.code) == ("RS109", "RS902")
        assert told.cause == f"there is no rule {', '.join(names[:10])} and 9990 more"
        vain = ",".join(code for code in CODES if code not in ALWAYS)
        (told,) = checked(f"{GOOD}# rosetta-spec: ignore[{vain}]\n").diagnostics
        assert told.cause.endswith(" more")

    def test_each_problem_is_reported(self):
        text = f"{GOOD}x: 1 # rosetta-spec: ignore[RS109, RS999] until=2026-02-30\n"
        assert found(text) == [("RS109", 3), ("RS902", 3), ("RS902", 3)]
        first, second = (d.fingerprint for d in checked(text).diagnostics[1:])
        assert first != second

    def test_rules_of_a_team_have_names_too(self):
        rules = [*RULES, *load_ruleset(POLICY).rules]
        code = load_ruleset(POLICY).rules[0].code
        text = f"{GOOD}# rosetta-spec: ignore[{code}]\n"
        assert found(text) == [("RS902", 3)]
        assert ("RS901", 3) in found(text, rules=rules)


class TestAboutSuppressions:
    """RS901 and RS902 can be suppressed by others, without end."""

    @pytest.mark.parametrize(
        ("text", "said", "unsaid"),
        [
            ("x: 1 # rosetta-spec: ignore[RS405, RS109, RS901]", [("RS901", 3)], [("RS109", 3)]),
            ("# rosetta-spec: ignore[RS901]\n# rosetta-spec: ignore[RS405]", [], [("RS901", 4)]),
            ("# rosetta-spec: ignore[RS902]\n# rosetta-spec: ignore", [], [("RS902", 4)]),
            (
                "# rosetta-spec: ignore-file[RS901]\n# rosetta-spec: ignore[RS405]",
                [],
                [("RS901", 4)],
            ),
            ("# rosetta-spec: ignore[RS901]", [("RS901", 3)], []),
            (
                "# rosetta-spec: ignore[RS901, RS902]\n# rosetta-spec: ignore[RS405]",
                [("RS901", 3)],
                [("RS901", 4)],
            ),
            (
                "# rosetta-spec: ignore-file[RS405,RS901] # rosetta-spec: ignore-file[RS402,RS901]",
                [],
                [("RS901", 3), ("RS901", 3)],
            ),
            (
                "# rosetta-spec: ignore-file[RS901]\n# rosetta-spec: ignore-file[RS901]",
                [("RS901", 3), ("RS901", 4)],
                [],
            ),
            ("# rosetta-spec: ignore-file[RS902, RS999]", [("RS902", 3)], []),
            (
                "# rosetta-spec: ignore[RS901]\n# why\n# rosetta-spec: ignore[RS405]\n# why",
                [],
                [("RS901", 5)],
            ),
            (
                "# rosetta-spec: ignore[RS902]\n# why\npoolName: c # rosetta-spec: ignore[RS999]",
                [("RS003", 5)],
                [("RS902", 5)],
            ),
            (
                "# rosetta-spec: ignore[RS901]\n\n# rosetta-spec: ignore[RS405]",
                [("RS901", 3), ("RS901", 5)],
                [],
            ),
            (
                "# rosetta-spec: ignore[RS901]\n" * 3 + "# rosetta-spec: ignore",
                [("RS901", 3), ("RS901", 4), ("RS901", 5), ("RS902", 6)],
                [],
            ),
            (
                "# rosetta-spec: ignore[RS902]\n" * 3 + "# rosetta-spec: ignore\nx: 1",
                [("RS109", 7)],
                [("RS902", 6)],
            ),
        ],
    )
    def test_by_each_other(self, text, said, unsaid):
        assert found(f"{GOOD}{text}\n") == said
        assert suppressed(f"{GOOD}{text}\n") == unsaid


def test_repeated_findings_keep_their_fingerprints_when_the_first_is_suppressed():
    text = f"{GOOD}x: 1\n---\n{GOOD}x: 1\n---\n{GOOD}x: 1\n"
    prints = [d.fingerprint for d in checked(text).diagnostics]
    first = checked(text.replace("x: 1", "x: 1 # rosetta-spec: ignore[RS109]", 1))
    assert [d.fingerprint for d in first.diagnostics] == prints[1:]
    assert first.summary.suppressed == 1
    assert first.summary.documents == 3


#: Comments that suppress, are unused or are wrong, and rows of requests around them.
PIECES = [
    *("---\n", "...\n", "x: 1", "poolName: p", "annotationRequestId: a\npoolName: b\n", "\n", "{}"),
    *("samplingRatio: 20\n", "y: [\n", "- 1", "  # no directive\n"),
]
PIECES += [
    f"{before}# rosetta-spec: {verb}[{names}]{after}\n"
    for before, after in (("", ""), (" ", " until=2020-01-01"))
    for verb in ("ignore", "ignore-file")
    for names in ("RS109", "RS101, RS107", "RS901, RS902", "RS902", "RS109, nothing", "RS405,RS002")
]


@settings(max_examples=25)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
@example("x: 1\n---\n# rosetta-spec: ignore[RS901]\n# rosetta-spec: ignore-file[RS109]\n{}\n")
def test_documents_that_are_read_again_have_the_same_findings(text):
    checker = Checker(today="2026-01-01")

    def reports():
        return [
            each._replace(document=None)
            for each in checker.check_file(text.encode(), "a.yaml", "yaml")
        ]

    expected = reports()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rosetta_spec.engine.suppressions.MAX_TOGETHER", 0)
        assert reports() == expected


#: Different rules, six at a time.
SIX = ["RS109," + ",".join(five) for five in islice(combinations(CODES[-20:], 5), 240)]


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("unit", "few", "many", "limit"),
    [
        (lambda _: "# rosetta-spec: ignore[RS109]\n", 450, 1_800, 600),
        (lambda _: "# rosetta-spec: ignored\n", 150, 450, 1_200),
        (lambda _: "---\nx: # rosetta-spec: ignore[RS901]\n", 60, 160, 3_000),
        (lambda nth: f"# rosetta-spec: ignore[{SIX[nth]}]\n", 60, 240, 1_200),
    ],
)
def test_a_suppression_takes_little_memory(unit, few, many, limit, monkeypatch):
    monkeypatch.setattr("rosetta_spec.engine.suppressions.MAX_TOGETHER", 0)
    rules = [rule for rule in RULES if rule.code in {"RS109", *META}]
    checker = Checker(rules, detail=Detail(has_excerpts=False, max_findings=10))

    def peak(count):
        data = f"{GOOD}{''.join(map(unit, range(count)))}".encode()
        tracemalloc.start()
        try:
            assert any(each.diagnostics for each in checker.check_file(data, "a.yaml", "yaml"))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    # The text itself is there several times.
    assert (peak(many) - peak(few)) / (many - few) < limit
