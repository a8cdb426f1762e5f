"""What an editor writes, in whichever way, and what it reads, as long as it does."""

import io

import pytest

from rosetta_spec.lsp.streams import Incoming, Outgoing


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (b"Content-Length: 5\r\n", b"Content-Length: 5\r\n"),
        (b"content-length:5\n", b"Content-Length: 5\r\n"),
        (b"CONTENT-LENGTH : 0005 \r\n", b"Content-Length: 5\r\n"),
        (b"Content-Length: 123456789012\r\n", b"Content-Length: 123456789012\r\n"),
        (b"Content-Length: 0\r\n", b"Content-Length: 0\r\n"),
        (b"Content-Length: 1234567890123\r\n", b"-\r\n"),
        (b"Content-Length: -5\r\n", b"Content-Length: -5\r\n"),
        (b"Content-Type: x\r\n", b"Content-Type: x\r\n"),
        (b"\r\n", b"\r\n"),
        (b"", b""),
    ],
)
def test_a_length_is_understood_however_it_is_written(written, line):
    assert Incoming(io.BytesIO(written)).readline() == line


def test_a_line_without_an_end_is_read_in_pieces():
    incoming = Incoming(io.BytesIO(b"x" * 10_000))
    assert max(len(incoming.readline()) for _ in range(4)) < 10_000
    assert incoming.readline() == b""


@pytest.mark.parametrize("size", [0, 3, 10_000_000, 10**12])
def test_as_much_is_read_as_there_is(size):
    data = b"x" * 3_000_000
    assert Incoming(io.BytesIO(data)).read(size) == data[:size]


def test_what_nobody_reads_is_told_and_dropped():
    gone = []
    stream = io.BytesIO()
    outgoing = Outgoing(stream, lambda: gone.append(True))
    outgoing.write(b"x")
    outgoing.flush()
    outgoing.close()
    assert (stream.getvalue(), gone) == (b"x", [])
    stream.close()
    outgoing.write(b"y")
    assert gone == [True]
