"""Completion, in documents in which `|` is the cursor."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import (
    ClientCompletionItemInsertTextModeOptions,
    ClientCompletionItemOptions,
    InsertTextMode,
)

from rosetta_spec.api import check
from rosetta_spec.document.reader import read_text
from rosetta_spec.document.tree import Array, Object
from rosetta_spec.lsp.completion import completions
from rosetta_spec.lsp.document import OpenDocument
from rosetta_spec.request.schema import listed_values, schema_at
from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.strategies import block_yaml_texts, flow_yaml_texts, json_texts, requests
from rosetta_spec.text import Text

#: The example of a pool name.
POOL = "a3f8b6e4-9c1d-4d8a-93b2-7f7e8f3a1d5e-SamplingPool"

RULES = builtin_ruleset().rules
PLAIN = ClientCompletionItemOptions()
SNIPPETS = ClientCompletionItemOptions(
    snippet_support=True,
    insert_text_mode_support=ClientCompletionItemInsertTextModeOptions(
        [InsertTextMode.AdjustIndentation]
    ),
)


def help_at(written, format_="yaml", capabilities=SNIPPETS):
    """The items at the `|`, by label, in their order."""
    return offered_at(written.replace("|", "", 1), written.index("|"), format_, capabilities)


def offered_at(source, offset, format_, capabilities=SNIPPETS):
    text = OpenDocument(f"file:///a.sampling.{format_}", 1, format_, source, "utf-32")
    items = completions(text, offset, RULES, capabilities)
    assert items == sorted(items, key=lambda item: item.sort_text)
    return {item.label: item for item in items}


def completed(written, label, format_="yaml"):
    """The text after an item is accepted, by a client without snippets."""
    item = help_at(written, format_, PLAIN)[label]
    text = OpenDocument("file:///a", 1, format_, written.replace("|", "", 1), "utf-32")
    content = text.text.content
    for edit in (item.text_edit, *(item.additional_text_edits or ())):
        start, end = map(text.offset, (edit.range.start, edit.range.end))
        content = content[:start] + edit.new_text + content[end:]
    return content


@pytest.mark.parametrize(
    ("written", "format_"), [("|", "yaml"), ("{|}", "json"), ('{"|"}', "json"), ("{|", "jsonl")]
)
def test_required_keys_come_first(written, format_):
    assert list(help_at(written, format_))[:2] == ["annotationRequestId", "poolName"]


@pytest.mark.parametrize(
    ("written", "format_", "label", "content"),
    [
        ("pool|\nsampleType: 1\n", "yaml", "poolName", "poolName: ${1:"),
        ("subCondition:\n  |\n", "yaml", "haveIssue", "haveIssue: ${1|true,false|}"),
        ("sub|", "yaml", "subCondition", "subCondition:\n  $1"),
        ("{|}", "json", "subCondition", '"subCondition": {$1\\}'),
        ('{"subCondition": {|}}', "json", "taskId", '"taskId": [${1:"'),
        ("interceptionBoundary:\n  - |\n", "yaml", "start", "start: ${1:0}"),
        ("interceptionBoundary:\n  -|\n", "yaml", "start", " start: ${1:0}"),
        ("interceptionBoundary:\n- start: 1\n  |\n", "yaml", "end", "end: ${1:9}"),
        ("interceptionBoundary: [{|}]", "yaml", "end", "end: ${1:9}"),
        ("sampling|: 1", "yaml", "samplingRatio", "samplingRatio"),
        ('{"sampling|": 1}', "json", "samplingRatio", '"samplingRatio"'),
        ("a: 1\n|\n...\nb: 2\n", "yaml", "poolName", "poolName: ${1:"),
        ("a: 1\n---\n|", "yaml", "poolName", "poolName: ${1:"),
        ("\n|\n---\npoolName: p", "yaml", "poolName", "poolName: ${1:"),
        ("poolName|: x", "yaml", None, None),
        ("$sch|", "yaml", "$schema", '"\\$schema": ${1:"'),
    ],
)
def test_keys_are_offered_where_they_belong(written, format_, label, content):
    offered = help_at(written, format_)
    if label is None:
        assert "poolName" in offered
    else:
        assert offered[label].text_edit.new_text.startswith(content)


@pytest.mark.parametrize(
    ("key", "partner"),
    [("userNameFilter", "operationFilterType"), ("workPoolFilter", "workPoolFilterType")],
)
def test_keys_that_must_be_together_are_inserted_together(key, partner):
    content = help_at("subCondition:\n  |")[key].text_edit.new_text
    assert content.startswith(f"{key}: [$")
    assert f"\n{partner}: " in content
    alone = help_at(f"subCondition:\n  {partner}: 1\n  |")[key]
    assert partner not in alone.text_edit.new_text
    assert alone.detail.endswith(f"(needed by {partner})")


def test_a_key_is_inserted_with_the_one_that_a_team_requires_beside_it(monkeypatch):
    path = Path(__file__).parent.parent / "laws" / "policy.rules.yaml"
    monkeypatch.setattr(f"{__name__}.RULES", (*RULES, *load_ruleset(path).rules))
    content = help_at("subCondition:\n  |", capabilities=PLAIN)["taskId"].text_edit.new_text
    assert content.endswith("]\nnoNeedAnnotate: true")


def test_keys_are_offered_before_those_that_are_present():
    offered = help_at("subCondition:\n  |\n  haveIssue: true\n")
    assert "taskId" in offered
    assert "haveIssue" not in offered


def test_a_mode_inserts_the_keys_that_it_needs():
    offered = help_at("interceptionMode: |\n")
    assert offered["5"].detail == "custom"
    assert "interceptionFrame: ${1:10}\ninterceptionBoundary: [" in offered["5"].text_edit.new_text
    assert offered["6"].text_edit.new_text == "6\nsequenceLength: ${1:20}"
    by_key = help_at("|")["interceptionMode: 5"].text_edit.new_text
    assert by_key.startswith("interceptionMode: 5\ninterceptionFrame: ")


def test_keys_that_the_mode_needs_come_first_and_those_without_effect_last():
    offered = list(help_at("poolName: p\nannotationRequestId: r\ninterceptionMode: 5\n|"))
    assert offered[:2] == ["interceptionFrame", "interceptionBoundary"]
    assert offered[-2:] == ["sequenceLength", "$schema"]


@pytest.mark.parametrize("mode", ["custom", "' Custom '", '"5"', "5"])
def test_a_mode_that_is_named_or_quoted_needs_the_same(mode):
    offered = help_at(f"interceptionMode: {mode}\n|")
    assert offered["interceptionFrame"].detail.endswith("(needed by interceptionMode)")


@pytest.mark.parametrize("format_", ["yaml", "json"])
def test_a_mode_of_thousands_of_digits_needs_nothing(format_):
    mode = "5" * 5000
    offered = help_at(f'{{"interceptionMode": {mode}, |}}', format_)
    assert "needed" not in offered["interceptionFrame"].detail


@pytest.mark.parametrize(
    "written",
    [
        "subCondition: h|\n",
        "\t|",
        "subCondition:\n\t|",
        "subCondition:\n  haveIssue: true\n \tta|",
        "sampleType: >-\n  Rand|om\n",
        "sampleType: 'Rand\n  |om'\n",
        "a: 1\n>-\n  samp|le\n",
    ],
)
def test_nothing_is_offered_that_would_be_a_syntax_error(written):
    assert help_at(written) == {}


@pytest.mark.parametrize("gap", [" ", "\t", " \t", "\t "])
@pytest.mark.parametrize(
    "written",
    [
        "interceptionMode:{}|\n",
        "subCondition:{}|\n",
        "interceptionBoundary:{}|\n",
        "interceptionBoundary:\n-{}|\n",
        "interceptionBoundary:\n-{}\n  |\n",
        "interceptionBoundary: [{}|]\n",
    ],
)
def test_what_is_offered_after_blanks_is_no_syntax_error(written, gap):
    offered = help_at(written.replace("{}", gap))
    assert offered
    for label in offered:
        done = completed(written.replace("{}", gap), label)
        (document,) = read_text(Text(done), "yaml")
        assert document.root, done


@pytest.mark.parametrize("written", ["interceptionMode: cus|", "interceptionMode: 'CUS|'"])
def test_a_value_is_found_by_its_name(written):
    found = help_at(written)["5 (custom)"]
    assert found.filter_text.strip("'") == "custom"
    assert found.text_edit.new_text.startswith("5\n")


@pytest.mark.parametrize(
    ("written", "label", "format_", "compared"),
    [
        ('{"interceptionMode": "|"}', "5", "json", '"5"'),
        ('{"interceptionMode": "|', "5", "json", '"5"'),
        ("interceptionMode: '|'", "5", "yaml", "'5'"),
        ('{"subCondition": {"conditionJoinType": "a|"}}', "and", "json", '"and"'),
        ('{"poolName": "|"}', f'"{POOL}"', "json", f'"{POOL}"'),
        ("interceptionMode: |", "5", "yaml", "5"),
    ],
)
def test_a_value_is_compared_with_its_quote(written, label, format_, compared):
    assert help_at(written, format_)[label].filter_text == compared


@pytest.mark.parametrize(
    ("written", "format_", "after"),
    [
        ("subCondition: |\n", "yaml", "subCondition: \n  haveIssue: true\n"),
        ("{subCondition: |}", "yaml", "{subCondition: {haveIssue: true}}"),
        ('{"subCondition": |}', "json", '{"subCondition": {"haveIssue": true}}'),
    ],
)
def test_an_object_begins_with_one_of_its_keys(written, format_, after):
    assert completed(written, "haveIssue", format_) == after
    assert check(after, input_format=format_).diagnostics[0].code == "RS101"


def test_a_block_of_items_is_offered():
    items = "- start: 0\n  end: 9"
    label = "- start: 0, end: 9"
    assert completed("interceptionBoundary:|", label) == f"interceptionBoundary:\n{items}"
    indented = completed("interceptionBoundary:\n  |", label)
    assert indented == f"interceptionBoundary:\n  {items}"


def test_a_key_without_effect_says_so():
    detail = help_at("interceptionMode: 2\n|")["sequenceLength"].detail
    assert detail.endswith(" (no effect without interceptionMode 6)")


@pytest.mark.parametrize(
    ("written", "replaced"),
    [
        ("a: 1 # rosetta-spec: ignore[|]", ""),
        ("a: 1 # rosetta-spec: ignore[RS2|]", "RS2"),
        ("# rosetta-spec: ignore-file[RS102, ratio-w|ith", "ratio-with"),
    ],
)
def test_rules_are_offered_in_a_comment(written, replaced):
    offered = help_at(written)
    assert offered["RS201"].filter_text == "RS201 ratio-with-quantity"
    edit = offered["RS201"].text_edit
    assert edit.new_text == "RS201"
    assert edit.range.end.character - edit.range.start.character == len(replaced)
    assert "RS002" not in offered
    assert ("RS102" in offered) == ("RS102" not in written)


@pytest.mark.parametrize(
    ("written", "format_"), [("# ignore[|]", "yaml"), ("# rosetta-spec: ignore[|]", "json")]
)
def test_rules_are_offered_only_in_a_directive(written, format_):
    assert "RS201" not in help_at(written, format_)


@pytest.mark.no_cover
def test_a_long_list_in_a_comment_takes_linear_time():
    """Quadratic time would be minutes."""
    assert "RS201" in help_at(f"# rosetta-spec: ignore[{'a' * 100_000} |")
    assert help_at(f"{'# rosetta-spec: ignore[' * 100_000}]|") == {}


def test_a_key_that_a_present_key_excludes_is_not_offered():
    assert "samplingQuantity" not in help_at("samplingRatio: 0.5\n|")


@pytest.mark.parametrize(
    ("written", "format_", "labels"),
    [
        ("subCondition:\n  conditionJoinType: |", "yaml", ["and", "or"]),
        ('{"subCondition": {"conditionJoinType": "|', "json", ["and", "or"]),
        ("subCondition:\n  noNeedAnnotate: |", "yaml", ["true", "false"]),
        ("subCondition:\n  operationFilterType:\n    - |", "yaml", ["1", "2", "3"]),
        ('{"subCondition": {"operationFilterType": [1, |]}}', "json", ["2", "3"]),
        ('{"subCondition": {"operationFilterType": [1 |]}}', "json", []),
        ("samplingRatio: |", "yaml", ["0.2"]),
        ("subCondition:\n  startTime: |", "yaml", ['"2025-03-13 20:00:00"']),
        ("interceptionBoundary: |", "yaml", ["[{start: 0, end: 9}]", "- start: 0, end: 9"]),
        ("interceptionBoundary:\n  |", "yaml", ["- start: 0, end: 9"]),
        ('{"interceptionBoundary": |}', "json", ['[{"start": 0, "end": 9}]']),
        ("subCondition:\n  operationFilterType:\n    - 1\n    - |", "yaml", ["2", "3"]),
        ("annotationRequestId: |", "yaml", ["a3f8b6e4-9c1d-4d8a-93b2-7f7e8f3a1d5e"]),
        ("samplingRatio: 1 |", "yaml", []),
        ("samplingRatio:\n  # |", "yaml", []),
        ("'#': 1 # |", "yaml", []),
        ("'#': |", "yaml", []),
        ("samplingRatio: 1\n  |", "yaml", []),
        (" - |", "yaml", []),
        ("| {}", "json", []),
        ("{} |", "json", []),
        ('{"a" |}', "json", []),
        ('{"a": 1 |}', "json", []),
        ('{"poolName": "x", "sampleType": |, "a": 1}', "json", ["1", "2"]),
        ("sampleType:\n|", "yaml", None),
        ("# |", "yaml", []),
        ("poolName: 'a # b' # |", "yaml", []),
        ("sampleType: 1 \n  |\n", "yaml", []),
        ("[]\n|", "yaml", []),
        ("- |\n", "yaml", []),
        ("-\n  |\n", "yaml", []),
        ("sampleType:\n  |\n", "yaml", []),
        ("|\n  sampleType: 1\n", "yaml", []),
        ("interceptionBoundary:\n    - start: 1\n  |\n", "yaml", []),
        ("subCondition:\n  taskId: [x]\n    |\n", "yaml", []),
        (" sampleType:\n|{", "yaml", []),
        ("- \n|\na:\n", "yaml", None),
        ("interceptionBoundary:\n  -\n    |\n    start: 1", "yaml", ["end"]),
        ("interceptionBoundary:\n  |\n  - start: 1", "yaml", []),
        ("]|\n{}", "jsonl", []),
        ("|", "json", ["sampling request"]),
        (" \n|\n", "json", ["sampling request"]),
        ("{}\n|\n{}", "jsonl", ["sampling request"]),
        ("sampleType: 1\n---\nsampleType: |", "yaml", ["1", "2"]),
        ("&a|", "yaml", []),
        ("subCondition:\n  haveIssue: true\n|", "yaml", None),
        ('{"sampleType": 1,|', "json", None),
        ('{"sampleType":\n|', "json", ["1", "2"]),
        ('{"sampleType": ,|', "json", None),
    ],
)
def test_values_are_offered_where_they_belong(written, format_, labels):
    offered = list(help_at(written, format_))
    assert offered == labels if labels is not None else "poolName" in offered


def test_a_blank_is_inserted_after_the_colon_in_yaml():
    assert completed("sampleType:|", "1") == "sampleType: 1"
    assert completed('{"sampleType":|}', "1", "json") == '{"sampleType":1}'


@pytest.mark.parametrize(
    ("written", "format_"),
    [
        ("|", "yaml"),
        ("# mine\n|\n", "yaml"),
        ("|", "json"),
        ("\n|", "json"),
        ("{|}", "json"),
        ("{\n|\n}", "json"),
        ("|", "jsonl"),
        ("{|", "yaml"),
    ],
)
def test_an_empty_document_is_offered_a_request_with_the_required_keys(written, format_):
    done = completed(written, "sampling request", format_)
    done += "}" if done.count("{") > done.count("}") else ""
    assert check(done, input_format=format_).diagnostics == ()
    assert "poolName" in done
    if (written, format_) == ("|", "json"):
        assert done.startswith('{\n  "annotationRequestId": "')
    if written == "|":
        content = help_at(written, format_)["sampling request"].text_edit.new_text
        assert content.count("${") == 2
        assert content.endswith("}" if format_ == "yaml" else "\\}")


def test_a_request_that_has_begun_is_not_offered_again():
    assert "sampling request" not in help_at("poolName: p\n|")
    assert "sampling request" not in help_at("subCondition:\n  |")


def test_missing_commas_are_inserted():
    before = '{\n  "poolName": "x"\n  |\n}'
    assert completed(before, "sampleCount", "json").startswith('{\n  "poolName": "x",\n  "sample')
    after = '{\n  "sampleC|"\n  "poolName": "x"\n}'
    assert '"sampleCount": 1,\n' in completed(after, "sampleCount", "json")
    both = '{"poolName": "x"\n"sa|"\n"sampleType": 1}'
    assert completed(both, "sampleCount", "json").startswith('{"poolName": "x",\n"sampleCount": 1,')


@pytest.mark.parametrize(
    ("written", "label", "format_", "after"),
    [
        ('{"poolName": "x"\n|\n, "a": 1}', "sampleCount", "json", '"x",\n"sampleCount": 1\n,'),
        ('{"poolName": "x"\n|\n"a": 1}', "sampleCount", "json", '"x",\n"sampleCount": 1,\n"a"'),
        ('{"subCondition": {"operationFilterType": [| 2]}}', "3", "json", "[3, 2]"),
        ('{"subCondition": {"operationFilterType": [1, | 2]}}', "3", "json", "[1, 3, 2]"),
        ('{"subCondition": {"operationFilterType": [1, | , 2]}}', "3", "json", "[1, 3 , 2]"),
        ("subCondition: {operationFilterType: [1\n 3|\n 2]}", "3", "yaml", "[1,\n 3,\n 2]"),
        ("subCondition:\n  operationFilterType:\n  - |2\n  - 3\n", "1", "yaml", "- 1\n  - 3"),
    ],
)
def test_an_item_is_separated_from_its_neighbors(written, label, format_, after):
    assert after in completed(written, label, format_)


@pytest.mark.parametrize(
    ("written", "format_", "after"),
    [
        (
            "interceptionMode: |3\na: 1\n",
            "yaml",
            "interceptionMode: 1\ninterceptionFrame: 10\na: 1\n",
        ),
        (
            "interceptionMode: '3|'\ninterceptionFrame: 4\n",
            "yaml",
            "interceptionMode: 1\ninterceptionFrame: 4\n",
        ),
        ("interceptionMode:\n  3|\n", "yaml", "interceptionMode:\n  1\n"),
        ('{"interceptionMode": 3|}', "json", '{"interceptionMode": 1, "interceptionFrame": 10}'),
        (
            '{"interceptionMode": |3, "interceptionFrame": 4}',
            "json",
            '{"interceptionMode": 1, "interceptionFrame": 4}',
        ),
        (
            "{interceptionMode: 3|, interceptionFrame: 4}",
            "yaml",
            "{interceptionMode: 1, interceptionFrame: 4}",
        ),
    ],
)
def test_a_value_inserts_the_keys_that_it_needs_and_that_are_missing(written, format_, after):
    assert completed(written, "1", format_) == after


def test_a_request_written_by_completion_alone_is_valid():
    for format_, empty in {"yaml": "|", "json": "{\n|\n}"}.items():
        written = empty
        for label in ("annotationRequestId", "poolName", "sampleType", "interceptionMode: 5"):
            done = completed(written, label, format_)
            end = len(done) if format_ == "yaml" else len(done) - 2
            written = f"{done[:end]}\n|{done[end:]}"
        text = written.replace("|", "")
        assert check(text, input_format=format_).diagnostics == ()


def members_of(node, home=()):
    """Yield every key with the pointer of its object and its member."""
    if isinstance(node, Object):
        for key, member in node.members.items():
            yield home, key, member
            yield from members_of(member.value, (*home, key))
    if isinstance(node, Array):
        for entry in node.entries:
            yield from members_of(entry.value, (*home, 0))


@given(
    st.sampled_from([("json", json_texts), ("yaml", block_yaml_texts), ("yaml", flow_yaml_texts)]),
    st.data(),
)
def test_while_a_request_is_typed_its_next_key_or_value_is_offered(notation, data):
    """Nothing follows the cursor: no value, no bracket, no quote."""
    format_, write = notation
    source = data.draw(write(data.draw(requests())))
    (document,) = read_text(Text(source), format_)
    for home, key, member in members_of(document.root):
        for cut in {member.key.span.start + 1, member.key.span.end - 1}:
            assert key in offered_at(source[:cut], cut, format_), source[:cut]
        listed = [value for value, _ in listed_values(schema_at((*home, key)))]
        if listed:
            cut = member.value.span.start + 1
            offered = offered_at(source[:cut], cut, format_)
            assert {str(value) for value in listed} <= offered.keys()


keys = st.sampled_from(
    ["sampleType", "samplingRatio", "interceptionMode: 5", "interceptionMode: 6", "sampleCount"]
)


@given(keys, st.sampled_from(["yaml", "json", "jsonl"]), st.booleans())
def test_a_completed_document_can_be_parsed(label, format_, is_first):
    others = ["annotationRequestId: r", "poolName: p"]
    if format_ == "yaml":
        written = "\n".join(["|", *others] if is_first else [*others, "|"])
    else:
        members = ['"annotationRequestId": "r"', '"poolName": "p"']
        both = ", ".join(members)
        written = f"{{| {both}}}" if is_first else f"{{{both}, |}}"
    content = completed(written, label, format_)
    (document,) = read_text(Text(content), None)
    assert label.partition(":")[0] in document.value
