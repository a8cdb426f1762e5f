"""What there is to say about a place of a request, a value there, and a rule: as Markdown."""

from __future__ import annotations

import re

from rosetta_spec.document.values import json_text
from rosetta_spec.request.schema import listed_values, schema_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.spec.rule import Rule

_link = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def without_markdown(text: str) -> str:
    """Return an explanation for those who would see its Markdown as it is written."""
    return _link.sub(r"\1", text).replace("**", "").replace("`", "")


def about_place(pointer: Pointer) -> str:
    """Explain a key or an item of a list; nothing is said of a place that nobody knows."""
    schema = schema_at(pointer)
    if not schema or not pointer:
        return ""
    listed = schema if listed_values(schema) else schema.get("items", {})
    values = [f"- `{json_text(it['const'])}`: {_meaning(it)}" for it in listed.get("anyOf", ())]
    parts = [f"**{schema.get('title', '')}**", schema.get("description", ""), "\n".join(values)]
    return "\n\n".join(part for part in parts if part)


def about_value(pointer: Pointer, word: str) -> str:
    """Explain a listed value, by what is written there; nothing is said of others."""
    entry = entry_of(schema_at(pointer) or {}, word)
    return f"`{_spelled(entry['const'])}`: {_meaning(entry)}" if entry else ""


def entry_of(schema: Schema, word: str) -> dict[str, Json] | None:
    """Return what a schema says of the listed value that a word spells or names, in any case."""
    wanted = word.strip().lower()
    for entry in schema.get("anyOf", ()):
        found: dict[str, Json] = entry
        if wanted in (_spelled(entry["const"]), entry["title"].lower()):
            return found
    return None


def _spelled(value: Json) -> str:
    return value if isinstance(value, str) else json_text(value)


def _meaning(entry: dict[str, Json]) -> str:
    return f"{entry['title']}: {entry['description']}"


def about_rule(rule: Rule) -> str:
    """Explain a rule in short."""
    parts = [
        f"**{rule.code} {rule.name}** ({rule.severity})",
        rule.kind.describe(),
        rule.why,
        f"[{rule.url}]({rule.url})" if rule.url else "",
    ]
    return "\n\n".join(part for part in parts if part)
