"""From bytes to documents: limits of size, rows of JSON Lines, places that are not there."""

import pytest

from rosetta_spec import check
from rosetta_spec.document.reader import read_documents
from rosetta_spec.document.tree import Locator
from rosetta_spec.engine.diagnostics import excerpt
from rosetta_spec.errors import DefectError
from rosetta_spec.fast import formats
from rosetta_spec.fast.formats import MAX_BYTES
from rosetta_spec.spec.ruleset import rule_from
from rosetta_spec.text import Location, Text

GOOD = b'{"annotationRequestId": "a", "poolName": "b"}'
BROKEN = b"{}"


def found(data, input_format):
    return [
        (d.code, d.document, d.location) for d in check(data, input_format=input_format).diagnostics
    ]


@pytest.mark.no_cover
@pytest.mark.parametrize("input_format", ["json", "yaml"])
def test_a_file_may_have_sixteen_mebibytes_and_no_more(input_format):
    full = GOOD + b" " * (MAX_BYTES - len(GOOD))
    assert found(full, "json") == []
    assert found(full + b" ", input_format) == [("RS007", 0, (1, 1))]


@pytest.mark.no_cover
def test_a_line_may_have_sixteen_mebibytes_and_the_others_are_read():
    long = GOOD + b" " * (MAX_BYTES + 1 - len(GOOD))
    lines = b"\n".join([GOOD, long[1:] + b"\r", b"\r" + long + b"\r" + long, b"", b"x", GOOD])
    expected = [(code, number, place.row) for code, number, place in found(lines, "jsonl")]
    assert expected == [("RS002", 1, 2), ("RS007", 2, 3), ("RS002", 3, 7), ("RS501", 4, 8)]


@pytest.mark.parametrize("name", ["p" * MAX_BYTES, "\n" * (MAX_BYTES // 2)])
def test_data_whose_text_is_too_large_is_reported(name):
    assert [d.code for d in check({"poolName": name}).diagnostics] == ["RS007"]


def test_data_that_is_no_object_is_only_that():
    assert [d.code for d in check(float("nan")).diagnostics] == ["RS004"]


def test_what_is_not_there_is_found_above_it():
    (document,) = read_documents(b'{"a": [{"b": 1}]}', formats.JSON)
    content, root = document.text, document.root
    assert root.text == ""  # only scalars have a text
    for pointer, shown in [
        (("a", 0, "b"), "1"),
        (("a", 0, "c", "d"), '{"b": 1}'),
        (("a", 5), '[{"b": 1}]'),
        (("a", "b"), '[{"b": 1}]'),
        (("x", "y"), '{"a": [{"b": 1}]}'),
    ]:
        assert content.slice(Locator(root).value(pointer).span) == shown
    assert content.slice(Locator(root).key(("a", 0, "b")).span) == '"b"'
    assert content.slice(Locator(root).key(("x", "a")).span) == "{"
    assert content.slice(Locator(root).key(("a", 0, "z")).span) == "{"
    assert content.slice(Locator(root).key(()).span) == "{"


def test_an_excerpt_shows_a_short_place_whole_and_a_long_one_by_its_ends():
    text = Text("\n".join("abcdefgh"))
    for last, rows in [(1, [1]), (4, [1, 2, 3, 4]), (5, [1, 5])]:
        lines = excerpt(text, [(Location(1, 1), Location(last, 2))])
        assert [line.row for line in lines] == rows


def test_validation_that_fails_is_a_defect(monkeypatch):
    def fail():
        raise ZeroDivisionError

    monkeypatch.setattr("rosetta_spec.engine.validation._root_node", fail)
    with pytest.raises(DefectError, match='schema validation failed at "": ZeroDivisionError'):
        check(BROKEN)


def test_a_fragment_divides_exactly():
    entry = {
        **dict.fromkeys(("name", "message", "help", "why", "source", "bad", "good", "wants"), "x"),
        "code": "POL001",
        "severity": "error",
        "kind": "schema",
        "at": ["/sampleCount"],
        "schema": {"multipleOf": 5},
    }
    rule = rule_from(entry, "")
    text = '{"annotationRequestId": "a", "poolName": "b", "sampleCount": %s}'
    assert check(text % "1e400", rules=[rule]).diagnostics == ()
    assert [d.pointer for d in check(text % "1e400", rules=[rule]).diagnostics] == []
    assert [d.pointer for d in check(text % "7", rules=[rule]).diagnostics] == ["/sampleCount"]


def test_lines_that_are_all_blank_are_an_empty_file():
    (document,) = read_documents(b" \n\r\n", formats.JSONL)
    assert [problem.name for problem in document.problems] == ["not-an-object"]


@pytest.mark.parametrize("blanks", [99, 100, 101, 5000])
@pytest.mark.parametrize("end", ["", "x"])
def test_any_number_of_blanks_is_skipped(blanks, end):
    content = "{" + " " * blanks + '"a": 1, "a": 2}' + "\n" * blanks + end
    (document,) = read_documents(content.encode(), formats.JSON)
    problem = document.problems[0]
    assert problem.name == ("syntax" if end else "duplicate-key")
    assert problem.span.start == (len(content) - 1 if end else blanks + 9)
