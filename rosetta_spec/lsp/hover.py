"""What is told of the thing below a pointer: a key, a listed value, a rule that a comment names."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.engine.directive import directives_in
from rosetta_spec.fast.formats import SUPPRESSION, YAML
from rosetta_spec.lsp.cursor import roots_of
from rosetta_spec.lsp.explanation import about_place, about_rule, about_value
from rosetta_spec.lsp.outline import SCALAR, Node, walk
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.spec.ruleset import Ruleset
    from rosetta_spec.text import Text


class Told(NamedTuple):
    """Markdown, and what it is about."""

    markdown: str
    span: Span


def told_at(text: Text, format_: str, offset: int, ruleset: Ruleset) -> Told | None:
    """Return what there is to say of what stands at an offset."""
    if format_ == YAML:
        name = _rule_named_at(text, offset, ruleset)
        if name:
            return name
    for root in roots_of(text, format_):
        if root.value and root.start <= offset <= root.end:
            return _in_document(root.value, offset)
    return None


def _in_document(root: Node, offset: int) -> Told | None:
    for pointer, node, member in walk(root):
        if member and member.key and member.key.start <= offset < member.key.end:
            told = Told(about_place(pointer), Span(member.key.start, member.key.end))
        elif node.kind == SCALAR and node.start <= offset < node.end:
            about = about_value(pointer, node.text) or about_place(pointer)
            told = Told(about, Span(node.start, node.end))
        else:
            continue
        return told if told.markdown else None
    return None


def _rule_named_at(text: Text, offset: int, ruleset: Ruleset) -> Told | None:
    """Explain a rule that a comment names; what stands in quotes is taken for a comment too."""
    row = text.location(offset).row
    start = text.row_starts[row - text.first_row]
    line, _ = text.line_part(row, 1, len(text.content))
    mark = line.find("#")
    if mark < 0 or SUPPRESSION not in line:
        return None
    for directive in directives_in(text.content, Span(start + mark, start + len(line.rstrip()))):
        for name in directive.names:
            rule = ruleset.find(name.text)
            if rule and name.span.start <= offset < name.span.end:
                return Told(about_rule(rule), name.span)
    return None
