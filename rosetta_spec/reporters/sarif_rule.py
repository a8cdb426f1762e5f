"""A rule as a SARIF log describes it: its page, as text and in Markdown."""

from __future__ import annotations

from urllib.parse import quote

from rosetta_spec.reporters.sarif import LEVELS
from rosetta_spec.spec.pages import markdown_page, text_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.spec.rule import Rule

#: What code scanning calls the levels of rules that are not about security.
_PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}

#: What stands in an address as it is; anything else is escaped.
_SAFE = "%/:?#[]@!$&'()*+,;=~"


def rule_object(rule: Rule) -> dict[str, object]:
    """Return a `reportingDescriptor`."""
    link = {"helpUri": quote(rule.url, safe=_SAFE)} if rule.url else {}
    fixes = [f"{rule.fix.applicability}-fix"] if rule.fix else []
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.kind.describe()},
        "fullDescription": {"text": rule.why},
        "help": {"text": text_page(rule), "markdown": markdown_page(rule)},
        **link,
        "defaultConfiguration": {"level": LEVELS[rule.severity.value]},
        "properties": {
            "tags": [rule.kind.name, *fixes],
            "precision": "very-high",
            "problem.severity": _PROBLEMS[rule.severity.value],
        },
    }
