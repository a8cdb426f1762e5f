"""The same data in every notation."""

import json
import re
from collections.abc import Callable

from hypothesis import strategies as st

from rosetta_spec.document.values import Json, json_text

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*(?: [A-Za-z0-9_.-]+)*")
_CONTROLS = re.compile(r"[\x7f-\x9f]")
_NOT_STRINGS = frozenset({"null", "true", "false"})
_COMMENTS = ((), (), (), ("# a comment",), ("", "   # another: one"))
_BLANKS = ("", "", " ", "  ", "\n", "\t", " \r\n ")


@st.composite
def json_texts(draw: st.DrawFn, value: Json) -> str:
    """Write `value` as JSON, with whitespace in all places where JSON allows it."""

    def blank() -> str:
        return draw(st.sampled_from(_BLANKS))

    def write(value: Json) -> str:
        if isinstance(value, dict):
            members = (
                f"{blank()}{_json_string(draw, key)}{blank()}:{blank()}{write(item)}{blank()}"
                for key, item in value.items()
            )
            return f"{{{','.join(members) or blank()}}}"
        if isinstance(value, list):
            items = (f"{blank()}{write(item)}{blank()}" for item in value)
            return f"[{','.join(items) or blank()}]"
        return _json_string(draw, value) if isinstance(value, str) else json_text(value)

    return f"{blank()}{write(value)}{blank()}"


@st.composite
def flow_yaml_texts(draw: st.DrawFn, value: Json) -> str:
    """Write `value` as YAML in one flow collection, quoted in any of the ways that YAML allows."""
    return _flow(draw, value) + draw(st.sampled_from(["", "\n", "  # a comment\n"]))


@st.composite
def block_yaml_texts(draw: st.DrawFn, value: Json) -> str:
    """Write `value` as block YAML, with comments between and after its lines."""
    lines: list[str] = []

    def comment() -> None:
        lines.extend(draw(st.sampled_from(_COMMENTS)))

    def put(lead: str, value: Json, indent: int) -> None:
        tail = draw(st.sampled_from(["", "", "", "  # why", " "]))
        if value and isinstance(value, dict | list):
            lines.append(lead.rstrip() + tail)
            block(value, indent)
        else:
            lines.append(lead + _scalar_or_empty(draw, value) + tail)

    def block(value: Json, indent: int) -> None:
        pad = " " * indent
        step = draw(st.sampled_from([1, 2, 4]))
        entries = value.items() if isinstance(value, dict) else ((None, item) for item in value)
        for key, item in entries:
            comment()
            lead = f"{pad}- " if key is None else f"{pad}{_yaml_string(draw, key)}: "
            put(lead, item, indent + step)

    comment()
    if value and isinstance(value, dict | list):
        block(value, 0)
    else:
        lines.append(_scalar_or_empty(draw, value))
    comment()
    ending = draw(st.sampled_from(["\n", "\r\n"]))
    return ending.join(lines) + draw(st.sampled_from(["", ending]))


#: Every notation by name.
NOTATIONS: dict[str, Callable[[Json], st.SearchStrategy[str]]] = {
    "json": json_texts,
    "block YAML": block_yaml_texts,
    "flow YAML": flow_yaml_texts,
}


def _json_string(draw: st.DrawFn, text: str) -> str:
    return json.dumps(text, ensure_ascii=draw(st.booleans()))


def _scalar_or_empty(draw: st.DrawFn, value: Json) -> str:
    return _yaml_string(draw, value) if isinstance(value, str) else json_text(value)


def _yaml_string(draw: st.DrawFn, text: str) -> str:
    # YAML has such controls in double quotes only, and most writers escape them there.
    ways = [json.dumps(text) if _CONTROLS.search(text) else _json_string(draw, text)]
    if text.isprintable():
        doubled = text.replace("'", "''")
        ways.append(f"'{doubled}'")
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_STRINGS:
        ways.append(text)
    return draw(st.sampled_from(ways))


def _flow(draw: st.DrawFn, value: Json) -> str:
    if isinstance(value, dict):
        members = [f"{_yaml_string(draw, key)}: {_flow(draw, item)}" for key, item in value.items()]
        return f"{{{_joined(draw, members)}}}"
    if isinstance(value, list):
        return f"[{_joined(draw, [_flow(draw, item) for item in value])}]"
    return _scalar_or_empty(draw, value)


def _joined(draw: st.DrawFn, parts: list[str]) -> str:
    comma = draw(st.sampled_from([", ", " , ", ",\n  ", ",  # why\n  ", "\n  # a comment\n  , "]))
    return comma.join(parts)
