"""Tags and directives of YAML: how they are written."""

from __future__ import annotations

import re
from typing import NamedTuple

from rosetta_spec.document.yaml_fault import FatalError
from rosetta_spec.text import Span

#: Ruamel decodes tags in quadratic time; one so long is none of the core schema's anyhow.
_LONGEST_TAG = 1000

_URI = r"(?:[0-9A-Za-z\-#;/?:@&=+$_.!~*'(),\[\]]|%[0-9a-fA-F]{2})"
_TAG = r"(?:[0-9A-Za-z\-#;/?:@&=+$_.~*'()]|%[0-9a-fA-F]{2})"
_HANDLE = r"!(?:[0-9A-Za-z\-]*!)?"
_match_tag = re.compile(rf"!<({_URI}++)>|({_HANDLE})({_TAG}++)|(!)(?!!)").match
_match_word = re.compile(r"[^ \t\r\n,\[\]{}]*+").match
_ends_tag = re.compile(r"[ \t\r\n]|\Z").match
_ends_flow_tag = re.compile(r"[ \t\r\n,\[\]{}]|\Z").match

_NOTHING = r"[ \t]*+(?:(?<=[ \t])#[^\r\n]*+)?(?=[\r\n]|\Z)"
_directives_from = re.compile(r"%([^ \t\r\n]*+)[^\r\n]*+").finditer
_find_comment = re.compile(r"(?<=[ \t])#.*+", re.DOTALL).search
_match_version = re.compile(rf"%YAML[ \t]++([0-9]++)\.([0-9]++){_NOTHING}").match
_match_handle = re.compile(rf"%TAG[ \t]++({_HANDLE})[ \t]++({_URI}++){_NOTHING}").match


class Tag(NamedTuple):
    """A tag with its handle, None if it is written in full; `end` is the offset after it."""

    handle: str | None
    suffix: str
    end: int


class Directive(NamedTuple):
    """A directive, its value what ruamel expects: a version, or a handle and its prefix.

    YAML wants directives of other names ignored; these have no value. `end` is that of the line,
    `comment` the one at its end, if any.
    """

    name: str
    value: tuple[int | str, int | str] | None
    end: int
    comment: Span | None


def read_tag(content: str, start: int, *, flow: bool) -> Tag:
    """Read the tag that starts at `start`, in flow context or not."""
    match = _match_tag(content, start)
    ends = _ends_flow_tag if flow else _ends_tag
    if match is None or not ends(content, match.end()):
        word = _match_word(content, start)
        cause = "a tag cannot be written like this"
        remedy = "remove it, or quote the value if the ! is text"
        raise FatalError(Span(start, word.end() if word else start), cause, remedy)
    verbatim, handle, suffix, bare = match.groups()
    name = verbatim or suffix or bare
    if len(name) > _LONGEST_TAG:
        name = name[:_LONGEST_TAG].replace("%", "_")
    return Tag(handle, name, match.end())


def read_directive(content: str, start: int) -> Directive:
    """Read the directive whose % is at `start`."""
    line = next(_directives_from(content, start))
    value: tuple[int | str, int | str] | None = None
    if line[1] == "YAML":
        value = _version(content, Span(*line.span()))
    elif line[1] == "TAG":
        value = _handle(content, Span(*line.span()))
    found = _find_comment(content, *line.span())
    comment = Span(*found.span()) if found else None
    return Directive(line[1], value, line.end(), comment)


def _version(content: str, line: Span) -> tuple[int, int]:
    match = _match_version(content, line.start)
    if match is None:
        raise FatalError(line, "this names no version", "write %YAML 1.2")
    # No version has so many digits that cutting them would matter.
    return int(match[1][:9]), int(match[2][:9])


def _handle(content: str, line: Span) -> tuple[str, str]:
    match = _match_handle(content, line.start)
    if match is None:
        cause = "a %TAG directive is a handle and a prefix"
        raise FatalError(line, cause, "write %TAG !name! prefix")
    return match[1], match[2]
