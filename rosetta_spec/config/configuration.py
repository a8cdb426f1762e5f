"""Decide which settings apply to each file of a run, and compile them for the fast path."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from os import PathLike
from types import CodeType
from typing import NamedTuple

from rosetta_spec.config.config import (
    Config,
    NamedRules,
    Origin,
    RuleSettings,
    RuleStatus,
    Setting,
    rule_statuses,
)
from rosetta_spec.config.lookup import ConfigLookup, FileSelection, Overrides
from rosetta_spec.fast.config import load, store
from rosetta_spec.files.discovery import Source, real_file
from rosetta_spec.spec.acceptor_generator import acceptor_source
from rosetta_spec.spec.ruleset import (
    Rule,
    Ruleset,
    builtin_ruleset,
    code_of,
    ignored_code_of,
    is_ours,
)

#: What the fast path would have to translate.
_WILDCARDS = frozenset("*?[]\\#")


def store_compiled(configs: Mapping[str, Config], others: Mapping[str, bytes]) -> None:
    """Store what is not stored yet: configs by path, and files of others that look like ours."""
    for path, config in configs.items():
        if load(path) is None:
            compiled = {
                "is_ours": True,
                "has_include": config.include is not None,
                "exclude": _simple_exclude(path, config),
                "acceptor": _acceptor(config),
            }
            store(path, config.inputs, compiled)
    for path, content in others.items():
        if load(path) is None:
            store(path, {path: content}, {"is_ours": False})


def _simple_exclude(path: str, config: Config) -> tuple[str, ...] | None:
    """Return patterns that are names or paths from the folder of the configuration file."""
    if config.exclude is None:
        return ()
    patterns = config.exclude.value
    is_here = patterns.folder == os.path.dirname(path)
    return patterns.patterns if is_here and all(map(_is_simple, patterns.patterns)) else None


def _is_simple(pattern: str) -> bool:
    return (
        _WILDCARDS.isdisjoint(pattern)
        and pattern == pattern.strip()
        and not {"", ".", ".."} & set(pattern.strip("/").split("/"))
        and "//" not in pattern
    )


def _acceptor(config: Config) -> CodeType | None:
    if all(is_ours(rule.code) for rule in config.ruleset.rules):
        return None
    return compile(acceptor_source(config.ruleset.rules), "<acceptor>", "exec")


class Settings(NamedTuple):
    """How files are checked.

    `rules` are the selected ones, with the severities that they have here; None is ours as they are
    declared. `fail_on` is the least severity that makes the exit status 1, or `never`. `ruleset`
    are all known rules, which comments may name; None is ours and `rules`.
    """

    rules: tuple[Rule, ...] | None = None
    fail_on: str = "error"
    ruleset: Ruleset | None = None


class Configuration:
    """The settings of files; `settings` are those of all files that were looked up so far.

    Methods that look up a file raise `WrongFileError` when a configuration file or a ruleset cannot
    be used.
    """

    def __init__(self, overrides: Overrides) -> None:
        self._overrides = overrides
        self._numbers: dict[object, int] = {}
        self.lookup = ConfigLookup(overrides)
        self.selection = FileSelection(self.lookup, force_exclude=overrides.force_exclude)
        self.settings: tuple[Settings, ...] = ()

    def with_settings(self, sources: Iterable[Source], stdin_filename: str) -> list[Source]:
        """Give files the numbers of their settings, without standard input if it is excluded.

        Raises:
            SelectionError: as in `check_names`.
        """
        found = []
        for source in sources:
            path = source.path or stdin_filename
            if source.path or not self.selection.is_left_out(path):
                found.append(source._replace(settings=self._number_of(path)))
        self.check_names()
        return found

    def settings_of(self, path: str) -> Settings:
        """Return the settings of a file."""
        number = self._number_of(path)
        return self.settings[number]

    def ruleset_of(self, path: str) -> Ruleset:
        """Return all rules that are known for a file, selected or not."""
        config = self.lookup.config_of(path)
        return config.ruleset if config else builtin_ruleset()

    def fail_on_origin(self, config: Config | None) -> Origin | None:
        """Return where it is set which severity makes the exit status 1."""
        if self._overrides.fail_on:
            return Origin("--fail-on")
        return config.fail_on.origin if config and config.fail_on else None

    def rule_statuses(self, path: str) -> list[RuleStatus]:
        """Return the status of each rule for a file."""
        path = real_file(path)
        config = self.lookup.config_of(path)
        return self._statuses(config, self._ignored_in(path, config))

    def check_names(self) -> None:
        """Check that the rulesets of all files so far have the rules that the call names.

        Raises:
            SelectionError: a rule is in none of them, or one that cannot be disabled is ignored.
        """
        if not self._overrides.names:
            return
        rulesets = (builtin_ruleset(), *(each.ruleset for each in self.lookup.configs.values()))
        rules = {rule.code: rule for each in rulesets for rule in each.rules}
        known = Ruleset(()).with_rules(rules.values())
        for name in self._overrides.select:
            code_of(known, name)
        for name in self._overrides.ignore:
            ignored_code_of(known, name)

    def store_compiled(self) -> None:
        """Compile the configuration files that were found for the fast path."""
        if self._overrides.config is None:
            store_compiled(self.lookup.configs, self.lookup.others)

    def _number_of(self, path: str) -> int:
        path = real_file(path)
        config = self.lookup.config_of(path)
        here = self._ignored_in(path, config)
        key = (id(config), frozenset().union(*(named.value for named in here)))
        if key not in self._numbers:
            self._numbers[key] = len(self.settings)
            self.settings += (self._settings(config, here),)
        return self._numbers[key]

    def _ignored_in(self, path: str, config: Config | None) -> tuple[NamedRules, ...]:
        if config is None or not config.ignored:
            return ()
        return config.ignored_in(self.lookup.real_path(path))

    def _settings(self, config: Config | None, here: tuple[NamedRules, ...]) -> Settings:
        default = config.fail_on.value if config and config.fail_on else Settings().fail_on
        rules = None
        if config or self._overrides.names:
            rules = tuple(it.rule for it in self._statuses(config, here) if it.is_selected)
        fail_on = self._overrides.fail_on or default
        return Settings(rules, fail_on, config.ruleset if config else None)

    def _statuses(self, config: Config | None, here: tuple[NamedRules, ...]) -> list[RuleStatus]:
        ruleset = config.ruleset if config else builtin_ruleset()
        call = RuleSettings(
            select=_named("--select", self._overrides.select, ruleset),
            ignore=_named("--ignore", self._overrides.ignore, ruleset),
        )
        return list(rule_statuses(ruleset, call, config.rules if config else RuleSettings(), here))


def _named(option: str, names: Iterable[str], ruleset: Ruleset) -> NamedRules | None:
    codes = frozenset(rule.code for name in names for rule in [ruleset.find(name)] if rule)
    return Setting(codes, Origin(option)) if names else None


def settings_of(path: str | PathLike[str], *, config: str | None = None) -> Settings:
    """Return the settings of the file at `path`, to check it in Python.

    `check(path, rules=settings_of(path).rules)` finds what the command finds. `config` is the
    configuration file to use, by default the closest one above the file; without any, all of our
    rules apply as they are declared.

    Raises:
        WrongFileError: the configuration file, or a ruleset that it names, cannot be used.
    """
    return Configuration(Overrides(config)).settings_of(os.fspath(path))
