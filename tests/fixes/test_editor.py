"""Edits of texts by example."""

from __future__ import annotations

import pytest

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
from rosetta_spec.fast.formats import JSON, YAML
from rosetta_spec.fixes.editor import Editor
from rosetta_spec.fixes.edits import edited
from rosetta_spec.fixes.verify import value_after, verified_edits

BLOCK = """\
# header
annotationRequestId: 0123 # id
poolName: 'the pool'

# about tasks
# more about tasks
taskId: # the tasks
  - a1   # first
  # before b
  - b2   # second
  - b2
subCondition:
  # when
  startTime: 2025-03-13 20:00:00 # s
  endTime: "2025-03-12"
interceptionBoundary:
- start: 1 # one
  # two
  end: 2
- {start: 5, end: 9}
"""

TASKS = BLOCK[BLOCK.index("taskId:") : BLOCK.index("subCondition:")]

FLOW = """\
key: [a, # first
  b, # second
  c # third
  ] # out
m: {
  a: 1, # one
  b: 2 # two
}
"""

PRETTY = """\
{
  "a": {"x":1,"y":[1, 2]},
  "list": [
    "a",
    "b",
    "b"
  ],
  "sub": {
    "k": 1
  },
  "empty": {}
}
"""

#: The object to which the list goes, with it.
MOVED_LIST = """\
  "sub": {
    "k": 1,
    "list": [
      "a",
      "b",
      "b"
    ]
"""


def document_in(text):
    format_ = JSON if text.startswith("{") else YAML
    return next(iter(read_documents(text.encode(), format_)))


def after(text, *operations):
    document = document_in(text)
    editor = Editor(document)
    wanted = applied(document.value, editor.resolved(operations))
    return edited(document.text.content, verified_edits(editor, operations, wanted))


@pytest.mark.parametrize(
    ("text", "operations", "old", "new"),
    [
        pytest.param(*case, id=f"{case[1][-1]}-{number}")
        for number, case in enumerate(
            [
                (BLOCK, [Quote(("annotationRequestId",))], "0123", '"0123"'),
                (BLOCK, [Put(("poolName",), "it's")], "'the pool'", "'it''s'"),
                (BLOCK, [Put(("poolName",), "a\nb")], "'the pool'", '"a\\nb"'),
                (BLOCK, [Rename(("poolName",), "x y")], "poolName", "x y"),
                (BLOCK, [Rename(("poolName",), "<<")], "poolName", '"<<"'),
                (
                    BLOCK,
                    [Remove(("taskId", 2)), Remove(("taskId", 1))],
                    "  - b2   # second\n  - b2\n",
                    "  # second\n",
                ),
                (
                    BLOCK,
                    [Remove(("taskId", at)) for at in range(3)],
                    TASKS,
                    "taskId: [] # the tasks\n  # first\n  # before b\n  # second\n",
                ),
                (
                    BLOCK,
                    [Put(("taskId",), "none")],
                    TASKS,
                    "taskId: none # the tasks\n  # first\n  # before b\n  # second\n",
                ),
                (
                    BLOCK,
                    [Swap(("subCondition", "startTime"), ("subCondition", "endTime"))],
                    '2025-03-13 20:00:00 # s\n  endTime: "2025-03-12"',
                    '"2025-03-12" # s\n  endTime: 2025-03-13 20:00:00',
                ),
                (
                    BLOCK,
                    [Remove(("interceptionBoundary", 0, "start"))],
                    "- start: 1 # one\n",
                    "- # one\n",
                ),
                (
                    BLOCK,
                    [Remove(("interceptionBoundary", 0, key)) for key in ("start", "end")],
                    "- start: 1 # one\n  # two\n  end: 2\n",
                    "- {} # one\n  # two\n",
                ),
                (
                    BLOCK,
                    [Remove(("interceptionBoundary", 1, "start"))],
                    "{start: 5, end: 9}",
                    "{end: 9}",
                ),
                (
                    BLOCK,
                    [
                        Put(("subCondition", "conditionJoinType"), "and"),
                        Put(("subCondition", "taskId"), ["x"]),
                    ],
                    '  endTime: "2025-03-12"\n',
                    '  endTime: "2025-03-12"\n  conditionJoinType: and\n  taskId: ["x"]\n',
                ),
                (
                    BLOCK,
                    [
                        Put(("interceptionBoundary", 0, "x"), 1),
                        Put(("interceptionBoundary", 1, "x"), 1),
                    ],
                    "  end: 2\n- {start: 5, end: 9}\n",
                    "  end: 2\n  x: 1\n- {start: 5, end: 9, x: 1}\n",
                ),
                (FLOW, [Remove(("key", 0))], "[a, #", "[ #"),
                (FLOW, [Remove(("key", 1))], "  b, # second", "  # second"),
                (FLOW, [Remove(("key", 2))], "b, # second\n  c # third", "b # second\n  # third"),
                (
                    FLOW,
                    [Remove(("key", at)) for at in range(3)],
                    "[a, # first\n  b, # second\n  c # third\n",
                    "[ # first\n  # second\n  # third\n",
                ),
                (
                    FLOW,
                    [Put(("key",), 5)],
                    "[a, # first\n  b, # second\n  c # third\n  ] # out",
                    "5 # first\n  # second\n  # third\n  # out",
                ),
                (
                    FLOW,
                    [Put(("m", "c"), "x"), Remove(("m", "a"))],
                    "  a: 1, # one\n  b: 2 # two\n",
                    "  # one\n  b: 2, # two\n  c: x\n",
                ),
                (FLOW, [Remove(("m", "b"))], "1, # one\n  b: 2 # two", "1 # one\n  # two"),
                (PRETTY, [Remove(("list", 1))], '    "b",\n    "b"\n', '    "b"\n'),
                (PRETTY, [Remove(("list", 2))], ',\n    "b"\n  ]', "\n  ]"),
                (PRETTY, [Remove(("sub", "k"))], '{\n    "k": 1\n  }', "{}"),
                (PRETTY, [Put(("a", "z"), "q")], "[1, 2]}", '[1, 2],"z":"q"}'),
                (PRETTY, [Put(("empty", "z"), {"a": [1, None]})], "{}", '{"z": {"a": [1, null]}}'),
                (PRETTY, [Rename(("sub", "k"), 'a"')], '"k"', '"a\\""'),
                (
                    PRETTY,
                    [Move(("list",), ("sub", "list"))],
                    '  "list": [\n    "a",\n    "b",\n    "b"\n  ],\n  "sub": {\n    "k": 1\n',
                    MOVED_LIST,
                ),
                ('{"a":1,"b":{}}', [Put(("b", "c"), [1, {"d": 2}])], "{}}", '{"c":[1,{"d":2}]}}'),
                ("b: [c, # why\n  d,\n  e]\n", [Remove(("b", 1))], "  d,\n", ""),
                ("b: [c # why\n  , d,\n  e]\n", [Remove(("b", 1))], " d,", ""),
                ("b: [c ,\n  d # why\n  ]\n", [Remove(("b", 1))], " ,\n  d", "\n "),
                ("b: [c # why\n  , d # x\n  ]\n", [Remove(("b", 1))], ", d # x", "# x"),
                ("b: [c # why\n  ,\n  d # x\n  ]\n", [Remove(("b", 1))], "  ,\n  d # x", "  # x"),
                (
                    "b: [c, [d, # why\n  e]]\n",
                    [Remove(("b", 1))],
                    ", [d, # why\n  e]",
                    " # why\n  ",
                ),
                ("b: [c,d # why\n  ]\n", [Remove(("b", 1))], ",d ", " "),
                ("b: [c # why\n  , d]\n", [Remove(("b", 0))], "[c # why\n  , d]", "[ # why\n  d]"),
                # What is written as nothing.
                ("a: # why\n", [Put(("a",), 1)], "a:", "a: 1"),
                ("a:\n- # why\n- 2\n", [Put(("a", 0), 1)], "- #", "- 1 #"),
                ("a: &x\n", [Put(("a",), 1)], "&x", "&x 1"),
                ("a: !!null # why\n", [Put(("a",), 1)], "!!null", "1"),
                ("a: !!null &x\n", [Put(("a",), 1)], "!!null &x", "&x 1"),
                ("a: !!str\n", [Put(("a",), "x")], "!!str", "!!str x"),
                (
                    "b: {a, c: }\n",
                    [Put(("b", "a"), 1), Put(("b", "c"), 2)],
                    "a, c: ",
                    "a: 1, c: 2 ",
                ),
                ("? a # why\n\nb: 1", [Put(("a",), 1)], "? a # why\n", "? a # why\n: 1\n"),
                # Tags that do not fit any more go.
                ("a: !!int 4 # x\n", [Put(("a",), "4")], "!!int 4", '"4"'),
                ("a: !!int 4\n", [Put(("a",), 5)], "4", "5"),
                ("a:\n  !!int\n  4\n", [Quote(("a",))], "  !!int\n  4", '  \n  "4"'),
                ("a: !!int &x 4\n", [Put(("a",), "b")], "!!int &x 4", "&x b"),
                ("a: !!map\n  b: 1\n", [Remove(("a", "b"))], "!!map\n  b: 1\n", "!!map {}\n"),
                ("a: !!map\n  b: 1\n", [Put(("a",), [])], "!!map\n  b: 1\n", "[]\n"),
                ("%TAG !! x\n---\na: ! 1\n", [Put(("a",), 2)], "! 1", "2"),
                ("%TAG !a! x\n---\na: !a!b 1\n", [Put(("a",), "b")], "!a!b 1", "b"),
                ("a: !!str 1\n", [Put(("a",), 2)], "!!str 1", "2"),
                ("a: !!bool true\n", [Put(("a",), 2)], "!!bool true", "2"),
                ("!!null 5: 1\na: 1\n", [Put(("a",), 2)], "a: 1", "a: 2"),
                (".nan: 1\na: 1\n", [Put(("a",), 2)], "a: 1", "a: 2"),
                ("a: ! 1\n", [Put(("a",), "b c")], "1", "b c"),
                # Scalars on several rows.
                (
                    "a: |+ # why\n  text\n\nb: 1\n",
                    [Put(("a",), "x")],
                    "|+ # why\n  text\n",
                    '"x" # why\n',
                ),
                ("a: |\n  yes \n", [Put(("a",), "yes")], "|\n  yes ", '"yes"'),
                # Characters that other readers of YAML reject or take for line breaks.
                (
                    "a: 1\n",
                    [Put(("a",), "\x7f\x85\u2028\ufeff\ufffe")],
                    "1",
                    r'"\u007f\u0085\u2028\ufeff\ufffe"',
                ),
                ("a: 1\n", [Put(("a",), ["\x85"])], "1", r'["\u0085"]'),
                # Whitespace is removed, and the other characters keep their escapes.
                (
                    r'a: "\_\x85a\/\x7f\ud83d\ude00\U0001f600\t "',
                    [Put(("a",), "a/\x7f\U0001f600\U0001f600")],
                    r'"\_\x85a\/\x7f\ud83d\ude00\U0001f600\t "',
                    r'"a\/\x7f\ud83d\ude00\U0001f600"',
                ),
                ('a: !!str " "\n', [Put(("a",), "")], '" "', '""'),
                ('a: "b\n  \\x7f "\n', [Put(("a",), "b \x7f")], '"b\n  \\x7f "', r'"b \u007f"'),
                ('a: !!int "5"\n', [Put(("a",), "5")], '!!int "5"', '"5"'),
                (
                    r'{"a":"\u00a0\tcaf\u00e9\/x\u2028 "}',
                    [Put(("a",), "café/x")],
                    r'"\u00a0\tcaf\u00e9\/x\u2028 "',
                    r'"caf\u00e9\/x"',
                ),
                ("a: >\nb: 1\n", [Put(("a",), "x: y")], ">", '"x: y"'),
                ("a: x\n  y # why\nb: 1\n", [Put(("a",), "z")], "x\n  y", "z"),
                ("? |\n  a\n: 1\n", [Rename(("a\n",), "b")], "|\n  a", "b"),
                ("a: x\n", [Put(("a",), "+.inf")], "x", '"+.inf"'),
                # Strings keep their quotes, numbers among quoted strings get some.
                ("b: {a: 1}\n", [Put(("b", "a"), "x")], "1", '"x"'),
                ("b: {a: y}\n", [Put(("b", "a"), "x")], "y", "x"),
                ("b: {'a': 'y'}\n", [Put(("b", "c"), "x")], "}", ", 'c': 'x'}"),
                ("b: {'a':'y'}\n", [Put(("b", "c"), "x")], "}", ",\"c\":'x'}"),
                ("b: {}\n", [Put(("b", "c"), 1), Put(("b", "d"), 2)], "{}", "{c: 1, d: 2}"),
                ("b: { # why\n  }\n", [Put(("b", "c"), 1)], "{", "{c: 1"),
                (
                    "b: {a: 1, # why\n  c: 2, # x\n  }\n",
                    [Put(("b", "d"), 3)],
                    "x\n",
                    "x\n  d: 3,\n",
                ),
                ("b: {\n  a: 1 } # x\n", [Put(("b", "d"), 3)], "1 }", "1,\n  d: 3 }"),
                ("b: [c: 1]\n", [Remove(("b", 0, "c"))], "c: 1", "{}"),
                # Nothing below becomes a part of a block scalar.
                ("a: |\n  x\nb: 1\n  # deep\nc: 2\n", [Remove(("b",))], "b: 1\n  # deep", "# deep"),
                ("a: |+\n  x\nb: 1\n\n\nc: 2\n", [Remove(("b",))], "b: 1\n\n\n", ""),
                ("a: |\n  x\nb: 1\n\nc: 2\n", [Remove(("b",))], "b: 1\n", ""),
                ("a: |\n  x\nb: 1\n     \nc: 2\n", [Remove(("b",))], "b: 1\n     \n", ""),
                ("a: |\n  x\n# y\nb: 1\n  # z\n", [Remove(("b",))], "b: 1\n", ""),
                ("a: |+\n  x\n\n", [Put(("b",), 1)], "x\n\n", "x\n\nb: 1\n"),
                ("a: |\n  x\n\n", [Put(("b",), 1)], "x\n", "x\nb: 1\n"),
                # How the text ends stays.
                ("a: 1\nb: 2", [Remove(("b",))], "\nb: 2", ""),
                ("a: 1\n\nb: 2", [Remove(("b",))], "\n\nb: 2", ""),
                ("a: 1\nb: 2", [Put(("c",), 3)], "2", "2\nc: 3"),
                ("a: 1\r\nb: 2\r\n", [Put(("c",), 3)], "2\r\n", "2\r\nc: 3\r\n"),
                ("a: 1\rb: # x\r  c: 3", [Remove(("b", "c"))], "b: # x\r  c: 3", "b: {} # x"),
                ("a: 1\nb: # x\n  c: 3 # y", [Remove(("b",))], "b: # x\n  c: 3 # y", "# x\n# y"),
                ("a: |\n  x\nb: 2", [Remove(("b",))], "b: 2", ""),
                ("a: |-\n  x\nb: 2", [Remove(("b",))], "\nb: 2", ""),
                ("--- # x\na: 1 # y\n", [Remove(("a",))], "a: 1", "{}"),
                ("e:\n  a: 1\n\nb: 2", [Move(("b",), ("e", "b"))], "\n\nb: 2", "\n  b: 2"),
                (
                    "e:\n  a: |\n    x\n \n# y\nb: 2",
                    [Move(("b",), ("e", "b"))],
                    " \n# y\nb: 2",
                    "  # y\n  b: 2",
                ),
                # Where the last row is replaced, there is no blank row between.
                ("a:\n b: 1\n c: 2", [Move(("a", "c"), ("c",))], " c: 2", "c: 2"),
                ("a: 1\nb: 2", [Remove(("b",)), Put(("c",), 3)], "b: 2", "c: 3"),
                (
                    "a:\r\n b: 1\r\n c: # x\r\n  d: 2",
                    [Remove(("a", "c")), Put(("e",), 3)],
                    " c: # x\r\n  d: 2",
                    " # x\r\ne: 3",
                ),
                # Moved members take their comments along.
                (
                    "a: 1\n\n# b\nb: # x\n  - c # y\n  # z\n  - d\n# e\ne:\n    f: 1\n",
                    [Move(("b",), ("e", "b"))],
                    "# b\nb: # x\n  - c # y\n  # z\n  - d\n# e\ne:\n    f: 1\n",
                    "# e\ne:\n    f: 1\n    # b\n    b: # x\n      - c # y\n      # z\n      - d\n",
                ),
                (
                    "e:\n  # b\n  'b': # x\n   - c\na: 1\n",
                    [Move(("e", "b"), ("c",))],
                    "e:\n  # b\n  'b': # x\n   - c\na: 1\n",
                    "e: {}\na: 1\n# b\n'c': # x\n - c\n",
                ),
                (
                    "# all\na: 1 # x\ne:\n  f: 1\n",
                    [Move(("a",), ("e", "a"))],
                    "a: 1 # x\ne:\n  f: 1\n",
                    "e:\n  f: 1\n  a: 1 # x\n",
                ),
                (
                    "e:\n- f: 1 # x\n  # y\n  g: 2\n",
                    [Move(("e", 0, "f"), ("f",))],
                    "- f: 1 # x\n  # y\n  g: 2\n",
                    "-\n  # y\n  g: 2\nf: 1 # x\n",
                ),
                (
                    "e:\n  a: 1 # y\n  # b\n  b: 2\n",
                    [Move(("e", "b"), ("b",))],
                    "  # b\n  b: 2\n",
                    "# b\nb: 2\n",
                ),
                (
                    "e: # y\n   b: 2\nc: 1\n",
                    [Move(("e", "b"), ("b",))],
                    "e: # y\n   b: 2\nc: 1\n",
                    "e: {} # y\nc: 1\nb: 2\n",
                ),
                (
                    "e:\n- f: 1 # x\n",
                    [Move(("e", 0, "f"), ("f",))],
                    "- f: 1 # x\n",
                    "- {}\nf: 1 # x\n",
                ),
                (
                    "e:\n  f: | # x\n    text: y\n  g: 1\n",
                    [Move(("e", "f"), ("f",))],
                    "  f: | # x\n    text: y\n  g: 1\n",
                    '  g: 1\nf: "text: y\\n" # x\n',
                ),
                (
                    "a: x # y\ne: {}\n",
                    [Move(("a",), ("e", "a"))],
                    "a: x # y\ne: {}",
                    "# y\ne: {a: x}",
                ),
                ("a: x]\ne: {}\n", [Move(("a",), ("e", "a"))], "a: x]\ne: {}", 'e: {a: "x]"}'),
                (
                    "e: {a: [1], b: !!int 2}\n",
                    [Move(("e", "a"), ("a",)), Move(("e", "b"), ("c",))],
                    "{a: [1], b: !!int 2}\n",
                    "{}\na: [1]\nc: 2\n",
                ),
                (
                    "a:\n- 1 # x\nb: [2]\n",
                    [Swap(("a",), ("b",))],
                    "a:\n- 1 # x\nb: [2]\n",
                    "a: [2]\n# x\nb: [1]\n",
                ),
            ]
        )
    ],
)
def test_an_edit_changes_only_what_it_has_to(text, operations, old, new):
    assert text.count(old) == 1
    assert after(text, *operations) == text.replace(old, new)


DIFFERENTLY = "the text would be read differently"

ALIASES = """\
base: &base {x: 1, y: [1]}
free: &free 5
one: *base
two: [*base, {<<: *base, z: 2}]
<<: *base
&key k: v
"""


@pytest.mark.parametrize(
    ("text", "operation", "why"),
    [
        (ALIASES, Put(("base", "x"), 2), "/base is shared through an alias"),
        (ALIASES, Remove(("base", "y", 0)), "/base is shared through an alias"),
        (ALIASES, Remove(("base",)), "/base is shared through an alias"),
        (ALIASES, Put(("one",), 2), "/one is shared through an alias"),
        (ALIASES, Put(("one", "x"), 2), "/one is shared through an alias"),
        ("a: &b 1\nc: [*b]\nd: {}\n", Move(("c",), ("d", "c")), "there is an alias in /c"),
        ("a: [&b 1]\nc: *b\n", Remove(("a",)), "a part of /a is shared through an alias"),
        ("a: [&b 1, *b]\nc: *b\n", Put(("a",), 1), "a part of /a is shared through an alias"),
        ("a: {&b c: 1}\nd: {*b : 1}\n", Remove(("a",)), "a part of /a is shared through an alias"),
        (ALIASES, Remove(("two", 1, "z")), "another object is merged into /two/1"),
        (ALIASES, Put(("two", 1, "x"), 3), "/two/1/x is shared through an alias"),
        (ALIASES, Put(("new",), 3), "another object is merged into the document"),
        (ALIASES, Rename(("free",), "f"), "another object is merged into the document"),
        ("&a b: 1\nc: *a\n", Rename(("b",), "d"), "/b is shared through an alias"),
        ("a: &a b\nc: {*a : 1}\n", Rename(("c", "b"), "d"), "/c/b is shared through an alias"),
        ("a: 1\na: 2\n", Remove(("a",)), "/a has its key twice"),
        (
            "b: [a: 1]\n",
            Put(("b", 0, "c"), 2),
            DIFFERENTLY,
        ),
        ("a: |\n  b", Put(("c",), 2), DIFFERENTLY),
        ("a: 1\n", Rename(("a",), "x" * 2000), DIFFERENTLY),
        (
            "e: {b: 1}\na: !x 1\n",
            Move(("a",), ("e", "a")),
            DIFFERENTLY,
        ),
        ("a: 1\n", Move(("a",), ("b",)), "all members of the document would be replaced"),
    ],
)
def test_an_unsafe_edit_is_rejected(text, operation, why):
    with pytest.raises(CannotEditError) as error:
        after(text, operation)
    assert str(error.value).startswith(why)


def test_a_value_with_an_unused_anchor_can_be_edited():
    assert after("a: &a 5\nb: &b [1]\n", Put(("a",), 6), Remove(("b", 0))) == "a: &a 6\nb: &b []\n"


@pytest.mark.parametrize(
    ("text", "operation", "expected"),
    [
        ("a: [&b 1, *b]\nc: 2\n", Remove(("a",)), "c: 2\n"),
        ("a: [&b {&x y: 1}, {<<: *b, *x : 2}, [*b]]\nc: 2\n", Put(("a",), 3), "a: 3\nc: 2\n"),
        ("a: &b 1\nc: [*b]\nd: 2\n", Remove(("c",)), "a: &b 1\nd: 2\n"),
        ("a: &b {x: 1}\nc: [{<<: *b}, 1]\n", Remove(("c", 0)), "a: &b {x: 1}\nc: [1]\n"),
    ],
)
def test_a_value_with_aliases_goes_if_no_other_uses_what_is_in_it(text, operation, expected):
    assert after(text, operation) == expected


def test_a_value_beside_a_shared_one_can_be_edited():
    assert after(ALIASES, Put(("free",), 6)) == ALIASES.replace("5", "6")


def test_a_merge_key_in_quotes_is_a_key_like_others():
    assert after('"<<": 1\na: 2\n', Rename(("a",), "b")) == '"<<": 1\nb: 2\n'


def test_the_root_cannot_be_edited():
    with pytest.raises(CannotEditError, match="there is nothing at"):
        Editor(next(read_documents(b"a: 1", YAML))).edits([Remove(())])


def test_edits_that_overlap_are_rejected():
    text = "e:\n- a: 1\n  b: 2\n  c: 3\nf: 1\n"
    with pytest.raises(CannotEditError, match="these changes overlap"):
        after(text, Move(("e", 0, "a"), ("a",)), Remove(("e", 0, "b")))


def test_nothing_is_written_into_a_comment():
    text = "a: {b: [c # x\n  ]\n  }\n"
    with pytest.raises(CannotEditError, match=DIFFERENTLY):
        after(text, Put(("a", "b"), 0), Put(("a", "d"), 1))


@pytest.mark.parametrize(
    "before",
    [
        "---\n---\n",
        "# x\n--- # y\n# z\n---\n",
        "--- &x !!null\n---\n",
        "%YAML 1.2\n---\n...\n%YAML 1.2\n---\n",
        "---\n...\n  ",
        "b: 2\n---\n---\n---\n",
    ],
)
def test_a_document_after_an_empty_one_can_be_edited(before):
    *_, document = read_documents(f"{before}a: 1\n".encode(), YAML)
    edits = Editor(document).edits([Put(("a",), "x"), Put(("b",), 2)])
    assert value_after(document, edits) == {"a": "x", "b": 2}
    assert edited(document.text.content, edits).startswith(f"{before}a: x\n")


def test_a_document_of_a_stream_has_edits_in_the_whole_text():
    text = "a: 1 # x\n---\na: 2 # y\n...\n# z\na: 3\n"
    documents = list(read_documents(text.encode(), YAML))
    for document in documents:
        edits = Editor(document).edits([Put(("a",), "b")])
        assert edited(text, edits) == text.replace(str(document.number + 1), "b")
