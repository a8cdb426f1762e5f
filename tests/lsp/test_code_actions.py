"""Code actions, and the documents after they are applied."""

import os

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lsprotocol.types import (
    CodeActionContext,
    CodeActionParams,
    Position,
    Range,
    TextDocumentIdentifier,
)

from rosetta_spec.config.settings import Overrides
from rosetta_spec.diagnostic import Applicability, Detail
from rosetta_spec.document.reader import read_text
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.fixer import Fixer
from rosetta_spec.fixes.edits import TextEdit, edited
from rosetta_spec.lsp.code_actions import code_actions, edits_between
from rosetta_spec.lsp.document import OpenDocument
from rosetta_spec.lsp.session import Session
from rosetta_spec.strategies import block_yaml_texts, flow_yaml_texts, json_texts, messy_requests
from rosetta_spec.text import Span

SESSION = Session(Overrides(is_isolated=True), lambda: "2026-06-01")
WHOLE = Range(Position(0, 0), Position(10_000, 0))
WRONG = """\
annotationRequestId: r
poolName: p
samplingRatio: '0.5'
samplingQuantity: 5
interceptionMode: 2
interceptionFrame: 10
sequenceLength: 5
"""

thorough = settings(
    max_examples=int(os.environ.get("EXAMPLES", "15")),
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def opened(source, format_="yaml"):
    return OpenDocument(f"file:///a.sampling.{format_}", 7, format_, source, "utf-16")


def offered(text, range_=WHOLE, *only, has_versions=True):
    result = SESSION.check(text, has_fixes=True)
    return code_actions(text, result, wanted(text, range_, *only), has_versions=has_versions)


def wanted(text, range_, *only):
    document, context = TextDocumentIdentifier(text.uri), CodeActionContext([], only)
    return CodeActionParams(document, range_, context)


def titles(actions):
    return [action.title for action in actions]


def taken(text, action):
    """The text after an action."""
    (change,) = action.edit.document_changes
    assert (change.text_document.uri, change.text_document.version) == (text.uri, text.version)
    spans = [
        (*map(text.offset_at_position, (edit.range.start, edit.range.end)), edit.new_text)
        for edit in change.edits
    ]
    source = text.source
    for start, end, new in sorted(spans, reverse=True):
        source = source[:start] + new + source[end:]
    return opened(source, text.format_)


def codes(text):
    return [each.code for each in SESSION.check(text).diagnostics]


def test_fixes_come_first_then_suppressions_then_explanations():
    text = opened(WRONG)
    line = Range(Position(3, 0), Position(3, 5))
    assert titles(offered(text, line)) == [
        "keep samplingRatio",
        "keep samplingQuantity",
        "ignore RS201 here",
        "explain RS201 ratio-with-quantity",
        "fix everything that rosetta-spec can fix safely",
    ]


def test_a_cursor_beside_a_finding_gets_the_actions_of_its_row():
    text = opened(WRONG)
    for column in (0, 4, 100):
        here = Range(Position(2, column), Position(2, column))
        assert titles(offered(text, here, "quickfix"))[0] == "remove the quotes"
    assert offered(text, Range(Position(1, 3), Position(1, 3)), "quickfix") == []
    assert offered(text, Range(Position(2, 0), Position(2, 4)), "quickfix") == []


def test_each_fix_removes_its_finding():
    text = opened(WRONG)
    by_title = {action.title: action for action in offered(text)}
    assert by_title["remove the quotes"].is_preferred
    assert codes(taken(text, by_title["remove the quotes"])) == ["RS201", "RS401"]
    unsafe = by_title["remove sequenceLength (unsafe: review the change)"]
    assert codes(taken(text, unsafe)) == ["RS103", "RS201"]
    assert codes(taken(text, by_title["keep samplingQuantity"])) == ["RS401"]


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (["quickfix"], {"quickfix"}),
        (["source"], {"source.fixAll"}),
        (["source.fixAll"], {"source.fixAll"}),
        (["source.fixAll.rosetta-spec"], {"source.fixAll.rosetta-spec"}),
        (["source.fixAll.other", "refactor"], set()),
        ([""], {"quickfix", "source.fixAll"}),
        (["quick"], set()),
    ],
)
def test_only_the_requested_kinds_are_returned(only, kinds):
    assert {action.kind for action in offered(opened(WRONG), WHOLE, *only)} == kinds


def test_a_client_without_document_changes_gets_plain_changes():
    (action,) = offered(opened(WRONG), WHOLE, "source.fixAll", has_versions=False)
    assert list(action.edit.changes) == ["file:///a.sampling.yaml"]


def test_a_valid_document_has_no_actions():
    assert offered(opened("annotationRequestId: r\npoolName: p\n")) == []


def test_an_empty_configuration_file_has_no_actions():
    assert offered(OpenDocument("file:///rosetta-spec.toml", 7, "toml", "")) == []


def test_without_safe_fixes_there_is_no_fix_all():
    assert offered(opened("poolName: p\n"), WHOLE, "source.fixAll") == []


def test_fix_all_of_a_large_document_must_be_requested():
    text = opened(WRONG + "# a comment\n" * 2000)
    assert offered(text)[-1].kind == "quickfix"
    assert len(offered(text, WHOLE, "source.fixAll")) == 1


def test_fix_all_of_many_findings_must_be_requested(monkeypatch):
    monkeypatch.setattr("rosetta_spec.lsp.code_actions.MAX_PUBLISHED", 2)
    text = opened(WRONG)
    assert offered(text)[-1].kind == "quickfix"
    (action,) = offered(text, WHOLE, "source.fixAll")
    assert "samplingRatio: 0.5\n" in taken(text, action).source


@pytest.mark.parametrize("format_", ["json", "yaml"])
def test_only_the_first_of_too_many_findings_get_actions(monkeypatch, format_):
    limit = Detail(has_excerpts=False, max_findings=5)
    monkeypatch.setattr("rosetta_spec.lsp.session._FIXABLE", limit)
    items = ", ".join(["{}", *map(str, range(20))])
    others = '"annotationRequestId": "r", "poolName": "p", "interceptionMode": 5'
    boundary = f'"interceptionFrame": 1, "interceptionBoundary": [{items}]'
    text = opened(f'{{"sampleType": "1", {others}, {boundary}, "sampleCount": "1"}}', format_)
    result = Session(Overrides(is_isolated=True), lambda: "2026-06-01").check(text, has_fixes=True)
    assert result.is_cut
    actions = code_actions(text, result, wanted(text, WHOLE), has_versions=True)
    assert titles(actions)[0] == "remove the quotes"
    assert {each.split()[0] for each in titles(actions[1:-1])} == {"explain"}
    assert not codes(taken(text, actions[-1])).count("RS103")


@pytest.mark.no_cover
def test_a_very_large_document_has_suppressions_and_explanations():
    text = opened(WRONG + "# a comment\n" * 25_000)
    line = Range(Position(2, 16), Position(2, 16))
    assert titles(offered(text, line)) == ["ignore RS103 here", "explain RS103 quoted-scalar"]


def test_a_document_that_takes_too_long_to_check_again_has_explanations():
    text = opened(WRONG + f"# {'a comment' * 300_000}\n")
    line = Range(Position(2, 16), Position(2, 16))
    assert titles(offered(text, line)) == ["explain RS103 quoted-scalar"]


def suppression_of(text, code):
    return next(each for each in offered(text) if each.title == f"ignore {code} here")


@pytest.mark.parametrize(
    ("written", "code", "after"),
    [
        ("samplingRatio: 20\n", "RS107", "samplingRatio: 20  # rosetta-spec: ignore[RS107]\n"),
        ("samplingRatio: 20 ", "RS107", "samplingRatio: 20  # rosetta-spec: ignore[RS107]"),
        (
            "samplingRatio: 20 # why\r\n",
            "RS107",
            "samplingRatio: 20 # why  # rosetta-spec: ignore[RS107]\r\n",
        ),
        (
            "samplingRatio: '20' # rosetta-spec: ignore[RS103]\n",
            "RS107",
            "samplingRatio: '20' # rosetta-spec: ignore[RS103, RS107]\n",
        ),
        (
            "# rosetta-spec: ignore[RS103]\nsamplingRatio: '20'\n",
            "RS107",
            "# rosetta-spec: ignore[RS103, RS107]\nsamplingRatio: '20'\n",
        ),
        (
            "sampleType: |-\r\n  1\r\n",
            "RS103",
            "sampleType: |-  # rosetta-spec: ignore[RS103]\r\n  1\r\n",
        ),
        (
            "sampleType: '1\n  '\n",
            "RS105",
            "# rosetta-spec: ignore[RS105]\nsampleType: '1\n  '\n",
        ),
        (
            "sampleType: '1\r\n  '\r\n",
            "RS105",
            "# rosetta-spec: ignore[RS105]\r\nsampleType: '1\r\n  '\r\n",
        ),
        (
            "sampleType: '1\r  '\r",
            "RS105",
            "# rosetta-spec: ignore[RS105]\rsampleType: '1\r  '\r",
        ),
    ],
)
def test_a_comment_suppresses_a_finding(written, code, after):
    required = "{}annotationRequestId: r{}poolName: p{}"
    end = "\r\n" if "\r\n" in written else "\r" if "\r" in written else "\n"
    text = opened(required.format("\ufeff", end, end) + written)
    suppressed = taken(text, suppression_of(text, code))
    assert suppressed.source == required.format("\ufeff", end, end) + after
    assert code not in codes(suppressed)


def test_a_document_of_one_line_is_suppressed_by_a_comment_above_it():
    text = opened("{poolName: p, sampleType: '1\n  '}")
    assert "ignore RS105 here" in titles(offered(text))
    alone = opened("poolName: [")
    assert titles(offered(alone)) == ["explain RS002 syntax-error"]


def test_without_a_place_for_a_comment_there_is_no_suppression():
    text = opened("{poolName: 'a\n b', sampleType: '1', annotationRequestId: 'a\n b'}")
    assert titles(offered(text, WHOLE, "quickfix")) == [
        "remove the quotes",
        "explain RS103 quoted-scalar",
    ]


def test_one_of_many_findings_can_be_suppressed(monkeypatch):
    text = opened(
        "annotationRequestId: r\npoolName: p\n" + "".join(f"x{n}: 1\n" for n in range(1100))
    )
    row = Range(Position(500, 0), Position(500, 0))
    assert titles(offered(text, row))[0] == "ignore RS109 here"
    monkeypatch.setattr("rosetta_spec.lsp.code_actions._FINDING", 2000)
    assert titles(offered(text, row))[0] == "explain RS109 unknown-property"


def test_a_document_is_read_only_one_time_for_all_suppressions(monkeypatch):
    reads = []

    def counted(text, format_):
        reads.append(text.content)
        return read_text(text, format_)

    monkeypatch.setattr("rosetta_spec.lsp.code_actions.read_text", counted)
    text = opened(WRONG)
    assert sum(title.startswith("ignore ") for title in titles(offered(text))) == 3
    assert reads.count(WRONG) == 1
    reads.clear()
    offered(opened("poolName: ["))
    assert reads == []


@pytest.mark.parametrize(
    "comment",
    ["# why", "# rosetta-spec: ignore", "# rosetta-spec: ignore-file[RS103]", "#"],
)
def test_other_comments_stay_as_they_are(comment):
    text = opened(f"{comment}\npoolName: p # why\nannotationRequestId: r\nsamplingRatio: 20\n")
    suppressed = taken(text, suppression_of(text, "RS107"))
    assert suppressed.source.splitlines()[:3] == text.source.splitlines()[:3]
    assert suppressed.source.endswith("samplingRatio: 20  # rosetta-spec: ignore[RS107]\n")
    above = opened(f"poolName: p\nannotationRequestId: r\n{comment}\nsamplingRatio: 20\n")
    assert "RS107" not in codes(taken(above, suppression_of(above, "RS107")))


def test_json_has_no_suppressions():
    text = opened('{"annotationRequestId": "r", "poolName": "p", "samplingRatio": 20}', "json")
    assert titles(offered(text)) == ["explain RS107 out-of-range"]


@st.composite
def messy_texts(draw):
    write, format_ = draw(
        st.sampled_from(
            [(json_texts, "json"), (block_yaml_texts, "yaml"), (flow_yaml_texts, "yaml")]
        )
    )
    return opened(draw(write(draw(messy_requests()))), format_)


@thorough
@given(messy_texts())
def test_fix_all_writes_the_same_as_the_command(text):
    fixer = Fixer(Checker(), [Applicability.SAFE])
    wanted = fixer.fix_file(text.data, "a", text.format_).decode()
    actions = offered(text, WHOLE, "source.fixAll")
    assert (taken(text, actions[0]).source if actions else text.source) == wanted


@thorough
@given(messy_texts())
def test_a_suppression_removes_its_finding(text):
    for action in offered(text, WHOLE, "quickfix"):
        if action.title.startswith("ignore "):
            code = action.title.split()[1]
            assert codes(taken(text, action)).count(code) < codes(text).count(code)


@given(st.text("ab\n\r", max_size=20), st.text("ab\n\r", max_size=20))
@example("a\nb\na\n", "b\nb\nb\n")
@example("a\n" + "x\n" * 3000 + "a\n", "b\n" + "x\n" * 3000 + "b\n")
@example("x\n" * 6000, "x\n" * 6000)
def test_edits_between_two_texts_lead_from_one_to_the_other(before, after):
    assert edited(before, edits_between(before, after)) == after


@pytest.mark.parametrize("between", ["x\n" * 3000, "".join(f"x{n}\n" for n in range(3000))])
def test_edits_between_long_texts_are_small(between):
    found = edits_between(f"a\n{between}a\n", f"b\n{between}b\n")
    end = len(between) + 2
    assert list(found) == [TextEdit(Span(0, 1), "b"), TextEdit(Span(end, end + 1), "b")]


def test_json_lines_are_fixed_too():
    good = '{"annotationRequestId": "r", "poolName": "p", "sampleType": %s}\n'
    text = opened(good % '"1"' + good % "1", "jsonl")
    (action,) = offered(text, WHOLE, "source.fixAll")
    assert taken(text, action).source == (good % "1") * 2
