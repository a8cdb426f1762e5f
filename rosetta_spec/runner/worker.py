"""What does the tasks of a run: it checks, and renders what it finds."""

from __future__ import annotations

import sys
from typing import NamedTuple

from rosetta_spec.config.settings import Settings
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.tally import FAIL_ON, Tally
from rosetta_spec.reporters import WITH_RULES, detail_for, renderer_of
from rosetta_spec.reporters.style import Style
from rosetta_spec.runner.task import FILE_WEIGHT, total_weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rosetta_spec.diagnostic import Diagnostic
    from rosetta_spec.engine.baseline import Baseline
    from rosetta_spec.engine.checker import DocumentReport
    from rosetta_spec.files.sources import Source
    from rosetta_spec.runner.call import Call
    from rosetta_spec.runner.task import Task
    from rosetta_spec.spec.detail import Detail
    from rosetta_spec.text import Text

#: Whether a process can be copied, which costs little.
_CAN_COPY = sys.platform == "linux"

#: A run that weighs less, in bytes, is over before other processes have started.
_LIGHT = (500 if _CAN_COPY else 8192) * 1024


class Finding(NamedTuple):
    """A rendered finding, once for each report of the call.

    Its fingerprint is in the texts of formats that show it, as that of a first one, or is empty.
    """

    texts: tuple[str, ...]
    fingerprint: str
    filename: str


class Outcome(NamedTuple):
    """What has come of a task."""

    findings: list[Finding]
    tally: Tally
    weight: int


class Worker:
    """Does the tasks of a call; `settings` are those of all its files.

    The report on standard output has a style, the others are plain. One that has a baseline has to
    do all tasks, in order.
    """

    def __init__(
        self,
        call: Call,
        style: Style,
        settings: tuple[Settings, ...] = (Settings(),),
        baseline: Baseline | None = None,
    ) -> None:
        self.call = call
        self.settings = settings
        self.baseline = baseline
        self._checkers: dict[int, Checker] = {}
        self.style = style
        styles = (style, *(Style() for _ in call.outputs))
        self._renders = list(map(renderer_of, call.formats, styles))
        self._is_describing = not WITH_RULES.isdisjoint(call.formats)

    def perform(self, task: Task) -> Outcome:
        """Do a task.

        Raises:
            DefectError: a rule failed.
        """
        findings = []
        tally = Tally(files=task.files)
        failing = FAIL_ON[self.settings[task.settings].fail_on]
        checker = self._checker(task.settings)
        for filename, (_, diagnostics, silenced, text) in self._reports(task, checker):
            tally.documents += 1
            if silenced:
                tally.count_silenced(silenced)
            if text:
                tally.count(diagnostics, failing)
                findings += [
                    Finding(self._texts(each, text), each.fingerprint, filename)
                    for each in diagnostics
                ]
        if self._is_describing and findings:
            tally.describe(checker.rules)
        return Outcome(findings, tally, task.weight)

    def _reports(self, task: Task, checker: Checker) -> Iterator[tuple[str, DocumentReport]]:
        reports = task.reports(checker)
        if self.baseline is None:
            return reports
        sift = self.baseline.sift
        return ((name, sift(name, report, checker.is_selected)) for name, report in reports)

    def _texts(self, diagnostic: Diagnostic, text: Text) -> tuple[str, ...]:
        return tuple(render(diagnostic, text) for render in self._renders)

    def _checker(self, number: int) -> Checker:
        if number not in self._checkers:
            detail = detail_for(self.call.formats)
            if self.baseline is not None:
                detail = detail._replace(has_fingerprints=True)
            self._checkers[number] = checker_of(self.call, self.settings[number], detail)
        return self._checkers[number]


def checker_of(call: Call, settings: Settings, detail: Detail) -> Checker:
    """Return what checks the files for which some settings hold."""
    return Checker(
        settings.rules,
        detail=detail,
        ruleset=settings.ruleset,
        ignores=not call.no_ignores,
        today=call.today,
    )


def outcomes_of(
    worker: Worker, tasks: Iterator[Task], jobs: int, sources: Sequence[Source] = ()
) -> Iterator[Outcome]:
    """Do tasks and yield their outcomes in order; a heavy run with `jobs` processes.

    Of most it is known from the start by the files that their tasks are of, the `sources`.

    Raises:
        DefectError: a rule failed.
        WorkerDiedError: a process died.
    """
    if jobs > 1 and _is_heavy(sources, worker.call):
        yield from _outcomes_by_others(worker, tasks, jobs)
    weight = 0
    for task in tasks:
        yield worker.perform(task)
        weight += task.weight
        if jobs > 1 and weight > _LIGHT:
            yield from _outcomes_by_others(worker, tasks, jobs)


def _is_heavy(sources: Sequence[Source], call: Call) -> bool:
    # Many files need not be asked for their sizes.
    return len(sources) * FILE_WEIGHT > _LIGHT or total_weight(sources, call) > _LIGHT


def _outcomes_by_others(worker: Worker, tasks: Iterator[Task], jobs: int) -> Iterator[Outcome]:
    # Most runs are light and do not pay for loading either.
    if _CAN_COPY:
        from rosetta_spec.runner.copies import outcomes_by_copies  # noqa: PLC0415

        return outcomes_by_copies(worker, tasks, jobs)
    from rosetta_spec.runner.pool import outcomes_by_pool  # noqa: PLC0415

    return outcomes_by_pool(worker, tasks, jobs)
