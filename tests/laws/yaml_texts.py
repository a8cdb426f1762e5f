"""Texts of YAML with many notations, and random slips of the hand, for the laws of YAML."""

from hypothesis import strategies as st

from rosetta_spec.document.tree import Alias, Array, Scalar
from rosetta_spec.document.values import UNUSABLE

#: A request with every notation.
REQUEST = """\
# a request
annotationRequestId: "req-1"
poolName: 'the pool'
samplingRatio: 0.5
base: &base {x: 1, y: [1, 2.5e3, 0x1F]} # base
interceptionBoundary:
- {start: 1, end: 2}
-   start: 3 # three
    end: !!int "4"
subCondition:
  <<: *base
  taskId: [*base, ~, true]
  note: |
    two
     lines

  # more
  more: >-
    folded
    text
? key
: plain text
  of two lines
--- # next
a: &a [1]
b: *a
...
%YAML 1.2
---
- - c
"""

#: What a slip of the hand may add: single characters, and signs with a meaning.
PIECES = [
    *" \t\n\r:-?,[]{}#&*!|>'\"%@`~01ax\\.+/é\x85\u2028\u3000\ufeff\x00\x01\x7f\ud800",
    *("---", "...", "---\n", "\n---\n", "\n...\n", "%TAG ! a\n", "%YAML 1.1\n"),
    *("<<: ", "*a", "&a ", "*base", "&base ", "!!int ", "!!str ", "! ", "!x ", "!<"),
    *("\\u", "\\x4", "\\U0011", "\\ud83d", "null", "true", ".nan", "0x", "0x1F", "1e3", "-.5"),
    *(": ", "- ", "? ", " #", " # c", "\n# d\n", "\n  ", "\n    ", "\n- ", "\n  - ", "\r\n"),
    *("|\n", "|+\n", "|2-\n", ">+\n", ">-\n  ", "key: ", "k:\n", "a: b", "- a: 1", '"a": ', "::"),
    *("'b'", "[[[[", "}}", "{a: 1}", "[a, b]", "012"),
]

#: Strings that are written in different ways, and any others.
strings = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["", "a b", "1", "null", "- x", "a: b", "#", "'", '"', "<<", "~", "two\nlines\n", " x ", "x:"]
)


@st.composite
def with_slips(draw: st.DrawFn, text: str, least: int = 1) -> str:
    """Draw a text after up to four slips of the hand."""
    for _ in range(draw(st.integers(least, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 0, 1, 1, 2, 5, 12])))
        text = text[:start] + draw(st.sampled_from(["", *PIECES])) + text[end:]
    return text


def plain(node):
    """Return the value of a node, aliases expanded, `UNUSABLE` for what JSON lacks."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Alias):
        return plain(node.target)
    if node is None or not node.is_usable:
        return UNUSABLE
    if isinstance(node, Array):
        return [plain(entry.value) for entry in node.entries]
    return {name: plain(member.value) for name, member in node.members.items()}


def outline(node):
    """Return a node and all below it as plain values, which can be compared."""
    if node is None:
        return None
    anchor = node.anchor and (node.anchor.name, node.anchor.span, node.anchor.pointer)
    entries = [
        (each.start, outline(each.key), each.name, each.mark, outline(each.value), each.comma)
        for each in node.entries
    ]
    return type(node), node.style, node.span, node.tag, anchor, node.text, entries
