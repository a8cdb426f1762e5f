import json
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from yaml_texts import plain

from rosetta_spec.document.json_reader import read_json
from rosetta_spec.document.tree import Array, Object
from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.fast.formats import MAX_NESTING
from rosetta_spec.text import Span, Text

ALL_LAYOUTS = st.builds(
    dict,
    indent=st.sampled_from([None, 0, 2, "\t"]),
    separators=st.sampled_from([(",", ":"), (", ", ": "), (" ,\r\n", "\t:\r ")]),
    ensure_ascii=st.booleans(),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(10**300), max_value=10**300),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
)
VALUES = st.recursive(
    SCALARS,
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=20,
)
NUMBERS = st.from_regex(
    r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,8})?", fullmatch=True
)

#: What people get wrong is made of these, and so are most right texts.
ODD_PARTS = st.sampled_from(
    [
        *"{}[]:,\"'\\/#-+.0123eExu_;=<>$%`()& \t\n\r\x00\x0b",
        *"\u00a0\u200b\u2028\ufeff\ud800\U0001f600\u201c\u2019\uff1a\uff0c\u2026",
        *("\\ud800", "\\udc00", "\\u00e9", "\\x41", "\\'", "C:\\", '"a":', "'a':", "=>"),
        *("true", "null", "NaN", "-Infinity", "1_0", "0x1", "key: value\n", "---", "```"),
        *("{{ x }}", "{%", "${x}", "<x>", "...", "//", "/*", "*/"),
    ]
)
ODD_TEXTS = st.lists(ODD_PARTS | st.characters(), max_size=30).map("".join)


def read(content):
    return read_json(Text(content))


def exact(value):
    """Make JSON values comparable: every number a Decimal, a boolean no number."""
    if isinstance(value, list):
        return [exact(item) for item in value]
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(repr(value))
    return (type(value), value) if isinstance(value, bool) else value


def value_of(node):
    return exact(plain(node))


def parsed(source):
    return exact(json.loads(source, parse_float=Decimal))


def hold_spans(text, node):
    assert parsed(text.slice(node.span)) == value_of(node)
    if isinstance(node, Array):
        for entry in node.entries:
            hold_spans(text, entry.value)
    if isinstance(node, Object):
        for key, member in node.members.items():
            assert json.loads(text.slice(member.key.span)) == key
            assert member.via is None
            hold_spans(text, member.value)


def refuse(constant):
    raise ValueError(constant)


def is_json(content):
    try:
        json.loads(content, parse_constant=refuse, parse_int=str, parse_float=str)
    except ValueError:
        return False
    return True


def hold_problems(document):
    text = document.text
    is_fatal = document.root is None
    assert not is_fatal or len(document.problems) == 1
    for problem in document.problems:
        assert (problem.name in {"syntax", "too-large"}) == is_fatal
        places = [problem.span, *(span for _, span, _ in problem.related)]
        for span in places:
            assert 0 <= span.start <= span.end <= len(text.content)
            assert text.location(span.start).row == text.location(span.end).row
            assert span.start < span.end or not text.content.strip(" \t\r\n")
        words = [problem.cause, problem.remedy, *(label for _, _, label in problem.related)]
        for word in words:
            assert word.isprintable()
            assert word
            assert not word.endswith(".")
            assert len(word) < 200


@given(VALUES, ALL_LAYOUTS)
def test_nodes_hold_exactly_the_value(value, layout):
    document = read(json.dumps(value, **layout))
    assert value_of(document.root) == exact(value)
    assert document.problems == ()


@given(VALUES, ALL_LAYOUTS, st.text(alphabet=" \t\r\n"))
def test_every_span_is_the_text_of_its_value(value, layout, blanks):
    text = Text(blanks + json.dumps(value, **layout) + blanks)
    root = read_json(text).root
    assert root.span == Span(len(blanks), len(text.content) - len(blanks))
    hold_spans(text, root)


@given(NUMBERS)
def test_numbers_are_exact(literal):
    node = read(f"[{literal} ]").root.entries[0].value
    assert node.value == Decimal(literal)
    assert node.span == Span(1, 1 + len(literal))


@settings(max_examples=150)
@given(ODD_TEXTS)
@example("")
@example("\ufeff\ufeff{}")
@example("{{ x }}")
@example("-" * 9)
def test_reading_never_raises_and_accepts_what_json_accepts(content):
    """Also the law of problems: a place within the text and one row, and words to be shown."""
    document = read(content)
    assert (document.root is not None) == is_json(document.text.content)
    hold_problems(document)


@st.composite
def mutated_texts(draw):
    content = json.dumps(draw(VALUES), **draw(ALL_LAYOUTS))
    for _ in range(draw(st.integers(min_value=1, max_value=4))):
        start = draw(st.integers(min_value=0, max_value=len(content)))
        end = start + draw(st.integers(min_value=0, max_value=3))
        content = content[:start] + draw(st.just("") | ODD_PARTS) + content[end:]
    return content


@pytest.mark.no_cover
@settings(max_examples=150)
@given(mutated_texts())
def test_a_changed_text_is_accepted_exactly_if_it_is_json(content):
    document = read(content)
    assert (document.root is not None) == is_json(document.text.content)
    hold_problems(document)


def test_a_document_knows_its_text_and_number():
    text = Text("{}", first_row=3)
    document = read_json(text, 2)
    assert document[:2] == (text, 2)
    assert (document.value, document.root.span) == ({}, Span(0, 2))


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("null", None),
        ("true", True),
        ("-0", 0),
        ("1.0", 1),
        (r'"\u0041\n\ud83d\ude00"', "A\n😀"),
        ('"\u2028\x7f😀"', "\u2028\x7f😀"),
        ("7" * 5000, Decimal("7" * 5000)),
    ],
)
def test_a_root_may_be_any_value(content, value):
    document = read(content)
    assert (document.value, plain(document.root)) == (value, value)
    assert document.root.span == Span(0, len(content))


def test_a_long_text_with_a_repeated_key_is_read_like_a_short_one():
    rest = f"[{', '.join(['[]'] * MAX_NESTING)}]"
    document = read(f'{{"a": 1, "b": 2, "a": {rest}}}')
    assert list(document.value.items()) == [("b", 2), ("a", [[]] * MAX_NESTING)]
    assert [problem.name for problem in document.problems] == ["duplicate-key"]


def test_escaped_keys():
    text = Text(r'{ "\u0061" : 1 , "\"" : 2 }')
    assert value_of(read_json(text).root) == {"a": 1, '"': 2}
    hold_spans(text, read_json(text).root)


def test_a_repeated_key():
    text = Text('{"a": 1, "b": 2, "\\u0061": {"x": 1, "x": 2}, "a": 4}')
    root, problems = read_json(text)[2:4]
    assert value_of(root) == {"b": 2, "a": 4}
    assert list(root.members) == ["b", "a"]
    assert root.members["a"].key.span == Span(45, 48)
    assert [(problem.name, problem.pointer, problem.span) for problem in problems] == [
        ("duplicate-key", ("a",), Span(17, 25)),
        ("duplicate-key", ("a", "x"), Span(36, 39)),
        ("duplicate-key", ("a",), Span(45, 48)),
    ]
    assert [problem.related for problem in problems] == [
        ((("a",), Span(1, 4), "first set here"),),
        ((("a", "x"), Span(28, 31), "first set here"),),
        ((("a",), Span(1, 4), "first set here"),),
    ]
    assert problems[0].cause == r'key "\u0061" is already set in this object'
    assert problems[0].remedy == "keep only one; the last one counts"


def test_a_lone_surrogate_in_a_string():
    document = read(r'{"a": ["\ud83d\ude00", "x\ud800"]}')
    root, problems = document.root, document.problems
    assert document.value == plain(root) == {"a": ["😀", UNUSABLE]}
    assert root.members["a"].value.entries[1].value.span == Span(23, 32)
    assert [(problem.name, problem.pointer, problem.span) for problem in problems] == [
        ("not-json", ("a", 1), Span(23, 32))
    ]
    assert problems[0].cause == (
        r'"x\ud800" contains half of a character, a lone surrogate that UTF-8 cannot encode'
    )
    assert problems[0].remedy == r"write the whole character, or both halves as \u escapes"


def test_a_lone_surrogate_in_a_key_hides_what_is_below():
    """Equal ones are no duplicates, and only a fatal mistake below one counts."""
    text = Text(r'{"o": {"\ud800": {"x": 1, "x": "\udfff"}, "b": 1, "\ud800": {"\udc00": 1}}}')
    root, problems = read_json(text)[2:4]
    assert value_of(root) == {"o": {"b": 1}}
    assert [(problem.name, problem.pointer, problem.span) for problem in problems] == [
        ("not-json", ("o",), Span(7, 15)),
        ("not-json", ("o",), Span(50, 58)),
    ]


def test_a_lone_surrogate_at_the_root():
    document = read(r'"\udfff"')
    assert (document.value, document.root.span) == (UNUSABLE, Span(0, 8))
    assert document.problems[0].pointer == ()


@pytest.mark.parametrize("content", [r'{"\ud800": [1}', r'{"\ud800": {"a": 1, "a"}}'])
def test_a_syntax_error_below_a_lone_surrogate_ends_the_document(content):
    document = read(content)
    assert document.root is None
    assert [problem.name for problem in document.problems] == ["syntax"]


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_nesting_up_to_the_limit(opening, closing):
    assert read(opening * (MAX_NESTING - 1) + "[1]" + closing * (MAX_NESTING - 1)).root
    document = read('{"a": 1, "a": ' + opening * MAX_NESTING + "1")
    (problem,) = document.problems
    assert document.root is None
    assert (problem.name, problem.pointer) == ("too-large", ())
    start = 14 + len(opening) * (MAX_NESTING - 1)
    assert problem.span == Span(start, start + 1)
    assert problem.cause == f"this {opening[0]} opens level 101, and at most 100 are allowed"
    assert problem.remedy == "use fewer levels of objects and arrays"


def test_siblings_do_not_add_to_the_nesting():
    assert read("[" + "[[]],{}," * 200 + "{}]").problems == ()


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "content",
    [
        '"' + "a" * 500_000,
        "[" + "9" * 500_000,
        "{" + '"a":0,' * 20_000,
        "[" + '"\\ud800",' * 20_000,
        "{" + '"\\ud800":0,' * 20_000,
        '["' + "\\n" * 250_000 + "\\q",
        "[a" + " " * 500_000,
        "[" + "1_" * 250_000,
        '{"a":1,' + "0" * 500_000 + ":",
        "#\n" * 250_000,
        "/*" + "*" * 500_000,
    ],
)
def test_a_long_wrong_text_is_soon_read(content):
    """What took the square of its length would not end soon."""
    assert read(content).root is None
