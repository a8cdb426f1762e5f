"""Say what is wrong where ruamel's parser stops: for people who know YAML, not parsers."""

from __future__ import annotations

import re
from typing import NamedTuple

from rosetta_spec.document.yaml_fault import FatalError, shown, tab_indents
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_BLANKS = " \t\r\n"
_CLOSERS = {"[": "]", "{": "}"}
_LONGEST_KEY = 1024

_match_word = re.compile(r"[^ \t\r\n]*+").match
_match_indent_with_tab = re.compile(r" *+(?:[-?] *+)*+\t").match
_has_colon = re.compile(r":(?:[ \t]|\Z)").search
_is_marker = re.compile(r"(?:---|\.\.\.)(?:[ \t]|\Z)").match
_starts_block_line = re.compile(r"[^\[\]{},\"']*:(?:[ \t]|\Z)|- ").match


class Scene(NamedTuple):
    """Where the parser stopped: at the offset `at`, with what it said as the `problem`.

    `context` is what it was reading, `key` where what should be a key starts, if it is about one;
    `opened` are the offsets of the first characters of the collections around, outermost first.
    """

    content: str
    problem: str
    at: int
    context: str = ""
    key: int | None = None
    opened: tuple[int, ...] = ()

    @property
    def char(self) -> str:
        """The character here, "" at the end of the text."""
        return self.content[self.at : self.at + 1]

    @property
    def span(self) -> Span:
        """The word that starts here."""
        match = _match_word(self.content, self.at)
        return Span(self.at, match.end() if match else self.at)

    @property
    def here(self) -> Span:
        """The one character here."""
        return Span(self.at, min(self.at + 1, len(self.content)))

    @property
    def before(self) -> str:
        """The part of the line before."""
        return self.content[self.line_start(self.at) : self.at]

    @property
    def bracket(self) -> int | None:
        """The innermost bracket that is open."""
        innermost = self.opened[-1] if self.opened else len(self.content)
        return innermost if self.content[innermost : innermost + 1] in ("[", "{") else None

    def line_start(self, at: int) -> int:
        """Give the offset of the first character of the line that `at` is in."""
        return max(self.content.rfind("\n", 0, at), self.content.rfind("\r", 0, at)) + 1

    def line_from(self, at: int) -> Span:
        """Span from `at` to the end of its line, without the blanks there."""
        match = re.compile(r"[^\r\n]*").match(self.content, at)
        line = match[0] if match else ""
        return Span(at, at + len(line.rstrip(_BLANKS)))


def explain(scene: Scene) -> FatalError:
    """Put what the parser said into words, at the place that has to change."""
    for said, is_about_indent, explainer in _EXPLAINERS:
        if said in scene.problem:
            tab = _tab_before(scene) if is_about_indent else None
            return tab or explainer(scene)
    return FatalError(
        scene.span, "this is not valid YAML", "compare it with the lines above, or quote the value"
    )


def _tab_before(scene: Scene) -> FatalError | None:
    match = _match_indent_with_tab(scene.before)
    return tab_indents(scene.line_start(scene.at) + match.end() - 1) if match else None


def _no_token(scene: Scene) -> FatalError:
    char = shown(scene.char)
    if char == "#":
        return FatalError(
            scene.here,
            "a comment needs a blank before its #",
            "put one there, or quote the value if the # belongs to it",
        )
    if char in ("*", "&"):
        cause = f"a name has to follow {char}"
        return FatalError(scene.here, cause, "write it, or put quotes around the value")
    if char in ("|", ">"):
        cause = f"a block of text with {char} cannot stand between brackets"
        return FatalError(scene.here, cause, "put quotes around the text instead")
    cause = f"a value without quotes cannot start with {char}"
    return FatalError(scene.here, cause, "put quotes around it")


def _no_colon(scene: Scene) -> FatalError:
    start = scene.at if scene.key is None else scene.key
    line = scene.line_from(start)
    text = scene.content[slice(*line)]
    if len(text) > _LONGEST_KEY:
        return _long_key(scene, start)
    if text.startswith("*") and ":" in text:
        cause = f"the colon belongs to the name of the alias {shown(text.split()[0])}"
        return FatalError(line, cause, "put a blank between alias and colon")
    if re.search(r"[^ ]:[^ /]", text):
        cause = f"no blank follows the colon in {shown(text)}"
        return FatalError(line, cause, "put a blank after the colon")
    cause = f"no colon follows {shown(text)}"
    remedy = "write key: value, or indent the line if it continues the value above"
    return FatalError(line, cause, remedy)


def _long_key(scene: Scene, start: int) -> FatalError:
    cause = f"a key is longer than {_LONGEST_KEY} characters"
    return FatalError(Span(start, scene.at), cause, "write ? and a blank before it, or shorten it")


def _colon(scene: Scene) -> FatalError:
    before = scene.before
    if len(before) > _LONGEST_KEY and not _has_colon(before):
        return _long_key(scene, scene.at - len(before.lstrip(_BLANKS)))
    if before.startswith("---"):
        cause = "a key cannot stand on the line of ---"
        return FatalError(scene.here, cause, "put it on the next line")
    if _has_colon(before):
        cause = "this colon makes a key of what stands before it, inside a value"
        return FatalError(
            scene.here, cause, "put quotes around the value that the colon belongs to"
        )
    start = scene.line_start(scene.at)
    above = scene.content[:start].rstrip(_BLANKS)
    above_start = scene.line_start(len(above))
    if _has_colon(above, above_start) or not above:
        cause = "this line is indented as a part of the value above, but it has a key"
        return FatalError(scene.here, cause, "indent it like the key above")
    first = above_start + len(above[above_start:]) - len(above[above_start:].lstrip(_BLANKS))
    return _no_colon(scene._replace(key=first))


def _item(scene: Scene) -> FatalError:
    if _has_colon(scene.before):
        return FatalError(
            scene.here,
            "a list cannot start on the line of its key",
            "put its items on the lines below, or quote the value if the - belongs to it",
        )
    cause = "a list item cannot start here"
    return FatalError(scene.here, cause, "put each item on a line of its own")


def _question(scene: Scene) -> FatalError:
    cause = "a key with ? cannot start here"
    return FatalError(scene.here, cause, "put it on a line of its own, or quote the value")


def _stray(scene: Scene) -> FatalError:
    """Something that belongs to nothing above it and nothing before it."""
    if scene.char in ("]", "}"):
        return FatalError(scene.here, f"no bracket is open that {scene.char} closes", "remove it")
    if scene.before.strip(_BLANKS):
        return _stray_on_line(scene)
    if scene.char == "%":
        cause = "a line that starts with % is a directive, which stands before a document"
        remedy = "put quotes around the text, or a line with ... above the directive"
        return FatalError(scene.span, cause, remedy)
    if "block collection" in scene.context:
        cause = "this line is no item of the list above"
        return FatalError(scene.span, cause, "start it with - or indent it differently")
    if scene.content.startswith("-", scene.at):
        cause = "a list item stands among keys"
        return FatalError(scene.span, cause, "put it below the key that it belongs to")
    cause = "the indentation of this line fits no line above"
    return FatalError(scene.span, cause, "indent it like the lines that it belongs to")


def _stray_on_line(scene: Scene) -> FatalError:
    last = scene.before.rstrip(_BLANKS)[-1]
    if scene.before.startswith("..."):
        cause = "only a comment can follow ... on its line"
        return FatalError(scene.span, cause, "put this on the next line")
    if scene.char == ",":
        cause = "no comma belongs after a value outside brackets"
        return FatalError(scene.here, cause, "remove it, or quote the whole value")
    if last in "'\"":
        cause = "text follows the closing quote"
        remedy = "put all of the value between the quotes"
        remedy += ", and write '' for a ' inside it" if last == "'" else ""
        return FatalError(scene.span, cause, remedy)
    if last in "]}":
        cause = "text follows the closing bracket"
        return FatalError(scene.span, cause, "remove it, or put quotes around the whole value")
    return FatalError(scene.span, *_AFTER_PROPERTY.get(scene.char, _AFTER_VALUE))


#: What is wrong with an alias or a property at a place that has one already, by first character.
_AFTER_PROPERTY = {
    "*": ("an alias cannot have an anchor or a tag", "remove what stands before it"),
    "&": ("a value has at most one anchor", "remove one, or put quotes around the value"),
    "!": ("a value has at most one tag", "remove one, or put quotes around the value"),
}
_AFTER_VALUE = (
    "this cannot follow what stands before it on the line",
    "put quotes around the whole value",
)


def _no_value(scene: Scene) -> FatalError:
    if scene.bracket is not None:
        return _in_brackets(scene, scene.bracket)
    if scene.char in ("]", "}", ","):
        cause = f"a value without quotes cannot start with {scene.char}"
        return FatalError(scene.here, cause, "put quotes around it")
    return _stray(scene)


def _no_comma(scene: Scene) -> FatalError:
    return _in_brackets(scene, scene.opened[-1])


def _in_brackets(scene: Scene, bracket: int) -> FatalError:
    opener = scene.content[bracket]
    closer = _CLOSERS[opener]
    if not scene.char or _is_unclosed(scene, bracket):
        cause = f"this {opener} is never closed"
        return FatalError(Span(bracket, bracket + 1), cause, f"write {closer} at its end")
    if scene.char in ("]", "}"):
        cause = f"{scene.char} cannot close the bracket {opener}"
        return FatalError(scene.here, cause, f"write {closer}")
    if scene.char == ",":
        return FatalError(scene.here, "no value stands before this comma", "remove it")
    if scene.char == "-":
        cause = "between brackets a list has commas and no dashes"
        return FatalError(scene.here, cause, "remove the -, and put commas between the items")
    cause = f"a comma or the closing {closer} is missing before this"
    return FatalError(scene.span if scene.char != ":" else scene.here, cause, "write it")


def _is_unclosed(scene: Scene, bracket: int) -> bool:
    """Say whether the line looks like one of block YAML, no further right than the bracket's."""
    start = scene.line_start(scene.at)
    opening = scene.line_start(bracket)
    line, first = (scene.content[slice(*scene.line_from(at))] for at in (start, opening))
    indent, first_indent = (len(text) - len(text.lstrip(" ")) for text in (line, first))
    if _is_marker(line):
        return True
    if start == opening or indent > first_indent or not _starts_block_line(line, indent):
        return False
    starts_line = bracket == opening + first_indent
    closer = _CLOSERS[scene.content[bracket]]
    return not (starts_line and closer in scene.content[scene.at :])


def _directive(scene: Scene) -> FatalError:
    line = scene.line_from(scene.line_start(scene.at))
    if "duplicate" in scene.problem:
        return FatalError(line, "this directive repeats one above", "remove one of the two")
    if "incompatible" in scene.problem:
        return FatalError(line, "this is not a version of YAML that exists", "write %YAML 1.2")
    cause = "after directives a document starts with ---"
    return FatalError(scene.span, cause, "put a line with --- above, or quote text with a % first")


def _tag_handle(scene: Scene) -> FatalError:
    cause = f"the tag {shown(scene.content[slice(*scene.span)])} is declared nowhere"
    return FatalError(scene.span, cause, "remove it, or quote the value if the ! belongs to it")


#: What the parser says, whether tabs for indentation are a likely reason, and our words.
_EXPLAINERS: tuple[tuple[str, bool, Callable[[Scene], FatalError]], ...] = (
    ("cannot start any token", False, _no_token),
    ("could not find expected ':'", True, _no_colon),
    ("mapping values are not allowed", True, _colon),
    ("sequence entries are not allowed", True, _item),
    ("mapping keys are not allowed", True, _question),
    ("expected <block end>", True, _stray),
    ("expected the node content", False, _no_value),
    ("expected ',' or", False, _no_comma),
    ("undefined tag handle", False, _tag_handle),
    ("duplicate", False, _directive),
    ("incompatible", False, _directive),
    ("expected '<document start>'", False, _directive),
)
