"""What a YAML scalar means: the core schema of YAML 1.2, tags, and what JSON cannot represent."""

import re
from collections.abc import Callable
from decimal import MAX_EMAX, Context, Decimal
from functools import cache
from typing import TypeAlias

from rosetta_spec.document.syntax_errors import LONE_SURROGATE, LONE_SURROGATE_REMEDY
from rosetta_spec.document.values import Number, clipped, number_of
from rosetta_spec.errors import ExplainedError
from rosetta_spec.fast.formats import MAX_INT_DIGITS
from rosetta_spec.fast.json_value import has_surrogate
from rosetta_spec.fast.yaml_lines import WORDS
from rosetta_spec.text import BOM

Value: TypeAlias = str | Number | bool | None
Matcher: TypeAlias = Callable[[str, int], re.Match[str] | None]


MERGE_KEY = "<<"

_CORE = "tag:yaml.org,2002:"

#: Not a tag in itself: it says that a scalar is a string and a collection is nothing special.
_NON_SPECIFIC = "!"

_WORDS = {"": None, **WORDS}
_INTEGER = r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
_is_float = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?").fullmatch
_INFINITE = (".inf", ".Inf", ".INF")
_SPECIAL = {".nan", ".NaN", ".NAN", *(sign + word for word in _INFINITE for sign in ("", "-", "+"))}

#: Characters that JSON does not escape, and that readers of YAML reject or take for line breaks.
_UNSAFE = r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"

_BASES = {"0o": 8, "0x": 16}
_LARGEST_INT = 10**MAX_INT_DIGITS
_MAX_DIGITS = 5000
_WIDE = Context(prec=2 * _MAX_DIGITS, Emax=MAX_EMAX)


_FITS: dict[str, Callable[[str], object]] = {
    "null": [word for word, value in _WORDS.items() if value is None].__contains__,
    "bool": [word for word, value in _WORDS.items() if value is not None].__contains__,
    "int": lambda text: re.fullmatch(_INTEGER, text),
    "float": lambda text: _is_float(text) or text in _SPECIAL or re.fullmatch(_INTEGER, text),
}
_CORE_TAGS = frozenset(_CORE + name for name in ("str", "map", "seq", *_FITS))


class NotJsonError(ExplainedError):
    """A value that JSON in UTF-8 cannot carry."""


def scalar_value(text: str, tag: str | None, *, is_plain: bool) -> Value:
    """Return the value of a scalar; `tag` is resolved, None where there is none.

    Raises:
        NotJsonError: JSON has no such value, or the text does not fit the tag.
    """
    if tag is None and is_plain:
        return _core_value(text)
    if tag is None or tag == _NON_SPECIFIC:
        return _string(text)
    if tag not in _CORE_TAGS:
        raise _unknown_tag(tag)
    return _tagged(text, tag.removeprefix(_CORE))


def tag_problem(tag: str | None, kind: str) -> NotJsonError | None:
    """Return why a `kind` of collection, "map" or "seq", cannot have `tag`; None where it can."""
    if tag is None or tag in (_NON_SPECIFIC, _CORE + kind):
        return None
    if tag not in _CORE_TAGS:
        return _unknown_tag(tag)
    name = {"map": "an object", "seq": "a list"}[kind]
    return NotJsonError(f"{name} does not match the tag {_short(tag)}", "remove the tag")


def _unknown_tag(tag: str) -> NotJsonError:
    return NotJsonError(
        f"JSON cannot represent values with the tag {_short(tag)}", "remove the tag"
    )


def _short(tag: str) -> str:
    return clipped(tag.replace(_CORE, "!!"))


def _core_value(text: str) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "-+.0123456789":
        number = _number(text)
        return text if number is None else number
    return _string(text)


def _number(text: str) -> Number | None:
    if _is_float(text):
        return number_of(text)
    if text[:2] in _BASES and re.fullmatch(_INTEGER, text):
        return _based(text[2:], _BASES[text[:2]])
    if text in _SPECIAL:
        cause = f"JSON cannot represent the number {text}"
        raise NotJsonError(cause, "write a number, or quote it if it is text")
    return None


def _based(digits: str, base: int) -> int | Decimal:
    """Read a whole number of base 8 or 16, of a very long one the first digits and the size."""
    digits = digits.lstrip("0") or "0"
    number = int(digits[:_MAX_DIGITS], base)
    if number < _LARGEST_INT:
        return number
    return _WIDE.multiply(Decimal(number), _WIDE.power(base, len(digits[_MAX_DIGITS:])))


def _string(text: str) -> str:
    if has_surrogate(text):
        # As in JSON, two escapes may make one character.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    if has_surrogate(text):
        raise NotJsonError(LONE_SURROGATE.format(clipped(text)), LONE_SURROGATE_REMEDY)
    return text


def _tagged(text: str, name: str) -> Value:
    if name == "str":
        return _string(text)
    if name in {"map", "seq"}:
        cause = f"{clipped(text) or 'an empty text'} is not a list or object, as its tag requires"
        raise NotJsonError(cause, "remove the tag")
    if not _FITS[name](text):
        cause = f"{clipped(text) or 'an empty text'} does not match the tag !!{name}"
        raise NotJsonError(cause, "remove the tag, or correct the value")
    return _core_value(text)


def as_yaml(text: str) -> str:
    """Return JSON text with further escapes, so that all readers of YAML understand it.

    Source: YAML 1.2.2, section 5.1.
    """
    return re.sub(_UNSAFE, lambda match: f"\\u{ord(match[0]):04x}", text)


# Where a plain scalar ends.

_FLOW = r",\[\]{}"


@cache
def _line_matcher(more: str) -> Matcher:
    """Match what of a line belongs to a plain scalar in which the characters `more` may not be."""
    blank_or_end = rf"[ \t\r\n{more}]|\Z"
    word = rf"(?:[^ \t\r\n:#{more}]++|:(?!{blank_or_end})|(?<![ \t\r\n])#)++"
    return re.compile(rf"{word}(?:[ \t]++{word})*+").match


#: Line breaks, blank lines and the blanks of the next line: its spaces are in group 1.
_match_breaks = re.compile(r"[ \t]*+(?:(?:\r\n?|\n)([ ]*+)[ \t]*+)++").match
#: Finds a row that always ends a document: YAML allows it in no value.
find_marker = re.compile(rf"(?<=[\r\n]){BOM}?(?:---|\.\.\.)(?=[ \t\r\n]|\Z)").search


def is_marker_at(content: str, at: int) -> bool:
    """Whether `---` or `...` is alone at an offset."""
    return content.startswith(("---", "..."), at) and content[at + 3 : at + 4] in " \t\r\n"


def read_plain(content: str, start: int, indent: int, *, flow: bool) -> tuple[str, int]:
    """Read the scalar without quotes at `start`, lines folded: return its text and its end.

    In block YAML its further lines have `indent` spaces or more.
    """
    match_line = _line_matcher(_FLOW if flow else "")
    pieces: list[str] = []
    at = end = start
    glue = ""
    while match := match_line(content, at):
        pieces += [glue, match[0]]
        end = match.end()
        breaks = _match_breaks(content, end)
        if breaks is None or (not flow and len(breaks[1]) < indent):
            break
        if is_marker_at(content, breaks.start(1)):
            break
        at = breaks.end()
        glue = "\n" * (len(re.findall(r"\r\n?|\n", breaks[0])) - 1) or " "
    # Python has one string of each short text that is matched, and makes a new one to join.
    return pieces[1] if len(pieces) == 2 else "".join(pieces), end  # noqa: PLR2004
