"""Streams of documents are read in parts; the parts are those of the whole."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rosetta_spec.document import reader
from rosetta_spec.document.reader import read_documents, read_yaml
from rosetta_spec.document.syntax_errors import FatalError
from rosetta_spec.document.tree import Document
from rosetta_spec.document.yaml_composer import Composer
from rosetta_spec.document.yaml_events import EventReader
from rosetta_spec.engine.checker import Checker
from rosetta_spec.fast.yaml_lines import read_yaml_lines
from rosetta_spec.text import Text
from tests.laws.yaml_texts import PIECES, outline

REQUEST = "annotationRequestId: a\npoolName: p\n"

PARTS = [
    REQUEST,
    f"{REQUEST}samplingRatio: 20\n",
    f"# c\n{REQUEST}  # d\n# e\n",
    f"{REQUEST}# rosetta-spec: ignore[RS107]\nsamplingRatio: 20\n",
    "# rosetta-spec: ignore-file[RS107]\n",
    "{annotationRequestId: a, poolName: p}\n",
    "{annotationRequestId: a,\n",
    "poolName: 'p\n",
    "a: &x 1\nb: *x\n",
    "b: *x\n",
    "a: !t 1\n",
    "a: |\n  --- \n  ...\nb: |+\n\n",
    "a: |\n",
    'a: "x\n  ---\n  y"\n',
    "- 1\n-\n",
    "word\n",
    "a: [[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]\n",
    f"a: {'[' * 101}{']' * 101}\n",
    "\n",
    "# c\n",
    "\ta: 1\n",
    "a: 1\n b: 2\n",
    "a: 1\na: 2\n",
    "a: \x01\n",
    "# \x7f\n",
    "\u2028a: 1\n",
    "%YAML 1.2\n",
    "%TAG !t! tag:x,2000:\n",
    "a: !t!x 1\n",
    "\ufeff",
]
MARKERS = [
    "---\n",
    "--- ",
    "---\t# c\n",
    "----\n",
    "---",
    " ---\n",
    "...\n",
    "... # c\n",
    "...",
    "---\r\n",
    "---\r",
    "\ufeff---\n",
    "\ufeff # c\n\n# d\n---\n",
    "",
]


def streams():
    parts = st.sampled_from(PARTS) | st.sampled_from(PIECES)
    rows = st.lists(st.tuples(st.sampled_from(MARKERS[:3]) | st.sampled_from(MARKERS), parts))
    endings = st.sampled_from(["\n", "\n", "\r\n", "\r"])
    return st.builds(
        lambda rows, end: "".join(map("".join, rows)).replace("\n", end), rows, endings
    )


def unsplit(text):
    """Read all documents of a text at once, up to the first fatal problem."""
    events = EventReader(text.content)
    events.restart(0)
    documents = []
    try:
        while events.next_document() is not None:
            composer = Composer(events)
            root, value = composer.root()
            problems = composer.problems.finished()
            events.end_document()
            if composer.undefined:
                raise composer.undefined
            documents.append(Document(text, len(documents), root, problems, value))
    except FatalError as error:
        return documents, error.problem, list(events.comments)
    return documents, None, list(events.comments)


def shown(documents):
    return [(each.number, outline(each.root), each.problems) for each in documents]


@pytest.mark.no_cover
@settings(max_examples=75)
@given(streams())
@example("a: |\n  x\n---\nb: 1\n# c\n---\n")
@example("%TAG !t! tag:x,2000:\n---\na: !t!x 1\n---\na: !t!x 1\n")
@example("a: 1\n---\nb: *x\n")
def test_parts_are_read_as_the_whole(source):
    text = Text(source)
    whole, problem, comments = unsplit(text)
    parts = list(read_yaml(text))
    if problem:
        last = parts[len(whole)]
        assert (last.root, last.problems) == (None, (problem,))
        comments = [each for each in comments if each.end <= problem.span.start]
        assert shown(whole) == shown(parts[: len(whole)])
        return
    assert shown(whole) == shown(parts)
    assert [span for each in parts for span in each.comments] == (comments if parts else [])


@pytest.mark.no_cover
@settings(max_examples=75)
@given(streams())
@example("---\nannotationRequestId: a\npoolName: p\n---\n")
@example("{annotationRequestId: a, poolName: p}\n---\nannotationRequestId: a\npoolName: p\n")
def test_what_need_not_be_read_in_full_has_no_findings(source):
    data = source.encode(errors="surrogatepass")
    in_full, in_parts = Checker(), Checker()
    in_full._accepts = lambda _: False
    full, parts = (
        [each._replace(document=None) for each in checker.check_file(data, "a.yaml", "yaml")]
        for checker in (in_full, in_parts)
    )
    assert parts == full


@pytest.mark.no_cover
@settings(max_examples=75)
@given(streams())
@example("# c\n---\n\n  # d\n  a: 1\n---\r\n'a': 1\n--- \n{}")
def test_plain_values_and_their_places_are_those_of_the_full_reading(source):
    data = source.encode(errors="surrogatepass")
    full = list(read_documents(data, "yaml"))
    plain = list(read_documents(data, "yaml", lambda *_: True))
    assert [each.number for each in plain] == [each.number for each in full]
    for one, other in zip(plain, full, strict=True):
        if one.is_plain:
            assert not other.problems
            assert one.value == other.value
            assert one.start == other.locator.start(()).span.start
        else:
            assert outline(one.root) == outline(other.root)
            expected = other._replace(root=None, value=None, text=one.text)
            assert one._replace(root=None, value=None) == expected


@pytest.mark.parametrize(
    "document",
    ["--- x # c\r", "---\r\na: 1\r\n", "\ufeff---\na: 1\n", f"a: {'[' * 101}{']' * 101}\n...\n"],
)
def test_no_part_of_a_stream_is_tried_twice(document, monkeypatch):
    tried = []

    def read(content):
        tried.append(content)
        return read_yaml_lines(content)

    monkeypatch.setattr(reader, "read_yaml_lines", read)
    assert len(list(read_yaml(Text(document * 5), lambda *_: True))) == 5
    assert len("".join(tried)) <= len(document * 5)


@pytest.mark.no_cover
@pytest.mark.parametrize("row", ["\ufeff---\n", "\ufeff#\n", "\ufeff\n"])
def test_many_byte_order_marks_take_linear_time(row):
    start = time.process_time()
    EventReader(row * 100_000)
    assert time.process_time() - start < 3
