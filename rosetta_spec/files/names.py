"""Names of files: how they are shown, what identifies them, and what configuration files name.

An identity depends neither on the current folder nor on how a path is spelled.
"""

import os
import sys
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import NamedTuple

from rosetta_spec.document.values import as_string
from rosetta_spec.errors import ExplainedError
from rosetta_spec.fast.config_cache import repository_of
from rosetta_spec.files.discovery import STDIN, shown_name

#: What the name of a file in an installed package begins with: `pkg:our_policy/rules.yaml`.
PACKAGE = "pkg:"

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
        real = real_path(path_of(path))
        return shown_name(relative_path(real, root_of(os.path.dirname(real))))

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


def path_of(name: str) -> str:
    """Return the path of a file by its name in a text or report, which is UTF-8 in every locale."""
    return os.fsdecode(name.encode(errors="surrogateescape"))


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


def relative_path(path: str, root: str = os.curdir) -> str:
    """Return a path from a folder, by default the current one, if there is such a path."""
    try:
        return os.path.relpath(path, root)
    # On another drive of Windows, or without a current folder.
    except (OSError, ValueError):
        return path


class Host:
    """Names files as the host of a CI job does: by their paths from `root`, a real folder.

    Without a root, names stay as they are. `root` is kept as it is shown, with `/`.
    """

    def __init__(self, root: str = "") -> None:
        self.root = shown_name(root)
        self._folder = root
        self._names: dict[str, str | None] = {}

    def name_of(self, filename: str) -> str | None:
        """Return the path of a file from the root, with `/`; None if it is outside of it."""
        if not self.root or filename == STDIN:
            return filename
        if filename not in self._names:
            name = shown_name(relative_path(real_path(path_of(filename)), self._folder))
            is_outside = name.startswith("../") or os.path.isabs(name)
            self._names[filename] = None if is_outside else name
        return self._names[filename]


class NamedFile(NamedTuple):
    """A file by its real path; if one appears at a path of `above`, it replaces this one."""

    path: str
    above: tuple[str, ...] = ()


class UnknownFileError(ExplainedError):
    """No file has the given name; the remedy says which name would be right."""


def named_file(name: str, naming: str) -> NamedFile:
    """Find a file by its path from that of the file that names it, or as `pkg:PACKAGE/PATH`.

    No code of the package is executed.

    Raises:
        UnknownFileError: there is none.
    """
    if name.startswith(PACKAGE):
        return _file_of_package(name)
    path = os.path.join(os.path.dirname(naming), path_of(name))
    if not os.path.isfile(path):
        cause = f"there is no file {as_string(name)}"
        raise UnknownFileError(cause, "write a path from the folder of this file")
    return NamedFile(with_real_folder(path))


def _file_of_package(name: str) -> NamedFile:
    package, *parts = name.removeprefix(PACKAGE).split("/")
    if not package.isidentifier() or not parts or {"", ".", ".."} & set(parts):
        cause = f"{as_string(name)} does not name a file of a package"
        raise UnknownFileError(cause, "write it as pkg:our_policy/rules.yaml")
    folders = _folders_of(package)
    inside = os.path.join(*parts)
    for folder in folders:
        path = os.path.join(folder, inside)
        if os.path.isfile(path):
            return NamedFile(with_real_folder(path), _above(folder, package, inside))
    file, place = as_string("/".join(parts)), shown_path(folders[0])
    cause = f"the package {package} in {place} has no file {file}"
    raise UnknownFileError(cause, "check the name, or install another version")


def _folders_of(package: str) -> list[str]:
    try:
        # The package itself is not imported.
        spec = find_spec(package)
    except (ImportError, ValueError):
        spec = None
    folders = list((spec and spec.submodule_search_locations) or ())
    if not folders:
        cause = f"the package {package} is not installed"
        raise UnknownFileError(cause, f"install it in the environment of {sys.executable}")
    return folders


def _above(folder: str, package: str, inside: str) -> tuple[str, ...]:
    """Return the paths at which another package would be found first, or a file of this one."""
    names = (os.path.join(package, "__init__.py"), f"{package}.py", os.path.join(package, inside))
    above: list[str] = []
    for entry in sys.path:
        place = os.path.realpath(entry)
        if os.path.realpath(os.path.dirname(folder)) == place:
            break
        above += (os.path.join(place, name) for name in names)
    return tuple(above)


def shown_path(path: str) -> str:
    """Return a path as it is shown: relative to the current folder."""
    return shown_name(relative_path(path))


def with_real_folder(path: str, real_folder: Callable[[str], str] = os.path.realpath) -> str:
    """Return a path without links, except in its last part: a link is where it is."""
    folder, name = os.path.split(path)
    return os.path.join(real_folder(folder), name)
