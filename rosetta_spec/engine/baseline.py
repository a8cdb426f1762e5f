"""A baseline in a run: it silences the findings that it knows, and knows which of them are gone."""

from __future__ import annotations

from rosetta_spec.engine.baseline_content import Entry
from rosetta_spec.engine.fingerprint import Repeats
from rosetta_spec.spec.selection import ALWAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rosetta_spec.diagnostic import Diagnostic
    from rosetta_spec.engine.checker import DocumentReport

#: After these nobody knows what else there is in a file.
_UNREAD = ALWAYS - {"RS003", "RS006"}


class Baseline:
    """Findings that are left alone; with `is_new` all that there are.

    It looks at the documents of a run one after the other, in the order of its report.
    """

    def __init__(self, entries: Iterable[Entry], *, is_new: bool = False) -> None:
        self._known = {entry.fingerprint: entry for entry in entries}
        self._is_new = is_new
        self._repeats = Repeats()
        self._met: set[str] = set()
        #: Which rules have a say in the files that were checked.
        self._checked: dict[str, Callable[[str], bool]] = {}
        self._unread: set[str] = set()
        #: What was found and is left alone.
        self.entries: list[Entry] = []

    @property
    def fingerprints(self) -> frozenset[str]:
        """Those of the findings that are known."""
        return frozenset(self._known)

    def sift(
        self, filename: str, report: DocumentReport, is_selected: Callable[[str], bool]
    ) -> DocumentReport:
        """Silence the findings of a document that are known; `is_selected` asks for a rule's code.

        What a comment silences has not gone.
        """
        self._checked[filename] = is_selected
        self._met.update(each.fingerprint for each in report.silenced)
        said: list[Diagnostic] = []
        silenced = list(report.silenced)
        for diagnostic in map(self._repeats.with_counter, report.diagnostics):
            (silenced if self._silences(diagnostic) else said).append(diagnostic)
        if any(diagnostic.code in _UNREAD for diagnostic in said):
            self._unread.add(filename)
        text = report.text if said else None
        return report._replace(diagnostics=tuple(said), silenced=tuple(silenced), text=text)

    def _silences(self, diagnostic: Diagnostic) -> bool:
        is_known = self._is_new or diagnostic.fingerprint in self._known
        if diagnostic.code in ALWAYS or not is_known:
            return False
        self._met.add(diagnostic.fingerprint)
        entry = (diagnostic.filename, diagnostic.code, diagnostic.pointer, diagnostic.fingerprint)
        self.entries.append(Entry(*entry))
        return True

    def gone(self, is_there: Callable[[str], bool]) -> list[Entry]:
        """Return what is known and was not met, though its file was read and its rule has a say.

        So has gone what was in a file that was not read since it is no longer there.
        """
        entries = self._known.values()
        elsewhere = {entry.filename for entry in entries} - self._checked.keys()
        lost = {filename for filename in elsewhere if not is_there(filename)}
        return sorted(
            entry
            for entry in entries
            if entry.filename in lost
            or (entry.fingerprint not in self._met and self._was_looked_for(entry))
        )

    def _was_looked_for(self, entry: Entry) -> bool:
        return (
            entry.filename in self._checked
            and entry.filename not in self._unread
            and self._checked[entry.filename](entry.code)
        )
