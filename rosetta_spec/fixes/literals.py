"""Write values and keys: as JSON, or as YAML with no more quotes than it needs."""

import re
from typing import NamedTuple

from rosetta_spec.document.tree import BLOCK_SCALARS, FLOW_STYLES, Node, NodeStyle, Tag
from rosetta_spec.document.values import Json, json_text
from rosetta_spec.document.yaml_nodes import MERGE_KEY
from rosetta_spec.document.yaml_scalars import (
    NotJsonError,
    as_yaml,
    read_plain,
    scalar_value,
    tag_problem,
)

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


def json_literal(value: Json, *, is_compact: bool = False) -> str:
    """Write a value as JSON on one line, if `is_compact` without blanks."""
    return json_text(value, "" if is_compact else " ")


def yaml_literal(value: Json, style: NodeStyle) -> str:
    """Write a value as YAML on one line, a string in `style` if possible."""
    if isinstance(value, str):
        if style == NodeStyle.SINGLE and value.isprintable():
            return "'" + value.replace("'", "''") + "'"
        if style == NodeStyle.PLAIN and is_plain_safe(value):
            return value
    return as_yaml(json_literal(value))


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


def key_style(whole: Node) -> NodeStyle:
    """Return the style of new keys: quoted if all others are."""
    styles = {entry.key.style for entry in whole.entries if entry.key}
    return styles.pop() if len(styles) == 1 else NodeStyle.PLAIN


def value_style(whole: Node) -> NodeStyle:
    """Return the style of new strings: quoted if all others are, or all keys."""
    strings = {
        entry.value.style
        for entry in whole.entries
        if entry.value.style in (NodeStyle.SINGLE, NodeStyle.DOUBLE)
        or (entry.value.style == NodeStyle.PLAIN and is_plain_safe(entry.value.text))
    }
    return strings.pop() if len(strings) == 1 else key_style(whole)


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
