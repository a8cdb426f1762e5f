"""Anchors, aliases and merge keys, and the limits on what they and nesting add up to."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from yaml_texts import plain

from rosetta_spec.document.reader import read_yaml
from rosetta_spec.document.tree import Alias
from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.fast.formats import MAX_ALIAS_NODES, MAX_NESTING
from rosetta_spec.text import Span, Text

LOST = UNUSABLE
LIMITED = "rosetta_spec.document.yaml_composer.MAX_ALIAS_NODES"


def read(source: str):
    (document,) = read_yaml(Text(source))
    return document


def value_of(source: str):
    document = read(source)
    assert not document.problems
    return plain(document.root)


def problems_of(source: str):
    text = Text(source)
    return [
        (problem.name, problem.pointer, text.slice(problem.span))
        for problem in read(source).problems
    ]


def test_an_alias_knows_its_anchor():
    root = read("a: {x: &n !!str 1}\nb: [*n]\n").root
    alias = root.members["b"].value.entries[0].value
    assert isinstance(alias, Alias)
    assert (plain(alias), alias.span, alias.name) == ("1", Span(23, 25), "n")
    assert alias.target is root.members["a"].value.members["x"].value
    assert alias.target.span == Span(16, 17)
    assert alias.anchored.span == Span(7, 9)
    assert alias.anchored.pointer == ("a", "x")


def test_the_latest_anchor_above_counts():
    assert value_of("[&a 1, *a, &a 2, *a]") == [1, 1, 2, 2]
    assert value_of("[&a [&a 1, *a], *a]") == [[1, 1], 1]


def test_an_alias_can_be_a_key():
    document = read("a: &n x\n*n : 1\nb: &m 1\n*m : 2\nc: &o [1]\n? *o\n: 3\n? &p y\n: *p\n")
    assert plain(document.root) == {"a": "x", "x": 1, "b": 1, "c": [1], "y": "y"}
    assert document.root.members["x"].key.span == Span(8, 10)
    assert document.root.members["y"].value.anchored.pointer == ("y",)
    assert [problem[:3] for problem in document.problems] == [
        ("not-json", (), Span(23, 25)),
        ("not-json", (), Span(42, 44)),
    ]


def test_an_anchor_counts_where_nothing_else_does():
    source = "a: !foo {x: &n 1}\n1: &m 2\n? [&k 3]\n: 4\nb: [*n, *m, *k]\n"
    assert plain(read(source).root) == {"a": LOST, "b": [1, 2, 3]}


@pytest.mark.parametrize("source", ["a: *x\n", "a: &x 1\n---\nb: *x\n", "? *x\n", "<<: *x\n"])
def test_an_alias_without_an_anchor(source):
    document = list(read_yaml(Text(source)))[-1]
    assert document.root is None
    (problem,) = document.problems
    assert problem.name == "syntax"
    assert Text(source).slice(problem.span) == "*x"


def test_an_alias_inside_its_own_anchor():
    source = "a: &x\n  b: *x\n  *x : 1\n  <<: *x\n"
    assert problems_of(source) == [
        ("not-json", ("a", "b"), "*x"),
        ("not-json", ("a",), "*x"),
        ("not-json", ("a", "<<"), "*x"),
    ]
    assert plain(read(source).root) == {"a": {"b": LOST}}


def test_each_use_of_a_value_that_is_not_json_is_reported():
    document = read("a: &n [{b: .nan}, 1]\nc: *n\nd: [&m .inf, *m]\ne: &k [*n]\nf: *k\n")
    assert [problem[:3] for problem in document.problems] == [
        ("not-json", ("a", 0, "b"), Span(11, 15)),
        ("not-json", ("c", 0, "b"), Span(24, 26)),
        ("not-json", ("d", 0), Span(34, 38)),
        ("not-json", ("d", 1), Span(40, 42)),
        ("not-json", ("e", 0, 0, "b"), Span(51, 53)),
        ("not-json", ("f", 0, 0, "b"), Span(58, 60)),
    ]
    assert [problem.related for problem in document.problems[1:4:2]] == [
        ((("a",), Span(3, 5), "anchor n is here"),),
        ((("d", 0), Span(31, 33), "anchor m is here"),),
    ]


def test_a_repeated_key_behind_an_alias_is_reported_once():
    assert problems_of("a: &n {b: 1, b: 2}\nc: *n\nd: {<<: *n}\n") == [
        ("duplicate-key", ("a", "b"), "b")
    ]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("<<: {a: 1, b: 2}\nb: 3", {"a": 1, "b": 3}),
        ("b: 3\n<<: {a: 1, b: 2}", {"a": 1, "b": 3}),
        ("<<: [{a: 1}, {a: 2, b: 2}]", {"a": 1, "b": 2}),
        ("<<: []", {}),
        ("<<: !!map {a: 1}", {"a": 1}),
        ("<<: !!seq [! {a: 1}]", {"a": 1}),
        ("<<:\n  a: 1\nb: 2", {"a": 1, "b": 2}),
        ("<<:\n- a: 1\n- b: 2", {"a": 1, "b": 2}),
        ("<<: {<<: {a: 1, b: 1}, a: 2}", {"a": 2, "b": 1}),
        ("<<: &x {a: 1}\nb: *x", {"a": 1, "b": {"a": 1}}),
        ("&k <<: {a: 1}\nb: *k", {"a": 1, "b": "<<"}),
        ("<<: &s [&x {a: 1}, {b: [{c: 1}]}]\nd: *s", None),
        ("<<: 1", {"<<": 1}),
        ("<<:", {"<<": None}),
        ("<<: [1]", {"<<": [1]}),
        ("<<: [{a: 1}, [{b: 1}]]", {"<<": [{"a": 1}, [{"b": 1}]]}),
        ("<<: [&x 1, *x]", {"<<": [1, 1]}),
        ("<<: [{a: &x 1}, *x]", {"<<": [{"a": 1}, 1]}),
        ("'<<': {a: 1}", {"<<": {"a": 1}}),
        ("! <<: {a: 1}", {"<<": {"a": 1}}),
        (
            "a: &s [{x: 1}, {y: 1}]\nb:\n  <<: *s",
            {"a": [{"x": 1}, {"y": 1}], "b": {"x": 1, "y": 1}},
        ),
        ("a: &s [1]\nb:\n  <<: *s", {"a": [1], "b": {"<<": [1]}}),
        ("a: &s 1\nb:\n  <<: *s", {"a": 1, "b": {"<<": 1}}),
        ("a: &s 1\nb:\n  <<: [*s]", {"a": 1, "b": {"<<": [1]}}),
    ],
)
def test_merge(source, value):
    if value is None:
        inner = {"a": 1, "b": [{"c": 1}]}
        value = {**inner, "d": [{"a": 1}, {"b": [{"c": 1}]}]}
    assert value_of(source) == value


def test_a_merge_takes_the_effective_members():
    source = """
one: &one {a: 1, b: 1}
two: &two {<<: *one, b: 2, c: 2}
three: {<<: [*two, *one], c: 3}
"""
    assert value_of(source)["three"] == {"a": 1, "b": 2, "c": 3}


def test_members_of_a_merge_know_their_alias():
    root = read("a: &n {x: 1, y: 1}\nb: {z: 1, <<: [*n, {w: 1}], y: 2}\n").root
    members = root.members["b"].value.members
    assert list(members) == ["z", "x", "w", "y"]
    assert members["x"].via.span == Span(34, 36)
    assert members["x"].via.target is root.members["a"].value
    assert (members["x"].key.span, members["x"].value.span) == (Span(7, 8), Span(10, 11))
    assert (members["w"].key.span, members["w"].value.span) == (Span(39, 40), Span(42, 43))
    assert members["w"].via is None
    assert members["y"].via is None


def test_the_outermost_alias_of_merges_counts():
    root = read("a: &n {x: 1}\nb: &m {<<: *n}\nc: {<<: *m}\nd: {<<: {<<: *m}}\n").root
    assert root.members["b"].value.members["x"].via.name == "n"
    assert root.members["c"].value.members["x"].via.name == "m"
    assert root.members["d"].value.members["x"].via.name == "m"


def test_what_is_not_json_is_reported_in_a_merge_unless_it_is_overridden():
    assert problems_of("a: &n {x: .nan, y: [.inf]}\nb: {<<: *n, x: 1}\nc: {<<: {<<: *n}}\n") == [
        ("not-json", ("a", "x"), ".nan"),
        ("not-json", ("a", "y", 0), ".inf"),
        ("not-json", ("b", "y", 0), "*n"),
        ("not-json", ("c", "x"), "*n"),
        ("not-json", ("c", "y", 0), "*n"),
    ]


def test_problems_in_a_merged_object_are_where_they_end_up():
    assert problems_of("o:\n  <<: [{a: .nan}, &n {b: {c: 1, c: 2}, 3: 4}]\n") == [
        ("not-json", ("o", "a"), ".nan"),
        ("duplicate-key", ("o", "b", "c"), "c"),
        ("not-json", ("o",), "3"),
    ]
    assert problems_of("o:\n  <<: [{a: .nan}, 1]\n") == [("not-json", ("o", "<<", 0, "a"), ".nan")]
    assert problems_of("o:\n  <<: !foo {a: .nan}\n") == [("not-json", ("o", "<<"), "{a: .nan}")]


def test_nothing_is_merged_if_one_item_is_no_object():
    assert problems_of("n: &n {x: .nan}\no:\n  <<: [*n, {a: &m {b: .nan}, c: *m}, 1]\n") == [
        ("not-json", ("n", "x"), ".nan"),
        ("not-json", ("o", "<<", 1, "a", "b"), ".nan"),
        ("not-json", ("o", "<<", 1, "c", "b"), "*m"),
        ("not-json", ("o", "<<", 0, "x"), "*n"),
    ]


def test_the_anchors_in_a_merged_object_are_where_they_end_up():
    document = read("o: &o {<<: [&l {a: &m {b: .nan}, c: *m}]}\nl: *l\no: *o\n")
    members = document.root.members
    assert members["l"].value.anchored.pointer == ("o",)
    problem = next(each for each in document.problems if each.pointer == ("o", "c", "b"))
    assert problem.related == ((("o", "a"), Span(19, 21), "anchor m is here"),)


@pytest.mark.parametrize(
    ("first", "last", "value"),
    [
        ("{a: 1}", "{b: 1}", {"b": 1}),
        ("{a: 1}", "2", {"<<": 2}),
        ("2", "{b: 1}", {"b": 1}),
    ],
)
def test_of_two_merge_keys_the_last_counts(first, last, value):
    document = read(f"<<: {first}\n<<: {last}\n")
    assert plain(document.root) == value
    (problem,) = document.problems
    assert problem[:2] == ("duplicate-key", ("<<",))
    assert problem.related == ((("<<",), Span(0, 2), "first set here"),)


def too_large(source: str):
    text = Text(source)
    document = next(read_yaml(text))
    if document.root is not None:
        return None
    (problem,) = document.problems
    assert problem[:2] == ("too-large", ())
    return text.slice(problem.span)


def items(count: int) -> str:
    return "[" + "1," * (count - 1) + "]"


LIMIT = 50


@pytest.mark.parametrize(
    ("source", "at_limit"),
    [
        ("a: &n {items}\nb: *n\n", LIMIT),
        ("a: &n {items}\nb: *n\nc: *n\n", LIMIT // 2),
        ("a: &n {items}\nb: &m [*n]\nc: *m\n", (LIMIT - 1) // 2),
        ("a: &n {{x: {items}}}\nb: {{<<: *n}}\n", LIMIT),
        ("a: &n {{x: {items}}}\nb: {{<<: [*n]}}\n", LIMIT),
        ("a: &n {{<<: {{x: {items}}}}}\nb: *n\n", LIMIT - 1),
        ("a: {{<<: &m [{{x: {items}}}]}}\nb: *m\n", LIMIT - 2),
        ("a: &n {{? [k, l]\n : 1, x: {items}}}\nb: *n\n", LIMIT - 1),
        ("a: &n {{x: !foo [1, 2], y: {items}}}\nb: *n\n", LIMIT - 2),
    ],
)
def test_what_aliases_stand_for_is_limited(source, at_limit, monkeypatch):
    monkeypatch.setattr(LIMITED, LIMIT)
    assert too_large(source.format(items=items(at_limit))) is None
    assert too_large(source.format(items=items(at_limit + 1))) in ("*n", "*m")


@pytest.mark.parametrize("source", ["{{<<: {{<<: {}}}, y: 1}}", "{{<<: [{{<<: [{}]}}, {{y: 1}}]}}"])
def test_what_is_merged_more_than_once_is_limited(source, monkeypatch):
    monkeypatch.setattr(LIMITED, LIMIT)
    merged, deep = f"{{x: {items(LIMIT - 2)}}}", f"{{x: {items(LIMIT)}}}"
    assert too_large(source.format(merged)) is None
    assert too_large(source.format(deep)) in ("{", "[")
    assert too_large(f"{{<<: [{deep}, {deep}]}}") is None


@pytest.mark.parametrize(
    ("source", "alias"),
    [
        ("- &n x\n", "- {*n : 1}\n"),
        ("- &n {}\n", "- <<: *n\n"),
        ("", "- &n [*n]\n"),
    ],
)
def test_an_alias_counts_wherever_it_is(source, alias, monkeypatch):
    """The value that it refers to is kept in memory."""
    monkeypatch.setattr(LIMITED, 20)
    assert too_large(source + alias * 20) is None
    assert too_large(source + alias * 21) == "*n"


@pytest.mark.no_cover
def test_a_text_without_aliases_may_have_any_size():
    assert too_large("- [1, {a: 1}]\n" * 5000) is None


@pytest.mark.no_cover
def test_many_aliases_of_nothing_much():
    assert too_large("- &a 1\n" + "- *a\n" * MAX_ALIAS_NODES) is None
    assert too_large("- &a 1\n" + "- *a\n" * (MAX_ALIAS_NODES + 1)) == "*a"


@pytest.mark.parametrize(
    ("deep", "at_limit", "place"),
    [
        (lambda depth: "[" * depth + "]" * depth, MAX_NESTING, "["),
        (lambda depth: "{a: " * depth + "}" * depth, MAX_NESTING, "{"),
        (lambda depth: "- " * depth, MAX_NESTING, "-"),
        (lambda depth: "? " * depth, MAX_NESTING, "?"),
        (lambda depth: "\n".join(" " * level + "a:" for level in range(depth)), MAX_NESTING, "a"),
        (lambda depth: "a: &n " + "[" * depth + "]" * depth + "\nb: [*n]", MAX_NESTING - 2, "*n"),
        (
            lambda depth: "a: &n {x: " + "[" * depth + "]" * depth + "}\nb: {<<: *n}",
            MAX_NESTING - 2,
            "[",
        ),
        (
            lambda depth: "a: &n {x: " + "[" * depth + "]" * depth + "}\nb: [{<<: *n}]",
            MAX_NESTING - 3,
            "*n",
        ),
        (
            lambda depth: "a: &n [1]\nb: &m " + "[" * depth + "*n" + "]" * depth + "\nc: [*m]",
            MAX_NESTING - 3,
            "*m",
        ),
    ],
)
def test_nesting_is_limited(deep, at_limit, place):
    assert too_large(deep(at_limit)) is None
    assert too_large(deep(at_limit + 1)) == place


def test_nesting_is_limited_in_what_is_not_looked_at():
    assert too_large("a: !foo " + "[" * MAX_NESTING) == "["
    assert too_large("1: " + "[" * MAX_NESTING) == "["
    assert too_large("<<: [{a: " + "[" * MAX_NESTING) == "["
    assert too_large("? " + "[" * MAX_NESTING) == "["


def test_merged_objects_inside_each_other_are_read_in_a_deep_list():
    merges = (f"a{n}: &a{n} {{k: {{<<: *a{n - 1}}}}}\n" for n in range(1, MAX_NESTING - 3))
    deep = MAX_NESTING - 2
    source = "a0: &a0 {k: 1}\n" + "".join(merges) + f"f: {'[' * deep}{'[1], ' * 400}{']' * deep}\n"
    assert read(source).problems == ()


def test_a_merge_of_a_merge_is_not_nested():
    merges = (f"a{n}: &a{n} {{<<: *a{n - 1}, k{n}: 1}}\n" for n in range(1, MAX_NESTING + 10))
    assert too_large("a0: &a0 {}\n" + "".join(merges)) is None


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "source",
    [
        "a0: &a0 x\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1},' * 9}]\n" for n in range(1, 60)),
        "a0: &a0 {}\n"
        + "".join(f"a{n}: &a{n} {{<<: *a{n - 1}, k{n}: 1}}\n" for n in range(1, 600)),
        "[" * 2_000_000,
        "- " * 1_000_000,
        "<<: [{a: " + "[" * 2_000_000,
        "{<<: [" * 45 + "{" + "".join(f"k{n}: .nan, " for n in range(2_000)) + "}" + "]}" * 45,
    ],
    ids=["aliases", "merges", "brackets", "dashes", "looking ahead", "merges in merges"],
)
def test_a_bomb_is_rejected_quickly(source):
    start = time.process_time()
    assert too_large(source)
    assert time.process_time() - start < 3


def test_the_documents_after_one_over_a_limit_are_read():
    aliases = "- *a\n" * (MAX_ALIAS_NODES + 1)
    source = f"a: 1\n---\n- &a 1\n{aliases}--- {{b: 2}}\n...\n"
    source += "[\n" * 200 + " \x80\n\ufeff--- '\x80'\n--- [*a]\n"
    documents = list(read_yaml(Text(source)))
    assert [document.number for document in documents] == [0, 1, 2, 3, 4, 5]
    assert [plain(document.root) for document in documents] == [
        {"a": 1},
        LOST,
        {"b": 2},
        LOST,
        "\x80",
        LOST,
    ]
    assert [document.problems[0].name for document in documents if document.problems] == [
        "too-large",
        "too-large",
        "syntax",
    ]


@pytest.mark.no_cover
def test_aliases_beyond_the_limit_are_not_read(monkeypatch):
    monkeypatch.setattr(LIMITED, 1_000)

    def peak(count):
        tracemalloc.start()
        try:
            assert too_large("- &a 1\n" + "- *a\n" * count)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    # An alias that is read takes about 400 bytes, and five characters of a text in two copies ten.
    assert peak(5_000) - peak(2_000) < 3_000 * 20
