"""Syntax errors are reported at their place, with the cause and the remedy."""

import ast
import os
import time
from pathlib import Path

import pytest
from ruamel.yaml.parser import Parser

from rosetta_spec.document.json_reader import read_json
from rosetta_spec.document.reader import read_yaml
from rosetta_spec.document.values import clipped
from rosetta_spec.text import Span, Text


def document_in(source, format_):
    if format_ == "json":
        return read_json(Text(source))
    *_, document = read_yaml(Text(source))
    return document


def error_in(source, format_):
    document = document_in(source, format_)
    (problem,) = document.problems
    assert document.root is None
    assert (problem.name, problem.pointer) == ("syntax", ())
    start, end = (document.text.location(place) for place in problem.span)
    place = f"{start.row}:{start.column}-{end.row}:{end.column}"
    return f"    {place} {problem.cause}; {problem.remedy}"


@pytest.mark.parametrize("format_", ["json", "yaml"])
def test_a_syntax_error_is_explained_at_its_place(format_):
    """The files have pairs of lines: a text as a Python literal, and the error in it.

    That is `ROW:COLUMN-ROW:COLUMN CAUSE; REMEDY`; `REFRESH=1` writes the errors again.
    """
    cases = Path(__file__).with_name(f"{format_}_errors.txt")
    lines = cases.read_text(encoding="utf-8").split("\n")
    found = list(lines)
    for number, line in enumerate(lines):
        if line.startswith(("'", '"')):
            found[number + 1] = error_in(ast.literal_eval(line), format_)
    if os.environ.get("REFRESH"):
        cases.write_text("\n".join(found), encoding="utf-8", newline="\n")
    assert found == lines


def test_a_wrong_bracket_is_shown_with_the_one_that_it_should_close():
    (problem,) = read_json(Text('{"a": [1}')).problems
    assert problem.related == (((), Span(6, 7), "opened here"),)


def test_a_long_number_is_not_examined():
    (problem,) = read_json(Text("[0" + "1" * 200 + "]")).problems
    assert problem.cause == f"0{'1' * 38}… is not in quotes"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a\tb", r"a\u0009b"),
        ("\u202e\ud800\U000e0001", r"\u202e\ud800\ue0001"),
        ("é😀 ", "é😀 "),
        ("x" * 40, "x" * 40),
        ("x" * 41, "x" * 39 + "…"),
    ],
)
def test_what_is_quoted_is_short_and_visible(source, message):
    assert clipped(source) == message


@pytest.mark.parametrize("before", ["", "a: 1\n"])
def test_a_key_of_more_than_1024_characters_is_an_error(before):
    row = 1 + before.count("\n")
    assert error_in(f"{before}{'x' * 1030}: 1\n", "yaml") == (
        f"    {row}:1-{row}:1031 a key is longer than 1024 characters;"
        " write ? and a space before it, or shorten it"
    )


@pytest.mark.no_cover
def test_many_anchors_and_tags_before_a_key_take_little_time():
    start = time.process_time()
    assert "a comma or the closing } is missing" in error_in("{" + "&a !x " * 100_000, "yaml")
    assert time.process_time() - start < 10


def test_a_long_version_of_yaml_is_an_error():
    assert error_in(f"%YAML {'9' * 5000}.1\n---\n", "yaml") == (
        "    1:1-1:5009 this is not a YAML directive, or it repeats one;"
        " write %YAML 1.2, or remove it, or quote text with a % first"
    )


def test_an_error_ends_the_file_and_leaves_the_documents_before_it():
    documents = list(read_yaml(Text("a: 1\n---\nb: 2\n...\nc: @\n---\nd: 4\n")))
    assert [document.root is None for document in documents] == [False, False, True]
    assert [document.number for document in documents] == [0, 1, 2]


@pytest.mark.parametrize(
    "wrong", ["\x01", "@", "%YAML", "%YAML 9.1\n---\n", "[", "'", "!<", "\tx: 1", "*x", "|x"]
)
@pytest.mark.parametrize("marker", ["---\n", "...\n", "... # x\n# y\n"])
def test_an_error_at_the_start_of_a_document_is_not_of_the_one_before(marker, wrong):
    documents = list(read_yaml(Text(f"a: 1\n{marker}{wrong}")))
    assert [bool(document.problems) for document in documents] == [False, True]


def test_an_error_after_the_value_is_of_its_document():
    for source in ("[1] 2", "a: 1\n]", "a: 1\n%YAML 1.2\n---\n", "a: 1\n... x"):
        (document,) = read_yaml(Text(source))
        assert document.root is None


@pytest.mark.parametrize("defect", [AssertionError, AttributeError, IndexError, ValueError])
def test_a_defect_of_the_parser_is_an_error_in_the_text(monkeypatch, defect):
    def fail(_parser):
        raise defect

    monkeypatch.setattr(Parser, "parse_stream_start", fail)
    message = "this is not valid YAML; compare it with the lines above, or quote the value"
    assert error_in("a: 1", "yaml") == f"    1:1-1:3 {message}"
