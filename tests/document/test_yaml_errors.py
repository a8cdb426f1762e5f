"""What is said of a text that is not YAML, and where."""

from __future__ import annotations

import pytest
from ruamel.yaml.parser import Parser

from rosetta_spec.document.yaml_reader import read_yaml
from rosetta_spec.text import Text


def error_in(source: str) -> tuple[str, str]:
    """Give the source at the syntax error, and its message."""
    text = Text(source)
    *_, document = read_yaml(text)
    assert document.root is None
    (problem,) = document.problems
    assert problem[:2] == ("syntax", ())
    return text.slice(problem.span), f"{problem.cause}; {problem.remedy}"


TAB = "a tab indents this line, and YAML counts only spaces; indent it with spaces"
INNER_COLON = (
    "this colon makes a key of what stands before it, inside a value; "
    "put quotes around the value that the colon belongs to"
)
DEEPER = (
    "this line is indented as a part of the value above, but it has a key; "
    "indent it like the key above"
)
NO_LINE_ABOVE = (
    "the indentation of this line fits no line above; indent it like the lines that it belongs to"
)
NO_COLON = "write key: value, or indent the line if it continues the value above"
HEADER = "put the text on the next line, or quote the value"
NO_ITEM = "this line is no item of the list above; start it with - or indent it differently"
PERCENT = "put a line with --- above, or quote text with a % first"


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        ("a:\n\tb: 1\n", "\t", TAB),
        ("\ta: 1\n", "\t", TAB),
        ("a: 1\r\n\tb: 2\r\n", "\t", TAB),
        ("-\ta: 1\n", "\t", TAB),
        ("-\t- 1\n", "\t", TAB),
        ("?\ta: 1\n", "\t", TAB),
        ("a:\n \tb: 1\n", "\t", TAB),
        ("note: a: b\n", ":", INNER_COLON),
        ("a: it's: b\n", ":", INNER_COLON),
        ("a: 'x': y\n", ":", INNER_COLON),
        ("a: 1\n  b: 2\n", ":", DEEPER),
        ("a: 1\n\n\n  b: 2\n", ":", DEEPER),
        ("abc\ndef: 1\n", "abc", f"no colon follows abc; {NO_COLON}"),
        ("a: 1\npoolName\nb: 2\n", "poolName", f"no colon follows poolName; {NO_COLON}"),
        ("a: 1\n'x\n y'\nb: 2\n", "'x", f"no colon follows 'x; {NO_COLON}"),
        (
            "a: 1\nratio:0.5\n",
            "ratio:0.5",
            "no blank follows the colon in ratio:0.5; put a blank after the colon",
        ),
        (
            "a: &x b\n*x: 2\n",
            "*x: 2",
            "the colon belongs to the name of the alias *x:; put a blank between alias and colon",
        ),
        (
            "*x: 2\n",
            "*x:",
            "the colon belongs to the name of the alias *x:; put a blank between alias and colon",
        ),
        (
            "a: *x\n",
            "*x",
            (
                "no anchor &x stands above this alias; "
                "write &x before the value that it stands for, or quote it if it is text"
            ),
        ),
        (
            "x" * 1030 + ": 1\n",
            "x" * 1030,
            "a key is longer than 1024 characters; write ? and a blank before it, or shorten it",
        ),
        (
            "a: 1\n" + "x" * 1030 + ": 1\n",
            "x" * 1030,
            "a key is longer than 1024 characters; write ? and a blank before it, or shorten it",
        ),
        (
            "--- a: b\n",
            ":",
            "a key cannot stand on the line of ---; put it on the next line",
        ),
        (
            "a: 'x\nb: 2\n",
            "'",
            (
                "this quote is never closed; "
                "write ' at the end of the string, and '' for a ' inside it"
            ),
        ),
        (
            'a: "x\n---\n"\n',
            '"',
            'this quote is never closed; write " at the end of the string',
        ),
        ("a: [1, 2\nb: 3\n", "[", "this [ is never closed; write ] at its end"),
        ("a: [1, 2\n\n- 3\n", "[", "this [ is never closed; write ] at its end"),
        ("a: {b: 1\n", "{", "this { is never closed; write } at its end"),
        ("[\n---\n]", "[", "this [ is never closed; write ] at its end"),
        ("{a: 1\nb: 2\n", "{", "this { is never closed; write } at its end"),
        ("{a: 1\nb: 2}", ":", "a comma or the closing } is missing before this; write it"),
        ("{a: 'x'\n'b': 2}", "'b':", "a comma or the closing } is missing before this; write it"),
        ("{a: 1 b: 2}", ":", "a comma or the closing } is missing before this; write it"),
        ("['x' 'y']", "'y']", "a comma or the closing ] is missing before this; write it"),
        ("[1, 2}", "}", "} cannot close the bracket [; write ]"),
        ("{a: 1]", "]", "] cannot close the bracket {; write }"),
        ("[1,, 2]", ",", "no value stands before this comma; remove it"),
        (
            "[- 1]",
            "-",
            (
                "between brackets a list has commas and no dashes; "
                "remove the -, and put commas between the items"
            ),
        ),
        ("a: @x\n", "@", "a value without quotes cannot start with @; put quotes around it"),
        ("a: `x`\n", "`", "a value without quotes cannot start with `; put quotes around it"),
        ("a: %x\n", "%", "a value without quotes cannot start with %; put quotes around it"),
        ("a: ]\n", "]", "a value without quotes cannot start with ]; put quotes around it"),
        ("a: }x\n", "}", "a value without quotes cannot start with }; put quotes around it"),
        ("a: ,x\n", ",", "a value without quotes cannot start with ,; put quotes around it"),
        ("a: [-]\n", "-", "a value without quotes cannot start with -; put quotes around it"),
        ("a: *\n", "*", "a name has to follow *; write it, or put quotes around the value"),
        ("a: & b\n", "&", "a name has to follow &; write it, or put quotes around the value"),
        (
            "a: [|\n b]\n",
            "|",
            (
                "a block of text with | cannot stand between brackets; "
                "put quotes around the text instead"
            ),
        ),
        (
            "a: 'x'#y\n",
            "#",
            (
                "a comment needs a blank before its #; "
                "put one there, or quote the value if the # belongs to it"
            ),
        ),
        (
            "%x: 1\na: 2\n",
            "a:",
            f"after directives a document starts with ---; {PERCENT}",
        ),
        ("%x: 1\n", "", f"after directives a document starts with ---; {PERCENT}"),
        (
            "a: 1\n%x: 2\n",
            "%x:",
            (
                "a line that starts with % is a directive, which stands before a document; "
                "put quotes around the text, or a line with ... above the directive"
            ),
        ),
        (
            "%YAML 2.0\n---\na: 1",
            "%YAML 2.0",
            "this is not a version of YAML that exists; write %YAML 1.2",
        ),
        (
            "%YAML 1.2\n%YAML 1.2\n---\n",
            "%YAML 1.2",
            "this directive repeats one above; remove one of the two",
        ),
        (
            "%TAG ! x\n%TAG ! x\n---\n",
            "%TAG ! x",
            "this directive repeats one above; remove one of the two",
        ),
        ("%YAML 1\n---\n", "%YAML 1", "this names no version; write %YAML 1.2"),
        (f"%YAML {'9' * 5000}.1\n---\n", f"%YAML {'9' * 5000}.1", None),
        (
            "%TAG x\n---\n",
            "%TAG x",
            "a %TAG directive is a handle and a prefix; write %TAG !name! prefix",
        ),
        (
            "a: !e!x 1\n",
            "!e!x",
            (
                "the tag !e!x is declared nowhere; "
                "remove it, or quote the value if the ! belongs to it"
            ),
        ),
        (
            "a: !<x\n",
            "!<x",
            "a tag cannot be written like this; remove it, or quote the value if the ! is text",
        ),
        ("a: !! x\n", "!!", None),
        ("a: !x,y z\n", "!x", None),
        ("a: !x%zz z\n", "!x%zz", None),
        (
            'a: "\\q"\n',
            "\\q",
            "\\q is no escape that YAML has; write \\\\ for a backslash, or use single quotes",
        ),
        (
            'a: "\\\u200b"\n',
            "\\\u200b",
            (
                "\\\\u200b is no escape that YAML has; "
                "write \\\\ for a backslash, or use single quotes"
            ),
        ),
        (
            'a: "\\xZZ"\n',
            "\\xZZ",
            "\\xZZ is no character; \\x takes 2 hexadecimal digits; a backslash is \\\\",
        ),
        (
            'a: "C:\\Users"\n',
            "\\Users",
            "\\Users is no character; \\U takes 8 hexadecimal digits; a backslash is \\\\",
        ),
        (
            'a: "\\u12"\n',
            "\\u12",
            "\\u12 is no character; \\u takes 4 hexadecimal digits; a backslash is \\\\",
        ),
        (
            'a: "\\UFFFFFFFF"\n',
            "\\UFFFFFFFF",
            "\\UFFFFFFFF is no character; the last character is \\U0010FFFF",
        ),
        (
            "a: - b\n",
            "-",
            (
                "a list cannot start on the line of its key; "
                "put its items on the lines below, or quote the value if the - belongs to it"
            ),
        ),
        (
            "- 'a' - b\n",
            "-",
            "a list item cannot start here; put each item on a line of its own",
        ),
        (
            "a: ? b\n",
            "?",
            "a key with ? cannot start here; put it on a line of its own, or quote the value",
        ),
        (
            "a: 1\n- b\n",
            "-",
            "a list item stands among keys; put it below the key that it belongs to",
        ),
        ("a:\n    b: 1\n  c: 2\n", "c:", NO_LINE_ABOVE),
        ("  a: 1\nb: 2\n", "b:", NO_LINE_ABOVE),
        ("a: 'x'\n  b: 1\n", "b:", NO_LINE_ABOVE),
        ("a:\n  - b\n  c: 1\n", "c:", NO_ITEM),
        ("- a\nb: 1\n", "b:", NO_ITEM),
        ("-\nb: 1\n", "b:", NO_LINE_ABOVE),
        (
            "a: 'it's'\n",
            "s'",
            (
                "text follows the closing quote; "
                "put all of the value between the quotes, and write '' for a ' inside it"
            ),
        ),
        (
            'a: "b" c\n',
            "c",
            "text follows the closing quote; put all of the value between the quotes",
        ),
        (
            "a: [1] b\n",
            "b",
            "text follows the closing bracket; remove it, or put quotes around the whole value",
        ),
        (
            "[1] x\n",
            "x",
            "text follows the closing bracket; remove it, or put quotes around the whole value",
        ),
        (
            "a: 'x',\nb: 1\n",
            ",",
            "no comma belongs after a value outside brackets; remove it, or quote the whole value",
        ),
        ("a: 1\n]\n", "]", "no bracket is open that ] closes; remove it"),
        (
            "a: &x &y 1\n",
            "&y",
            ("a value has at most one anchor; remove one, or put quotes around the value"),
        ),
        ("a: !x !y 1\n", "!y", None),
        (
            "a: &x *x\n",
            "*x",
            "an alias cannot have an anchor or a tag; remove what stands before it",
        ),
        (
            "a: &x 1\nb: *x c\n",
            "c",
            (
                "this cannot follow what stands before it on the line; "
                "put quotes around the whole value"
            ),
        ),
        (
            "a: 1\n... b\n",
            "b",
            "only a comment can follow ... on its line; put this on the next line",
        ),
        (
            "a: |x\n",
            "x",
            f"only an indentation from 1 to 9 and + or - can follow |; {HEADER}",
        ),
        (
            "a: >0\n b",
            "0",
            f"only an indentation from 1 to 9 and + or - can follow >; {HEADER}",
        ),
        ("a: |-#x\n b", "-#x", None),
        ("a: |+2- # x\n b", "+2- # x", None),
        (
            "a: |\n     \n  x\n",
            "     ",
            "this blank line has more spaces than the text below it; remove its spaces",
        ),
        (
            "a: \x01\n",
            "\x01",
            (
                "the invisible character U+0001 is not allowed here; "
                "remove it, or write it as \\x01 between double quotes"
            ),
        ),
        ("a: 'x\x00'\n", "\x00", None),
        ("# \x1b\n", "\x1b", None),
        ("\x00", "\x00", None),
        ("a: !\x07x y\n", "\x07", None),
        (
            "a: \x80\n",
            "\x80",
            (
                "the invisible character U+0080 is not allowed here; "
                "remove it, or put double quotes around the value"
            ),
        ),
        ("'\x7f': \x7f\n", "\x7f", None),
        ("a: \ud800\n", "\ud800", None),
        (
            "a: b\ufeff\n",
            "\ufeff",
            "a byte order mark stands inside the document; remove it",
        ),
        ("- a\n\ufeff- b\n", "\ufeff", None),
        ("- @", "@", None),
    ],
)
def test_error(source, place, message):
    found = error_in(source)
    assert found[0] == place
    assert found[1].isprintable()
    assert message in (None, found[1])


def test_a_error_ends_the_file_and_leaves_the_documents_before_it():
    documents = list(read_yaml(Text("a: 1\n---\nb: 2\n...\nc: @\n---\nd: 4\n")))
    assert [document.root is None for document in documents] == [False, False, True]
    assert [document.number for document in documents] == [0, 1, 2]


@pytest.mark.parametrize(
    "wrong", ["\x01", "@", "%YAML", "%YAML 9.1\n---\n", "[", "'", "!<", "\tx: 1", "*x", "|x"]
)
@pytest.mark.parametrize("marker", ["---\n", "...\n", "... # x\n# y\n"])
def test_a_error_at_the_start_of_a_document_is_not_of_the_one_before(marker, wrong):
    documents = list(read_yaml(Text(f"a: 1\n{marker}{wrong}")))
    assert [bool(document.problems) for document in documents] == [False, True]


def test_a_error_after_the_value_is_of_its_document():
    for source in ("[1] 2", "a: 1\n]", "a: 1\n%YAML 1.2\n---\n", "a: 1\n... x"):
        (document,) = read_yaml(Text(source))
        assert document.root is None


@pytest.mark.parametrize("defect", [AssertionError, AttributeError, IndexError, ValueError])
def test_a_defect_of_the_parser_is_a_error_in_the_text(monkeypatch, defect):
    def fail(_parser):
        raise defect

    monkeypatch.setattr(Parser, "parse_stream_start", fail)
    message = "this is not valid YAML; compare it with the lines above, or quote the value"
    assert error_in("a: 1") == ("a:", message)
