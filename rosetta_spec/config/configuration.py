"""What holds for each file of a run, by the configuration files above it and by the call."""

from __future__ import annotations

from rosetta_spec.config.settings import Overrides, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.config.verdict import Wishes
    from rosetta_spec.spec.rule import Rule
    from rosetta_spec.spec.ruleset import Ruleset

_DEFAULT = Settings()


class Configuration:
    """The settings of a run; `settings` are those of all files asked about so far."""

    def __init__(self, overrides: Overrides) -> None:
        self._overrides = overrides
        self.settings = (self._settings(),)

    def _settings(self) -> Settings:
        return Settings(self._rules(), self._overrides.fail_on or _DEFAULT.fail_on)

    def _rules(self) -> tuple[Rule, ...] | None:
        if not (self._overrides.select or self._overrides.ignore):
            return None
        # Who wants all of them need not load them before there is something to explain.
        from rosetta_spec.config.verdict import Wishes, verdicts  # noqa: PLC0415
        from rosetta_spec.spec.ruleset import builtin_ruleset  # noqa: PLC0415

        ruleset = builtin_ruleset()
        asked = wishes_of(self._overrides, ruleset)
        weighed = verdicts(ruleset, asked, Wishes())
        return tuple(verdict.rule for verdict in weighed if verdict.is_selected)


def wishes_of(overrides: Overrides, ruleset: Ruleset) -> Wishes:
    """Return what a call says of rules.

    Raises:
        SelectionError: a name is no rule's code or name, or one that is always said is ignored.
    """
    from rosetta_spec.config.origin import Origin  # noqa: PLC0415 - as above
    from rosetta_spec.config.verdict import Named, Wishes  # noqa: PLC0415
    from rosetta_spec.selection import code_of, ignored_code_of  # noqa: PLC0415

    select = frozenset(code_of(ruleset, name) for name in overrides.select)
    ignore = frozenset(ignored_code_of(ruleset, name) for name in overrides.ignore)
    return Wishes(
        select=Named(select, Origin("--select")) if select else None,
        ignore=Named(ignore, Origin("--ignore")) if ignore else None,
    )
