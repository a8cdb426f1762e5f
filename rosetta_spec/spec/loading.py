"""Load a ruleset, or report its first problem with its place and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rosetta_spec.document.reader import read_documents, why_unreadable
from rosetta_spec.document.tree import Node, Places
from rosetta_spec.errors import WrongFileError
from rosetta_spec.fast.formats import format_by_name
from rosetta_spec.spec.ruleset import Ruleset, builtin_ruleset, ruleset_from
from rosetta_spec.spec.ruleset_errors import other_problems
from rosetta_spec.spec.schema_errors import schema_problems
from rosetta_spec.text import Location, Text

#: A larger ruleset is rejected.
_MAX_BYTES = 1024 * 1024


class RulesetError(WrongFileError):
    """A ruleset that cannot be used."""


def load_ruleset(
    path: Path, beside: Ruleset | None = None, content: bytes | None = None
) -> Ruleset:
    """Load a team's ruleset, YAML or JSON.

    `beside` are the rules that it is used with, by default the built-in ones. It may not
    use their codes and names. `content` replaces that of the file.

    Raises:
        RulesetError: the file cannot be used.
    """
    beside = builtin_ruleset() if beside is None else beside
    return ruleset_from(checked_data(path, beside, content))


def checked_data(
    path: Path, beside: Ruleset | None, content: bytes | None = None
) -> Mapping[str, Any]:
    """Read and validate a ruleset; without `beside` it is our own, whose codes begin with RS.

    Raises:
        RulesetError: the first problem in the order of the text.
    """
    filename = path.as_posix()
    if content is None:
        content = read_limited(path, filename, "ruleset", _MAX_BYTES)
    root, text = _read(filename, content)
    data: Mapping[str, Any] = root.value
    problems = list(schema_problems(data)) or list(other_problems(data, beside))
    if problems:
        places = Places(root)
        locate = {"value": places.value, "key": places.key, "start": places.start}
        raise RulesetError.of_first(
            filename,
            problems,
            lambda each: text.location(locate[each.part](each.pointer).span.start),
        )
    return data


def read_limited(path: Path, filename: str, what: str, most: int) -> bytes:
    """Read the bytes of a configuration file or a ruleset, which is `what`.

    Raises:
        WrongFileError: it cannot be read, or is larger than `most` bytes.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(most + 1)
    # A path with a NUL in it is a ValueError.
    except (OSError, ValueError) as error:
        raise WrongFileError(filename, Location(1, 1), *why_unreadable(error, what)) from error
    if len(content) > most:
        cause = f"this {what} is larger than {most // 1024} KiB"
        remedy = "check the path, or divide it into several files"
        raise WrongFileError(filename, Location(1, 1), cause, remedy)
    return content


def _read(filename: str, data: bytes) -> tuple[Node, Text]:
    first, *others = read_documents(data, format_by_name(filename))
    for document in (first, *others):
        if document.problems:
            problem = min(document.problems, key=lambda problem: problem.span.start)
            is_about_requests = problem.name == "not-an-object"
            remedy = "write rules: with a list of rules below it"
            raise RulesetError(
                filename,
                document.text.location(problem.span.start),
                problem.cause,
                remedy if is_about_requests else problem.remedy,
            )
    if others and others[0].root:
        location = first.text.location(others[0].root.span.start)
        cause = "this is a second document, and a ruleset is a single one"
        raise RulesetError(filename, location, cause, "put all rules into the first")
    assert first.root is not None  # noqa: S101 - a document without a root has a problem
    return first.root, first.text
