"""Load configuration files, with what they extend and the rulesets that they name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple

from rosetta_spec.config.config import (
    OFF,
    Config,
    FileIgnores,
    NamedRules,
    Origin,
    Patterns,
    RuleSettings,
    Setting,
    extended,
)
from rosetta_spec.config.toml_file import TomlFile, parse_toml, read_toml, real_place, shown_path
from rosetta_spec.document.values import Json
from rosetta_spec.errors import FileProblem
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.schema import CONFIG_SCHEMA
from rosetta_spec.request.wording import (
    nearest_name,
    one_of,
    place_called,
    printable_name,
    shown,
    suggestion,
)
from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import (
    Ruleset,
    SelectionError,
    builtin_ruleset,
    code_of,
    codes_of,
    ignored_code_of,
    ignored_codes_of,
)
from rosetta_spec.spec.schema_errors import SchemaError, schema_errors

#: The types of the schema, as people who write TOML call them.
_TYPES = {
    "string": "a string",
    "array": "a list",
    "object": "a table",
    "boolean": "true or false",
}


def schema_problems(settings: Json) -> Iterator[FileProblem]:
    """Yield what `config.schema.json` rejects in settings."""
    for error in schema_errors(_cut(settings, _DEPTH), CONFIG_SCHEMA):
        yield from _EXPLAINERS[error.keyword](error)


#: Python does not write integers of thousands of digits. Source: TOML 1.0, section Integer.
_LARGEST = 2**63

#: More patterns in a setting would take seconds to compile.
_MOST_PATTERNS = 1_000

#: No valid setting is nested deeper. `jsonschema` writes out values whole.
_DEPTH = 4


def _cut(value: Json, depth: int) -> Json:
    if isinstance(value, dict):
        return {key: _cut(item, depth - 1) for key, item in value.items()} if depth else {}
    if isinstance(value, list):
        return [_cut(item, depth - 1) for item in value] if depth else []
    return min(value, _LARGEST) if isinstance(value, int) else value


def _name(error: SchemaError) -> str:
    return place_called(error.path) if error.path else "what is set"


def _called(value: Json) -> str:
    if isinstance(value, str):
        return f"the string {shown(value)}"
    if isinstance(value, bool):
        return shown(value)
    if isinstance(value, int | float):
        return f"the number {shown(value)}"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else "a date or time"


def _wrong_type(error: SchemaError) -> Iterator[FileProblem]:
    names = [error.expected] if isinstance(error.expected, str) else error.expected
    wanted = one_of(_TYPES[name] for name in names)
    cause = f"{_name(error)} is {_called(error.value)}, not {wanted}"
    yield FileProblem(error.path, cause, error.schema["errorMessage"])


def _unlisted(error: SchemaError) -> Iterator[FileProblem]:
    # The type of a value that is not a string is reported elsewhere.
    if isinstance(error.value, str):
        cause = f"{_name(error)} cannot be {shown(error.value)}"
        yield FileProblem(error.path, cause, suggestion(error.value, error.expected))


#: What other programs have in patterns, and git has not in this way, with what to write.
_NO_SIGNS = {
    "{": "braces have no meaning here; write a pattern for each name",
    "}": "braces have no meaning here; write a pattern for each name",
    "\\": "write / between folders, and brackets around a character that is meant literally: [*]",
}


def _wrong_pattern(error: SchemaError) -> Iterator[FileProblem]:
    cause = f"the pattern {shown(error.value)} will not do"
    remedy = next(
        (advice for sign, advice in _NO_SIGNS.items() if sign in error.value),
        error.schema["patternErrorMessage"],
    )
    if error.is_about_key:
        yield FileProblem((*error.path, error.value), cause, remedy, "key")
    else:
        yield FileProblem(error.path, cause, remedy)


def _unknown_keys(error: SchemaError) -> Iterator[FileProblem]:
    known = error.schema["properties"]
    for key in error.value:
        if key not in known:
            free = [name for name in known if name not in error.value]
            near = nearest_name(key, free)
            remedy = f"did you mean {near}?" if near else f"remove it, or write {one_of(free)}"
            yield FileProblem((key,), f"there is no setting {printable_name(key)}", remedy, "key")


_EXPLAINERS: dict[str, Callable[[SchemaError], Iterator[FileProblem]]] = {
    "type": _wrong_type,
    "enum": _unlisted,
    "pattern": _wrong_pattern,
    "additionalProperties": _unknown_keys,
}


#: Files in a chain in which each extends the next.
_LONGEST_CHAIN = 100


class ConfigLoader:
    """Loads configuration files, and once each file that they extend, and each ruleset."""

    def __init__(self) -> None:
        self._bases: dict[str, Config] = {}
        self._rulesets: dict[tuple[str, ...], Ruleset] = {(): builtin_ruleset()}
        self._contents: dict[str, bytes] = {}

    def load(self, path: str, content: bytes | None = None) -> Config:
        """Load the configuration file at a path, with what it extends.

        `content` replaces that of the file.

        Raises:
            ConfigError: it cannot be used, or one that it extends cannot.
            RulesetError: a ruleset of theirs cannot be used.
        """
        path = real_place(path)
        file = read_toml(path) if content is None else parse_toml(path, content)
        if not file.has_settings:
            cause = "this file has no table [tool.rosetta-spec]"
            raise file.error([FileProblem((), cause, "add it, or name another file")])
        return self._config(file, (path,))

    def _config(self, file: TomlFile, chain: tuple[str, ...]) -> Config:
        """Make a config of a file; `chain` leads from the file to load to this one."""
        problems = list(schema_problems(file.settings))
        if problems:
            raise file.error(problems)
        bases = [self._base(file, *named, chain) for named in _files_named(file, "extend")]
        own = Config((file.filename,), self._rulesets[()], rulesets=_ruleset_paths(file))
        rulesets = extended(own, bases).rulesets
        paths = rulesets.value if rulesets else ()
        own = own._replace(
            ruleset=self._ruleset(paths),
            inputs={file.path: file.content, **{path: self._contents[path] for path in paths}},
        )
        return extended(_Reader(file, own).config(), bases)

    def _base(self, file: TomlFile, pointer: Pointer, path: str, chain: tuple[str, ...]) -> Config:
        """Load a file that another one extends."""
        if path in chain:
            cause = f"extending {shown(shown_path(path))} leads back to where it began"
            raise file.error([FileProblem(pointer, cause, "remove it")])
        if len(chain) > _LONGEST_CHAIN:
            cause = f"extending goes on through more than {_LONGEST_CHAIN} files"
            raise file.error([FileProblem(pointer, cause, "extend fewer")])
        if path not in self._bases:
            base = read_toml(path)
            if not base.has_settings:
                cause = f"{shown(shown_path(path))} has no table [tool.rosetta-spec]"
                remedy = "add it there, or extend another file"
                raise file.error([FileProblem(pointer, cause, remedy)])
            self._bases[path] = self._config(base, (*chain, path))
        return self._bases[path]

    def _ruleset(self, paths: tuple[str, ...]) -> Ruleset:
        if paths not in self._rulesets:
            *others, path = paths
            beside = self._ruleset(tuple(others))
            # What cannot be read is reported below.
            with suppress(OSError):
                self._contents[path] = Path(path).read_bytes()
            rules = load_ruleset(Path(shown_path(path)), beside).rules
            self._rulesets[paths] = beside.with_rules(rules)
        return self._rulesets[paths]


def _ruleset_paths(file: TomlFile) -> Setting[tuple[str, ...]] | None:
    if "rulesets" not in file.settings:
        return None
    paths = tuple(path for _, path in _files_named(file, "rulesets"))
    return Setting(paths, Origin(file=file, pointer=("rulesets",)))


def _files_named(file: TomlFile, key: str) -> Iterator[tuple[Pointer, str]]:
    """Yield the places of the paths in a setting, and the real paths."""
    value = file.settings.get(key, [])
    is_one = isinstance(value, str)
    for index, name in enumerate([value] if is_one else value):
        pointer = (key,) if is_one else (key, index)
        path = os.path.join(file.folder, name)
        if not os.path.isfile(path):
            remedy = "write a path from the folder of this file"
            raise file.error([FileProblem(pointer, f"there is no file {shown(name)}", remedy)])
        yield pointer, real_place(path)


class _Mention(NamedTuple):
    """A place where a setting mentions a rule, and whether it wants it to be silent."""

    pointer: Pointer
    is_off: bool
    is_key: bool = False


class _Reader:
    """Reads the settings of one file that fits the schema, and collects what is wrong in them."""

    def __init__(self, file: TomlFile, config: Config) -> None:
        self._file = file
        self._settings = file.settings
        self._own = config
        self._problems: list[FileProblem] = []

    def config(self) -> Config:
        """Return the config with the settings of its file.

        Raises:
            ConfigError: it names a rule that is not in the ruleset, turns off one that cannot be
                turned off, or has a pattern that could never match.
        """
        fail_on = self._settings.get("fail-on")
        config = self._own._replace(
            include=self._file_patterns("include"),
            exclude=self._file_patterns("exclude"),
            rules=RuleSettings(self._named("select"), self._named("ignore"), self._severities()),
            ignored=self._ignored("per-file-ignores"),
            fail_on=Setting(fail_on, self._origin("fail-on")) if fail_on else None,
            fail_on_no_files=self._flag("fail-on-no-files"),
        )
        if self._problems:
            raise self._file.error(self._problems)
        return config

    def _flag(self, key: str) -> Setting[bool] | None:
        return Setting(self._settings[key], self._origin(key)) if key in self._settings else None

    def _origin(self, *pointer: str) -> Origin:
        return Origin(file=self._file, pointer=pointer)

    def _code(self, name: str, mention: _Mention) -> str:
        try:
            return (ignored_code_of if mention.is_off else code_of)(self._own.ruleset, name)
        except SelectionError as error:
            ruleset = self._own.ruleset
            is_prefix = ruleset.codes(name) and not ruleset.find(name)
            remedy = "severity takes whole codes and names" if is_prefix else error.remedy
            self._add(mention, error.cause, remedy)
            return ""

    def _add(self, mention: _Mention, cause: str, remedy: str) -> None:
        part: Literal["key", "value"] = "key" if mention.is_key else "value"
        self._problems.append(FileProblem(mention.pointer, cause, remedy, part))

    def _codes(self, names: Iterable[str], pointer: Pointer, *, is_off: bool) -> frozenset[str]:
        found: set[str] = set()
        for index, name in enumerate(names):
            try:
                found |= (ignored_codes_of if is_off else codes_of)(self._own.ruleset, name)
            except SelectionError as error:
                self._add(_Mention((*pointer, index), is_off), error.cause, error.remedy)
        return frozenset(found)

    def _named(self, key: str) -> NamedRules | None:
        if key not in self._settings:
            return None
        codes = self._codes(self._settings[key], (key,), is_off=key == "ignore")
        return Setting(codes, self._origin(key))

    def _severities(self) -> dict[str, Setting[str]]:
        found: dict[str, Setting[str]] = {}
        for name, severity in self._settings.get("severity", {}).items():
            mention = _Mention(("severity", name), severity == OFF, is_key=True)
            code = self._code(name, mention)
            if code and code in found:
                cause = f"{code} has a severity twice, by its code and by its name"
                self._add(mention, cause, "remove one of them")
            found[code] = Setting(severity, self._origin("severity", name))
        return found

    def _ignored(self, key: str) -> dict[str, FileIgnores]:
        found: dict[str, FileIgnores] = {}
        self._check_count(key)
        if self._problems:
            return found
        for pattern, names in self._settings.get(key, {}).items():
            codes = self._codes(names, (key, pattern), is_off=True)
            rules = Setting(codes, self._origin(key, pattern))
            patterns = self._patterns([pattern], _Mention((key, pattern), is_off=True, is_key=True))
            found[pattern] = FileIgnores(patterns, rules)
        return found

    def _file_patterns(self, key: str) -> Setting[Patterns] | None:
        if key not in self._settings:
            return None
        patterns = self._settings[key]
        self._check_count(key)
        if self._problems:
            return None
        for index, pattern in enumerate(patterns):
            self._patterns([pattern], _Mention((key, index), is_off=False))
        if self._problems:
            return None
        return Setting(Patterns(patterns, self._file.folder), self._origin(key))

    def _check_count(self, key: str) -> None:
        if len(self._settings.get(key, ())) > _MOST_PATTERNS:
            cause = f"{key} has more than {_MOST_PATTERNS:,} patterns"
            self._add(_Mention((key,), is_off=False, is_key=True), cause, "name folders instead")

    def _patterns(self, patterns: list[str], mention: _Mention) -> Patterns:
        try:
            return Patterns(patterns, self._file.folder)
        except ValueError:
            cause = f"the pattern {shown(patterns[0])} will not do"
            remedy = 'write a name such as "generated", with no more than 3 stars'
            self._add(mention, cause, remedy)
            return Patterns((), self._file.folder)
