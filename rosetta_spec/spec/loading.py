"""Load a ruleset, or report its first problem with its place and the remedy.

If a file cannot be used, functions raise a `WrongFileError`; of a ruleset that is a `RulesetError`.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from rosetta_spec.document.reader import read_documents, why_unreadable
from rosetta_spec.document.tree import Locator
from rosetta_spec.errors import CheckedFile, FileProblem, Part, WrongFileError
from rosetta_spec.fast.formats import format_by_name
from rosetta_spec.files.content import without_waiting
from rosetta_spec.files.discovery import shown_name
from rosetta_spec.files.names import (
    NamedFile,
    UnknownFileError,
    named_file,
    relative_path,
    shown_path,
    with_real_folder,
)
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.wording import printable_name, shown, suggestion
from rosetta_spec.spec.ruleset import Ruleset, builtin_ruleset, changed, ruleset_from
from rosetta_spec.spec.ruleset_errors import other_problems, wording_problems
from rosetta_spec.spec.schema_errors import schema_problems
from rosetta_spec.text import Location, Span

#: A larger ruleset is rejected.
_MAX_BYTES = 1024 * 1024


#: The content of files by their real paths, and None at paths at which there was no file.
Inputs: TypeAlias = dict[str, bytes | None]


class RulesetError(WrongFileError):
    """A ruleset that cannot be used."""


def load_ruleset(
    path: Path,
    others: Ruleset | None = None,
    content: bytes | None = None,
    inputs: Inputs | None = None,
    chain: tuple[str, ...] = (),
) -> Ruleset:
    """Load a team's ruleset, YAML or JSON, with the rules of those that it extends.

    `others` are the rules that it is used with, by default the built-in ones. It may not
    use their codes and names. `content` replaces that of the file. What is read is added to
    `inputs`, also if it is wrong. `chain` are the real paths of the rulesets that lead to it.
    """
    others = builtin_ruleset() if others is None else others
    inputs = {} if inputs is None else inputs
    chain = (*chain, with_real_folder(str(path)))
    inputs[chain[-1]] = b""
    file = RulesetFile(path, content)
    inputs[chain[-1]] = file.content
    file.reject(schema_problems(file.data))
    base = Ruleset(())
    names = file.data.get("extends", [])
    for pointer, found in named_files(names, "extends", chain[-1], file, chain):
        inputs.update(dict.fromkeys(found.above))
        rules = load_ruleset(Path(relative_path(found.path)), None, None, inputs, chain).rules
        known = others.with_rules(base.rules)
        if taken := [each for each in rules if known.find(each.code) or known.find(each.name)]:
            name = names if isinstance(names, str) else names[pointer[-1]]
            cause = f"{shown(name)} has the rule {taken[0].code} {taken[0].name}, which is in use"
            remedy = "name one of the two: a ruleset has the rules of those that it extends"
            file.reject([FileProblem(pointer, cause, remedy)])
        base = base.with_rules(rules)
    known = others.with_rules(base.rules)
    file.reject([*other_problems(file.data, known), *_change_problems(file.data, base)])
    changes = file.data.get("changes", {})
    return ruleset_from(file.data).with_rules(
        changed(rule, changes.get(rule.code, {})) for rule in base.rules
    )


#: Files in a chain in which each extends the next.
_LONGEST_CHAIN = 100


def named_files(
    names: str | Sequence[str],
    key: str,
    naming: str,
    file: CheckedFile,
    chain: tuple[str, ...] = (),
) -> Iterator[tuple[Pointer, NamedFile]]:
    """Yield the files that the value of `key` in `file`, at the path `naming`, names.

    Each has the pointer of its name. In a `chain` of files, each extends the next.
    """
    for index, name in enumerate([names] if isinstance(names, str) else names):
        pointer = (key,) if isinstance(names, str) else (key, index)
        try:
            found = named_file(name, naming)
        except UnknownFileError as unknown:
            raise file.error([FileProblem(pointer, unknown.cause, unknown.remedy)]) from unknown
        if found.path in chain:
            cause = f"extending {shown(shown_path(found.path))} leads back to the same file"
            raise file.error([FileProblem(pointer, cause, "remove it")])
        if len(chain) > _LONGEST_CHAIN:
            cause = f"more than {_LONGEST_CHAIN} files extend each other"
            raise file.error([FileProblem(pointer, cause, "extend fewer")])
        yield pointer, found


def _change_problems(data: Mapping[str, Any], base: Ruleset) -> Iterator[FileProblem]:
    """Yield changes of rules that are not there, or that their kinds do not allow."""
    rules = {rule.code: rule for rule in base.rules}
    for code, change in data.get("changes", {}).items():
        pointer: Pointer = ("changes", code)
        if code not in rules:
            cause = f"no ruleset that this one extends has the rule {printable_name(code)}"
            remedy = suggestion(code, rules, "write the code of one of its rules")
            if named := base.find(code):
                cause, remedy = f"{code} is a name, not a code", f"write {named.code}"
            yield FileProblem(pointer, cause, remedy, "key")
            continue
        for problem in wording_problems(change, type(rules[code].kind)):
            yield problem._replace(pointer=(*pointer, *problem.pointer))


#: What to do about a file that is too large.
SPLIT = "check the path, or split it into several files"


class RulesetFile(CheckedFile):
    """A ruleset as it was read; `content` replaces that of the file."""

    error_class = RulesetError

    def __init__(self, path: Path, content: bytes | None) -> None:
        self.filename = shown_name(str(path))
        if content is None:
            content = read_limited(path, self.filename, "ruleset", _MAX_BYTES, SPLIT)
        self.content = content
        first, *others = read_documents(content, format_by_name(self.filename))
        self._text = first.text
        for document in (first, *others):
            if document.problems:
                problem = min(document.problems, key=lambda problem: problem.span.start)
                is_about_requests = problem.name == "not-an-object"
                remedy = "write rules: with a list of rules below it"
                remedy = remedy if is_about_requests else problem.remedy
                raise self._error_at(problem.span, problem.cause, remedy)
        if others and others[0].root:
            cause = "this is a second document, and a ruleset is a single one"
            raise self._error_at(others[0].root.span, cause, "put all rules into the first")
        assert first.root is not None  # noqa: S101 - a document without a root has a problem
        self._locator = Locator(first.root)
        self.data: Mapping[str, Any] = first.value

    def location(self, pointer: Pointer, part: Part) -> Location:
        """Find the row and column of a value, of its key, or of the start of an object."""
        finder = self._locator
        locate = {"value": finder.value, "key": finder.key, "start": finder.start}[part]
        return self._text.location(locate(pointer).span.start)

    def _error_at(self, span: Span, cause: str, remedy: str) -> RulesetError:
        return RulesetError(self.filename, self._text.location(span.start), cause, remedy)


def read_limited(path: Path, filename: str, what: str, most: int, remedy: str) -> bytes:
    """Read the bytes of a configuration file or a ruleset, which is `what`.

    `remedy` is for one that is larger than `most` bytes.
    """
    try:
        with open(path, "rb", opener=without_waiting) as stream:
            content = stream.read(most + 1)
    # A path with a NUL in it is a ValueError.
    except (OSError, ValueError) as error:
        raise WrongFileError(filename, None, *why_unreadable(error, what)) from error
    if len(content) > most:
        cause = f"this {what} is larger than {most // 1024} KiB"
        raise WrongFileError(filename, Location(1, 1), cause, remedy)
    return content
