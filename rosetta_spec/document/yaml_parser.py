"""The steps through a YAML text: ruamel's parser, with exact spans and no ruamel type let out."""

from __future__ import annotations

import re
from typing import NamedTuple

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.parser import Parser
from ruamel.yaml.tokens import DocumentEndToken, DocumentStartToken, StreamEndToken, ValueToken

from rosetta_spec.document.yaml_fault import FatalError, forbidden_character
from rosetta_spec.document.yaml_scanner import TokenScanner
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, ClassVar, Literal, TypeAlias

    from ruamel.yaml.events import Event, NodeEvent

    from rosetta_spec.document.yaml_cursor import Cursor

_match_rest = re.compile(r"[ \t]*+(?:(?<=[ \t])#[^\r\n]*+)?(?=[\r\n]|\Z)").match

#: What ruamel itself may stumble with, over a text that is wrong anyhow.
_DEFECTS = (AssertionError, AttributeError, LookupError, ValueError)

#: What ruamel says of something that belongs to nothing above it.
_STRAY = "expected <block end>"

#: "start" and "finish" are those of a document, "end" that of an array or object.
Kind: TypeAlias = 'Literal["start", "scalar", "alias", "array", "object", "end", "finish"]'


class Step(NamedTuple):
    """One step through a text, at `span`; what has an end of its own starts at `span.start`.

    `value` is the text of a scalar or the name of an alias; `is_plain` is a scalar without quotes
    and not of a block, written as nothing too. The `tag` has its handle resolved. `anchor` is the
    name and the span of `&name`.
    """

    kind: Kind
    span: Span
    value: str = ""
    is_plain: bool = False
    tag: str | None = None
    anchor: tuple[str, Span] | None = None


class _Loader:
    """What ruamel's scanner and parser look for on each other, with YAML 1.2 as the version."""

    typ = "safe"
    comment_handling = None
    processing_version = (1, 2)

    def __init__(self, cursor: Cursor) -> None:
        self.resolver = self
        self.scanner = TokenScanner(self, cursor)


class StepParser(Parser):
    """Goes through a text from the place of `cursor` on, where a document can start."""

    resolver: Any = None
    scanner: Any = None

    def __init__(self, cursor: Cursor) -> None:
        loader = _Loader(cursor)
        self.content = cursor.content
        self.scanner = loader.scanner
        self.resolver = loader
        super().__init__(loader)

    def steps(self) -> Iterator[Step]:
        """Yield the steps of all documents.

        Raises:
            FatalError: at the first place that is no YAML.
        """
        while not isinstance(event := self._next_event(), StreamEndEvent):
            step_of = self._steps_of.get(type(event))
            if step_of is not None:
                yield step_of(self, event)

    def _next_event(self) -> Event:
        try:
            # Not `get_event`, which looks into the next step in some versions of ruamel.
            event: Event = self.state()
        except FatalError as error:
            raise self._first_of(error) from None
        except MarkedYAMLError as error:
            place, key = error.problem_mark, error.context_mark
            raise self._first_of(self._fault(error.problem, place, error.context, key)) from None
        except _DEFECTS:
            raise self._first_of(self._fault("", self.scanner.cursor.index)) from None
        return event

    def _fault(
        self, problem: str, at: int, context: str | None = None, key: int | None = None
    ) -> FatalError:
        # Most texts are right and do not pay for loading what explains the wrong ones.
        from rosetta_spec.document.yaml_mistakes import Scene, explain  # noqa: PLC0415

        return explain(Scene(self.content, problem, at, context or "", key, tuple(self.marks)))

    def _first_of(self, error: FatalError) -> FatalError:
        """Prefer a forbidden character where one is: ruamel may have stumbled over it."""
        at: int = self.scanner.cursor.forbidden
        span = error.problem.span
        if at < min(max(span.end, span.start + 1), len(self.content)):
            return forbidden_character(self.content, at)
        return error

    # Ruamel would look into the next document before it says that this one has ended.

    def parse_document_end(self) -> DocumentEndEvent:
        """Finish a document; whatever else is below it is wrong."""
        token = self.scanner.peek_token()
        if isinstance(token, DocumentEndToken):
            self._pass_document_ends()
            self.state = self.parse_implicit_document_start
        elif isinstance(token, (DocumentStartToken, StreamEndToken)):
            self.state = self.parse_document_start
        else:
            raise self._fault(_STRAY, token.start_mark)
        return DocumentEndEvent(token.start_mark, token.end_mark)

    def parse_implicit_document_start(self) -> Event:
        """Start a document without `---`, if there is one."""
        while self.scanner.check_token(DocumentEndToken):
            self._pass_document_ends()
        event: Event = super().parse_implicit_document_start()
        return event

    def _pass_document_ends(self) -> None:
        end = self.scanner.get_token().end_mark
        if _match_rest(self.content, end) is None:
            raise self._fault(_STRAY, end + 1)

    # One step each.

    def _document(self, event: DocumentStartEvent) -> Step:
        return Step("start", Span(event.start_mark, event.start_mark))

    def _finish(self, event: DocumentEndEvent) -> Step:
        return Step("finish", Span(event.start_mark, event.start_mark))

    def _alias(self, event: AliasEvent) -> Step:
        return Step("alias", Span(event.start_mark, event.end_mark), event.anchor)

    def _scalar(self, event: ScalarEvent) -> Step:
        is_plain = event.style is None
        if is_plain and not event.value:
            at = self._place_of_nothing(event)
            span = Span(at, at)
        else:
            # After an anchor or a tag the event starts there, the token does not.
            span = Span(self.scanner.start, event.end_mark)
        return Step("scalar", span, event.value, is_plain, event.tag, self._anchor(event))

    def _place_of_nothing(self, event: ScalarEvent) -> int:
        """Find the end of what asks for a value; of a key without anything, its colon."""
        end: int = self.scanner.end
        if event.anchor is not None or event.tag is not None:
            return self._place_before_property(event)
        if event.start_mark == end or not self.scanner.check_token(ValueToken):
            return end
        colon: int = self.scanner.peek_token().start_mark
        return colon

    def _place_before_property(self, event: ScalarEvent) -> int:
        """Find the end of the colon or dash before an anchor or tag that decorates nothing.

        Where there is neither, as in a flow list, or there are comments between them, the place is
        the end of the anchor or tag.
        """
        at: int = event.start_mark
        while at and self.content[at - 1] in " \t\r\n":
            at -= 1
        end: int = self.scanner.end
        return at if self.content[at - 1 : at] in (":", "-", "?") else end

    def _array(self, event: SequenceStartEvent) -> Step:
        start = event.end_mark
        # A flow array ends here with its bracket, one with its dashes below the key with a dash.
        if event.flow_style or self.content[start - 1 : start] == "-":
            start -= 1
        return Step("array", Span(start, start + 1), tag=event.tag, anchor=self._anchor(event))

    def _object(self, event: MappingStartEvent) -> Step:
        # `[key: value]` is an object without brackets.
        has_bracket = event.flow_style and event.end_mark > event.start_mark
        start = event.end_mark - has_bracket
        return Step("object", Span(start, start + 1), tag=event.tag, anchor=self._anchor(event))

    def _end(self, _event: SequenceEndEvent | MappingEndEvent) -> Step:
        return Step("end", Span(self.scanner.end, self.scanner.end))

    def _anchor(self, event: NodeEvent) -> tuple[str, Span] | None:
        return (event.anchor, self.scanner.anchor) if event.anchor is not None else None

    #: The start of the stream is no step.
    _steps_of: ClassVar[dict[type[Event], Callable[[StepParser, Any], Step]]] = {
        DocumentStartEvent: _document,
        DocumentEndEvent: _finish,
        AliasEvent: _alias,
        ScalarEvent: _scalar,
        SequenceStartEvent: _array,
        MappingStartEvent: _object,
        SequenceEndEvent: _end,
        MappingEndEvent: _end,
    }
