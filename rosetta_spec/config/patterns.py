"""Patterns of configuration files, as in a `.gitignore`."""

import os
import re
import warnings
from collections.abc import Iterable
from itertools import takewhile

from pathspec import GitIgnoreSpec, RegexPattern

from rosetta_spec.regex import UnsupportedPatternError, matches

#: More stars could make a search take for ever: `pathspec` tries them all.
_MAX_STARS = 3


class Patterns:
    """Patterns as in a `.gitignore` in `folder`, a real path."""

    def __init__(self, patterns: Iterable[str], folder: str) -> None:
        """Compile patterns.

        Raises:
            ValueError: one of them could never match, or is not a pattern.
        """
        self.patterns = tuple(patterns)
        self.folder = folder
        self._all = _compiled(self.patterns)
        self._may_be_slow = any(each.count("*") > 1 for each in self.patterns)
        self._names = _compiled(each for each in self.patterns if "/" not in each.rstrip("/"))

    def has_match(self, path: str) -> bool:
        """Whether a real path has a match.

        Where it is not below the folder, as with a file that is extended from elsewhere, names are
        searched for below the last folder that both have in common.
        """
        names, above = _split(path), _split(self.folder.rstrip(os.sep))
        pairs = zip(names[:-1], above, strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        spec = self._all if shared == len(above) else self._names
        # Patterns are UTF-8 in every locale.
        name = os.fsencode("/".join(names[shared:])).decode(errors="surrogateescape")
        if self._may_be_slow:
            # What does not match is found out in linear time.
            matching = [each for each in spec.patterns if _may_match(each, name)]
            spec = type(spec)(matching)
        return spec.match_file(name)


def _may_match(pattern: RegexPattern, name: str) -> bool:
    try:
        return bool(pattern.regex and matches(pattern.regex.pattern, name))
    except UnsupportedPatternError:
        return True


def _split(path: str) -> list[str]:
    return path.replace(os.sep, "/").split("/")


def _compiled(patterns: Iterable[str]) -> GitIgnoreSpec:
    # Only in a file a number sign starts a comment; `./` is the folder of the configuration file.
    texts = [re.sub(r"^#", r"\\#", re.sub(r"^(!?)\./", r"\1/", each)) for each in patterns]
    with warnings.catch_warnings():
        # `re` warns of brackets in brackets.
        warnings.simplefilter("ignore")
        try:
            spec = GitIgnoreSpec.from_lines(texts)
        except re.error as error:
            raise ValueError(str(error)) from error
    for text, pattern in zip(texts, spec.patterns, strict=True):
        names = text.removesuffix("/**").split("/")
        stars = [len(re.findall(r"\*+", name)) for name in names]
        # In each name all stars except one, and each `**`, multiply the ways to match a path.
        ways = sum(max(count - 1, 0) for count in stars) + names.count("**")
        is_slow = max(ways, *stars, text.count("**")) > _MAX_STARS
        if pattern.include is None or is_slow:
            message = f"the pattern {text} has too many stars, or no match"
            raise ValueError(message)
    return spec
