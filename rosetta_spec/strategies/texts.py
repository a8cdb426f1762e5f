"""The same data in every notation, and files that break one rule of reading or suppressions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from hypothesis import strategies as st

from rosetta_spec.document.values import Json
from rosetta_spec.fast.formats import MAX_NESTING
from rosetta_spec.kinds.kind import Breakage
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.schema import request_schema
from rosetta_spec.spec.ruleset import Rule

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
        return _json_string(draw, value) if isinstance(value, str) else json_scalar(value)

    return f"{blank()}{write(value)}{blank()}"


@st.composite
def flow_yaml_texts(draw: st.DrawFn, value: Json) -> str:
    """Write `value` as YAML in one flow collection, quoted in any of YAML's ways."""
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


def json_scalar(value: Json) -> str:
    """Write a number, a boolean or null; a number of any size, exactly."""
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)


def _json_string(draw: st.DrawFn, text: str) -> str:
    return json.dumps(text, ensure_ascii=draw(st.booleans()))


def _scalar_or_empty(draw: st.DrawFn, value: Json) -> str:
    if isinstance(value, str):
        return _yaml_string(draw, value)
    return json.dumps(value) if isinstance(value, dict | list) else json_scalar(value)


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


_PROPERTIES = request_schema()["properties"]
#: A valid request, as YAML its values need no quotes.
_REQUEST = {key: _PROPERTIES[key]["examples"][0] for key in request_schema()["required"]}
_JSON = json.dumps(_REQUEST)
_NUMBER = next(key for key, schema in _PROPERTIES.items() if schema["type"] == "integer")


def broken_texts(problem: str) -> st.SearchStrategy[Breakage]:
    """Files that a reader rejects for one problem, and a valid request."""
    broken, pointer = _TEXTS[problem]
    return broken.map(lambda file: Breakage(_REQUEST, file, pointer))


def _in_member(key: str, value: str) -> bytes:
    return f"{_JSON[:-1]}, {json.dumps(key)}: {value}}}".encode()


_REPEATED = next(iter(_REQUEST))
_BYTES = st.sampled_from([b"\xff", b"\xc3", b"\xed\xa0\x80"])

#: By problem: files, as bytes or paths, and the pointer of the finding.
_TEXTS: dict[str, tuple[st.SearchStrategy[object], Pointer]] = {
    "unreadable": (st.sampled_from([Path("no-such-folder/a.json"), Path("/"), Path("\0")]), ()),
    "syntax": (st.integers(1, len(_JSON) - 1).map(lambda end: _JSON[:end].encode()), ()),
    "duplicate-key": (st.just(_in_member(_REPEATED, '"b7"')), (_REPEATED,)),
    "not-an-object": (st.sampled_from([b"", b" \n", b"# no", b"[]", b"--- 5", b'"text"']), ()),
    "not-utf8": (
        st.tuples(st.integers(0, len(_JSON)), _BYTES).map(
            lambda drawn: _JSON[: drawn[0]].encode() + drawn[1] + _JSON[drawn[0] :].encode()
        ),
        (),
    ),
    "not-json": (
        st.sampled_from([".nan", "!n 5", "!!int x"]).map(
            lambda value: f"{_lines()}{_NUMBER}: {value}\n".encode()
        ),
        (_NUMBER,),
    ),
    "too-large": (
        st.integers(MAX_NESTING, 3 * MAX_NESTING).map(
            lambda depth: _in_member("x", "[" * depth + "]" * depth)
        ),
        (),
    ),
}


def _lines() -> str:
    return "".join(f"{key}: {value}\n" for key, value in _REQUEST.items())


_UNKNOWN = (
    *("ignore", "ignore because", "ignore[]", "ignore-file[ , ]", "ignore[RS201", "Ignore[RS201]"),
    *("ingore[RS201]", "ignore-fiel[RS201]", "ignored", "ignore[RS999]", "ignore[rs201] why"),
    *("ignore[ratio-with-quantty]", "ignore[all, none]", "ignore[RS201 RS405]"),
    *("ignore[RS201] until=tomorrow", "ignore[RS201] until: 2026-12-31"),
    *("ignore[RS201] until=2026-02-30", "ignore[RS201] why until=2026-12-31"),
)


def broken_comments(kind_name: str, rules: Iterable[Rule]) -> st.SearchStrategy[Breakage]:
    """YAML files with one comment that breaks a rule of a kind; `rules` are all rules."""
    wrong = _unused(rules) if kind_name == "unused-suppression" else st.sampled_from(_UNKNOWN)
    return wrong.flatmap(_with_directive)


@st.composite
def _unused(draw: st.DrawFn, rules: Iterable[Rule]) -> str:
    names = [name for rule in rules for name in (rule.code, rule.name)]
    listed = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3))
    verb = draw(st.sampled_from(["ignore", "ignore-file"]))
    return f"{verb}[{draw(st.sampled_from([',', ', ', ' , '])).join(listed)}]"


def _with_directive(directive: str) -> st.SearchStrategy[Breakage]:
    """Write a directive in a comment at the end of a line, or on a line of its own."""
    first, *others = _lines().splitlines(keepends=True)
    rest = "".join(others)
    marks = st.sampled_from(["#rosetta-spec:", "# rosetta-spec : ", "# why  # rosetta-spec:\t"])
    layouts = st.sampled_from(
        [
            f"%s\n{first}{rest}",
            f"--- %s\r\n{first}{rest.rstrip()}",
            f"{first}  %s \n{rest}",
            f"{first.rstrip()} %s\n{rest}",
            f"{first}{rest}...\n%s",
        ]
    )
    return st.tuples(layouts, marks).map(
        lambda drawn: Breakage(_REQUEST, (drawn[0] % (drawn[1] + directive)).encode(), ())
    )
