"""Fingerprints: what a finding is about, whatever its row, so that tools recognize it."""

from __future__ import annotations

import hashlib
import json

from rosetta_spec.diagnostic import Diagnostic
from rosetta_spec.document.values import Json

_LENGTH = 32


def fingerprint_of(filename: str, code: str, pointer: str, value: Json) -> str:
    """Return the fingerprint of the first finding in a file that is about this."""
    about = [filename, code, pointer, value]
    return _digest(json.dumps(about, default=str, sort_keys=True))


class Repeats:
    """Counts equal fingerprints in one file after the other, so that all differ in the end."""

    def __init__(self) -> None:
        self._filename = ""
        self._counts: dict[str, int] = {}

    def copy(self) -> Repeats:
        """Return an independent copy with the same counts."""
        copy = Repeats()
        copy._filename, copy._counts = self._filename, self._counts.copy()
        return copy

    def with_counter(self, diagnostic: Diagnostic) -> Diagnostic:
        """Return a finding whose fingerprint differs from earlier ones of its file.

        Findings come in the order of a report. To repeat this changes nothing.
        """
        if diagnostic.filename != self._filename:
            self._filename, self._counts = diagnostic.filename, {}
        fingerprint = diagnostic.fingerprint
        count = self._counts.get(fingerprint, 0)
        self._counts[fingerprint] = count + 1
        if not (fingerprint and count):
            return diagnostic
        return diagnostic._replace(fingerprint=_digest(f"{fingerprint}#{count}"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_LENGTH]
