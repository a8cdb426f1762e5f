"""What configuration files set, as values: rules, patterns, and where each setting is."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from rosetta_spec.config.toml_file import TomlFile
from rosetta_spec.diagnostic import Severity
from rosetta_spec.pointer import Pointer
from rosetta_spec.spec.ruleset import ALWAYS, Rule, Ruleset

T = TypeVar("T")

#: The severity of a rule that is not to report anything.
OFF = "off"


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
        is_selected, selected_by = _is_selected(rule.code, call, config, here)
        severity = config.severity.get(rule.code)
        if severity is None or severity.value == OFF:
            yield RuleStatus(rule, is_selected, selected_by, None)
        else:
            changed = rule._replace(severity=Severity(severity.value))
            yield RuleStatus(changed, is_selected, selected_by, severity.origin)


def _is_selected(
    code: str, call: RuleSettings, config: RuleSettings, here: tuple[NamedRules, ...]
) -> tuple[bool, Origin | None]:
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
    return True, select.origin if select else None


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
        is_match: bool = spec.match_file("/".join(names[shared:]))
        return is_match


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
    file fails. `inputs` is the content of all files that were read, by real path. `problem` is why
    the file cannot be used.
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
    inputs: Mapping[str, bytes] = {}
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
