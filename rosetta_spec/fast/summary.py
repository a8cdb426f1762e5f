"""How much was checked, in the words of every report for people."""

from __future__ import annotations


def all_fine(files: int, documents: int) -> str:
    """Say in a sentence that nothing was found, or nothing to check."""
    return f"Checked {extent(files, documents)}, all fine." if files else "Checked no file."


def extent(files: int, documents: int, touched: int = 0) -> str:
    """Say how many files and documents were checked, and how many of the files have findings."""
    total = counted(files, "file")
    shown = f"{touched} of {total}" if 0 < touched < files else total
    return shown if documents == files else f"{shown} ({counted(documents, 'document')})"


def counted(count: int, word: str) -> str:
    """Write a count with its word, in the plural unless it is one."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
