"""A rule's page in Markdown: what it checks, why, an example, its fix, and how to silence it."""

from __future__ import annotations

from rosetta_spec.spec.page import facts_of, fix_sentence, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.spec.rule import Example, Rule


def markdown_page(rule: Rule, report: str = "") -> str:
    """Write a rule's page; `report` is what `check` says of its bad example, where that is shown.

    It holds no link to another page, so that it reads well wherever it is shown.
    """
    facts = facts_of(rule)
    fix = fix_sentence(rule.fix) if rule.fix else "None; the report says what to do by hand"
    sections = {
        "What it checks": facts["summary"],
        "Why is this bad?": facts["why"],
        "Example": _fenced(rule.bad) + (f"\n\n```text\n{report.rstrip()}\n```" if report else ""),
        "Use instead": _fenced(rule.good),
        "Fix": f"{fix[0].upper()}{fix[1:]}.",
        "How to silence it": _silencing(rule),
        "Source": facts["source"],
    }
    return f"# {rule.code} {rule.name}\n\nSeverity: {rule.severity}.\n" + "".join(
        f"\n## {heading}\n\n{text}\n" for heading, text in sections.items()
    )


def _fenced(example: Example) -> str:
    language = "json" if example.text.lstrip().startswith("{") else "yaml"
    return f"```{'sh' if example.path is not None else language}\n{written(example)}\n```"


def _silencing(rule: Rule) -> str:
    if rule.check.kind_name == "reading":
        return "Not at all: what cannot be read was not checked."
    return _SILENCING.format(name=rule.name)


_SILENCING = """\
In YAML by a comment, at the end of the line that the finding points to or alone on the line above:

```yaml
# rosetta-spec: ignore[{name}] and why
```

`ignore-file` in place of `ignore` holds for the whole file. JSON has no comments.

In `.rosetta-spec.toml`, for some files:

```toml
[per-file-ignores]
"archive/**" = ["{name}"]
```

or for all, where `info` in place of `off` still says it and fails nothing:

```toml
[severity]
{name} = "off"
```"""
