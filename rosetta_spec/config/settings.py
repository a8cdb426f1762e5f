"""What holds for some files of a run, and what a call says beside the configuration files."""

from __future__ import annotations

from rosetta_spec.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.spec.rule import Rule


class Settings(NamedTuple):
    """How files are checked.

    `rules` are those that have a say, with the severities that they have here; None stands for
    ours as they are declared, which need not be loaded before there is something to explain.
    `fail_on` is the least severity that makes the exit status 1, or `never`.
    """

    rules: tuple[Rule, ...] | None = None
    fail_on: str = "error"


class Overrides(NamedTuple):
    """What a call asks for, whatever the configuration files say.

    `select` and `ignore` are codes and names of rules.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
