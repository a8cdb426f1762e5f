"""Writes keys and values to insert: as a snippet with placeholders, or as plain text.

Source: LSP 3.17, snippet syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rosetta_spec.document.values import Json, json_string, json_text
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.schema import Schema, listed_values, schema_at

#: Words that are strings without quotes in every version of YAML.
_PLAIN = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z][a-z0-9_-]*", re.IGNORECASE)

#: Characters that are escaped in the text and in the choices of a snippet.
_special = re.compile(r"([\\$}])")
_special_in_choice = re.compile(r"([\\,|])")


class SnippetWriter:
    """Writes keys and values; YAML without needless quotes, and a snippet with placeholders."""

    def __init__(self, *, is_yaml: bool, is_snippet: bool) -> None:
        self._is_yaml = is_yaml
        self._is_snippet = is_snippet
        self._placeholders = 0

    def key(self, name: str) -> str:
        """Write a key."""
        return self.plain(name if self._is_yaml and name[:1] != "$" else json_string(name))

    def plain(self, text: str) -> str:
        """Write text as it is."""
        return _special.sub(r"\\\1", text) if self._is_snippet else text

    def scalar(self, value: Json) -> str:
        """Write a value that is not a placeholder."""
        if isinstance(value, str) and self._is_yaml and _PLAIN.fullmatch(value):
            return value
        return json_text(value)

    def placeholder(self, values: Iterable[Json]) -> str:
        """Write a placeholder for one of some values; plain text has the first one."""
        texts = list(map(self.scalar, values))
        if not self._is_snippet:
            return texts[0]
        self._placeholders += 1
        if len(texts) > 1:
            choice = ",".join(_special_in_choice.sub(r"\\\1", text) for text in texts)
            return f"${{{self._placeholders}|{choice}|}}"
        return f"${{{self._placeholders}:{self.plain(texts[0])}}}"

    def value(self, pointer: Pointer) -> str:
        """Write the value at a pointer as a choice of listed values, or as an example."""
        schema = schema_at(pointer) or {}
        listed = [value for value, _ in listed_values(schema)]
        if listed:
            return self.placeholder(listed)
        if schema.get("type") == "boolean":
            return self.placeholder([True, False])
        if schema.get("type") == "array":
            return f"[{self._item(pointer, schema['items'])}]"
        return self.placeholder(schema.get("examples", [""])[:1])

    def _item(self, pointer: Pointer, items: Schema) -> str:
        if items.get("type") == "object":
            members = (
                f"{self.key(key)}: {self.value((*pointer, 0, key))}" for key in items["properties"]
            )
            return "{" + ", ".join(members) + ("\\}" if self._is_snippet else "}")
        listed = [value for value, _ in listed_values(items)]
        examples = (schema_at(pointer) or {}).get("examples", [[""]])
        return self.placeholder(listed or examples[0][:1])
