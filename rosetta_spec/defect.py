"""What ends a run before it has checked everything, and is nobody's fault but ours."""

from __future__ import annotations


class DefectError(Exception):
    """A rule failed on a document: a slip of ours, not of the document.

    The first argument says which rule, where, and with what error.
    """


class WorkerDiedError(DefectError):
    """A process of a run with several ended before its task did."""
