"""The options of a run of `check`."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.config.lookup import Overrides

#: The path of standard output.
STDOUT = "-"

COLORS = ("auto", "always", "never")


class Output(NamedTuple):
    """A further report of a run: its format, and the file that it is written to.

    On standard output, it follows the report of `--format`. It is added to the file or replaces it.
    """

    format: str
    path: str
    is_added: bool = False


class CheckOptions(NamedTuple):
    """The arguments of `check` and their defaults.

    `select` and `ignore` are codes and names of rules. `jobs` is the number of processes, None for
    the number of cores. `baseline` is a path. `today` is no argument but the day of the run, as
    `YYYY-MM-DD` in UTC.
    """

    paths: tuple[str, ...] = ()
    output_format: str = "text"
    outputs: tuple[Output, ...] = ()
    input_format: str | None = None
    stdin_filename: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    no_ignores: bool = False
    baseline: str | None = None
    write_baseline: bool = False
    fail_on: str | None = None
    config: str | None = None
    is_isolated: bool = False
    force_exclude: bool = False
    statistics: bool = False
    color: str = "auto"
    jobs: int | None = None
    today: str = ""
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False

    @property
    def formats(self) -> tuple[str, ...]:
        """The format of each report, that on standard output first."""
        return (self.output_format, *(output.format for output in self.outputs))

    @property
    def overrides(self) -> Overrides:
        """The options that take precedence over configuration files."""
        return Overrides(
            config=self.config,
            is_isolated=self.is_isolated,
            select=self.select,
            ignore=self.ignore,
            fail_on=self.fail_on,
            force_exclude=self.force_exclude,
        )
