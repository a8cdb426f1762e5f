"""The keys of a text as an editor lists them, those of half-written texts too."""

from __future__ import annotations

from lsprotocol.types import DocumentSymbol, Range, SymbolKind

from rosetta_spec.lsp.cursor import roots_of
from rosetta_spec.lsp.outline import ARRAY, OBJECT, Node
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.lsp.open_text import OpenText

_KINDS = {OBJECT: SymbolKind.Object, ARRAY: SymbolKind.Array}

#: So deep and so many are listed; an editor shows no more, and nobody writes that by hand.
_DEEPEST = 10
_MOST = 2000


def symbols_of(text: OpenText) -> list[DocumentSymbol]:
    """Return the symbols of a text; of several documents each is one."""
    lister = _Lister(text)
    roots = roots_of(text.positions.text, text.format_)
    values = [root.value for root in roots if root.value]
    if len(values) == 1:
        return lister.below(values[0], 0)
    return [
        lister.symbol(f"request {number}", value, value.start, 0)
        for number, value in enumerate(values[:_MOST], start=1)
    ]


class _Lister:
    def __init__(self, text: OpenText) -> None:
        self._range = text.positions.range_of
        self._count = 0

    def below(self, node: Node, depth: int) -> list[DocumentSymbol]:
        """Return the symbols of what is in an object or list."""
        if depth > _DEEPEST:
            return []
        named = [(it.name, it.value or it.key, it.start) for it in node.members]
        named += [(str(index), item, item.start) for index, item in enumerate(node.items)]
        return [
            self.symbol(name, value, start, depth)
            for name, value, start in named
            if value and self._is_wanted()
        ]

    def _is_wanted(self) -> bool:
        self._count += 1
        return self._count <= _MOST

    def symbol(self, name: str, value: Node, start: int, depth: int) -> DocumentSymbol:
        """Return the symbol of a value; editors refuse one without a name."""
        whole: Range = self._range(Span(start, max(value.end, start)))
        return DocumentSymbol(
            name=name or "?",
            kind=_KINDS.get(value.kind, SymbolKind.Field),
            range=whole,
            selection_range=self._range(Span(start, start)),
            detail=None if value.members or value.items else value.text[:60] or None,
            children=self.below(value, depth + 1),
        )
