"""Syntax errors in JSON are reported at their place, with the cause and the remedy."""

import ast
import os
from pathlib import Path

import pytest

from rosetta_spec.document.json_reader import read_json
from rosetta_spec.document.values import shown
from rosetta_spec.text import Span, Text

#: Pairs of lines: a text as a Python literal, and `ROW:COLUMN-ROW:COLUMN CAUSE; REMEDY`, which
#: `REFRESH=1` writes again.
CASES = Path(__file__).with_name("json_errors.txt")


def error_in(content):
    document = read_json(Text(content))
    (problem,) = document.problems
    assert document.root is None
    assert (problem.name, problem.pointer) == ("syntax", ())
    start, end = (document.text.location(place) for place in problem.span)
    place = f"{start.row}:{start.column}-{end.row}:{end.column}"
    return f"    {place} {problem.cause}; {problem.remedy}"


def test_a_syntax_error_is_explained_at_its_place():
    lines = CASES.read_text(encoding="utf-8").split("\n")
    found = list(lines)
    for number, line in enumerate(lines):
        if line.startswith(("'", '"')):
            found[number + 1] = error_in(ast.literal_eval(line))
    if os.environ.get("REFRESH"):
        CASES.write_text("\n".join(found), encoding="utf-8", newline="\n")
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
    assert shown(source) == message
