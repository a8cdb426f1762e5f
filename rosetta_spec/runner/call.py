"""What a call of `check` asks for, and the plain calls that are read at once.

A call that is not plain goes on to `click`, which understands a plain one in the same way. Loading
it takes three times as long as starting Python.
"""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.config.settings import Overrides
from rosetta_spec.engine.tally import FAIL_ON
from rosetta_spec.fast.formats import FORMATS
from rosetta_spec.reporters import REPORTERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


#: The path of standard output.
STDOUT = "-"


class Output(NamedTuple):
    """A further report of a run: its format, and the file that it is written to.

    Where that is standard output, it follows the report that belongs there.
    """

    format: str
    path: str


class Call(NamedTuple):
    """The arguments of `check`, each with the value that it has when it is not given.

    `select` and `ignore` are codes and names of rules. `config`, `is_isolated` and `force_exclude`
    are as in `Overrides`. `jobs` is the number of processes, None for as many as there are cores.
    `baseline` is a path. `today` is no argument, but when the call was made: a day as
    `YYYY-MM-DD`, in UTC.
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
        """What it says whatever the configuration files say."""
        return Overrides(
            config=self.config,
            is_isolated=self.is_isolated,
            select=self.select,
            ignore=self.ignore,
            fail_on=self.fail_on,
            force_exclude=self.force_exclude,
        )


#: Numbers of processes that a plain call asks for.
_JOBS = tuple(map(str, range(1, 100)))

COLORS = ("auto", "always", "never")

#: Options without a value that are plain, by what they are in a `Call`.
_FLAGS = {"--isolated": "is_isolated", "--force-exclude": "force_exclude"}

#: Options with a value of a list, by what they are in a `Call`.
_OPTIONS = {
    "--format": ("output_format", REPORTERS),
    "--input-format": ("input_format", FORMATS),
    "--fail-on": ("fail_on", FAIL_ON),
    "--color": ("color", COLORS),
}


def read_plain_call(arguments: Sequence[str]) -> Call | None:
    """Read the arguments of a process: `check`, paths, and common options before or after them.

    None: the call is not plain, or it is wrong.
    """
    command, *rest = arguments or [""]
    if command != "check":
        return None
    paths: list[str] = []
    settings: dict[str, Any] = {}
    words = iter(rest)
    for word in words:
        if not word.startswith("-") or word == "-":
            paths.append(word)
            continue
        if word in _FLAGS:
            settings[_FLAGS[word]] = True
            continue
        option, is_joined, value = word.partition("=")
        value = value if is_joined else next(words, "")
        name, values = _OPTIONS.get(option, ("", ()))
        if option == "--jobs" and value in _JOBS:
            settings["jobs"] = int(value)
        elif value in values:
            settings[name] = value
        else:
            return None
    return Call(paths=tuple(paths), **settings)
