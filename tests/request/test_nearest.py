"""Names that come near to others, by the definition of optimal string alignment."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rosetta_spec.request import wording
from rosetta_spec.request.schema import EDITOR_KEY, key_names, places
from rosetta_spec.request.wording import edit_distance, nearest_key, nearest_name, nearest_names

words = st.text(alphabet="abcR_é", max_size=9)


def edits(left, right):
    """Count all ways, with nothing left out."""
    if not left or not right:
        return len(left) + len(right)
    swap = edits(left[2:], right[2:]) + 1 if left[1:2] + left[0] == right[:2] else len(left + right)
    return min(
        edits(left[1:], right) + 1,
        edits(left, right[1:]) + 1,
        edits(left[1:], right[1:]) + (left[0] != right[0]),
        swap,
    )


@given(words.map(lambda word: word[:5]), words.map(lambda word: word[:5]), st.integers(0, 7))
@example("aab", "baa", 2)
@example("", "abc", 3)
@example("ab", "ba", 1)
@example("abcR", "baRc", 2)
@example("ca", "abc", 3)
def test_edits_are_counted_up_to_the_most_that_matter(left, right, most):
    count = edits(left, right)
    assert edit_distance(left, right, most) == (count if count <= most else None)


@pytest.mark.parametrize("key", sorted({place[-1] for place in places() if place} - {"*"}))
def test_a_key_with_two_letters_swapped_is_near(key):
    names = {each[-1] for each in places() if each} - {"*"}
    for at in range(len(key) - 1):
        swapped = f"{key[:at]}{key[at + 1]}{key[at]}{key[at + 2 :]}"
        assert nearest_name(swapped, names) == key


@given(words, st.lists(words.filter(bool), max_size=5, unique=True))
@example("RRRR", ["RR", "RRRRRR"])
@example("RRRR", ["RR", "RRRRRRRRR"])
def test_the_nearest_name_is_near_and_no_other_is_as_near(name, names):
    near = nearest_name(name, names)
    distances = sorted((edit_distance(name, each, 20), each) for each in names)
    nearest = [each for distance, each in distances if distance == distances[0][0]]
    is_near = bool(distances) and distances[0][0] * 3 <= len(distances[0][1])
    assert near == (nearest[0] if is_near and len(nearest) == 1 else None)
    assert near is None or near in names


def test_names_that_contain_the_name_come_first():
    assert nearest_names("ratio", ["ratio-with-quantity", "out-of-range", "rati"]) == [
        "ratio-with-quantity"
    ]
    assert nearest_names("", ["a"]) == []


def test_a_name_that_is_too_long_to_be_near_is_not_remembered():
    before = wording._distances.cache_info()
    assert nearest_name("x" * 1_000_000, ["poolName", "startTime"]) is None
    assert nearest_key("y" * 1_000_000, ["poolName", "startTime"]) == ""
    assert wording._distances.cache_info() == before


@given(st.data())
def test_the_nearest_key_is_the_nearest_of_the_keys_that_are_asked_for(data):
    names = data.draw(st.sets(st.sampled_from(key_names())))
    letters = list(data.draw(st.sampled_from(key_names())))
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(letters)))
        letters[at : at + data.draw(st.integers(0, 1))] = data.draw(st.text("aeT", max_size=1))
    name = "".join(letters)
    assert nearest_key(name, {*names, EDITOR_KEY}) == (nearest_name(name, names) or "")


def test_a_key_is_compared_one_time_whichever_keys_are_asked_for():
    keys = key_names()
    nearest_key("poolNamme", keys)
    before = wording._distances.cache_info()
    for key in keys:
        nearest_key("poolNamme", {*keys} - {key})
    assert wording._distances.cache_info().misses == before.misses
