"""Search for regular expressions in linear time: a ruleset's pattern must not hang a run.

`re` backtracks, so to search a long name for `^(a+)+$` takes years. Here a pattern is an automaton
whose states are followed all together, one character at a time (Thompson's construction). A set of
states is an integer, with a bit for each. The language is that of `re` without references to groups
and without looking ahead or back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NoReturn, TypeAlias

#: Builds states in front of the one that it is given, and returns the first of them.
Build = Callable[[int], int]

#: What a state requires: the next character, or assertions (0: nothing).
Test: TypeAlias = re.Pattern[str] | int


_MOST_STATES = 1_000
_DEEPEST = 50

#: So many steps, sets of states and characters are remembered.
_MOST_KEPT = 2_000

#: Stands for the states before the first character of a text.
_BEFORE_TEXT = -1

#: Stand for a line break at the end of a text, before which `$` is true, and for the end.
_LAST_BREAK, _TEXT_END = "last break", ""

#: What may be asserted of the place between two characters.
_START, _LAST_LINE_END, _END, _BOUNDARY, _NO_BOUNDARY = 1, 2, 4, 8, 16
_ASSERTIONS = {
    "^": _START,
    r"\A": _START,
    "$": _LAST_LINE_END,
    r"$(?!\n)": _END,
    r"\Z": _END,
    r"\z": _END,
    r"\b": _BOUNDARY,
    r"\B": _NO_BOUNDARY,
}

#: A part of a regular expression; compiled when one is used, which few runs do.
_PART = r"""(?xs)
    (?P<assertion> \$\(\?!\\n\) | [\^$] | \\[AZzbB] )
    | (?P<open> \( (?: \?: | \?P<\w+> )? (?!\?) )
    | (?P<unsupported> \(\? (?: [a-zA-Z-]+ [:)] | <?. ) | \\[1-9] )
    | (?P<close> \) )
    | (?P<or> \| )
    | (?P<repeat> [*+?] | \{ (?!\}) (?P<low> [0-9]* ) (?: (?P<to> , ) (?P<high> [0-9]* ) )? \} )
      (?P<mode> [+?]? )
    | (?P<character> \[ \^? \]? (?: \\. | [^]\\] )* \]
        | \\x.. | \\u.{4} | \\U.{8} | \\0[0-7]{0,2} | \\N\{[^}]*\} | \\. | . )
    """


class UnsupportedPatternError(ValueError):
    """A pattern is not supported; the error says why, without naming it."""


def matches(pattern: str, text: str) -> bool:
    """Whether a regular expression is found in a text, as by `re.search`; errors as of `Regex`."""
    return compiled(pattern).is_found_in(text)


class Regex:
    """A regular expression that is searched in linear time.

    Raises:
        re.error: the pattern is not a regular expression.
        UnsupportedPatternError: it needs more than this class can do.
    """

    def __init__(self, pattern: str) -> None:
        re.compile(pattern)
        self._tokens = [*re.finditer(_PART, pattern)]
        if _nesting(self._tokens) > _DEEPEST:
            _decline(f"has groups nested in more than {_DEEPEST} levels")
        self._tokens.reverse()
        # Each state has a test and the states that come next. State 0 is the end of a match.
        self._states: list[tuple[Test, tuple[int, ...]]] = [(0, ())]
        self._first = self._alternatives()(0)
        #: The states with each test, and the states with a follower at each distance.
        self._tested: dict[Test, int] = defaultdict(int)
        self._leading: dict[int, int] = defaultdict(int)
        for state, (test, following) in enumerate(self._states):
            self._tested[test] |= 1 << state
            for each in following:
                self._leading[state - each] |= 1 << state
        self._passing = lru_cache(_MOST_KEPT)(self._find_passing)
        self._complete = lru_cache(_MOST_KEPT)(self._find_complete)
        #: The states after some states and a character; their lowest bit says if it is in words.
        self._steps: dict[tuple[int, str], int] = {}

    def is_found_in(self, text: str) -> bool:
        """Whether a part of `text` matches, as `re.search` finds it."""
        characters = (*text, _TEXT_END)
        if text.endswith("\n"):
            characters = (*text[:-1], _LAST_BREAK, _TEXT_END)
        states = _BEFORE_TEXT
        for character in characters:
            try:
                states = self._steps[states, character]
            except KeyError:
                states = self._find_step(states, character)
        return bool(states >> 1 & 1)

    def _find_step(self, before: int, character: str) -> int:
        if len(self._steps) == _MOST_KEPT:
            self._steps.clear()
        is_word = character.isalnum() or character == "_"
        if before == _BEFORE_TEXT:
            states, was_word, found = 1 << self._first, False, _START
        else:
            states, was_word, found = before >> 1, bool(before & 1), 0
        found |= _NO_BOUNDARY if was_word == is_word else _BOUNDARY
        if character == _TEXT_END:
            found |= _LAST_LINE_END | _END
        elif character == _LAST_BREAK:
            found |= _LAST_LINE_END
        states = self._complete(states, found)
        if not states & 1:
            passing = self._passing("\n" if character == _LAST_BREAK else character)
            states = self._after(states & passing) | 1 << self._first
        self._steps[before, character] = after = states << 1 | is_word
        return after

    def _find_complete(self, states: int, found: int) -> int:
        """Add the states that are reached without a character, where some assertions are true."""
        silent = self._passing(found)
        new = states
        while new := self._after(new & silent) & ~states:
            states |= new
        return states

    def _find_passing(self, given: str | int) -> int:
        """Return the states whose test a character passes, or that some true assertions allow."""
        passing = 0
        for test, states in self._tested.items():
            if isinstance(test, re.Pattern) and isinstance(given, str):
                passing |= states if given and test.match(given) else 0
            elif isinstance(test, int) and isinstance(given, int):
                passing |= states if not test or test & given else 0
        return passing

    def _after(self, states: int) -> int:
        """Return the states that follow some states."""
        following = 0
        for distance, leading in self._leading.items():
            moved = states & leading
            following |= moved >> distance if distance > 0 else moved << -distance
        return following

    def _add(self, test: Test, *following: int) -> int:
        if len(self._states) == _MOST_STATES:
            _decline(f"has repeats that add up to more than {_MOST_STATES} steps")
        self._states.append((test, following))
        return len(self._states) - 1

    def _alternatives(self) -> Build:
        branches = [self._sequence()]
        while self._tokens and self._tokens[-1]["or"]:
            self._tokens.pop()
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        return lambda end: self._add(0, *(build(end) for build in branches))

    def _sequence(self) -> Build:
        parts: list[Build] = []
        while self._tokens and self._tokens[-1].lastgroup not in ("or", "close"):
            token = self._tokens.pop()
            if token["repeat"]:
                parts.append(self._repeated(parts.pop(), token))
            else:
                parts.append(self._part(token))

        def build(end: int) -> int:
            for part in reversed(parts):
                end = part(end)
            return end

        return build

    def _part(self, token: re.Match[str]) -> Build:
        if token["unsupported"]:
            _decline(f"contains {token[0]}")
        if token["open"]:
            inner = self._alternatives()
            self._tokens.pop()  # the closing parenthesis
            return inner
        test = _ASSERTIONS[token[0]] if token["assertion"] else re.compile(token[0])
        return lambda end: self._add(test, end)

    def _repeated(self, part: Build, token: re.Match[str]) -> Build:
        if token["mode"] == "+":
            _decline(f"contains {token[0]}")
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(token["repeat"], (-1, None))
        if low < 0:
            low = int(token["low"] or 0)
            high = low if not token["to"] else int(token["high"]) if token["high"] else None

        def build(end: int) -> int:
            first = end
            if high is None:
                first = self._add(0)
                self._states[first] = (0, (part(first), end))
            else:
                for _ in range(high - low):
                    first = self._add(0, part(first), end)
            for _ in range(low):
                before, first = first, part(first)
                if first == before:
                    break  # `part` is empty
            return first

        return build


#: Returns a regular expression, the same one for the same pattern; errors as of `Regex`.
compiled = cache(Regex)


def _decline(what: str) -> NoReturn:
    message = f"{what}, which is not supported"
    raise UnsupportedPatternError(message)


def _nesting(tokens: list[re.Match[str]]) -> int:
    depth = deepest = 0
    for token in tokens:
        depth += bool(token["open"]) - bool(token["close"])
        deepest = max(deepest, depth)
    return deepest
