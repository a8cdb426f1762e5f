"""Edit the entries of collections: remove them, add new ones, and move them with their comments.

First block YAML, then JSON and the flow collections of YAML; last, how values and keys are written
with no more quotes than they need.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from rosetta_spec.document.tree import (
    BLOCK_SCALARS,
    FLOW_STYLES,
    Array,
    Entry,
    Node,
    NodeStyle,
    Tag,
)
from rosetta_spec.document.values import UNUSABLE, Json, json_string, json_text
from rosetta_spec.document.yaml_scalars import (
    MERGE_KEY,
    NotJsonError,
    as_yaml,
    read_plain,
    scalar_value,
    tag_problem,
)
from rosetta_spec.fixes.edits import BLANKS, BREAKS, Slot, SourceText, TextEdit
from rosetta_spec.text import Span

#: Characters with which a plain scalar cannot always start.
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`=<.~")

#: Finds the characters between double quotes, as they are spelled in JSON and YAML.
_CHARACTERS = r"\\(?:x..|u....|U.{8}|.)|."


class NewMember(NamedTuple):
    """A key and its value; `text` is how the value is written, None to write it as others are.

    `rows` is the whole member as it was in block YAML, with its comments.
    """

    key: str
    value: Json
    text: str | None = None
    rows: tuple[str, ...] = ()


def removed_from_block(
    source: SourceText, parent: Node, owner: Entry, ranges: list[range]
) -> Iterator[TextEdit]:
    """Remove ranges of entries of `parent`, which is the value of the entry `owner`."""
    if sum(map(len, ranges)) == len(parent.entries):
        empty = "[]" if isinstance(parent, Array) else "{}"
        yield from replaced_block(source, parent, owner, empty)
        return
    all_removed = set(chain(*ranges))
    for removed in ranges:
        start = parent.entries[removed[0]].start
        if source.starts_row(start):
            kept = (at for at in reversed(range(removed[0])) if at not in all_removed)
            above = next((parent.entries[at] for at in kept), None)
            yield _without_rows(source, parent, removed, above)
        else:
            # The first entries begin after a dash; the next one takes their place.
            end = parent.entries[removed[-1] + 1].start
            yield source.cut(start, end, " " * source.column(start))


def replaced_block(source: SourceText, block: Node, owner: Entry, text: str) -> Iterator[TextEdit]:
    """Replace a block collection by `text`, in the row of its key or dash if that is above."""
    start, end = block.span
    indent = " " * source.column(start)
    if owner.mark is None or not source.starts_row(start):
        ends = [span.end for span in source.moved.values() if start <= span.start < end]
        yield source.cut(start, max([end, *ends]), indent, text)
        return
    yield TextEdit(Span(owner.lead_end, owner.lead_end), f" {text}")
    yield _only_comments(source, block.entries[0], block.entries[-1], indent)


def _without_rows(
    source: SourceText, parent: Node, removed: range, above: Entry | None
) -> TextEdit:
    """Remove entries that have rows of their own; `above` is the nearest one that stays."""
    first, last = parent.entries[removed[0]], parent.entries[removed[-1]]
    indent = " " * source.column(first.start)
    edit = _only_comments(source, first, last, indent)
    scalar = above.value.last if above else None
    if scalar is None or edit.content or scalar.style not in BLOCK_SCALARS:
        return edit
    if source.spans_of_comments(source.next_row(scalar.span.end), edit.span.start):
        return edit
    return _closed_above(source, edit, scalar, indent)


def _only_comments(source: SourceText, first: Entry, last: Entry, indent: str) -> TextEdit:
    moved = source.moved.get(first.start)
    start = moved.start if moved else source.row_start(first.start)
    end = source.next_row(last.end)
    line_break = source.line_break(first.start)
    kept = (indent + comment + line_break for comment in source.comments_in(start, end))
    return TextEdit(Span(start, end), "".join(kept))


def _closed_above(source: SourceText, edit: TextEdit, scalar: Node, indent: str) -> TextEdit:
    """Extend an edit so that the text after it does not become part of the block scalar above."""
    start, end = edit.span
    after = after_blank_rows(source, end)
    blank = source.content[end:after]
    if source.keeps_blank_rows(scalar) or blank.strip(BREAKS):
        blank, end = "", after
    comment = source.after_blanks(after)
    if source.content[comment : comment + 1] == "#" and source.column(comment) > len(indent):
        return TextEdit(Span(start, comment), blank + indent)
    return TextEdit(Span(start, end), "")


def after_blank_rows(source: SourceText, at: int) -> int:
    """Return the start of the next row from `at` that is not blank, or the end of the text."""
    while at < len(source.content) and not source.content[at : source.next_row(at)].strip():
        at = source.next_row(at)
    return at


def added_to_block(
    source: SourceText, parent: Node, last: Entry, new: Sequence[NewMember]
) -> TextEdit:
    """Add members after the entry `last`."""
    at, scalar = source.next_row(last.end), last.value.last
    is_open = source.content[at - 1] not in BREAKS
    if scalar.style in BLOCK_SCALARS:
        at = after_blank_rows(source, at) if source.keeps_blank_rows(scalar) else at
        is_open = source.content[at - 1] not in BREAKS
    indent = " " * source.column(parent.span.start)
    rows = [row for each in new for row in (each.rows or [indent + yaml_member(each, parent)])]
    line_break = source.line_break(last.end)
    text = line_break.join(rows)
    return TextEdit(Span(at, at), line_break + text if is_open else text + line_break)


def moved_member(source: SourceText, slot: Slot, key: str, target: Node) -> NewMember:
    """Take a member with its comments, to write it under `key` in the column of `target`.

    The comments above the first member of a document are about the document, and stay.
    """
    entry = slot.entry
    start = entry.start
    if source.starts_row(start):
        is_first = len(slot.pointer) == 1 and slot.nth == 0
        start = source.row_start(start) if is_first else _with_comments(source, start)
    end = source.row_end(entry.end)
    column = source.column(target.span.start)
    shift = column - source.column(entry.start)
    text = source.content[start : entry.start] + _body(source, entry, key, end)
    first, *rest = re.split(r"\r\n?|\n", text)
    for at, row in enumerate(rest):
        blanks = len(row) - len(row.lstrip(" "))
        rest[at] = row and " " * shift + row[min(max(-shift, 0), blanks) :]
    rows = [" " * column + first.lstrip(" "), *rest]
    source.moved[entry.start] = Span(start, end)
    return NewMember(key, UNUSABLE, rows=tuple(rows))


def _with_comments(source: SourceText, at: int) -> int:
    """Return the start of the comments directly above a row, in its column."""
    column, start = source.column(at), source.row_start(at)
    while True:
        # There is a row above: the member is not the first of the document.
        above = source.row_start(start - 1)
        at = above + column
        if not (source.spans_of_comments(at, at + 1) and source.starts_row(at)):
            return start
        start = above


def _body(source: SourceText, entry: Entry, key: str, end: int) -> str:
    """Return the text of a member from its key to the comment after it."""
    value = entry.value
    assert entry.key is not None  # noqa: S101 - it is a member
    is_same = entry.name == key
    content = source.content
    before = content[entry.start : entry.key.span.start]
    name = content[slice(*entry.key.span)] if is_same else yaml_key(key, entry.key.style)
    if value.style not in BLOCK_SCALARS:
        return before + name + content[entry.key.span.end : end]
    comments = source.comments_in(value.span.start, source.row_end(value.span.start))
    literal = yaml_literal(value.text, NodeStyle.DOUBLE)
    between = content[entry.key.span.end : value.start]
    return " ".join([before + name + between + literal, *comments])


def removed_from_flow(source: SourceText, parent: Node, ranges: list[range]) -> Iterator[TextEdit]:
    """Remove ranges of entries of `parent`."""
    start, end = parent.span
    if sum(map(len, ranges)) < len(parent.entries):
        for removed in ranges:
            yield from _without(source, parent, removed)
        return
    indent = indent_in(source, parent.span, parent.entries[0].start)
    if parent.style == NodeStyle.PAIR:
        yield source.cut(start, end, indent, "{}")
    elif source.comments_in(start, end):
        yield source.cut(start + 1, end - 1, indent)
    else:
        yield TextEdit(Span(start + 1, end - 1), "")


def _without(source: SourceText, parent: Node, removed: range) -> Iterator[TextEdit]:
    entries = parent.entries
    first, last = entries[removed[0]], entries[removed[-1]]
    before = entries[removed[0] - 1].end if removed[0] else first.start
    end = last.end if removed[0] else entries[removed[-1] + 1].start
    row_end = min(source.row_end(last.end), parent.span.end)
    if not source.comments_in(before, max(end, row_end)):
        yield TextEdit(Span(before, end), "")
        return
    # Comments before them keep their row, so the comma after it goes.
    indent, comma = indent_in(source, parent.span, first.start), last.comma
    if comma is None:
        comma = entries[removed[0] - 1].comma
        assert comma is not None  # noqa: S101 - there is one between two entries
        is_beside = source.after_blanks(comma + 1) == first.start
        if not is_beside:
            yield source.cut(comma, comma + 1, indent)
        yield source.cut(comma if is_beside else first.start, last.end, indent)
    else:
        yield source.cut(first.start, comma + 1, indent)


def indent_in(source: SourceText, outer: Span, at: int) -> str:
    """Return the indentation of further rows in a flow collection, like that of the row at `at`."""
    indent = source.indent(at)
    return indent if source.row_start(at) > outer.start else indent + "  "


def added_to_flow(
    source: SourceText, parent: Node, last: int | None, new: Sequence[NewMember]
) -> Iterator[TextEdit]:
    """Add members after the entry with the index `last`, or to an empty object."""
    colon = _colon(source, parent)
    members = [_member(source, parent, each, colon) for each in new]
    if last is None:
        text = (", " if colon == ": " else ",").join(members)
        start, end = parent.span.start + 1, parent.span.end - 1
        is_blank = not source.content[start:end].strip(BLANKS)
        yield TextEdit(Span(start, end if is_blank else start), text)
        return
    gap = _gap(source, parent, last, colon)
    entry = parent.entries[last]
    row_end = source.row_end(entry.end)
    is_below = last == len(parent.entries) - 1 and gap[0:1] in tuple(BREAKS)
    is_commented = row_end < parent.span.end and source.comments_in(entry.end, row_end)
    if not is_below or not is_commented or (entry.comma or 0) > row_end:
        yield TextEdit(Span(entry.end, entry.end), "".join(f",{gap}{each}" for each in members))
        return
    # The comment stays in the row of the last member; the new ones have rows below it.
    if entry.comma is None:
        yield TextEdit(Span(entry.end, entry.end), ",")
    text = gap + f",{gap}".join(members)
    yield TextEdit(Span(row_end, row_end), text if entry.comma is None else f"{text},")


def _colon(source: SourceText, parent: Node) -> str:
    """Return the colon and the blank after it as others have it, or those of the whole document."""
    entries = parent.entries or source.root.entries
    is_close = entries and all(
        entry.mark == entry.value.start
        and entry.key
        and (source.is_json or entry.key.style in (NodeStyle.SINGLE, NodeStyle.DOUBLE))
        for entry in entries
    )
    return ":" if is_close else ": "


def _gap(source: SourceText, parent: Node, last: int, colon: str) -> str:
    entry = parent.entries[last]
    before = (parent.entries[last - 1].comma or 0) if last else parent.span.start
    gap = source.content[before + 1 : entry.start]
    if gap.strip(BLANKS):
        return source.line_break(entry.start) + source.indent(entry.start)
    return gap if last else colon[1:]


def _member(source: SourceText, parent: Node, new: NewMember, colon: str) -> str:
    if source.is_json:
        text = new.text or json_text(new.value, colon[1:])
        return json_string(new.key) + colon + text
    return yaml_member(new, parent if parent.entries else source.root, colon)


def indented(source: SourceText, text: str, slot: Slot, target: Node) -> str:
    """Indent the further rows of a JSON value like the members of another object."""
    old = source.indent(slot.entry.start)
    new = source.indent(target.entries[-1].start if target.entries else target.span.start)
    first, *rest = text.split("\n")
    return "\n".join([first, *(new + row.removeprefix(old) for row in rest)])


def yaml_literal(value: Json, style: NodeStyle) -> str:
    """Write a value as YAML on one line, a string in `style` if possible."""
    if isinstance(value, str):
        if style == NodeStyle.SINGLE and value.isprintable():
            return "'" + value.replace("'", "''") + "'"
        if style == NodeStyle.PLAIN and is_plain_safe(value):
            return value
    return as_yaml(json_text(value))


def trimmed(literal: str, text: str) -> str:
    """Remove the whitespace around a string in double quotes on one row; `text` is what it means.

    The other characters stay as they are spelled.
    """
    spelled = re.findall(_CHARACTERS, literal[1:-1])
    before, after = len(text) - len(text.lstrip()), len(text) - len(text.rstrip())
    return f'"{"".join(spelled[before : len(spelled) - after])}"'


def style_after(old: Node, *, in_flow: bool) -> NodeStyle:
    """Return the style of a string that replaces a value."""
    if old.style in (NodeStyle.SINGLE, NodeStyle.DOUBLE):
        return old.style
    # A number in brackets does not show how the strings beside it are written.
    is_unlike = in_flow and not (old.style == NodeStyle.PLAIN and is_plain_safe(old.text))
    # Other versions of YAML may not read the text of a block scalar as a string without it.
    is_quoted = is_unlike or old.style in FLOW_STYLES | BLOCK_SCALARS
    return NodeStyle.DOUBLE if is_quoted else NodeStyle.PLAIN


def yaml_key(key: str, style: NodeStyle) -> str:
    """Write a key as YAML, with the quotes of a style if it has any."""
    if style not in (NodeStyle.SINGLE, NodeStyle.DOUBLE):
        style = NodeStyle.DOUBLE if key == MERGE_KEY else NodeStyle.PLAIN
    return yaml_literal(key, style)


def key_style(parent: Node) -> NodeStyle:
    """Return the style of new keys: quoted if all others are."""
    styles = {entry.key.style for entry in parent.entries if entry.key}
    return styles.pop() if len(styles) == 1 else NodeStyle.PLAIN


def value_style(parent: Node) -> NodeStyle:
    """Return the style of new strings: quoted if all others are, or all keys."""
    strings = {
        entry.value.style
        for entry in parent.entries
        if entry.value.style in (NodeStyle.SINGLE, NodeStyle.DOUBLE)
        or (entry.value.style == NodeStyle.PLAIN and is_plain_safe(entry.value.text))
    }
    return strings.pop() if len(strings) == 1 else key_style(parent)


def is_plain_safe(text: str) -> bool:
    """Whether a string without quotes is read as itself, in a flow collection too."""
    if not text or not text.isprintable() or text[0] in _INDICATORS or text != text.strip():
        return False
    if not is_plain_in_flow(text):
        return False
    try:
        return scalar_value(text, None, is_plain=True) == text
    except NotJsonError:
        return False


def is_plain_in_flow(text: str) -> bool:
    """Whether a plain scalar on one row is also one in a flow collection."""
    return read_plain(text, 0, 0, flow=True)[1] == len(text)


def yaml_member(new: NewMember, model: Node, colon: str = ": ") -> str:
    """Write a member as the keys and values of `model` are written."""
    style = NodeStyle.DOUBLE if colon == ":" else key_style(model)
    return (
        yaml_key(new.key, style) + colon + (new.text or yaml_literal(new.value, value_style(model)))
    )


def fits_tag(value: Json, literal: str, tag: Tag) -> bool:
    """Whether `tag` makes the value of a literal."""
    if isinstance(value, dict | list):
        return tag_problem(tag.name, "map" if isinstance(value, dict) else "seq") is None
    is_string = isinstance(value, str)
    try:
        found = scalar_value(value if is_string else literal, tag.name, is_plain=literal == value)
    except NotJsonError:
        return False
    return type(found) is type(value) and bool(found == value)
