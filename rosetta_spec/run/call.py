"""What a call of `check` asks for."""

from __future__ import annotations

from rosetta_spec.record import NamedTuple


class Call(NamedTuple):
    """The arguments of `check`, each with the value that it has when it is not given.

    `select` and `ignore` are codes and names of rules. `jobs` is the number of processes, None for
    as many as there are cores.
    """

    paths: tuple[str, ...] = ()
    output_format: str = "text"
    input_format: str | None = None
    stdin_filename: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "error"
    statistics: bool = False
    color: str = "auto"
    jobs: int | None = None


#: Findings of these severities make the exit status 1, by the value of `--fail-on`.
FAIL_ON = {
    "error": ("error",),
    "warning": ("error", "warning"),
    "info": ("error", "warning", "info"),
    "never": (),
}

COLORS = ("auto", "always", "never")
