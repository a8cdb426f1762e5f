"""Read a request that was pasted: a curl command, or the JSON body alone."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from typing import NoReturn

import click

from rosetta_spec.document.json_reader import read_json
from rosetta_spec.document.syntax_errors import curl_in
from rosetta_spec.document.values import Json
from rosetta_spec.fast.formats import MAX_BYTES
from rosetta_spec.reporters.style import safe
from rosetta_spec.text import BOM, Text

#: Options of curl whose argument is the body; the long ones also with `=`.
_BODY_OPTIONS = ("-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json")


def read_pasted() -> dict[str, Json]:
    """Read a request from standard input.

    Raises:
        click.UsageError: it is neither a curl command nor a JSON object.
    """
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        _reject(f"standard input is larger than {MAX_BYTES // 1024 // 1024} MiB")
    try:
        content = data.decode().removeprefix(BOM)
    except UnicodeDecodeError:
        _reject("standard input is not UTF-8; paste the command or the JSON as text")
    if not content.strip():
        _reject("standard input is empty; paste a curl command, or the JSON that it sends")
    is_command = curl_in(content) is not None
    body = Text(_body_of(content) if is_command else content)
    document = read_json(body)
    for problem in document.problems:
        row, column = body.location(problem.span.start)
        where = "the body of the command" if is_command else "standard input"
        _reject(f"{where}, {row}:{column}: {problem.cause}; {problem.remedy}")
    if not isinstance(document.value, dict):
        _reject("a request is a JSON object, between { and }")
    return document.value


def _body_of(command: str) -> str:
    """Return the body that a curl command sends."""
    try:
        # A prompt may have been copied too; a backslash at its end continues a row.
        rows = re.sub(r"\\[ \t]*\r?\n", " ", command.strip().removeprefix("$"))
        words = shlex.split(rows)
    except ValueError:
        _reject("a quote in the curl command is not closed; paste the whole command")
    bodies = list(_bodies_in(words))
    if len(bodies) != 1:
        found = f"{len(bodies)} bodies" if bodies else "no body"
        _reject(f"the curl command has {found}; paste one with a single --data")
    if bodies[0].startswith("@"):
        _reject(f"the body is in the file {bodies[0][1:]}; pass that file on standard input")
    return bodies[0]


def _bodies_in(words: list[str]) -> Iterator[str]:
    for word, after in zip(words, [*words[1:], ""], strict=True):
        option, equals, value = word.partition("=")
        if word in _BODY_OPTIONS:
            # In $'...' a shell replaces escapes, which JSON has too.
            yield after.removeprefix("$")
        elif equals and option.startswith("--") and option in _BODY_OPTIONS:
            yield value
        elif word.startswith("-d") and not word.startswith("--"):
            yield word[2:]


def _reject(message: str) -> NoReturn:
    raise click.UsageError(safe(message))
