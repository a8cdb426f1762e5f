"""Files that break one rule of reading or of suppressions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from hypothesis import strategies as st

from rosetta_spec.fast.formats import MAX_NESTING
from rosetta_spec.kinds.kind import Breakage
from rosetta_spec.request.schema import example_key, request_schema
from rosetta_spec.spec.rule import Rule

_REQUEST = {
    key: request_schema()["properties"][key]["examples"][0] for key in request_schema()["required"]
}
#: A key for a value that JSON cannot represent.
_KEY = example_key("integer")
_JSON = json.dumps(_REQUEST)
_ROWS = [f"{key}: {value}" for key, value in _REQUEST.items()]


def broken_texts(problem: str) -> st.SearchStrategy[Breakage]:
    """Files with one problem of reading, and the request they would hold without it."""
    return _TEXTS[problem].map(lambda found: Breakage(_REQUEST, *found))


def _in_a_row(depth: int) -> str:
    return f'{_JSON[:-1]}, "x": {"[" * depth}{"]" * depth}}}'


_WHOLE = ()

_TEXTS: dict[str, st.SearchStrategy[tuple[object, tuple[str, ...]]]] = {
    "unreadable": st.sampled_from([Path("no-such-folder/pool.json"), Path("/"), Path("\0")]).map(
        lambda path: (path, _WHOLE)
    ),
    "syntax": st.integers(1, len(_JSON) - 1).map(lambda end: (_JSON[:end].encode(), _WHOLE)),
    "duplicate-key": st.sampled_from(sorted(_REQUEST)).map(
        lambda key: (f"{_JSON[:-1]}, {json.dumps(key)}: {json.dumps('b7')}}}".encode(), (key,))
    ),
    "not-an-object": st.sampled_from(["", " \n", "# nothing", "[]", "--- 5", '"text"']).map(
        lambda text: (text.encode(), _WHOLE)
    ),
    "not-utf8": st.integers(0, len(_JSON)).flatmap(
        lambda at: st.sampled_from([b"\xff", b"\xc3", b"\xed\xa0\x80"]).map(
            lambda wrong: (_JSON[:at].encode() + wrong + _JSON[at:].encode(), _WHOLE)
        )
    ),
    "not-json": st.sampled_from([f"{_KEY}: .nan", f"{_KEY}: !n 5", f"{_KEY}: !!int x"]).map(
        lambda row: ("".join(f"{line}\n" for line in [*_ROWS, row]).encode(), (_KEY,))
    ),
    "too-large": st.integers(MAX_NESTING, 3 * MAX_NESTING).map(
        lambda depth: (_in_a_row(depth).encode(), _WHOLE)
    ),
}


_UNKNOWN = (
    *("ignore", "ignore because", "ignore[]", "ignore-file[ , ]", "ignore[RS201", "Ignore[RS201]"),
    *("ingore[RS201]", "ignore-fiel[RS201]", "ignored", "ignore[RS999]", "ignore[rs201] why"),
    *("ignore[ratio-with-quantty]", "ignore[all, none]", "ignore[RS201 RS405]"),
    *("ignore[RS201] until=tomorrow", "ignore[RS201] until: 2026-12-31"),
    *("ignore[RS201] until=2026-02-30", "ignore[RS201] why until=2026-12-31"),
)


def broken_comments(kind_name: str, rules: Iterable[Rule]) -> st.SearchStrategy[Breakage]:
    """Requests with one comment in which a rule of a kind finds a flaw; `rules` are all there are.

    The text is that of a file.
    """
    wrong = _unused(rules) if kind_name == "unused-suppression" else st.sampled_from(_UNKNOWN)
    return wrong.flatmap(_with_directive)


@st.composite
def _unused(draw: st.DrawFn, rules: Iterable[Rule]) -> str:
    names = [name for rule in rules for name in (rule.code, rule.name)]
    listed = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3))
    verb = draw(st.sampled_from(["ignore", "ignore-file"]))
    return f"{verb}[{draw(st.sampled_from([',', ', ', ' , '])).join(listed)}]"


def _with_directive(directive: str) -> st.SearchStrategy[Breakage]:
    """Write a directive as a comment at the end of a line, or on one of its own."""
    first, second = (f"{key}: {value}" for key, value in _REQUEST.items())
    marks = st.sampled_from(["#rosetta-spec:", "# rosetta-spec: ", "# why  # rosetta-spec:\t"])
    layouts = st.sampled_from(
        [
            f"%s\n{first}\n{second}\n",
            f"--- %s\r\n{first}\r\n{second}",
            f"{first}\n  %s \n{second}\n",
            f"{first} %s\n{second}\n",
            f"{first}\n{second}\n...\n%s",
        ]
    )
    return st.tuples(layouts, marks).map(
        lambda drawn: Breakage(_REQUEST, (drawn[0] % (drawn[1] + directive)).encode(), ())
    )
