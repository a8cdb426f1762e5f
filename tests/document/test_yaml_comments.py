"""The comments of a YAML text: each of them, with its exact span, in its document."""

import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yaml_texts import outline

from rosetta_spec.document.reader import read_documents, read_yaml
from rosetta_spec.strategies import block_yaml_texts, messy_requests
from rosetta_spec.text import Text

EVERYWHERE = """\
# zero  \t
%YAML 1.2 # one
%NOTHING a#b # two
---  # three
a: |+ # four
  # text

# five
b: [1, # six
 2#3, 4 # seven
 ] # eight
'c': "x # y
 # z" # nine
d: x#y
? &e # ten
: !!str # eleven
# rosetta-spec: twelve \u3000
... # thirteen
# fourteen
---
- # fifteen
...
# sixteen
f: >- # seventeen
    text
    # text
   # eighteen
"""


def comments_in(content):
    """The comments of each document as they are written."""
    text = Text(content)
    documents = list(read_yaml(text))
    spans = [span for document in documents for span in document.comments]
    assert spans == sorted(set(spans))
    return [[text.slice(span) for span in document.comments] for document in documents]


def numbered(*words):
    return [f"# {word}" for word in words]


def test_comments_are_found_wherever_they_may_stand():
    first, second, third = comments_in(EVERYWHERE)
    assert first == [
        *numbered("zero", "one", "two", "three", "four", "five", "six", "seven", "eight"),
        *numbered("nine", "ten", "eleven", "rosetta-spec: twelve", "thirteen", "fourteen"),
    ]
    assert second == numbered("fifteen", "sixteen")
    assert third == numbered("seventeen", "eighteen")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_are_in_no_comment(ending):
    assert comments_in(ending.join(["# a", "b: 1 # c", "", "# d "])) == [["# a", "# c", "# d"]]


def test_comments_before_a_syntax_error_are_found():
    assert comments_in("# a\nb: 1\n--- # c\nd: }\n# e\n") == [["# a"], ["# c"]]
    assert comments_in("# a\nb: 1\n... # c\n%YAML x\n---\n# e\n") == [["# a", "# c"], []]


def test_comments_after_a_document_that_is_too_deep_are_those_of_the_next():
    deep = f"a: {'[' * 101}{']' * 101} # b"
    assert comments_in(f"# a\n{deep}\n--- # c\nd: 1 # e\n") == [["# a"], ["# c", "# e"]]


def test_a_document_that_is_no_object_has_its_comments():
    first, second = read_documents(b"- a # b\n--- # c\n", "yaml")
    assert [len(first.comments), len(second.comments)] == [1, 1]
    assert [first.root, second.root] == [None, None]


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(data=st.data())
def test_without_its_comments_a_text_says_the_same(data):
    content = data.draw(block_yaml_texts(data.draw(messy_requests())))
    text = Text(content)
    (document,) = read_yaml(text)
    for span in document.comments:
        assert content[span.start] == "#"
        content = content[: span.start] + " " * (span.end - span.start) + content[span.end :]
    (other,) = read_yaml(Text(content))
    assert other.comments == ()
    assert outline(other.root) == outline(document.root)
    assert other.problems == document.problems


def test_many_comments_are_the_same_and_take_little_memory():
    def read(count):
        tracemalloc.start()
        try:
            (document,) = read_yaml(Text("#\n" * count + "a: 1\n"))
            assert document.text.location(2 * count).row == count + 1
            return document.comments, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    read(10)
    (few, small), (many, large) = read(1_000), read(11_000)
    assert (type(few), len(few)) == (tuple, 1_000)
    assert list(many[:1_000]) == list(few)
    assert (many[-1], len(many)) == ((21_998, 21_999), 11_000)
    assert (large - small) / 10_000 < 40
