"""Answer a call that checks a few valid files.

This folder loads no more than such a call needs. Every other call, and every file that is not
clearly valid, is declined and goes to `rosetta_spec.cli`, which would give the same answer.
"""

from __future__ import annotations

import os
import sys
from stat import S_ISREG

from rosetta_spec.fast.acceptor import accepts
from rosetta_spec.fast.config_cache import ClosestConfigs, load, may_have_table, repository_of
from rosetta_spec.fast.formats import (
    GLOB,
    JSON,
    JSONL,
    MAX_BYTES,
    REQUEST_ENDINGS,
    Declined,
    format_by_name,
    format_of,
    no_findings,
)
from rosetta_spec.fast.git import listed_by_git
from rosetta_spec.fast.json_value import decoded, read_json_value
from rosetta_spec.fast.predicates import have_no_repeats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from rosetta_spec.fast.formats import Json

#: Options that change nothing for valid files, except which are read.
_OPTIONS = frozenset({"--isolated", "--force-exclude", "--fix"})

#: More files are declined: if one has a finding, all are read again.
_MAX_FILES = 64

#: Bytes that are read at once.
_PIECE = 64 * 1024

_STDOUT = 1

#: The key of the schema for editors, which is not sent.
_EDITOR_KEY = "$schema"


def answer(arguments: Sequence[str]) -> bool:
    """Check the files that the arguments name, and report if all are clearly valid.

    Returns:
        False if nothing was written.
    """
    command, *words = arguments or [""]
    if command != "check" or sys.stdout is None:
        return False
    options = _OPTIONS.intersection(words)
    paths = [word for word in words if word not in options] or [os.curdir]
    try:
        configs = _Configs(is_isolated="--isolated" in options)
        files = _files_at(paths, configs, is_excluding="--force-exclude" in options)
        report = f"{no_findings(len(files), _count_documents(files, configs))}\n".encode()
        # What cannot be written is reported by the command line.
        return os.write(_STDOUT, report) == len(report)
    except (Declined, OSError, ValueError):
        return False


def _files_at(paths: Sequence[str], configs: _Configs, *, is_excluding: bool) -> list[str]:
    files: list[str] = []
    for path in paths:
        # A link has the settings of the file that it leads to. A path may be a glob.
        if path.startswith("-") or not GLOB.isdisjoint(path) or os.path.islink(path):
            raise Declined
        if os.path.isdir(path):
            files += _files_below(path, configs)
        elif not (is_excluding and configs.is_excluded(path)):
            files.append(path)
    if not 0 < len(files) <= _MAX_FILES:
        raise Declined
    return files


def _files_below(folder: str, configs: _Configs) -> Iterator[str]:
    """Yield the requests below a folder in a git repository.

    Raises:
        Declined: there may be others.
    """
    real_folder = os.path.realpath(folder)
    if repository_of(real_folder) is None:
        raise Declined
    listed = listed_by_git(folder)
    # Git may ignore a configuration file, which counts nevertheless.
    for above in {"", *map(os.path.dirname, listed)}:
        configs.check_default_names(os.path.join(real_folder, above) if above else real_folder)
    for name in listed:
        path = os.path.join(folder, name)
        # A repository inside this one is listed as a folder. A link may stand for another file.
        if not S_ISREG(os.lstat(path).st_mode):
            raise Declined
        is_of_macos = os.path.basename(name).startswith("._")
        if name.lower().endswith(REQUEST_ENDINGS) and not is_of_macos:
            # A file that git tracks may be in a folder that is a link now.
            real = os.path.join(real_folder, *name.split("/")[:-1])
            if os.path.realpath(os.path.dirname(path)) != real:
                raise Declined
            if not configs.is_excluded(path):
                yield path


def _count_documents(paths: Sequence[str], configs: _Configs) -> int:
    """Count the documents of files that are all valid.

    Raises:
        Declined: one may not be, or has to be read in another way.
        OSError, ValueError: one cannot be read.
    """
    formats = [format_by_name(path) for path in paths]
    if None in formats or JSONL in formats:
        raise Declined
    stats = [os.stat(path) for path in paths]
    # A pipe can be read only once, and a file that is named twice is checked once.
    are_files = all(S_ISREG(stat.st_mode) for stat in stats)
    if not are_files or len({(stat.st_dev, stat.st_ino) for stat in stats}) < len(stats):
        raise Declined
    documents: list[Any] = []
    for path, format_ in zip(paths, formats, strict=True):
        values = read_values(_read(path), format_)
        if not (values and all(map(configs.acceptor_for(path), values))):
            raise Declined
        documents += [{**value, _EDITOR_KEY: None} for value in values]
    # A request that repeats another one has a finding.
    if len(documents) > 1 and not have_no_repeats(documents):
        raise Declined
    return len(documents)


def read_values(data: bytes, format_: str | None) -> list[Json]:
    """Read the values of all documents of a JSON or YAML file; fractions are floats.

    Without a format, the text decides.

    Raises:
        Declined: the full reader has to read it.
    """
    content = decoded(data).removeprefix("\ufeff")
    if format_of(content, format_) == JSON:
        return [read_json_value(content)]
    # JSON does not need it.
    from rosetta_spec.fast.yaml_lines import read_yaml_lines

    return read_yaml_lines(content)


class _Configs:
    """What the configuration files above files set, if it is in the cache.

    Every method raises `Declined` if it is not.
    """

    def __init__(self, *, is_isolated: bool) -> None:
        self._closest = None if is_isolated else ClosestConfigs(self._has_table)
        self._compiled: dict[str, Any] = {}
        self._acceptors: dict[str, Callable[[Any], bool]] = {}

    def is_excluded(self, path: str) -> bool:
        """Whether a file is left out when it is found in a folder."""
        config = self._config_of(path)
        if config is None:
            return False
        patterns = self._of(config)["exclude"]
        if patterns is None:
            raise Declined
        above = os.path.join(os.path.dirname(config), "")
        file = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        below = file[len(above) :].replace(os.sep, "/")
        return any(_is_match(each, f"/{below}") for each in patterns)

    def check_default_names(self, folder: str) -> None:
        """Decline if files with other names than usual are read in a real folder."""
        config = self._closest and self._closest.of(folder)
        if config and self._of(config)["has_include"]:
            raise Declined

    def acceptor_for(self, path: str) -> Callable[[Any], bool]:
        """Return the function that accepts the valid documents of a file."""
        config = self._config_of(path)
        if config is None or self._of(config)["acceptor"] is None:
            return accepts
        if config not in self._acceptors:
            module: dict[str, Any] = {}
            exec(self._of(config)["acceptor"], module)  # noqa: S102 - generated from the ruleset
            self._acceptors[config] = module["accepts"]
        return self._acceptors[config]

    def _config_of(self, path: str) -> str | None:
        if self._closest is None:
            return None
        return self._closest.of(os.path.realpath(os.path.dirname(path)))

    def _of(self, config: str) -> Any:  # noqa: ANN401 - see `Compiled`
        if config not in self._compiled:
            self._compiled[config] = load(config)
        if self._compiled[config] is None:
            raise Declined
        return self._compiled[config]

    def _has_table(self, path: str) -> bool:
        return may_have_table(_read(path)) and self._of(path)["is_ours"]


def _is_match(pattern: str, below: str) -> bool:
    """Whether a pattern without wildcards excludes a path, which starts with a slash."""
    name = pattern.strip("/")
    # Such a pattern is the name of a folder.
    path = below if pattern.endswith("/") else f"{below}/"
    is_anchored = "/" in pattern.rstrip("/")
    return path.startswith(f"/{name}/") if is_anchored else f"/{name}/" in path


def _read(path: str) -> bytes:
    """Read a file to its end; `open` would take three times as long for a small one.

    Raises:
        Declined: it is too large.
        OSError, ValueError: it cannot be read.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        data = piece = os.read(descriptor, _PIECE)
        while piece:
            # As much again each time, so that the copies grow in proportion to the file.
            piece = os.read(descriptor, len(data))
            data += piece
            if len(data) > MAX_BYTES:
                raise Declined
    finally:
        os.close(descriptor)
    return data
