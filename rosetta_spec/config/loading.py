"""Load configuration files, with what they extend and the rulesets that they name.

What was loaded is compiled for the fast path. If a file cannot be used, methods raise
`WrongFileError`.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from rosetta_spec.config.config import Config, FileIgnores, Origin, Setting, extended, rule_statuses
from rosetta_spec.config.patterns import Patterns
from rosetta_spec.config.toml_file import TABLE, TomlFile, parse_toml
from rosetta_spec.errors import FileProblem, Part, WrongFileError
from rosetta_spec.fast.config_cache import load, may_have_table, repository_of, search_path, store
from rosetta_spec.fast.formats import MAX_BYTES
from rosetta_spec.files.content import read_whole, without_waiting
from rosetta_spec.files.names import path_of, real_path, relative_path, shown_path, with_real_folder
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.schema import CONFIG_SCHEMA
from rosetta_spec.request.wording import name_called, shown
from rosetta_spec.spec.acceptor_generator import acceptor_source
from rosetta_spec.spec.loading import Inputs, load_ruleset, named_files
from rosetta_spec.spec.ruleset import (
    OFF,
    Ruleset,
    SelectionError,
    builtin_ruleset,
    codes_of,
    is_ours,
)
from rosetta_spec.spec.schema_errors import schema_problems

_T = TypeVar("_T")

#: More patterns in a setting would take seconds to compile.
_MAX_PATTERNS = 1_000

#: Keys by which the table for `pyproject.toml` is recognized in another file.
_HEADERS = tuple((name,) for name in TABLE)
_NO_TABLE = "only pyproject.toml has such a table; remove its header, and keep the keys below it"


class ConfigLoader:
    """Loads configuration files, and once each file that they extend, and each ruleset."""

    def __init__(self) -> None:
        self._bases: dict[str, Config] = {}
        self._rulesets: dict[tuple[str, ...], Ruleset] = {(): builtin_ruleset()}
        #: What each ruleset was loaded from, by its path.
        self._inputs: dict[str, Inputs] = {}
        self._named: set[str] = set()

    @property
    def files(self) -> set[str]:
        """The real paths of all configuration files and rulesets that were named, wrong or not."""
        inputs = (item for each in self._inputs.values() for item in each.items())
        return self._named | {path for path, content in inputs if content is not None}

    def content_without_table(self, path: str) -> bytes | None:
        """Return the content of a `pyproject.toml`, or None if it has our table.

        It is empty if the file can be passed over as bytes, as the fast path does.
        """
        if not _may_have_table(path):
            return b""
        with _hiding_what_is_outside(path):
            file = parse_toml(path)
        return None if file.has_settings else file.content

    def load(self, path: str, content: bytes | None = None) -> Config:
        """Load the configuration file at a path, with what it extends.

        `content` replaces that of the file.
        """
        path = with_real_folder(path)
        self._named.add(path)
        with _hiding_what_is_outside(path):
            file = parse_toml(path, content)
            if not file.has_settings:
                cause = "this file has no table [tool.rosetta-spec]"
                raise file.error([FileProblem((), cause, "add it, or name another file")])
            return self._config(file, (path,))

    def store_compiled(self, configs: Mapping[str, Config], others: Mapping[str, bytes]) -> None:
        """Compile configuration files, by their paths, for the fast path, if they are new.

        `others` are results of `content_without_table`.
        """
        for path, config in configs.items():
            # The fast path looks for no rule that is off by default.
            statuses = rule_statuses(config)
            has_opt_in = any(it.is_selected and it.rule.is_opt_in for it in statuses)
            if not (has_opt_in or config.problem) and load(path) is None:
                rules = config.ruleset.rules
                acceptor = None
                if not all(is_ours(rule.code) for rule in rules):
                    acceptor = compile(acceptor_source(rules), "<acceptor>", "exec")
                compiled = {
                    "is_ours": True,
                    "has_include": config.include is not None,
                    "exclude": _simple_exclude(path, config),
                    "acceptor": acceptor,
                    # Packages may be elsewhere on another search path.
                    "search_path": search_path() if len(config.inputs) > 1 else None,
                }
                store(path, config.inputs, compiled)
        for path, content in others.items():
            if content and load(path) is None:
                store(path, {path: content}, {"is_ours": False})

    def _config(self, file: TomlFile, chain: tuple[str, ...]) -> Config:
        """Make a config of a file; `chain` leads from the file to load to this one."""
        problems = schema_problems(file.settings, CONFIG_SCHEMA)
        file.reject(
            each._replace(remedy=_NO_TABLE) if each.pointer in _HEADERS else each
            for each in problems
        )
        inputs: dict[str, bytes | None] = {file.path: file.content}
        own = Config((file.filename,), self._rulesets[()])
        if "rulesets" in file.settings:
            names = file.settings["rulesets"]
            named = [it for _, it in named_files(names, "rulesets", file.path, file)]
            paths = tuple(each.path for each in named)
            self._named.update(paths)
            inputs.update(dict.fromkeys(above for found in named for above in found.above))
            origin = Origin(file=file, pointer=("rulesets",))
            own = own._replace(rulesets=Setting(paths, origin))
        bases: list[Config] = []
        extend = file.settings.get("extend", [])
        for pointer, found in named_files(extend, "extend", file.path, file, chain):
            bases.append(self._base(file, pointer, found.path, chain))
            inputs.update(dict.fromkeys(found.above))
        rulesets = extended(own, bases).rulesets
        paths = rulesets.value if rulesets else ()
        own = own._replace(ruleset=self._ruleset(paths), inputs=inputs)
        for path in paths:
            inputs.update(self._inputs[path])
        return extended(_Reader(file, own).config(), bases)

    def _base(self, file: TomlFile, pointer: Pointer, path: str, chain: tuple[str, ...]) -> Config:
        """Load a file that another one extends."""
        if path not in self._bases:
            self._named.add(path)
            base = parse_toml(path)
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
            self._inputs[path] = {}
            rules = load_ruleset(Path(relative_path(path)), beside, inputs=self._inputs[path]).rules
            self._rulesets[paths] = beside.with_rules(rules)
        return self._rulesets[paths]


def _may_have_table(path: str) -> bool:
    """Whether a `pyproject.toml` may have our table, or cannot be read to its end."""
    try:
        with open(path, "rb", opener=without_waiting) as stream:
            content = read_whole(stream)
    except OSError:
        return True
    return len(content) > MAX_BYTES or may_have_table(content)


@contextmanager
def _hiding_what_is_outside(path: str) -> Iterator[None]:
    """Keep the text of files outside the repository of a configuration file out of messages.

    Such a file may be anything that the user can read, and messages are in public logs.
    """
    try:
        yield
    except WrongFileError as error:
        root = repository_of(os.path.realpath(os.path.dirname(path)))
        if root is None or real_path(path_of(error.filename)).startswith(os.path.join(root, "")):
            raise
        cause = "this file is outside the repository and cannot be used"
        remedy = "name it with --config or rule --verify to see why"
        raise WrongFileError(error.filename, error.location, cause, remedy) from None


#: What the fast path would have to translate, as it would what is not ASCII in some locales.
_WILDCARDS = frozenset("*?[]\\#!")


def _simple_exclude(path: str, config: Config) -> tuple[str, ...] | None:
    """Return patterns that are names or paths from the folder of the configuration file."""
    if config.exclude is None:
        return ()
    patterns = config.exclude.value
    are_simple = all(
        pattern.isascii()
        and _WILDCARDS.isdisjoint(pattern)
        and pattern == pattern.strip()
        and not {"", ".", ".."} & set(pattern.strip("/").split("/"))
        and "//" not in pattern
        for pattern in patterns.patterns
    )
    is_here = patterns.folder == os.path.dirname(path)
    return patterns.patterns if is_here and are_simple else None


class _Reader:
    """Reads the settings of one file that fits the schema, and collects what is wrong in them."""

    def __init__(self, file: TomlFile, config: Config) -> None:
        self._file = file
        self._settings = file.settings
        self._own = config
        self._problems: list[FileProblem] = []

    def config(self) -> Config:
        """Return the config with the settings of its file."""
        config = self._own._replace(
            include=self._setting("include", self._patterns),
            exclude=self._setting("exclude", self._patterns),
            select=self._setting("select", self._codes),
            ignore=self._setting("ignore", self._codes),
            severity=self._severities(),
            file_ignores=self._ignored("per-file-ignores"),
            fail_on=self._setting("fail-on", self._settings.get),
            fail_on_no_files=self._setting("fail-on-no-files", self._settings.get),
        )
        self._file.reject(self._problems)
        return config

    def _setting(self, key: str, value_of: Callable[[str], _T]) -> Setting[_T] | None:
        return Setting(value_of(key), self._origin(key)) if key in self._settings else None

    def _origin(self, *pointer: str) -> Origin:
        return Origin(file=self._file, pointer=pointer)

    def _reject(self, pointer: Pointer, cause: str, remedy: str, part: Part = "value") -> None:
        self._problems.append(FileProblem(pointer, cause, remedy, part))

    def _codes(self, key: str) -> frozenset[str]:
        return self._codes_of(self._settings[key], (key,), is_off=key == "ignore")

    def _codes_of(self, names: Iterable[str], pointer: Pointer, *, is_off: bool) -> frozenset[str]:
        found: set[str] = set()
        for index, name in enumerate(names):
            try:
                found |= codes_of(self._own.ruleset, name, is_off=is_off)
            except SelectionError as error:
                self._reject((*pointer, index), error.cause, error.remedy)
        return frozenset(found)

    def _severities(self) -> dict[str, Setting[str]]:
        found: dict[str, Setting[str]] = {}
        ruleset = self._own.ruleset
        for name, severity in self._settings.get("severity", {}).items():
            pointer = ("severity", name)
            rule = ruleset.find(name)
            try:
                codes_of(ruleset, name, is_off=severity == OFF)
            except SelectionError as error:
                self._reject(pointer, error.cause, error.remedy, "key")
                continue
            if rule is None:
                cause = f"there is no rule {name_called(name)}"
                self._reject(pointer, cause, "severity takes whole codes and names", "key")
            elif rule.code in found:
                cause = f"{rule.code} has a severity twice, by its code and by its name"
                self._reject(pointer, cause, "remove one of them", "key")
            else:
                found[rule.code] = Setting(severity, self._origin(*pointer))
        return found

    def _ignored(self, key: str) -> dict[str, FileIgnores]:
        found: dict[str, FileIgnores] = {}
        for pattern in self._usable_patterns(key):
            codes = self._codes_of(self._settings[key][pattern], (key, pattern), is_off=True)
            rules = Setting(codes, self._origin(key, pattern))
            found[pattern] = FileIgnores(Patterns([pattern], self._file.folder), rules)
        return found

    def _patterns(self, key: str) -> Patterns:
        return Patterns(self._usable_patterns(key), self._file.folder)

    def _usable_patterns(self, key: str) -> list[str]:
        patterns = self._settings.get(key, ())
        if len(patterns) > _MAX_PATTERNS:
            cause = f"{key} has more than {_MAX_PATTERNS:,} patterns"
            self._reject((key,), cause, "name folders instead", "key")
            return []
        usable = []
        for index, pattern in enumerate(patterns):
            try:
                Patterns([pattern], self._file.folder)
            except ValueError:
                cause = f"the pattern {shown(pattern)} could never match"
                remedy = 'write a name such as "generated"; [[] is a bracket'
                # The keys of a table have no index.
                is_key = isinstance(patterns, dict)
                pointer = (key, pattern if is_key else index)
                self._reject(pointer, cause, remedy, "key" if is_key else "value")
            else:
                usable.append(pattern)
        return usable
