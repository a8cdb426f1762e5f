"""The scenarios: what is measured, and how often."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import corpus
from corpus import Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from corpus import Notation

Scenario = Literal["one-file", "many-files", "lines"]
SCENARIOS: tuple[Scenario, ...] = get_args(Scenario)

FILES = 1000
LINES = 100_000
MANY_LINES = 1_000_000


class Case(NamedTuple):
    """A sample, and how often every command is run on it; each case has a table of its own."""

    scenario: Scenario
    name: str
    sample: Sample
    runs: int


class Extent(NamedTuple):
    """How much is measured."""

    files: int = FILES
    lines: tuple[int, ...] = (LINES, MANY_LINES)
    file_runs: int = 31
    folder_runs: int = 9
    #: For the first of `lines`; the others are run once.
    line_runs: int = 3

    def with_runs(self, runs: int) -> Extent:
        """Run every case so many times, but for those that are run once."""
        return self._replace(file_runs=runs, folder_runs=runs, line_runs=runs)


QUICK = Extent(files=100, lines=(10_000,), file_runs=7, folder_runs=3, line_runs=1)


def case_name(count: int, sort: str, *, is_valid: bool) -> str:
    """Name a case, as tables and goals do."""
    if count == 1:
        return f"1 {sort}, {'valid' if is_valid else 'invalid'}"
    return f"{count:,} {sort}s, {'all valid' if is_valid else '10 % invalid'}"


def cases(wanted: Collection[Scenario], extent: Extent, folder: Path) -> Iterator[Case]:
    """Make the cases of some scenarios, each when it is asked for; samples stay in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    makers = {"one-file": _one_file, "many-files": _many_files, "lines": _lines}
    for scenario in SCENARIOS:
        if scenario in wanted:
            yield from makers[scenario](extent, folder)


def _one_file(extent: Extent, folder: Path) -> Iterator[Case]:
    for notation, is_valid in _variants():
        sample = Sample(folder / f"{_word(is_valid)}.{notation}", notation, is_valid)
        _write_once(sample, corpus.write_file)
        name = case_name(1, f"{notation.upper()} file", is_valid=is_valid)
        yield Case("one-file", name, sample, extent.file_runs)


def _many_files(extent: Extent, folder: Path) -> Iterator[Case]:
    count = extent.files
    for notation, is_valid in _variants():
        sample = Sample(folder / f"{notation}-{count}-{_word(is_valid)}", notation, is_valid)
        _write_once(sample, partial(corpus.write_folder, count=count))
        name = case_name(count, f"{notation.upper()} file", is_valid=is_valid)
        yield Case("many-files", name, sample, extent.folder_runs)


def _lines(extent: Extent, folder: Path) -> Iterator[Case]:
    for count in extent.lines:
        for is_valid in (True, False):
            sample = Sample(folder / f"{count}-{_word(is_valid)}.jsonl", "jsonl", is_valid)
            _write_once(sample, partial(corpus.write_lines, count=count))
            runs = extent.line_runs if count == extent.lines[0] else 1
            yield Case("lines", case_name(count, "line", is_valid=is_valid), sample, runs)


def _variants() -> list[tuple[Notation, bool]]:
    return [("json", True), ("yaml", True), ("json", False), ("yaml", False)]


def _word(is_valid: bool) -> str:  # noqa: FBT001 - it is what the word says
    return "valid" if is_valid else "invalid"


def _write_once(sample: Sample, write: Callable[[Sample], None]) -> None:
    """Write a sample unless it is there; one that was interrupted is not."""
    if sample.path.exists():
        return
    part = sample._replace(path=sample.path.with_name("part"))
    shutil.rmtree(part.path, ignore_errors=True)
    write(part)
    part.path.rename(sample.path)
