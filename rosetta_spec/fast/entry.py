"""Answer a call that checks a few valid files.

This folder loads no more than such a call needs. Every other call, and every file that is not
clearly valid, is declined and goes to `rosetta_spec.cli`, which would give the same answer.
"""

from __future__ import annotations

import os
import sys
from stat import S_ISREG

from rosetta_spec.fast.acceptor import accepts
from rosetta_spec.fast.closest import ClosestConfigs, may_have_table
from rosetta_spec.fast.formats import JSONL, MAX_BYTES, Declined, all_fine, format_by_name
from rosetta_spec.fast.reader import read_values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

#: Options that change nothing if there is no configuration and no finding.
_IDLE = frozenset({"--isolated", "--force-exclude"})

#: More files are declined: if one has a finding, all are read again.
_MAX_FILES = 8

#: Bytes that are read at once.
_PIECE = 64 * 1024

_STDOUT = 1


def answer(arguments: Sequence[str]) -> bool:
    """Check the files that the arguments name, and report if all are clearly valid.

    Returns:
        False if nothing was written.
    """
    command, *words = arguments or [""]
    paths = [word for word in words if word not in _IDLE]
    if command != "check" or not 0 < len(paths) <= _MAX_FILES or "GITHUB_ACTIONS" in os.environ:
        return False
    try:
        report = f"{all_fine(len(paths), _count_documents(paths))}\n".encode()
        # What cannot be written is reported by the command line.
        return sys.stdout is not None and os.write(_STDOUT, report) == len(report)
    except (Declined, OSError, ValueError):
        return False


def _count_documents(paths: Sequence[str]) -> int:
    """Count the documents of files that are all valid.

    Raises:
        Declined: one may not be, or has to be read in another way.
        OSError, ValueError: one cannot be read.
    """
    formats = [None if path.startswith("-") else format_by_name(path) for path in paths]
    if None in formats or JSONL in formats or _is_config_above(paths):
        raise Declined
    stats = [os.stat(path) for path in paths]
    # A pipe can be read only once, and a file that is named twice is checked once.
    are_files = all(S_ISREG(stat.st_mode) for stat in stats)
    if not are_files or len({(stat.st_dev, stat.st_ino) for stat in stats}) < len(stats):
        raise Declined
    documents = 0
    for path, format_ in zip(paths, formats, strict=True):
        values = read_values(_read(path), format_)
        if not (values and all(map(accepts, values))):
            raise Declined
        documents += len(values)
    return documents


def _is_config_above(paths: Sequence[str]) -> bool:
    closest = ClosestConfigs(lambda path: may_have_table(_read(path)))
    folders = {os.path.dirname(path) for path in paths}
    return any(closest.of(os.path.realpath(folder)) for folder in folders)


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
            piece = os.read(descriptor, _PIECE)
            data += piece
            if len(data) > MAX_BYTES:
                raise Declined
    finally:
        os.close(descriptor)
    return data
