"""The counts of a run, added up part by part."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Self

from rosetta_spec.diagnostic import Applicability, Diagnostic, Summary
from rosetta_spec.engine.checker import DocumentReport
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
    those that reports leave out although they are counted everywhere else. `described` holds
    rules that have findings, by code, for reports that describe rules. `host` names files in the
    reports that a CI host reads.
    """

    def __init__(self, files: int = 0, documents: int = 0, host: Host | None = None) -> None:
        self.host = host or Host()
        self.files = files
        self.documents = documents
        self.fixable = 0
        self.failing = 0
        self.omitted = 0
        self.severities: Counter[str] = Counter()
        self.rules: Counter[tuple[str, str]] = Counter()
        self.suppressed: Counter[tuple[str, str]] = Counter()
        self.touched: set[str] = set()
        self.described: dict[str, Rule] = {}

    @property
    def has_unreadable(self) -> bool:
        """Whether a file could not be read."""
        return any(code == UNREADABLE for code, _ in self.rules)

    def count(self, diagnostics: Iterable[Diagnostic], failing: Collection[str] = ()) -> None:
        """Count findings; those of the severities in `failing` make the exit status 1."""
        for diagnostic in diagnostics:
            self.failing += diagnostic.severity in failing
            self.severities[diagnostic.severity] += 1
            self.rules[diagnostic.code, diagnostic.name] += 1
            self.fixable += is_fixable(diagnostic)
            self.touched.add(diagnostic.filename)

    def count_document(self, report: DocumentReport, failing: Collection[str] = ()) -> None:
        """Count a document and all its findings, also those that are not reported."""
        self.documents += 1
        self.count(report.diagnostics, failing)
        for each, count in report.omitted.items():
            self.omitted += count
            self.failing += count * (each.severity in failing)
            self.severities[each.severity] += count
            self.rules[each.code, each.name] += count
            self.fixable += count * each.is_fixable
        for diagnostic in report.suppressed:
            self.suppressed[diagnostic.code, diagnostic.name] += 1
        for each, count in report.left_out.items():
            self.suppressed[each.code, each.name] += count

    def describe(self, rules: Iterable[Rule]) -> None:
        """Keep the rules that have findings; of several with one code, the first."""
        for rule in rules:
            if (rule.code, rule.name) in self.rules:
                self.described.setdefault(rule.code, rule)

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


def is_fixable(diagnostic: Diagnostic) -> bool:
    """Whether `--fix` applies a fix of the finding."""
    return any(fix.applicability is Applicability.SAFE for fix in diagnostic.fixes)
