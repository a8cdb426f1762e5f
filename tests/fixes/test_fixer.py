"""The rounds of --fix, also with the rules of a team."""

import gc
import re
import tracemalloc
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from rosetta_spec import check_documents
from rosetta_spec.diagnostic import Applicability, Detail
from rosetta_spec.engine.baseline import Baseline, BaselineEntry
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.fixer import Fixer, TooLongLineError
from rosetta_spec.fast.formats import JSONL, MAX_BYTES, YAML
from rosetta_spec.spec.loading import load_ruleset

HEAD = "annotationRequestId: r\npoolName: p\n"


def found(text, code, rules=None):
    reports = Checker(rules).check_file(text.encode(), "-", YAML)
    return next(each for report in reports for each in report.diagnostics if each.code == code)


def fixed(text, rules=None, applicabilities=(Applicability.SAFE,)):
    return Fixer(Checker(rules), applicabilities).fix_file(text.encode(), "-", YAML).decode()


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


def of_kind(text, kind):
    """Write a rule that is of another kind than schema, with its options."""
    options = "schema\n  at: [/sampleCount]\n  schema: {}\n  wants: is another"
    return text.replace(f"kind: {options}", f"kind: {kind}").replace(" {wants} not", " is wrong")


class TestTeamFixes:
    def test_a_value_is_written(self, tmp_path):
        fix = "{applicability: safe, title: write two, set: 2}"
        rules = ruleset(tmp_path, rule("TEA001", "{maximum: 2}", fix))
        assert fixed(f"{HEAD}sampleCount: 3\n", rules) == f"{HEAD}sampleCount: 2\n"

    def test_a_value_is_removed(self, tmp_path):
        fix = "{applicability: safe, title: remove it, remove: true}"
        rules = ruleset(tmp_path, rule("TEA001", "{maximum: 2}", fix))
        assert fixed(f"{HEAD}sampleCount: 3\n", rules) == HEAD

    def test_a_value_that_does_not_help_is_dropped(self, tmp_path):
        fix = "{applicability: safe, title: write five, set: 5}"
        rules = ruleset(tmp_path, rule("TEA001", "{maximum: 2}", fix))
        diagnostic = found(f"{HEAD}sampleCount: 3\n", "TEA001", rules)
        assert [drop.reason for drop in diagnostic.dropped] == ["the finding would remain"]

    def test_a_string_in_another_form_has_no_fix(self, tmp_path):
        text = rule("TEA001", "{}", "{applicability: safe, title: rename it}")
        text = text.replace("kind: schema", "kind: written-as").replace("/sampleCount", "/poolName")
        text = text.replace("schema: {}", 'pattern: "^team-"').replace("wants: is", "form: is")
        text = text.replace("{wants}", "{form}").replace(
            "poolName: p\n  good", "poolName: p\n  good"
        )
        text = text.replace("    poolName: p\n", "    poolName: team-p\n")
        text = text.replace("poolName: team-p", "poolName: p", 1)
        rules = ruleset(tmp_path, text)
        assert found(HEAD, "TEA001", rules).fixes == ()

    def test_rules_that_undo_each_other_end_the_rounds(self, tmp_path):
        one = rule("TEA001", "{maximum: 2}", "{applicability: safe, title: one, set: 1}")
        other = rule("TEA002", "{minimum: 3}", "{applicability: safe, title: four, set: 4}")
        rules = ruleset(tmp_path, one, other)
        assert fixed(f"{HEAD}sampleCount: 3\n", rules).startswith(HEAD)

    def test_of_two_fixes_of_one_finding_the_first_that_causes_none_is_applied(self, tmp_path):
        """Removing sampleType causes a finding; removing both keys would not."""
        fix = "{applicability: safe, title: keep one}"
        keys = "keys: [sampleCount, sampleType]"
        one = of_kind(rule("TEA001", "{}", fix), f"exclusive\n  {keys}")
        other = "required-with\n  key: sampleType\n  by: sampleCount"
        other = of_kind(rule("TEA002", "{}", fix), other).replace(f"  fix: {fix}\n", "")
        rules = ruleset(tmp_path, one, other)
        text = f"{HEAD}sampleCount: 3\nsampleType: 1\n"
        diagnostic = found(text, "TEA001", rules)
        reason = "it would cause TEA002 (tea002)"
        assert [drop.reason for drop in diagnostic.dropped] == [reason]
        assert fixed(text, rules) == f"{HEAD}sampleType: 1\n"


class TestTogether:
    def test_items_that_become_repeated_are_removed_afterwards(self):
        """Each can be put in quotes; both together repeat each other, which is then fixed."""
        text = f"{HEAD}subCondition: {{taskId: [5, 5]}}\n"
        assert fixed(text) == f'{HEAD}subCondition: {{taskId: ["5"]}}\n'

    def test_an_object_that_loses_all_members_stays_an_object(self):
        text = f"{HEAD}subCondition:\n  sampleCount: 5\n  sampleType: 1\n"
        after = fixed(text, applicabilities=(Applicability.UNSAFE,))
        assert found(after, "RS403").pointer == "/subCondition"

    def test_members_that_replace_all_others_move_in_separate_rounds(self):
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

    def test_findings_of_a_baseline_are_left_alone(self):
        text = f"{HEAD}sampleCount: '1'\nsampleType: '1'\n"
        known = found(text, "RS103")
        entry = BaselineEntry("-", known.code, known.pointer, known.fingerprint)
        fixer = Fixer(Checker(baseline=Baseline([entry])), [Applicability.SAFE])
        assert fixer.fix_file(text.encode(), "-", YAML).decode() == text.replace(
            "Type: '1'", "Type: 1"
        )

    def test_fixes_that_are_wanted_and_not_in_a_baseline_are_dropped_with_a_reason(self):
        text = f"annotationRequestId: {'1' * 256}\npoolName: p\n"
        known = found(text, "RS104")
        entry = BaselineEntry("-", known.code, known.pointer, known.fingerprint)
        for entries, wanted, count in (([], "safe", 1), ([], "unsafe", 0), ([entry], "safe", 0)):
            fixer = Fixer(Checker(baseline=Baseline(entries)), [wanted])
            assert fixer.fix_file(text.encode(), "-", YAML).decode() == text
            assert len(fixer.dropped) == count

    def test_comments_are_removed_together(self):
        text = f"{HEAD}# rosetta-spec: ignore[RS106]\n# rosetta-spec: ignore[RS107]\n"
        assert fixed(text) == HEAD

    def test_a_comment_that_has_to_stay_does_not_keep_the_others(self):
        scalar = "other: |+\n  p\n"
        comments = "# rosetta-spec: ignore[RS106]\n# rosetta-spec: ignore[RS107]\n"
        assert fixed(f"{HEAD}{scalar}{comments}\n").count("ignore") == 1


class TestComments:
    @pytest.mark.parametrize(
        ("comments", "left"),
        [
            ("  # ~[RS405] # ~[RS406]\n", ""),
            ("# ~[RS405] # ~[RS406] # ~[RS407] # keep\n", "# keep\n"),
            ("# ~[RS405] # ~[RS406, RS407]", ""),
            ("sampleCount: 1 # ~[RS405] # ~[RS406]\n", "sampleCount: 1\n"),
        ],
    )
    def test_several_in_one_comment_are_all_removed(self, comments, left):
        assert fixed(HEAD + comments.replace("~", "rosetta-spec: ignore")) == HEAD + left

    def test_a_comment_that_ends_a_block_scalar_stays(self):
        """Without it the blank row below would be a part of the string."""
        comment = "# rosetta-spec: ignore[RS106]\n"
        text = f"{HEAD}other: |+\n  p\n{comment}\nsampleCount: 1\n"
        assert "ignore[RS106]" in fixed(text)

    def test_a_comment_after_the_end_of_a_document_is_removed(self):
        assert fixed(f"{HEAD}...\n# rosetta-spec: ignore[RS106]\n") == f"{HEAD}...\n"


def test_each_line_of_json_lines_is_fixed_alone():
    lines = [
        b'{"annotationRequestId": "r", "poolName": "p", "sampleCount": %s}\n',
        b'{"annotationRequestId": "r", "poolName": "p"}\r\n',
        b'{"annotationRequestId": "r", "poolName": "p", "sampleType": %s}',
    ]
    data = lines[0] % b'"1"' + lines[1] + lines[2] % b'"1"'
    pieces = Fixer(Checker(), [Applicability.SAFE]).pieces(BytesIO(data), "-", JSONL)
    before, after = map(b"".join, zip(*pieces, strict=True))
    assert before == data
    assert after == lines[0] % b"1" + lines[1] + lines[2] % b"1"


@pytest.mark.parametrize("most", [1000, 2])
def test_what_a_baseline_knows_of_a_line_is_fixed_in_another(most):
    head = '{"annotationRequestId": "r", "poolName": "p", '
    known = f'{head}"sampleCount": "1", "sampleType": %s, "samplingQuantity": %s}}\n'
    other = f'{head}"sampleCount": %s}}\n'
    text = known % ('"1"', '"1"') + other % '"1"'
    entry = BaselineEntry("-", "RS103", "/sampleCount", found(known % (1, 1), "RS103").fingerprint)
    detail = Detail(max_findings=most, has_fixes_first=True)
    fixer = Fixer(Checker(detail=detail, baseline=Baseline([entry])), [Applicability.SAFE])
    # A file that is fixed again is counted again.
    for _ in range(2):
        assert fixer.fix_file(text.encode(), "-", JSONL).decode() == known % (1, 1) + other % 1


def test_a_finding_that_is_first_after_a_fix_is_no_longer_known():
    line = '{"annotationRequestId": "r", "poolName": "p", "sampleCount": %s}\n'
    _, second = check_documents(line % '"1"' * 2, input_format=JSONL)
    (entry,) = (
        BaselineEntry("-", each.code, each.pointer, each.fingerprint)
        for each in second.diagnostics
        if each.code == "RS103"
    )
    fixer = Fixer(Checker(baseline=Baseline([entry])), [Applicability.SAFE])
    assert fixer.fix_file((line % '"1"' * 2).encode(), "-", JSONL).decode() == line % 1 * 2


def test_a_line_that_is_too_long_is_rejected():
    stream = BytesIO(b"{" + b" " * MAX_BYTES + b"}\n")
    with pytest.raises(TooLongLineError):
        list(Fixer(Checker(), [Applicability.SAFE]).pieces(stream, "-", JSONL))


def test_a_text_above_the_limit_comes_back_whole():
    data = b"a: 1\n" + b"#" * MAX_BYTES
    pieces = list(Fixer(Checker(), [Applicability.SAFE]).pieces(BytesIO(data), "-", YAML))
    assert b"".join(each.before for each in pieces) == data
    assert not any(each.is_changed for each in pieces)


QUOTED = f'---\n{HEAD}sampleCount: "2"\n'


FIXED = QUOTED.replace('"', "")


@pytest.fixture
def rounds(monkeypatch):
    """What each round finds."""
    found = []
    choose = Fixer._next_round
    monkeypatch.setattr(Fixer, "_next_round", lambda *it: found.append(choose(*it)) or found[-1])
    return found


@pytest.mark.parametrize(
    ("text", "after", "count"),
    [
        (QUOTED * 4, FIXED * 4, 2),
        (
            f"{QUOTED * 2}x: 1 # rosetta-spec: ignore[RS201]\n{QUOTED}",
            f"{FIXED * 2}x: 1\n{FIXED}",
            3,
        ),
        (
            f"# rosetta-spec: ignore[RS201]\n{QUOTED * 2}# rosetta-spec: ignore[RS202]\n",
            FIXED * 2,
            3,
        ),
    ],
)
def test_documents_are_fixed_together_and_then_their_comments(text, after, count, rounds):
    assert fixed(text) == after
    assert len(rounds) == count


def test_fixes_that_make_documents_equal_are_applied_together(rounds):
    assert fixed(QUOTED * 9) == FIXED * 9
    assert len(rounds) == 2


def test_a_fix_that_excludes_others_does_not_exclude_fixes_elsewhere(rounds):
    """Of ranges that meet once they are not reversed, those that do not meet are fixed together."""
    ranges = "".join(f"- {{start: {n + 1}, end: {n}}}\n" for n in range(1, 33))
    text = f"{HEAD}interceptionMode: 5\ninterceptionFrame: 1\ninterceptionBoundary:\n{ranges}"
    now = fixed(text, applicabilities=["safe", "unsafe"])
    assert now.count("start") == 32
    assert now == re.sub(r"start: (\d*[02468]), end: (\d+)", r"start: \2, end: \1", text)
    assert len(rounds) == 2


@pytest.mark.no_cover
def test_a_document_that_is_fixed_takes_little_memory():
    checker = Checker([each for each in Checker().rules if each.code == "RS103"])
    check = partial(checker.check_file, filename="a.yaml", format_=YAML)

    def memory(count):
        data = (QUOTED * count).encode()
        tracemalloc.start()
        try:
            found = Fixer(checker, ["safe"])._next_round(check(data))
            assert found.edits
            gc.collect()
            return tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()

    memory(10)
    # The text is there several times; a document with a finding takes 5 KB.
    assert (memory(150) - memory(50)) / 100 < 1_000
