"""What is shown beside a document: meanings of values, explanations, folds, and anchors."""

import pytest
from edits import at
from lsprotocol.types import Position, Range

from rosetta_spec.lsp.document import OpenDocument
from rosetta_spec.lsp.views import anchor_of, code_lenses, folding_ranges, inlay_hints

FILE = "file:///nowhere/a.sampling.yaml"
BLOCK = """\
annotationRequestId: r
poolName: &pool p
samplingRatio: 0.2
interceptionMode: 5
subCondition:
  operationFilterType: [1, 2]
  conditionJoinType: and
  haveIssue: true
  taskId:
    - *pool
    - *other
---
{"annotationRequestId": "q",
 "poolName": "z"}
"""


def opened(source, format_="yaml"):
    return OpenDocument(f"file:///a.sampling.{format_}", 1, format_, source, "utf-32")


def hints(source, format_="yaml", last=100):
    shown = Range(Position(0, 0), Position(last, 0))
    return [(it.position.line, it.label) for it in inlay_hints(opened(source, format_), shown)]


def test_the_meaning_of_codes_and_shares_is_beside_them():
    wanted = [(2, "20 %"), (3, "custom"), (5, "Annotation"), (5, "Review")]
    assert hints(BLOCK) == wanted
    assert hints(BLOCK, last=3) == wanted[:1]


@pytest.mark.parametrize(
    ("source", "labels"),
    [
        ('{"samplingRatio": 0.125, "sampleType": "1"', ["12.5 %", "Sequential sampling"]),
        ('{"samplingRatio": 1}', ["100 %"]),
        ('{"samplingRatio": 20, "sampleType": 3, "sampleCount": 1}', []),
        ('{"samplingRatio": 1e-1, "interceptionMode": "custom"}', []),
    ],
)
def test_only_what_is_a_code_or_a_share_has_a_meaning(source, labels):
    assert [label for _, label in hints(source, "json")] == labels


def test_each_request_has_a_lens_that_says_what_it_asks_for():
    first, second = code_lenses(opened(BLOCK.replace("    - *other\n", "")))
    assert (first.range.start.line, second.range.start.line) == (0, 11)
    assert first.command.title.endswith(" …")
    assert second.command.arguments == [opened("").uri, 1]


@pytest.mark.parametrize("source", ["[1]", "a: [", "", f"a: 1 # {'x' * 70_000}"])
def test_a_document_that_is_no_request_or_very_long_has_no_lens(source):
    assert code_lenses(opened(source)) == []


def test_objects_and_arrays_of_several_lines_can_be_folded():
    ranges = [(it.start_line, it.end_line) for it in folding_ranges(opened(BLOCK))]
    assert ranges == [(0, 10), (4, 10), (8, 10), (12, 13)]
    assert folding_ranges(opened("{}\n{}\n", "jsonl")) == []


def test_an_alias_leads_to_its_anchor():
    document = opened(BLOCK)
    found = anchor_of(document, BLOCK.index("*pool") + 2)
    assert (found.uri, found.range.start) == (document.uri, Position(1, 10))
    assert anchor_of(document, BLOCK.index("*other") + 1) is None
    assert anchor_of(document, 0) is None
    assert anchor_of(opened("{}", "json"), 0) is None


def test_they_are_answered_through_the_protocol(connect):
    editor = connect()
    assert editor.ask("textDocument/codeLens", textDocument={"uri": FILE}) == []
    source = BLOCK.replace("    - *other\n", "")
    editor.open(FILE, source)
    document = {"textDocument": {"uri": FILE}}
    shown = {"start": at(0, 0), "end": at(20, 0)}
    assert len(editor.ask("textDocument/inlayHint", **document, range=shown)) == 4
    assert len(editor.ask("textDocument/foldingRange", **document)) == 4
    assert editor.at("textDocument/definition", FILE, 9, 7)["range"]["start"] == at(1, 10)
    _, lens = editor.ask("textDocument/codeLens", **document)
    command = {key: lens["command"][key] for key in ("command", "arguments")}
    editor.ask("workspace/executeCommand", **command)
    assert "q" in editor.wait("window/showMessage")["message"]
    command["arguments"] = ["file:///nowhere/else.yaml", 0]
    assert editor.ask("workspace/executeCommand", **command) is None
    for method in ("inlayHint", "foldingRange"):
        other = {"textDocument": {"uri": "file:///nowhere/else.yaml"}, "range": shown}
        assert editor.ask(f"textDocument/{method}", **other) == []
    assert editor.at("textDocument/definition", "file:///nowhere/else.yaml", 0, 0) == []
