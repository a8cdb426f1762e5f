"""The request schema says what the API's page says, in draft-07 and nothing more."""

import json
import re
import string
import sys
from datetime import date, datetime, time
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

SOURCE = Path(__file__).parents[2] / "schema" / "sampling-create.schema.json"
TEXT = SOURCE.read_text(encoding="utf-8")
SCHEMA = json.loads(TEXT)
VALIDATOR = Draft7Validator(SCHEMA)

TOP = SCHEMA["properties"]
CONDITIONS = TOP["subCondition"]["properties"]
BOUNDARY = TOP["interceptionBoundary"]["items"]["properties"]
FIELDS = {**TOP, **CONDITIONS, **BOUNDARY}
OBJECTS = {
    "request": SCHEMA,
    "subCondition": TOP["subCondition"],
    "boundary": TOP["interceptionBoundary"]["items"],
}

NONBLANK = TOP["poolName"]["pattern"]
TIME = CONDITIONS["startTime"]["pattern"]
WHITE = re.findall(r"\s", "".join(map(chr, range(sys.maxunicode + 1))))


def schemas_in(schema):
    """Yield every schema inside `schema`, itself first; what is data (examples, enum) is not."""
    yield schema
    for child in schema.get("properties", {}).values():
        yield from schemas_in(child)
    for child in schema.get("anyOf", []):
        yield from schemas_in(child)
    if "items" in schema:
        yield from schemas_in(schema["items"])


def listing_schemas():
    return [schema for schema in schemas_in(SCHEMA) if "anyOf" in schema]


# The document itself


def test_the_schema_is_valid_by_its_own_draft():
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == Draft7Validator.META_SCHEMA["$id"]


def test_every_keyword_is_one_of_draft_07_and_every_property_is_written_in_place():
    """`schemas_in` follows all that is used here, so that nothing hides from the other laws.

    No `$ref`, so none has siblings. It does not repeat what other rules check.
    """
    known = set(Draft7Validator.META_SCHEMA["properties"])
    elsewhere = {"$ref", "format", "uniqueItems", "maxLength", "dependencies", "if", "then", "else"}
    unfollowed = {"allOf", "oneOf", "definitions", "patternProperties", "contains"}
    for schema in schemas_in(SCHEMA):
        assert set(schema) <= known - elsewhere - unfollowed - {"additionalItems", "propertyNames"}
        assert schema.get("not", {}).keys() <= {"type", "pattern"}


def test_the_text_is_portable_and_laid_out_as_the_rest():
    assert TEXT.isascii()
    assert TEXT.endswith("}\n")
    assert not TEXT.endswith("\n\n")
    for line in TEXT.splitlines():
        assert line == line.rstrip()
        assert (len(line) - len(line.lstrip(" "))) % 2 == 0
    pairs = []
    json.loads(TEXT, object_pairs_hook=lambda found: pairs.append([key for key, _ in found]))
    assert all(len(keys) == len(set(keys)) for keys in pairs)


@pytest.mark.parametrize("name", FIELDS)
def test_every_property_explains_itself_and_its_examples_are_valid(name):
    field = FIELDS[name]
    assert 0 < len(field["title"]) <= 30
    assert 1 <= len(re.findall(r"[.](?= |$)", field["description"])) <= 3
    assert field["examples"]
    for example in field["examples"]:
        Draft7Validator(field).validate(example)


def test_the_whole_example_is_valid():
    for example in SCHEMA["examples"]:
        VALIDATOR.validate(example)


@pytest.mark.parametrize("schema", listing_schemas(), ids=lambda schema: schema["title"])
def test_every_listed_value_is_described_once_and_in_order(schema):
    described = [entry["const"] for entry in schema["anyOf"]]
    assert described == schema.get("enum", [True, False])
    assert len({entry["title"] for entry in schema["anyOf"]}) == len(described)
    assert all(set(entry) == {"const", "title", "description"} for entry in schema["anyOf"])
    assert all(entry["title"] and entry["description"] for entry in schema["anyOf"])


# What the API's page says


def test_the_properties_are_those_of_the_api_in_its_order():
    assert list(TOP) == [
        "$schema",
        "annotationRequestId",
        "poolName",
        "sampleType",
        "sampleCount",
        "samplingRatio",
        "samplingQuantity",
        "subCondition",
        "interceptionMode",
        "interceptionFrame",
        "sequenceLength",
        "interceptionBoundary",
    ]
    assert list(CONDITIONS) == [
        "conditionJoinType",
        "workPoolFilterType",
        "workPoolFilter",
        "userNameFilter",
        "operationFilterType",
        "noNeedAnnotate",
        "haveIssue",
        "rejectionTime",
        "taskId",
        "startTime",
        "endTime",
    ]
    assert list(BOUNDARY) == ["start", "end"]


def test_the_objects_are_closed_and_require_what_the_api_requires():
    assert all(schema["additionalProperties"] is False for schema in OBJECTS.values())
    assert {name: schema.get("required") for name, schema in OBJECTS.items()} == {
        "request": ["annotationRequestId", "poolName"],
        "subCondition": None,
        "boundary": ["start", "end"],
    }


_ANY_CASE = "|".join(
    "".join(f"[{letter}{letter.lower()}]" for letter in word)
    for word in ("TODO", "TBD", "FIXME", "CHANGEME", "XXX")
)
_BLANKS = f"[{NONBLANK[2:-1]}]*"
_INSIDE = r"[^\r\n]+"
PLACEHOLDER = (
    rf"<{_INSIDE}>|\$\{{{_INSIDE}\}}|\{{\{{{_INSIDE}\}}\}}|^{_BLANKS}(?:{_ANY_CASE}){_BLANKS}$"
)
FILLED_IN = {"not": {"type": "string", "pattern": PLACEHOLDER}}
NAME = {"type": "string", "pattern": NONBLANK, **FILLED_IN}
COUNT = {"type": "integer", "minimum": 1}
POSITION = {"type": "integer", "minimum": 0}
NAMES = {"type": "array", "minItems": 1, "items": NAME}
WHEN = {"type": "string", "pattern": TIME, **FILLED_IN}

#: What each field's value may be, without the texts for people.
TABLE = {
    "$schema": {"type": "string"},
    "annotationRequestId": NAME,
    "poolName": NAME,
    "sampleType": {"type": "integer", "enum": [1, 2]},
    "sampleCount": COUNT,
    "samplingRatio": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
    "samplingQuantity": COUNT,
    "interceptionMode": {"type": "integer", "enum": [1, 2, 3, 4, 5, 6]},
    "interceptionFrame": COUNT,
    "sequenceLength": COUNT,
    "conditionJoinType": {"type": "string", "enum": ["and", "or"]},
    "workPoolFilterType": {"type": "integer", "enum": [1, 2]},
    "workPoolFilter": NAMES,
    "userNameFilter": NAMES,
    "operationFilterType": {
        "type": "array",
        "minItems": 1,
        "items": {"type": "integer", "enum": [1, 2, 3]},
    },
    "noNeedAnnotate": {"type": "boolean"},
    "haveIssue": {"type": "boolean"},
    "rejectionTime": POSITION,
    "taskId": NAMES,
    "startTime": WHEN,
    "endTime": WHEN,
    "start": POSITION,
    "end": POSITION,
}


def constraints_of(schema):
    """Leave out what is there for people."""
    texts = {"title", "description", "examples", "anyOf"}
    kept = {keyword: value for keyword, value in schema.items() if keyword not in texts}
    if "items" in kept:
        kept["items"] = constraints_of(kept["items"])
    return kept


def test_the_values_are_those_of_the_table():
    containers = {"subCondition", "interceptionBoundary"}
    assert {
        name: constraints_of(field) for name, field in FIELDS.items() if name not in containers
    } == TABLE
    assert TOP["subCondition"]["type"] == "object"
    assert TOP["interceptionBoundary"]["type"] == "array"
    assert TOP["interceptionBoundary"]["minItems"] == 1
    assert TOP["interceptionBoundary"]["items"]["type"] == "object"


@pytest.mark.parametrize(
    ("schema", "titles"),
    [
        (TOP["sampleType"], ["Sequential sampling", "Random sampling"]),
        (CONDITIONS["conditionJoinType"], ["and", "or"]),
        (CONDITIONS["workPoolFilterType"], ["Last work pool", "Historical work pool"]),
        (CONDITIONS["operationFilterType"]["items"], ["Annotation", "Review", "Sampling"]),
        (CONDITIONS["noNeedAnnotate"], ["need annotate", "not need annotate"]),
        (CONDITIONS["haveIssue"], ["need issue", "not need issue"]),
        (
            TOP["interceptionMode"],
            [
                "random continuity",
                "positive",
                "reversed",
                "system random",
                "custom",
                "sequencelength",
            ],
        ),
    ],
    ids=lambda part: part["title"] if isinstance(part, dict) else "",
)
def test_the_listed_values_bear_their_documented_names(schema, titles):
    assert [entry["title"] for entry in schema["anyOf"]] == titles


# The patterns


def test_the_patterns_are_two_and_mean_the_same_in_every_dialect():
    """Python's classes hold more than ASCII, ECMAScript's others; a list of code points agrees."""
    patterns = {schema["pattern"] for schema in schemas_in(SCHEMA) if "pattern" in schema}
    assert patterns == {NONBLANK, TIME}
    for pattern in patterns:
        assert not re.search(r"\\[^tru]", pattern)
        assert re.findall(r"\(\?.", pattern) == ["(?:"] * pattern.count("(")


def test_the_nonblank_pattern_agrees_with_strip_on_every_character():
    characters = "".join(
        chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF
    )
    found = re.findall(NONBLANK, characters)
    assert "".join(found) == "".join(char for char in characters if char.strip())


@given(
    st.text() | st.text(alphabet=st.sampled_from(WHITE)) | st.text(st.sampled_from([*WHITE, "a"]))
)
def test_the_nonblank_pattern_agrees_with_strip(text):
    assert bool(re.search(NONBLANK, text)) == bool(text.strip())


#: The outlines of all readable times, `9` for a digit.
OUTLINES = {"9999-99-99"} | {
    f"9999-99-99{gap}99:99{seconds}{offset}"
    for gap, seconds, offset in product(
        "T ",
        ["", ":99", *(f":99.{'9' * digits}" for digits in range(1, 7))],
        ["", "Z", "+99:99", "-99:99"],
    )
}


def is_readable(text):
    """Read a time by its outline and the standard library's calendar, without the pattern."""
    text = text.strip()
    if "".join("9" if char in string.digits else char for char in text) not in OUTLINES:
        return False
    day, clock = text[:10], re.split("[Z+-]", text[11:])
    try:
        date(*map(int, day.split("-")))
        for part in filter(None, clock):
            time(*map(int, part.partition(".")[0].split(":")))
    except ValueError:
        return False
    return True


def is_matched(text):
    return re.search(TIME, text) is not None


def test_the_time_pattern_knows_the_calendar():
    years = [0, 1, 4, 10, 100, 400, 1000, 1900, 2000, 2023, 2024, 2100, 2400, 9999]
    for year, month, day in product(years, range(14), range(33)):
        text = f"{year:04}-{month:02}-{day:02}"
        assert is_matched(text) == is_readable(text), text


def test_the_time_pattern_knows_every_leap_year():
    for year in range(10_000):
        assert is_matched(f"{year:04}-01-01") == (year > 0)
        assert is_matched(f"{year:04}-02-29") == is_readable(f"{year:04}-02-29"), year


def test_the_time_pattern_knows_the_clock():
    for first, second in product(range(100), range(100)):
        clock = f"{first:02}:{second:02}"
        assert is_matched(f"2024-02-29 {clock}") == (first < 24 and second < 60)
        assert is_matched(f"2024-02-29T00:00-{clock}") == (first < 24 and second < 60)
        assert is_matched(f"2024-02-29 00:{clock}") == (first < 60 and second < 60)


@pytest.mark.parametrize("outline", sorted(OUTLINES))
def test_every_form_of_a_time_is_matched(outline):
    text = outline.replace("9999-99-99", "2024-02-29").replace("99:99", "23:59").replace("99", "59")
    assert is_readable(text)
    assert is_matched(text)
    assert not is_matched(f"{text}:")
    assert not is_matched(f"0{text}")


@pytest.mark.parametrize("white", WHITE, ids=lambda char: f"U+{ord(char):04X}")
def test_white_space_may_surround_a_time_and_not_break_it(white):
    assert is_matched(f"{white}2025-03-13 20:00:00{white}{white}")
    assert is_matched(f"2025-03-13{white}20:00:00") == (white == " ")
    assert not is_matched(f"2025-03-13 20:00{white}Z")
    assert not is_matched(f"2025-03-13{white}{white}20:00")
    assert not is_matched(white)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025",
        "2025-03",
        "20250313",
        "2025-3-13",
        "2025/03/13",
        "2025-03-13T",
        "2025-03-13Z",
        "2025-03-13+08:00",
        "2025-03-13 20",
        "2025-03-13 2000",
        "2025-03-13 24:00:00",
        "2025-03-13 23:59:60",
        "2025-03-13 20:00:00,5",
        "2025-03-13 20:00:00.",
        "2025-03-13 20:00:00.1234567",
        "2025-03-13 20:00.5",
        "2025-03-13T20:00z",
        "2025-03-13t20:00Z",
        "2025-03-13 20:00 +08:00",
        "2025-03-13 20:00+08",
        "2025-03-13 20:00+0800",
        "2025-03-13 20:00+24:00",
        "2025-03-13 20:00\N{MINUS SIGN}08:00",
        "2025-03-13 20:00ZZ",
        "2025-03-13 20:00\n2025-03-13 20:00",
        "2025-03-13 20:00\nx",
        "\N{ARABIC-INDIC DIGIT TWO}025-03-13",
        "\N{FULLWIDTH DIGIT TWO}025-03-13",
        "-025-03-13",
        "12025-03-13",
        "\N{ZERO WIDTH NO-BREAK SPACE}2025-03-13",
        "2025-03-13\N{ZERO WIDTH SPACE}",
        "2025-W11-4",
        "2025-072",
        "today",
        "1741896000",
    ],
)
def test_the_time_pattern_rejects(text):
    assert not is_readable(text)
    assert not is_matched(text)
    assert not is_readable(text)


def two(high):
    """Two digits, sometimes a little above what a clock or calendar shows."""
    return st.integers(0, high + 1).map("{:02}".format)


DATES = st.dates().map(date.isoformat) | st.tuples(
    st.integers(0, 9999).map("{:04}".format), two(12), two(31)
).map("-".join)
CLOCKS = st.tuples(
    st.sampled_from("T "),
    st.tuples(two(23), two(59)).map(":".join),
    st.just("") | two(59).map(":{}".format),
    st.just("") | st.text(string.digits, min_size=1, max_size=7).map(".{}".format),
    st.just("")
    | st.just("Z")
    | st.tuples(st.sampled_from("+-"), two(23), st.just(":"), two(59)).map("".join),
).map("".join)
BLANKS = st.text(st.sampled_from(WHITE), max_size=3)
TIMES = st.tuples(BLANKS, DATES, st.just("") | CLOCKS, BLANKS).map("".join)
ODDITIES = st.text(
    st.sampled_from([*string.digits, *"-+:.,TZtz ", *WHITE, "\u0660", "\uff11", "\u200b", "x"])
    | st.characters(),
    max_size=2,
)


@st.composite
def mutated_times(draw):
    text = draw(TIMES)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 2)))
    return text[:start] + draw(ODDITIES) + text[end:]


@given(TIMES | mutated_times() | st.text())
def test_the_time_pattern_agrees_with_the_calendar_on_any_text(text):
    assert is_matched(text) == is_readable(text)


@given(st.datetimes(), BLANKS, BLANKS)
def test_the_documented_form_is_always_matched(moment, before, after):
    text = datetime.isoformat(moment.replace(microsecond=0), sep=" ")
    assert is_matched(before + text + after)


@pytest.mark.parametrize(
    "text",
    [
        " " * 200_000,
        " " * 200_000 + "x",
        "2025-03-13" + " " * 200_000 + "x",
        "0" * 200_000,
        "2025-03-13 20:00:00." + "0" * 200_000,
        "2025-03-13 20:00" * 10_000,
    ],
    ids=["blank", "before", "after", "digits", "fraction", "again"],
)
def test_a_long_text_that_is_no_time_is_rejected_without_excessive_backtracking(text):
    """The square of these lengths would take minutes."""
    assert not is_matched(text)


# Whole requests


REQUIRED = {"annotationRequestId": "request", "poolName": "pool"}


def request(**fields):
    return {**REQUIRED, **fields}


def condition(**fields):
    return request(subCondition=fields)


@pytest.mark.parametrize(
    "body",
    [
        request(),
        {"$schema": "sampling-create.schema.json", **REQUIRED},
        request(sampleType=2, samplingRatio=1),
        request(samplingRatio=1e-9),
        request(sampleCount=1.0, samplingQuantity=10**30),
        request(samplingRatio=0.5, samplingQuantity=3),
        request(annotationRequestId=" \u3000x", poolName="\u200b"),
        request(annotationRequestId="x" * 300),
        request(interceptionMode=6, sequenceLength=1),
        request(interceptionMode=5),
        request(interceptionBoundary=[{"start": 0, "end": 0}, {"start": 9, "end": 1}]),
        condition(),
        condition(conditionJoinType="or", haveIssue=False, noNeedAnnotate=True, rejectionTime=0),
        condition(workPoolFilter=["a", "a"], userNameFilter=["b"], taskId=["1"]),
        condition(operationFilterType=[3, 1, 1], workPoolFilterType=2),
        condition(startTime="2025-03-13", endTime="\t2025-03-13T20:00Z\n"),
    ],
)
def test_a_body_of_the_right_shape_is_valid(body):
    VALIDATOR.validate(body)


@pytest.mark.parametrize(
    ("body", "pointer", "keyword"),
    [
        ([], "", "type"),
        (None, "", "type"),
        ({}, "", "required"),
        ({"poolName": "pool"}, "", "required"),
        (request(sampleRatio=0.5), "", "additionalProperties"),
        (request(haveIssue=True), "", "additionalProperties"),
        (request(**{"$id": "x"}), "", "additionalProperties"),
        (request(**{"$schema": 7}), "/$schema", "type"),
        (request(poolName=None), "/poolName", "type"),
        (request(poolName=""), "/poolName", "pattern"),
        (request(annotationRequestId="\u3000\x1f \n"), "/annotationRequestId", "pattern"),
        (request(sampleType="1"), "/sampleType", "type"),
        (request(sampleType=True), "/sampleType", "type"),
        (request(sampleType=3), "/sampleType", "enum"),
        (request(sampleCount=0), "/sampleCount", "minimum"),
        (request(sampleCount=1.5), "/sampleCount", "type"),
        (request(samplingRatio=0), "/samplingRatio", "exclusiveMinimum"),
        (request(samplingRatio=20), "/samplingRatio", "maximum"),
        (request(samplingQuantity=-1), "/samplingQuantity", "minimum"),
        (request(interceptionMode=0), "/interceptionMode", "enum"),
        (request(interceptionMode="custom"), "/interceptionMode", "type"),
        (request(interceptionFrame=0), "/interceptionFrame", "minimum"),
        (request(sequenceLength=0), "/sequenceLength", "minimum"),
        (request(interceptionBoundary="1"), "/interceptionBoundary", "type"),
        (request(interceptionBoundary=[]), "/interceptionBoundary", "minItems"),
        (request(interceptionBoundary=[{"start": 1}]), "/interceptionBoundary/0", "required"),
        (
            request(interceptionBoundary=[{"start": 1, "end": 2, "step": 1}]),
            "/interceptionBoundary/0",
            "additionalProperties",
        ),
        (
            request(interceptionBoundary=[{"start": -1, "end": 2}]),
            "/interceptionBoundary/0/start",
            "minimum",
        ),
        (request(subCondition=[]), "/subCondition", "type"),
        (condition(samplingRatio=0.5), "/subCondition", "additionalProperties"),
        (condition(**{"$schema": "x"}), "/subCondition", "additionalProperties"),
        (condition(conditionJoinType="AND"), "/subCondition/conditionJoinType", "enum"),
        (condition(workPoolFilterType=3), "/subCondition/workPoolFilterType", "enum"),
        (condition(workPoolFilter="a"), "/subCondition/workPoolFilter", "type"),
        (condition(workPoolFilter=[]), "/subCondition/workPoolFilter", "minItems"),
        (condition(userNameFilter=["a", " "]), "/subCondition/userNameFilter/1", "pattern"),
        (condition(operationFilterType=[]), "/subCondition/operationFilterType", "minItems"),
        (condition(operationFilterType=[1, 4]), "/subCondition/operationFilterType/1", "enum"),
        (condition(operationFilterType=1), "/subCondition/operationFilterType", "type"),
        (condition(noNeedAnnotate="true"), "/subCondition/noNeedAnnotate", "type"),
        (condition(haveIssue=1), "/subCondition/haveIssue", "type"),
        (condition(rejectionTime=-1), "/subCondition/rejectionTime", "minimum"),
        (condition(taskId=[7]), "/subCondition/taskId/0", "type"),
        (condition(startTime=" "), "/subCondition/startTime", "pattern"),
        (condition(endTime="2025-02-29"), "/subCondition/endTime", "pattern"),
    ],
)
def test_a_body_of_a_wrong_shape_fails_at_its_place_and_keyword(body, pointer, keyword):
    """An error's subschema is the field's own; for a listed value its `anyOf` comes too."""
    errors = list(VALIDATOR.iter_errors(body))
    assert {"".join(f"/{part}" for part in error.absolute_path) for error in errors} == {pointer}
    keywords = {error.validator for error in errors}
    assert keyword in keywords
    assert keywords <= {keyword, "enum", "anyOf"}
    name = pointer.rpartition("/")[2]
    if name in FIELDS:
        assert all(error.schema is FIELDS[name] for error in errors)


def test_no_fraction_is_compared_with_anything():
    """What reads the schema at start reads fractions as floats, which compare otherwise."""
    asked = [value for schema in schemas_in(SCHEMA) for value in schema.values()]
    assert not any(isinstance(value, float) for value in asked)
    assert not any(
        isinstance(item, float) for schema in schemas_in(SCHEMA) for item in schema.get("enum", ())
    )
