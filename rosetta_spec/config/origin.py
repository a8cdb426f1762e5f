"""Where a setting stands, for whoever asks why it holds."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.config.config_file import ConfigFile
    from rosetta_spec.pointer import Pointer


class Origin(NamedTuple):
    """An option of the call, or what a configuration file has at a place."""

    option: str = ""
    file: ConfigFile | None = None
    pointer: Pointer = ()

    @property
    def key(self) -> str:
        """What the setting is called."""
        return self.option or str(self.pointer[0])

    @property
    def row(self) -> int:
        """The 1-based row in its file; 0 of an option."""
        return self.file.location(self.pointer, "key").row if self.file else 0

    def __str__(self) -> str:
        """Say it as people would: `--select`, `ignore in rosetta-spec.toml:3`."""
        return f"{self.key} in {self.file.filename}:{self.row}" if self.file else self.option
