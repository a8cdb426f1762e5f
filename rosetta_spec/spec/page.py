"""What there is to say about one rule: the same facts for the terminal, for JSON and the docs."""

from __future__ import annotations

import textwrap
from collections import defaultdict

from rosetta_spec.spec.rule import fill

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from rosetta_spec.spec.rule import Example, FixNote, Rule

_WIDTH = 88


def facts_of(rule: Rule) -> dict[str, Any]:
    """Return a rule's page as plain data."""
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.value,
        "kind": rule.kind.name,
        "summary": rule.kind.describe(),
        "why": rule.why,
        "source": rule.source,
        "fix": rule.fix
        and {"applicability": rule.fix.applicability.value, "title": _fix_title(rule.fix)},
        "bad": written(rule.bad),
        "good": written(rule.good),
        "url": rule.url,
    }


def text_page(rule: Rule) -> str:
    """Write a rule's page for a terminal."""
    page = facts_of(rule)
    parts = [
        f"{rule.code} {rule.name} ({rule.severity})",
        _wrapped(page["summary"]),
        f"Why\n{_indented(_wrapped(page['why'], 2))}",
        f"Wrong\n{_indented(page['bad'])}",
        f"Right\n{_indented(page['good'])}",
        f"Fix\n{_indented(_wrapped(fix_sentence(rule.fix), 2))}" if rule.fix else "",
        f"Source\n{_indented(_wrapped(page['source'], 2))}",
        rule.url,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def text_list(rules: Iterable[Rule]) -> str:
    """Write a line for each rule: code, severity, name, and what it wants."""
    rows = [(rule.code, rule.severity.value, rule.name, rule.kind.describe()) for rule in rules]
    width = max(len(name) for _, _, name, _ in rows)
    return "".join(
        f"{code}  {severity:7}  {name:{width}}  {_first_sentence(summary)}\n"
        for code, severity, name, summary in rows
    )


def written(example: Example) -> str:
    """Write an example as text; one about bytes as it looks in its own encoding."""
    if example.path is not None:
        return f"rosetta-spec check {example.path}"
    comment = f"# in {example.encoding.upper()}\n" if example.encoding != "utf-8" else ""
    return (comment + example.text).rstrip("\n")


def _fix_title(fix: FixNote) -> str:
    """Say what a fix does where there is no finding yet to take its facts from."""
    return fill(fix.title, _WORDS)


def fix_sentence(fix: FixNote) -> str:
    """Say what a fix does, and who decides on it."""
    return f"{_fix_title(fix)} ({_APPLICABILITY[fix.applicability]})"


#: What a fact of a fix's title is called as long as it is not known.
_WORDS = defaultdict(
    lambda: "…",
    key="the key",
    near="the nearest key",
    meaning="the listed value",
    other="one of the two",
    names="what silences nothing",
)


_APPLICABILITY = {
    "safe": "safe: the request keeps its meaning",
    "unsafe": "unsafe: look at what it does",
    "choice": "a choice of yours",
}


def _first_sentence(text: str) -> str:
    return textwrap.shorten(text, _WIDTH, placeholder=" …")


def _wrapped(text: str, indent: int = 0) -> str:
    return textwrap.fill(text, _WIDTH - indent, break_on_hyphens=False, break_long_words=False)


def _indented(text: str) -> str:
    return textwrap.indent(text, "  ")
