"""The bytes of a configuration file, and what people are told where they are wrong."""

from __future__ import annotations

import os

from rosetta_spec.errors import WrongFileError
from rosetta_spec.fast.formats import MAX_BYTES
from rosetta_spec.files.sources import shown_name


class ConfigError(WrongFileError):
    """A configuration file that cannot be used."""


def shown_path(path: str) -> str:
    """Call a file as people would from the current folder."""
    try:
        return shown_name(os.path.relpath(path))
    except ValueError:  # on another drive of Windows
        return shown_name(path)


def real_place(path: str) -> str:
    """Return a path without links but for its last part: a link is where it stands."""
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)  # noqa: PTH118 - pathlib loads slowly


def read_bytes(path: str) -> bytes:
    """Read a configuration file.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        with open(path, "rb") as stream:  # noqa: PTH123 - as above
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # a path with a NUL in it is a ValueError
        # Only what is wrong needs it.
        from rosetta_spec.document.reader import why_unreadable  # noqa: PLC0415

        raise _unusable(path, *why_unreadable(error, "configuration file")) from error
    if len(data) > MAX_BYTES:
        raise _unusable(path, "this configuration file has over 16 MiB", "check the path")
    return data


def _unusable(path: str, cause: str, remedy: str) -> ConfigError:
    from rosetta_spec.text import Location  # noqa: PLC0415 - as above

    return ConfigError(shown_path(path), Location(1, 1), cause, remedy)
