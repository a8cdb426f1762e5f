"""Laws of the quick reader of YAML: it may decline anything, and is never wrong."""

from __future__ import annotations

import re
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from yaml_texts import PIECES, outline, strings, with_slips

from rosetta_spec.document import yaml_scanner
from rosetta_spec.document.reader import read_documents, read_yaml
from rosetta_spec.fast.entry import read_values
from rosetta_spec.fast.formats import Declined
from rosetta_spec.fast.yaml_lines import read_yaml_lines
from rosetta_spec.strategies import messy_requests, requests
from rosetta_spec.strategies.texts import NOTATIONS, block_yaml_texts, flow_yaml_texts
from rosetta_spec.text import Text

#: The time that a text takes says more about the machine than about the text.

REQUEST = """\
# a request
annotationRequestId: "req-1" # why
'pool\tName': 'the ''pool'''
samplingRatio: 0.5
more: [1, "\\u00e9\\\\\\"x", {a: b, "c":-1.5e3, d e: ~}]
subCondition:
    taskId: # which
    - 1
    -   a: b
        c:
    -
       - x

    when : 2025-03-01 20:00:00
interceptionBoundary: [
  {start: 0, end: 9}, # one, two
  {start: 3,
   end: 4} # three
]
note:
"""

numbers = st.integers() | st.decimals(-1000, 1000, places=3)
values = st.recursive(
    st.none() | st.booleans() | numbers | strings,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(strings, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def written(draw: st.DrawFn) -> str:
    """Draw a request or any object, in any notation."""
    objects = st.dictionaries(strings, values, min_size=1, max_size=4)
    value = draw(requests() | messy_requests() | objects | values)
    return draw(draw(st.sampled_from([*NOTATIONS.values()]))(value))


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Draw a text after a few slips of the hand."""
    text = draw(st.just(REQUEST) | written())
    if draw(st.booleans()):
        start = draw(st.integers(0, len(text)))
        text = text[start : start + draw(st.integers(10, 120))]
    return draw(with_slips(text)).removeprefix("\ufeff")


def typed(value):
    """Make values comparable with their types; of numbers with a fraction, as decimals."""
    if isinstance(value, dict):
        return [(key, typed(item)) for key, item in value.items()]
    if isinstance(value, list):
        return ["list", *map(typed, value)]
    if isinstance(value, float | Decimal):
        return Decimal(str(value))
    return type(value), value


def or_declined(read, source):
    try:
        return read(source)
    except Declined:
        return None


def is_understood(source: str) -> bool:
    """Hold that what is read is what the full reader reads, and say whether there is something."""
    found = or_declined(read_yaml_lines, source)
    if found is None:
        return False
    documents = list(read_yaml(Text(source)))
    assert not any(document.problems for document in documents)
    assert typed(found) == typed([document.value for document in documents])
    as_requests = list(read_documents(source.encode(), "yaml"))
    assert [outline(each.root) for each in as_requests] == [
        outline(each.root) for each in documents
    ]
    return True


@given(written())
def test_what_is_written_is_read_as_the_full_reader_does(source):
    is_understood(source)


@settings(max_examples=100)
@given(mutated())
# Counterexamples of the past.
@pytest.mark.no_cover
@example("\u2028\na: 1")
@example("a:\n \u2028\n")
@example("- \u3000\n")
def test_slips_of_the_hand_are_declined_or_read_as_the_full_reader_does(source):
    is_understood(source)


@given(st.text(max_size=20) | st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_any_text_is_declined_or_read_as_the_full_reader_does(source):
    is_understood(source.removeprefix("\ufeff"))


@pytest.mark.no_cover
def test_nearly_every_request_is_understood():
    understood = []

    @settings(max_examples=75, derandomize=True, database=None)
    @given(
        requests().flatmap(lambda value: st.tuples(block_yaml_texts(value), flow_yaml_texts(value)))
    )
    def count(sources):
        # Control characters, as between quotes, are for the parser of ruamel.
        understood.extend(
            or_declined(read_yaml_lines, source) is not None
            for source in sources
            if not re.search("[\x7f-\x9f]", source)
        )

    count()
    assert understood.count(True) >= 0.99 * len(understood)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # Keys.
        ("a: 1", {"a": 1}),
        ("a : 1\n", {"a": 1}),
        ("a b-c.d/e_2: 1\n", {"a b-c.d/e_2": 1}),
        ("任务: 1\n", {"任务": 1}),
        ("\"a: b\" : 1\n'c''d': 2\n'': 3\n", {"a: b": 1, "c'd": 2, "": 3}),
        ("'1': 1\n\"true\": 2\n", {"1": 1, "true": 2}),
        ("on: 1\nno: 2\n", {"on": 1, "no": 2}),
        ("k" * 1000 + ": 1\n", {"k" * 1000: 1}),
        # Scalars.
        ("a:\nb: ~\nc: null # d: e\nd: # e\n", {"a": None, "b": None, "c": None, "d": None}),
        ("a: true\nb: False\nc: yes\n", {"a": True, "b": False, "c": "yes"}),
        ("a: -12\nb: +1\nc: 012\nd: -0\n", {"a": -12, "b": 1, "c": 12, "d": 0}),
        ("a: 0.2\nb: 1.\nc: -.5\n", {"a": 0.2, "b": 1.0, "c": -0.5}),
        ("a: " + "9" * 640, {"a": int("9" * 640)}),
        (
            "a: 2025-03-13\nb: 2025-03-13 20:00:00\n",
            {"a": "2025-03-13", "b": "2025-03-13 20:00:00"},
        ),
        ("a: 1.2.3\nb: 1e\nc: --\n", {"a": "1.2.3", "b": "1e", "c": "--"}),
        ("a: -x\nb: 1_0\nc: 1\u0661\n", {"a": "-x", "b": "1_0", "c": "1\u0661"}),
        ("a: -e5\nb: 1-2\nc: 1e5-2\n", {"a": "-e5", "b": "1-2", "c": "1e5-2"}),
        ("a: b#c:d #e\n", {"a": "b#c:d"}),
        ("a: b, [c] {d} & e\n", {"a": "b, [c] {d} & e"}),
        ("a: naïve 任务\n", {"a": "naïve 任务"}),
        ("a: 'b''c' # d\nb: '\\'\nc: ''\n", {"a": "b'c", "b": "\\", "c": ""}),
        ('a: "b\\"c\\\\" # "\nb: ""\nc: "# d"\n', {"a": 'b"c\\', "b": "", "c": "# d"}),
        ('a: "\\u00e9\\ud83d\\ude00\\n\\/"\n', {"a": "é😀\n/"}),
        ('a: "\\\\\\\\n\\\\"\n', {"a": "\\\\n\\"}),
        # Blocks.
        ("a:\n b:\n  c: 1\n d: 2\ne: 3\n", {"a": {"b": {"c": 1}, "d": 2}, "e": 3}),
        ("a:\n- 1\n- 2\nb:\n  - 3\n", {"a": [1, 2], "b": [3]}),
        ("a:\n- b:\n  - 1\n- c\n", {"a": [{"b": [1]}, "c"]}),
        ("a:\n  -   b: 1\n      c: 2\n  - d: 3\n", {"a": [{"b": 1, "c": 2}, {"d": 3}]}),
        ("a:\n-\n- # b\n-\n  c: 1\n-\n  - 2\n", {"a": [None, None, {"c": 1}, [2]]}),
        (
            "a:\n- 'b': 1\n- 'c'\n- d: # e\n- http://f\n",
            {"a": [{"b": 1}, "c", {"d": None}, "http://f"]},
        ),
        ("a:\n- 1 # b: c\n", {"a": [1]}),
        ("\n  # b\n  a: 1\n# c\n\n  d: 2\n", {"a": 1, "d": 2}),
        ("a: 1\r\n\r\nb:\r\n  - c\r\n  -\r\n", {"a": 1, "b": ["c", None]}),
        # Flow collections.
        ("a: []\nb: {} # c\n", {"a": [], "b": {}}),
        ("a: [ 1 , b c,'d',\"e\",[2], ]\n", {"a": [1, "b c", "d", "e", [2]]}),
        ("a: {b: 1, 'c':2, d : {e: ~},}\n", {"a": {"b": 1, "c": 2, "d": {"e": None}}}),
        ("a: [12:30, x-y]\nb: {c: naïve}\n", {"a": ["12:30", "x-y"], "b": {"c": "naïve"}}),
        ("a: [\n  1, # ]\n  2 # }\n]\nb: 3\n", {"a": [1, 2], "b": 3}),
        ("a:\n- [1,\n\n  # b\n 2]\n- {c:\n   3}\n", {"a": [[1, 2], {"c": 3}]}),
        ("{a: 1,\r\n 'b': [2]} # c\r\n# d\r\n", {"a": 1, "b": [2]}),
    ],
)
def test_what_is_understood(source, expected):
    assert is_understood(source)
    assert typed(read_yaml_lines(source)) == typed([expected])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("---\na: 1\n", [{"a": 1}]),
        (
            "# a\n---\na: 1\n---\n  b:\n---   \n{c: 2}\n---\nd: [\n]",
            [{"a": 1}, {"b": None}, {"c": 2}, {"d": []}],
        ),
    ],
)
def test_documents(source, expected):
    assert is_understood(source)
    assert read_yaml_lines(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        # No document, or one that is no object.
        *("", "\n", "# a\n", "---\n", "a: 1\n---\n", "---\n---\na: 1\n", "1\n", "- a\n", "[a]\n"),
        # What ends or directs a document.
        *(
            "a: 1\n...\n",
            "%YAML 1.2\n---\na: 1\n",
            "--- a: 1\n",
            "--- # a\na: 1\n",
            "a:\n ---\n b: 1\n",
        ),
        *("{a: 1}\nb: 2\n", "{a: [\n---\n]}", "{a: 1\n---\nb: 2\n", "{a: [\n...\n]}"),
        # Keys that are no strings, or are there already, or possibly not keys.
        *(
            "1: a\n",
            "true: a\n",
            "null: a\n",
            "~: a\n",
            ": a\n",
            "<<: {a: 1}\n",
            "? a\n",
            "-a: 1\n",
        ),
        *(
            "a: 1\na: 2\n",
            "a: 1\n'a': 2\n",
            "{a: 1, a: 2}\n",
            "a:b: 1\n",
            "[a]: b\n",
            "{a: 1}: b\n",
        ),
        *(
            "a #b: 1\n",
            "a\n",
            "a b\n",
            "'a' b: 1\n",
            "'a'\n",
            "'a':b\n",
            "k" * 1001 + ": 1\n",
            "a: 1\n:\n",
        ),
        *(
            "'" + "k" * 1000 + "': 1\n",
            "{'" + "k" * 1000 + "': 1}\n",
            "{1: a}\n",
            "{a}\n",
            "{a:1}\n",
        ),
        *("{'a'}", "{'a' b: 1}", "{'a'\n: 1}", "{,}", "{:}", "{a b}"),
        # Values on several lines.
        *("a: b\n  c\n", "a:\n  b\n", "a:\n  'b'\n", "a: 'b\n  c'\n", "a: |\n  b\n", "a: >\n  b\n"),
        *("a: ['b\n c']\n", "a: [b\n c]\n", "a:\n  [b]\n", 'a: ["b\n c"]\n', "a: b\n  - c\n"),
        # Anchors, aliases, tags, and other signs before a value.
        *(
            f"a: {sign}b\n"
            for sign in ("&", "*", "!", "!!str ", "@", "`", "%", ",", "]", "}", "?", ":", "- ")
        ),
        *(
            "a: &b\n",
            "a: -\n",
            "a: b: c\n",
            "a: b:\n",
            "- &a b\n",
            "a: [&b c]\n",
            "a: [b: c]\n",
            "a: [b:]\n",
        ),
        # Numbers that are none of JSON's, are of other bases, or are long.
        *(
            "a: .inf\n",
            "a: -.INF\n",
            "a: .nan\n",
            "a: 0x1F\n",
            "a: 0o17\n",
            "a: " + "9" * 641,
            "a: -" + "9" * 641,
        ),
        # Indentation.
        *(
            "a: 1\n b: 2\n",
            "a:\n  b: 1\n c: 2\n",
            "  a: 1\nb: 2\n",
            "a:\n  - b\n c: 1\n",
            "a: 1\n- b\n",
        ),
        *(
            "a:\n  - b\n  c: 1\n",
            "a:\n - - b\n",
            "a:\n - b\n  - c\n",
            "a:\n  b: 1\n- c\n",
            "a:\n- b: 1\nc\n",
        ),
        "".join(f"{' ' * depth}a:\n" for depth in range(22)),
        "a: " + "[" * 21 + "]" * 21,
        # Flow collections that end too early, too late or not at all.
        *(
            "a: [b\n",
            "a: [b]]\n",
            "a: [b] c\n",
            "a: [b]#c\n",
            "a: [b #c]\n",
            "a: {b: 1]\n",
            "a: [b, , c]\n",
        ),
        *(
            "a: ['b' c]\n",
            "a: [#b\n]\n",
            "a: [,]\n",
            "a: [b\n, 'c",
            "a: [b[]\n",
            "a: {b: }\n",
            "a: [b?é&]\n",
        ),
        # Quotes.
        *(
            "a: 'b' c\n",
            "a: 'b'#c\n",
            "a: 'b\n",
            'a: "b\\"\n',
            'a: "b\\q"\n',
            'a: "\\ud800"\n',
            'a: "\\x4"\n',
        ),
        *('a: "\\x41"\n', 'a: "\\U0001F600"\n', 'a: "\\xg0"\n', 'a: "\\N"\n'),
        # Characters.
        *(
            "\ta: 1\n",
            "a:\t1\n",
            "a: 1\t# b\n",
            "a: b\tc\n",
            "a: 1 # \x7f\n",
            "a: \u2028\n",
            "a: '\x01'\n",
        ),
        *(
            "a: '\ud800'\n",
            "a: 1\rb: 2\n",
            "a: 1\r",
            "\x85a: 1\n",
            "a: '\x85' # \x85\n",
            "a\u3000: 1\n",
        ),
        # Comments for which others look.
        "a: 1 # rosetta-spec: ignore\n",
    ],
)
def test_what_is_declined(source):
    assert not is_understood(source)


@pytest.mark.parametrize("source", ["a: 1e3\n", "a: 0.12345678901234567\n", "a: [1.5E-2]\n"])
def test_fractions_that_a_float_cannot_represent_are_declined(source):
    assert not is_understood(source)


def loaded_by(statement: str) -> set[str]:
    """Name the modules that a statement loads in a process of its own."""
    program = f"import sys; {statement}; print(*sys.modules)"
    command = [sys.executable, "-S", "-c", program]
    done = subprocess.run(
        command, capture_output=True, check=True, text=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    return set(done.stdout.split())


def test_simple_texts_load_nothing():
    quick = "rosetta_spec.fast.yaml_lines"
    loaded = loaded_by(f"from {quick} import read_yaml_lines; read_yaml_lines('a: [1]')")
    assert quick in loaded
    assert not loaded & {"re", "typing", "enum", "decimal", "rosetta_spec.text"}


@pytest.mark.parametrize("content", [b"a: &b 1", b"a: 1e3", b"- a", b"a: 'b", b""])
def test_every_text_that_is_declined_goes_through_the_parser_of_ruamel(monkeypatch, content):
    taken = []

    class Recorded(yaml_scanner.Parser):
        def parse_stream_start(self):
            taken.append(self)
            return super().parse_stream_start()

    monkeypatch.setattr(yaml_scanner, "Parser", Recorded)
    with pytest.raises(Declined):
        read_values(content, "yaml")
    list(read_documents(content, "yaml"))
    assert len(taken) == (1 if content else 0)
