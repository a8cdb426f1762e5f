"""Laws of reading YAML, for any text and any value."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from yaml_texts import PIECES, REQUEST, outline, plain, strings, with_slips

from rosetta_spec.document.reader import read_yaml
from rosetta_spec.document.tree import PROBLEMS, Array, Document, Node, Object
from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.text import Text

LOST = UNUSABLE

#: The time that a text takes says more about the machine than about the text.


def same(one, other) -> bool:
    """Compare JSON values; 1 and true differ, 1 and 1.0 do not."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def only(source: str) -> Document:
    (document,) = read_yaml(Text(source))
    return document


texts = (
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text() | with_slips(REQUEST)
)


@given(texts)
@example("a: 1\n...\n\x01")
@example('{"a"\n[')
@example("-\na: 1")
@example("a: 1\n.")
def test_reading_never_raises_and_says_what_is_wrong_in_words(source):
    text = Text(source)
    documents = list(read_yaml(text))
    assert [document.number for document in documents] == list(range(len(documents)))
    for document in documents:
        assert (document.root is None) == any(
            problem.name in ("syntax", "too-large") for problem in document.problems
        )
        for problem in document.problems:
            assert problem.name in PROBLEMS
            assert 0 <= problem.span.start <= problem.span.end <= len(text.content)
            for words in (problem.cause, problem.remedy):
                assert words.isprintable()
                assert words
            assert not problem.remedy.endswith(".")


@given(texts)
def test_spans_are_inside_each_other_and_in_order(source):
    def check(node: Node) -> None:
        parts: list = []
        if isinstance(node, Array):
            parts = [entry.value for entry in node.entries]
        elif isinstance(node, Object):
            members = [member for member in node.members.values() if member.via is None]
            parts = [part for member in members for part in member.parts]
        spans = [part.span for part in parts]
        assert all(one.end <= other.start for one, other in pairwise(spans))
        assert all(node.span.start <= span.start for span in spans)
        for part in parts:
            check(part)

    for document in read_yaml(Text(source)):
        if document.root is not None:
            check(document.root)


@given(texts, st.sampled_from(["---\n@", "...\n'", "---\n\x01", "...\n%YAML\n", "---\n- *x"]))
@example("|\n  ", "---\n@")
def test_documents_before_a_error_are_intact(source, wrong):
    source += "\n"
    alone = list(read_yaml(Text(source)))
    if any(problem.name == "syntax" for document in alone for problem in document.problems):
        return
    *before, last = read_yaml(Text(source + wrong))
    assert last.problems[0].name == "syntax"
    assert list(map(facts, before)) == list(map(facts, alone))


def facts(document):
    return document.number, outline(document.root), document.problems


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-1000, 1000)
    | st.decimals(-1000, 1000, places=3)
    | strings
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(strings, inner, max_size=4),
    max_leaves=12,
)


def dumped(value, **options) -> str:
    return json.dumps(value, default=float, **options)


@given(value=values, ensure_ascii=st.booleans(), indent=st.sampled_from([None, 0, 2]))
@example(value={"a\x7f\x85\ufeff\uffff\u2028": "😀"}, ensure_ascii=True, indent=None)
@example(value={"a\x7f\x85\ufeff\uffff\u2028": "😀"}, ensure_ascii=False, indent=2)
@example(value={"x" * 2000: {"": []}}, ensure_ascii=False, indent=None)
def test_json_is_yaml(value, ensure_ascii, indent):
    source = dumped(value, ensure_ascii=ensure_ascii, indent=indent)
    document = only(source)
    assert document.problems == ()
    assert same(plain(document.root), json.loads(source, parse_float=Decimal))
    assert document.root.span == (0, len(source))


@st.composite
def written(draw: st.DrawFn, value, indent: int = 0) -> str:
    """Write a value as a person might, to follow a colon or a dash."""
    pad = "\n" + "# \n" * draw(st.integers(0, 1)) + " " * indent
    deeper = indent + draw(st.integers(1, 3))
    is_block = bool(value) and draw(st.booleans())
    if isinstance(value, list) and is_block:
        return "".join(f"{pad}-{draw(written(item, deeper))}" for item in value)
    if isinstance(value, dict) and is_block:
        members = [(draw(string(key)), draw(written(item, deeper))) for key, item in value.items()]
        return "".join(f"{pad}{key}:{item}" for key, item in members)
    blank = draw(st.sampled_from([" ", "   ", "\t"]))
    if isinstance(value, str):
        *lines, last = value.split("\n")
        if lines and all(re.fullmatch("[!-~][ -~]*", line) for line in [*lines, last or "x"]):
            text = "".join(f"\n{' ' * deeper}{line}" for line in [*lines, last] if line)
            return f"{blank}{'|-' if last else '|'}{text}"
        return blank + draw(string(value))
    return blank + dumped(value)


@st.composite
def string(draw: st.DrawFn, value: str) -> str:
    """Write a string plain, between single quotes or between double quotes."""
    styles = [dumped(value), dumped(value, ensure_ascii=False)]
    if value.isprintable():
        styles.append("'" + value.replace("'", "''") + "'")
    if re.fullmatch("[a-z]+( [a-z#:]+[a-z])*", value) and value not in ("null", "true", "false"):
        styles.append(value)
    return draw(st.sampled_from(styles))


@st.composite
def documents(draw: st.DrawFn):
    """Draw a value, and a text that has it under k."""
    value = draw(values)
    return value, f"k:{draw(written(value, 1))}\n"


@given(documents())
def test_what_is_written_is_read(pair):
    value, source = pair
    document = only(source)
    assert document.problems == ()
    expected = json.loads(dumped(value), parse_float=Decimal)
    assert same(plain(document.root), {"k": expected})


#: Characters that have a role in how a text is read, in comments and between quotes.
private = st.sampled_from("\x85\u2028\u2029\ue000\ue001\ue002\ue003\uf8ff\U000f0000\ufffd")
quotable = private | st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\')


def escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if char <= "\uffff" else f"\\U{ord(char):08X}"


@given(
    pieces=st.lists(st.tuples(quotable, st.sampled_from([str, escaped]))),
    comment=st.text(private),
)
@example(pieces=[("\ue000", escaped)], comment="\x85")
@example(pieces=[("\x85", str), ("\ue000", escaped), ("\U000f0000", escaped)], comment="")
def test_a_string_is_read_as_it_is_written_whatever_else_is_in_the_text(pieces, comment):
    source = "".join(write(char) for char, write in pieces)
    document = only(f'# {comment}\nk: "{source}" # {comment}\n')
    assert document.problems == ()
    assert document.value == {"k": "".join(char for char, _ in pieces)}


def parsed_again(text: Text, node: Node):
    """Read the source of a value alone, at its own column."""
    column = text.location(node.span.start).column - 1
    return plain(only(f"---\n{' ' * column}{text.slice(node.span)}\n").root)


@given(documents())
def test_the_source_of_each_value_is_the_value(pair):
    text = Text(pair[1])

    def check(node: Node) -> None:
        assert same(parsed_again(text, node), plain(node))
        if isinstance(node, Array):
            for entry in node.entries:
                check(entry.value)
        elif isinstance(node, Object):
            for key, member in node.members.items():
                assert plain(only(text.slice(member.key.span)).root) == key
                check(member.value)

    check(only(pair[1]).root)


@pytest.mark.parametrize(
    "source",
    [
        "a: 1\nb: [x, 'y', \"z\"]\n",
        "- a\n-\n- - b\n  - c\n-\n  d: e\n",
        "a:\n- 1\n- 2\nb:\n  - 3\n",
        "a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n",
        "a: &x {b: 1}\nd:\n  b: 3\n  <<: [*x, {c: 4}]\n",
        "? a\n: b\n? c\n",
        "{a: 1, ? b : 2, c, 'd':3}\n",
        "[a: b, c]\n",
        "a: |\n  x\n   y\n\n  z\n\nb: >\n  x\n  y\n\n\n  z\n   w\n  v\n",
        "a: |+\n  x\n\nb: |-\n  x\n\nc: >-\n\n  x\n  y\n",
        "a: |2\n    x\n   y\n",
        "a: x\n  y\n\n  z\nb: 'x\n  y\n\n  z'\n",
        'a: "x\n  y\\\n  z\\\n\n  \\ w"\n',
        'a: "\\x41\\u00e9\\U0001F600\\e\\N\\_\\L\\P\\0"\n',
        "a: 0123\nb: 0o17\nc: 0x1F\nd: 1e3\ne: -.5\nf: +12\ng: 1.\n",
        "a: yes\nb: No\nc: on\nd: TRUE\ne: Null\nf: ~\ng:\n",
        "a: http://x.y/z?q=1#f\nb: a#b\nc: a:b\nd: -x\ne: ?x\nf: :x\n",
        "a: '' # c\nb: ''''\n",
        "# c\n\na: 1 # c\n# c\nb:\n  # c\n  - 1 # c\n",
        "--- {a: 1}\n...\n# c\n---\n- b\n--- |\n c\n",
        "%YAML 1.2\n---\na: 1\n",
        "a: !!str 1\nb: !!int '2'\nd: !!map {e: 1}\n",
        "a: [\n  1,\n  2\n]\nb: {\n  c: 3\n}\n",
        "a:\r\n  b: 1\r\n  c: |\r\n    x\r\n    y\r\n",
        "a: &b b\nc: [*b, &d d, *d]\n",
    ],
)
def test_ruamel_reads_the_same(source):
    expected = list(YAML(typ="safe", pure=True).load_all(source))
    found = list(read_yaml(Text(source)))
    assert not any(document.problems for document in found)
    values = [plain(document.root) for document in found]
    assert json.loads(dumped(values)) == json.loads(dumped(expected))
