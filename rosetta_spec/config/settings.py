"""Find the configuration of each file, decide which files are read, and which settings apply."""

import os
from collections.abc import Iterable
from functools import cache, cached_property
from os import PathLike
from typing import TYPE_CHECKING, NamedTuple

from rosetta_spec.config.config import (
    Config,
    NamedRules,
    Origin,
    RuleStatus,
    Setting,
    rule_statuses,
)
from rosetta_spec.engine.tally import FAIL_ON
from rosetta_spec.errors import WrongFileError
from rosetta_spec.fast.config_cache import ClosestConfigs
from rosetta_spec.fast.formats import REQUEST_ENDINGS
from rosetta_spec.files.discovery import Source, real_file, shown_name
from rosetta_spec.files.names import with_real_folder
from rosetta_spec.spec.ruleset import ALWAYS, Rule, Ruleset, builtin_ruleset, codes_of

if TYPE_CHECKING:
    from rosetta_spec.config.loading import ConfigLoader
    from rosetta_spec.config.patterns import Patterns


class Overrides(NamedTuple):
    """What a call sets, regardless of the configuration files.

    `config` is the path of one configuration file for all files, instead of the closest ones; with
    `is_isolated` there is none. `select` and `ignore` are codes and names of rules, and
    prefixes of codes. With `force_exclude`, files that are named are excluded too. Rules below
    `min_severity` are not selected.
    """

    config: str | None = None
    is_isolated: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    force_exclude: bool = False
    min_severity: str | None = None
    fail_on_no_files: bool = False


class Settings(NamedTuple):
    """How a file is checked.

    `rules` are the selected rules with their configured severities; None means the built-in rules.
    `fail_on` is the lowest severity that makes the exit status 1, or `never`. `ruleset` has all
    rules that comments may name; None means the built-in rules and `rules`.
    """

    rules: tuple[Rule, ...] | None = None
    fail_on: str = "error"
    ruleset: Ruleset | None = None


def is_request_name(path: str) -> bool:
    """Whether a file found in a folder is a sampling request, by its name."""
    return path.lower().endswith(REQUEST_ENDINGS) and not _is_of_macos(path)


def _is_of_macos(path: str) -> bool:
    """Whether a file is `._name`, in which macOS keeps the metadata of `name` on foreign disks."""
    return os.path.basename(path).startswith("._")


class Configuration:
    """The configuration of each file: which files are read, and with which settings.

    `configs` are those that were loaded so far, by path, and `settings` those of all files that
    were looked up. Methods that look up a file raise `WrongFileError` when a configuration file or
    a ruleset cannot be used; with `is_tolerant`, such files are collected in `wrong`, and the files
    that they govern are left out by `with_settings`.
    """

    def __init__(self, overrides: Overrides, *, is_tolerant: bool = False) -> None:
        self._overrides = overrides
        self._is_tolerant = is_tolerant
        #: The problem of each wrong file, with the files that are not checked.
        self.wrong: dict[str, list[Source]] = {}
        self._closest = ClosestConfigs(self._has_table)
        self._real_folder = cache(os.path.realpath)
        #: Each `pyproject.toml` without our table: see `content_without_table`.
        self._foreign: dict[str, bytes] = {}
        self._empty = self._overridden(Config((), builtin_ruleset()))
        self._indices: dict[object, int] = {}
        self.configs: dict[str, Config] = {}
        self.settings: tuple[Settings, ...] = ()

    @cached_property
    def _loader(self) -> "ConfigLoader":
        # Most runs find no configuration file.
        from rosetta_spec.config.loading import ConfigLoader  # noqa: PLC0415

        return ConfigLoader()

    def _overridden(self, config: Config) -> Config:
        """Apply the options of the call, except those that select rules: see `_statuses`."""
        if self._overrides.fail_on:
            config = config._replace(fail_on=Setting(self._overrides.fail_on, Origin("--fail-on")))
        if self._overrides.fail_on_no_files:
            by_call = Setting(value=True, origin=Origin("--fail-on-no-files"))
            config = config._replace(fail_on_no_files=by_call)
        return config

    def config_of(self, path: str) -> Config:
        """Return the config of a file; without a configuration file, an empty one."""
        if self._overrides.is_isolated:
            return self._empty
        found = self._overrides.config or self._closest.of(self._real_folder(os.path.dirname(path)))
        if not found:
            return self._empty
        if found not in self.configs:
            try:
                self.configs[found] = self._overridden(self._loader.load(found))
            except WrongFileError as error:
                if not self._is_tolerant or self._overrides.config:
                    raise
                self.configs[found] = self._empty._replace(problem=str(error), inputs={found: b""})
                self.wrong.setdefault(str(error), [])
        return self.configs[found]

    def _has_table(self, path: str) -> bool:
        """Whether a `pyproject.toml` has our table, or is reported when it is loaded."""
        try:
            content = self._loader.content_without_table(path)
        except WrongFileError:
            if not self._is_tolerant:
                raise
            return True
        if content is not None:
            self._foreign[path] = content
        return content is None

    def is_wanted(self, path: str) -> bool:
        """Whether a file that was found in a folder is read."""
        include = self.config_of(path).include
        is_wanted = self._matches(include, path) if include else is_request_name(path)
        return is_wanted and not (_is_of_macos(path) or self.is_excluded(path))

    def is_excluded(self, path: str) -> bool:
        """Whether a file or folder is left out when it is found in a folder."""
        exclude = self.config_of(path).exclude
        return exclude is not None and self._matches(exclude, path)

    def _matches(self, setting: Setting["Patterns"], path: str) -> bool:
        return setting.value.has_match(with_real_folder(path, self._real_folder))

    def is_force_excluded(self, path: str) -> bool:
        """Whether a file is left out although it is named."""
        return self._overrides.force_exclude and self.is_excluded(real_file(path))

    def wanted_names(self, folder: str) -> str:
        """Describe which files are read in a folder."""
        config = self.config_of(os.path.join(folder, ""))
        if setting := config.include or config.exclude:
            return f"{setting.origin} says which are read"
        return f"their names end in {', '.join(REQUEST_ENDINGS)}"

    def with_settings(self, sources: Iterable[Source], stdin_filename: str) -> list[Source]:
        """Give files the indices of their settings, and standard input its name.

        Standard input is left out if a file with its name would be.

        Raises:
            SelectionError: as in `check_names`.
        """
        found = []
        for source in sources:
            if problem := self.config_of(real_file(source.path or stdin_filename)).problem:
                self.wrong[problem].append(
                    source if source.path else source._replace(name=stdin_filename)
                )
            elif source.path:
                found.append(source._replace(settings_index=self._index_of(source.path)))
            elif not self.is_force_excluded(stdin_filename):
                index = self._index_of(stdin_filename)
                found.append(Source(shown_name(stdin_filename), None, index))
        self.check_names()
        return sorted(found, key=lambda source: source.name)

    def settings_of(self, path: str) -> Settings:
        """Return the settings of a file."""
        index = self._index_of(path)
        return self.settings[index]

    def fails_without_files(self, paths: Iterable[str]) -> str:
        """Return the setting by which a run that reads no file fails, "" if there is none."""
        for path in paths:
            place = os.path.join(path, "") if os.path.isdir(path) else path
            setting = self.config_of(place).fail_on_no_files
            if setting and setting.value:
                return str(setting.origin)
        return ""

    def rule_statuses(self, path: str) -> list[RuleStatus]:
        """Return the status of each rule for a file."""
        path = real_file(path)
        config = self.config_of(path)
        return self._statuses(config, self._ignored_in(path, config))

    def check_names(self) -> None:
        """Check that the rulesets of all files so far have the rules that the call names.

        Raises:
            SelectionError: a rule is in none of them, or one that cannot be disabled is ignored.
        """
        rulesets = (builtin_ruleset(), *(each.ruleset for each in self.configs.values()))
        rules = {rule.code: rule for each in rulesets for rule in each.rules}
        known = Ruleset(()).with_rules(rules.values())
        for names, is_off in ((self._overrides.select, False), (self._overrides.ignore, True)):
            for name in names:
                # A rule that is not known may be one of a ruleset that cannot be used.
                if not self.wrong or known.codes(name):
                    codes_of(known, name, is_off=is_off)

    @property
    def files(self) -> tuple[str, ...]:
        """The real paths of the configuration files and rulesets that were read so far."""
        return (*self._loader.files, *self._foreign) if self.configs or self._foreign else ()

    def store_compiled(self) -> None:
        """Compile the configuration files that were found for the fast path, if they are new."""
        if not self._overrides.config and (self.configs or self._foreign):
            self._loader.store_compiled(self.configs, self._foreign)

    def _index_of(self, path: str) -> int:
        path = real_file(path)
        config = self.config_of(path)
        ignored = self._ignored_in(path, config)
        key = (id(config), frozenset().union(*(named.value for named in ignored)))
        if key not in self._indices:
            self._indices[key] = len(self.settings)
            self.settings += (self._settings(config, ignored),)
        return self._indices[key]

    def _ignored_in(self, path: str, config: Config) -> tuple[NamedRules, ...]:
        if not config.file_ignores:
            return ()
        return config.ignored_in(with_real_folder(path, self._real_folder))

    def _settings(self, config: Config, ignored: tuple[NamedRules, ...]) -> Settings:
        rules = None
        call = self._overrides
        if config.filenames or call.select or call.ignore or call.min_severity:
            rules = tuple(it.rule for it in self._statuses(config, ignored) if it.is_selected)
        ruleset = config.ruleset if config.filenames else None
        fail_on = config.fail_on.value if config.fail_on else Settings().fail_on
        return Settings(rules, fail_on, ruleset)

    def _statuses(self, config: Config, ignored: tuple[NamedRules, ...]) -> list[RuleStatus]:
        select = _named("--select", self._overrides.select, config.ruleset)
        ignore = _named("--ignore", self._overrides.ignore, config.ruleset)
        statuses = rule_statuses(config, select, (ignore, *ignored) if ignore else ignored)
        # Those below the least severity are not selected, except those that cannot be disabled.
        severities = FAIL_ON[self._overrides.min_severity or "info"]
        return [
            it
            if it.rule.severity in severities or it.rule.code in ALWAYS
            else it._replace(is_selected=False, selected_by=Origin("--min-severity"))
            for it in statuses
        ]


def _named(option: str, names: Iterable[str], ruleset: Ruleset) -> NamedRules | None:
    codes = frozenset(code for name in names for code in ruleset.codes(name))
    return Setting(codes, Origin(option)) if names else None


def settings_of(path: str | PathLike[str], *, config: str | None = None) -> Settings:
    """Return the configured settings of the file at `path`.

    `check(path, rules=settings_of(path).rules)` reports what the command reports. `config` is the
    configuration file to use, by default the nearest one above the file. Without a configuration,
    the built-in rules apply.

    Raises:
        WrongFileError: the configuration file, or a ruleset that it names, cannot be used.
    """
    return Configuration(Overrides(config)).settings_of(os.fspath(path))
