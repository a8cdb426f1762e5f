"""Large collections of YAML are kept in little memory, and are read as small ones are."""

import gc
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yaml_texts import PIECES, REQUEST, plain, with_slips

from rosetta_spec.document.reader import read_yaml
from rosetta_spec.document.tree import Alias, Object
from rosetta_spec.text import Text

SUITE = Path(__file__).with_name("yaml_test_suite.jsonl").read_text("utf-8").splitlines()
LIST = """[plain, 'it''s', "a\\tb", "folded
  text", &a anchored, *a, !!str 1, 0x10, .nan, , ~, [x, y, z], {k: v}, a: pair, 'c', "\\ud800",
  two words, 1e400, ! x, "é", [*a], &a 2, [*a], !x {k}, {k}]"""
BLOCK = """
- plain # comment
- |
  literal
- >-
  folded

-
- &a anchored
- *a
- !!int "1"
- !foo x
- - nested
  - list
- k: v
- two
  rows
- "double"
"""


MAP = """
a: 1
"b": 'it''s'
? c # asked
: - d
  - {e: f, "g":h, i, ? j : k}
a: repeated
!!str 1: !x [tagged]
1: no string
? [no, string]
: x
l: &l {m: n, o: &o p}
*o : an alias
<<: *l
q: {<<: [*l, {r: s, o: .nan}], m: t}
u: {<<: {v: 1}, "<<": x}
w: {<<: 1}
x: &x [*x, *l, *o]
<<: {l: {<<: *l}}
y: &y !!map {z: &z [&z [!x &b c, &d], *z, *d], &e e: *z}
1.1: [*y, *b, *e]
"""


#: Rows of lists, most of which are one word, and what may be around them.
ROWS = [
    *("- a\n", '- "b"\n', "- 'c'\n", "- 1.5\n", "- true\n", "- d\r\n", "- e \n", "- f # g\n"),
    *("- h: i\n", "-\n", "-  j\n", "- - k\n", "- &l m\n", "- *l\n", "- n o\n", "- \U0001f600\n"),
    *("  - a\n", "  - b\n", "  - c\n", "    - d\n", "k:\n", "? - a\n", ": - b\n", "- - - c\n"),
    *(
        "\n",
        "# p\n",
        "  q\n",
        "\t",
        "[r,\n",
        "]\n",
        "---\n",
        "...\n",
        "- |\n",
        "- {s: t}\n",
        "x: y\n",
    ),
]


#: The same of lists between brackets.
ITEMS_IN_A_ROW = [
    *(
        "a, ",
        '"b",',
        "'c', ",
        "1.5,",
        "true, ",
        "d,\n",
        "e,\r\n  ",
        "f , ",
        "g h, ",
        "i: j, ",
        "k:",
    ),
    *(
        "[",
        "], ",
        "{",
        "}, ",
        "&l m, ",
        "*l, ",
        "? n, ",
        "# o\n",
        "\n",
        ",",
        "!p q, ",
        "\t",
        "- r\n",
    ),
    *("\U0001f600, ", "s\n", "---\n", "t: [", "b, c, d, ", '"x": ', f"{'u' * 600}, "),
]


def outline(node):
    """All that is known of a node."""
    own = (type(node), node.style, node.span, node.tag, node.text, plain(node))
    anchor = node.anchor and (node.anchor.name, node.anchor.span, node.anchor.uses)
    if node.is_shared:
        anchor += (node.anchor.pointer,)
    target = node.target.span if isinstance(node, Alias) and node.target else None
    entries = [
        (*each[:2], each.name, each.mark, each.comma, [outline(part) for part in each.parts])
        for each in node.entries
    ]
    assert [node.entries[index].start for index in range(len(entries))] == [e[0] for e in entries]
    if isinstance(node, Object):
        via = [(name, it.via and it.via.span, it.value.span) for name, it in node.members.items()]
        return own, anchor, target, via, [(entry[0], *entry[2:]) for entry in entries]
    keys = [entry[1] and entry[1].span for entry in entries]
    return own, anchor, target, keys, [(entry[0], *entry[2:]) for entry in entries]


def outlines(source):
    documents = list(read_yaml(Text(source)))
    for each in documents:
        assert each.root is None or repr(each.value) == repr(plain(each.root))
    return [
        (each.root and outline(each.root), repr(each.value), each.problems, each.comments)
        for each in documents
    ]


def check_packed(source):
    expected = outlines(source)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rosetta_spec.document.yaml_composer._FEW", 0)
        for many in (1, 4, 200):
            patch.setattr("rosetta_spec.document.yaml_entries.EntryStore.part_size", many)
            assert outlines(source) == expected


@pytest.mark.parametrize("source", [LIST, BLOCK, MAP, *(json.loads(row)["yaml"] for row in SUITE)])
def test_a_packed_collection_is_the_same(source):
    check_packed(source)


@given(st.lists(st.sampled_from(PIECES)).map("".join) | with_slips(MAP) | with_slips(REQUEST))
def test_any_packed_collection_is_the_same(source):
    check_packed(source)


@given(st.lists(st.sampled_from(ROWS), max_size=12).map("".join))
@example("- a\n- b\n- c\n")
@example("- a\n# b\n- c\n- d\n")
@example("k:\n- a\n- b\nl:\n- c\n")
@example("- - a\n  - b\n- - c\n")
@example("[a\n- b\n- c\n]\n")
@example("k: a\n- b\n- c\n")
@example("- a\n- b\n  c\n- d\n- e\n:")
def test_items_of_one_word_are_read_as_others_are(source):
    check_packed(source)


#: Rows of objects, most of whose values are a few words, and what may be around them.
MEMBERS = [
    *("a: b\n", '"c": "d"\n', "e: 'f'\n", "a: 1.5\n", "g: h i\n", "g: j\r\n", "k:  l\n", "m: n \n"),
    *("o: p # q\n", "r:\n", "s: &t u\n", "*t : v\n", "w: *t\n", "<<: {x: y}\n", "true: a\n"),
    *('"true": a\n', "null: a\n", "1: a\n", "? b\n", ": c\n", "b: c: d\n", "e: |\n", "f: [\n"),
    *(
        "]\n",
        "  a: b\n",
        "  c: d\n",
        "  e: f\n",
        "   g\n",
        "- a: b\n",
        "# h\n",
        "\n",
        "\t",
        "---\n",
    ),
    *("i: /j/k-l.m n\n", "o-p: q\n", f"{'r' * 101}: s\n", "é: t\n", "u: é\n", "v: b", "x y: z\n"),
]


@given(st.lists(st.sampled_from(MEMBERS), max_size=12).map("".join))
@example("a: b\na: c\na: d\na: e\nb: c\n")
@example("a: b\nc: d\ne: f\ng: h\ni: j\n")
@example("a: b\nc: d\n  e\nf: g\n")
@example("k:\n  a: b\n  c: d\n  e: f\nl: m\nn: o\n")
@example("a: b\ntrue: c\nd: e\n")
@example("- a: b\n  c: d\n  e: f\n- g: h\n")
@example("{a: b,\nc: d,\ne: f}")
def test_members_whose_values_are_words_are_read_as_others_are(source):
    check_packed(source)


@given(st.lists(st.sampled_from(ITEMS_IN_A_ROW), max_size=12).map(lambda it: f"[{''.join(it)}]"))
@example("[a, b,\n c, d, e]")
@example("[[a, b, c], {d, e, f}, g, h, i: j, k, l, m]")
@example("k: [a, b,\n---\nc, d]")
def test_items_of_one_word_between_brackets_are_read_as_others_are(source):
    check_packed(source)


def test_items_after_too_many_aliases_are_read_as_others_are(monkeypatch):
    monkeypatch.setattr("rosetta_spec.document.yaml_composer.MAX_ALIAS_NODES", 0)
    check_packed("- &b c\n- *b\n" + "- d\n" * 5)
    check_packed("[&b c, *b, d, d, d, d, d]")


def test_entries_of_a_packed_list_have_places():
    source = "- 1\n" * 1200 + "- [x]\n"
    (document,) = read_yaml(Text(source))
    entries = document.root.entries
    assert [entries[-2].start, entries[-1].start, len(entries)] == [4796, 4800, 1201]
    assert [plain(each.value) for each in entries[1198:]] == [1, 1, ["x"]]
    assert [each.start for each in entries[:1200]] == list(range(0, 4800, 4))


def peak_of(source):
    tracemalloc.start()
    # It would empty the lists in which Python keeps the memory of tuples for later ones.
    gc.disable()
    try:
        assert len(list(read_yaml(Text(source)))) == 1
        return tracemalloc.get_traced_memory()[1]
    finally:
        gc.enable()
        tracemalloc.stop()


#: What is before, in and after many items, and the most bytes that each may take, those of its
#: value included. A node with its span takes at least 150 bytes, and an entry 112.
ITEMS = {
    "plain items": ("[", "ab, ", "1]", 80),
    "quoted items": ("[", "'a', ", "1]", 80),
    "items of escapes": ("[", '"\\n", ', "1]", 80),
    "numbers": ("[", "1,", "1]", 80),
    "lists": ("[", "[],", "1]", 80),
    "objects": ("[", "{a},", "1]", 80),
    "pairs": ("[", "a: b,", "1]", 80),
    "pairs of nothing": ("[", ":,", "1]", 120),
    "deep lists": ("[", "[[[[]]]],", "1]", 120),
    "maps in a list": ("", "- a: 1\n", "", 300),
    "lists in a list": ("", "- - a\n", "", 150),
    "tagged items": ("", "- !!str x\n", "", 60),
    "anchors": ("[", "&a b,", "1]", 80),
    "anchored lists": ("[", "&a [],", "1]", 160),
    "aliases that are keys": ("&b b:\n", "*b :\n", "", 160),
    "aliases inside their anchors": ("&b [", "*b,", "1]", 160),
    "merged aliases": ("a: &b {}\n<<: [", "*b,", "*b]", 160),
    "aliases without an anchor": ("[", "*b,", "1]", 80),
    "long items": ("", f"- [{'x' * 300}]\n", "", 900),
}


@pytest.mark.no_cover
@pytest.mark.usefixtures("short_parts")
@pytest.mark.parametrize("name", ITEMS)
def test_an_item_takes_little_memory(name, monkeypatch):
    monkeypatch.setattr("rosetta_spec.document.yaml_composer.MAX_ALIAS_NODES", 20)
    before, unit, after, limit = ITEMS[name]
    _, small, large = (peak_of(before + unit * count + after) for count in (125, 525, 1_025))
    assert (large - small) / 500 < limit


@pytest.mark.no_cover
@pytest.mark.usefixtures("short_parts")
@pytest.mark.parametrize("unit", ["a#: 1\n", "- &a# 1\n", '"a#": "b"\n', "a#:\n", "? a#\n"])
def test_a_member_takes_little_memory(unit):

    def text(count):
        return "".join(unit.replace("#", str(10_000 + number)) for number in range(count))

    _, small, large = (peak_of(text(count)) for count in (125, 525, 1_025))
    # Its name and its places in two dictionaries, of which one is for the value.
    assert (large - small) / 500 < 300
