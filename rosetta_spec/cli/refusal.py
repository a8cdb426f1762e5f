"""A call that cannot be done as it is: said in a line, with exit status 2."""

from __future__ import annotations

import sys

import click

from rosetta_spec.reporters.style import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any


class Refusal(click.ClickException):
    """Says why, and what to do."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Write it to standard error."""
        (file or sys.stderr).write(f"error: {safe(self.message)}\n")
