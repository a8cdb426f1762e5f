"""Values for a place of the request, and the documents that differ from another in one value."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample, Unsatisfiable

from rosetta_spec.document.operations import Put, Remove, applied
from rosetta_spec.document.reader import read_documents
from rosetta_spec.document.values import Json, identity, is_number, json_text
from rosetta_spec.kinds.keys_and_values import MaxBytes
from rosetta_spec.kinds.kind import Pattern, RelationKind, values_matching
from rosetta_spec.pointer import EVERY_ITEM
from rosetta_spec.request.schema import (
    EDITOR_KEY,
    Schema,
    inner_places,
    is_time,
    is_time_pattern,
    is_valid,
    schema_at,
)
from rosetta_spec.spec.ruleset import Example, Rule

#: Most positions and counts are small; some do not fit a float.
_COUNTS = st.integers(0, 1000) | st.integers(2**53, 2**70)

#: The default of Hypothesis is the same, but asks a codec about each of them, which takes a second.
_CHARACTERS = st.characters(exclude_categories=["Cs"])

#: Short strings without whitespace around them.
_NAMES = st.sampled_from(["street-scenes", "pool 7", "ana.kowalska", "任务池", "naïve", "🚗 lane"])
_NAMES |= st.text(_CHARACTERS, min_size=1, max_size=20).map(str.strip).filter(bool)

#: Times in the documented form.
_DATES = st.datetimes(min_value=datetime(1, 1, 2))  # noqa: DTZ001 - the API's times have no zone
_TIMES = _DATES.map(lambda time: time.isoformat(" ", "seconds"))


def scalars(schema: Schema) -> st.SearchStrategy[Json]:
    """Valid strings, numbers or booleans for a schema."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "boolean":
        return st.booleans()
    if schema["type"] == "integer":
        return _COUNTS.map(lambda count: count + schema["minimum"])
    if schema["type"] == "number":
        return st.just(1) | st.integers(1, 1000).map(lambda count: Decimal(count) / 1000)
    return _TIMES if is_time(schema) else _NAMES


def other_forms(time: str) -> st.SearchStrategy[str]:
    """Other readable forms of a time, without a UTC offset."""
    parsed = datetime.fromisoformat(time)
    forms = [parsed.isoformat("T", "seconds"), f"{time}.5", f"{time}.000000"]
    if not parsed.second:
        forms.append(parsed.isoformat(" ", "minutes"))
    if time.endswith("00:00:00"):
        forms.append(time[:10])
    return st.sampled_from(forms)


_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_SIZES = ("minLength", "maxLength")

#: Longer strings are not suggested, since they make examples unreadable.
_LONGEST = 400


class Suggestions:
    """A few valid values for each place, on both sides of the limits that rules set there."""

    def __init__(
        self, rules: Iterable[Rule], texts: Callable[[str], Iterable[str]] = lambda _: ()
    ) -> None:
        """`texts` returns strings that match a regular expression."""
        self._rules = tuple(rules)
        self._texts = texts
        self._found: dict[Pattern, list[Json]] = {}
        #: By place: the schemas of the rules that limit its values.
        self.limits = _limits_of(self._rules)

    def at(self, place: Pattern) -> list[Json]:
        """Return the values for a place, the shortest first."""
        if place not in self._found:
            schema = schema_at(place)
            made = list(self._constructed(place, schema))
            for document in requests_of(self._rules):
                made += (value for _, value in values_matching(place, document))
            valid = (value for value in reversed(made) if is_valid(value, schema))
            # Rules see strings without the whitespace around them.
            fit = (it for it in valid if not isinstance(it, str) or it == it.strip())
            unique = {identity(value): value for value in fit}
            self._found[place] = sorted(unique.values(), key=_length)
        return self._found[place]

    def patterns_at(self, place: Pattern) -> list[str]:
        """Return the regular expressions of rules about strings at a place."""
        limits = self.limits.get(place, ())
        patterns = [schema["pattern"] for schema in limits if "pattern" in schema]
        return [pattern for pattern in dict.fromkeys(patterns) if not is_time_pattern(pattern)]

    def _constructed(self, place: Pattern, schema: Schema) -> Iterator[Json]:
        if schema["type"] == "object":
            yield from self._objects(place, schema)
        elif schema["type"] == "array":
            items = self.at((*place, EVERY_ITEM))
            yield from ([item] for item in items)
            yield items[:2]
        else:
            yield from _simple_scalars(schema)
            for limit in self.limits.get(place, ()):
                yield from _near(limit)
            for pattern in self.patterns_at(place):
                yield from self._texts(pattern)

    def _objects(self, place: Pattern, schema: Schema) -> Iterator[Json]:
        """Yield objects of the required keys and at most one other."""
        required = schema.get("required", ())
        least = {key: self.at((*place, key))[min(index, 1)] for index, key in enumerate(required)}
        yield least
        for key in [key for key in schema["properties"] if key != EDITOR_KEY]:
            yield from ({**least, key: value} for value in self.at((*place, key)))


def _length(value: Json) -> tuple[int, str]:
    text = json_text(value)
    return len(text), text


def requests_of(rules: Iterable[Rule]) -> Iterator[Json]:
    """Yield the requests in the examples of rules as data, except those that a reader rejects."""
    for rule in rules:
        yield from (*_requests_in(rule.bad), *_requests_in(rule.good))


@cache
def _requests_in(example: Example) -> tuple[Json, ...]:
    if example.path is not None:
        return ()
    documents = read_documents(example.content, None)
    return tuple(document.value for document in documents if not document.problems)


def _limits_of(rules: Iterable[Rule]) -> dict[Pattern, list[Schema]]:
    limits: dict[Pattern, list[Schema]] = {}
    for rule in rules:
        kind = rule.kind
        if not isinstance(kind, RelationKind) or kind.is_raw:
            continue
        schemas = [case.when for case in kind.schema_cases()]
        if isinstance(kind, MaxBytes):
            schemas = [{"maxLength": kind.limit}]
        for place in kind.patterns:
            for inside, found in _schemas_in(place, schemas):
                limits.setdefault(inside, []).append(found)
    return limits


def _schemas_in(place: Pattern, schema: Json) -> Iterator[tuple[Pattern, Schema]]:
    """Yield a schema and all schemas in it, each with the place that it is about."""
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


def _simple_scalars(schema: Schema) -> list[Json]:
    if "enum" in schema:
        return list(schema["enum"])
    if schema["type"] == "boolean":
        return [True, False]
    if schema["type"] == "integer":
        return [schema["minimum"], schema["minimum"] + 1]
    if schema["type"] == "number":
        return [1, Decimal("0.5")]
    if is_time(schema):
        return ["2025-03-13 20:00:00", "2025-03-14 20:00:00", "2025-03-13 20:00:00Z"]
    return ["a", "b"]


def _near(schema: Schema) -> Iterator[Json]:
    """Yield values at the schema of a schema, and just beyond them."""
    yield from schema.get("enum", ())
    if "const" in schema:
        yield schema["const"]
    for keyword in _BOUNDS:
        if is_number(schema.get(keyword)):
            yield from _numbers_near(Decimal(str(schema[keyword])))
    for keyword in _SIZES:
        size = min(int(schema.get(keyword, _LONGEST + 1)), _LONGEST + 1)
        if size <= _LONGEST:
            yield from ("a" * (size + more) for more in (-1, 0, 1))


def _numbers_near(number: Decimal) -> Iterator[Json]:
    if abs(number.adjusted()) > _LONGEST:
        yield number
        return
    exponent = number.as_tuple().exponent
    step = Decimal(1).scaleb(min(int(exponent), 0))
    for near in (number, number + step, number - step, 2 * number):
        yield int(near) if near == near.to_integral_value() else near


def matching_texts(pattern: str) -> st.SearchStrategy[str]:
    """Printable strings that match a regular expression, without whitespace around them."""
    texts = st.from_regex(pattern, alphabet=_CHARACTERS)
    return texts.filter(lambda text: text == text.strip() and text.isprintable() and text != "")


#: For draws that are the same each time, and take as long as they take.
SAME_EACH_TIME = settings(
    phases=[Phase.generate],
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@cache
def simplest_texts(pattern: str) -> tuple[str, ...]:
    """Return the simplest string that matches a regular expression, nothing if it is rare."""
    # The first that is drawn is the simplest; shortening it would take seconds.
    quick = settings(SAME_EACH_TIME, max_examples=100)
    try:
        return (find(matching_texts(pattern), lambda _: True, settings=quick),)
    except (NoSuchExample, Unsatisfiable):
        return ()


def steps_from(
    document: Json, suggestions: Suggestions, patterns: Iterable[Pattern] | None = None
) -> Iterator[Json]:
    """Yield the documents with one value at `patterns` (anywhere) replaced, added or removed."""
    for pattern in inner_places() if patterns is None else patterns:
        values = suggestions.at(pattern)
        # An object is changed by steps inside it, except items of a list.
        is_object = schema_at(pattern)["type"] == "object" and pattern[-1] != EVERY_ITEM
        for pointer, old in values_matching(pattern, document):
            yield applied(document, [Remove(pointer)])
            others = (value for value in values if identity(value) != identity(old))
            yield from (applied(document, [Put(pointer, each)]) for each in others if not is_object)
        yield from _additions(document, pattern, values)


def _additions(document: Json, pattern: Pattern, values: list[Json]) -> Iterator[Json]:
    *above, last = pattern
    for pointer, holder in values_matching(tuple(above), document):
        if isinstance(holder, list) and last == EVERY_ITEM:
            yield from (applied(document, [Put(pointer, [*holder, value])]) for value in values)
        if isinstance(holder, dict) and last not in holder:
            yield from (applied(document, [Put((*pointer, last), value)]) for value in values)
    # A missing object is added together with the key.
    if len(above) == 1 and last != EVERY_ITEM and above[0] not in document:
        yield from ({**document, above[0]: {last: value}} for value in values)
