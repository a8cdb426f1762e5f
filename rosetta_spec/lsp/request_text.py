"""Whether a text is a sampling request: by the name of its file, or by its keys.

Editors send whatever is YAML or JSON to a server for these languages.
"""

from __future__ import annotations

import re
from functools import cache

from rosetta_spec.fast.formats import YAML
from rosetta_spec.request.schema import EDITOR_KEY, request_schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Pattern

    from rosetta_spec.config.choice import FileChoice
    from rosetta_spec.lsp.open_text import OpenText

#: Nobody else uses the other keys; this one is also that of build services.
_COMMON = {EDITOR_KEY, "poolName"}

#: So much of a text is looked at.
_START = 64 * 1024

_word = re.compile(r'"(?:[^"\\\r\n]|\\.)*+"(?:\s*+:)?|[{}\[\]]')


def is_request(text: OpenText, path: str, choice: FileChoice) -> bool:
    """Whether findings of a text are wanted; `path` is where it would be if it has no file."""
    if choice.is_excluded(path):
        return False
    if text.path and choice.is_wanted(path):
        return True
    content = text.positions.text.content[:_START]
    if text.format_ == YAML:
        return bool(_key_of_ours().search(content))
    return _has_key_at_the_top(content)


@cache
def _key_of_ours() -> Pattern[str]:
    """Return what finds a key of ours at the start of a row."""
    keys = "|".join(request_schema()["properties"].keys() - _COMMON)
    return re.compile(rf"^[\"']?(?:{keys})[\"']?[ \t]*:", re.MULTILINE)


def _has_key_at_the_top(content: str) -> bool:
    """Whether a text of JSON has a key of ours in its outermost object, or in that of a line."""
    depth = 0
    for match in _word.finditer(content):
        word = match[0]
        if word in "{[":
            depth += 1
        elif word in "}]":
            depth -= 1
        elif depth == 1 and word.endswith(":") and _key_of_ours().match(word):
            return True
    return False
