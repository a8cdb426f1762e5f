"""What holds for some files of a run, and what a call says beside the configuration files."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.spec.rule import Rule
    from rosetta_spec.spec.ruleset import Ruleset


class Settings(NamedTuple):
    """How files are checked.

    `rules` are those that have a say, with the severities that they have here; None stands for
    ours as they are declared, which need not be loaded before there is something to explain.
    `fail_on` is the least severity that makes the exit status 1, or `never`. `ruleset` are all
    rules that there are, which comments may name; None stands for ours and `rules`.
    """

    rules: tuple[Rule, ...] | None = None
    fail_on: str = "error"
    ruleset: Ruleset | None = None


class Overrides(NamedTuple):
    """What a call asks for, whatever the closest configuration files say.

    `config` is the path of the one that holds for every file, if it is not to be the closest one;
    with `is_isolated` none holds. `select` and `ignore` are codes and names of rules. With
    `force_exclude` also files that are named are left out.
    """

    config: str | None = None
    is_isolated: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    force_exclude: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All rules that are named."""
        return (*self.select, *self.ignore)
