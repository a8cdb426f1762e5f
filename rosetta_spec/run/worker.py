"""What does the tasks of a run: it checks, and renders what it finds."""

from __future__ import annotations

from rosetta_spec.checker import Checker
from rosetta_spec.record import NamedTuple
from rosetta_spec.reporters import WITH_FINGERPRINTS, reporter_of
from rosetta_spec.tally import Tally

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.reporters.style import Style
    from rosetta_spec.run.call import Call
    from rosetta_spec.run.task import Task
    from rosetta_spec.spec.rule import Rule


#: A run that weighs less, in bytes, is over before other processes have started.
_LIGHT = 8 * 1024 * 1024


class Finding(NamedTuple):
    """A rendered finding; its fingerprint is in the text, as that of a first one, or is empty."""

    text: str
    fingerprint: str
    filename: str


class Outcome(NamedTuple):
    """What has come of a task."""

    findings: list[Finding]
    tally: Tally
    weight: int


class Worker:
    """Does the tasks of a call, for output in one style.

    Raises:
        SelectionError: the call names a rule that there is not.
    """

    def __init__(self, call: Call, style: Style) -> None:
        self.call = call
        has_fingerprints = call.output_format in WITH_FINGERPRINTS
        self._checker = Checker(_rules_of(call), has_fingerprints=has_fingerprints)
        self._render = reporter_of(call.output_format).render
        self.style = style

    def perform(self, task: Task) -> Outcome:
        """Do a task.

        Raises:
            DefectError: a rule failed.
        """
        findings = []
        tally = Tally(files=task.files)
        for filename, (_, diagnostics) in task.reports(self._checker):
            tally.documents += 1
            if diagnostics:
                tally.count(diagnostics)
                findings += [
                    Finding(self._render(each, self.style), each.fingerprint, filename)
                    for each in diagnostics
                ]
        return Outcome(findings, tally, task.weight)


def _rules_of(call: Call) -> tuple[Rule, ...] | None:
    if not (call.select or call.ignore):
        return None
    # Who wants all of them need not load them before there is something to explain.
    from rosetta_spec.selection import selected_rules  # noqa: PLC0415
    from rosetta_spec.spec.ruleset import builtin_ruleset  # noqa: PLC0415

    return selected_rules(builtin_ruleset(), call.select, call.ignore)


def outcomes_of(worker: Worker, tasks: Iterator[Task], jobs: int) -> Iterator[Outcome]:
    """Do tasks and yield their outcomes in order; a heavy run with `jobs` processes.

    Raises:
        DefectError: a rule failed.
        WorkerDiedError: a process died.
    """
    weight = 0
    for task in tasks:
        yield worker.perform(task)
        weight += task.weight
        if jobs > 1 and weight > _LIGHT:
            # Most runs are light and do not pay for loading it.
            from rosetta_spec.run.pool import outcomes_by_others  # noqa: PLC0415

            yield from outcomes_by_others(worker.call, worker.style, tasks, jobs)
