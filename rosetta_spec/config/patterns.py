"""Patterns of file names as `.gitignore` has them, but for letter case, which never matters."""

from __future__ import annotations

import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Parts of a pattern that stand for more than themselves. Source: gitignore(5), fnmatch(3).
_PART = re.compile(
    r"(?P<folders>(?<![^/])\*\*/)|(?P<below>/\*\*$)|(?P<any>\*+)|(?P<one>\?)"
    r"|\[(?P<not>[!^]?)(?P<set>\]?(?:\\.|[^\]\\])*)\]|\\(?P<escaped>.)|(?P<plain>.)",
    re.DOTALL,
)

_RANGE = re.compile(r"(\\?.)-(\\?.)|(\\?.)", re.DOTALL)


class Patterns:
    """Patterns that stand in a file in `folder`, a real path.

    One without a slash, or with none but the last, is a name of a file or folder anywhere below;
    any other is a path from the folder. A folder stands for all below it, and `name/` is only
    that. `*`, `?`, `[a-z]`, `**` and a backslash do what they do in `.gitignore`.
    """

    def __init__(self, patterns: Iterable[str], folder: str) -> None:
        self.patterns = tuple(patterns)
        self._above = _with_slashes(folder).rstrip("/") + "/"
        anchored = [pattern for pattern in self.patterns if _is_path(pattern)]
        names = [pattern for pattern in self.patterns if not _is_path(pattern)]
        self._paths = _any_of(_path_regex(pattern) for pattern in anchored)
        self._names = _any_of(_name_regex(pattern) for pattern in names)

    def has_match(self, path: str) -> bool:
        """Whether a real path has a match.

        Where it is not below the folder, as with a file that is extended from elsewhere, names are
        looked for below the last folder that both have in common.
        """
        path = _with_slashes(path)
        if not path.startswith(self._above):
            return self._names.fullmatch(_beyond(path, self._above)) is not None
        below = path[len(self._above) :]
        return any(regex.fullmatch(below) for regex in (self._names, self._paths))


def _with_slashes(path: str) -> str:
    return path.replace(os.sep, "/")


def _beyond(path: str, folder: str) -> str:
    """Return what comes in a path after the folders that it shares with another."""
    names, others = path.split("/"), folder.split("/")
    shared = 0
    while shared < len(names) - 1 and names[shared] == others[shared]:
        shared += 1
    return "/".join(names[shared:])


def _is_path(pattern: str) -> bool:
    return "/" in pattern.rstrip("/")


def _name_regex(pattern: str) -> str:
    return f"(?:.*/)?{_regex(pattern)}"


def _path_regex(pattern: str) -> str:
    return _regex(pattern.removeprefix("./").removeprefix("/"))


def _regex(pattern: str) -> str:
    """Translate a pattern to a regular expression of a path and all below it."""
    name = pattern.rstrip("/")
    body = _folders_regex(_PART.finditer(name))
    if pattern != name:
        return f"{body}/.*"
    return body if name.endswith("/**") else f"{body}(?:/.*)?"


def _folders_regex(parts: Iterable[re.Match[str]]) -> str:
    """Translate what `**/` divides: between two of them the first place that fits will do."""
    first, *others = (
        "/".join(map(_name_between_regex, _split(between, _is_slash)))
        for between in _split(parts, lambda part: part.lastgroup == "folders")
    )
    return first + _each_first(others, some="(?:.*?/)??", last="(?:.*/)?")


def _name_between_regex(parts: Iterable[re.Match[str]]) -> str:
    """Translate a name, which stars divide: as between folders."""
    first, *others = (
        "".join(map(_translated, between))
        for between in _split(parts, lambda part: part.lastgroup == "any")
    )
    return first + _each_first(others, some="[^/]*?", last="[^/]*")


def _each_first(regexes: list[str], *, some: str, last: str) -> str:
    """Join expressions by what may stand before them, of which none but the last is tried again.

    Else to find out that a pattern with many stars has no match would take for ever.
    """
    if not regexes:
        return ""
    return "".join(f"(?>{some}{regex})" for regex in regexes[:-1]) + last + regexes[-1]


def _split(
    parts: Iterable[re.Match[str]], is_border: Callable[[re.Match[str]], bool]
) -> list[list[re.Match[str]]]:
    found: list[list[re.Match[str]]] = [[]]
    for part in parts:
        if is_border(part):
            found.append([])
        else:
            found[-1].append(part)
    return found


def _is_slash(part: re.Match[str]) -> bool:
    return "/" in (part["plain"], part["escaped"])


def _translated(part: re.Match[str]) -> str:
    match part.lastgroup:
        case "below":
            return "/.+"
        case "one":
            return "[^/]"
        case "set":
            return _set_regex(part["set"], is_negated=part["not"] != "")
        case _:
            return re.escape(part["escaped"] or part["plain"])


def _set_regex(characters: str, *, is_negated: bool) -> str:
    """Translate what stands in brackets; of a range that goes backwards only its start is left."""
    parts = ""
    for first, last, single in _RANGE.findall(characters):
        low, high = (first or single)[-1], (last or single)[-1]
        parts += f"{re.escape(low)}-{re.escape(max(high, low))}"
    if not parts:
        return "[^/]" if is_negated else "(?!)"
    return f"(?!/)[{'^' if is_negated else ''}{parts}]"


def _any_of(regexes: Iterable[str]) -> re.Pattern[str]:
    # Of no pattern nothing is a match.
    whole = "|".join(f"(?:{regex})" for regex in regexes) or "(?!)"
    return re.compile(whole, re.IGNORECASE | re.DOTALL)
