"""Which fixes are offered, which are dropped and why, and which choices there are."""

import pytest

from rosetta_spec.diagnostic import Detail
from rosetta_spec.document.operations import CannotEditError, Put, Remove, Swap, applied
from rosetta_spec.document.reader import read_text
from rosetta_spec.engine.checker import Checker
from rosetta_spec.fast.formats import JSON, MAX_NESTING, YAML
from rosetta_spec.fixes import verify
from rosetta_spec.fixes.edits import TextEdit, edited
from rosetta_spec.fixes.propose import choices_among
from rosetta_spec.fixes.verify import Effect
from rosetta_spec.kinds.kind import ProposedFix
from rosetta_spec.text import Span, Text

HEAD = "annotationRequestId: r\npoolName: p\n"


def found(text, code, rules=None):
    reports = Checker(rules).check_file(text.encode(), "-", YAML)
    return next(each for report in reports for each in report.diagnostics if each.code == code)


def titles(text, code, rules=None):
    return [fix.title for fix in found(text, code, rules).fixes]


def reasons(text, code):
    return [drop.reason for drop in found(text, code).dropped]


@pytest.mark.parametrize(
    ("applicability", "titles"),
    [
        ("safe", []),
        ("unsafe", ["remove sequenceLength"]),
        ("choice", ["set interceptionMode to 6 (sequencelength) and remove interceptionFrame"]),
    ],
)
def test_only_fixes_of_the_wanted_applicabilities_are_proposed(applicability, titles):
    checker = Checker(detail=Detail(fixes=frozenset({applicability})))
    text = f"{HEAD}interceptionMode: 1\ninterceptionFrame: 5\nsequenceLength: 5\n"
    (report,) = checker.check_file(text.encode(), "-", YAML)
    (only,) = report.diagnostics
    assert only.code == "RS401"
    assert [fix.title for fix in only.fixes] == titles


class TestChoices:
    @pytest.mark.parametrize(
        ("text", "code", "choices"),
        [
            (
                "samplingRatio: 0.5\nsamplingQuantity: 5\n",
                "RS201",
                ["keep samplingRatio", "keep samplingQuantity"],
            ),
            (
                "subCondition: {workPoolFilter: [a]}\n",
                "RS202",
                [
                    "add subCondition.workPoolFilterType 1 (Last work pool)",
                    "add subCondition.workPoolFilterType 2 (Historical work pool)",
                    "remove subCondition",
                ],
            ),
            (
                "subCondition: {conditionJoinType: or, operationFilterType: [1]}\n",
                "RS203",
                ['add subCondition.userNameFilter ["alice"]', "remove subCondition"],
            ),
            (
                "subCondition: {haveIssue: true, userNameFilter: [a]}\n",
                "RS203",
                [
                    "add subCondition.operationFilterType [1]",
                    "remove subCondition.userNameFilter",
                ],
            ),
            (
                "interceptionMode: 2\n",
                "RS204",
                [
                    "add interceptionFrame 10",
                    "remove interceptionMode",
                    "set interceptionMode to 6 (sequencelength) and add sequenceLength 20",
                ],
            ),
            (
                "subCondition: {haveIssue: true, rejectionTime: 2}\n",
                "RS402",
                [
                    'add subCondition.conditionJoinType "and"',
                    'add subCondition.conditionJoinType "or"',
                ],
            ),
            (
                "interceptionMode: 2\ninterceptionFrame: 5\nsequenceLength: 5\n",
                "RS401",
                [
                    "remove sequenceLength",
                    "set interceptionMode to 6 (sequencelength) and remove interceptionFrame",
                ],
            ),
        ],
    )
    def test_each_choice_satisfies_all_rules(self, text, code, choices):
        assert titles(HEAD + text, code) == choices

    def test_a_value_behind_an_alias_leaves_no_choice(self):
        text = "a: &a {samplingRatio: 1, samplingQuantity: 5}\n<<: *a\n"
        assert titles(HEAD + text, "RS201") == []


class FakeVerifier:
    """Knows a value; its operations remove every finding unless they cannot be applied."""

    def __init__(self):
        self.value = {"a": 1, "b": 2}

    def effect(self, _violations, operations):
        if operations[0] == Remove(("no",)):
            raise CannotEditError
        return Effect(applied(self.value, operations), remaining=[], caused=[])


def test_impossible_equal_and_longer_proposals_are_no_choices():
    proposed = [
        ProposedFix((Remove(("no",)),)),
        ProposedFix((Put(("a",), 3),)),
        ProposedFix((Put(("a",), 3),), "the same"),
        ProposedFix((Put(("a",), 3), Remove(("b",)))),
        ProposedFix((Swap(("a",), ("b",)),)),
    ]
    titles = [title for _, title in choices_among(FakeVerifier(), None, proposed)]
    assert titles == ["set a to 3", "swap a and b"]


class TestDropped:
    def test_a_value_used_through_an_alias_is_not_quoted(self):
        text = "x: &x 5\nannotationRequestId: *x\npoolName: p\n"
        assert reasons(text, "RS104") == ["/annotationRequestId is shared through an alias"]

    @pytest.mark.parametrize(
        ("text", "code", "reason"),
        [
            ("haveIssue: true\n", "RS110", "there is nothing at /subCondition"),
            ("haveIssue: true\nsubCondition:\n", "RS110", "/subCondition is not an object"),
            ('a: &a "5"\nsampleCount: *a\n', "RS103", "/sampleCount is shared through an alias"),
        ],
    )
    def test_an_impossible_fix_is_dropped(self, text, code, reason):
        diagnostic = found(HEAD + text, code)
        assert diagnostic.fixes == ()
        assert [drop.reason for drop in diagnostic.dropped] == [reason]

    def test_a_fix_that_brings_a_finding_is_dropped(self):
        text = f"annotationRequestId: {'9' * 300}\npoolName: p\n"
        assert reasons(text, "RS104") == ["it would cause RS406 (long-identifier)"]

    @pytest.mark.parametrize("rest", ["'0.5'", "50", "0.5\nsamplingQuantity: 5"])
    def test_a_wrong_value_under_a_misspelled_key_does_not_prevent_renaming(self, rest):
        assert titles(f"{HEAD}sampleRatio: {rest}\n", "RS109") == ["rename it to samplingRatio"]

    def test_a_fix_whose_text_reads_as_another_value_is_dropped(self, monkeypatch):
        monkeypatch.setattr(verify, "value_after", lambda *_: {})
        assert reasons(f'{HEAD}sampleCount: "5"\n', "RS103") == [
            "the text would be read differently"
        ]


def fixed_texts(text, code):
    """The text after each fix of a finding."""
    offset = Text(text).offset
    return [
        edited(
            text,
            [
                TextEdit(Span(offset(each.location), offset(each.end_location)), each.content)
                for each in fix.edits
            ],
        )
        for fix in found(text, code).fixes
    ]


@pytest.mark.parametrize(
    ("text", "code", "fixed"),
    [
        (f'{HEAD}sequenceLength: "\\ud800"\n', "RS401", HEAD),
        (f"{HEAD}interceptionBoundary:\n- {{start: 1, start: 2, end: 3}}\n", "RS401", HEAD),
        (f'{HEAD}<<: &d {{sampleCount: "5"}}\n', "RS103", f"{HEAD}<<: &d {{sampleCount: 5}}\n"),
        (f'{HEAD}<<:\n  sampleCount: "5"\n', "RS103", f"{HEAD}<<:\n  sampleCount: 5\n"),
        (
            'annotationRequestId: a\npoolNam: ""\n',
            "RS109",
            'annotationRequestId: a\npoolName: ""\n',
        ),
        (
            f"{HEAD}taskId: []\nsubCondition: {{noNeedAnnotate: true}}\n",
            "RS110",
            f"{HEAD}subCondition: {{noNeedAnnotate: true, taskId: []}}\n",
        ),
    ],
)
def test_fixes_are_offered_with_what_they_remove_or_reveal(text, code, fixed):
    assert fixed in fixed_texts(text, code)


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        (
            f'{HEAD}x: &d {{sampleCount: "5"}}\n<<: *d\n',
            "RS103",
            "/sampleCount is shared through an alias",
        ),
        (
            f'{HEAD}<<: [{{sampleCount: "5"}}, {{}}]\n',
            "RS103",
            "/sampleCount is merged from several objects",
        ),
        (
            f"{HEAD}<<: {{sequenceLength: 3}}\n",
            "RS401",
            "another object is merged into the document",
        ),
        ("annotationRequestId: a\npoolNam: 1\npoolNam: 2\n", "RS109", "/poolNam has its key twice"),
    ],
)
def test_the_reason_for_a_missing_fix_is_true(text, code, reason):
    assert reason in reasons(text, code)


@pytest.mark.parametrize("format_", [JSON, YAML])
def test_a_move_that_would_nest_a_value_too_deep_is_dropped(format_):
    lists = MAX_NESTING - 1
    deep = f"{'[' * lists}{']' * lists}"
    text = f'{{"poolName": "p", "subCondition": {{"haveIssue": true}}, "taskId": {deep}}}'
    (report,) = Checker().check_file(text.encode(), "-", format_)
    (moved,) = (each for each in report.diagnostics if each.code == "RS110")
    assert [each.reason for each in moved.dropped] == ["the text would be read differently"]


def test_suppressions_are_verified_together(monkeypatch):
    reads = []
    monkeypatch.setattr(verify, "read_text", lambda *it: reads.append(it) or read_text(*it))
    # So many that the text is read only a few times.
    scalar, comments = "other: |+\n  a\n", "# rosetta-spec: ignore[RS106]\n" * 1_000

    def unused(text):
        (report,) = Checker().check_file(f"{HEAD}{text}".encode(), "-", YAML)
        return [each for each in report.diagnostics if each.code == "RS901"]

    assert all(each.fixes for each in unused(f"{comments}{scalar}"))
    assert len(reads) == 1
    # The first one ends the string, and the blank row below it is not a part of that.
    first, *others = unused(f"{scalar}# rosetta-spec: ignore[RS107]\n\n{comments}")
    assert not first.fixes
    assert [each.reason for each in first.dropped] == ["the text would be read differently"]
    assert all(each.fixes for each in others)
    assert len(reads) == 3
    scalars = "".join(f"k{n}: |\n  a\n# rosetta-spec: ignore[RS106]\n" for n in range(50))
    assert all(each.fixes for each in unused(scalars))
    assert len(reads) == 4
