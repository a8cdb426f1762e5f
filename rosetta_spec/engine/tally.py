"""The counts of a run, added up part by part."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Self

from rosetta_spec.diagnostic import Diagnostic, Omitted, Summary
from rosetta_spec.engine.diagnostics import DocumentReport
from rosetta_spec.files.names import Host
from rosetta_spec.spec.ruleset import Rule

#: The code of a file that cannot be read.
UNREADABLE = "RS001"

#: The severities that make the exit status 1, by the value of `--fail-on`.
FAIL_ON = {
    "error": ("error",),
    "warning": ("error", "warning"),
    "info": ("error", "warning", "info"),
    "never": (),
}


class Tally:
    """Counts what was checked and what was found.

    `severities` counts findings by severity, `rules` by code and name; `failing` counts those that
    make the exit status 1. `touched` are the names of the files that have findings. `suppressed`
    counts the findings that comments or a baseline suppress, by code and name. `omitted` counts
    those that reports leave out although they are counted everywhere else. `checked` are the rules
    of the run, by code and name, for reports that describe them. `host` names files in the reports
    that a CI host reads. `is_partial` is set if a configuration file or ruleset cannot be used.
    """

    def __init__(
        self,
        files: int = 0,
        *,
        checked: Mapping[tuple[str, str], Rule] | None = None,
        host: Host | None = None,
        is_partial: bool = False,
    ) -> None:
        self.files = files
        self.documents = 0
        self.fixable = 0
        self.failing = 0
        self.omitted = 0
        self.severities: Counter[str] = Counter()
        self.rules: Counter[tuple[str, str]] = Counter()
        self.suppressed: Counter[tuple[str, str]] = Counter()
        self.touched: set[str] = set()
        self.checked = checked or {}
        self.host = host or Host()
        self.is_partial = is_partial

    @property
    def is_complete(self) -> bool:
        """Whether all files were read and checked."""
        return not (self.is_partial or any(code == UNREADABLE for code, _ in self.rules))

    def count_document(self, report: DocumentReport, failing: Collection[str] = ()) -> None:
        """Count a document and all its findings, also those that are not reported.

        Those of the severities in `failing` make the exit status 1.
        """
        self.documents += 1
        for diagnostic in report.diagnostics:
            self._count(diagnostic, 1, failing)
            self.touched.add(diagnostic.filename)
        for diagnostic in report.suppressed:
            self.suppressed[diagnostic.code, diagnostic.name] += 1
        for each, count in report.omitted.items():
            if each.is_suppressed:
                self.suppressed[each.code, each.name] += count
            else:
                self._count(each, count, failing)
                self.omitted += count

    def _count(self, finding: Diagnostic | Omitted, count: int, failing: Collection[str]) -> None:
        self.failing += count * (finding.severity in failing)
        self.severities[finding.severity] += count
        self.rules[finding.code, finding.name] += count
        self.fixable += count * finding.is_fixable

    def add(self, other: Self) -> None:
        """Add the counts of another part of the run."""
        self.files += other.files
        self.documents += other.documents
        self.fixable += other.fixable
        self.failing += other.failing
        self.omitted += other.omitted
        self.severities.update(other.severities)
        self.rules.update(other.rules)
        self.suppressed.update(other.suppressed)
        self.touched |= other.touched

    def summary(self) -> Summary:
        """Return the counts that reports show."""
        return Summary(
            files=self.files,
            documents=self.documents,
            errors=self.severities["error"],
            warnings=self.severities["warning"],
            infos=self.severities["info"],
            fixable=self.fixable,
            suppressed=self.suppressed.total(),
            omitted=self.omitted,
        )
