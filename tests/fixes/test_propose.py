"""Which fixes are offered, which are dropped and why, and which choices there are."""

from io import BytesIO
from pathlib import Path

import pytest

from rosetta_spec.diagnostic import Applicability, Detail
from rosetta_spec.document.operations import CannotEditError, Put, Remove, applied
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.fixer import Fixer, TooLongLineError
from rosetta_spec.fast.formats import MAX_BYTES, YAML
from rosetta_spec.fixes import verify
from rosetta_spec.fixes.propose import choices_among
from rosetta_spec.fixes.verify import Outcome
from rosetta_spec.kinds.kind import ProposedFix
from rosetta_spec.spec.loading import load_ruleset

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
    def test_each_way_out_satisfies_all_rules_at_once(self, text, code, choices):
        assert titles(HEAD + text, code) == choices

    def test_a_value_behind_an_alias_leaves_no_choice(self):
        text = "a: &a {samplingRatio: 1, samplingQuantity: 5}\n<<: *a\n"
        assert titles(HEAD + text, "RS201") == []


class FakeVerifier:
    """Knows a value; its operations remove every finding unless they cannot be applied."""

    def __init__(self):
        self.value = {"a": 1, "b": 2}

    def outcome(self, _violations, operations):
        if operations[0] == Remove(("no",)):
            raise CannotEditError
        return Outcome(applied(self.value, operations), remaining=[], brought=[])


def test_what_cannot_be_applied_or_gives_the_same_or_does_more_than_needed_is_no_choice():
    proposed = [
        ProposedFix((Remove(("no",)),)),
        ProposedFix((Put(("a",), 3),)),
        ProposedFix((Put(("a",), 3),), "the same"),
        ProposedFix((Put(("a",), 3), Remove(("b",)))),
    ]
    titles = [title for *_, title in choices_among(FakeVerifier(), None, proposed)]
    assert titles == ["set a to 3"]


class TestDropped:
    def test_a_value_used_through_an_alias_is_not_quoted(self):
        text = "x: &x 5\nannotationRequestId: *x\npoolName: p\n"
        assert reasons(text, "RS104") == ["/annotationRequestId is used through an alias"]

    @pytest.mark.parametrize(
        ("text", "code", "reason"),
        [
            ("haveIssue: true\n", "RS110", "there is nothing at /subCondition"),
            ('a: &a "5"\nsampleCount: *a\n', "RS103", "/sampleCount is used through an alias"),
        ],
    )
    def test_what_would_do_harm_or_cannot_be_done_is_left_out(self, text, code, reason):
        diagnostic = found(HEAD + text, code)
        assert diagnostic.fixes == ()
        assert [drop.reason for drop in diagnostic.dropped] == [reason]

    def test_what_would_bring_a_finding(self):
        text = f"annotationRequestId: {'9' * 300}\npoolName: p\n"
        assert reasons(text, "RS104") == ["it would bring RS406 (long-identifier)"]

    @pytest.mark.parametrize("rest", ["'0.5'", "50", "0.5\nsamplingQuantity: 5"])
    def test_what_stood_under_the_wrong_key_already_is_no_harm(self, rest):
        assert titles(f"{HEAD}sampleRatio: {rest}\n", "RS109") == ["rename it to samplingRatio"]

    def test_what_is_read_otherwise_than_it_was_planned(self, monkeypatch):
        monkeypatch.setattr(verify, "value_after", lambda *_: {})
        assert reasons(f'{HEAD}sampleCount: "5"\n', "RS103") == ["the text would be read otherwise"]

    def test_what_would_take_another_mistake_away(self):
        """Of what was wrong besides, all else is to be still there."""
        text = f"{HEAD}interceptionBoundary: [{{start: 1, start: 2, end: 3}}]\n"
        assert reasons(text, "RS401") == ["the text would be read otherwise"]


def ruleset(tmp_path, *rules):
    path = Path(tmp_path, "team.rules.yaml")
    path.write_text("rules:\n" + "".join(rules))
    return load_ruleset(path).rules


def rule(code, schema, fix):
    return f"""
- code: {code}
  name: {code.lower()}
  severity: error
  kind: schema
  at: [/sampleCount]
  schema: {schema}
  wants: is another
  message: "{{path}} {{wants}} not"
  help: write another
  why: a test
  source: a test
  fix: {fix}
  bad: |
    annotationRequestId: r
    poolName: p
    sampleCount: 3
  good: |
    annotationRequestId: r
    poolName: p
"""


class TestTeamFixes:
    def test_a_value_is_written(self, tmp_path):
        fix = "{applicability: safe, title: write two, set: 2}"
        rules = ruleset(tmp_path, rule("TEA001", "{maximum: 2}", fix))
        assert fixed(f"{HEAD}sampleCount: 3\n", rules) == f"{HEAD}sampleCount: 2\n"

    def test_what_is_wrong_is_removed(self, tmp_path):
        fix = "{applicability: safe, title: remove it, remove: true}"
        rules = ruleset(tmp_path, rule("TEA001", "{maximum: 2}", fix))
        assert fixed(f"{HEAD}sampleCount: 3\n", rules) == HEAD

    def test_a_value_that_does_not_help_is_left_out(self, tmp_path):
        fix = "{applicability: safe, title: write five, set: 5}"
        rules = ruleset(tmp_path, rule("TEA001", "{maximum: 2}", fix))
        diagnostic = found(f"{HEAD}sampleCount: 3\n", "TEA001", rules)
        assert [drop.reason for drop in diagnostic.dropped] == ["the finding would stay"]

    def test_what_a_string_in_another_form_should_be_nobody_knows(self, tmp_path):
        text = rule("TEA001", "{}", "{applicability: safe, title: rename it}")
        text = text.replace("kind: schema", "kind: written-as").replace("/sampleCount", "/poolName")
        text = text.replace("schema: {}", 'pattern: "^team-"').replace("wants: is", "form: is")
        text = text.replace("{wants}", "{form}").replace(
            "poolName: p\n  good", "poolName: p\n  good"
        )
        text = text.replace("    poolName: p\n", "    poolName: team-p\n")
        text = text.replace("poolName: team-p", "poolName: p", 1)
        rules = ruleset(tmp_path, text)
        assert titles(HEAD, "TEA001", rules) == []

    def test_rules_that_undo_each_other_come_to_an_end(self, tmp_path):
        one = rule("TEA001", "{maximum: 2}", "{applicability: safe, title: one, set: 1}")
        other = rule("TEA002", "{minimum: 3}", "{applicability: safe, title: four, set: 4}")
        rules = ruleset(tmp_path, one, other)
        assert fixed(f"{HEAD}sampleCount: 3\n", rules).startswith(HEAD)


def fixed(text, rules=None, applicabilities=(Applicability.SAFE,)):
    return Fixer(Checker(rules), applicabilities).fix_file(text.encode(), "-", YAML).decode()


class TestTogether:
    def test_two_numbers_that_are_one_name_are_left_once(self):
        """Each can be put in quotes; both together repeat each other, which is mended then."""
        text = f"{HEAD}subCondition: {{taskId: [5, 5]}}\n"
        assert fixed(text) == f'{HEAD}subCondition: {{taskId: ["5"]}}\n'

    def test_an_object_whose_last_members_go_stays_an_object(self):
        text = f"{HEAD}subCondition:\n  sampleCount: 5\n  sampleType: 1\n"
        after = fixed(text, applicabilities=(Applicability.UNSAFE,))
        assert found(after, "RS403").pointer == "/subCondition"

    def test_members_that_change_places_with_all_others_go_one_after_the_other(self):
        text = f"{HEAD}subCondition:\n  sampleCount: 5\nhaveIssue: true\n"
        after = fixed(text, applicabilities=(Applicability.UNSAFE,))
        assert after == f"{HEAD}subCondition: {{haveIssue: true}}\nsampleCount: 5\n"

    def test_of_two_fixes_of_one_item_the_first_is_applied(self):
        text = f'{HEAD}subCondition: {{taskId: [a, "a "]}}\n'
        assert fixed(text) == f"{HEAD}subCondition: {{taskId: [a]}}\n"

    def test_fixes_that_bring_a_finding_together_are_divided(self):
        """Each of the first two can be swapped alone, but then they overlap."""
        head = f"{HEAD}interceptionMode: 5\ninterceptionFrame: 1\ninterceptionBoundary:\n"
        after = fixed(
            f"{head}- {{start: 9, end: 1}}\n- {{start: 8, end: 1}}\n- {{start: 30, end: 20}}\n",
            applicabilities=(Applicability.UNSAFE,),
        )
        assert after == (
            f"{head}- {{start: 1, end: 9}}\n- {{start: 8, end: 1}}\n- {{start: 20, end: 30}}\n"
        )

    def test_findings_with_given_fingerprints_are_left_alone(self):
        text = f"{HEAD}sampleCount: '1'\nsampleType: '1'\n"
        fingerprints = frozenset({found(text, "RS103").fingerprint})
        fixer = Fixer(Checker(), [Applicability.SAFE], fingerprints)
        assert fixer.fix_file(text.encode(), "-", YAML).decode() == text.replace(
            "Type: '1'", "Type: 1"
        )

    def test_comments_go_together(self):
        text = f"{HEAD}# rosetta-spec: ignore[RS106]\n# rosetta-spec: ignore[RS107]\n"
        assert fixed(text) == HEAD

    def test_comments_of_which_one_has_to_stay_go_one_by_one(self):
        scalar = "other: |+\n  p\n"
        comments = "# rosetta-spec: ignore[RS106]\n# rosetta-spec: ignore[RS107]\n"
        assert fixed(f"{HEAD}{scalar}{comments}\n").count("ignore") == 1


class TestComments:
    def test_a_comment_that_ends_a_block_scalar_stays(self):
        """Without it the blank row below would be a part of the string."""
        comment = "# rosetta-spec: ignore[RS106]\n"
        text = f"{HEAD}other: |+\n  p\n{comment}\nsampleCount: 1\n"
        assert "ignore[RS106]" in fixed(text)

    def test_a_comment_after_the_end_of_a_document_is_removed(self):
        assert fixed(f"{HEAD}...\n# rosetta-spec: ignore[RS106]\n") == f"{HEAD}...\n"


def test_a_line_that_is_too_long_is_not_written_again():
    stream = BytesIO(b"{" + b" " * MAX_BYTES + b"}\n")
    with pytest.raises(TooLongLineError):
        list(Fixer(Checker(), [Applicability.SAFE]).fix_lines(stream, "-"))
