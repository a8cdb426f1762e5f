"""Texts that a reader cannot accept, one strategy for each of its problems."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import strategies as st

from rosetta_spec.fast.limits import MAX_NESTING
from rosetta_spec.strategies.breakage import Breakage

_VALID = {"annotationRequestId": "a3f8b6e4", "poolName": "street-scenes"}
_JSON = json.dumps(_VALID)


def broken_texts(problem: str) -> st.SearchStrategy[Breakage]:
    """Files with one problem of reading, and the request they would hold without it."""
    return _TEXTS[problem].map(lambda found: Breakage(_VALID, *found))


def _in_a_row(depth: int) -> str:
    return f'{_JSON[:-1]}, "x": {"[" * depth}{"]" * depth}}}'


_WHOLE = ()

_TEXTS: dict[str, st.SearchStrategy[tuple[object, tuple[str, ...]]]] = {
    "unreadable": st.sampled_from([Path("no-such-folder/pool.json"), Path("/"), Path("\0")]).map(
        lambda path: (path, _WHOLE)
    ),
    "syntax": st.integers(1, len(_JSON) - 1).map(lambda end: (_JSON[:end].encode(), _WHOLE)),
    "duplicate-key": st.sampled_from(sorted(_VALID)).map(
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
    "not-json": st.sampled_from(
        ["sampleCount: .nan", "sampleCount: !n 5", "sampleCount: !!int x"]
    ).map(lambda row: (f"poolName: a\nannotationRequestId: b\n{row}\n".encode(), ("sampleCount",))),
    "too-large": st.integers(MAX_NESTING, 3 * MAX_NESTING).map(
        lambda depth: (_in_a_row(depth).encode(), _WHOLE)
    ),
}
