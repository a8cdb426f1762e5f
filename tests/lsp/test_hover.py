"""Hover and document symbols."""

import pytest

from rosetta_spec.lsp.document import OpenDocument
from rosetta_spec.lsp.views import hover_at, symbols_of
from rosetta_spec.spec.ruleset import builtin_ruleset


def hover_text(written, format_="yaml", *, has_markdown=True):
    offset = written.index("|")
    source = written.replace("|", "", 1)
    text = OpenDocument(f"file:///a.{format_}", 1, format_, source, "utf-32")
    hover = hover_at(text, offset, builtin_ruleset(), has_markdown=has_markdown)
    return hover and hover.contents.value


@pytest.mark.parametrize(
    ("written", "format_", "start"),
    [
        ("interceptionMode: |5", "yaml", "`5`: custom: Frames from your own ranges."),
        ("interceptionMode: Cust|om", "yaml", "`5`: custom: Frames from your own ranges."),
        ("subCondition: {conditionJoinType: A|ND}", "yaml", "`and`: and: A task"),
        ("intercep|tionMode: 5", "yaml", "**Interception mode**"),
        ("interception|Mode:", "yaml", "**Interception mode**"),
        ('{"sub|Condition": {', "json", "**Conditions**"),
        ("subCondition: {conditionJoinType: a|nd}", "yaml", "`and`: and: A task has to meet all"),
        ('{"subCondition": {"operationFilterType": [|2]}}', "json", "`2`: Review"),
        ("subCondition:\n  operationFilterType: [1]\n  taskId: [|x]", "yaml", "**Task id**"),
        ("subCondition:\n  noNeedAnnotate: |true", "yaml", "`true`: need annotate"),
        ("subCondition:\n  operation|FilterType: [1]", "yaml", "**Kinds of work**"),
        ("a: 1 # rosetta-spec: ignore[RS1|02]", "yaml", "**RS102 wrong-type** (error)"),
        ("# rosetta-spec: ignore[RS102, ignored-set|ting]\na: 1", "yaml", "**RS401 ignored-set"),
    ],
)
def test_keys_values_and_rules_are_explained(written, format_, start):
    assert hover_text(written, format_).startswith(start)


def test_the_first_key_of_a_request_also_says_what_it_asks_for():
    second = (
        "annotationRequestId: a\npoolName: p\n---\npool|Name: '[*b*](x)'\nannotationRequestId: r\n"
    )
    rest = " of annotation request r: inspect all of its tasks."
    text = hover_text(second)
    assert text.startswith("**")
    assert text.endswith(rf'Pool "\[\*b\*\](x)"{rest}')
    plain = hover_text(second, has_markdown=False)
    assert plain.endswith(f'Pool "[*b*](x)"{rest}')
    first = '{"annotation|RequestId": "a", "poolName": "p"}'
    assert 'Pool "p" of annotation request a' in hover_text(first, "json")
    assert "inspect" not in hover_text(second.replace("|", "").replace("tId: r", "t|Id: r"))


@pytest.mark.parametrize(
    "written", ["unknown|Key: 1", "|", "poolName:| x", "a: 1 # rosetta-spec: ignore[RS|999]", "#|a"]
)
def test_other_text_has_no_hover(written):
    assert hover_text(written) is None


def names(symbols):
    return [(each.name, names(each.children)) for each in symbols]


def test_symbols_are_nested():
    text = OpenDocument("a.yaml", 1, "yaml", 'a: 1\nb:\n  c: 2\n  d: [x]\n"": 1\n', "utf-16")
    listed = [("a", []), ("b", [("c", []), ("d", [("0", [])])]), ("?", [])]
    assert names(symbols_of(text)) == listed


def test_the_value_of_a_key_is_beside_its_symbol():
    text = OpenDocument("a.yaml", 1, "yaml", "a: 1\nb: [x]\nc:\nd\n", "utf-16")
    assert [each.detail for each in symbols_of(text)] == ["1", None, None, None]


def test_each_request_of_several_is_a_symbol():
    text = OpenDocument("a.jsonl", 1, "x", '{"a": 1}\n\n{"b": ', "utf-16")
    assert names(symbols_of(text)) == [("request 1", [("a", [])]), ("request 2", [("b", [])])]


def test_symbols_are_limited_in_depth_and_number():
    deep = OpenDocument("a.json", 1, "json", "[" * 50, "utf-8")
    assert str(names(symbols_of(deep))).count("0") == 11
    many = OpenDocument("a.json", 1, "json", f"[{'1,' * 5000}]", "utf-8")
    assert len(symbols_of(many)) == 2000
    lines = OpenDocument("a.jsonl", 1, "json", "{}\n" * 5000, "utf-8")
    assert len(symbols_of(lines)) == 2000
