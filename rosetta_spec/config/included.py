"""Which files are read in a folder, unless a configuration file says otherwise."""

from __future__ import annotations

#: Endings of the files that are read in a folder.
INCLUDE = (
    "*.sampling.json",
    "*.sampling.yaml",
    "*.sampling.yml",
    "*.sampling.jsonl",
    "*.sampling.ndjson",
)

ENDINGS = tuple(pattern.removeprefix("*") for pattern in INCLUDE)


def is_included(path: str) -> bool:
    """Whether a file found in a folder is a sampling request, by its name."""
    return path.lower().endswith(ENDINGS)
