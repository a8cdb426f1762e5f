"""The goals of our command, as ratios to a bare Python, to peers and to itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from cases import (
    BARE,
    FILES,
    FINDINGS,
    FOLDER,
    GROWTH,
    LINES,
    MANY_LINES,
    OURS,
    OURS_CONCISE,
    OURS_IN_TWO,
    OURS_WITH_TEAM,
    SETTINGS,
    case_name,
    finding_name,
    growth_name,
    settings_name,
)
from corpus import GROWING, Notation
from measurement import Timing
from peers import AJV, AJV_CLI, CHECK_JSONSCHEMA, FASTJSONSCHEMA, SOURCEMETA

#: Timings by the name of a case and that of a command.
Results: TypeAlias = Mapping[str, Mapping[str, Timing]]

MIB = 1 << 20


class Goal(NamedTuple):
    """The most that a figure may be; `figure` raises KeyError if it was not measured."""

    what: str
    most: float
    unit: str
    figure: Callable[[Results], float]


class Outcome(NamedTuple):
    """A goal, and what was measured for it, if it was."""

    goal: Goal
    measured: float | None

    @property
    def is_missed(self) -> bool:
        """Whether the figure is too large."""
        return self.measured is not None and self.measured > self.goal.most

    @property
    def word(self) -> str:
        """The outcome in words."""
        if self.measured is None:
            return "not measured"
        return "missed" if self.is_missed else "met"


def judge(results: Results) -> list[Outcome]:
    """Compare the results with all goals."""
    return [Outcome(goal, _measured(goal, results)) for goal in GOALS]


def _measured(goal: Goal, results: Results) -> float | None:
    try:
        return goal.figure(results)
    except KeyError:
        return None


def _time(case: str, most: float, than: str, ours: str = OURS) -> Goal:
    """Require that our command takes at most `most` times as long as another one."""
    what = f"{case}: time of `{ours}` to `{than}`"
    return Goal(what, most, "x", lambda results: results[case][ours].ratio_to(results[case][than]))


def _growth(kind: str) -> Goal:
    """Require that five times the input takes about five times as long."""
    small, large = (growth_name(count, kind) for count in GROWTH)
    what = f"{large}: time to {GROWTH[0]:,} of them"

    def figure(results: Results) -> float:
        return results[large][OURS].median / results[small][OURS].median

    return Goal(what, 6, "x", figure)


def _one_file() -> list[Goal]:
    notations: tuple[tuple[Notation, float], ...] = (("json", 1.35), ("yaml", 1.4))
    goals = [
        _time(case_name(1, f"{notation.upper()} file", is_valid=True), most, BARE)
        for notation, most in notations
    ]
    most = {FOLDER: 3, "a team's ruleset": 2.5}
    goals += [_time(settings_name(each), most.get(each, 2), BARE) for each in SETTINGS]
    for finding in FINDINGS:
        for notation, _ in notations:
            case = finding_name(notation, finding)
            goals += [_time(case, 10, BARE), _time(case, 0.5, CHECK_JSONSCHEMA)]
    return goals


def _largest_peak(results: Results) -> float:
    names = (_VALID_LINES, _LINES, _VALID_MANY_LINES, _MANY_LINES)
    cases = [results[name] for name in names if name in results]
    peaks = [case[ours].peak for case in cases for ours in (OURS, OURS_IN_TWO) if ours in case]
    if not peaks:
        raise KeyError
    return max(peaks) / MIB


def _memory_growth(results: Results) -> float:
    return results[_MANY_LINES][OURS].peak / results[_LINES][OURS].peak


_VALID_JSON_FILES = case_name(FILES, "JSON file", is_valid=True)
_VALID_YAML_FILES = case_name(FILES, "YAML file", is_valid=True)
_JSON_FILES = case_name(FILES, "JSON file", is_valid=False)
_YAML_FILES = case_name(FILES, "YAML file", is_valid=False)
_VALID_LINES = case_name(LINES, "line", is_valid=True)
_LINES = case_name(LINES, "line", is_valid=False)
_VALID_MANY_LINES = case_name(MANY_LINES, "line", is_valid=True)
_MANY_LINES = case_name(MANY_LINES, "line", is_valid=False)

GOALS = (
    *_one_file(),
    _time(_JSON_FILES, 0.12, CHECK_JSONSCHEMA, OURS_IN_TWO),
    _time(_JSON_FILES, 0.2, AJV_CLI, OURS_IN_TWO),
    _time(_YAML_FILES, 0.06, CHECK_JSONSCHEMA, OURS_IN_TWO),
    _time(_VALID_JSON_FILES, 1.0, SOURCEMETA, OURS_IN_TWO),
    _time(_VALID_YAML_FILES, 1.3, SOURCEMETA, OURS_IN_TWO),
    _time(_VALID_LINES, 0.75, AJV),
    _time(_VALID_LINES, 0.6, FASTJSONSCHEMA),
    _time(_VALID_LINES, 0.6, OURS, OURS_IN_TWO),
    # Findings have excerpts, and fixes that are verified.
    _time(_LINES, 2.4, AJV),
    _time(_LINES, 0.75, AJV, OURS_CONCISE),
    _time(_LINES, 0.6, FASTJSONSCHEMA),
    _time(_LINES, 0.6, OURS, OURS_IN_TWO),
    _time(_VALID_MANY_LINES, 1.5, OURS, OURS_WITH_TEAM),
    *map(_growth, GROWING),
    Goal("all lines: peak memory of one of our processes", 32, "MiB", _largest_peak),
    Goal("10 % invalid: peak memory of 1,000,000 lines to 100,000", 1.1, "x", _memory_growth),
)
