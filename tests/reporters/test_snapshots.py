"""What the reporters write, for review in `snapshots/`.

`REFRESH=1 pytest tests/reporters` writes the snapshots again; review the diff like code.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import pytest
from complete_reports import written

from rosetta_spec.diagnostic import (
    Applicability,
    Diagnostic,
    Edit,
    Fix,
    Related,
    Severity,
    SourceLine,
)
from rosetta_spec.reporters.style import Style
from rosetta_spec.text import Location, Text

SNAPSHOTS = Path(__file__).parent / "snapshots"

Where = str | tuple[int, int]


PLAIN = Style()

#: Formats that have readers of their own in test_formats.py.
FOR_MACHINES = ("sarif", "github", "gitlab", "junit", "rdjson", "markdown")


class Case(NamedTuple):
    diagnostics: tuple[Diagnostic, ...] = ()
    style: Style = PLAIN
    format: str = "text"
    files: int = 1
    documents: int = 1
    suppressed: int = 0


def finding(source: str, primary: Where, *related: tuple[Where, str], **changes):
    """Make a finding about the first `primary` in `source`, or about a stretch of it."""
    text = Text(source)

    def locations(place: Where) -> tuple[Location, Location]:
        if isinstance(place, str):
            start = text.content.index(place)
            place = (start, start + len(place))
        return text.location(place[0]), text.location(place[1])

    location, end_location = locations(primary)
    asides = tuple(Related("/samplingRatio", label, *locations(at)) for at, label in related)
    ends = [(location, end_location), *((each.location, each.end_location) for each in asides)]
    lines = source.split("\n")
    rows = {row for start, end in ends for row in range(start.row, end.row + 1)}
    diagnostic = Diagnostic(
        code="RS201",
        name="ratio-with-quantity",
        severity=Severity.ERROR,
        cause="samplingRatio and samplingQuantity are both given",
        remedy="keep the one that you mean",
        filename="robots.sampling.yaml",
        document=0,
        pointer="/samplingQuantity",
        location=location,
        end_location=end_location,
        related=asides,
        fixes=(),
        fingerprint="5f2c0d6e",
        url="https://rosetta.example/rules/RS201",
        excerpt=tuple(SourceLine(row, 1, lines[row - 1], is_cut=False) for row in sorted(rows)),
    )
    return diagnostic._replace(**changes)


def alone(*arguments, style: Style = PLAIN, **changes) -> Case:
    return Case((finding(*arguments, **changes),), style)


BLOCK = """\
annotationRequestId: r-17
samplingRatio: 0.5
sampleType: 1
samplingQuantity: 100
"""
LINE = '{"poolName": "a", "samplingRatio": 0.5, "samplingQuantity": 100, "sampleType": 1}'
FILLER = '"note": "and so on", ' * 40
LONG = f'{{"samplingRatio": 0.5, {FILLER}"samplingQuantity": 100, "k": 1}}'
IDENTIFIER = f'"{"abc" * 99}"'
NESTED = """\
{
  "interceptionBoundary": [
    {
      "start": 1,
      "end": 5
    },
    {
      "start": 4,

      "note": "three rows or more are left out",

      "end": 9
    }
  ]
}
"""
EARLIER = (NESTED.index("{", 2), NESTED.index("}") + 1)
LATER = (NESTED.index("{", EARLIER[1]), NESTED.index("}", EARLIER[1]) + 1)
ALL = (NESTED.index("["), NESTED.index("]") + 1)
RATIO = ("samplingRatio", "the ratio is given here")
REMOVE = Edit(Location(4, 1), Location(5, 1), "")
CHOICES = (
    Fix("remove samplingRatio", Applicability.CHOICE, (REMOVE,)),
    Fix("remove samplingQuantity", Applicability.CHOICE, (REMOVE,)),
)
QUOTE = Fix("write 1 without quotes", Applicability.SAFE, (REMOVE,))
RENAME = Fix("rename it to poolName", Applicability.UNSAFE, (REMOVE,))

SEVERAL = Case(
    (
        finding(BLOCK, "samplingQuantity", RATIO, fixes=CHOICES),
        finding(BLOCK, "r-17", fixes=(QUOTE,), severity=Severity.WARNING),
        finding(
            BLOCK, "sampleType", fixes=(RENAME,), severity=Severity.INFO, filename="b.sampling.yaml"
        ),
    ),
    files=12,
    documents=31,
    suppressed=2,
)
ODD = Case(
    (
        finding(
            'note: "\u202e\x1b[2J\u2028"',
            '"\u202e\x1b[2J\u2028"',
            filename="a\nb.yaml:1:1: error\x1b[2J\udcff.yaml",
            cause="note \x07 rings \ud800",
            remedy="remove\r\nit",
        ),
    )
)

CASES = {
    "clean": Case(files=5, documents=5),
    "clean-one-file": Case(),
    "clean-documents": Case(documents=3, suppressed=1),
    "several": SEVERAL,
    "several-concise": SEVERAL._replace(format="concise"),
    "several-concise-color": SEVERAL._replace(
        style=Style(color=True, links=True), format="concise"
    ),
    "several-json": SEVERAL._replace(format="json"),
    "several-jsonl": SEVERAL._replace(format="jsonl"),
    **{f"several-{name}": SEVERAL._replace(format=name) for name in FOR_MACHINES},
    **{f"odd-{name}": ODD._replace(format=name) for name in FOR_MACHINES},
    **{f"clean-{name}": Case(format=name) for name in FOR_MACHINES},
    "several-color": SEVERAL._replace(style=Style(color=True)),
    "several-links": SEVERAL._replace(style=Style(links=True)),
    "several-narrow": SEVERAL._replace(style=Style(width=40)),
    "odd": ODD,
    "odd-concise": ODD._replace(format="concise"),
    "odd-json": ODD._replace(format="json"),
    "odd-jsonl": ODD._replace(format="jsonl"),
    "tabs": alone("\tpoolName:\t'a'\t# x", "'a'", ("# x", "a comment")),
    "wide": alone('note: "名前のプール" # 日', '"名前のプール"', ("# 日", "a comment")),
    "combining": alone('"nai\u0308ve\u0301": 1', "1", ('"nai\u0308ve\u0301"', "the key")),
    "emoji": alone('{"👩‍👩‍👧": "❤️🇯🇵👍🏽", "a": 1}', '"a"', ('"👩‍👩‍👧"', "a key")),
    "joiner-in-a-word": alone("pool\u200dName: a\u200bb", "pool\u200dName"),
    "one-row": alone(LINE, '"samplingQuantity"', ('"samplingRatio"', "the ratio")),
    "one-row-beside": alone("a: 1,         b: 2", "b", ("a", "here")),
    "one-row-many": alone(
        "a: {b: 1, c: 2, d: 3}",
        "b: 1",
        ("a", "the key"),
        ("{b: 1, c: 2, d: 3}", "the object"),
        ("c: 2", "a label that is longer than what is left of this row at forty"),
        ("c: 2", "and one more"),
        ("d", "the last"),
        ("3", ""),
    ),
    "labels-at-the-edge": alone(
        f"{'a: 1, ' * 4}b: 2, c: 3",
        "b",
        ("2", "label of two"),
        ("3", "three"),
        style=Style(width=40),
    ),
    "label-too-long": alone(BLOCK, "0.5", ("samplingRatio", "word " * 9), style=Style(width=40)),
    "rows-far-apart": alone(BLOCK, "samplingQuantity", ("annotationRequestId", "asked here")),
    "primary-first": alone(BLOCK, "annotationRequestId", ("100", "the quantity")),
    "tall": alone(NESTED, LATER),
    "tall-inside-row": alone(NESTED, ALL),
    "tall-one-after-another": alone(NESTED, LATER, (EARLIER, "the earlier boundary")),
    "tall-nested": alone(
        NESTED, ALL, (EARLIER, "the first"), (LATER, "the second"), ("9", "its end")
    ),
    "tall-color": alone(NESTED, ALL, (EARLIER, "the first"), style=Style(color=True)),
    "tall-end-not-in-excerpt": alone(
        NESTED, ALL, excerpt=(SourceLine(2, 1, NESTED.splitlines()[1], is_cut=False),)
    ),
    "tall-ends-with-row-break": alone(BLOCK, "0.5\n"),
    "tall-ends-before-a-row": alone("a:\n  b: |\n    c\nd: 1", (8, 16)),
    "more-rows-than-needed": alone(
        BLOCK,
        "0.5",
        excerpt=tuple(
            SourceLine(row, 1, text, is_cut=False) for row, text in enumerate(BLOCK.splitlines(), 1)
        ),
    ),
    "tall-end-row-not-in-excerpt": alone(
        "a:\n  b: |\n    c\nd: 1",
        (8, 16),
        excerpt=(SourceLine(2, 1, "  b: |", is_cut=False), SourceLine(4, 1, "d: 1", is_cut=False)),
    ),
    "tall-same-rows": alone("a: [1,\n  2]", (0, 11), ("[1,\n  2]", "the array")),
    "empty-at-end-of-row": alone("poolName:\nnote: 1\n", (9, 9)),
    "empty-at-end-of-file": alone("a: 1\n", (5, 5), ("a", "the last key")),
    "empty-file": alone("", (0, 0)),
    "no-excerpt": alone(BLOCK, "samplingQuantity", RATIO, excerpt=()),
    "long": alone(LONG, '"samplingQuantity"', ('"samplingRatio"', "the ratio is given here")),
    "long-narrow": alone(LONG, '"samplingQuantity"', ('"k"', "next"), style=Style(width=40)),
    "long-value": alone(f"annotationRequestId: {IDENTIFIER}", IDENTIFIER),
    "long-value-far": alone(f'{LONG[:-1]}, "id": {IDENTIFIER}}}', IDENTIFIER),
    "long-tall": alone(f"{{{LONG},\n {LONG}\n}}", (1, 2 * len(LONG) + 4)),
    "long-between": alone(f"a: [\n  {LONG},\n  2]", (3, len(LONG) + 13)),
    "very-long": alone("x" * 50_000 + "[]" + "x" * 50_000, "[]"),
    "cut": alone(
        LONG,
        '"samplingQuantity"',
        excerpt=(SourceLine(1, 801, LONG[800:920], is_cut=True),),
    ),
    "cut-into-parts": alone(
        LONG,
        '"samplingQuantity"',
        ('"samplingRatio"', "the ratio is given here"),
        ('"k"', "a place that the excerpt has not got"),
        excerpt=(
            SourceLine(1, 1, LONG[:50], is_cut=True),
            SourceLine(1, 821, LONG[820:885], is_cut=True),
        ),
    ),
    "cut-and-short": alone(
        LONG,
        '"samplingQuantity"',
        excerpt=(SourceLine(1, 851, LONG[850:890], is_cut=True),),
    ),
    "high-row-numbers": alone(
        BLOCK,
        "samplingQuantity",
        location=Location(99_999, 3),
        end_location=Location(99_999, 5),
        excerpt=(SourceLine(99_999, 1, "a [] b", is_cut=False),),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_report_is_as_in_its_snapshot(monkeypatch, name: str):
    monkeypatch.setattr("rosetta_spec.reporters.sarif.__version__", "1.2.3")
    case = CASES[name]
    text = written(
        case.format,
        *case.diagnostics,
        style=case.style,
        files=case.files,
        documents=case.documents,
        suppressed=case.suppressed,
    ).encode()
    snapshot = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("REFRESH") == "1":
        snapshot.write_bytes(text)
    assert text == snapshot.read_bytes()


def test_every_snapshot_has_a_case():
    assert {path.stem for path in SNAPSHOTS.iterdir()} == set(CASES)
