"""Patterns of configuration files, as in a `.gitignore`."""

import fnmatch
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple

#: Brackets with their content, or one that is not closed.
_BRACKETS = re.compile(r"\[(?:([!^]?+)((?>(?:\]|\[:[^]]*:\]|[^]])(?:\[:[^]]*:\]|[^]])*))\])?")
_CLASS = re.compile(r"\[:([^]]*):\]")

#: The named classes of characters in ASCII. They start with neither `!` nor `]`, and end with a
#: range, so that a hyphen after one is a hyphen.
_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": "\t-\t - ",
    "cntrl": "\x01-\x1f\x7f-\x7f",
    "digit": "0-9",
    "graph": '"-~!-!',
    "lower": "a-z",
    "print": " -~",
    "punct": ':-@[-`{-~"-/!-!',
    "space": "\t-\n\r-\r - ",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


class _Name(NamedTuple):
    """What one name of a path has to match; folders may be before it in place of `**`."""

    regex: re.Pattern[str]
    is_after_stars: bool


class _Pattern(NamedTuple):
    names: tuple[_Name, ...]
    is_negated: bool
    is_for_folders: bool
    is_name: bool

    def matching(self, path: Sequence[str]) -> Iterator[int]:
        """Yield how many names of a path match: 1 and 2 for `*` and `*/*` in `a/b/c`."""
        matched = {0}
        for count, name in enumerate(path, 1):
            expected = [(index, self.names[index]) for index in matched if index < len(self.names)]
            matched = {index for index, each in expected if each.is_after_stars}
            matched |= {index + 1 for index, each in expected if each.regex.match(name)}
            if len(self.names) in matched and not (self.is_for_folders and count == len(path)):
                yield count


class Patterns:
    """Patterns as in a `.gitignore` in `folder`, a real path."""

    def __init__(self, patterns: Iterable[str], folder: str) -> None:
        """Compile patterns.

        Raises:
            ValueError: one of them could never match.
        """
        self.patterns = tuple(patterns)
        self.folder = folder
        self._all = [_compiled(each) for each in self.patterns]
        self._names = [each for each in self._all if each.is_name]

    def has_match(self, path: str) -> bool:
        """Whether a real path has a match.

        Where it is not below the folder, as with a file that is extended from elsewhere, names are
        searched for below the last folder that both have in common.
        """
        names, above = _split(path), _split(self.folder.rstrip(os.sep))
        pairs = zip(names[:-1], above, strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        patterns = self._all if shared == len(above) else self._names
        # Patterns are UTF-8 in every locale.
        below = [os.fsencode(name).decode(errors="surrogateescape") for name in names[shared:]]
        # As in git, the last match counts, and nothing in a folder that matches is taken back.
        matches: dict[int, bool] = {}
        for each in patterns:
            matches.update(dict.fromkeys(each.matching(below), not each.is_negated))
        return any(matches.values())


def _split(path: str) -> list[str]:
    return path.replace(os.sep, "/").split("/")


def _compiled(pattern: str) -> _Pattern:
    # `./` is the folder of the configuration file, and git ignores spaces at the end of a line.
    text = re.sub(r"^\./", "/", pattern.removeprefix("!").rstrip(" "))
    path = text.removesuffix("/")
    is_name = "/" not in path
    names = ["**", path] if is_name else path.removeprefix("/").split("/")
    if _is_stars(names[-1]):
        names.append("*")
    return _Pattern(
        tuple(
            _Name(_compiled_name(name), is_after_stars=_is_stars(before))
            for before, name in pairwise(["", *names])
            if not _is_stars(name)
        ),
        is_negated=pattern.startswith("!"),
        is_for_folders=text.endswith("/"),
        is_name=is_name,
    )


def _is_stars(name: str) -> bool:
    """Whether a name is `**`, which stands for any folders; more stars are the same for git."""
    return len(name) > 1 and not name.strip("*")


def _compiled_name(name: str) -> re.Pattern[str]:
    """Translate the pattern of one name in a path.

    Raises:
        ValueError: it could never match.
    """
    if not name or "\\" in name:
        message = f"no name matches {name}"
        raise ValueError(message)
    # Each star of `fnmatch` takes linear time.
    return re.compile(fnmatch.translate(_BRACKETS.sub(_brackets, name)))


def _brackets(found: re.Match[str]) -> str:
    """Write brackets as `fnmatch` reads them."""
    negation, content = found.groups()
    classes = _CLASS.findall(content or "")
    if content and _CLASSES.keys() >= set(classes):
        ranges = _CLASS.sub(lambda found: _CLASSES[found[1]], content)
        brackets = f"[{negation and '!'}{ranges}]"
        # What `fnmatch` writes for ranges without a character.
        if not fnmatch.translate(brackets).startswith("(?s:(?!)"):
            return brackets
    message = f"no name matches {found[0]}"
    raise ValueError(message)
