"""What `explain` says of a request: every right value, and no wrong one."""

import re
from decimal import Decimal

import pytest
from hypothesis import given

from rosetta_spec.api import check
from rosetta_spec.document.reader import read_data, read_documents
from rosetta_spec.document.values import json_text
from rosetta_spec.engine.explanation import EXPLANATION, explain
from rosetta_spec.pointer import format_pointer
from rosetta_spec.request.schema import EDITOR_KEY, listed_values, places, schema_at, specification
from rosetta_spec.strategies import messy_requests, requests

DATA = specification(EXPLANATION)

BASE = {"annotationRequestId": "a", "poolName": "b"}


def explained(**members):
    conditions = members.pop("conditions", None)
    inner = {} if conditions is None else {"subCondition": conditions}
    return explain(read_data({**BASE, **members, **inner}))


def templates():
    for part in DATA["paragraph"]:
        yield from part.get("choose", ())
        yield part.get("join", "")
        for each in part.get("conditions", ()):
            yield from each


def leaves():
    for place in places():
        schema = schema_at(place)
        if place and place != (EDITOR_KEY,) and schema["type"] not in ("object", "array"):
            yield place, schema


@pytest.mark.parametrize("place", [place for place, _ in leaves()], ids="/".join)
def test_every_property_is_in_a_template(place):
    pointer = "/" + "/".join(place).removesuffix("/*")
    in_lists = "".join(f"{at}/*{each.get('item', '')}" for at, each in DATA["lists"].items())
    found = [*templates(), in_lists.replace("{", "").replace("}", "")]
    wanted = [pointer] if "*" not in pointer else [pointer.split("/*")[0], pointer.rsplit("*")[1]]
    assert all(any(each in text for text in found) for each in wanted)


@pytest.mark.parametrize(
    ("place", "value"),
    [(place, value) for place, schema in leaves() for value, _ in listed_values(schema)],
)
def test_every_listed_value_has_words(place, value):
    pointer = "/" + "/".join(place).removesuffix("/*")
    assert DATA["words"][pointer][json_text(value)]


def values_in(value, place=()):
    if isinstance(value, dict):
        for key, member in value.items():
            yield from values_in(member, (*place, key))
    elif isinstance(value, list):
        for item in value:
            yield from values_in(item, place)
    else:
        yield place, value


@given(requests())
def test_every_value_of_a_valid_request_is_in_its_explanation(request):
    text = explain(read_data(request))
    for place, value in values_in(request):
        words = DATA["words"].get("/" + "/".join(place), {}).get(json_text(value))
        if place == (EDITOR_KEY,) or (isinstance(value, str) and len(value) > 30) or "more" in text:
            continue
        if words:
            assert words in text
        elif isinstance(value, str):
            stripped = value.strip()
            assert stripped in text or json_text(stripped)[1:-1] in text or not value.isprintable()
        else:
            numbers = [
                Decimal(each) for each in re.findall(r"[0-9]+(?:[.][0-9]+)?(?:E[+-]?[0-9]+)?", text)
            ]
            assert {Decimal(str(value)), Decimal(str(value)) * 100} & {*numbers} or len(
                str(value)
            ) > 30


@given(messy_requests())
def test_any_request_can_be_explained(request):
    text = explain(read_data(request))
    assert text.endswith(".")
    assert text.isprintable()


#: Rules that say that a value cannot be used as it is; others see it in another form, or beside it.
UNUSABLE_BY = {"RS102", "RS104", "RS106", "RS107", "RS108", "RS111", "RS408"}


@given(messy_requests())
def test_no_wrong_value_is_in_an_explanation(request):
    written = {
        format_pointer(place): json_text(value).strip('"')
        for place, value in items_in(request)
        if not isinstance(value, bool | None)
    }
    text = explain(read_data(request)).split(" Not explained because of errors")[0]
    for each in check(request).diagnostics:
        wrong = written.get(each.pointer, "") if each.code in UNUSABLE_BY else ""
        is_alone = sum(wrong in other for other in written.values()) == 1
        if is_alone and len(wrong) > 3 and wrong not in json_text(DATA):
            assert wrong not in text


def items_in(value, place=()):
    """Yield the scalars in a value, with their pointers."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in members:
        if isinstance(member, dict | list):
            yield from items_in(member, (*place, key))
        else:
            yield (*place, key), member


@pytest.mark.parametrize("text", ["", "[", "[1]", "a: &a [*a]", "null", '{"a": "\\ud800"}'])
def test_any_document_can_be_explained(text):
    for document in read_documents(text.encode(), None):
        assert explain(document).endswith(".")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "sampleCount: 10e999999999999999999999",
            "nspect 1E+1000000000000000000000 of its tasks.",
        ),
        (
            "samplingRatio: 1e-999999999999999999999",
            "nspect 1E-999999999999999999999 of its tasks.",
        ),
    ],
)
def test_a_number_beyond_all_others_is_written_as_it_is(text, expected):
    (document,) = read_documents(text.encode(), "yaml")
    assert expected in explain(document)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, 'Pool "b" of annotation request a: inspect all of its tasks.'),
        ({"samplingRatio": Decimal("0.25")}, "inspect 25 % of its tasks"),
        ({"samplingRatio": Decimal("1e-400000")}, "inspect 1E-399998 % of its tasks"),
        ({"samplingRatio": Decimal("1e-9999999")}, "inspect 1E-9999997 % of its tasks"),
        ({"samplingRatio": Decimal(f"0.{'3' * 90}")}, f"inspect 33.{'3' * 37}…{'3' * 19} % of its"),
        ({"sampleCount": Decimal("1.50e40")}, "inspect 1.5E+40 of its tasks"),
        ({"sampleCount": Decimal("1.0")}, "inspect 1 of its tasks"),
        ({"sampleCount": 1}, "inspect 1 of its tasks"),
        (
            {"sampleCount": "50", "samplingQuantity": 5},
            "take 50 tasks and, it seems, inspect 5 of them",
        ),
        (
            {"sampleCount": 50, "samplingRatio": 20},
            "take 50 tasks and, it seems, inspect some of them",
        ),
        ({"samplingRatio": Decimal("0.5"), "samplingQuantity": 5}, "inspect 50 % of some of its"),
        (
            {"samplingRatio": 20},
            "inspect some of its tasks. Not explained because of errors: sampl",
        ),
        ({"sampleCount": 10**70}, "inspect 1E+70 of its tasks"),
        ({"sampleCount": int("3" * 70)}, f"inspect {'3' * 40}…{'3' * 19} of its tasks"),
        ({"conditions": {"rejectionTime": 1}}, "from tasks that were rejected 1 time."),
        ({"conditions": {"rejectionTime": -1}}, "from tasks that meet conditions with errors."),
        (
            {"conditions": {"conditionJoinType": "or", "rejectionTime": 2, "haveIssue": True}},
            "from tasks that have error labels or that were rejected 2 times.",
        ),
        (
            {"conditions": {"rejectionTime": 2, "haveIssue": True}},
            "from tasks that have error labels and/or that were rejected 2 times.",
        ),
        (
            {"conditions": {"conditionJoinType": "and", "haveIssue": False}},
            "have no error labels. No effect: subCondition.conditionJoinType and.",
        ),
        (
            {"conditions": {"taskId": [str(number) for number in range(25)]}},
            "17, 18, 19 or 5 more.",
        ),
        (
            {"conditions": {"userNameFilter": ["Bo Lind", "a\nb", "Bo Lind"]}},
            r'from tasks that "Bo Lind" or "a\nb" worked on.',
        ),
        ({"conditions": {"taskId": [None, 5]}}, "inspect all of its tasks, from tasks that meet"),
        ({"interceptionFrame": 10}, "No effect: interceptionFrame 10."),
        (
            {
                "interceptionMode": 5,
                "interceptionFrame": 1,
                "interceptionBoundary": [{"start": 0, "end": 9}, {"start": 20}],
            },
            "ranges: 0 to 9. Not explained because of errors: interceptionBoundary[1].end.",
        ),
        (
            {
                "interceptionMode": 5,
                "interceptionFrame": 1,
                "interceptionBoundary": [{"start": 9, "end": 5}, {"start": 20}],
            },
            "errors: interceptionBoundary[0].end and interceptionBoundary[1].end.",
        ),
        (
            {"conditions": {"conditionJoinType": "or", "rejectionTime": -1, "haveIssue": True}},
            "from tasks that have error labels or that meet conditions with errors. Not explained",
        ),
        (
            {"conditions": {"conditionJoinType": "or", "rejectionTime": -1, "taskId": []}},
            "from tasks that meet conditions with errors. Not explained because of errors: subC",
        ),
        (
            {"conditions": {"taskId": ["1", ""], "conditionJoinType": "or"}},
            "that have the id 1. No effect: subCondition.conditionJoinType or. Not explained",
        ),
        ({"interceptionMode": 6, "sequenceLength": 20}, "is cut into sequences of 20 frames."),
        ({"interceptionMode": 7}, "Not explained because of errors: interceptionMode."),
    ],
)
def test_an_explanation(members, expected):
    assert expected in explained(**members)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("samplingRatio: .nan", "Inspect some of its tasks. Not explained"),
        ("poolName: !x p", "errors: annotationRequestId and poolName."),
        ("subCondition: !x {}", "errors: annotationRequestId, poolName and subCondition."),
        (
            "subCondition: {taskId: &a [!x 1], workPoolFilter: *a}",
            "poolName, subCondition.taskId[0] and subCondition.workPoolFilter[0].",
        ),
        ("1: a", "errors: annotationRequestId and poolName."),
        ("sampleCount: [.nan]\nsampleCount: 5", "errors: annotationRequestId and poolName."),
    ],
)
def test_what_json_cannot_carry_is_not_explained(text, expected):
    (document,) = read_documents(text.encode(), "yaml")
    assert expected in explain(document)
