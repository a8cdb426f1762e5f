"""Where the file of a text is, by the URI that an editor gives it."""

from __future__ import annotations

import os
import re
from urllib.parse import unquote, urlsplit

_match_drive = re.compile(r"/[A-Za-z]:").match

#: Hosts of the machine that the server runs on.
_HERE = ("", "localhost")


def path_of(uri: str) -> str | None:
    """Return the path that a URI stands for; None if no file can have it.

    What is not saved yet may have one too, as in `untitled:/home/me/a.sampling.yaml`. A drive
    stands first (`c:/requests`), and so does the host of a share (`//host/share`).

    Source: RFC 3986, and RFC 8089 for files.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    path = unquote(parts.path, errors="surrogateescape")
    if parts.scheme == "file" and parts.netloc not in _HERE:
        path = f"//{parts.netloc}{path}"
    if _match_drive(path):
        path = path[1:]
    return path if path and _is_possible(path) else None


def _is_possible(path: str) -> bool:
    """Whether a system takes a path at all."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False
