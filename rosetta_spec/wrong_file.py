"""A file that says how to check, and cannot be used: a configuration file or a ruleset."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.text import Location


class WrongFileError(Exception):
    """What is wrong with such a file: `filename:row:column: cause; remedy`."""

    def __init__(self, filename: str, location: Location, cause: str, remedy: str) -> None:
        super().__init__(f"{filename}:{location.row}:{location.column}: {cause}; {remedy}")
        self.filename = filename
        self.location = location
        self.cause = cause
        self.remedy = remedy
