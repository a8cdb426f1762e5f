"""How fast the language server answers a key stroke while a request of 2 KB is open.

    python benchmarks/keystrokes.py
    python benchmarks/keystrokes.py --write docs/editors.md

It is measured through the protocol, from the change that the editor of the tests writes to the
answer that it has read. The server is a process of its own. The exit status is 1 if a goal is
missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

from corpus import block_yaml
from table import machine, markdown, wrap

CHECKOUT = Path(__file__).resolve().parent.parent

sys.path.insert(0, str(CHECKOUT / "tests" / "lsp"))

from editor import Editor  # noqa: E402 - a module of the tests

#: The most milliseconds for a key stroke, at the median.
GOAL = 5

#: The lines of a page between which the results are written.
BEGIN = "<!-- Written by `python benchmarks/keystrokes.py --write docs/editors.md`. -->\n"
END = "<!-- End of the results. -->\n"

#: The findings of the request, which has a little more than 2 KB in both notations.
FINDINGS = 5
REQUEST = {
    "annotationRequestId": "a3f8b6e4-9c1d-4d8a-93b2-7f7e8f3a1d5e",
    "poolName": "street-scenes",
    "sampleType": "2",
    "samplingRatio": 20,
    "samplingQuantity": 500,
    "subCondition": {
        "conditionJoinType": "and",
        "taskId": [f"2342341231333747{number:05}" for number in range(48)],
        "userNameFilter": ["ana.kowalska", "j.okafor", "sato.k"],
        "operationFilterType": [1, 2],
        "startTime": "2025-03-31 00:00:00",
        "endTime": "2025-03-01 00:00:00",
    },
    "interceptionMode": 5,
    "interceptionFrame": 10,
    "interceptionBoundary": [{"start": 100 * n, "end": 100 * n + 49} for n in range(8)],
    "sequenceLength": 10,
}


class Place(NamedTuple):
    """A text to type and where; line and character count from 0."""

    what: str
    line: int
    character: int
    typed: str


class Answers(NamedTuple):
    """The seconds until the answers came; `what` was typed and awaited."""

    what: str
    seconds: list[float]

    @property
    def row(self) -> tuple[str, ...]:
        """The cells of a table row."""
        slow = quantiles(self.seconds, n=20)[-1] if len(self.seconds) > 1 else self.seconds[0]
        figures = (median(self.seconds), slow, max(self.seconds))
        return (self.what, *(f"{seconds * 1000:.1f} ms" for seconds in figures))

    @property
    def is_too_slow(self) -> bool:
        """Whether a goal is missed."""
        return median(self.seconds) * 1000 > GOAL


def source_of(notation: str) -> str:
    """Return the request in a notation."""
    return block_yaml(REQUEST) if notation == "yaml" else json.dumps(REQUEST, indent=1) + "\n"


def places_in(notation: str) -> list[Place]:
    """Return the texts to type: one inside a value, and one that is a new line."""
    row = 1 if notation == "yaml" else 2
    line = "sampleCount: 5000\n" if notation == "yaml" else ' "sampleCount": 5000,\n'
    column = source_of(notation).splitlines()[row].index("street")
    return [Place("in a value", row, column, "busy-"), Place("a new line", row, 0, line)]


class Typist:
    """Types in an editor and waits for each answer of the server."""

    def __init__(self, editor: Editor, notation: str) -> None:
        self._editor = editor
        self._notation = notation
        self._uri = f"file:///nowhere/a.sampling.{notation}"
        editor.open(self._uri, source_of(notation), notation)
        assert len(editor.findings(self._uri)) == FINDINGS  # noqa: S101 - the expected request

    def type(self, place: Place, strokes: int) -> Iterator[Answers]:
        """Type a text as often as needed, and remove it again each time."""
        reported, completed = [], []
        while len(reported) < strokes:
            for number, character in enumerate(place.typed):
                at = {"line": place.line, "character": place.character + number}
                start = time.perf_counter()
                self._change(at, at, character)
                self._editor.findings(self._uri)
                reported.append(time.perf_counter() - start)
                if character != "\n":
                    start = time.perf_counter()
                    self._editor.at("textDocument/completion", self._uri, *_after(at))
                    completed.append(time.perf_counter() - start)
            self._remove(place)
        yield Answers(f"{self._notation}, {place.what}: findings", reported)
        yield Answers(f"{self._notation}, {place.what}: completion", completed)

    def _change(self, start: dict[str, int], end: dict[str, int], text: str) -> None:
        self._editor.change(self._uri, {"range": {"start": start, "end": end}, "text": text})

    def _remove(self, place: Place) -> None:
        start = {"line": place.line, "character": place.character}
        is_row = place.typed.endswith("\n")
        length = place.character + len(place.typed)
        end = {"line": place.line + 1, "character": 0} if is_row else {**start, "character": length}
        self._change(start, end, "")
        self._editor.findings(self._uri)


def _after(at: dict[str, int]) -> tuple[int, int]:
    return at["line"], at["character"] + 1


def measured(strokes: int) -> Iterator[Answers]:
    """Measure both notations, each with a new server."""
    command = [sys.executable, "-m", "rosetta_spec", "lsp", "--isolated"]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    for notation in ("json", "yaml"):
        with subprocess.Popen(  # noqa: S603 - our own command
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as server:
            assert server.stdin  # noqa: S101 - for the type checker
            assert server.stdout  # noqa: S101 - for the type checker
            start = time.perf_counter()
            editor = Editor(server.stdin, server.stdout)
            editor.initialize()
            typist = Typist(editor, notation)
            opened = time.perf_counter() - start
            print(
                f"{notation}: {opened * 1000:.0f} ms from the start of the server to its findings",
                file=sys.stderr,
            )
            for place in places_in(notation):
                yield from typist.type(place, strokes)
            editor.leave()


def report(answers: list[Answers], load: float) -> str:
    """Write the paragraph and the table for the docs; `load` is that of the machine before."""
    header = ("typed, until", "median", "95th percentile", "longest")
    strokes = min(len(each.seconds) for each in answers)
    about = (
        f"Measured through the protocol on {datetime.now(UTC):%Y-%m-%d} ({machine()}, load"
        f" {load:.1f}, Python {sys.version.split()[0]}): a request of 2 KB with {FINDINGS} findings"
        f" is open, and at least {strokes} keys are typed one after the other, each as soon as the"
        " server has responded to the one before it. While a new line is typed, the text is invalid"
        f" JSON or YAML until the end. The goal is a median of {GOAL} ms."
    )
    return f"{wrap(about)}\n\n{markdown(header, [each.row for each in answers])}"


def put_into(page: str, text: str) -> str:
    """Return a page with the results in their place."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        message = f"the page has no lines {BEGIN.strip()} and {END.strip()}"
        raise SystemExit(message)
    return f"{before}{begin}\n{text}\n{end}{after}"


def main() -> int:
    """Measure, print, and return 1 if a goal is missed."""
    title, _, _ = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--strokes", type=int, default=300, help="keys typed in each place")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table into a page")
    options = parser.parse_args()
    load, *_ = os.getloadavg()
    answers = list(measured(options.strokes))
    text = report(answers, load)
    print(text, end="")
    if options.write:
        page = put_into(options.write.read_text(encoding="utf-8"), text)
        options.write.write_text(page, encoding="utf-8")
    return int(any(each.is_too_slow for each in answers))


if __name__ == "__main__":
    sys.exit(main())
