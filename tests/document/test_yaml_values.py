"""What YAML values become: the core schema, tags, keys, quotes and blocks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from yaml_texts import plain

from rosetta_spec.document.reader import as_request, read_yaml
from rosetta_spec.document.tree import Document
from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.text import Span, Text

LOST = UNUSABLE


def read(source: str) -> Document:
    (document,) = read_yaml(Text(source))
    return document


def value_of(source: str):
    """Give the value of `source` as that of the key k."""
    document = read(f"k: {source}\n")
    assert not document.problems
    return plain(document.root)["k"]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("false", False),
        ("False", False),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("Off", "Off"),
        ("0", 0),
        ("-12", -12),
        ("+12", 12),
        ("0123", 123),
        ("0o17", 15),
        ("0x1F", 31),
        ("-0x1F", "-0x1F"),
        ("0o8", "0o8"),
        ("0b1", "0b1"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("9" * 640, int("9" * 640)),
        ("9" * 641, Decimal("9" * 641)),
        ("0x" + "f" * 531, 16**531 - 1),
        ("0x" + "f" * 3600, Decimal(16**3600 - 1)),
        ("0x" + "0" * 6000 + "1F", 31),
        ("0x1" + "0" * 6000, Decimal(16**6000)),
        ("1.0", Decimal("1.0")),
        ("1.", Decimal(1)),
        (".5", Decimal("0.5")),
        ("-.5e-3", Decimal("-0.0005")),
        ("1e3", Decimal(1000)),
        ("+1.5E+2", Decimal(150)),
        ("0.1000000000000000000000000001", Decimal("0.1000000000000000000000000001")),
        (".", "."),
        ("--", "--"),
        ("1.2.3", "1.2.3"),
        ("1e", "1e"),
        ("e1", "e1"),
        ("2025-03-13", "2025-03-13"),
        ("2025-03-13 20:00:00", "2025-03-13 20:00:00"),
        ("=", "="),
        ("a#b", "a#b"),
        ("a:b", "a:b"),
        ("http://x/y?a=b,c", "http://x/y?a=b,c"),
        ("-x ?y :z", "-x ?y :z"),
        ("a\tb", "a\tb"),
        ("a b # c", "a b"),
        ("a\t# c", "a"),
        ("'1'", "1"),
        ('"true"', "true"),
        ("''", ""),
        ('""', ""),
        ("'it''s'", "it's"),
        ("'a\\nb'", "a\\nb"),
        ("! 1", "1"),
        ("!", ""),
        ("!!str 1", "1"),
        ("!!str", ""),
        ("!!str null", "null"),
        ("!<tag:yaml.org,2002:str> 1", "1"),
        ("!!%73tr 1", "1"),
        ("!!int '12'", 12),
        ("!!int 0x1F", 31),
        ("!!float 1", 1),
        ("!!float '1.5'", Decimal("1.5")),
        ("!!bool 'true'", True),
        ("!!null ''", None),
        ("!!null", None),
        ("!!map {a: 1}", {"a": 1}),
        ("!!seq [1]", [1]),
        ("! {a: 1}", {"a": 1}),
        ("! [1]", [1]),
        ("&a !!str 1", "1"),
        ("!!str &a 1", "1"),
        ("{a: 1, b: , c, 'd': 2, \"e\":3}", {"a": 1, "b": None, "c": None, "d": 2, "e": 3}),
        ("{a:, b:}", {"a": None, "b": None}),
        ("{a\n : 1, 'b'\n :2}", {"a": 1, "b": 2}),
        ("{? a : 1, ? b}", {"a": 1, "b": None}),
        ("!!str\t1", "1"),
        ("[!!str , !!str]", ["", ""]),
        ("{a: !!str}", {"a": ""}),
        ("[a: 1, 'b':2]", [{"a": 1}, {"b": 2}]),
        ("[a,]", ["a"]),
        ("[[]]", [[]]),
        ("[-1, -a, ?b, :c]", [-1, "-a", "?b", ":c"]),
        ("[\n1,\n2\n]", [1, 2]),
        ("[ # one\n 1 # two\n , 2]", [1, 2]),
        ("\n- 1\n-\n- - 2\n  - 3\n- a: 4\n  b: 5", [1, None, [2, 3], {"a": 4, "b": 5}]),
        ("\n  ? a\n  : 1\n  ? b\n", {"a": 1, "b": None}),
        ("\t1", 1),
        ("\t[1,\t2]\t", [1, 2]),
        ("\n \t1", 1),
    ],
)
def test_value(source, value):
    found = value_of(source)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a\n b\n\n c", "a b\nc"),
        ("a\n \tb", "a b"),
        ("a\r\n b\r c", "a b c"),
        ("a\n  - b", "a - b"),
        ("'a\n b\n\n\n c '", "a b\n\nc "),
        ('"a\n b\n\n c"', "a b\nc"),
        ('"a \\\n  b"', "a b"),
        ('"a\\\r\n\r\n  b"', "a\nb"),
        ('"a\\\n  \\ b"', "a b"),
        ('"a   b"', "a   b"),
        ('"a   \\n   b"', "a   \n   b"),
        (r'"\0\a\b\t\n\v\f\r\e\ \"\/\\\N\_\L\P"', '\0\a\b\t\n\v\f\r\x1b "/\\\x85\xa0\u2028\u2029'),
        ('"\\\tx"', "\tx"),
        (r'"\x41\u00e9\U0001F600"', "Aé😀"),
        (r'"\ud83d\ude00"', "😀"),
        (r'"\\ud800"', "\\ud800"),
        ("|\n  a\n   b\n\n  c\n\n", "a\n b\n\nc\n"),
        ("|-\n  a\n  b\n", "a\nb"),
        ("|+\n  a\n\n", "a\n\n\n"),
        ("|2\n    a\n", "  a\n"),
        ("|2-\n    a\n", "  a"),
        ("|-2\n    a\n", "  a"),
        ("| # why\n  a\n", "a\n"),
        ("|\t\n  a\n", "a\n"),
        ("|- \t # why\n  a\n", "a"),
        ("|\n\n   \n   a\n", "\n\na\n"),
        ("|\n \n    a\n", "\na\n"),
        ("|\n", ""),
        ("|+\n\n\n", "\n\n\n"),
        ("|-\n     \n", ""),
        ("|\n  a\r\n  b\r  c\n", "a\nb\nc\n"),
        ("|\n  \ta\n", "\ta\n"),
        ("|\n  # a\n", "# a\n"),
        (">\n  a\n  b\n\n  c\n   d\n  e\n", "a b\nc\n d\ne\n"),
        (">-\n  a\n\n\n  b\n", "a\n\nb"),
        (">\n  a\n  \tb\n  c\n", "a\n\tb\nc\n"),
    ],
)
def test_text_of_several_lines(source, value):
    assert value_of(source) == value


def test_the_last_line_of_a_block_needs_no_line_break():
    assert plain(read("k: |\n  a").root) == {"k": "a"}
    assert plain(read("k: |+\n  a").root) == {"k": "a"}
    assert plain(read("- |+\n   ").root) == [""]


def test_a_block_ends_at_a_marker_and_at_less_indentation():
    documents = list(read_yaml(Text("|\na\n--- |\nb\n...\n|\n  \n---\n")))
    assert [plain(document.root) for document in documents] == ["a\n", "b\n", "", None]
    assert plain(read("a:\n  b: |\n   x\n  c: 1\n").root) == {"a": {"b": "x\n", "c": 1}}


@pytest.mark.parametrize("directive", ["%YAML 1.1", "%YAML 1.2", "%YAML 1.3 # why", "%FOO bar"])
def test_a_directive_changes_no_value(directive):
    document = read(f"{directive}\n---\na: yes\nb: 0123\nc: 1_0\nd: [a:b, ?c]\n")
    value = {"a": "yes", "b": 123, "c": "1_0", "d": ["a:b", "?c"]}
    assert (plain(document.root), document.problems) == (value, ())


def test_tag_handles_are_obeyed_in_their_document():
    document, other = read_yaml(
        Text("%TAG !y! tag:yaml.org,2002:\n--- {a: !y!str 1, b: !y!foo 2}\n...\n--- {a: !!str 1}\n")
    )
    assert plain(document.root) == {"a": "1", "b": LOST}
    assert plain(other.root) == {"a": "1"}


def test_old_line_breaks_are_ordinary_characters():
    source = "a\x85b: c\u2028d\n'\u2029': \"\x85\"\nx: |\n  \u2028\ny: &\x85 [\ue000]\nz: *\x85\n"
    document = read(source)
    assert plain(document.root) == {
        "a\x85b": "c\u2028d",
        "\u2029": "\x85",
        "x": "\u2028\n",
        "y": ["\ue000"],
        "z": ["\ue000"],
    }


def test_no_private_character_may_be_left():
    private = "".join(map(chr, range(0xE000, 0xF900)))
    assert value_of(f"'{private}\x85'") == f"{private}\x85"
    private += "".join(map(chr, range(0xF0000, 0xFFFFE)))
    for char in "\x85\x86\ufeff\uffff":
        assert value_of(f"'{private}{char}'") == f"{private}{char}"
    escapes = "".join(f"\\u{code:x}" for code in range(0xD800, 0xE000))
    ((name, *_),) = problems_of(f'k: "\x86{private}{escapes}"\n')
    assert name == "not-json"


def test_an_escape_in_a_tag_is_its_character_whatever_else_is_in_the_text():
    for char in "a\x85":
        node = read(f"%TAG !b! %EE%80%80\n--- # {char}\n!b!c 1\n").root
        assert node.tag.name == "\ue000c"


@pytest.mark.parametrize("char", ["\x7f", "\x80", "\x9f", "\ufeff", "\ufffe", "\uffff"])
def test_some_characters_stand_only_between_quotes(char):
    assert value_of(f"'{char}'") == char
    assert value_of(f"['{char}', \"{char}\n{char}\"]") == [char, f"{char} {char}"]
    (document,) = read_yaml(Text(f"k: '{char}'\nx: {char}\n"))
    assert document.root is None
    assert document.problems[0].span == Span(10, 11)


def test_a_byte_order_mark_may_start_every_document():
    texts = ["\ufeffa: 1\n--- {b: 2}\n", "a: 1\n...\n\ufeffb: 2\n", "a: 1\n\ufeff--- {b: 2}\n"]
    texts += ["a: 1\n\ufeff# c\n\n # d\n--- {b: 2}\n", "a:\n  1\n\ufeff\n# c\n---\nb: 2\n"]
    texts += [
        "# c\n\ufeff# d\n\n\ufeffa: 1\n... # e\n# f\n\ufeff# g\nb: 2\n",
        "\ufeff\ufeffa: 1\n--- {b: 2}\n",
    ]
    texts += ["a: 1\n# c\n\ufeff# d\n\ufeff\n---\nb: 2\n\ufeff", "a: 1\n---\nb: 2\n# c\n\ufeff # d"]
    texts += [text.replace("\n", end) for text in texts for end in ("\r\n", "\r")]
    for text in texts:
        values = [plain(document.root) for document in read_yaml(Text(text))]
        assert values == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize(
    ("source", "at"),
    [
        ("---\n\ufeffa: 1\n", 4),
        ("--- # c\n\ufeff# d\na: 1\n", 8),
        ("# c\ufeff\na: 1\n", 3),
        ("... # \ufeff\n# c\n", 6),
        ("a: 1\n# c\n\ufeff# d\nb: 2\n", 9),
        ("a: 1\n...\n\ufeff\ufeffb: 2\n", 10),
        ("a: 1\n\ufeff# c\n----\n", 5),
    ],
)
def test_a_byte_order_mark_inside_a_document_or_comment_is_reported(source, at):
    *_, document = read_yaml(Text(source))
    (problem,) = document.problems
    assert (document.root, problem.span) == (None, Span(at, at + 1))
    assert problem.cause == "there is a byte order mark inside the document"


@pytest.mark.parametrize("before", ["", "a: 1\n", "a: 1\n...\n"])
def test_a_comment_may_follow_a_byte_order_mark(before):
    documents = list(read_yaml(Text(f"{before}\ufeff# c\n---\nb: 2\n")))
    assert [document.problems for document in documents] == [()] * len(documents)
    spans = [span for document in documents for span in document.comments]
    start = len(before + "\ufeff") if before else 0
    assert spans == [Span(start, start + 3)]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("---\n", (0, 0)),
        ("# a\n---\n...\n", (4, 4)),
        ("%YAML 1.2\n--- # a\n", (10, 10)),
        ("--- !!str\n", (0, 0)),
        ("--- &a\n", (0, 0)),
        ("--- !!int\n", (0, 0)),
        ("--- .nan\n", (4, 8)),
        ("--- !foo 5\n", (9, 10)),
        ("--- !foo\n- 1\n", (9, 12)),
        ("--- [.inf]\n", (4, 10)),
        ("5\n", (0, 1)),
    ],
)
def test_a_root_that_is_no_object_has_no_other_problem(source, place):
    document = as_request(read(source))
    (problem,) = document.problems
    assert (document.root, document.value) == (None, LOST)
    assert (problem.name, problem.span) == ("not-an-object", place)


@pytest.mark.parametrize("source", ["", "\n", "# a\n", "...\n", "...\n# a\n...\n"])
def test_a_text_may_have_no_document(source):
    assert list(read_yaml(Text(source))) == []


def test_documents_are_numbered():
    text = Text("a: 1\n--- # b\n---\nc: 3\n... # end\n...\nd: 4\n")
    documents = list(read_yaml(text))
    assert [document.number for document in documents] == [0, 1, 2, 3]
    assert [plain(document.root) for document in documents] == [{"a": 1}, None, {"c": 3}, {"d": 4}]
    assert all(document.text is text for document in documents)


def problems_of(source: str):
    text = Text(source)
    return [
        (problem.name, problem.pointer, text.slice(problem.span))
        for problem in read(source).problems
    ]


@pytest.mark.parametrize(
    "source",
    [
        ".nan",
        ".NaN",
        ".inf",
        "-.Inf",
        "+.INF",
        "!!float .nan",
        "!!int abc",
        "!!int 1.0",
        "!!int ''",
        "!!float x",
        "!!bool yes",
        "!!null x",
        "!!map x",
        "!!seq ''",
        "!foo 1",
        "!!binary aGk=",
        "!!timestamp 2025-01-01",
        "!<x> 1",
        "!" + "%41" * 2000 + " 1",
        '"\\ud800"',
        '"\\ude00\\ud83d"',
        '! "\\udfff"',
    ],
)
def test_a_value_that_is_not_json(source):
    value = source.rpartition(" ")[2]
    assert problems_of(f"a: [{source}]\n") == [("not-json", ("a", 0), value)]
    assert problems_of(f"a: {source}\n") == [("not-json", ("a",), value)]


@pytest.mark.parametrize("tag", ["!foo", "!!seq", "!!str", "!!set", "!!null"])
def test_nothing_in_a_wrongly_tagged_object_is_looked_at(tag):
    source = f"a: {tag} {{b: .nan, b: 1, 2: 3}}\n"
    assert problems_of(source) == [("not-json", ("a",), "{b: .nan, b: 1, 2: 3}")]
    assert problems_of(f"{tag}\nb: .nan\n") == [("not-json", (), "b: .nan")]
    assert plain(read(f"{tag}\nb: .nan\n").root) is LOST


@pytest.mark.parametrize("tag", ["!foo", "!!map", "!!int", "!!omap"])
def test_nothing_in_a_wrongly_tagged_list_is_looked_at(tag):
    assert problems_of(f"a: {tag} [.nan]\n") == [("not-json", ("a",), "[.nan]")]


@pytest.mark.parametrize("source", ["[ : a]", "[: a, b]", "[b, : ]", "[{: a}]"])
def test_a_colon_without_a_key_is_a_key_that_is_no_string(source):
    document = read(f"a: {source}\n")
    assert plain(document.root)["a"][source.startswith("[b")] == {}
    assert [(each.name, each.span) for each in document.problems] == [
        ("not-json", (3 + source.index(":"),) * 2)
    ]


@pytest.mark.parametrize(
    "key",
    ["1", "1.5", "null", "~", "true", "!foo a", '"\\ud800"', "? [a]\n", "? {a: .nan}\n", "!!int x"],
)
def test_a_key_that_is_no_string_is_dropped(key):
    source = f"o:\n  {key.rstrip()}\n  : {{x: .nan, x: 1}}\n  b: 1\n"
    source = source if key.startswith("?") else f"o:\n  {key}: {{x: .nan, x: 1}}\n  b: 1\n"
    shown = key.strip().rpartition("? ")[2].rpartition("!foo ")[2].rpartition("!!int ")[2]
    assert problems_of(source) == [("not-json", ("o",), shown)]
    assert plain(read(source).root) == {"o": {"b": 1}}


def test_an_empty_key_is_where_its_colon_is():
    assert [problem.span for problem in read("a: 1\n: 2\n").problems] == [Span(5, 5)]
    assert [problem.span for problem in read("{a: 1, : 2}").problems] == [Span(7, 7)]
    assert [problem.span for problem in read("a: 1\n? \n: 2\n").problems] == [Span(6, 6)]
    assert [problem.span for problem in read("a: 1\n!!null : 2\n").problems] == [Span(11, 11)]


@pytest.mark.parametrize(
    "key", ["a", "'a'", '"a"', "! a", "!!str a", "&x a", "? a\n", "? |-\n a\n"]
)
def test_a_key_that_is_a_string(key):
    assert plain(read(f"{key}: 1\n").root) == {"a": 1}


def test_a_number_can_be_a_key_with_a_tag():
    assert plain(read("!!str 1: a\n! 2: b\n").root) == {"1": "a", "2": "b"}


@pytest.mark.parametrize(
    "source",
    [
        "{x: 1, &k\n a: 2}",
        "{x: 1,!!str\n a: 2}",
        "{x: 1, ! &k\n 'a'\n : 2}",
        "{x: 1, &k !!str # c\n  # d\n a\n : 2}",
    ],
)
def test_a_key_in_a_flow_mapping_can_stand_on_another_line_than_its_properties(source):
    assert value_of(source) == {"x": 1, "a": 2}


@pytest.mark.parametrize("source", ["[b\n: a]", "[[b] c : a]", "[&k\n b: a]", "{&k &l\n b: a}"])
def test_no_other_key_can_stand_on_another_line(source):
    assert [problem.name for problem in read(f"k: {source}\n").problems] == ["syntax"]


def test_a_long_key_can_stand_in_a_flow_mapping():
    assert plain(read(f'{{"{"x" * 2000}": 1}}').root) == {"x" * 2000: 1}


def test_a_repeated_key():
    document = read("a: 1\nb: {c: 1}\n'a': 2\na: 3\n")
    assert plain(document.root) == {"b": {"c": 1}, "a": 3}
    assert [(*problem[:3], problem.related) for problem in document.problems] == [
        ("duplicate-key", ("a",), Span(15, 18), ((("a",), Span(0, 1), "first set here"),)),
        ("duplicate-key", ("a",), Span(22, 23), ((("a",), Span(0, 1), "first set here"),)),
    ]
    assert document.root.members["a"].key.span == Span(22, 23)
    assert list(document.root.members) == ["b", "a"]
