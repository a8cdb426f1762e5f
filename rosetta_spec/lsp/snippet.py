"""Values as they are inserted: with stops that an editor leads through, or as plain text.

Source: LSP 3.17, snippet syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rosetta_spec.document.values import Json, json_string, json_text
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.schema import Schema, listed_values, schema_at

#: Words that a YAML reader of any version takes for a string, without quotes.
_PLAIN = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z][a-z0-9_-]*", re.IGNORECASE)

#: What has to be escaped in a text, and what in one of several.
_special = re.compile(r"([\\$}])")
_special_in_choice = re.compile(r"([\\,|])")


class Writer:
    """Writes keys and values; `is_yaml` without needless quotes, `has_stops` as a snippet."""

    def __init__(self, *, is_yaml: bool, has_stops: bool) -> None:
        self._is_yaml = is_yaml
        self._has_stops = has_stops
        self._stops = 0

    def key(self, name: str) -> str:
        """Write a key."""
        return self.plain(name if self._is_yaml and name[:1] != "$" else json_string(name))

    def plain(self, text: str) -> str:
        """Write a text that is no snippet."""
        return _special.sub(r"\\\1", text) if self._has_stops else text

    def scalar(self, value: Json) -> str:
        """Write a value without a stop."""
        if isinstance(value, str) and self._is_yaml and _PLAIN.fullmatch(value):
            return value
        return json_text(value)

    def stop(self, values: Iterable[Json]) -> str:
        """Write a value that is to be looked at: one of several, the first where none is chosen."""
        texts = list(map(self.scalar, values))
        if not self._has_stops:
            return texts[0]
        self._stops += 1
        if len(texts) > 1:
            choice = ",".join(_special_in_choice.sub(r"\\\1", text) for text in texts)
            return f"${{{self._stops}|{choice}|}}"
        return f"${{{self._stops}:{self.plain(texts[0])}}}"

    def value(self, pointer: Pointer) -> str:
        """Write a value for a place that the request schema knows: an example, or a choice."""
        schema = schema_at(pointer) or {}
        listed = [value for value, _ in listed_values(schema)]
        if listed:
            return self.stop(listed)
        if schema.get("type") == "boolean":
            return self.stop([True, False])
        if schema.get("type") == "array":
            return f"[{self._item(pointer, schema['items'])}]"
        return self.stop(schema.get("examples", [""])[:1])

    def _item(self, pointer: Pointer, items: Schema) -> str:
        if items.get("type") == "object":
            members = (
                f"{self.key(key)}: {self.value((*pointer, 0, key))}" for key in items["properties"]
            )
            # The brackets are no part of a stop.
            return "{" + ", ".join(members) + ("\\}" if self._has_stops else "}")
        listed = [value for value, _ in listed_values(items)]
        examples = (schema_at(pointer) or {}).get("examples", [[""]])
        return self.stop(listed or examples[0][:1])
