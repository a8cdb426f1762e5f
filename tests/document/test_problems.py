"""Problems of a document are the same, few or many, and many take little memory."""

import gc
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.document.reader import read_documents
from rosetta_spec.document.tree import Problems, SyntaxProblem, repeated_key
from rosetta_spec.text import Span

spans = st.builds(Span, st.integers(0, 5), st.integers(5, 9))
pointers = st.lists(st.sampled_from(["a", "b", 0, 7])).map(tuple)
words = st.sampled_from(["one", "two"])
related = st.lists(st.tuples(pointers, spans, words), max_size=2).map(tuple)
problems = st.builds(SyntaxProblem, words, pointers, spans, words, words, related) | st.builds(
    repeated_key, words, pointers, spans, spans
)


@pytest.mark.parametrize("part", [2, 1000])
@given(st.lists(problems), st.integers(0, 5))
def test_problems_are_those_that_were_added(part, added, count):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rosetta_spec.document.tree.Problems.part_size", part)
        kept = Problems()
        for each in added:
            kept.append(each)
        assert list(kept) == added
        assert [kept[index] for index in range(len(kept))] == added
        kept.forget(count)
        assert list(kept) == added[:count]
        assert list(kept.finished()) == added[:count]


#: Documents of many problems, with `#` in place of a number.
UNITS = {
    "a repeated key of JSON": ("{", '"a":1,', '"a":1}'),
    "keys of JSON that repeat once": ("{", '"a#":1,"a#":1,', '"":1}'),
    "lone surrogates": ("[", r'"\ud800",', "1]"),
    "a repeated key of YAML": ("", "a:\n", ""),
    "numbers as keys": ("", "1:\n", ""),
    "empty keys": ("[", ":,", "1]"),
    "foreign tags": ("", "- !x y\n", ""),
    "special numbers": ("[", ".nan,", "1]"),
}


def peak(data, format_):
    """Measure the memory that reading takes."""
    gc.collect()
    tracemalloc.start()
    try:
        assert len(list(read_documents(data.encode(), format_))) == 1
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.no_cover
@pytest.mark.usefixtures("short_parts")
@pytest.mark.parametrize("name", UNITS)
def test_a_problem_takes_little_memory(name):
    before, unit, after = UNITS[name]
    format_ = "json" if "JSON" in name or "surrogates" in name else "yaml"

    def peak_of(count):
        units = "".join(unit.replace("#", str(10_000 + nth)) for nth in range(count))
        return peak(f"{before}{units}{after}", format_)

    _, few, many = (peak_of(count) for count in (10, 550, 1_550))
    assert (many - few) / 1_000 < (1_000 if "#" in unit else 300)


@pytest.mark.no_cover
@pytest.mark.usefixtures("short_parts")
@pytest.mark.parametrize(
    ("before", "unit", "after"), [("!x [", "!y a,", "1]"), ("[", '"",', '"\x7f"]')]
)
def test_what_is_not_reported_takes_no_memory(before, unit, after):
    _, few, many = (peak(f"{before}{unit * count}{after}", "yaml") for count in (100, 1_550, 3_550))
    assert (many - few) / 2_000 < 100
