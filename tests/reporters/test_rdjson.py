"""Columns in bytes are those of the file, and the joined edit of a fix does the same."""

from __future__ import annotations

import re

import pytest
from complete_reports import written
from hypothesis import example, given
from hypothesis import strategies as st

from rosetta_spec import text as text_module
from rosetta_spec.diagnostic import Applicability, Diagnostic, Edit, Fix, Related, Severity
from rosetta_spec.engine.diagnostics import byte_places
from rosetta_spec.text import Location, Text

CONTENTS = st.text(st.sampled_from("a é日👍\n\r\ufeff"), max_size=20)


def finding(start, end, related=(), fixes=()):
    return Diagnostic(
        code="RS999",
        name="name",
        severity=Severity.INFO,
        cause="cause",
        remedy="remedy",
        filename="a.yaml",
        document=0,
        pointer="",
        location=start,
        end_location=end,
        related=related,
        fixes=fixes,
        fingerprint="",
        url="",
    )


def bytes_at(content, location):
    """Find the offset in bytes of a place in a file by counting its rows from the start."""
    rows = re.split(b"(?<=\n)|(?<=\r)(?!\n)", content.encode())
    return sum(map(len, rows[: location.row - 1])) + location.column - 1


@given(CONTENTS, st.data())
@example("\ufeffé", st.just(1))
def test_a_column_in_bytes_is_where_the_character_is_in_the_file(content, data):
    text = Text(content)
    offset = data.draw(st.integers(0, len(text.content))) if hasattr(data, "draw") else 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_module, "_STEP", 2)
        location = text.location(offset)
        found = bytes_at(content, text.in_bytes(location))
    assert text.offset(location) == offset
    mark = 3 if text.has_bom else 0
    assert found == len(text.content[:offset].encode()) + mark


def test_a_line_of_json_lines_has_rows_of_its_own_and_no_mark():
    text = Text("\ufeffé1", first_row=7)
    assert text.in_bytes(Location(7, 3)) == Location(7, 6)


@st.composite
def edits(draw, content):
    ends = sorted(draw(st.lists(st.integers(0, len(content)), min_size=2, max_size=6)))
    pairs = list(zip(ends[::2], ends[1::2], strict=False))
    return [(start, end, draw(st.sampled_from(["", "é", "x\ny"]))) for start, end in pairs]


def applied(content, changes):
    for start, end, new in reversed(changes):
        content = content[:start] + new + content[end:]
    return content


@given(st.data(), CONTENTS)
def test_one_edit_does_what_several_did(data, content):
    text = Text(content)
    changes = data.draw(edits(text.content))
    fix = Fix(
        "fix it",
        Applicability.SAFE,
        tuple(Edit(text.location(start), text.location(end), new) for start, end, new in changes),
    )
    start = Location(1, 1)
    ((edit,),) = [each.edits for each in byte_places(finding(start, start, (), (fix,)), text).fixes]
    whole = content.encode()
    ends = [bytes_at(content, at) for at in (edit.location, edit.end_location)]
    fixed = whole[: ends[0]] + edit.content.encode() + whole[ends[1] :]
    mark = "\ufeff" if text.has_bom else ""
    assert fixed.decode() == mark + applied(text.content, changes)


def test_related_places_count_bytes_too():
    text = Text("é: 1\nb: é1")
    related = Related("/é", "here", Location(1, 2), Location(1, 3))
    found = byte_places(finding(Location(2, 5), Location(2, 6), (related,)), text)
    assert (found.location, found.end_location) == (Location(2, 6), Location(2, 7))
    assert found.related[0].location == Location(1, 3)
    assert found.related[0].end_location == Location(1, 4)


def test_only_a_format_that_counts_bytes_uses_them():
    text = Text("é1")
    found = finding(Location(1, 2), Location(1, 3))
    found = found._replace(in_bytes=byte_places(found, text))
    assert '"column":3' in written("rdjson", found)
    assert '"column":2' in written("jsonl", found)
