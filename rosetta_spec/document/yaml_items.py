"""Items of long YAML lists, of which a text of 16 MiB has millions, in little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import overload

from rosetta_spec.document.tree import Entry, Scalar, Style
from rosetta_spec.document.values import UNUSABLE, Json
from rosetta_spec.document.yaml_scalars import NotJsonError, scalar_value
from rosetta_spec.text import Span

_STYLES = tuple(Style)
_QUOTED = (Style.SINGLE, Style.DOUBLE)

#: In place of a style: another value than a scalar, or one with an anchor or tag, which is kept.
_KEPT = len(_STYLES)

#: The numbers that are kept of a scalar.
_WIDTH = 7


class PackedItems(Sequence[Entry]):
    """The entries of a list; of scalars without anchor and tag only offsets are kept.

    Such an entry is made anew each time it is asked for. Its text is kept if it is not what is
    written.
    """

    def __init__(self, content: str) -> None:
        self._content = content
        # Machine integers take a tenth of the memory of objects.
        self._numbers = array("I")
        self._texts: dict[int, str] = {}
        self._kept: list[Entry] = []

    def add(self, entries: Iterable[Entry]) -> None:
        """Add entries, which no longer change, at the end."""
        for entry in entries:
            node = entry.value
            if not isinstance(node, Scalar) or node.tag or node.anchor:
                self._numbers.extend((_KEPT, len(self._kept), 0, 0, 0, 0, 0))
                self._kept.append(entry)
                continue
            if node.text != self._written(node.style, node.span):
                self._texts[len(self)] = node.text
            style = _STYLES.index(node.style)
            places = (entry.start, entry.mark or 0, entry.comma or 0, *node.span, node.place)
            self._numbers.extend((style, *places))

    def __len__(self) -> int:
        return len(self._numbers) // _WIDTH

    def __iter__(self) -> Iterator[Entry]:
        return map(self._entry, range(len(self)))

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        indices = range(len(self))[index]
        return self._entry(indices) if isinstance(indices, int) else list(map(self._entry, indices))

    def _entry(self, index: int) -> Entry:
        at = index * _WIDTH
        number, start, mark, comma, first, end, place = self._numbers[at : at + _WIDTH]
        if number == _KEPT:
            return self._kept[start]
        style, span = _STYLES[number], Span(first, end)
        text = self._texts.get(index)
        if text is None:
            text = self._written(style, span)
        value: Json = UNUSABLE
        with suppress(NotJsonError):
            value = scalar_value(text, None, is_plain=style in (Style.PLAIN, Style.NOTHING))
        node = Scalar(style, span, place, text=text, value=value)
        # No colon, dash or comma is at the start of a text that is a list.
        return Entry(start, None, None, mark or None, node, comma or None)

    def _written(self, style: Style, span: Span) -> str:
        is_quoted = style in _QUOTED
        return self._content[span.start + is_quoted : span.end - is_quoted]
