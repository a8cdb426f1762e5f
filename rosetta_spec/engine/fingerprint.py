"""Fingerprints: what a finding is about, whatever the row it stands in, so that it can be known."""

from __future__ import annotations

import hashlib
import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.diagnostic import Diagnostic
    from rosetta_spec.document.values import Json

_LENGTH = 32


def fingerprint_of(filename: str, code: str, pointer: str, value: Json) -> str:
    """Return the fingerprint of the first finding in a file that is about this."""
    about = [filename, code, pointer, value]
    return _digest(json.dumps(about, default=str, sort_keys=True))


class Repeats:
    """Counts fingerprints in one file after the other, so that what repeats has others."""

    def __init__(self) -> None:
        self._filename = ""
        self._counts: dict[str, int] = {}

    def copy(self) -> Repeats:
        """Return one that has counted the same, and goes on by itself."""
        copy = Repeats()
        copy._filename, copy._counts = self._filename, self._counts.copy()
        return copy

    def counted(self, fingerprint: str, filename: str) -> str:
        """Return the fingerprint of a finding; they come in the order of a report."""
        if filename != self._filename:
            self._filename, self._counts = filename, {}
        count = self._counts.get(fingerprint, 0)
        self._counts[fingerprint] = count + 1
        return _digest(f"{fingerprint}#{count}") if count else fingerprint

    def told_apart(self, diagnostic: Diagnostic) -> Diagnostic:
        """Return a finding with its counted fingerprint; to do it again changes nothing."""
        if not diagnostic.fingerprint:
            return diagnostic
        counted = self.counted(diagnostic.fingerprint, diagnostic.filename)
        return diagnostic._replace(fingerprint=counted)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_LENGTH]
