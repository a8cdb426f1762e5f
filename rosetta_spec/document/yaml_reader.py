"""Read a YAML text into documents of nodes: quickly where it is simple, fully where it is not."""

from __future__ import annotations

from rosetta_spec.document.tree import Document
from rosetta_spec.document.yaml_line_nodes import read_yaml_nodes
from rosetta_spec.fast.formats import YAML, Declined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from rosetta_spec.text import Text


def read_yaml(text: Text) -> Iterator[Document]:
    """Yield the documents of `text`, as `read_any_yaml` does."""
    try:
        roots = read_yaml_nodes(text.content)
    except Declined:
        # Ruamel is a slow import that most texts do not need.
        from rosetta_spec.document.yaml_full_reader import read_any_yaml  # noqa: PLC0415

        yield from read_any_yaml(text)
    else:
        start = 0
        for number, root in enumerate(roots):
            yield Document(text, number, root, (), YAML, start)
            start = root.span.end
