"""Settings of configuration files as values, and which rules they select."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeAlias, TypeVar

from rosetta_spec.diagnostic import Severity
from rosetta_spec.errors import CheckedFile
from rosetta_spec.pointer import Pointer
from rosetta_spec.spec.ruleset import ALWAYS, OFF, Rule, Ruleset

if TYPE_CHECKING:
    from rosetta_spec.config.patterns import Patterns

_T = TypeVar("_T")


class Origin(NamedTuple):
    """Where something is set: in an option of the call, or at a place of a configuration file."""

    option: str = ""
    file: CheckedFile | None = None
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


class Setting(NamedTuple, Generic[_T]):
    """The value of a setting, and where it is set."""

    value: _T
    origin: Origin


#: The codes of the rules that a setting names.
NamedRules: TypeAlias = Setting[frozenset[str]]


class RuleStatus(NamedTuple):
    """A rule with its severity, and whether it is selected.

    `selected_by` and `severity_by` are where that is set, None if the rule's declaration decides.
    """

    rule: Rule
    is_selected: bool
    selected_by: Origin | None
    severity_by: Origin | None


def rule_statuses(
    config: "Config", select: NamedRules | None = None, ignored: Sequence[NamedRules] = ()
) -> Iterator[RuleStatus]:
    """Yield the status of each rule of a config in a call, perhaps for one file.

    If the call selects rules, the config's `select`, `ignore` and `off` do not count. Rules that
    are `ignored`, by the call or in the file, are never selected.
    """
    for rule in config.ruleset.rules:
        is_selected, selected_by = _is_selected(rule, config, select, ignored)
        severity = config.severity.get(rule.code)
        if severity is None or severity.value == OFF:
            yield RuleStatus(rule, is_selected, selected_by, None)
        else:
            changed = rule._replace(severity=Severity(severity.value))
            yield RuleStatus(changed, is_selected, selected_by, severity.origin)


def _is_selected(
    rule: Rule, config: "Config", by_call: NamedRules | None, ignored: Sequence[NamedRules]
) -> tuple[bool, Origin | None]:
    code = rule.code
    if code in ALWAYS:
        return True, None
    for each in ignored:
        if code in each.value:
            return False, each.origin
    select, severity = by_call or config.select, config.severity.get(code)
    if select and code not in select.value:
        return False, select.origin
    if not by_call:
        if config.ignore and code in config.ignore.value:
            return False, config.ignore.origin
        if severity and severity.value == OFF:
            return False, severity.origin
    is_on = bool(select or severity or not rule.is_opt_in)
    return is_on, select.origin if select else None


class FileIgnores(NamedTuple):
    """Rules that are ignored in the files that match."""

    patterns: "Patterns"
    rules: NamedRules


class Config(NamedTuple):
    """Checked settings; None and empty values are not set.

    `filenames` are the file that was loaded and those that it extends, as they are shown. `ruleset`
    are our rules and those of `rulesets`, which are real paths. `severity` is a severity or `off`
    by code, and `file_ignores` are by pattern. `fail_on` is the lowest severity that makes the exit
    status 1. With `fail_on_no_files`, a run that reads no file fails. `inputs` are the contents of
    all files that were read, by real path, and None where there was no file. `problem` is why the
    file cannot be used.
    """

    filenames: tuple[str, ...]
    ruleset: Ruleset
    include: Setting["Patterns"] | None = None
    exclude: Setting["Patterns"] | None = None
    select: NamedRules | None = None
    ignore: NamedRules | None = None
    severity: Mapping[str, Setting[str]] = {}
    file_ignores: Mapping[str, FileIgnores] = {}
    fail_on: Setting[str] | None = None
    fail_on_no_files: Setting[bool] | None = None
    rulesets: Setting[tuple[str, ...]] | None = None
    inputs: Mapping[str, bytes | None] = {}
    problem: str = ""

    def ignored_in(self, path: str) -> tuple[NamedRules, ...]:
        """Return the rules that are ignored in one file."""
        return tuple(it.rules for it in self.file_ignores.values() if it.patterns.has_match(path))


#: Settings that are not merged: only that of the nearest file counts.
_SINGLE = ("include", "exclude", "select", "ignore", "fail_on", "fail_on_no_files", "rulesets")


def extended(config: Config, bases: Iterable[Config]) -> Config:
    """Return the settings of a config and of those that it extends; later ones win over earlier."""
    for base in reversed(tuple(bases)):
        either = {name: getattr(config, name) or getattr(base, name) for name in _SINGLE}
        config = config._replace(
            filenames=tuple(dict.fromkeys((*config.filenames, *base.filenames))),
            severity={**base.severity, **config.severity},
            file_ignores={**base.file_ignores, **config.file_ignores},
            inputs={**base.inputs, **config.inputs},
            **either,
        )
    return config
