"""What an editor can do with what it is given, as it declares when it starts.

Source: LSP 3.17, `ClientCapabilities`.
"""

from __future__ import annotations

from typing import NamedTuple

from lsprotocol.types import InsertTextMode, MarkupContent, MarkupKind
from pygls.capabilities import get_capability

from rosetta_spec.lsp.explanation import without_markdown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lsprotocol.types import ClientCapabilities

_ITEM = "text_document.completion.completion_item"


class Abilities(NamedTuple):
    """What an editor can do with what it inserts, and whether it shows Markdown where."""

    has_snippets: bool = False
    can_indent: bool = False
    is_offer_marked_up: bool = False
    is_hover_marked_up: bool = True

    def offered(self, markdown: str) -> MarkupContent | str | None:
        """Return what is said of something that is offered."""
        if self.is_offer_marked_up and markdown:
            return MarkupContent(MarkupKind.Markdown, markdown)
        return without_markdown(markdown) or None

    def hovered(self, markdown: str) -> MarkupContent:
        """Return what is said of something below the pointer."""
        if self.is_hover_marked_up:
            return MarkupContent(MarkupKind.Markdown, markdown)
        return MarkupContent(MarkupKind.PlainText, without_markdown(markdown))


def abilities_of(capabilities: ClientCapabilities) -> Abilities:
    """Return what an editor can do; one that says nothing of hovering shows Markdown."""
    formats = get_capability(capabilities, f"{_ITEM}.documentation_format") or ()
    modes = get_capability(capabilities, f"{_ITEM}.insert_text_mode_support.value_set") or ()
    below = get_capability(capabilities, "text_document.hover.content_format")
    return Abilities(
        bool(get_capability(capabilities, f"{_ITEM}.snippet_support")),
        InsertTextMode.AdjustIndentation in modes,
        MarkupKind.Markdown in formats,
        not below or MarkupKind.Markdown in below,
    )
