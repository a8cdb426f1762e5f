"""Find the closest configuration file of a folder, and keep what is compiled from it.

An entry in the user's cache folder belongs to one configuration file. It holds the content of every
file that it was compiled from, and counts only as long as these files are the same. The cache saves
time and nothing else: if it cannot be used, the configuration is loaded as it is.
"""

from __future__ import annotations

import marshal
import os
import sys
from stat import S_ISDIR, S_ISREG

from rosetta_spec.fast import acceptor
from rosetta_spec.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import CodeType
    from typing import TypeAlias

    #: The content of files by their real paths; None: there is no such file.
    Inputs: TypeAlias = Mapping[str, bytes | None]

    #: What the fast path needs to know of a configuration file: `is_ours` whether it has settings
    #: for rosetta-spec, `has_include` whether it says which files are read in folders, `exclude`
    #: its patterns (None: too many to explain here), `acceptor` the module that accepts a request
    #: (None: the built-in one). `search_path` is that of Python, None if it does not matter.
    Compiled: TypeAlias = dict[str, bool | tuple[str, ...] | CodeType | None]


#: Names of configuration files; of several in one folder the first one counts.
NAMES = (".rosetta-spec.toml", "rosetta-spec.toml", "pyproject.toml")

#: The one that is shared with other programs, and counts only with our table.
SHARED = "pyproject.toml"

#: What our table is called there, and what can hide it: TOML has escapes in quoted keys.
_TABLE = b"rosetta-spec"
_ESCAPES = (b"\\u", b"\\U", b"\\x")


def may_have_table(data: bytes) -> bool:
    """Whether a `pyproject.toml` may have our table; most are passed over as bytes."""
    return any(text in data for text in (_TABLE, *_ESCAPES))


class ClosestConfigs:
    """Finds the configuration files of folders, and looks into each folder once."""

    def __init__(self, has_table: Callable[[str], bool]) -> None:
        """`has_table` says whether the `pyproject.toml` at a path has our table."""
        self._has_table = has_table
        self._found: dict[str, str | None] = {}

    def of(self, folder: str) -> str | None:
        """Return the path of the configuration file for a real folder, None if there is none."""
        passed = []
        found = None
        for each in _upwards(folder):
            if each in self._found:
                found = self._found[each]
                break
            passed.append(each)
            found = self._config_in(each)
            if found:
                break
        self._found.update(dict.fromkeys(passed, found))
        return found

    def _config_in(self, folder: str) -> str | None:
        for name in NAMES:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and (name != SHARED or self._has_table(path)):
                return path
        return None


def repository_of(folder: str) -> str | None:
    """Return the root of the git repository that a real folder is in, None if there is none."""
    *_, last = _upwards(folder)
    return last if _is_root(last) else None


def _upwards(folder: str) -> Iterator[str]:
    """Yield a folder and those above it, up to the root of its repository, or of everything."""
    yield folder
    above = os.path.dirname(folder)
    while above != folder and not _is_root(folder):
        yield above
        folder, above = above, os.path.dirname(above)


def _is_root(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, ".git"))


#: Bytes that an entry, and all files that it was compiled from, may have.
_MAX_BYTES = 1024 * 1024

#: When the folder has more entries, all are removed.
_MAX_ENTRIES = 1000

#: Names of entries and checksums are remainders of this prime.
_PRIME = 2**89 - 1
_CHECKSUM_LENGTH = 12

#: Who may write a file besides its owner; the modes of Windows do not say that.
_BY_OTHERS = 0o022 if hasattr(os, "geteuid") else 0


def load(path: str) -> Compiled | None:
    """Return what was compiled from the configuration file at a real path, None if unknown."""
    folder = _folder(path)
    if folder is None:
        return None
    try:
        found = os.lstat(folder)
        if not (S_ISDIR(found.st_mode) and _is_private(found)):
            return None
        data = _read_private(_entry(folder, path))
        checksum, content = data[:_CHECKSUM_LENGTH], data[_CHECKSUM_LENGTH:]
        if checksum != _checksum(content):
            return None
        # No other user can have written this data.
        version, of, inputs, compiled = marshal.loads(content)  # noqa: S302
        is_fresh = version == _version() and of == path and all(_is_same(*each) for each in inputs)
        is_fresh = is_fresh and compiled.get("search_path") in (None, search_path())
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return compiled if is_fresh else None


def store(path: str, inputs: Inputs, compiled: Compiled) -> None:
    """Keep what was compiled from the configuration file at a real path, if that is possible."""
    folder = _folder(path)
    if folder is None:
        return
    try:
        content = marshal.dumps((_version(), path, tuple(inputs.items()), compiled))
        if len(content) < _MAX_BYTES and _make_private(folder):
            _replace(_entry(folder, path), _checksum(content) + content)
    except OSError:
        return


def _make_private(folder: str) -> bool:
    """Make the cache folder if it is not there; return whether it is the user's own."""
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    if not os.path.lexists(folder):
        os.mkdir(folder, 0o700)
    found = os.lstat(folder)
    if not S_ISDIR(found.st_mode) or found.st_uid != _user():
        return False
    names = os.listdir(folder)
    if len(names) > _MAX_ENTRIES or found.st_mode & _BY_OTHERS:
        os.chmod(folder, 0o700)
        for name in names:
            os.unlink(os.path.join(folder, name))
    return True


def _replace(path: str, content: bytes) -> None:
    beside = f"{path}.{os.getpid()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with open(os.open(beside, flags, 0o600), "wb") as stream:
        stream.write(content)
    os.replace(beside, path)


def _folder(path: str) -> str | None:
    """Return the cache folder, None if there is none that may be used for a configuration file.

    A repository that is checked could bring a cache with it, so that one inside is not used.
    """
    get = os.environ.get
    if sys.platform == "win32":
        base = get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = get("HOME") and os.path.join(get("HOME", ""), "Library", "Caches")
    else:
        base = get("XDG_CACHE_HOME") or (get("HOME") and os.path.join(get("HOME", ""), ".cache"))
    if not base or not os.path.isabs(base):
        return None
    base = os.path.realpath(base)
    above = os.path.dirname(path)
    for checked in (above, repository_of(above) or above):
        if os.path.join(base, "").startswith(os.path.join(checked, "")):
            return None
    return os.path.join(base, "rosetta-spec")


def _entry(folder: str, path: str) -> str:
    key = os.fsencode(repr((_version(), path)))
    return os.path.join(folder, f"{int.from_bytes(key, 'big') % _PRIME:x}")


def _checksum(content: bytes) -> bytes:
    return (int.from_bytes(content, "big") % _PRIME).to_bytes(_CHECKSUM_LENGTH, "big")


def _version() -> tuple[str, str, str, int]:
    """Return what every entry depends on: this program and this Python."""
    return __version__, sys.version, acceptor.__file__, os.stat(acceptor.__file__).st_mtime_ns


def _is_private(found: os.stat_result) -> bool:
    """Whether a file or folder is the user's own, and no other user may write it."""
    return found.st_uid == _user() and not found.st_mode & _BY_OTHERS


def _user() -> int:
    """Return the number of the user; on Windows, where each user has a folder, it is always 0."""
    return os.geteuid() if hasattr(os, "geteuid") else 0


def _read_private(path: str) -> bytes:
    """Read a file that no other user can have written.

    Raises:
        OSError: it cannot be read, or is another one.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags)
    try:
        found = os.fstat(descriptor)
        if not (S_ISREG(found.st_mode) and _is_private(found)):
            raise OSError
        return os.read(descriptor, _MAX_BYTES)
    finally:
        os.close(descriptor)


def search_path() -> tuple[str, ...]:
    """Return where Python looks for packages."""
    return tuple(map(str, sys.path))


def _is_same(path: str, content: bytes | None) -> bool:
    if content is None:
        return not os.path.lexists(path)
    with open(path, "rb") as stream:
        return stream.read(len(content) + 1) == content
