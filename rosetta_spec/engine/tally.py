"""The counts of a run, added up as it goes on."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import TypeVar

    from rosetta_spec.diagnostic import Diagnostic, Report, Summary
    from rosetta_spec.spec.rule import Rule

    _K = TypeVar("_K")

#: The code of a file that cannot be read.
UNREADABLE = "RS001"

#: Findings of these severities make the exit status 1, by what a run is told to fail on.
FAIL_ON = {
    "error": ("error",),
    "warning": ("error", "warning"),
    "info": ("error", "warning", "info"),
    "never": (),
}


class Tally:
    """How much was checked, and how many findings there are.

    `severities` counts by severity (`error`), `rules` by code and name; `failing` counts the
    findings that make the exit status 1. `touched` are the names of the files that have findings.
    `suppressed` counts those that comments or a baseline silence, `silenced` the same by rule.
    """

    def __init__(self, files: int = 0, documents: int = 0) -> None:
        self.files = files
        self.documents = documents
        self.fixable = 0
        self.suppressed = 0
        self.failing = 0
        self.severities: dict[str, int] = {}
        self.rules: dict[tuple[str, str], int] = {}
        self.silenced: dict[tuple[str, str], int] = {}
        self.touched: set[str] = set()
        self.described: dict[str, Rule] = {}

    @property
    def has_unreadable(self) -> bool:
        """Whether a file could not be read."""
        return any(code == UNREADABLE for code, _ in self.rules)

    def count(self, diagnostics: Iterable[Diagnostic], failing: Collection[str] = ()) -> None:
        """Count findings; those of the severities in `failing` make the exit status 1."""
        for diagnostic in diagnostics:
            severity, rule = diagnostic.severity.value, (diagnostic.code, diagnostic.name)
            self.failing += severity in failing
            _count(self.severities, severity)
            _count(self.rules, rule)
            self.fixable += is_fixable(diagnostic)
            self.touched.add(diagnostic.filename)

    def count_silenced(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Count findings that are not said."""
        for diagnostic in diagnostics:
            self.suppressed += 1
            _count(self.silenced, (diagnostic.code, diagnostic.name))

    def describe(self, rules: Iterable[Rule]) -> None:
        """Keep those of some rules that have findings, by their codes, the first of each code."""
        for rule in rules:
            if (rule.code, rule.name) in self.rules:
                self.described.setdefault(rule.code, rule)

    def add(self, other: Tally) -> None:
        """Add the counts of another part of the run."""
        self.files += other.files
        self.documents += other.documents
        self.fixable += other.fixable
        self.suppressed += other.suppressed
        self.failing += other.failing
        _add(self.severities, other.severities)
        _add(self.rules, other.rules)
        _add(self.silenced, other.silenced)
        self.touched |= other.touched
        self.described = {**other.described, **self.described}

    def summary(self) -> Summary:
        """Return the counts that reports show."""
        # A run without findings has no need of the class, whose module is slow to import.
        from rosetta_spec.diagnostic import Summary  # noqa: PLC0415

        return Summary(
            files=self.files,
            documents=self.documents,
            errors=self.severities.get("error", 0),
            warnings=self.severities.get("warning", 0),
            infos=self.severities.get("info", 0),
            fixable=self.fixable,
            suppressed=self.suppressed,
        )


def is_fixable(diagnostic: Diagnostic) -> bool:
    """Whether a finding has a fix that is applied by `--fix`."""
    return any(fix.applicability.value == "safe" for fix in diagnostic.fixes)


def tally_of(report: Report) -> Tally:
    """Return the counts of a report that is complete."""
    summary = report.summary
    tally = Tally(summary.files, summary.documents)
    tally.count(report.diagnostics)
    counts = {"error": summary.errors, "warning": summary.warnings, "info": summary.infos}
    tally.severities = {severity: count for severity, count in counts.items() if count}
    tally.fixable, tally.suppressed = summary.fixable, summary.suppressed
    return tally


def _add(counts: dict[_K, int], others: dict[_K, int]) -> None:
    for key, count in others.items():
        _count(counts, key, count)


def _count(counts: dict[_K, int], key: _K, more: int = 1) -> None:
    counts[key] = counts.get(key, 0) + more
