"""What our command has to reach, against a bare Python, the peers and itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from contenders import BARE, OURS, OURS_CONCISE, OURS_IN_TWO, OURS_WITH_TEAM
from peers import AJV, AJV_CLI, CHECK_JSONSCHEMA, FASTJSONSCHEMA, SOURCEMETA
from scenarios import FILES, LINES, MANY_LINES, case_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from measurement import Timing

#: Timings by the name of a case and that of a command.
Results: TypeAlias = "Mapping[str, Mapping[str, Timing]]"

MIB = 1 << 20


class Goal(NamedTuple):
    """The most that a figure may be; `figure` raises KeyError if it was not measured."""

    what: str
    most: float
    unit: str
    figure: Callable[[Results], float]


class Verdict(NamedTuple):
    """A goal, and what was measured for it, if it was."""

    goal: Goal
    measured: float | None

    @property
    def is_missed(self) -> bool:
        """Whether the figure is too large."""
        return self.measured is not None and self.measured > self.goal.most

    @property
    def word(self) -> str:
        """The verdict in words."""
        if self.measured is None:
            return "not measured"
        return "missed" if self.is_missed else "met"


def judge(results: Results) -> list[Verdict]:
    """Set the results against all goals."""
    return [Verdict(goal, _measured(goal, results)) for goal in GOALS]


def _measured(goal: Goal, results: Results) -> float | None:
    try:
        return goal.figure(results)
    except KeyError:
        return None


def _time(case: str, most: float, than: str, ours: str = OURS) -> Goal:
    """Demand that we take at most so many times as long as another command."""
    what = f"{case}: time of `{ours}` to `{than}`"
    return Goal(what, most, "x", lambda results: results[case][ours].ratio_to(results[case][than]))


def _largest_peak(results: Results) -> float:
    names = (_VALID_LINES, _LINES, _VALID_MANY_LINES, _MANY_LINES)
    cases = [results[name] for name in names if name in results]
    peaks = [case[ours].peak for case in cases for ours in (OURS, OURS_IN_TWO) if ours in case]
    if not peaks:
        raise KeyError
    return max(peaks) / MIB


def _growth(results: Results) -> float:
    return results[_MANY_LINES][OURS].peak / results[_LINES][OURS].peak


_VALID_JSON = case_name(1, "JSON file", is_valid=True)
_VALID_YAML = case_name(1, "YAML file", is_valid=True)
_INVALID_JSON = case_name(1, "JSON file", is_valid=False)
_INVALID_YAML = case_name(1, "YAML file", is_valid=False)
_VALID_JSON_FILES = case_name(FILES, "JSON file", is_valid=True)
_VALID_YAML_FILES = case_name(FILES, "YAML file", is_valid=True)
_JSON_FILES = case_name(FILES, "JSON file", is_valid=False)
_YAML_FILES = case_name(FILES, "YAML file", is_valid=False)
_VALID_LINES = case_name(LINES, "line", is_valid=True)
_LINES = case_name(LINES, "line", is_valid=False)
_VALID_MANY_LINES = case_name(MANY_LINES, "line", is_valid=True)
_MANY_LINES = case_name(MANY_LINES, "line", is_valid=False)

GOALS = (
    _time(_VALID_JSON, 1.35, BARE),
    _time(_VALID_YAML, 1.4, BARE),
    _time(_INVALID_JSON, 2.5, BARE),
    _time(_INVALID_YAML, 3.8, BARE),
    _time(_JSON_FILES, 0.12, CHECK_JSONSCHEMA, OURS_IN_TWO),
    _time(_JSON_FILES, 0.2, AJV_CLI, OURS_IN_TWO),
    _time(_YAML_FILES, 0.06, CHECK_JSONSCHEMA, OURS_IN_TWO),
    _time(_VALID_JSON_FILES, 1.0, SOURCEMETA, OURS_IN_TWO),
    _time(_VALID_YAML_FILES, 1.3, SOURCEMETA, OURS_IN_TWO),
    _time(_VALID_LINES, 0.75, AJV),
    _time(_VALID_LINES, 0.6, FASTJSONSCHEMA),
    _time(_VALID_LINES, 0.6, OURS, OURS_IN_TWO),
    _time(_LINES, 0.75, AJV),
    _time(_LINES, 0.75, AJV, OURS_CONCISE),
    _time(_LINES, 0.6, FASTJSONSCHEMA),
    _time(_LINES, 0.6, OURS, OURS_IN_TWO),
    _time(_VALID_MANY_LINES, 1.5, OURS, OURS_WITH_TEAM),
    Goal("all lines: peak memory of a process of ours", 32, "MiB", _largest_peak),
    Goal("10 % invalid: peak memory of 1,000,000 lines to 100,000", 1.1, "x", _growth),
)
