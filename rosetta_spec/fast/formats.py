"""How a file holds its documents: as JSON, as YAML, or as JSON Lines."""

from __future__ import annotations

JSON = "json"
YAML = "yaml"
JSONL = "jsonl"

FORMATS = (JSON, YAML, JSONL)

ENDINGS = {
    ".json": JSON,
    ".yaml": YAML,
    ".yml": YAML,
    ".jsonl": JSONL,
    ".ndjson": JSONL,
}


def format_by_name(filename: str) -> str | None:
    """Return the format that a file name's ending stands for, in any case."""
    _, dot, ending = filename.rpartition(".")
    return ENDINGS.get(f"{dot}{ending}".lower())


def format_of(content: str, named: str | None) -> str:
    """Return the format of a text that is JSON or YAML: as it is named, or as it looks.

    What starts with `{` or `[` looks like JSON, blanks before it left aside.
    """
    return named or (JSON if content.lstrip()[:1] in ("{", "[") else YAML)
