"""The way in for what is checked most: a few files, by no settings, in which nothing is found.

It knows no more than what such a call takes. Whatever is not surely such a call, and not surely
fine, goes the way of all others, which says the same of it (a law holds that).
"""

from __future__ import annotations

import os
from stat import S_ISREG

from rosetta_spec.errors import WrongFileError
from rosetta_spec.fast.acceptor import accepts
from rosetta_spec.fast.closest import is_config_above
from rosetta_spec.fast.formats import JSONL, format_by_name
from rosetta_spec.fast.quick import Declined
from rosetta_spec.fast.reader import read_values
from rosetta_spec.files.opening import read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

#: Options that change nothing where there are no settings and nothing is found.
_IDLE = frozenset({"--isolated", "--force-exclude"})

#: More files than this are not read here: if one is not fine, all are read once more.
_MOST_FILES = 8

#: Where this is set, more may be written than a sentence.
_SURROUNDINGS = "GITHUB_ACTIONS"


def check_at_once(arguments: Sequence[str]) -> bool:
    """Check what the arguments of a process ask for, and say so if all of it is surely fine.

    False: nothing was written, and it is still to be done.
    """
    command, *words = arguments or [""]
    paths = [word for word in words if word not in _IDLE]
    if command != "check" or not 0 < len(paths) <= _MOST_FILES or _SURROUNDINGS in os.environ:
        return False
    try:
        documents = _count_fine(paths)
    except (Declined, OSError, ValueError, WrongFileError):
        return False
    # What is not fine needs more, and loads more.
    from rosetta_spec.cli.standard_output import write_stdout  # noqa: PLC0415
    from rosetta_spec.fast.summary import all_fine  # noqa: PLC0415

    write_stdout(f"{all_fine(len(paths), documents)}\n")
    return True


def _count_fine(paths: Sequence[str]) -> int:
    """Count the documents of files that are all surely fine.

    Raises:
        Declined: they are not, or are to be read in another way.
        OSError, ValueError, WrongFileError: something cannot be read.
    """
    formats = [None if path.startswith("-") else format_by_name(path) for path in paths]
    if None in formats or JSONL in formats or is_config_above(paths):
        raise Declined
    stats = [os.stat(path) for path in paths]  # noqa: PTH116 - pathlib loads slowly
    # What is no file, such as a pipe, can be read only once, and one that is named twice is.
    is_plain = all(S_ISREG(stat.st_mode) for stat in stats)
    if not is_plain or len({(stat.st_dev, stat.st_ino) for stat in stats}) < len(stats):
        raise Declined
    documents = 0
    for path, format_ in zip(paths, formats, strict=True):
        values = read_values(read_file(path), format_)
        if not (values and all(map(accepts, values))):
            raise Declined
        documents += len(values)
    return documents
