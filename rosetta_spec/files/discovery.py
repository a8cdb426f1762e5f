"""Find the files of a run: those that are named, and those in folders."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from glob import glob
from stat import S_IFREG, S_ISDIR, S_ISLNK, S_ISREG
from typing import IO, NamedTuple, Protocol
from unicodedata import normalize

from rosetta_spec.fast.config_cache import repository_of
from rosetta_spec.fast.formats import GLOB
from rosetta_spec.fast.git import environment, list_command

STDIN = "-"


#: Seconds to wait for git, and after it was stuck once.
_PATIENCE = 30.0
_IMPATIENCE = 0.1


class Source(NamedTuple):
    """A file to read; `name` is how it is shown, `path` None for standard input.

    `settings_index` is an index into the settings of the run. With `is_linked`, it was found only
    through a link in a folder. `content` is that of standard input or a pipe that was already read.
    """

    name: str
    path: str | None
    settings_index: int = 0
    is_linked: bool = False
    content: IO[bytes] | None = None


class Selection(Protocol):
    """Selects files by their names; the methods are those of `Configuration`."""

    def is_wanted(self, path: str) -> bool: ...  # noqa: D102
    def is_excluded(self, path: str) -> bool: ...  # noqa: D102
    def is_force_excluded(self, path: str) -> bool: ...  # noqa: D102
    def wanted_names(self, folder: str) -> str: ...  # noqa: D102


def find_sources(
    paths: Iterable[str], warn: Callable[[str], None], selection: Selection
) -> list[Source]:
    """Return the files that `paths` select, each once, sorted by name.

    A folder selects the matching files below it that git does not ignore, and the folders
    below it that cannot be read. `warn` is called for a folder without any, for a link that is
    skipped, and with git's own warnings; the warnings are sorted.
    """
    by_file: dict[str, Source] = {}
    warnings: set[str] = set()
    search = _Search(warnings.add, selection)
    for path in expanded(paths):
        for source in search.files_at(path):
            file = _key(os.path.realpath(source.path) if source.path else STDIN)
            other = by_file.setdefault(file, source)
            if other != source:
                by_file[file] = min(other, source, key=partial(_precedence, file))
    for warning in sorted(warnings):
        warn(warning)
    return sorted(by_file.values(), key=_order)


def expanded(paths: Iterable[str]) -> Iterator[str]:
    """Replace globs by the files and folders that match; one without a match stays as it is.

    They are as in a shell: a name that starts with a dot is matched only by a pattern that does,
    and `**` is any number of folders, links to folders excepted.
    """
    for path in paths:
        is_glob = not (GLOB.isdisjoint(path) or os.path.lexists(path))
        yield from (_matches(path) if is_glob else []) or [path]


def _matches(pattern: str) -> list[str]:
    drive, rest = os.path.splitdrive(pattern.replace(os.sep, "/"))
    found = [f"{drive}/" if rest.startswith("/") else drive]
    *folders, last = [part for part in rest.split("/") if part] + [""] * rest.endswith("/")
    for part in folders:
        found = [match for above in found for match in _in_folder(above, part) if _is_dir(match)]
    matches = dict.fromkeys(match for above in found for match in _in_folder(above, last))
    # The current folder itself is not among those below it.
    return [match for match in matches if match]


def _is_dir(path: str) -> bool:
    return not path or os.path.isdir(path)


def _in_folder(folder: str, pattern: str) -> Iterator[str]:
    """Yield the paths in a folder, or for `**` below it, that match one part of a glob."""
    if pattern == "**":
        yield from _all_below(folder)
    else:
        for name in glob(pattern, root_dir=folder) if pattern else [""]:
            yield os.path.join(folder, name)


def _all_below(folder: str) -> Iterator[str]:
    """Yield a folder and all below it that no dot hides, without following links."""
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if not _is_dir(path):
            yield path
        elif path == folder or not os.path.islink(path):
            yield path
            waiting += [os.path.join(path, name) for name in glob("*", root_dir=path)]


def _order(source: Source) -> tuple[str, str]:
    return source.name, str(source.path)


def _precedence(file: str, source: Source) -> tuple[bool, bool, tuple[str, str]]:
    """Order the names of one file: its own is better than one that passes a link."""
    is_own = _key(os.path.abspath(source.path or STDIN)) == file
    return source.is_linked, not is_own, _order(source)


def _key(path: str) -> str:
    """Return a key that is equal for all spellings of a path that the system treats as one.

    Windows ignores case. macOS ignores how accents are composed; git lists them in NFC.
    """
    return normalize("NFC", path) if sys.platform == "darwin" else os.path.normcase(path)


def real_file(path: str) -> str:
    """Return the file that a link leads to; any other path as it is."""
    return os.path.realpath(path) if os.path.islink(path) else path


class _Search:
    """Searches folders for the files of a run."""

    def __init__(self, warn: Callable[[str], None], selection: Selection) -> None:
        self._warn = warn
        self._selection = selection
        self._real_folder = cache(os.path.realpath)
        self._listed = cache(self._listed_by_git)
        #: Seconds that git may still take before it is known to be stuck.
        self._patience = _PATIENCE

    def _listed_by_git(self, folder: str) -> list[str] | None:
        """Ask git for the files below a folder, and the repositories in it; None if it fails."""
        import subprocess  # noqa: PLC0415

        try:
            listing = subprocess.run(  # noqa: S603 - a fixed command
                list_command(folder),
                env=environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=True,
                timeout=self._patience,
            )
        except subprocess.TimeoutExpired:
            self._patience = _IMPATIENCE
            why = "git does not respond; one of its files, such as .gitignore, may be a pipe"
        except OSError as error:
            why = "git is not installed" if error.filename == "git" else str(error.strerror).lower()
        except subprocess.CalledProcessError as error:
            why = next(iter(_lines_of(error.stderr)), f"git ended with status {error.returncode}")
        else:
            # Folders that it cannot read are warnings of git.
            for line in _lines_of(listing.stderr):
                self._warn(f"git in {folder}: {line.removeprefix('warning: ')}")
            names = {os.fsdecode(name).rstrip("/") for name in listing.stdout.split(b"\0") if name}
            return sorted(names)
        self._warn(f"git's ignore rules are not applied in {folder}: {why}")
        return None

    def files_at(self, path: str) -> Iterable[Source]:
        """Return the files that a path selects."""
        if path == STDIN:
            return [Source(STDIN, None)]
        if not os.path.isdir(path):
            return [] if self._selection.is_force_excluded(path) else [_source(path)]
        folder = _normal(path)
        found = list(self._files_below(folder))
        if not found:
            names = self._selection.wanted_names(folder)
            self._warn(
                f"no sampling request in {folder}: {names}, and files ignored by git are skipped"
            )
        return found

    def _files_below(self, folder: str) -> Iterator[Source]:
        # Where the folder really is: a link may lead into a repository, or out of one.
        root = repository_of(self._real_folder(folder))
        listed = None if root is None else self._listed(folder)
        # A submodule that was never fetched has no repository: git lists its folder only.
        if listed is None or listed == ["."]:
            yield from self._walked(folder, root)
            return
        is_inside = cache(partial(self._is_inside, folder))
        for name in listed:
            if not is_inside(name.rpartition("/")[0]):
                continue
            path = _inside(folder, name)
            mode = _mode_of(path)
            if S_ISDIR(mode):
                # Of a repository inside this one git lists the folder only.
                yield from self._files_below(path)
            elif S_ISLNK(mode):
                yield from self._behind_link(path, folder, root)
            elif S_ISREG(mode) and self._selection.is_wanted(path):
                yield _source(path)

    def _is_inside(self, folder: str, below: str) -> bool:
        """Whether the path of a folder below another one passes no link and no `..`."""
        real: str = self._real_folder(os.path.join(folder, below))
        expected = os.path.join(self._real_folder(folder), below).rstrip(os.sep)
        return os.path.normcase(real) == os.path.normcase(expected)

    def _walked(self, folder: str, root: str | None) -> Iterator[Source]:
        """Yield the files below a folder without git, and each folder that cannot be read."""
        waiting = [folder]
        while waiting:
            above = waiting.pop()
            try:
                with os.scandir(above) as entries:
                    found = list(entries)
            except OSError:
                if not self._selection.is_excluded(above):
                    yield _source(above)
                continue
            if above != folder and any(entry.name == ".git" for entry in found):
                yield from self._files_below(above)
                continue
            for entry in found:
                path = _inside(above, entry.name)
                if entry.is_dir(follow_symlinks=False):
                    waiting += [path] if entry.name != ".git" else []
                elif entry.is_symlink():
                    yield from self._behind_link(path, folder, root)
                elif self._selection.is_wanted(path) and S_ISREG(_mode_of(path)):
                    yield _source(path)

    def _behind_link(self, link: str, folder: str, root: str | None) -> Iterator[Source]:
        """Yield the file that a link in a folder stands for, unless it is found without the link.

        `root` is that of the repository that the folder is in.
        """
        file = os.path.realpath(link)
        real_folder = self._real_folder(folder)
        is_outside = not _is_below(file, root or real_folder)
        # An editor marks a file that it has open by a link to nowhere, `.#name`.
        if os.path.isdir(file) or os.path.basename(link).startswith(".#"):
            return
        if is_outside or not os.path.exists(file):
            if self._selection.is_wanted(link):
                outside = f"outside the {'repository' if root else 'folder'}"
                where = outside if os.path.exists(file) else "nowhere"
                self._warn(f"{shown_name(link)} is skipped: this link leads {where}")
            return
        if _is_below(file, real_folder):
            return
        above, name = os.path.split(file)
        listed = [] if ".git" in file.split(os.sep) else self._listed(above)
        own = os.path.normpath(os.path.join(folder, os.path.relpath(file, real_folder)))
        own = own if os.path.realpath(own) == file else file
        is_listed = listed is None or _key(name) in map(_key, listed)
        if is_listed and self._selection.is_wanted(own):
            yield _source(own)._replace(is_linked=True)


def _source(path: str) -> Source:
    return Source(shown_name(path), path)


def _normal(path: str) -> str:
    """Return a path without parts that mean nothing; the current folder is "."."""
    drive, rest = os.path.splitdrive(path.replace(os.sep, "/"))
    start = drive + "/" * rest.startswith("/")
    return start + "/".join(part for part in rest.split("/") if part not in ("", ".")) or "."


def _inside(folder: str, name: str) -> str:
    return name if folder == "." else os.path.join(folder, name)


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(folder, ""))


def _mode_of(path: str) -> int:
    """Return the type of a file, 0 if it was deleted since git listed it.

    Without permission to ask, it is that of a regular file, so that reading reports it.
    """
    try:
        return os.lstat(path).st_mode
    except PermissionError:
        return S_IFREG
    except OSError:
        return 0


def shown_name(path: str) -> str:
    """Return how a file is shown: its path as it was given, with `/`, without a leading `./`.

    What is not UTF-8 in it becomes U+FFFD. On macOS accents are composed, as git lists them.
    """
    name = _key(path) if sys.platform == "darwin" else path.replace(os.sep, "/")
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    return name if name.isascii() else os.fsencode(name).decode(errors="replace")


def _lines_of(output: bytes) -> list[str]:
    return output.decode(errors="replace").strip().splitlines()
