"""Explain what is wrong in a JSON text, where exactly, and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from rosetta_spec.document.json_spellings import (
    CLOSERS,
    Explainer,
    Explanation,
    SyntaxErrorPlace,
    Wanted,
    bare_key,
    bare_value,
    broken_string,
    decimal_comma,
    torn_string,
    wrong_quotes,
)
from rosetta_spec.document.tree import SyntaxProblem
from rosetta_spec.document.values import char_called, shown
from rosetta_spec.fast.formats import MAX_NESTING
from rosetta_spec.pointer import ROOT, Pointer
from rosetta_spec.text import Span

_CONTAINERS = {"{": "object", "[": "array"}


def early_end(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a text that ends while a bracket is open, or before anything was written."""
    if error.char:
        return None
    if not error.opened:
        return Explanation(error.here, "there is no text", "write a request between { and }")
    start = error.opened[-1]
    closers = "".join(CLOSERS[error.content[at]] for at in reversed(error.opened))
    cause = f"this {error.bracket} is never closed"
    remedy = f"add {shown(closers)} at the end"
    if error.last in ",:":
        remedy = f'write what is missing after the last "{error.last}", and {remedy}'
    return Explanation(Span(start, start + 1), cause, remedy)


def wrong_closer(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a closing bracket that closes nothing, or not the one that is open."""
    if error.char not in {"}", "]"}:
        return None
    if not error.opened:
        remedy = "delete it, or add the bracket that it closes"
        return Explanation(error.here, f"this {error.char} closes nothing", remedy)
    start = error.opened[-1]
    closer = CLOSERS[error.bracket]
    cause = f"this {error.char} cannot close the {_CONTAINERS[error.bracket]} that is open"
    remedy = f"write {closer} in its place, or add the missing {closer} before it"
    return Explanation(error.here, cause, remedy, ((ROOT, Span(start, start + 1), "opened here"),))


def text_after_end(error: SyntaxErrorPlace) -> Explanation:
    """Explain what follows the document when nothing more certain fits."""
    if error.char not in {"{", "["}:
        cause = f"{error.quote(error.token)} follows the end of the document"
        return Explanation(error.token, cause, "delete it and all after it")
    cause = f"a second document begins with this {error.char}"
    is_on_next_row = "\n" in error.content[error.other.end : error.at]
    remedy = "write each into a file of its own, or each in a row of a file that ends in .jsonl"
    if is_on_next_row:
        remedy = "if each row is a document, give the file the ending .jsonl"
    return Explanation(error.here, cause, remedy)


def comment(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a comment of JavaScript, Python or C."""
    found = error.find(r"(?: // | [#] ) [^\r\n]* | /\* (?s:.*?) (?: \*/ | \Z )")
    if not found:
        return None
    span = error.on_its_row(found)
    return Explanation(span, "JSON has no comments", "delete it, or write the request as YAML")


_PLACEHOLDER = r"""
    \{\{-?[ \t]*[\w.$][^{}\r\n]*\}\} | \{%[^\r\n}]*%\} | \$\{[^{}\r\n]*\} | \$\w+
    | <[^<>"\r\n]+>
"""


def placeholder(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a placeholder of a template, such as `{{ name }}`, `${name}` or `<name>`."""
    # An opening brace was read as that of an object, and the second one is at fault.
    start = error.at - 1 if error.last == "{" and error.wanted == "key" else error.at
    found = error.find(_PLACEHOLDER, start) or error.find(_PLACEHOLDER)
    if not found:
        return None
    cause = f"{error.quote(found)} is a placeholder that nothing has filled in"
    return Explanation(found, cause, "write the value, or check the text that the template becomes")


def ellipsis(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect dots in the place of what was left out."""
    found = error.find(r"\.{3,} | …")
    if not found:
        return None
    cause = f"{error.quote(found)} stands for something that was left out"
    return Explanation(found, cause, "write it out, or delete the dots")


def punctuation(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a sign that other languages have in the place of those of JSON."""
    remedy = _PUNCTUATION.get(error.char)
    if not remedy:
        return None
    if error.char == ";" and error.next_after(error.at + 1) in {"", "}", "]"}:
        remedy = "delete it"
    return Explanation(error.here, f'JSON has no "{error.char}"', remedy)


_PUNCTUATION = {
    ";": 'write ","',
    "=": 'write ":" between a key and its value, else nothing',
    "(": "write a list between [ and ]",
    ")": "write a list between [ and ]",
}


def invisible(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a character that cannot be seen, such as a no-break space."""
    if error.char.isprintable() and not error.char.isspace():
        return None
    remedy = "write a normal space, or nothing" if error.char.isspace() else "delete it"
    return Explanation(error.here, f"a {char_called(error.char)} outside a string", remedy)


def look_alike(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a full-width comma, colon or bracket."""
    meant = unicodedata.normalize("NFKC", error.char)
    if meant == error.char or meant not in {",", ":", "{", "}", "[", "]"}:
        return None
    return Explanation(error.here, f'"{error.char}" only looks like "{meant}"', f'write "{meant}"')


def other_format(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a text that is HTML, XML, a command or YAML from its first character on."""
    if error.wanted != "value" or error.last:
        return None
    for pattern, cause, remedy in _FORMATS:
        found = error.find(pattern)
        if found:
            return Explanation(error.on_its_row(found), cause, remedy)
    return _yaml(error)


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


def _yaml(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect YAML by its first row that is neither blank nor a comment."""
    rows = re.compile(r"^[ \t]*+([^#\s].*)", re.MULTILINE)
    row = rows.search(error.content, error.at)
    if not row or not _YAML_ROW.match(row[1]):
        return None
    found = error.on_its_row(Span(*row.span(1)))
    remedy = "give the file the ending .yaml, or use --input-format yaml"
    return Explanation(found, "this is YAML, not JSON", remedy)


def fence(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect the row that begins or ends a code block in Markdown."""
    found = error.find(r"```[^\r\n]*")
    if not found:
        return None
    remedy = "delete this row and the other one like it"
    return Explanation(found, f"{error.quote(found)} is Markdown, not JSON", remedy)


def escaped_text(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect JSON that was cut out of a string, its quotes still escaped."""
    found = error.find(r'\\+"')
    if not found:
        return None
    cause = f"{error.quote(found)} is a quote from inside another string"
    return Explanation(found, cause, "take the backslashes out of the whole text")


_PARTS = {"{": "member", "[": "item"}


def stray_comma(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a comma that divides nothing: after another, after a bracket, after the document."""
    if error.char != "," or error.wanted not in {"key", "value", "end"} or error.last == ":":
        return None
    if error.wanted == "end":
        return Explanation(
            error.here, "a comma after the document", "delete it and what follows it"
        )
    if error.last == ",":
        return Explanation(error.here, "two commas in a row", "delete one")
    return Explanation(error.here, "a comma with nothing before it", "delete it")


def comma_at_end(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a comma between the last member or item and the closing bracket."""
    if error.last != "," or error.char != CLOSERS.get(error.bracket):
        return None
    cause = f"a comma after the last {_PARTS[error.bracket]}"
    return Explanation(Span(error.before, error.before + 1), cause, "delete it")


def missing_value(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a key without a value, with or without its colon."""
    if error.char not in {",", "}", "]"}:
        return None
    if error.wanted == "colon":
        key = error.quote(error.other)
        return Explanation(error.other, f"key {key} has no value", 'write ":" and a value after it')
    if error.wanted == "value" and error.last == ":":
        span = Span(error.before, error.before + 1)
        return Explanation(span, "no value after this colon", "write one, or delete the key")
    return None


def wrong_colon(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect an arrow or an equals sign between a key and its value."""
    found = error.find(r"=>|->|=") if error.wanted == "colon" else None
    if not found:
        return None
    return Explanation(found, f'"{error.quote(found)}" after a key', 'write ":"')


def stray_colon(error: SyntaxErrorPlace) -> Explanation | None:
    """Detect a colon where no key can be before it."""
    if error.char != ":" or error.find(r"(?<=[0-9]):[0-9]"):
        return None
    if error.wanted == "value" and error.last == ":":
        return Explanation(error.here, "two colons in a row", "delete one")
    if error.wanted == "end":
        remedy = "write { before the first key and } at the end, or name the file .yaml"
        return Explanation(error.here, "a key outside an object", remedy)
    if error.wanted == "comma" and error.bracket == "[":
        return Explanation(
            error.here, "a key in an array", "put the key and its value between { and }"
        )
    if error.wanted == "comma":
        cause = f"{error.quote(error.other)} is the value of the key before it, and no key"
        remedy = "write that value before it, or put it and the rest between { and }"
        return Explanation(error.on_its_row(error.other), cause, remedy)
    return Explanation(error.here, "a colon without a key", 'write a key such as "key" before it')


def missing_colon(error: SyntaxErrorPlace) -> Explanation:
    """Explain what follows a key when nothing more certain fits."""
    found, key = error.quote(error.token), error.quote(error.other)
    cause = f"key {key} and {found} have no colon between them"
    return Explanation(error.token, cause, 'write ":" before the second')


def missing_comma(error: SyntaxErrorPlace) -> Explanation:
    """Explain what follows a member or an item when nothing more certain fits."""
    span = error.token
    found = error.quote(span)
    is_key = error.next_after(span.end) == ":"
    if error.bracket == "{" and not is_key:
        remedy = "delete one, or put both between [ and ]"
        return Explanation(span, f"{found} is a second value of one key", remedy)
    part = "key" if is_key else "value"
    return Explanation(span, f"a comma is missing before this {part}", 'write "," before it')


def explain(
    content: str, at: int, wanted: Wanted, opened: Sequence[int], other: Span | None
) -> Explanation:
    """Explain a syntax error at an offset of `content`.

    `wanted` is what the grammar expects there, `opened` are the offsets of the open brackets,
    outermost first, and `other` is the key or value just before.
    """
    error = SyntaxErrorPlace(content, at, wanted, opened, other)
    explanations = (explainer(error) for explainer in _EXPLAINERS)
    found = next((explanation for explanation in explanations if explanation), None)
    return found or _LAST_RESORTS[wanted](error)


def repeated_key(content: str, pointer: Pointer, span: Span, first: Span) -> SyntaxProblem:
    """Report a key that is in its object already, at `first`."""
    cause = f"key {shown(content[slice(*span)])} is already in this object"
    related = ((pointer, first, "first set here"),)
    remedy = "keep one of them; the last one counts"
    return SyntaxProblem("duplicate-key", pointer, span, cause, remedy, related)


def lone_surrogate(content: str, pointer: Pointer, span: Span) -> SyntaxProblem:
    """Report a string that has half of a character in it."""
    string = shown(content[slice(*span)])
    cause = f"{string} holds half of a character, a lone surrogate that UTF-8 cannot carry"
    remedy = r"write the whole character, or both halves as \u escapes"
    return SyntaxProblem("not-json", pointer, span, cause, remedy)


def too_deep(content: str, span: Span) -> SyntaxProblem:
    """Report a bracket that opens one level too many."""
    bracket = content[slice(*span)]
    cause = f"this {bracket} opens level {MAX_NESTING + 1}, and at most {MAX_NESTING} are read"
    remedy = "put fewer objects and arrays into each other"
    return SyntaxProblem("too-large", ROOT, span, cause, remedy)


def _misplaced(error: SyntaxErrorPlace) -> Explanation:
    found = error.quote(error.token)
    cause = f"this {found} stands where a {error.wanted} is wanted"
    return Explanation(error.token, cause, 'write a key such as "key" and a colon before it')


#: The first that returns an explanation wins, so what is most certain comes first.
_EXPLAINERS: tuple[Explainer, ...] = (
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

_LAST_RESORTS: dict[str, Callable[[SyntaxErrorPlace], Explanation]] = {
    "value": _misplaced,
    "key": _misplaced,
    "colon": missing_colon,
    "comma": missing_comma,
    "end": text_after_end,
}
