"""Requests in YAML with comments that should silence findings, and do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from rosetta_spec.strategies.breakage import Breakage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rosetta_spec.spec.rule import Rule

_VALID = {"annotationRequestId": "a3f8b6e4", "poolName": "street-scenes"}

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
    return wrong.flatmap(_texts)


@st.composite
def _unused(draw: st.DrawFn, rules: Iterable[Rule]) -> str:
    names = [name for rule in rules for name in (rule.code, rule.name)]
    listed = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3))
    verb = draw(st.sampled_from(["ignore", "ignore-file"]))
    return f"{verb}[{draw(st.sampled_from([',', ', ', ' , '])).join(listed)}]"


def _texts(directive: str) -> st.SearchStrategy[Breakage]:
    """Write a directive as a comment at the end of a line, or on one of its own."""
    first, second = (f"{key}: {value}" for key, value in _VALID.items())
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
        lambda drawn: Breakage(_VALID, (drawn[0] % (drawn[1] + directive)).encode(), ())
    )
