"""Names of values, types and places in messages, and the nearest to a mistyped name."""

import json
import unicodedata
from collections.abc import Collection, Iterable
from decimal import Decimal
from functools import lru_cache

from rosetta_spec.document.values import WIDE, Number, Ranked, is_number, json_string, json_text
from rosetta_spec.pointer import Pointer
from rosetta_spec.request.schema import Schema, key_names, listed_values, schema_at

_LONGEST = 60

#: A number with more places before or after its point is written with an exponent.
_MAX_PLACES = 30

_TYPES = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


def shown(value: object) -> str:
    """Write a JSON value as JSON, on one line, shortened, without control characters."""
    if isinstance(value, str):
        return printable(json_string(shortened(value)))
    if is_number(value):
        return shortened(str(value))
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    return json_text(value)


def plain_number(number: Number) -> str:
    """Write a number without needless zeros, shortened, with an exponent only for many places."""
    if isinstance(number, Ranked):
        return shortened(str(number))
    normal = Decimal(number).normalize(WIDE)
    return shortened(f"{normal:f}" if abs(normal.adjusted()) < _MAX_PLACES else str(normal))


def shortened(text: str) -> str:
    """Cut `text` in the middle to at most 60 characters, with an ellipsis."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST - 20]}…{text[-19:]}"


def printable_name(name: str) -> str:
    """Write a name without quotes unless it is empty, shortened, without control characters."""
    return printable(shortened(name)) or '""'


def printable(text: str) -> str:
    """Escape characters that a terminal does not show as they are."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)


def called(value: object, text: str | None = None) -> str:
    """Describe a value with its type: `the string "1"`, `the number 5`, `a list`.

    `text` is how it is shown, if otherwise than by `shown`.
    """
    text = shown(value) if text is None else text
    if isinstance(value, str):
        return f"the string {text}{' (the comma is part of it)' if value.endswith(',') else ''}"
    return f"the number {text}" if is_number(value) else text


def type_called(name: str) -> str:
    """Describe a JSON Schema type: `integer` is `a whole number`."""
    return _TYPES[name]


def place_called(pointer: Pointer) -> str:
    """Write a place for people: `filter.ids[2]`; the whole document is `the request`."""
    if not pointer:
        return "the request"
    text = ""
    for token in pointer:
        text += f"[{token}]" if isinstance(token, int) else f".{name_called(token)}"
    return text.removeprefix(".")


def name_called(name: str) -> str:
    """Write a key or the name of a rule, in quotes unless it is one plain word."""
    is_plain = name and all(char.isalnum() or char in "_$.-" for char in name)
    return shortened(name) if is_plain else shown(name)


def example_at(pointer: Pointer) -> str:
    """Return a valid value of a place as JSON, "" where the request schema knows none."""
    schema = schema_at(pointer)
    examples = schema.get("examples", schema.get("enum", ()))
    if not examples and pointer and isinstance(pointer[-1], int):
        examples = next(iter(schema_at(pointer[:-1]).get("examples", ())), ())
    return json_text(examples[0]) if examples else ""


def such_as(pointer: Pointer) -> str:
    """Return ` such as` with a valid value of a place, "" for booleans or without one."""
    is_boolean = schema_at(pointer).get("type") == "boolean"
    example = example_at(pointer)
    return "" if is_boolean or not example else f" such as {example}"


def choices_called(schema: Schema) -> str:
    """Write the listed values of a schema as a choice, each with its documented name."""
    return one_of(_named(value, name) for value, name in listed_values(schema))


def one_of(words: Iterable[str]) -> str:
    """Join words as a choice: `1, 2 or 3`."""
    return _joined(words, "or")


def all_of(words: Iterable[str]) -> str:
    """Join words that belong together: `1, 2 and 3`."""
    return _joined(words, "and")


def at_most(most: int, words: Iterable[str]) -> list[str]:
    """Return words, and in place of those after the first `most` their number: `7 more`."""
    words = list(words)
    more = len(words) - most
    return [*words[:most], f"{more} more"] if more > 0 else words


def _joined(words: Iterable[str], by: str) -> str:
    *most, last = words
    return f"{', '.join(most)} {by} {last}" if most else last


def value_called(value: object, schema: Schema) -> str:
    """Write a listed value with its documented name: `5 (custom)`; of a string, only itself."""
    name = next((name for item, name in listed_values(schema) if item == value), "")
    return _named(value, name)


def _named(value: object, name: str) -> str:
    is_enough = isinstance(value, str) or not name
    return shown(value) if is_enough else f"{shown(value)} ({name})"


def nearest_name(
    name: str, names: Iterable[str], wanted: Collection[str] | None = None
) -> str | None:
    """Return the one of `names` that is nearest to `name`, if it is probably meant.

    That is: at an edit distance of at most a third of its own length, and no other as near. Names
    that are not `wanted` do not count.
    """
    distances = _distances(name, tuple(names)) if len(name) <= _LONGEST_NAME else {}
    found = {each: distances[each] for each in distances if wanted is None or each in wanted}
    least = min(found.values(), default=0)
    nearest = [each for each in found if found[each] == least]
    return nearest[0] if len(nearest) == 1 and least * 3 <= len(nearest[0]) else None


def nearest_key(name: str, names: Collection[str]) -> str:
    """Return the key of a request that is probably meant, "" if there is none.

    It is one of `names`, and never the schema of an editor.
    """
    meant = in_latin(name)
    if meant != name and meant in names:
        return meant
    return nearest_name(name, key_names(), names) or ""


#: A longer text is near to no name.
_LONGEST_NAME = 100


# Results are cached: archives repeat the same misspellings, and fixes are tried again and again on
# documents with many of them. Which names are wanted differs from one try to the next.
@lru_cache(1 << 16)
def _distances(name: str, names: tuple[str, ...]) -> dict[str, int]:
    near = (edit_distance(name, each, len(each) // 3) for each in names)
    most = max((distance for distance in near if distance is not None), default=-1)
    # Names that are too short to be meant may be as near.
    found = {each: edit_distance(name, each, most) for each in names}
    return {each: distance for each, distance in found.items() if distance is not None}


#: Cyrillic, Greek and other letters, and the Latin ones that they look like in most fonts.
#: Source: the confusables of Unicode Technical Standard 39, as far as they look the same.
_LATIN = str.maketrans(
    "аеорсухіјѕһԁԛԝѵӏԍոսցքօАВЕЅІЈКМНОРСТУХԚԜοναρικυχγΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɑɡ\N{HYPHEN}\N{MINUS SIGN}",
    "aeopcyxijshdqwvlgnugqoABESIJKMHOPCTYXQWovapikuxyABEZHIKMNOPTYXiag--",
)


def in_latin(text: str) -> str:
    """Replace letters that look like Latin ones, and drop invisible characters."""
    if text.isascii():
        return text
    seen = (char for char in text if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", "".join(seen).translate(_LATIN))


def look_alike(text: str, meant: str) -> str:
    """Say which character makes `text` differ from `meant`, in brackets; "" if it does not look so.

    With its code point, since in most fonts nothing else tells it from the right one.
    """
    if text == meant or in_latin(text) != meant:
        return ""
    char = next(char for char in text if in_latin(char) != char)
    latin = in_latin(char)
    code = f"U+{ord(char):04X}"
    if not latin:
        return f" (it contains the invisible character {code})"
    return f' (its "{char}" is {code}, not the Latin "{latin}")'


def suggestion(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """Suggest the nearest of `names`; if none is near enough, say otherwise, or name them all."""
    near = nearest_name(name, names)
    return f"did you mean {near}?" if near else otherwise or f"choose {one_of(names)}"


def nearest_names(name: str, names: Iterable[str]) -> list[str]:
    """Return the `names` that contain `name`; if none does, the nearest ones, at any distance.

    Names that have nothing in common with it are not returned.
    """
    if not 0 < len(name) <= _LONGEST_NAME:
        return []
    names = list(names)
    if containing := [each for each in names if name in each]:
        return containing
    found = ((each, edit_distance(name, each, _LONGEST_NAME)) for each in names)
    distances = {
        each: distance
        for each, distance in found
        if distance is not None and distance < max(len(each), len(name))
    }
    least = min(distances.values(), default=0)
    return [each for each, distance in distances.items() if distance == least]


def edit_distance(left: str, right: str, most: int) -> int | None:
    """Count the edits between two strings, as their optimal string alignment distance.

    An edit inserts, deletes or replaces a letter, or swaps two neighbors. None: there are more than
    `most`.
    """
    if abs(len(left) - len(right)) > most:
        return None
    # A letter that only one of them has takes an edit; most names have too many such letters.
    if max(len(set(left).difference(right)), len(set(right).difference(left))) > most:
        return None
    above: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        two_above, above, row = above, row, [i]
        for j, b in enumerate(right, start=1):
            count = min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b))
            if two_above and j > 1 and a == right[j - 2] and b == left[i - 2]:
                count = min(count, two_above[j - 2] + 1)
            row.append(count)
        # Both rows that the next one is made from.
        if min(*row, *above) > most:
            return None
    return row[-1] if row[-1] <= most else None
