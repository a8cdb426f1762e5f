"""A file of credentials: lines `NAME=value`, and nobody but its owner may read it."""

from __future__ import annotations

import os
import stat

from rosetta_spec.document.reader import why_unreadable
from rosetta_spec.request.nearest import nearest_name
from rosetta_spec.submit.credentials import NAMES, CredentialsError

IS_WINDOWS = os.name == "nt"

#: A file of credentials has three lines; what is much larger is another file.
_MOST = 64 * 1024


def read_credentials_file(path: str) -> dict[str, str]:
    """Read what a file says under the names of the environment.

    Blank lines and lines that start with `#` say nothing; quotes around a value are no part of it,
    nor is an `export` before a name, so that a shell can read the file too.

    Raises:
        CredentialsError: it cannot be read, or by too many; it says something else. The message
            has nothing of what is in it but names.
    """
    try:
        # What is no file, such as a pipe, is not waited for.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:  # noqa: PTH123 - it is open already
            _refuse_others(path, os.fstat(descriptor))
            data = file.read(_MOST)
    # A path with a NUL in it is a ValueError.
    except (OSError, ValueError) as error:
        if isinstance(error, CredentialsError):
            raise
        cause, remedy = why_unreadable(error, "credentials file")
        message = f"{path}: {cause}; {remedy}"
        raise CredentialsError(message) from error
    return _settings_in(path, data)


def _refuse_others(path: str, status: os.stat_result) -> None:
    """Refuse a file that others may read, or may have written. On Windows modes say nothing."""
    if not stat.S_ISREG(status.st_mode):
        message = f"{path} is not a file; name a file with the keys in it"
        raise CredentialsError(message)
    if IS_WINDOWS:
        return
    if status.st_mode & 0o077:
        mode = stat.S_IMODE(status.st_mode)
        message = f"others may read the credentials file {path} (mode {mode:04o}); chmod 600 {path}"
        raise CredentialsError(message)
    if status.st_uid != os.geteuid():
        message = f"the credentials file {path} belongs to another user; make one of your own"
        raise CredentialsError(message)


def _settings_in(path: str, data: bytes) -> dict[str, str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # The error holds the bytes.
        message = f"the credentials file {path} is not UTF-8; save it in UTF-8"
        raise CredentialsError(message) from None
    settings: dict[str, str] = {}
    for row, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        name, equals, value = stripped.removeprefix("export ").partition("=")
        fault = _fault(name.strip(), equals, settings)
        if fault:
            message = f"{path}:{row}: {fault}"
            raise CredentialsError(message)
        settings[name.strip()] = _unquoted(value.strip())
    return settings


def _fault(name: str, equals: str, settings: dict[str, str]) -> str:
    """Say what is wrong with a line, showing nothing of it that may be a secret."""
    if not equals:
        return f"this line sets nothing; write {NAMES[-1]}=..."
    if name in settings:
        return f"{name} is set twice; remove one of the two"
    if name not in NAMES:
        near = nearest_name(name, list(NAMES))
        return f"this line sets none of {', '.join(NAMES)}" + (
            f"; did you mean {near}?" if near else "; remove it"
        )
    return ""


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value
