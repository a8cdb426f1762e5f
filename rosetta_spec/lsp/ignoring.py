"""A comment that silences one finding in YAML: tried out before it is offered."""

from __future__ import annotations

from io import BytesIO

from rosetta_spec.document.reader import read_text
from rosetta_spec.document.values import identity
from rosetta_spec.engine.directive import ON_A_ROW, directives_in
from rosetta_spec.fast.formats import YAML
from rosetta_spec.fixes.edits import TextEdit, edited
from rosetta_spec.spec.selection import ALWAYS
from rosetta_spec.text import BOM, Span, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rosetta_spec.diagnostic import Diagnostic
    from rosetta_spec.document.reader import AnyDocument
    from rosetta_spec.lsp.desk import Look
    from rosetta_spec.lsp.open_text import OpenText

#: What is said of suppressions is not silenced by another one.
_OF_SUPPRESSIONS = frozenset({"RS901", "RS902"})


def ignoring(text: OpenText, look: Look, found: Diagnostic) -> list[TextEdit]:
    """Return the edit that silences a finding and changes nothing else; none if nothing does."""
    if found.code in ALWAYS | _OF_SUPPRESSIONS or text.format_ != YAML:
        return []
    source = text.positions.text
    documents = list(read_text(source, YAML))
    for edit in _candidates(source, documents, found):
        if _is_right(text, look, found, edit):
            return [edit]
    return []


def _candidates(
    source: Text, documents: Sequence[AnyDocument], found: Diagnostic
) -> Iterator[TextEdit]:
    """Yield what may silence a finding: a longer list, a comment behind it, or one above it."""
    row = found.location.row
    comments = [comment for each in documents for comment in each.comments]
    for comment in comments:
        if source.location(comment.start).row in (row, row - 1):
            for directive in directives_in(source.content, comment):
                if directive.verb == ON_A_ROW and directive.names and not directive.fault:
                    end = directive.names[-1].span.end
                    yield TextEdit(Span(end, end), f", {found.code}")
    start = source.row_starts[row - 1]
    line, _ = source.line_part(row, 1, len(source.content))
    asked = f"# rosetta-spec: ignore[{found.code}]"
    end = start + len(line.rstrip(" \t"))
    yield TextEdit(Span(end, start + len(line)), f"  {asked}")
    indent = line[: len(line) - len(line.lstrip(" "))]
    yield TextEdit(Span(start, start), f"{indent}{asked}{_line_end(source)}")


def _line_end(source: Text) -> str:
    """Return the line end that a text uses first."""
    at = source.row_starts[1] if len(source.row_starts) > 1 else 0
    if source.content[:at].endswith("\r\n"):
        return "\r\n"
    return source.content[at - 1] if at else "\n"


def _is_right(text: OpenText, look: Look, found: Diagnostic, edit: TextEdit) -> bool:
    """Whether an edit changes no value, and what is found only by this finding and its likes."""
    source = text.positions.text
    after = edited(source.content, [edit])
    if _values(after) != _values(source.content):
        return False
    data = f"{BOM if source.has_bom else ''}{after}".encode(errors="surrogatepass")
    assert look.checker is not None  # noqa: S101 - something was found
    reports = look.checker.check_stream(BytesIO(data), found.filename, YAML)
    left = [(each.code, each.pointer, each.document) for it in reports for each in it.diagnostics]
    expected = [
        (each.code, each.pointer, each.document)
        for each in look.diagnostics
        if (each.code, each.location.row) != (found.code, found.location.row)
    ]
    return sorted(left) == sorted(expected)


def _values(content: str) -> list[object]:
    return [identity(document.value) for document in read_text(Text(content), YAML)]
