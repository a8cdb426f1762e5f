"""What holds for each file of a run, by the configuration files above it and by the call."""

from __future__ import annotations

import os

from rosetta_spec.config.choice import FileChoice
from rosetta_spec.config.lookup import ConfigLookup
from rosetta_spec.config.settings import Overrides, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from rosetta_spec.config.config import Config
    from rosetta_spec.config.origin import Origin
    from rosetta_spec.config.verdict import Named, Verdict
    from rosetta_spec.files.sources import Source
    from rosetta_spec.spec.rule import Rule
    from rosetta_spec.spec.ruleset import Ruleset

_DEFAULT = Settings()


class Configuration:
    """The settings of files; `settings` are those of all files asked about so far.

    Whatever asks for what holds for a file may raise `WrongFileError`: a configuration file or a
    ruleset cannot be used.
    """

    def __init__(self, overrides: Overrides) -> None:
        self._overrides = overrides
        self._numbers: dict[object, int] = {}
        self.lookup = ConfigLookup(overrides)
        self.choice = FileChoice(self.lookup, force_exclude=overrides.force_exclude)
        self.settings: tuple[Settings, ...] = ()

    def settle(self, sources: Iterable[Source], stdin_filename: str) -> list[Source]:
        """Give files the numbers of their settings, and leave out standard input if it is to be.

        Raises:
            SelectionError: as `check_names` says.
        """
        settled = []
        for source in sources:
            is_stdin = source.path is None
            path = source.path or stdin_filename
            if not (is_stdin and self.choice.is_left_out(path)):
                number = self._number_of(path)
                settled.append(source._replace(settings=number) if number else source)
        self.check_names()
        return settled

    def settings_of(self, path: str) -> Settings:
        """Return what holds for a file."""
        number = self._number_of(path)
        return self.settings[number]

    def ruleset_of(self, path: str) -> Ruleset:
        """Return the rules that there are for a file, whether they have a say or not."""
        return _ruleset(self.lookup.config_of(path))

    def fail_on_origin(self, config: Config | None) -> Origin | None:
        """Return where it is set what makes the exit status 1."""
        from rosetta_spec.config.origin import Origin  # noqa: PLC0415 - as below

        if self._overrides.fail_on:
            return Origin("--fail-on")
        return config.fail_on.origin if config and config.fail_on else None

    def verdicts_of(self, path: str) -> list[Verdict]:
        """Weigh what is said of each rule for a file."""
        config = self.lookup.config_of(path)
        return self._weighed(config, self._ignored_in(path, config))

    def _number_of(self, path: str) -> int:
        config = self.lookup.config_of(path)
        here = self._ignored_in(path, config)
        likeness = (id(config), frozenset().union(*(named.codes for named in here)) if here else "")
        if likeness not in self._numbers:
            self._numbers[likeness] = len(self.settings)
            self.settings += (self._made(config, here),)
        return self._numbers[likeness]

    def _ignored_in(self, path: str, config: Config | None) -> tuple[Named, ...]:
        if config is None or not config.ignored:
            return ()
        return config.ignored_in(self.lookup.real_path(path))

    def _made(self, config: Config | None, here: tuple[Named, ...]) -> Settings:
        settled = config.fail_on.severity if config and config.fail_on else _DEFAULT.fail_on
        fail_on = self._overrides.fail_on or settled
        return Settings(self._rules(config, here), fail_on, config.ruleset if config else None)

    def _rules(self, config: Config | None, here: tuple[Named, ...]) -> tuple[Rule, ...] | None:
        # Who wants all of ours need not load them before there is something to explain.
        if config is None and not self._overrides.names:
            return None
        return tuple(it.rule for it in self._weighed(config, here) if it.is_selected)

    def _weighed(self, config: Config | None, here: tuple[Named, ...]) -> list[Verdict]:
        from rosetta_spec.config.asked import wishes_of  # noqa: PLC0415 - as above
        from rosetta_spec.config.verdict import Wishes, verdicts  # noqa: PLC0415

        ruleset = _ruleset(config)
        asked = wishes_of(self._overrides, ruleset)
        return list(verdicts(ruleset, asked, config.wishes if config else Wishes(), here))

    def check_names(self) -> None:
        """Look for the rules that the call names in the rulesets of the files so far.

        Raises:
            SelectionError: a rule is in none of them, or one that is always said is ignored.
        """
        if self._overrides.names:
            from rosetta_spec.config.asked import check_names  # noqa: PLC0415 - as above

            rulesets = [config.ruleset for config in self.lookup.configs.values()]
            check_names(self._overrides, rulesets)


def _ruleset(config: Config | None) -> Ruleset:
    from rosetta_spec.spec.ruleset import builtin_ruleset  # noqa: PLC0415 - as above

    return config.ruleset if config else builtin_ruleset()


def settings_of(path: str | PathLike[str], *, config: str | None = None) -> Settings:
    """Return what holds for the file at `path`, for whoever checks it in Python.

    `check(path, rules=settings_of(path).rules)` finds what the command finds. `config` is the
    configuration file to use, by default the closest one above the file; without any, all of our
    rules hold as they are declared.

    Raises:
        WrongFileError: the configuration file, or a ruleset that it names, cannot be used.
    """
    return Configuration(Overrides(config)).settings_of(os.fspath(path))
