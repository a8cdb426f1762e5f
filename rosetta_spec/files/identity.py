"""Name files regardless of the current folder and of how their paths are spelled."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, lru_cache

from rosetta_spec.fast.config import repository_of
from rosetta_spec.files.discovery import STDIN, shown_name

#: Names of files that are kept, so that the findings of one file cost one look at the disk.
_KEPT = 1000


def identities() -> Callable[[str], str]:
    """Return a function from the path of a file to its identity, for one run.

    The identity is the path of the real file from the root of its git repository; outside of one,
    from the current folder. Standard input without a name is `-`.
    """
    root_of = cache(root_above)

    @lru_cache(_KEPT)
    def identity_of(path: str) -> str:
        if path == STDIN:
            return STDIN
        # A name as it is shown, which is UTF-8 in every locale.
        real = real_path(os.fsdecode(path.encode(errors="surrogateescape")))
        return shown_name(_relative(real, root_of(os.path.dirname(real))))

    return identity_of


def root_above(folder: str) -> str:
    """Return the root that paths in a real folder start from: its repository's or the current."""
    return repository_of(folder) or real_path(".")


def real_path(path: str) -> str:
    """Return an absolute path without links, also of a file that does not exist."""
    try:
        return os.path.realpath(path)
    # The current folder was deleted, or there is a NUL in the path.
    except (OSError, ValueError):
        return os.path.normpath(path)


def leads_outside(path: str) -> bool:
    """Whether a path passes a link in a git repository that leads out of the repository."""
    path = os.path.abspath(path)
    while path != os.path.dirname(path):
        if os.path.islink(path):
            root = repository_of(os.path.realpath(os.path.dirname(path)))
            target = os.path.join(os.path.realpath(path), "")
            if root and not target.startswith(os.path.join(root, "")):
                return True
        path = os.path.dirname(path)
    return False


def _relative(path: str, root: str) -> str:
    try:
        return os.path.relpath(path, root)
    # On another drive of Windows, or without a current folder.
    except (OSError, ValueError):
        return path


class Host:
    """Names files as the host of a CI job does: by their paths from `root`, a real folder.

    Without a root, names stay as they are.
    """

    def __init__(self, root: str = "") -> None:
        self.root = root
        self._names: dict[str, str | None] = {}

    def name_of(self, filename: str) -> str | None:
        """Return the path of a file from the root, with `/`; None if it is outside of it."""
        if not self.root or filename == STDIN:
            return filename
        if filename not in self._names:
            name = shown_name(_relative(real_path(filename), self.root))
            is_outside = name.startswith("../") or os.path.isabs(name)
            self._names[filename] = None if is_outside else name
        return self._names[filename]
