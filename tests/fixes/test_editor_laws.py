"""Laws of edits: they do what the operations say, and nothing else."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from mixed_yaml import MixedYaml, mixed_yaml_texts
from yaml_texts import REQUEST, with_slips

from rosetta_spec.document.operations import (
    CannotEditError,
    Move,
    Put,
    Quote,
    Remove,
    Rename,
    Swap,
    applied,
)
from rosetta_spec.document.reader import read_documents
from rosetta_spec.document.tree import BLOCK_SCALARS, Object
from rosetta_spec.fast.formats import JSON, JSONL, YAML
from rosetta_spec.fixes.editor import Editor
from rosetta_spec.fixes.edits import edited
from rosetta_spec.fixes.verify import verified_edits
from rosetta_spec.strategies.texts import json_texts

KEYS = st.sampled_from(["a", "b", "c", "poolName", "é/~", "x y", "null", "#", "5", "- d", ""])
STRINGS = st.sampled_from(
    ["", "pool", "street scenes", "a: b", "x #y", "null", "0123", "it's", '"', "[", "a,b", "é"]
) | st.sampled_from(
    ["two\nrows\n", "two\n\nrows", "kept\n\n", "2025-03-13 20:00:00", "\x85", "\\n"]
)
NUMBERS = st.integers(-5, 300) | st.sampled_from([Decimal("1E+30"), Decimal("0.50"), 2**70])
SCALARS = STRINGS | NUMBERS | st.none() | st.booleans()
VALUES = st.recursive(
    SCALARS,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(KEYS, inside, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=4)


def places_in(value, pointer=()):
    """Every pointer, each with its value."""
    entries = ()
    if isinstance(value, dict):
        entries = value.items()
    elif isinstance(value, list):
        entries = enumerate(value)
    for token, item in entries:
        yield (*pointer, token), item
        yield from places_in(item, (*pointer, token))


@st.composite
def operations(draw, value):
    """Operations that can be done on a value, as far as the value says."""
    places = list(places_in(value))
    objects = [()] + [pointer for pointer, item in places if isinstance(item, dict)]

    def new_place():
        return (*draw(st.sampled_from(objects)), draw(KEYS | st.text(max_size=5)))

    def one():
        kind = draw(st.sampled_from("PQSRXMN" if places else "N"))
        pointer, _ = draw(st.sampled_from(places)) if places else ((), None)
        if kind == "N":
            return Put(new_place(), draw(VALUES))
        if kind == "P":
            return Put(pointer, draw(SCALARS | VALUES))
        if kind == "Q":
            return Quote(pointer)
        if kind == "S":
            return Swap(pointer, draw(st.sampled_from(places))[0])
        if kind == "R":
            return Rename(pointer, draw(KEYS | st.text(max_size=5)))
        return Remove(pointer) if kind == "X" else Move(pointer, new_place())

    chosen = []
    for _ in range(draw(st.integers(1, 3))):
        try:
            applied(value, [*chosen, new := one()])
        except CannotEditError:
            continue
        chosen.append(new)
    return chosen


def is_plain_work(value, operation):
    """Whether an operation is one that is never refused where no alias is."""
    match operation:
        case Put(pointer, _):
            return dict(places_in(value)).get(pointer, []) not in ([], {}) and not isinstance(
                dict(places_in(value))[pointer], dict | list
            )
        case Move() | Swap():
            return False
    return True


def documents_in(text, format_, bom=""):
    return list(read_documents((bom + text).encode(errors="ignore"), format_))


def edited_text(document, chosen):
    editor = Editor(document)
    wanted = applied(document.value, editor.resolved(chosen))
    edits = verified_edits(editor, chosen, wanted)
    ends = [(0, 0), *(edit.span for edit in edits)]
    assert all(one[1] <= other[0] for one, other in pairwise(ends))
    return edited(document.text.content, edits)


@st.composite
def mixed_yaml_work(draw):
    value = draw(OBJECTS)
    return value, draw(mixed_yaml_texts(value)), draw(operations(value))


RICH = {
    "a": None,
    "b c": {"d": "two words", "e": [None, {"f": 1}, [True], []], "g": "rows\nof\ntext\n"},
    "h": [{"i": "j\n\n", "k": {}}, 0, "#"],
    "l": {"m": None},
}


@pytest.mark.no_cover
@given(mixed_yaml_texts(RICH))
@settings(max_examples=75)
def test_mixed_yaml_has_its_value_and_its_comments(mixed):
    (document,) = documents_in(mixed.text, YAML)
    assert document.value == RICH
    assert not document.problems
    assert comments_of(document) == mixed.comments


#: The comment of an emptied item would have hidden the bracket after a removed one.
EMPTIED = MixedYaml("a: [[ # 1\n ]\n ,[]]\n", ["# 1"])


@example(({"a": [[], []]}, EMPTIED, [Put(("a", 0), ""), Remove(("a", 1))]))
@given(mixed_yaml_work())
def test_edits_of_yaml_do_what_the_operations_say(work):
    """Reading the edited text gives what `applied` makes of the value, and all comments stay."""
    value, (text, comments), chosen = work
    (document,) = documents_in(text, YAML)
    assert document.value == value
    assert comments_of(document) == comments
    try:
        check_edits(document, chosen, YAML)
    except CannotEditError:
        assert not (len(chosen) == 1 and is_plain_work(value, chosen[0]))


@given(mixed_yaml_work(), st.sampled_from(["\ufeff", ""]))
def test_a_document_of_a_stream_is_edited_like_a_single_one(work, bom):
    """What is around it stays as it is, a byte order mark too."""
    _, (text, _), chosen = work
    (alone,) = documents_in(text, YAML)
    text = text if text[-1] in "\r\n" else f"{text}\n"
    _, document, _ = documents_in(f"a: {{b: 1}} # x\n...\n{text}--- # y\nc: |\n  d", YAML, bom)
    assert document.value == alone.value
    try:
        check_edits(document, chosen, YAML, bom)
    except CannotEditError:
        with pytest.raises(CannotEditError):
            edited_text(alone, chosen)


def check_edits(document, chosen, format_, bom=""):
    """Check that edits do what operations say, and keep comments, problems and the last row."""
    text = document.text.content
    after = edited_text(document, chosen)
    again = documents_in(after, format_, bom)[document.number]
    wanted = applied(document.value, Editor(document).resolved(chosen))
    assert again.value == wanted, f"{text!r} became {after!r}"
    assert len(again.problems) <= len(document.problems)
    # A line break that counts in a block scalar stays, even where the text now ends.
    is_scalar_last = format_ == YAML and again.root.last.style in BLOCK_SCALARS
    assert (text[-1] in "\r\n") == (after[-1] in "\r\n") or is_scalar_last
    if format_ == YAML:
        # Without an explicit start, the comments above a document belong to the one before it.
        before = [each for one in documents_in(text, format_, bom) for each in comments_of(one)]
        kept = [each for one in documents_in(after, format_, bom) for each in comments_of(one)]
        assert sorted(before) == sorted(kept)
        assert before == kept or any(isinstance(each, Move) for each in chosen)


def comments_of(document):
    content = document.text.content
    return [content[start:end] for start, end in document.comments]


@st.composite
def json_work(draw):
    value = draw(OBJECTS)
    if draw(st.booleans()):
        return value, draw(json_texts(value)), draw(operations(value))
    layout = draw(
        st.sampled_from([{"indent": 2}, {"indent": "\t"}, {"separators": (",", ":")}, {}])
    )
    text = json.dumps(value, ensure_ascii=False, default=str, **layout)
    written = json.loads(text, parse_float=Decimal)
    return written, text, draw(operations(written))


def edited_unless_all_are_replaced(document, chosen):
    try:
        return edited_text(document, chosen)
    except CannotEditError as error:
        assume("would be replaced" not in str(error))
        raise


@given(json_work())
def test_edits_of_json_do_what_the_operations_say(work):
    """Nothing is refused, and what is written is JSON again."""
    value, text, chosen = work
    (document,) = documents_in(text, JSON)
    after = edited_unless_all_are_replaced(document, chosen)
    (again,) = documents_in(after, JSON)
    assert not again.problems
    assert again.value == applied(value, Editor(document).resolved(chosen))


@given(json_work())
def test_a_line_of_json_lines_stays_one_line(work):
    _, text, chosen = work
    line = " ".join(text.splitlines())
    document, _ = documents_in(f"{line}\n{{}}", JSONL)
    after = edited_unless_all_are_replaced(document, chosen)
    again, _ = documents_in(f"{after}\n{{}}", JSONL)
    assert again.value == applied(document.value, Editor(document).resolved(chosen))


ODD_TEXTS = [
    REQUEST,
    """\
a: 1
a: 2 # again
b: &b
  - !x 5
  - [c: d, e]
  - - f
    - g
  -
    h: {? i, j: .nan}
c: |+ # kept
  k

# l
d: !!str
e: &e # f
5: five
"g": 'h
  i'
""",
    "%TAG !e! tag:e\r\n---\r\na: !e!x 1\r\nb: ! 2 # c\r\n\r\nd:\r\n- e\r\n-\r\n- {a: , 'b':c}",
    "{a: 1, b: [x, # y\n  z], <<: {c: 2}, d: &d e, *d : f,}\n",
]


@st.composite
def odd_work(draw):
    """Random YAML: texts with every notation, cut and mixed."""
    text = draw(with_slips(draw(st.sampled_from(ODD_TEXTS)), 0))
    documents = [each for each in documents_in(text, YAML) if isinstance(each.root, Object)]
    assume(documents)
    document = draw(st.sampled_from(documents))
    return document, draw(operations(document.value))


@given(odd_work())
def test_edits_of_any_document_are_right_or_rejected(work):
    document, chosen = work
    with suppress(CannotEditError):
        check_edits(document, chosen, YAML)


#: What some of these laws has failed with.
PAST = [
    ('"a":\r\n "a": ""', [Remove(("a", "a"))]),
    ('"a":\n\n - ""', [Put(("a",), "")]),
    ('"a": |- # 1\n pool\nb: []\n', [Move(("a",), ("c",))]),
    ("a:\n !!str b:\n# 1\n  ? c", [Put(("d",), None), Put(("a", "d"), [1])]),
    ("{a: 1,\r # 1\r  b: 2}", [Remove(("a",))]),
    ("a: |+ # 1\n...\n\n  b\n", [Put(("a",), 2)]),
    ("a: |-\n b\nc: []", [Remove(("c",))]),
    ("a: {b: [c # 1\n ]\n }\n", [Put(("a", "b"), 0)]),
    ("b: [c # 1\n,d]\n", [Remove(("b", 1))]),
    ("{a: &b c, *b, d: 1}\n", [Quote(("c",))]),
    ("{!!str , a: 1}\n", [Put(("",), 1)]),
    ("{&b !!str , a: 1}\n", [Put(("",), 1)]),
]


@pytest.mark.parametrize(("text", "chosen"), PAST)
def test_past_counterexamples(text, chosen):
    check_edits(next(iter(documents_in(text, YAML))), chosen, YAML)


def test_other_line_separators_do_not_end_a_row():
    (document,) = documents_in('{"a": "\x85\u2028", "b": {}}', JSON)
    check_edits(document, [Move(("a",), ("b", "a"))], JSON)
