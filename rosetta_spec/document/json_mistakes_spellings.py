"""Numbers, words and keys that are not spelled as in JSON."""

from __future__ import annotations

import re

from rosetta_spec.document.json_scene import Mistake
from rosetta_spec.document.number import JSON_NUMBER
from rosetta_spec.document.quoting import as_string, shown
from rosetta_spec.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rosetta_spec.document.json_scene import Scene

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
