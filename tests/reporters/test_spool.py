"""Values that wait come back unchanged, from memory and from a file."""

import os
from io import BufferedWriter, RawIOBase

import pytest
from complete_reports import written
from hypothesis import example, given
from hypothesis import strategies as st

from rosetta_spec import check
from rosetta_spec.engine.tally import Tally
from rosetta_spec.errors import TemporaryFileError
from rosetta_spec.reporters import outputs, reporter_of
from rosetta_spec.reporters.outputs import Spool
from rosetta_spec.reporters.style import Style

(FINDING,) = check({"annotationRequestId": "a", "poolName": "b", "sampleCount": -1}).diagnostics

TEXTS = st.lists(st.text(st.characters(exclude_categories=()), max_size=9), max_size=9)


@given(TEXTS, st.integers(0, 20))
@example(["\ud83d", "\ude00"], 0)
@example(["\r", "\n", "\r\n"], 1)
@example(["a", "bb", ""], 1)
def test_what_is_written_comes_back_one_by_one(texts, in_memory):
    with pytest.MonkeyPatch.context() as patch, Spool() as waiting:
        patch.setattr(outputs, "_IN_MEMORY", in_memory)
        assert not waiting
        for text in texts:
            waiting.write(text)
        assert len(waiting) == len(texts)
        assert list(waiting.read()) == texts
        assert list(waiting.read()) == texts


def test_only_what_is_long_goes_to_a_file_and_the_file_is_closed():
    with Spool() as short:
        short.write("x" * (outputs._IN_MEMORY // 2))
        assert not short._file._rolled
    with Spool() as long:
        for _ in range(3):
            long.write("x" * (outputs._IN_MEMORY // 2))
        assert long._file._rolled
    assert short._file.closed
    assert long._file.closed


def kept(value):
    with Spool() as waiting:
        waiting.write(value)
        return list(waiting.read())


@pytest.mark.parametrize("room", [0, 10])
def test_a_full_disk_is_reported_when_values_are_written_or_read(monkeypatch, room):
    class Full(RawIOBase):
        def writable(self):
            return True

        def seekable(self):
            return True

        def write(self, _data):
            raise OSError(28, os.strerror(28))

    file = BufferedWriter(Full(), room or 1)
    monkeypatch.setattr(outputs, "SpooledTemporaryFile", lambda _: file)
    message = r"^the findings cannot be kept in a temporary file \(No space left on device\); make "
    with pytest.raises(TemporaryFileError, match=message):
        kept("")
    assert file.closed


@pytest.mark.parametrize("count", [0, 1, 7])
@pytest.mark.parametrize("name", ["json", "junit"])
def test_a_report_is_the_same_from_a_file(monkeypatch, name, count):
    found = [FINDING._replace(document=number, cause="é\n") for number in range(count)]
    from_memory = written(name, *found)
    monkeypatch.setattr(outputs, "_IN_MEMORY", 20)
    assert written(name, *found) == from_memory


@pytest.mark.parametrize("name", ["concise", "jsonl", "text"])
def test_findings_are_written_as_they_come(name):
    taken = []

    def findings():
        for number in range(3):
            taken.append(number)
            yield FINDING

    tally = Tally(files=1)
    tally.documents = 1
    pieces = reporter_of(name)(findings(), tally, Style())
    assert taken == []
    for number in range(3):
        assert FINDING.code in next(pieces)
        assert taken == list(range(number + 1))


@pytest.mark.parametrize("name", ["text", "json"])
def test_counts_are_those_at_the_end(name):
    tally = Tally()

    def findings():
        tally.files, tally.documents = 3, 5
        yield from ()

    output = "".join(reporter_of(name)(findings(), tally, Style()))
    assert output == written(name, files=3, documents=5)
