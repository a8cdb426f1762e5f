"""A diagnostic: everything that a reporter or an editor needs to know about a finding."""

import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from rosetta_spec.text import Location


class Severity(StrEnum):
    """How much a finding matters, the most severe first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Applicability(StrEnum):
    """Who may apply a fix: `--fix`, `--unsafe-fixes`, or a person who chooses between several."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    CHOICE = "choice"


#: Sets of applicabilities.
ALL_FIXES: frozenset[str] = frozenset(Applicability)
SAFE_FIXES: frozenset[str] = frozenset({Applicability.SAFE})


class Edit(NamedTuple):
    """Replace the source from `location` up to, not including, `end_location` by `content`."""

    location: Location
    end_location: Location
    content: str


class Fix(NamedTuple):
    """A repair as edits on the source; `title` describes it in words.

    `operations`, of `rosetta_spec.document.operations`, are what the edits do to the values of the
    document. They are needed to apply several fixes together; a fix of a comment has none.
    """

    title: str
    applicability: Applicability
    edits: tuple[Edit, ...]
    operations: tuple[Any, ...] = ()


class DroppedFix(NamedTuple):
    """A fix that is not offered, for example because it would cause a finding; see `reason`."""

    title: str
    applicability: Applicability
    reason: str


#: The fixes of a finding, and those that are not offered.
FixesAndDropped: TypeAlias = tuple[tuple[Fix, ...], tuple[DroppedFix, ...]]


class Related(NamedTuple):
    """A further place that explains the finding, with a label of its own.

    A place in another document has the name of its file, and the document's number from 0.
    """

    pointer: str
    message: str
    location: Location
    end_location: Location
    filename: str = ""
    document: int = 0


class SourceLine(NamedTuple):
    """A row of the source, or one of several parts of a very long row.

    `column` is the 1-based column of the first character of `text`; `is_cut` says that the row
    continues after `text`, which contains neither a line break nor a byte order mark.
    """

    row: int
    column: int
    text: str
    is_cut: bool


class BytePlaces(NamedTuple):
    """The places of a finding with columns that count UTF-8 bytes, those of a BOM included.

    Each fix has a single edit.
    """

    location: Location
    end_location: Location
    related: tuple[Related, ...]
    fixes: tuple[Fix, ...]


class Diagnostic(NamedTuple):
    """A finding: what is wrong, where, and what to do.

    `pointer` (RFC 6901) names the value to change. `location` and `end_location` mark the text to
    look at: rows and columns start at 1, columns count code points, and the end is one past the
    last character. `document` counts from 0. `cause` and `remedy` start in lower case and have no
    full stop. `excerpt` contains the source lines of all places, in order. `dropped` contains
    fixes that failed verification. `in_bytes` is set for report formats that count bytes.
    """

    code: str
    name: str
    severity: Severity
    cause: str
    remedy: str
    filename: str
    document: int
    pointer: str
    location: Location
    end_location: Location
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()
    fingerprint: str = ""
    url: str = ""
    excerpt: tuple[SourceLine, ...] = ()
    dropped: tuple[DroppedFix, ...] = ()
    in_bytes: BytePlaces | None = None

    @property
    def message(self) -> str:
        """Cause and remedy in one sentence."""
        return f"{self.cause}; {self.remedy}"

    @property
    def is_fixable(self) -> bool:
        """Whether `--fix` applies a fix of the finding."""
        return any(fix.applicability is Applicability.SAFE for fix in self.fixes)

    @property
    def sort_key(self) -> tuple[str, int, int, int, str, str]:
        """File name, document, row, column, code, pointer: the order of every report."""
        return (self.filename, self.document, *self.location, self.code, self.pointer)


class Omitted(NamedTuple):
    """What is counted of each finding that a report leaves out because there are too many.

    With `is_suppressed`, a comment or a baseline suppresses it.
    """

    code: str
    name: str
    severity: Severity
    is_fixable: bool
    is_suppressed: bool = False


class Detail(NamedTuple):
    """What diagnostics contain besides place and wording; what is not wanted costs no time.

    `fixes` are the applicabilities of the fixes that are wanted. Fingerprints depend on what
    `identity_of` returns for the name of a file. In each document, findings beyond `max_findings`
    are only counted; with `has_fixes_first`, those with a proposed fix come first. With
    `has_documents`, reports have the documents themselves. After `stop_after` findings, a check
    stops looking for more.
    """

    has_fingerprints: bool = True
    has_excerpts: bool = True
    has_byte_columns: bool = False
    fixes: frozenset[str] = ALL_FIXES
    identity_of: Callable[[str], str] = str
    max_findings: int = sys.maxsize
    has_fixes_first: bool = False
    has_documents: bool = False
    stop_after: int = sys.maxsize


FULL_DETAIL = Detail()

#: Reports show this many findings of a document, in order, and say how many they leave out.
MAX_SHOWN = 10_000


class Summary(NamedTuple):
    """The counts of a run, of all findings.

    `fixable` counts those that have a safe fix, `omitted` those that reports leave out because
    their document has too many.
    """

    files: int
    documents: int
    errors: int
    warnings: int
    infos: int
    fixable: int
    suppressed: int
    omitted: int = 0


class Report(NamedTuple):
    """The findings of a run, sorted, and its counts."""

    diagnostics: tuple[Diagnostic, ...]
    summary: Summary
