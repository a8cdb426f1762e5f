"""How much is found out about each finding."""

from __future__ import annotations

from typing import NamedTuple

from rosetta_spec.spec.rule import FixNote

#: The values of `diagnostic.Applicability`, whose module is slow to import.
EVERY_WAY = frozenset({"safe", "unsafe", "choice"})


class Detail(NamedTuple):
    """What a finding has besides its words and its place: what nobody asks for takes no time.

    Without `has_fingerprints` its fingerprint is empty, without `has_excerpts` its excerpt. It has
    only fixes whose applicability is one of `ways`.
    """

    has_fingerprints: bool = True
    has_excerpts: bool = True
    ways: frozenset[str] = EVERY_WAY

    def may_mend(self, note: FixNote | None) -> bool:
        """Whether a finding may have a fix, of a rule of which this is known."""
        # Whatever a rule says of its fixes, its kind may leave a choice.
        return note is not None and ("choice" in self.ways or note.applicability in self.ways)


FULL = Detail()
