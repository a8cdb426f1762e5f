"""Text that waits: it comes back as it was, from memory and from a file."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rosetta_spec.diagnostic import Report, Summary
from rosetta_spec.engine.tally import Tally
from rosetta_spec.reporters import reporter_of, spool
from rosetta_spec.reporters.spool import Spool
from rosetta_spec.reporters.style import Style

TEXTS = st.lists(st.text(st.characters(exclude_categories=()), max_size=9), max_size=9)


@given(TEXTS, st.integers(0, 20))
@example(["\ud83d", "\ude00"], 0)
@example(["\r", "\n", "\r\n"], 1)
@example(["a", "bb", ""], 1)
def test_what_is_written_comes_back_one_by_one(texts, in_memory):
    with pytest.MonkeyPatch.context() as patch, Spool() as waiting:
        patch.setattr(spool, "_IN_MEMORY", in_memory)
        assert not waiting
        for text in texts:
            waiting.write(text)
        assert len(waiting) == len(texts)
        assert list(waiting.read()) == texts


def test_only_what_is_long_goes_to_a_file_and_the_file_is_closed():
    with Spool() as short:
        short.write("x" * spool._IN_MEMORY)
        assert short._file is None
    with Spool() as long:
        for _ in range(3):
            long.write("x" * spool._IN_MEMORY)
        assert not long._file.closed
        # What is in memory is no more than the last of it.
        assert sum(map(len, long._texts)) <= spool._IN_MEMORY
    assert long._file.closed


@pytest.mark.parametrize("count", [0, 1, 7])
def test_the_json_report_is_the_same_from_a_file(monkeypatch, count):
    findings = [f'    {{"é\n\\n": {number}}}' for number in range(count)]
    assemble = reporter_of("json").assemble
    from_memory = "".join(assemble(findings, Tally(), Style()))
    monkeypatch.setattr(spool, "_IN_MEMORY", 20)
    assert "".join(assemble(findings, Tally(), Style())) == from_memory


@pytest.mark.parametrize("name", ["concise", "jsonl", "text"])
def test_findings_are_given_on_as_they_come(name):
    taken = []

    def findings():
        for number in range(3):
            taken.append(number)
            yield f"finding {number}\n"

    pieces = reporter_of(name).assemble(findings(), Tally(files=1, documents=1), Style())
    assert taken == []
    for number in range(3):
        assert next(pieces) == f"finding {number}\n"
        assert taken == list(range(number + 1))


@pytest.mark.parametrize("name", ["text", "json"])
def test_counts_are_those_at_the_end(name):
    tally = Tally()

    def findings():
        tally.files, tally.documents = 3, 5
        yield from ()

    output = "".join(reporter_of(name).assemble(findings(), tally, Style()))
    summary = Summary(3, 5, 0, 0, 0, 0, 0)
    assert output == reporter_of(name)(Report((), summary), Style())
