"""JSON Lines as a stream: however it comes, its lines, their rows and numbers are the same."""

from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rosetta_spec.document import lines, reader
from rosetta_spec.document.lines import blocks_of
from rosetta_spec.document.reader import read_documents
from rosetta_spec.text import Text

#: What the bytes of an archive are made of, and the places where it is easily cut wrongly.
PIECES = st.sampled_from(
    [
        *(b"\n", b"\r", b"\r\n", b" ", b"\t", b"{}", b"{", b"x", b'{"a": 1}', b'"\xc3\xa9"'),
        *("\u2028".encode(), "\u3000".encode(), "\x85".encode(), b"\x1c"),
        *("\ufeff".encode(), b"\xff", b"\xc3", b"\xe2\x80"),
    ]
)
ARCHIVES = st.lists(PIECES, max_size=24).map(b"".join)

#: A limit that generated lines are above and below.
LIMIT = 6


class Trickle:
    """A stream that returns pieces of given sizes."""

    def __init__(self, data, sizes):
        self._stream = BytesIO(data)
        self._sizes = sizes
        self._reads = 0

    def read1(self, size):
        self._reads += 1
        return self._stream.read(min(size, self._sizes[self._reads % len(self._sizes)]))


def lines_of_whole(data):
    """The lines that contain a document, their rows and numbers, as the contract defines them."""
    found, row = [], 1
    for line in data.split(b"\n"):
        content = line.removesuffix(b"\r")
        if len(content) > lines.MAX_BYTES or not is_blank_text(content, row):
            found.append((content, row, len(found)))
        # A line is followed by a line feed, and so by one row more than it has itself.
        row += len(Text(content.decode(errors="replace"), first_row=2).row_starts)
    return found


def is_blank_text(content, row):
    try:
        text = Text(content.decode(), first_row=row)
    except UnicodeDecodeError:
        return False
    return not text.content.strip(" \t\r\n")


def small(monkey, block, limit):
    for module in (lines, reader):
        monkey.setattr(module, "MAX_BYTES", limit)
    monkey.setattr(lines, "_BLOCK", block)


@given(
    ARCHIVES,
    st.lists(st.integers(1, 9), min_size=1, max_size=9),
    st.integers(1, 12),
)
@example(b"\r\r\n{}\r\n\r{}", [1], 1)
@example("\ufeff \n\ufeff\n".encode(), [2], 3)
def test_lines_are_the_same_however_they_are_cut(data, sizes, block):
    with pytest.MonkeyPatch.context() as monkey:
        monkey.setattr(lines, "_BLOCK", block)
        blocks = list(blocks_of(Trickle(data, sizes)))
    found = [line for each in blocks for line in each.lines()]
    assert found == lines_of_whole(data)
    assert b"".join(each.data for each in blocks) == data
    assert [each.count_documents() for each in blocks] == [len([*each.lines()]) for each in blocks]


@given(
    ARCHIVES,
    st.lists(st.integers(1, 9), min_size=1, max_size=9),
    st.integers(1, 12),
)
# What is left of a line that was cut just where a piece ended is no line of its own.
@example(b"x" * 12 + b"\n{}", [1], 8)
# Blanks, cut before the first character that is none.
@example(b" " * 12 + b"{}\n{}", [3], 8)
# A CR at the cut, alone and as half of a line's end.
@example(b"x" * (LIMIT + 1) + b"\r\n{}\n", [1], 8)
@example(b"x" * (LIMIT + 1) + b"\r\r\n{}\n", [1], 8)
@example(b"x" * (LIMIT + 1) + b"\rx\n{}\n", [4], 8)
@example(b"x" * LIMIT + b"\r\n{}\n", [1], 8)
@example(b"x" * 20 + b"\r\r", [5], 3)
def test_a_line_that_is_too_long_is_one_finding_and_shifts_nothing(data, sizes, block):
    with pytest.MonkeyPatch.context() as monkey:
        small(monkey, block, LIMIT)
        blocks = list(blocks_of(Trickle(data, sizes)))
        found = [line for each in blocks for line in each.lines()]
        whole = lines_of_whole(data)
        assert [judged(line) for line in found] == [judged(line) for line in whole]
        counts = [each.count_documents() for each in blocks]
        assert counts == [len([*each.lines()]) for each in blocks]
    # What it takes is a block and a line that is just too long, regardless of the archive.
    assert all(len(each.data) <= LIMIT + 2 + block for each in blocks)


def judged(numbered_line):
    line, row, number = numbered_line
    document = reader.read_line(line, row, number)
    problems = [problem.name for problem in document.problems]
    return problems, len(line) > LIMIT or line, document.text.first_row, document.number


def test_the_reader_of_whole_files_reads_lines_in_the_same_way():
    data = b'{"a": 1}\n\n[]\r\n{'
    documents = list(read_documents(data, "jsonl"))
    assert [(each.number, each.text.first_row) for each in documents] == [(0, 1), (1, 3), (2, 4)]


def test_an_empty_stream_has_no_block():
    assert list(blocks_of(BytesIO())) == []


def test_an_archive_is_read_block_by_block():
    stream = Trickle(b"{}\n" * 1000, [30])
    blocks = blocks_of(stream)
    next(blocks)
    assert stream._reads == 1
