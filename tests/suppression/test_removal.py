"""What goes from a text with the names that a suppression has in vain, and what stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.document.yaml_full_reader import read_any_yaml
from rosetta_spec.engine.directives import directives_in, removal
from rosetta_spec.text import Text


def directives_of(content):
    (document,) = read_any_yaml(Text(content))
    return [each for comment in document.comments for each in directives_in(content, comment)]


def without(content, *unused):
    """Remove names from the first directive of a text."""
    edits = removal(content, directives_of(content)[0], unused)
    assert list(edits) == sorted(edits)
    for (start, end), replacement in reversed(edits):
        content = content[:start] + replacement + content[end:]
    return content


@pytest.mark.parametrize(
    ("names", "left"),
    [
        ("A", "B, C ,D"),
        ("B", "A, C ,D"),
        ("C", "A, B, D"),
        ("D", "A, B, C"),
        ("AB", "C ,D"),
        ("BC", "A, D"),
        ("BD", "A, C"),
        ("CD", "A, B"),
        ("ABC", "D"),
        ("ABD", "C"),
        ("BCD", "A"),
        ("", "A, B, C ,D"),
    ],
)
def test_names_go_with_their_commas(names, left):
    text = "x: 1 # rosetta-spec: ignore[ A, B, C ,D ] until=2026-12-31 why\n"
    assert without(text, *names) == text.replace("A, B, C ,D", left)


def test_a_name_goes_wherever_it_repeats():
    text = "x: 1 # rosetta-spec: ignore[A,, B, A, ]\n"
    assert without(text, "A") == "x: 1 # rosetta-spec: ignore[B, ]\n"
    assert without(text, "B") == "x: 1 # rosetta-spec: ignore[A,, A, ]\n"
    assert without(text, "A", "B") == "x: 1\n"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("x: 1 \t# rosetta-spec: ignore[A] why \t~y: 2~", "x: 1~y: 2~"),
        ("x: 1~  # rosetta-spec: ignore[A]~y: 2", "x: 1~y: 2"),
        ("# rosetta-spec: ignore[A]~x: 1", "x: 1"),
        ("~# rosetta-spec: ignore[A]~~x: 1", "~~x: 1"),
        ("x: 1~# rosetta-spec: ignore[A]", "x: 1~"),
        ("x: 1 # rosetta-spec: ignore[A]", "x: 1"),
        ("x: 1~# note  # rosetta-spec: ignore[A]~", "x: 1~# note~"),
        (
            "x: 1  # rosetta-spec: ignore[A] # rosetta-spec: ignore[B]~",
            "x: 1 # rosetta-spec: ignore[B]~",
        ),
        ("x: |  # rosetta-spec: ignore[A]~  text~", "x: |~  text~"),
    ],
)
def test_without_names_all_of_it_goes_and_nothing_else(text, left, ending):
    assert without(text.replace("~", ending), "A") == left.replace("~", ending)


@given(
    names=st.lists(st.sampled_from(["A", "B", "C", "D"]), min_size=1, max_size=6),
    unused=st.sets(st.sampled_from(["A", "B", "C", "D"])),
    comma=st.sampled_from([",", ", ", " , ", ",,"]),
)
def test_what_is_left_is_what_is_used(names, unused, comma):
    text = f"x: 1 # rosetta-spec: ignore[{comma.join(names)}] why\ny: 2\n"
    kept = [name for name in names if name not in unused]
    left = without(text, *unused)
    if kept:
        (directive,) = directives_of(left)
        assert [name.text for name in directive.names] == kept
        assert without(left, *unused) == left
    else:
        assert left == "x: 1\ny: 2\n"
