"""What a configuration file settles, with what it extends."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.config.verdict import Named, Wishes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rosetta_spec.config.origin import Origin
    from rosetta_spec.config.patterns import Patterns
    from rosetta_spec.spec.ruleset import Ruleset


class FilePatterns(NamedTuple):
    """The patterns of a setting, and where it stands."""

    patterns: Patterns
    origin: Origin


class FileIgnores(NamedTuple):
    """Rules that have no say in the files that match."""

    patterns: Patterns
    rules: Named


class FailOn(NamedTuple):
    """The least severity that makes the exit status 1, and where that is set."""

    severity: str
    origin: Origin


class RulesetPaths(NamedTuple):
    """Where rulesets of the team are, as real paths, and where that is set."""

    paths: tuple[str, ...]
    origin: Origin


class Config(NamedTuple):
    """Checked settings; None and what is empty are not set.

    `filenames` are the file that was asked for and those that it extends, as people are shown them.
    `ruleset` are our rules and those of `rulesets`. `ignored` is by pattern.
    """

    filenames: tuple[str, ...]
    ruleset: Ruleset
    include: FilePatterns | None = None
    exclude: FilePatterns | None = None
    wishes: Wishes = Wishes()
    ignored: Mapping[str, FileIgnores] = {}
    fail_on: FailOn | None = None
    rulesets: RulesetPaths | None = None

    def ignored_in(self, path: str) -> tuple[Named, ...]:
        """Return the rules that have no say in one file."""
        return tuple(it.rules for it in self.ignored.values() if it.patterns.has_match(path))

    def over(self, other: Config) -> Config:
        """Lay what is set here over what another one has set."""
        return Config(
            filenames=tuple(dict.fromkeys((*self.filenames, *other.filenames))),
            ruleset=self.ruleset,
            include=self.include or other.include,
            exclude=self.exclude or other.exclude,
            wishes=Wishes(
                select=self.wishes.select or other.wishes.select,
                ignore=self.wishes.ignore or other.wishes.ignore,
                severity={**other.wishes.severity, **self.wishes.severity},
            ),
            ignored={**other.ignored, **self.ignored},
            fail_on=self.fail_on or other.fail_on,
            rulesets=self.rulesets or other.rulesets,
        )


def laid_over(config: Config, bases: Iterable[Config]) -> Config:
    """Lay a config over those that it extends, of which the later ones lie above the earlier."""
    for base in reversed(tuple(bases)):
        config = config.over(base)
    return config
