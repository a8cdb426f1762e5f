"""Rule pages: one set of facts for the terminal, for JSON and for the documentation."""

import textwrap
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from rosetta_spec.spec.ruleset import ALWAYS, Example, FixNote, Rule, fill

_WIDTH = 88


#: What a page says in place of the facts of a finding.
_GENERAL_FACTS = defaultdict(
    lambda: "…",
    key="the key",
    near="the nearest key",
    meaning="the listed value",
    other="one of the two",
    names="the rules without effect",
    quotes="the quotes",
)


def facts_of(rule: Rule) -> dict[str, Any]:
    """Return a rule's page as plain data."""
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.value,
        "opt_in": rule.is_opt_in,
        "kind": rule.kind.name,
        "summary": rule.kind.describe(),
        "why": rule.why,
        "source": rule.source,
        "fix": rule.fix
        and {
            "applicability": rule.fix.applicability.value,
            "title": fill(rule.fix.title, _GENERAL_FACTS),
        },
        "bad": written(rule.bad),
        "good": written(rule.good),
        "url": rule.url,
    }


_TURNING_ON = '[severity]\n{rule.name} = "{rule.severity}"'


def text_page(rule: Rule) -> str:
    """Write a rule's page for a terminal."""
    sections = {
        "Why": _wrapped(rule.why, 2),
        "Wrong": written(rule.bad),
        "Right": written(rule.good),
        "Fix": _wrapped(fix_sentence(rule.fix), 2) if rule.fix else "",
        "How to turn it on": _TURNING_ON.format(rule=rule) if rule.is_opt_in else "",
        "Source": _wrapped(rule.source, 2),
    }
    parts = [
        f"{rule.code} {rule.name} ({severity_called(rule)})",
        _wrapped(rule.kind.describe()),
        *(f"{name}\n{textwrap.indent(text, '  ')}" for name, text in sections.items() if text),
        rule.url,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def severity_called(rule: Rule) -> str:
    """Name the severity of a rule, and say if it is off by default."""
    return f"{rule.severity}, off by default" if rule.is_opt_in else rule.severity.value


def text_list(rules: Iterable[Rule]) -> str:
    """Write one line for each rule: code, severity or `off`, name and description."""
    rows = [
        (rule.code, "off" if rule.is_opt_in else rule.severity, rule.name, rule.kind.describe())
        for rule in rules
    ]
    width = max(len(name) for _, _, name, _ in rows)
    return "".join(
        f"{code}  {severity:7}  {name:{width}}  "
        f"{textwrap.shorten(summary, _WIDTH, placeholder=' …')}\n"
        for code, severity, name, summary in rows
    )


def written(example: Example) -> str:
    """Write an example as text, with a comment if its encoding is not UTF-8."""
    if example.path is not None:
        return f"rosetta-spec check {example.path}"
    comment = f"# in {example.encoding.upper()}\n" if example.encoding != "utf-8" else ""
    return (comment + example.text).rstrip("\n")


_APPLICABILITY = {
    "safe": "safe: the request keeps its meaning",
    "unsafe": "unsafe: review the change",
    "choice": "choose one of the possible fixes in an editor",
}


def fix_sentence(fix: FixNote) -> str:
    """Describe a fix and its applicability."""
    return f"{fill(fix.title, _GENERAL_FACTS)} ({_APPLICABILITY[fix.applicability]})"


def _wrapped(text: str, indent: int = 0) -> str:
    return textwrap.fill(text, _WIDTH - indent, break_on_hyphens=False, break_long_words=False)


_TURNING_ON_IN_MARKDOWN = """\
In `.rosetta-spec.toml`:

```toml
{}
```

`select` and `--select` also turn it on, by its code, its name or a prefix of its code. They turn
off all rules that they do not name."""

_NEVER = "It cannot be suppressed, because the document could not be read completely."


def markdown_page(rule: Rule, report: str = "") -> str:
    """Write the page of a rule in Markdown, without links to other pages.

    `report` is what `check` reports of the bad example, if the page is to show it.
    """
    fix = fix_sentence(rule.fix) if rule.fix else "None; the report explains what to do"
    turning_on = _TURNING_ON_IN_MARKDOWN.format(_TURNING_ON.format(rule=rule))
    suppression = _NEVER if rule.code in ALWAYS else _suppressing().format(name=rule.name)
    sections = {
        "What it checks": rule.kind.describe(),
        "Why is this bad?": rule.why,
        "Example": _fenced(rule.bad) + (f"\n\n```text\n{report.rstrip()}\n```" if report else ""),
        "Use instead": _fenced(rule.good),
        "Fix": f"{fix[0].upper()}{fix[1:]}.",
        **({"How to turn it on": turning_on} if rule.is_opt_in else {}),
        "How to suppress it": suppression,
        "Source": rule.source,
    }
    return f"# {rule.code} {rule.name}\n\nSeverity: {severity_called(rule)}.\n" + "".join(
        f"\n## {heading}\n\n{text}\n" for heading, text in sections.items()
    )


@cache
def _suppressing() -> str:
    return Path(__file__).with_name("suppressing.md").read_text(encoding="utf-8").rstrip()


def _fenced(example: Example) -> str:
    language = "json" if example.text.lstrip().startswith("{") else "yaml"
    return f"```{'sh' if example.path is not None else language}\n{written(example)}\n```"
