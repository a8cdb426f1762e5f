"""Explain what is wrong in a JSON text, where exactly, and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from rosetta_spec.document.numbers import JSON_NUMBER
from rosetta_spec.document.tree import Problem
from rosetta_spec.document.values import as_string, char_called, shown
from rosetta_spec.fast.formats import MAX_NESTING
from rosetta_spec.pointer import ROOT
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from rosetta_spec.document.json_reader import Fault
    from rosetta_spec.pointer import Pointer


BLANKS = " \t\n\r"
CLOSERS = {"{": "}", "[": "]"}

#: What people see as one thing: a string, a quoted or bare word, or else a single character.
_VISIBLE_THING = r""" "[^"\r\n]*+"? | '[^'\r\n]*+' | [^\s,:\[\]{}"']++ | . """


class Mistake(NamedTuple):
    """The part of a `Problem` that has to be found out."""

    span: Span
    cause: str
    remedy: str
    related: tuple[tuple[Pointer, Span, str], ...] = ()


class Scene:
    """The place where a text goes wrong, and what an explanation may look at.

    `char` is the character at fault, `last` the last one before it that is not blank, at offset
    `before`; each is "" where there is none. `bracket` is the innermost open one, "" outside all.
    """

    def __init__(self, content: str, fault: Fault) -> None:
        self.content = content
        self.at = fault.span.start
        self.wanted = fault.wanted
        self.opened = fault.opened
        self.other = fault.other or Span(-1, -1)
        self.char = content[self.at : self.at + 1]
        self.before = len(content[: self.at].rstrip(BLANKS)) - 1
        self.last = content[self.before] if self.before >= 0 else ""
        self.bracket = content[self.opened[-1]] if self.opened else ""

    @property
    def here(self) -> Span:
        """The character at fault."""
        return Span(self.at, self.at + len(self.char))

    @property
    def token(self) -> Span:
        """What stands at the fault, as people see it."""
        return self.find(_VISIBLE_THING) or self.here

    def find(self, pattern: str, at: int | None = None) -> Span | None:
        """Locate what the verbose `pattern` matches at the fault, or at `at`."""
        matched = re.compile(pattern, re.VERBOSE).match(self.content, self.at if at is None else at)
        return Span(*matched.span()) if matched else None

    def source(self, span: Span) -> str:
        """Return the text of `span` as it stands."""
        return self.content[span.start : span.end]

    def quote(self, span: Span) -> str:
        """Return the text of `span` as a message shows it."""
        return shown(self.source(span))

    def on_its_row(self, span: Span) -> Span:
        """Cut `span` at the end of the row that it starts in."""
        row = re.compile(r"[^\r\n]*").match(self.content, span.start, span.end)
        return Span(*row.span()) if row else span

    def next_after(self, end: int) -> str:
        """Return the first character from `end` on that is not blank, "" if there is none."""
        return self.content[end:].lstrip(BLANKS)[:1]


Explainer: TypeAlias = "Callable[[Scene], Mistake | None]"


_CONTAINERS = {"{": "object", "[": "array"}


def early_end(scene: Scene) -> Mistake | None:
    """Tell a text that ends while a bracket is open, or before anything was written."""
    if scene.char:
        return None
    if not scene.opened:
        return Mistake(scene.here, "there is no text", "write a request between { and }")
    start = scene.opened[-1]
    closers = "".join(CLOSERS[scene.content[at]] for at in reversed(scene.opened))
    cause = f"this {scene.bracket} is never closed"
    remedy = f"add {shown(closers)} at the end"
    if scene.last in ",:":
        remedy = f'write what is missing after the last "{scene.last}", and {remedy}'
    return Mistake(Span(start, start + 1), cause, remedy)


def wrong_closer(scene: Scene) -> Mistake | None:
    """Tell a closing bracket that closes nothing, or not the one that is open."""
    if scene.char not in {"}", "]"}:
        return None
    if not scene.opened:
        remedy = "delete it, or add the bracket that it closes"
        return Mistake(scene.here, f"this {scene.char} closes nothing", remedy)
    start = scene.opened[-1]
    closer = CLOSERS[scene.bracket]
    cause = f"this {scene.char} cannot close the {_CONTAINERS[scene.bracket]} that is open"
    remedy = f"write {closer} in its place, or add the missing {closer} before it"
    return Mistake(scene.here, cause, remedy, ((ROOT, Span(start, start + 1), "opened here"),))


def text_after_end(scene: Scene) -> Mistake:
    """Explain what follows the document when nothing more certain fits."""
    if scene.char not in {"{", "["}:
        cause = f"{scene.quote(scene.token)} follows the end of the document"
        return Mistake(scene.token, cause, "delete it and all after it")
    cause = f"a second document begins with this {scene.char}"
    is_on_next_row = "\n" in scene.content[scene.other.end : scene.at]
    remedy = "write each into a file of its own, or each in a row of a file that ends in .jsonl"
    if is_on_next_row:
        remedy = "if each row is a document, give the file the ending .jsonl"
    return Mistake(scene.here, cause, remedy)


def comment(scene: Scene) -> Mistake | None:
    """Tell a comment of JavaScript, Python or C."""
    found = scene.find(r"(?: // | [#] ) [^\r\n]* | /\* (?s:.*?) (?: \*/ | \Z )")
    if not found:
        return None
    span = scene.on_its_row(found)
    return Mistake(span, "JSON has no comments", "delete it, or write the request as YAML")


_PLACEHOLDER = r"""
    \{\{-?[ \t]*[\w.$][^{}\r\n]*\}\} | \{%[^\r\n}]*%\} | \$\{[^{}\r\n]*\} | \$\w+
    | <[^<>"\r\n]+>
"""


def placeholder(scene: Scene) -> Mistake | None:
    """Tell a placeholder of a template, such as `{{ name }}`, `${name}` or `<name>`."""
    # An opening brace was read as that of an object, and the second one is at fault.
    start = scene.at - 1 if scene.last == "{" and scene.wanted == "key" else scene.at
    found = scene.find(_PLACEHOLDER, start) or scene.find(_PLACEHOLDER)
    if not found:
        return None
    cause = f"{scene.quote(found)} is a placeholder that nothing has filled in"
    return Mistake(found, cause, "write the value, or check the text that the template becomes")


def ellipsis(scene: Scene) -> Mistake | None:
    """Tell dots in the place of what was left out."""
    found = scene.find(r"\.{3,} | …")
    if not found:
        return None
    cause = f"{scene.quote(found)} stands for something that was left out"
    return Mistake(found, cause, "write it out, or delete the dots")


def punctuation(scene: Scene) -> Mistake | None:
    """Tell a sign that other languages have in the place of those of JSON."""
    remedy = _PUNCTUATION.get(scene.char)
    if not remedy:
        return None
    if scene.char == ";" and scene.next_after(scene.at + 1) in {"", "}", "]"}:
        remedy = "delete it"
    return Mistake(scene.here, f'JSON has no "{scene.char}"', remedy)


_PUNCTUATION = {
    ";": 'write ","',
    "=": 'write ":" between a key and its value, else nothing',
    "(": "write a list between [ and ]",
    ")": "write a list between [ and ]",
}


def invisible(scene: Scene) -> Mistake | None:
    """Tell a character that cannot be seen, such as a no-break space."""
    if scene.char.isprintable() and not scene.char.isspace():
        return None
    remedy = "write a normal space, or nothing" if scene.char.isspace() else "delete it"
    return Mistake(scene.here, f"a {char_called(scene.char)} outside a string", remedy)


def look_alike(scene: Scene) -> Mistake | None:
    """Tell a full-width comma, colon or bracket."""
    meant = unicodedata.normalize("NFKC", scene.char)
    if meant == scene.char or meant not in {",", ":", "{", "}", "[", "]"}:
        return None
    return Mistake(scene.here, f'"{scene.char}" only looks like "{meant}"', f'write "{meant}"')


def other_format(scene: Scene) -> Mistake | None:
    """Tell a text that is HTML, XML, a command or YAML from its first character on."""
    if scene.wanted != "value" or scene.last:
        return None
    for pattern, cause, remedy in _FORMATS:
        found = scene.find(pattern)
        if found:
            return Mistake(scene.on_its_row(found), cause, remedy)
    return _yaml(scene)


_FORMATS = (
    (
        r"(?i:<!doctype|<html|<head|<body) [^>]* >?",
        "this is HTML, not JSON",
        "save the JSON itself, since a page in its place is often a login or an error",
    ),
    (r"<\?xml [^>]* >?", "this is XML, not JSON", "write the request as JSON or YAML"),
    (
        r"curl\b [^\r\n]*",
        "this is a curl command, not JSON",
        "keep only the JSON that it sends, without the quotes around it",
    ),
)

_YAML_ROW = re.compile(r"---(?:[ \t\r]|$)|%YAML|-[ ]|[^\s\"'{}\[\],:#<][^:\r\n]*:(?:[ \t\r]|$)")


def _yaml(scene: Scene) -> Mistake | None:
    """Tell YAML by its first row that is neither blank nor a comment."""
    rows = re.compile(r"^[ \t]*+([^#\s].*)", re.MULTILINE)
    row = rows.search(scene.content, scene.at)
    if not row or not _YAML_ROW.match(row[1]):
        return None
    found = scene.on_its_row(Span(*row.span(1)))
    remedy = "give the file the ending .yaml, or use --input-format yaml"
    return Mistake(found, "this is YAML, not JSON", remedy)


def fence(scene: Scene) -> Mistake | None:
    """Tell the row that begins or ends a code block in Markdown."""
    found = scene.find(r"```[^\r\n]*")
    if not found:
        return None
    remedy = "delete this row and the other one like it"
    return Mistake(found, f"{scene.quote(found)} is Markdown, not JSON", remedy)


def escaped_text(scene: Scene) -> Mistake | None:
    """Tell JSON that was cut out of a string, its quotes still escaped."""
    found = scene.find(r'\\+"')
    if not found:
        return None
    cause = f"{scene.quote(found)} is a quote from inside another string"
    return Mistake(found, cause, "take the backslashes out of the whole text")


# Curly, low, angle and full-width quotes, as word processors and keyboards of many languages write.
_DOUBLE = "\u201c\u201d\u201e\u201f\uff02\u00ab\u00bb"
_SINGLE = "\u2018\u2019\u201a\u201b"
_QUOTED = rf"""
    ' (?: [^'\\\r\n]++ | \\[^\r\n] )*+ ' | `[^`\r\n]*+`
    | [{_DOUBLE}] [^{_DOUBLE}"\r\n]*+ [{_DOUBLE}"] | [{_SINGLE}] [^{_SINGLE}'\r\n]*+ [{_SINGLE}']
    | ['`{_DOUBLE}{_SINGLE}]
"""


def wrong_quotes(scene: Scene) -> Mistake | None:
    """Tell a key or string in quotes that are not those of JSON."""
    found = scene.find(_QUOTED) if scene.wanted in {"key", "value"} else None
    if not found:
        return None
    if _is_python(scene):
        return Mistake(found, "this is a Python dict, not JSON", "write it with json.dumps")
    if found.end == found.start + 1:
        return Mistake(found, f"{scene.char} begins no string in JSON", 'write " in its place')
    kind = {"'": "single quotes", "`": "backquotes"}.get(scene.char, "typographic quotes")
    what = "keys" if scene.wanted == "key" else "strings"
    cause = f"{what} need double quotes, and {scene.quote(found)} has {kind}"
    return Mistake(found, cause, _requoted(scene.source(found)[1:-1]))


def _requoted(inside: str) -> str:
    if inside.startswith(("{", "[")):
        return "delete the quotes around it"
    without_escapes = inside.replace(r"\'", "'")
    return f"write {as_string(without_escapes)}"


def _is_python(scene: Scene) -> bool:
    """Tell a printed Python dict by its first key and by a word that only Python has."""
    is_first = scene.char == "'" and not scene.content[: scene.at].strip("[{" + BLANKS)
    return is_first and re.search(r"\b(?:True|False|None)\b", scene.content) is not None


_PARTS = {"{": "member", "[": "item"}


def stray_comma(scene: Scene) -> Mistake | None:
    """Tell a comma that divides nothing: after another, after a bracket, after the document."""
    if scene.char != "," or scene.wanted not in {"key", "value", "end"} or scene.last == ":":
        return None
    if scene.wanted == "end":
        return Mistake(scene.here, "a comma after the document", "delete it and what follows it")
    if scene.last == ",":
        return Mistake(scene.here, "two commas in a row", "delete one")
    return Mistake(scene.here, "a comma with nothing before it", "delete it")


def comma_at_end(scene: Scene) -> Mistake | None:
    """Tell a comma between the last member or item and the closing bracket."""
    if scene.last != "," or scene.char != CLOSERS.get(scene.bracket):
        return None
    cause = f"a comma after the last {_PARTS[scene.bracket]}"
    return Mistake(Span(scene.before, scene.before + 1), cause, "delete it")


def missing_value(scene: Scene) -> Mistake | None:
    """Tell a key without a value, with or without its colon."""
    if scene.char not in {",", "}", "]"}:
        return None
    if scene.wanted == "colon":
        key = scene.quote(scene.other)
        return Mistake(scene.other, f"key {key} has no value", 'write ":" and a value after it')
    if scene.wanted == "value" and scene.last == ":":
        span = Span(scene.before, scene.before + 1)
        return Mistake(span, "no value after this colon", "write one, or delete the key")
    return None


def wrong_colon(scene: Scene) -> Mistake | None:
    """Tell an arrow or an equals sign between a key and its value."""
    found = scene.find(r"=>|->|=") if scene.wanted == "colon" else None
    if not found:
        return None
    return Mistake(found, f'"{scene.quote(found)}" after a key', 'write ":"')


def stray_colon(scene: Scene) -> Mistake | None:
    """Tell a colon where no key can be before it."""
    if scene.char != ":" or scene.find(r"(?<=[0-9]):[0-9]"):
        return None
    if scene.wanted == "value" and scene.last == ":":
        return Mistake(scene.here, "two colons in a row", "delete one")
    if scene.wanted == "end":
        remedy = "write { before the first key and } at the end, or name the file .yaml"
        return Mistake(scene.here, "a key outside an object", remedy)
    if scene.wanted == "comma" and scene.bracket == "[":
        return Mistake(scene.here, "a key in an array", "put the key and its value between { and }")
    if scene.wanted == "comma":
        cause = f"{scene.quote(scene.other)} is the value of the key before it, and no key"
        remedy = "write that value before it, or put it and the rest between { and }"
        return Mistake(scene.on_its_row(scene.other), cause, remedy)
    return Mistake(scene.here, "a colon without a key", 'write a key such as "key" before it')


def missing_colon(scene: Scene) -> Mistake:
    """Explain what follows a key when nothing more certain fits."""
    found, key = scene.quote(scene.token), scene.quote(scene.other)
    cause = f"key {key} and {found} have no colon between them"
    return Mistake(scene.token, cause, 'write ":" before the second')


def missing_comma(scene: Scene) -> Mistake:
    """Explain what follows a member or an item when nothing more certain fits."""
    span = scene.token
    found = scene.quote(span)
    is_key = scene.next_after(span.end) == ":"
    if scene.bracket == "{" and not is_key:
        remedy = "delete one, or put both between [ and ]"
        return Mistake(span, f"{found} is a second value of one key", remedy)
    part = "key" if is_key else "value"
    return Mistake(span, f"a comma is missing before this {part}", 'write "," before it')


#: What was meant as a value and has no quotes; it may hold blanks.
_BARE_TEXT = r""" [^\s,\[\]{}"'] [^,\[\]{}"\r\n]*+ """

#: A longer one is not looked at for what else it may have been meant to be.
_LONGEST_SPELLING = 100


def decimal_comma(scene: Scene) -> Mistake | None:
    """Tell a comma inside a number: its decimal sign, or between its thousands."""
    if scene.wanted != "key" or not scene.char.isdecimal() or scene.before != scene.at - 1:
        return None
    whole = re.search(r"-?[0-9]{1,20}\Z", scene.content[max(scene.before - 21, 0) : scene.before])
    rest = scene.find(r"[0-9]++ (?: ,[0-9]{3} ){0,5}+ (?! \s*+ :)")
    if not whole or not rest:
        return None
    span = Span(scene.before - len(whole[0]), rest.end)
    is_thousands = re.fullmatch(r".{1,4}(?:,[0-9]{3})+", scene.source(span)) is not None
    plain = scene.source(span).replace(",", "" if is_thousands else ".", -1 if is_thousands else 1)
    return Mistake(span, f"{scene.quote(span)} has a comma inside", f"write {shown(plain)}")


def bare_key(scene: Scene) -> Mistake | None:
    """Tell a key that has no quotes."""
    found = scene.find(r"""[^\s:=,{}\[\]"']++""") if scene.wanted == "key" else None
    if not found:
        return None
    remedy = f"write {as_string(scene.source(found))}"
    return Mistake(found, f"keys need double quotes, and {scene.quote(found)} has none", remedy)


def bare_value(scene: Scene) -> Mistake | None:
    """Explain a number or word; it may begin as a right one, as 01 and trues do."""
    start = scene.other.start if scene.other.end == scene.at else scene.at
    is_bare = scene.wanted == "value" or (start < scene.at and scene.content[start] not in '"{[')
    found = scene.find(_BARE_TEXT, start) if is_bare else None
    if not found:
        return None
    text = re.split(r"[ \t](?://|#|/\*)", scene.source(found), maxsplit=1)[0].rstrip()
    return Mistake(Span(start, start + len(text)), *_spelling(text))


def _spelling(text: str) -> tuple[str, str]:
    """Give cause and remedy for a value that is not spelled as in JSON."""
    for pattern, cause, remedy in _SPELLINGS if len(text) <= _LONGEST_SPELLING else ():
        matched = re.fullmatch(pattern, text, re.VERBOSE)
        if matched:
            parts = {name: shown(part) for name, part in matched.groupdict().items()}
            return f"{shown(text)} {cause}", remedy.format(text=shown(text), **parts)
    return f"{shown(text)} is not in quotes", f"write {as_string(text)}"


_FRACTION = r"(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"

#: Pattern, cause and remedy, the first that fits; a remedy may use the groups and the whole text.
_SPELLINGS = (
    (r"(?i:true)", "is not how JSON spells it", "write true"),
    (r"(?i:false)", "is not how JSON spells it", "write false"),
    (r"(?i:yes|on)", "is no value in JSON", 'write true, or "{text}" if it is a word'),
    (r"(?i:no|off)", "is no value in JSON", 'write false, or "{text}" if it is a word'),
    (r"(?i:null|none|nil)|~", "is not how JSON spells it", "write null"),
    (r"undefined", "is no value in JSON", "write null, or delete the key"),
    (r"[+-]?(?i:nan|inf|infinity)", "is no number in JSON", "write a number, or delete the key"),
    (r"(?:new[ ])?[\w.$]+\(.*", "is a function call", "write the value that it gives"),
    (rf"\+(?P<number>{JSON_NUMBER})", "begins with a plus", "write {number}"),
    (rf"--(?P<number>{JSON_NUMBER})", "begins with two minus signs", "write -{number}"),
    (r"[+-]+", "has no digits after it", "write a number, or a string in quotes"),
    (
        rf"(?P<sign>-?)0+(?P<number>(?:0|[1-9][0-9]*){_FRACTION})",
        "begins with a zero",
        'write {sign}{number}, or "{text}" if it is no number',
    ),
    (
        r"\+?(?P<sign>-?)(?P<number>\.[0-9]+(?:[eE][+-]?[0-9]+)?)",
        "has no digit before its point",
        "write {sign}0{number}",
    ),
    (
        r"(?P<number>-?(?:0|[1-9][0-9]*))\.(?P<exponent>(?:[eE][+-]?[0-9]+)?)",
        "has no digit after its point",
        "write {number}{exponent} or {number}.0{exponent}",
    ),
    (
        r"(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)[eE][+-]?",
        "has no digits in its exponent",
        "write {number}, or the digits after the e",
    ),
    (r"-?0[xX][0-9A-Fa-f]+", "is hexadecimal", "write it as a decimal number"),
    (r"-?0[bBoO][0-9]+", "is not decimal", "write it as a decimal number"),
    (
        r"(?P<first>-?[0-9]{1,20})_(?P<second>[0-9]{1,20})",
        "has an underscore in the number",
        "write {first}{second}",
    ),
    (r"-?[0-9]+(?:_[0-9]+)+", "has underscores in the number", "write the digits alone"),
    (
        rf"(?P<number>{JSON_NUMBER})[ ]?(?:[^\W\d_]+|%)",
        "is a number with a unit",
        'write {number}, or "{text}" for a string',
    ),
)


def broken_string(scene: Scene) -> Mistake | None:
    """Tell a string that is not closed, or what cannot stand inside one."""
    if scene.char != '"' or scene.wanted not in {"key", "value"}:
        return None
    stop = _string_stop(scene.content, scene.at + 1)
    char = scene.content[stop : stop + 1]
    if char == "\\":
        return _wrong_escape(scene, stop)
    if char in {"", "\n", "\r"}:
        return _unclosed_string(scene, stop)
    escape = r"\t" if char == "\t" else shown(char)
    name = "tab" if char == "\t" else char_called(char)
    return Mistake(Span(stop, stop + 1), f"a raw {name} in a string", f"write it as {escape}")


def _string_stop(content: str, at: int) -> int:
    """Give the offset of the first thing in a broken string that cannot be in one."""
    parts = re.compile(r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})|[\\\x00-\x1f]')
    stops = (part.start() for part in parts.finditer(content, at) if len(part[0]) == 1)
    return next(stops, len(content))


def _unclosed_string(scene: Scene, stop: int) -> Mistake:
    span = Span(scene.at, stop)
    remedy = r'add the closing ", and write a line break inside a string as \n'
    return Mistake(span, "this string is not closed", remedy)


def _wrong_escape(scene: Scene, at: int) -> Mistake:
    found = scene.find(r"\\u [0-9A-Fa-f]{0,3} | \\x [0-9A-Fa-f]{2} | \\[^\r\n]? ", at)
    span = found or Span(at, at + 1)
    escape = scene.source(span)
    is_path = scene.find(r'"(?:[A-Za-z]:|\\\\)', scene.at) is not None
    remedy = r"write the path with / or \\" if is_path else _escape_remedy(escape)
    return Mistake(span, f"{shown(escape)} is no escape in JSON", remedy)


def _escape_remedy(escape: str) -> str:
    if escape == "\\":
        return r"keep the string on one row, and write a line break in it as \n"
    if escape == r"\'":
        return "write ' alone"
    if escape.startswith(r"\u"):
        return r"write four hexadecimal digits after \u, or \\ for a backslash"
    if escape.startswith(r"\x") and escape != r"\x":
        return rf"write \u00{escape[2:]}"
    return r"write \\ for a backslash"


def torn_string(scene: Scene) -> Mistake | None:
    """Explain text that clings to the end of a string: a quote too many or too few."""
    found = scene.find(r"""[^\s,:;=/#\[\]{}"']++""")
    if not found or scene.other.end != scene.at or scene.content[scene.other.start] != '"':
        return None
    cause = f"{scene.quote(found)} follows the end of the string {scene.quote(scene.other)}"
    return Mistake(found, cause, r"add the quote that is missing, or write one in a string as \"")


__all__ = ["explain", "shown"]


def explain(content: str, fault: Fault) -> Problem:
    """Put a fault that the reader found in `content` into words."""
    mistake = _EXPLAINERS[fault.name](content, fault)
    return Problem(fault.name, fault.pointer, *mistake)


def _repeated_key(content: str, fault: Fault) -> Mistake:
    key = shown(content[slice(*fault.span)])
    first = (fault.pointer, fault.other or fault.span, "first set here")
    remedy = "keep one of them; the last one counts"
    return Mistake(fault.span, f"key {key} is already in this object", remedy, (first,))


def _lone_surrogate(content: str, fault: Fault) -> Mistake:
    string = shown(content[slice(*fault.span)])
    cause = f"{string} holds half of a character, a lone surrogate that UTF-8 cannot carry"
    return Mistake(fault.span, cause, r"write the whole character, or both halves as \u escapes")


def _too_deep(content: str, fault: Fault) -> Mistake:
    bracket = content[slice(*fault.span)]
    cause = f"this {bracket} opens level {MAX_NESTING + 1}, and at most {MAX_NESTING} are read"
    return Mistake(fault.span, cause, "put fewer objects and arrays into each other")


def _syntax_error(content: str, fault: Fault) -> Mistake:
    scene = Scene(content, fault)
    explanations = (explanation(scene) for explanation in _EXPLANATIONS)
    found = next((mistake for mistake in explanations if mistake), None)
    return found or _LAST_RESORTS[scene.wanted](scene)


def _misplaced(scene: Scene) -> Mistake:
    found = scene.quote(scene.token)
    cause = f"this {found} stands where a {scene.wanted} is wanted"
    return Mistake(scene.token, cause, 'write a key such as "key" and a colon before it')


_EXPLAINERS: dict[str, Callable[[str, Fault], Mistake]] = {
    "syntax": _syntax_error,
    "too-large": _too_deep,
    "duplicate-key": _repeated_key,
    "not-json": _lone_surrogate,
}

#: The first that has something to say is right, so what is most certain comes first.
_EXPLANATIONS: tuple[Explainer, ...] = (
    early_end,
    look_alike,
    other_format,
    broken_string,
    fence,
    escaped_text,
    comment,
    placeholder,
    ellipsis,
    invisible,
    torn_string,
    stray_comma,
    comma_at_end,
    missing_value,
    wrong_closer,
    wrong_colon,
    punctuation,
    stray_colon,
    wrong_quotes,
    decimal_comma,
    bare_key,
    bare_value,
)

_LAST_RESORTS: dict[str, Callable[[Scene], Mistake]] = {
    "value": _misplaced,
    "key": _misplaced,
    "colon": missing_colon,
    "comma": missing_comma,
    "end": text_after_end,
}
