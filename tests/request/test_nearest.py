"""Names that come near to others, against the textbook's own way of counting edits."""

from hypothesis import example, given
from hypothesis import strategies as st

from rosetta_spec.request.wording import edit_distance, nearest_name, nearest_names

words = st.text(alphabet="abcR_é", max_size=9)


def edits(left, right):
    """Count as Wagner and Fischer do, with nothing left out."""
    if not left or not right:
        return len(left) + len(right)
    return min(
        edits(left[1:], right) + 1,
        edits(left, right[1:]) + 1,
        edits(left[1:], right[1:]) + (left[0] != right[0]),
    )


@given(words.map(lambda word: word[:5]), words.map(lambda word: word[:5]), st.integers(0, 7))
@example("aab", "baa", 2)
@example("", "abc", 3)
def test_edits_are_counted_up_to_the_most_that_matter(left, right, most):
    count = edits(left, right)
    assert edit_distance(left, right, most) == (count if count <= most else None)


@given(words, st.lists(words.filter(bool), max_size=5, unique=True))
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
