"""Values for a place of the request: those of its schema, and those that rules make interesting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import chain

from hypothesis import strategies as st

from rosetta_spec.document.numbers import is_number
from rosetta_spec.document.reader import read_documents
from rosetta_spec.document.values import Json, identity, json_text
from rosetta_spec.kinds.kind import Pattern, RelationKind, values_matching
from rosetta_spec.kinds.values import MaxBytes
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.json_schema import is_valid
from rosetta_spec.request.schema import EDITOR_KEY, Schema, is_time, is_time_pattern, schema_at
from rosetta_spec.spec.rule import Example, Rule

#: Most positions and counts are small; some do not fit a float.
_COUNTS = st.integers(0, 1000) | st.integers(2**53, 2**70)

_NAMES = st.sampled_from(["street-scenes", "pool 7", "ana.kowalska", "任务池", "naïve", "🚗 lane"])


def scalars(schema: Schema) -> st.SearchStrategy[Json]:
    """Valid values of a schema that is neither an object's nor an array's."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "boolean":
        return st.booleans()
    if schema["type"] == "integer":
        return _COUNTS.map(lambda count: count + schema["minimum"])
    if schema["type"] == "number":
        return st.just(1) | st.integers(1, 1000).map(lambda count: Decimal(count) / 1000)
    return times() if is_time(schema) else names()


def names() -> st.SearchStrategy[str]:
    """Names without blanks around them, short enough for any identifier."""
    any_text = st.text(min_size=1, max_size=20).map(str.strip).filter(bool)
    return _NAMES | any_text


def times() -> st.SearchStrategy[str]:
    """Times in the documented form."""
    earliest = datetime(1, 1, 2)  # noqa: DTZ001 - the API's times have no zone
    moments = st.datetimes(min_value=earliest)
    return moments.map(lambda moment: moment.isoformat(" ", "seconds"))


def other_forms(time: str) -> st.SearchStrategy[str]:
    """Write a time of the documented form in another readable form, without a UTC offset."""
    moment = datetime.fromisoformat(time)
    forms = [moment.isoformat("T", "seconds"), f"{time}.5", f"{time}.000000"]
    if not moment.second:
        forms.append(moment.isoformat(" ", "minutes"))
    if time.endswith("00:00:00"):
        forms.append(time[:10])
    return st.sampled_from(forms)


_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_SIZES = ("minLength", "maxLength")
_TIMES = ("2025-03-13 20:00:00", "2025-03-14 20:00:00", "2025-03-13 20:00:00Z")
#: Where a string would be longer, nobody could read what it shows.
_LONGEST = 400


class Suggestions:
    """Values on both sides of what `rules` ask: at a bound, next to it, and beyond it.

    They are valid by the request schema, the shortest first.
    """

    def __init__(
        self, rules: Iterable[Rule], texts: Callable[[str], Iterable[str]] | None = None
    ) -> None:
        """`texts` gives strings with a match of a regular expression, beside those of examples."""
        self._rules = tuple(rules)
        self._texts = texts
        self._found: dict[Pattern, list[Json]] = {}
        self._asked = _asked_by(self._rules)

    def at(self, place: Pattern) -> list[Json]:
        """Return the values for a place."""
        if place not in self._found:
            schema = schema_at(place) or {}
            made = [*self._made(place, schema), *self._shown(place)]
            fit = (value for value in reversed(made) if _is_trimmed(value, schema))
            unique = {identity(value): value for value in fit if is_valid(value, schema)}
            self._found[place] = sorted(unique.values(), key=length_of)
        return self._found[place]

    def patterns_at(self, place: Pattern) -> list[str]:
        """Return the regular expressions of rules about strings at a place."""
        asked = self._asked.get(place, ())
        patterns = [schema["pattern"] for schema in asked if "pattern" in schema]
        return [pattern for pattern in dict.fromkeys(patterns) if not is_time_pattern(pattern)]

    def is_asked(self, place: Pattern) -> bool:
        """Whether a rule asks something of the numbers or strings at a place."""
        return any(not schema.keys().isdisjoint(_TELLING) for schema in self._asked.get(place, ()))

    def _made(self, place: Pattern, schema: Schema) -> Iterator[Json]:
        if schema["type"] == "object":
            yield from self._objects(place, schema)
        elif schema["type"] == "array":
            items = self.at((*place, EVERY_ITEM))
            yield from ([item] for item in items)
            yield items[:2]
        else:
            yield from _short_scalars(schema)
            for asked in self._asked.get(place, ()):
                yield from _near(asked)
            for pattern in self.patterns_at(place):
                yield from self._texts(pattern) if self._texts else ()

    def _objects(self, place: Pattern, schema: Schema) -> Iterator[Json]:
        """Make objects of the required keys and one more."""
        required = schema.get("required", ())
        least = {key: self.at((*place, key))[min(index, 1)] for index, key in enumerate(required)}
        yield least
        for key in [key for key in schema["properties"] if key != EDITOR_KEY]:
            yield from ({**least, key: value} for value in self.at((*place, key)))

    def _shown(self, place: Pattern) -> Iterator[Json]:
        """Give what stands there in the examples of the rules."""
        for rule in self._rules:
            for example in (rule.bad, rule.good):
                for document in requests_in(example):
                    yield from (value for _, value in values_matching(place, document))


def _is_trimmed(value: Json, schema: Schema) -> bool:
    """Whether a value means just what it says: a string has no blanks around it."""
    return schema["type"] != "string" or (isinstance(value, str) and value == value.strip())


def length_of(value: Json) -> tuple[int, str]:
    """Order values by how long they are as JSON."""
    text = json_text(value)
    return len(text), text


@cache
def requests_in(example: Example) -> tuple[Json, ...]:
    """Return the requests of an example as data, but for those that a reader finds fault with."""
    if example.path is not None:
        return ()
    documents = read_documents(example.content, None)
    return tuple(document.value for document in documents if not document.problems)


def _asked_by(rules: Iterable[Rule]) -> dict[Pattern, list[Schema]]:
    asked: dict[Pattern, list[Schema]] = {}
    for rule in rules:
        kind = rule.kind
        if not isinstance(kind, RelationKind) or kind.is_raw:
            continue
        said = kind.schemas() or {}
        if isinstance(kind, MaxBytes):
            said = {place: {"maxLength": kind.limit} for place in kind.at}
        for place, schema in said.items():
            for inside, found in _schemas_in(place, schema):
                asked.setdefault(inside, []).append(found)
    return asked


def _schemas_in(place: Pattern, schema: Json) -> Iterator[tuple[Pattern, Schema]]:
    """Yield every schema inside one, with the place that it speaks of."""
    if isinstance(schema, list):
        for each in schema:
            yield from _schemas_in(place, each)
    if not isinstance(schema, dict):
        return
    yield place, schema
    for keyword in ("allOf", "anyOf", "oneOf", "not", "if", "then", "else"):
        yield from _schemas_in(place, schema.get(keyword))
    for member in schema.get("dependencies", {}).values():
        yield from _schemas_in(place, member if isinstance(member, dict) else None)
    for keyword in ("items", "contains"):
        yield from _schemas_in((*place, EVERY_ITEM), schema.get(keyword))
    for key, member in schema.get("properties", {}).items():
        yield from _schemas_in((*place, key), member)


def places_in(place: Pattern, schema: Schema) -> list[Pattern]:
    """Return the places of the request of which a schema at a place says something."""
    found = {inside for inside, _ in _schemas_in(place, schema)}
    found |= {
        (*inside, key) for inside, asked in _schemas_in(place, schema) for key in _keys(asked)
    }
    return sorted(inside for inside in found if schema_at(inside) is not None)


def _keys(schema: Schema) -> list[str]:
    needed = [each for each in schema.get("dependencies", {}).values() if isinstance(each, list)]
    return [*schema.get("required", ()), *schema.get("dependencies", ()), *chain(*needed)]


_TELLING = {*_BOUNDS, *_SIZES, "pattern", "enum", "const"}


def _short_scalars(schema: Schema) -> list[Json]:
    if "enum" in schema:
        return list(schema["enum"])
    if schema["type"] == "boolean":
        return [True, False]
    if schema["type"] == "integer":
        return [schema["minimum"], schema["minimum"] + 1]
    if schema["type"] == "number":
        return [1, Decimal("0.5")]
    return list(_TIMES) if is_time(schema) else ["a", "b"]


def _near(asked: Schema) -> Iterator[Json]:
    """Yield values that a schema takes, and those just beyond."""
    yield from asked.get("enum", ())
    if "const" in asked:
        yield asked["const"]
    for keyword in _BOUNDS:
        if is_number(asked.get(keyword)):
            yield from _numbers_near(Decimal(str(asked[keyword])))
    for keyword in _SIZES:
        size = min(int(asked.get(keyword, _LONGEST + 1)), _LONGEST + 1)
        if size <= _LONGEST:
            yield from ("a" * (size + more) for more in (-1, 0, 1))


def _numbers_near(number: Decimal) -> Iterator[Json]:
    exponent = number.as_tuple().exponent
    step = Decimal(1).scaleb(min(int(exponent), 0))
    for near in (number, number + step, number - step, 2 * number):
        yield int(near) if near == near.to_integral_value() else near


def matching_texts(pattern: str) -> st.SearchStrategy[str]:
    """Strings with a match of a regular expression, printable and without blanks around them."""
    texts = st.from_regex(pattern)
    return texts.filter(lambda text: text == text.strip() and text.isprintable() and text != "")
