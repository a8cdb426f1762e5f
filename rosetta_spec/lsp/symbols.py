"""The keys of a document as symbols, also while it is half written."""

from __future__ import annotations

from lsprotocol.types import DocumentSymbol, SymbolKind

from rosetta_spec.lsp.document import Document
from rosetta_spec.lsp.outline import Kind, Node, outline
from rosetta_spec.text import Span

_KINDS = {Kind.OBJECT: SymbolKind.Object, Kind.ARRAY: SymbolKind.Array}

_MAX_DEPTH = 10
_MAX_SYMBOLS = 2000

#: Characters of a value that are shown beside its key.
_MAX_DETAIL = 60


def symbols_of(document: Document) -> list[DocumentSymbol]:
    """Return the symbols of a document; each request of several is one."""
    lister = _Lister(document)
    roots = outline(document.text, document.format_)
    values = [root.value for root in roots if root.value]
    if len(values) == 1:
        return lister.below(values[0], 0)
    return [
        lister.symbol(f"request {number}", value, value.start, 0)
        for number, value in enumerate(values[:_MAX_SYMBOLS], start=1)
    ]


class _Lister:
    def __init__(self, document: Document) -> None:
        self._range_of = document.range_of
        self._count = 0

    def below(self, node: Node, depth: int) -> list[DocumentSymbol]:
        """Return the symbols of the members or items of a value."""
        if depth > _MAX_DEPTH:
            return []
        named = [(it.name, it.value or it.key, it.start) for it in node.members]
        named += [(str(index), item, item.start) for index, item in enumerate(node.items)]
        symbols = []
        for name, value, start in named:
            self._count += 1
            if value and self._count <= _MAX_SYMBOLS:
                symbols.append(self.symbol(name, value, start, depth))
        return symbols

    def symbol(self, name: str, value: Node, start: int, depth: int) -> DocumentSymbol:
        """Return the symbol of a value. Editors reject an empty name."""
        return DocumentSymbol(
            name=name or "?",
            kind=_KINDS.get(value.kind, SymbolKind.Field),
            range=self._range_of(Span(start, max(value.end, start))),
            selection_range=self._range_of(Span(start, start)),
            detail=None if value.members or value.items else value.text[:_MAX_DETAIL] or None,
            children=self.below(value, depth + 1),
        )
