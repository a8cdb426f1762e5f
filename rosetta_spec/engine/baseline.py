"""Baselines: files with the fingerprints of findings that a run suppresses."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from rosetta_spec.document.reader import read_documents
from rosetta_spec.document.values import Json, is_number, json_text
from rosetta_spec.engine.diagnostics import FingerprintCounter
from rosetta_spec.errors import FileProblem, WrongFileError
from rosetta_spec.fast.formats import JSON, MAX_BYTES
from rosetta_spec.request.wording import all_of, called
from rosetta_spec.spec.ruleset import ALWAYS

VERSION = 1

#: The minimum size of an entry in bytes, without its file name and pointer.
_MIN_SIZE = 90

_REWRITE = "name another file, or delete this one and write it again with --write-baseline"

#: After these the other findings of a file are not known.
_UNREAD = ALWAYS - {"RS003", "RS006"}


def too_many_findings(filename: str) -> WrongFileError:
    """Make the error of a run with more findings than a baseline can hold."""
    cause = f"this run has more findings than fit in a baseline of {MAX_BYTES >> 20} MiB"
    return WrongFileError(filename, None, cause, "fix some of them first")


class BaselineEntry(NamedTuple):
    """A finding of a baseline.

    `filename` is the identity of the file. The fingerprint identifies the finding. Code and pointer
    also tell which findings have to be counted, the rest is for people.
    """

    filename: str
    code: str
    pointer: str
    fingerprint: str


class Baseline:
    """Suppresses the findings of a baseline file, with `is_new` all that it is asked about.

    A checker asks it about the findings of a run, in the order of the report. `identity_of`
    returns the identity of a file, by its name in the findings. `filename` is that of the baseline
    in errors.

    Raises:
        WrongFileError: there are more new findings than a file can hold.
    """

    def __init__(
        self,
        entries: Iterable[BaselineEntry],
        *,
        is_new: bool = False,
        identity_of: Callable[[str], str] = str,
        filename: str = "",
    ) -> None:
        self._filename = filename
        self._identity_of = identity_of
        #: The findings of the file, by their fingerprints.
        self.by_fingerprint = {entry.fingerprint: entry for entry in entries}
        self._places = {(entry.code, entry.pointer) for entry in self.by_fingerprint.values()}
        self._is_new = is_new
        self.counter = FingerprintCounter()
        #: The fingerprints of the file that occurred.
        self._occurred: set[str] = set()
        #: For each file that was checked, by its identity, whether a rule is selected there.
        self._checked: dict[str, Callable[[str], bool]] = {}
        self._unread: set[str] = set()
        #: The findings of a new file, and how many bytes they take in it at least.
        self.entries: list[BaselineEntry] = []
        self._size = 0

    def note_checked(self, filename: str, is_selected: Callable[[str], bool]) -> None:
        """Remember that a file is checked; `is_selected` is asked for codes of rules."""
        self._checked[self._identity_of(filename)] = is_selected

    def may_suppress(self, code: str, pointer: str) -> bool:
        """Whether it may suppress a finding of a rule at a place."""
        return self._is_new or (code, pointer) in self._places

    def suppresses(self, found: BaselineEntry, *, by_comment: bool) -> bool:
        """Whether it or a comment suppresses a finding; its file is not named by its identity.

        What a comment suppresses still occurs.
        """
        found = found._replace(filename=self._identity_of(found.filename))
        if found.code in _UNREAD:
            self._unread.add(found.filename)
        is_known = found.fingerprint in self.by_fingerprint
        if is_known:
            self._occurred.add(found.fingerprint)
        if by_comment or found.code in ALWAYS:
            return by_comment
        if self._is_new:
            self.entries.append(found)
            self._size += len(found.filename) + len(found.pointer) + _MIN_SIZE
            if self._size > MAX_BYTES:
                raise too_many_findings(self._filename)
        return is_known or self._is_new

    def rewritten(self, gone: Iterable[BaselineEntry]) -> list[BaselineEntry]:
        """Return the findings of a new file, and the entries that were not looked for.

        `gone` are the entries that no longer occur.
        """
        known = set(self.by_fingerprint.values()).difference(gone)
        kept = (each for each in known if each.fingerprint not in self._occurred)
        return sorted({*self.entries, *kept})

    def gone(
        self, has_lost: Callable[[str], bool], partly_checked: Collection[str] = ()
    ) -> list[BaselineEntry]:
        """Return the entries that no longer occur, in files that were read or are gone.

        `has_lost` is asked for files that were not read. `partly_checked` are the codes of rules
        that need other files than those of this run. Entries of rules that are not selected for
        their file stay.
        """
        entries = self.by_fingerprint.values()
        elsewhere = {entry.filename for entry in entries} - self._checked.keys()
        lost = set(filter(has_lost, elsewhere))
        return sorted(
            entry
            for entry in entries
            if entry.fingerprint not in self._occurred
            and (
                entry.filename in lost
                or (entry.code not in partly_checked and self._was_looked_for(entry))
            )
        )

    def _was_looked_for(self, entry: BaselineEntry) -> bool:
        return (
            entry.filename in self._checked
            and entry.filename not in self._unread
            and self._checked[entry.filename](entry.code)
        )


def entries_of(data: bytes, filename: str) -> list[BaselineEntry]:
    """Read the content of a baseline file.

    Raises:
        WrongFileError: it is not one, or one of another version.
    """
    document = next(read_documents(data, JSON))
    for problem in document.problems:
        # What is not JSON at all is another file.
        is_json = problem.name == "syntax" and document.text.content.lstrip().startswith("{")
        remedy = problem.remedy if is_json else _REWRITE
        location = document.text.location(problem.span.start)
        raise WrongFileError(filename, location, problem.cause, remedy)
    for found in _problems(document.value):
        location = document.text.location(document.locator.value(found.pointer).span.start)
        raise WrongFileError(filename, location, found.cause, found.remedy)
    return [BaselineEntry(**finding) for finding in document.value["findings"]]


def baseline_text(entries: Iterable[BaselineEntry]) -> str:
    """Write the content of a baseline file, one finding a row, sorted."""
    rows = ",\n".join(f"    {json_text(entry._asdict())}" for entry in sorted(set(entries)))
    findings = f"[\n{rows}\n  ]" if rows else "[]"
    return f'{{\n  "version": {VERSION},\n  "findings": {findings}\n}}\n'


def _problems(value: Json) -> Iterator[FileProblem]:
    version = value.get("version", VERSION)
    if version != VERSION or not is_number(version):
        cause = f"the version of this baseline is {called(version)}, not {VERSION}"
        yield FileProblem(("version",), cause, f"use another rosetta-spec, {_REWRITE}")
    if value.keys() != {"version", "findings"} or not isinstance(value["findings"], list):
        cause = "this is not a baseline; it needs a version and a list of findings"
        yield FileProblem((), cause, _REWRITE)
    for index, finding in enumerate(value["findings"]):
        at = ("findings", index)
        is_entry = isinstance(finding, dict) and finding.keys() == set(BaselineEntry._fields)
        if not is_entry or not all(isinstance(each, str) for each in finding.values()):
            cause = f"this is not a finding, which has {all_of(BaselineEntry._fields)} as strings"
            yield FileProblem(at, cause, _REWRITE)
        if finding["code"] in ALWAYS:
            cause = f"{finding['code']} cannot be suppressed"
            remedy = "fix the finding, and remove it from the baseline"
            yield FileProblem((*at, "code"), cause, remedy)
