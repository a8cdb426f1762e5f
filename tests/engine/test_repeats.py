"""Documents with the same body are found, in any notation, order and file."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.document.lines import Block
from rosetta_spec.document.values import canonical_json, identity
from rosetta_spec.engine import repeats
from rosetta_spec.engine.repeats import RepeatFinder
from rosetta_spec.kinds.documents import _number
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.strategies import block_yaml_texts, json_texts, requests
from rosetta_spec.text import Location

RULES = [builtin_ruleset().find("repeated-request")]


class Finder(RepeatFinder):
    def __init__(self, **options):
        super().__init__(RULES, **options)

    def in_file(self, *arguments):
        found = super().in_file(*arguments, lambda value: value)
        return {key: earlier for key, (earlier,) in found.items()}

    def in_lines(self, *arguments):
        found = super().in_lines(*arguments, lambda value: value)
        return {key: earlier for key, (earlier,) in found.items()}


NUMBERS = st.sampled_from(
    [0, 1, -1, 10, 1.0, 0.1, 1e22, 10**22, True, False]
    + [Decimal(text) for text in ("0.0", "1.00", "1e1", "0.10", "-1.0", "1e22", "1e400", "10e399")]
)
VALUES = st.recursive(
    NUMBERS | st.sampled_from(["", "a", "1", "true", None]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=4,
)


@given(VALUES, VALUES)
def test_equal_values_and_no_others_are_written_the_same(one, other):
    def exact(value):
        if isinstance(value, dict):
            return {key: exact(member) for key, member in value.items()}
        if isinstance(value, list):
            return [exact(item) for item in value]
        return Decimal(str(value)) if isinstance(value, float) else value

    is_same = identity(exact(one)) == identity(exact(other))
    assert (canonical_json(one, _number) == canonical_json(other, _number)) is is_same


@given(requests(), st.data())
def test_notation_and_order_of_keys_make_no_difference(request, data):
    again = dict(data.draw(st.permutations(list(request.items()))))
    finder = Finder()
    texts = [data.draw(json_texts(request)), data.draw(block_yaml_texts(again))]
    first = finder.in_file(texts[0].encode, "a.json", "json")
    second = finder.in_file(texts[1].encode, "b.yaml", "yaml")
    assert first == {}
    assert [(each.filename, each.document) for each in second.values()] == [("a.json", 0)]


@given(requests(), requests())
def test_others_are_not_found(one, other):
    finder = Finder()
    lines = "".join(f"{json.dumps(each, default=float)}\n" for each in (one, other))
    found = finder.in_lines(Block(lines.encode(), 1, 0), "a.jsonl")
    one.pop("$schema", None)
    other.pop("$schema", None)
    assert bool(found) is (
        json.loads(json.dumps(one, default=float)) == json.loads(json.dumps(other, default=float))
    )


def test_only_the_first_documents_of_a_run_are_compared(monkeypatch):
    monkeypatch.setattr(repeats, "_MOST_DOCUMENTS", 3)
    finder = Finder()
    lines = b'{"a": 1}\n{"a": 2}\n{"a": 2}\n{"a": 1}\n'
    assert [*finder.in_lines(Block(lines, 1, 0), "a.jsonl")] == [("a.jsonl", 2)]
    assert finder.in_lines(Block(lines, 1, 0), "b.jsonl") == {}
    assert finder.in_file(lambda: b'{"a": 1}', "c.json", "json") == {}


@pytest.mark.parametrize("line", [b"[1]", b'{"a": 1, "a": 2}', b"{", b"\xff", b'{"a": "\\ud800"}'])
def test_what_cannot_be_sent_is_not_compared(line):
    block = Block(line + b"\n" + line + b"\n", 1, 0)
    assert Finder().in_lines(block, "a.jsonl") == {}
    yaml = b"---\n" + line + b"\n---\n" + line
    assert Finder().in_file(lambda: yaml, "a.yaml", "yaml") == {}


def test_the_place_of_the_first_one():
    lines = b'\n \t{"a": 1}\n{"a": 1}\n'
    (found,) = Finder().in_lines(Block(lines, 5, 0), "a.jsonl").values()
    assert found.location == Location(6, 3)
    text = b"# note\n---\n  b: 1\n---\nb: !!int 1\n---\nb: 1\n"
    found = Finder(is_alone=True).in_file(lambda: text, "a.yaml", "yaml")
    assert {key: each.location for key, each in found.items()} == {
        ("a.yaml", 1): Location(3, 3),
        ("a.yaml", 2): Location(3, 3),
    }


def test_a_file_that_was_changed_meanwhile_has_its_start():
    texts = iter([b"a: 1\n", b"[", b""])
    finder = Finder()
    finder.in_file(lambda: next(texts), "a.yaml", "yaml")
    (found,) = finder.in_file(lambda: b"a: 1", "b.yaml", "yaml").values()
    assert found.location == Location(1, 1)
    (found,) = finder.in_file(lambda: b"a: 1", "c.yaml", "yaml").values()
    assert found.location == Location(1, 1)
