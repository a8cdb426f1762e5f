"""Load a ruleset, or report its first problem with its place and the remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from rosetta_spec.document.reader import read_documents, why_unreadable
from rosetta_spec.document.tree import Node, Places
from rosetta_spec.errors import FileProblem, WrongFileError
from rosetta_spec.fast.formats import format_by_name
from rosetta_spec.files.names import (
    NamedFile,
    UnknownFileError,
    named_file,
    real_place,
    shown_path,
)
from rosetta_spec.files.reading import without_waiting
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.wording import (
    nearest_name,
    printable_name,
    shown,
)
from rosetta_spec.spec.ruleset import (
    Ruleset,
    builtin_ruleset,
    changed,
    ruleset_from,
)
from rosetta_spec.spec.ruleset_errors import other_problems, wording_problems
from rosetta_spec.spec.schema_errors import schema_problems
from rosetta_spec.text import Location, Text

#: A larger ruleset is rejected.
_MAX_BYTES = 1024 * 1024


#: The content of files by their real paths, and None at paths at which there was no file.
Inputs: TypeAlias = "dict[str, bytes | None]"


class RulesetError(WrongFileError):
    """A ruleset that cannot be used."""


def load_ruleset(
    path: Path,
    beside: Ruleset | None = None,
    content: bytes | None = None,
    inputs: Inputs | None = None,
    chain: tuple[str, ...] = (),
) -> Ruleset:
    """Load a team's ruleset, YAML or JSON, with the rules of those that it extends.

    `beside` are the rules that it is used with, by default the built-in ones. It may not
    use their codes and names. `content` replaces that of the file. What is read is added to
    `inputs`, also if it is wrong. `chain` are the real paths of the rulesets that lead to it.

    Raises:
        RulesetError: the file cannot be used.
    """
    beside = builtin_ruleset() if beside is None else beside
    inputs = {} if inputs is None else inputs
    chain = (*chain, real_place(str(path)))
    inputs[chain[-1]] = b""
    file = _RulesetFile(path, content)
    inputs[chain[-1]] = file.content
    file.reject(schema_problems(file.data))
    base = Ruleset(())
    names = file.data.get("extends", [])
    for pointer, found in named_files(names, "extends", chain[-1], file.error, chain):
        inputs.update(dict.fromkeys(found.above))
        rules = load_ruleset(Path(shown_path(found.path)), None, None, inputs, chain).rules
        known = beside.with_rules(base.rules)
        if taken := [each for each in rules if known.find(each.code) or known.find(each.name)]:
            name = names if isinstance(names, str) else names[pointer[-1]]
            cause = f"{shown(name)} has the rule {taken[0].code} {taken[0].name}, which is in use"
            remedy = "name one of the two: a ruleset has the rules of those that it extends"
            file.reject([FileProblem(pointer, cause, remedy)])
        base = base.with_rules(rules)
    known = beside.with_rules(base.rules)
    file.reject([*other_problems(file.data, known), *_change_problems(file.data, base)])
    changes = file.data.get("changes", {})
    return ruleset_from(file.data).with_rules(
        changed(rule, changes.get(rule.code, {})) for rule in base.rules
    )


def named_files(
    names: str | Sequence[str],
    key: str,
    naming: str,
    error: Callable[[Iterable[FileProblem]], WrongFileError],
    chain: tuple[str, ...] = (),
) -> Iterator[tuple[Pointer, NamedFile]]:
    """Yield the files that the value of `key` in the file at the path `naming` names.

    Each has the pointer of its name. `error` makes an error of a problem. In a `chain` of files,
    each extends the next.

    Raises:
        WrongFileError: there is no such file, or it is in the chain, or the chain is too long.
    """
    for index, name in enumerate([names] if isinstance(names, str) else names):
        pointer = (key,) if isinstance(names, str) else (key, index)
        try:
            found = named_file(name, naming)
        except UnknownFileError as unknown:
            raise error([FileProblem(pointer, unknown.cause, unknown.remedy)]) from unknown
        if found.path in chain:
            cause = f"extending {shown(shown_path(found.path))} leads back to the same file"
            raise error([FileProblem(pointer, cause, "remove it")])
        if len(chain) > _LONGEST_CHAIN:
            cause = f"more than {_LONGEST_CHAIN} files extend each other"
            raise error([FileProblem(pointer, cause, "extend fewer")])
        yield pointer, found


#: Files in a chain in which each extends the next.
_LONGEST_CHAIN = 100


def _change_problems(data: Mapping[str, Any], base: Ruleset) -> Iterator[FileProblem]:
    """Yield changes of rules that are not there, or that their kinds do not allow."""
    rules = {rule.code: rule for rule in base.rules}
    for code, change in data.get("changes", {}).items():
        pointer: Pointer = ("changes", code)
        if code not in rules:
            named, near = base.find(code), nearest_name(code, rules)
            cause = f"no ruleset that this one extends has the rule {printable_name(code)}"
            remedy = f"did you mean {near}?" if near else "write the code of one of its rules"
            if named:
                cause, remedy = f"{code} is a name, not a code", f"write {named.code}"
            yield FileProblem(pointer, cause, remedy, "key")
            continue
        for problem in wording_problems(change, type(rules[code].kind)):
            yield problem._replace(pointer=(*pointer, *problem.pointer))


def checked_data(
    path: Path, beside: Ruleset | None, content: bytes | None = None
) -> Mapping[str, Any]:
    """Read and validate a ruleset; without `beside` it is our own, whose codes begin with RS.

    Raises:
        RulesetError: the first problem in the order of the text.
    """
    file = _RulesetFile(path, content)
    file.reject(schema_problems(file.data))
    file.reject(other_problems(file.data, beside))
    return file.data


class _RulesetFile:
    """A ruleset as it was read; `content` replaces that of the file."""

    def __init__(self, path: Path, content: bytes | None) -> None:
        self._filename = path.as_posix()
        if content is None:
            content = read_limited(path, self._filename, "ruleset", _MAX_BYTES)
        self.content = content
        self._root, self._text = _read(self._filename, content)
        self.data: Mapping[str, Any] = self._root.value

    def reject(self, problems: Iterable[FileProblem]) -> None:
        """Raise an error of the problem that is first in the text, if there is one.

        Raises:
            RulesetError: there is.
        """
        found = list(problems)
        if found:
            raise self.error(found)

    def error(self, problems: Iterable[FileProblem]) -> WrongFileError:
        """Make an error of the problem that is first in the text."""
        places = Places(self._root)
        locate = {"value": places.value, "key": places.key, "start": places.start}
        return RulesetError.of_first(
            self._filename,
            problems,
            lambda each: self._text.location(locate[each.part](each.pointer).span.start),
        )


def read_limited(path: Path, filename: str, what: str, most: int) -> bytes:
    """Read the bytes of a configuration file or a ruleset, which is `what`.

    Raises:
        WrongFileError: it cannot be read, or is larger than `most` bytes.
    """
    try:
        with open(path, "rb", opener=without_waiting) as stream:
            content = stream.read(most + 1)
    # A path with a NUL in it is a ValueError.
    except (OSError, ValueError) as error:
        raise WrongFileError(filename, None, *why_unreadable(error, what)) from error
    if len(content) > most:
        cause = f"this {what} is larger than {most // 1024} KiB"
        remedy = "check the path, or split it into several files"
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
