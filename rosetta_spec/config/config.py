"""Configuration files: their text, what they set as values, and where each setting is."""

from __future__ import annotations

import os
import re
import tomllib
import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

from rosetta_spec.diagnostic import Severity
from rosetta_spec.document.values import Json
from rosetta_spec.errors import FileProblem, WrongFileError
from rosetta_spec.fast.config import SHARED
from rosetta_spec.files.naming import shown_path
from rosetta_spec.pointer import Pointer
from rosetta_spec.regex import UnsupportedPatternError, matches
from rosetta_spec.spec.loading import read_limited
from rosetta_spec.spec.ruleset import ALWAYS, OFF, Rule, Ruleset
from rosetta_spec.text import Location, Text

T = TypeVar("T")


class Origin(NamedTuple):
    """Where something is set: in an option of the call, or at a place of a configuration file."""

    option: str = ""
    file: TomlFile | None = None
    pointer: Pointer = ()

    @property
    def key(self) -> str:
        """The name of the setting."""
        return self.option or str(self.pointer[0])

    @property
    def row(self) -> int:
        """The 1-based row in its file; 0 for an option."""
        return self.file.location(self.pointer, "key").row if self.file else 0

    def __str__(self) -> str:
        """Write it for users: `--select`, `ignore in rosetta-spec.toml:3`."""
        return f"{self.key} in {self.file.filename}:{self.row}" if self.file else self.option


class Setting(NamedTuple, Generic[T]):
    """The value of a setting, and where it is set."""

    value: T
    origin: Origin


#: The codes of the rules that a setting names.
NamedRules: TypeAlias = Setting[frozenset[str]]


class RuleSettings(NamedTuple):
    """What a call or a configuration sets for rules; `severity` is a severity or `off` by code."""

    select: NamedRules | None = None
    ignore: NamedRules | None = None
    severity: Mapping[str, Setting[str]] = {}


class RuleStatus(NamedTuple):
    """A rule with its severity, and whether it is selected; None: as the rule is declared."""

    rule: Rule
    is_selected: bool
    selected_by: Origin | None
    severity_by: Origin | None


def rule_statuses(
    ruleset: Ruleset, call: RuleSettings, config: RuleSettings, here: Iterable[NamedRules] = ()
) -> Iterator[RuleStatus]:
    """Yield the status of each rule; `here` are the rules that are ignored in one file.

    What a call selects replaces what its configuration selects, ignores or sets to off. What the
    call ignores, and what is ignored in the file, is left out in any case.
    """
    here = tuple(here)
    for rule in ruleset.rules:
        is_selected, selected_by = _is_selected(rule, call, config, here)
        severity = config.severity.get(rule.code)
        if severity is None or severity.value == OFF:
            yield RuleStatus(rule, is_selected, selected_by, None)
        else:
            changed = rule._replace(severity=Severity(severity.value))
            yield RuleStatus(changed, is_selected, selected_by, severity.origin)


def _is_selected(
    rule: Rule, call: RuleSettings, config: RuleSettings, here: tuple[NamedRules, ...]
) -> tuple[bool, Origin | None]:
    code = rule.code
    if code in ALWAYS:
        return True, None
    for ignored in (call.ignore, *here):
        if ignored and code in ignored.value:
            return False, ignored.origin
    select, severity = call.select or config.select, config.severity.get(code)
    if select and code not in select.value:
        return False, select.origin
    if not call.select:
        if config.ignore and code in config.ignore.value:
            return False, config.ignore.origin
        if severity and severity.value == OFF:
            return False, severity.origin
    is_on = bool(select or severity or not rule.is_opt_in)
    return is_on, select.origin if select else None


#: More stars could make a search take for ever: `pathspec` tries them all.
_MAX_STARS = 3


class Patterns:
    """Patterns as in a `.gitignore` in `folder`, a real path."""

    def __init__(self, patterns: Iterable[str], folder: str) -> None:
        """Compile patterns.

        Raises:
            ValueError: one of them could never match, or is not a pattern.
        """
        self.patterns = tuple(patterns)
        self.folder = folder
        self._all = _compiled(self.patterns)
        self._may_be_slow = any(each.count("*") > 1 for each in self.patterns)
        self._names = _compiled(each for each in self.patterns if "/" not in each.rstrip("/"))

    def has_match(self, path: str) -> bool:
        """Whether a real path has a match.

        Where it is not below the folder, as with a file that is extended from elsewhere, names are
        searched for below the last folder that both have in common.
        """
        names, above = _split(path), _split(self.folder.rstrip(os.sep))
        pairs = zip(names[:-1], above, strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        spec = self._all if shared == len(above) else self._names
        name = "/".join(names[shared:])
        if self._may_be_slow:
            # What does not match is found out in linear time.
            matching = [each for each in spec.patterns if _may_match(each.regex.pattern, name)]
            spec = type(spec)(matching)
        is_match: bool = spec.match_file(name)
        return is_match


def _may_match(pattern: str, name: str) -> bool:
    try:
        return matches(pattern, name)
    except UnsupportedPatternError:
        return True


def _split(path: str) -> list[str]:
    return path.replace(os.sep, "/").split("/")


def _compiled(patterns: Iterable[str]) -> Any:  # noqa: ANN401 - the library is loaded late
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - many files have no patterns

    # Only in a file a number sign starts a comment; `./` is the folder of the configuration file.
    texts = [re.sub(r"^#", r"\\#", re.sub(r"^\./", "/", each)) for each in patterns]
    with warnings.catch_warnings():
        # `re` warns of brackets in brackets.
        warnings.simplefilter("ignore")
        try:
            spec = GitIgnoreSpec.from_lines(texts)
        except re.error as error:
            raise ValueError(str(error)) from error
    for text, pattern in zip(texts, spec.patterns, strict=True):
        names = text.removesuffix("/**").split("/")
        stars = [len(re.findall(r"\*+", name)) for name in names]
        # In each name all stars except one, and each `**`, multiply the ways to match a path.
        ways = sum(max(count - 1, 0) for count in stars) + names.count("**")
        is_slow = max(ways, *stars, text.count("**")) > _MAX_STARS
        if pattern.include is None or is_slow:
            message = f"the pattern {text} has too many stars, or no match"
            raise ValueError(message)
    return spec


class FileIgnores(NamedTuple):
    """Rules that are ignored in the files that match."""

    patterns: Patterns
    rules: NamedRules


class Config(NamedTuple):
    """Checked settings; None and empty values are not set.

    `filenames` are the file that was loaded and those that it extends, as they are shown. `ruleset`
    are our rules and those of `rulesets`, which are real paths. `ignored` is by pattern. `fail_on`
    is the least severity that makes the exit status 1. With `fail_on_no_files`, a run that reads no
    file fails. `inputs` is the content of all files that were read, by real path; at its paths with
    None there was no file. `problem` is why the file cannot be used.
    """

    filenames: tuple[str, ...]
    ruleset: Ruleset
    include: Setting[Patterns] | None = None
    exclude: Setting[Patterns] | None = None
    rules: RuleSettings = RuleSettings()
    ignored: Mapping[str, FileIgnores] = {}
    fail_on: Setting[str] | None = None
    fail_on_no_files: Setting[bool] | None = None
    rulesets: Setting[tuple[str, ...]] | None = None
    inputs: Mapping[str, bytes | None] = {}
    problem: str = ""

    def ignored_in(self, path: str) -> tuple[NamedRules, ...]:
        """Return the rules that are ignored in one file."""
        return tuple(it.rules for it in self.ignored.values() if it.patterns.has_match(path))

    def over(self, other: Config) -> Config:
        """Return the settings of both, where this one wins."""
        either = {name: getattr(self, name) or getattr(other, name) for name in _SINGLE}
        return self._replace(
            filenames=tuple(dict.fromkeys((*self.filenames, *other.filenames))),
            rules=RuleSettings(
                select=self.rules.select or other.rules.select,
                ignore=self.rules.ignore or other.rules.ignore,
                severity={**other.rules.severity, **self.rules.severity},
            ),
            ignored={**other.ignored, **self.ignored},
            inputs={**other.inputs, **self.inputs},
            **either,
        )


#: Settings of which the nearest file has the only one.
_SINGLE = ("include", "exclude", "fail_on", "fail_on_no_files", "rulesets")


def extended(config: Config, bases: Iterable[Config]) -> Config:
    """Return the settings of a config and of those that it extends; later ones win over earlier."""
    for base in reversed(tuple(bases)):
        config = config.over(base)
    return config


#: Where our settings are in a file that is shared with other programs.
_TABLE = ("tool", "rosetta-spec")

#: A larger file is rejected, and so is a key of more parts, which takes `tomllib` quadratic time.
_MAX_BYTES = 256 * 1024
_MAX_PARTS = 100
_LONG_KEY = re.compile(
    r"""(?<![\w-])(?:(?>[\w-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')[ \t]*\.[ \t]*){100}"""
)

#: How `tomllib` ends its messages.
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

#: Python does not write integers of thousands of digits. Source: TOML 1.0, section Integer.
_LARGEST = 2**63

#: No valid setting is nested deeper. `jsonschema` writes out values whole.
_DEPTH = 4


class TomlFile:
    """A configuration file; `filename` is how it is shown, `settings` what it sets for us."""

    def __init__(self, path: str, content: bytes, text: Text, data: dict[str, Any]) -> None:
        self.path = path
        self.content = content
        self.filename = shown_path(path)
        self.folder = os.path.dirname(path)
        self._root: Pointer = _TABLE if os.path.basename(path) == SHARED else ()
        self._text = text
        settings: Any = data
        for key in self._root:
            settings = settings.get(key) if isinstance(settings, dict) else None
        self.has_settings = settings is not None
        self.settings = _as_json({} if settings is None else settings, _DEPTH)

    @cached_property
    def _places(self) -> dict[Pointer, tuple[int, int]]:
        return TomlPlaces(self._text.content).places

    def location(self, pointer: Pointer, part: Literal["value", "key", "start"]) -> Location:
        """Find the row and column of a value, or of its key, among the settings.

        What is not in the text, such as a missing value, is found at what is above it: the header
        of its table, or the start of the text.
        """
        pointer = (*self._root, *pointer)
        while pointer and pointer not in self._places:
            pointer = pointer[:-1]
        return self._text.location(self._places.get(pointer, (0, 0))[part == "value"])

    def error(self, problems: Iterable[FileProblem]) -> WrongFileError:
        """Make an error of the problem that is first in the text."""
        return WrongFileError.of_first(
            self.filename, problems, lambda each: self.location(each.pointer, each.part)
        )


def _as_json(value: Any, depth: int) -> Json:  # noqa: ANN401 - any TOML
    """Turn settings into JSON that can be validated: a date is a string."""
    if isinstance(value, dict):
        return {key: _as_json(item, depth - 1) for key, item in value.items()} if depth else {}
    if isinstance(value, list):
        return [_as_json(item, depth - 1) for item in value] if depth else []
    if isinstance(value, int):
        return min(value, _LARGEST)
    return value if isinstance(value, float) else str(value)


def read_content(path: str) -> bytes:
    """Read the bytes of a configuration file.

    Raises:
        WrongFileError: it cannot be read, or is too large.
    """
    return read_limited(Path(path), shown_path(path), "configuration file", _MAX_BYTES)


def parse_toml(path: str, content: bytes | None = None) -> TomlFile:
    """Parse a configuration file; `content` replaces that of the file at the path.

    Raises:
        WrongFileError: it cannot be read, or is not TOML in UTF-8.
    """
    content = read_content(path) if content is None else content
    try:
        # TOML has two line breaks, and `tomllib` counts its columns with one of them.
        text = Text(content.decode().replace("\r\n", "\n"))
        if found := _LONG_KEY.search(text.content):
            location = text.location(found.start())
            cause, remedy = f"this key has more than {_MAX_PARTS} parts", "write a shorter key"
        else:
            return TomlFile(path, content, text, tomllib.loads(text.content))
    except UnicodeDecodeError as error:
        before = Text(content[: error.start].decode())
        location = before.location(len(before.content))
        cause, remedy = "this is not UTF-8", "save it as UTF-8"
    except RecursionError:
        location = Location(1, 1)
        cause, remedy = "lists or tables are nested too deeply", "write them flat"
    except ValueError as error:
        place = _PLACE.search(str(error))
        location = text.location(len(text.content)) if place else Location(1, 1)
        if place and place[1]:
            location = Location(int(place[1]), int(place[2]))
        reason = _PLACE.sub("", str(error))
        cause = f"this is not valid TOML: {reason[:1].lower()}{reason[1:]}"
        remedy = "write it as TOML 1.0 has it, with text in quotes"
    raise WrongFileError(shown_path(path), location, cause, remedy) from None


#: Blanks, line breaks, comments, and the commas between items.
_BETWEEN = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_KEY = re.compile(r'[ \t]*("(?:\\.|[^"\\])*"|\'[^\']*\'|[A-Za-z0-9_-]+)[ \t]*')
_EQUALS = re.compile(r"=[ \t]*")
_BRACKETS = re.compile(r"\[\[?|\]\]?")

#: A scalar. Up to two quotes before the end of a long string may be part of it.
_SCALAR = re.compile(
    r'"""(?:\\[\s\S]|[^\\])*?"""(?:"{0,2})|\'\'\'[\s\S]*?\'\'\'(?:\'{0,2})'
    r'|"(?:\\.|[^"\\])*"|\'[^\']*\'|[^,\]}#\n]*'
)


class TomlPlaces:
    """Finds keys and values in a TOML text, whose places `tomllib` does not report.

    `places` are the offsets of key and value, in code points, by pointer. The key of an item is the
    item. A table with a header is at its header, the first one of a list of tables.
    """

    def __init__(self, content: str) -> None:
        self._content = content
        self.places: dict[Pointer, tuple[int, int]] = {}
        table: Pointer = ()
        at = self._after(_BETWEEN, 0)
        while at < len(content):
            if content[at] == "[":
                table, at = self._keys(self._after(_BRACKETS, at), (), header=at)
                at = self._after(_BRACKETS, at)
            else:
                at = self._pair(at, table)
            at = self._after(_BETWEEN, at)

    def _after(self, pattern: re.Pattern[str], at: int) -> int:
        found = pattern.match(self._content, at)
        return found.end() if found else at

    def _keys(self, at: int, path: Pointer, header: int | None = None) -> tuple[Pointer, int]:
        """Read the parts of a key; return its pointer, and what comes after."""
        while True:
            found = _KEY.match(self._content, at)
            assert found  # noqa: S101 - `tomllib` has read it
            at = found.start(1) if header is None else header
            key = found[1]
            path = (*path, next(iter(tomllib.loads(f"{key} = 0"))) if key[0] in "\"'" else key)
            self.places.setdefault(path, (at, at))
            at = found.end()
            if self._content[at] != ".":
                return path, at
            at += 1

    def _pair(self, at: int, table: Pointer) -> int:
        """Read `key = value`, and return its end."""
        path, at = self._keys(at, table)
        at = self._after(_EQUALS, at)
        self.places[path] = self.places[path][0], at
        return self._value(at, path)

    def _value(self, at: int, path: Pointer) -> int:
        """Read a value, and return its end."""
        opening = self._content[at]
        if opening not in "[{":
            return self._after(_SCALAR, at)
        number = 0
        at = self._after(_BETWEEN, at + 1)
        while self._content[at] not in "]}":
            if opening == "{":
                at = self._pair(at, path)
            else:
                item = (*path, number)
                self.places[item] = at, at
                at = self._value(at, item)
                number += 1
            at = self._after(_BETWEEN, at)
        return at + 1
