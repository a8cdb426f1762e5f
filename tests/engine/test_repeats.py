"""Documents with the same body are found, in any notation, order and file."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.api import check
from rosetta_spec.document.lines import Block
from rosetta_spec.document.values import identity
from rosetta_spec.engine import repeats
from rosetta_spec.engine.repeats import RepeatFinder
from rosetta_spec.kinds.documents import _key
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
    [
        0,
        1,
        -1,
        10,
        1.0,
        0.1,
        -0.0,
        1e22,
        10**22,
        1e15,
        10**15,
        1e16,
        10**16,
        10**22,
        10**39,
        10**50,
        1e-4,
        1e-5,
        True,
        False,
    ]
    + [
        Decimal(text)
        for text in [
            "0.0",
            "1.00",
            "1e1",
            "0.10",
            "-1.0",
            "1e22",
            "1e400",
            "10e399",
            "1e15",
            "1e16",
            "10000000000000000.0",
            "1e-4",
            "0.00010",
            "0.00001",
            "1.5",
            "1.50",
            "0.1000000000000000000001",
        ]
    ]
    + [1.5]
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
    assert (_key(one) == _key(other)) is is_same


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
    monkeypatch.setattr(repeats, "_MAX_DOCUMENTS", 3)
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


LIMIT = """
rules:
  - {code: POL001, name: large-ratio, severity: error, kind: schema, at: [/samplingRatio],
     schema: {maximum: 0.2}, wants: is at most 0.2, message: too large, help: less, why: x,
     source: x, bad: "annotationRequestId: a\\npoolName: b\\nsamplingRatio: 0.5",
     good: "annotationRequestId: a\\npoolName: b"}
"""


@pytest.mark.parametrize("folder_with_rule", "abc")
@pytest.mark.parametrize("options", [(), ("--select", "RS501,RS502"), ("--jobs", "2")])
def test_what_has_an_error_by_the_rules_of_its_folder_is_not_compared(
    rosetta, write, folder_with_rule, options
):
    for folder in "abc":
        write(f"{folder}/x.sampling.yaml", "annotationRequestId: a\npoolName: b\nsamplingRatio: .5")
    write("limit.yaml", LIMIT)
    write(f"{folder_with_rule}/rosetta-spec.toml", 'rulesets = ["../limit.yaml"]')
    found = rosetta("check", "--format", "json", *options).diagnostics
    first, second = (each for each in "abc" if each != folder_with_rule)
    repeated = [each for each in found if each["code"].startswith("RS5")]
    assert len(repeated) == 1 + (options == ("--select", "RS501,RS502"))
    for each in repeated:
        assert each["filename"] == f"{second}/x.sampling.yaml"
        assert each["related"][0]["filename"] == f"{first}/x.sampling.yaml"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("marker", ["---", "--- # note", "...", "...~---", "---~# note"])
def test_documents_of_one_file_are_compared_however_they_are_divided(
    rosetta, write, marker, line_end
):
    request = "annotationRequestId: a~poolName: b~"
    text = f"{request}{marker}~{request}".replace("~", line_end)
    write("a.sampling.yaml", text.encode())
    (found,) = rosetta("check", "--format", "json").diagnostics
    assert (found["code"], found["document"]) == ("RS501", 1)
    assert [each.code for each in check(text).diagnostics] == ["RS501"]


def test_what_has_a_wrong_schema_address_is_not_compared():
    finder = Finder()
    lines = b'{"a": 1, "$schema": 5}\n{"a": 1, "$schema": "x"}\n{"a": 1, "$schema": "y"}\n'
    (found,) = finder.in_lines(Block(lines, 1, 0), "a.jsonl").items()
    assert (found[0], found[1].document) == (("a.jsonl", 2), 1)


def test_numbers_that_no_float_has_are_equal_however_they_are_written():
    long = Decimal("0.1000000000000000000001")
    assert _key([long]) == _key([Decimal(f"{long}00")]) != _key([0.1])
    assert _key([10**700]) == _key([Decimal(10**700)])
    assert _key([Decimal("1e400")]) == _key([Decimal("10e399")]) != _key([Decimal("-1e400")])


@pytest.mark.parametrize("zeros", [15, 16, 22, 39, 40, 41, 300])
def test_whole_numbers_with_many_zeros_are_equal_however_they_are_written(zeros):
    number = 3 * 10**zeros
    written = [number, float(f"3e{zeros}"), Decimal(number), Decimal(f"3e{zeros}")]
    assert len({_key([each]) for each in written}) == 1
    assert _key([number]) != _key([number * 10])


def test_numbers_are_not_compared_in_a_longer_form_than_they_are_written(monkeypatch):
    monkeypatch.setattr("rosetta_spec.kinds.documents.digest", str)
    monkeypatch.setattr("rosetta_spec.kinds.documents._DIGEST_SIZE", 10_000)
    assert len(_key([Decimal("1e4999")] * 10)) < 100
