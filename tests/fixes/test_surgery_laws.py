"""Laws of edits: they do what the operations say, and nothing else."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rosetta_spec.document.formats import JSON, JSONL, YAML
from rosetta_spec.document.number import read_exactly
from rosetta_spec.document.reader import read_documents
from rosetta_spec.fixes.operations import (
    CannotEditError,
    Move,
    Put,
    Quote,
    Remove,
    Rename,
    Swap,
    applied,
)
from rosetta_spec.fixes.surgery import edited, edits_of, written_out
from rosetta_spec.fixes.yaml_layout import yaml_layout
from rosetta_spec.strategies.notations import json_texts
from rosetta_spec.strategies.scribbled import scribbled_texts

law = settings(deadline=None)

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
    return list(read_documents((bom + text).encode(), format_))


def edited_text(document, chosen):
    edits = edits_of(document, chosen)
    ends = [(0, 0), *(edit.span for edit in edits)]
    assert all(one[1] <= other[0] for one, other in pairwise(ends))
    return edited(document.text.content, edits)


@st.composite
def scribbled_work(draw):
    value = draw(OBJECTS)
    return value, draw(scribbled_texts(value)), draw(operations(value))


@given(scribbled_work())
@law
def test_edits_of_yaml_do_what_the_operations_say(work):
    """Reading the edited text gives what `applied` makes of the value, and all comments stay."""
    value, (text, comments), chosen = work
    (document,) = documents_in(text, YAML)
    assert document.value == value
    assert not document.problems
    assert comments_of(text) == comments
    try:
        after = edited_text(document, chosen)
    except CannotEditError as refusal:
        if len(chosen) == 1 and is_plain_work(value, chosen[0]):
            raise AssertionError(refusal) from None
        return
    (again,) = documents_in(after, YAML)
    assert not again.problems
    assert again.value == applied(value, written_out(document, chosen))
    assert sorted(comments_of(after)) == sorted(comments)
    if not any(isinstance(each, Move) for each in chosen):
        assert comments_of(after) == comments
    assert (text[-1:] in "\r\n") == (after[-1:] in "\r\n")


def comments_of(text):
    return [text[start:end] for start, end in yaml_layout(text, 0).comments]


@st.composite
def json_work(draw):
    value = draw(OBJECTS)
    if draw(st.booleans()):
        return value, draw(json_texts(value)), draw(operations(value))
    layout = draw(
        st.sampled_from([{"indent": 2}, {"indent": "\t"}, {"separators": (",", ":")}, {}])
    )
    text = json.dumps(value, ensure_ascii=False, default=str, **layout)
    return read_exactly(text), text, draw(operations(read_exactly(text)))


def edited_unless_all_go(document, chosen):
    try:
        return edited_text(document, chosen)
    except CannotEditError as refusal:
        assume("go, and others come" not in str(refusal))
        raise


@given(json_work())
@law
def test_edits_of_json_do_what_the_operations_say(work):
    """Nothing is refused, and what is written is JSON again."""
    value, text, chosen = work
    (document,) = documents_in(text, JSON)
    after = edited_unless_all_go(document, chosen)
    (again,) = documents_in(after, JSON)
    assert not again.problems
    assert again.value == applied(value, written_out(document, chosen))


@given(json_work())
@law
def test_a_line_of_json_lines_stays_one(work):
    _, text, chosen = work
    line = " ".join(text.splitlines())
    document, _ = documents_in(f"{line}\n{{}}", JSONL)
    after = edited_unless_all_go(document, chosen)
    again, _ = documents_in(f"{after}\n{{}}", JSONL)
    assert again.value == applied(document.value, written_out(document, chosen))
