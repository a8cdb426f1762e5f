"""RS502 against a model: requests that share a task are never said to exclude each other."""

import json
import os
from datetime import datetime, timedelta
from itertools import product
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rosetta_spec.api import check
from rosetta_spec.document.lines import Block
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.repeats import RepeatFinder
from rosetta_spec.engine.validation import Validation
from rosetta_spec.kinds import documents as kinds
from rosetta_spec.spec.ruleset import builtin_ruleset

RULE = builtin_ruleset().find("competing-requests")
RULES = builtin_ruleset().rules
SENDABLE = Checker(RULES).sendable

TIMES = [f"2025-03-0{day} 00:00:00" for day in range(1, 5)]
OTHER_TIMES = ["2025-03-02", "2025-03-03T00:00Z", "2025-03-01 12:00:00+08:00"]
POOLS, USERS, IDS = ["p1", "p2", "p3"], ["u1", "u2", "u3"], ["1", "2", "3"]


def lists(values):
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


def keys(**values):
    return st.fixed_dictionaries(values)


CONDITIONS = [
    keys(workPoolFilter=lists(POOLS), workPoolFilterType=st.sampled_from([1, 2])),
    keys(userNameFilter=lists(USERS), operationFilterType=lists([1, 2, 3])),
    keys(noNeedAnnotate=st.sampled_from([True, False, "true"])),
    keys(haveIssue=st.booleans()),
    keys(rejectionTime=st.sampled_from([0, 1])),
    keys(taskId=lists(IDS)),
    keys(startTime=st.sampled_from(TIMES + OTHER_TIMES)),
    keys(endTime=st.sampled_from(TIMES + OTHER_TIMES)),
    st.tuples(st.sampled_from(TIMES), st.sampled_from(TIMES)).map(
        lambda ends: {"startTime": min(ends), "endTime": max(ends)}
    ),
]


@st.composite
def pairs(draw):
    """Two requests with up to three conditions, mostly about the same, and any join."""
    chosen = draw(st.lists(st.sampled_from(CONDITIONS), max_size=3, unique_by=id))
    others = draw(st.lists(st.sampled_from(CONDITIONS), max_size=3, unique_by=id))
    both = []
    for mine in (chosen, draw(st.sampled_from([chosen, chosen, others]))):
        members = {key: value for each in mine for key, value in draw(each).items()}
        join = draw(st.sampled_from(["and", "and", "or", None, "absent"]))
        if join != "absent":
            members["conditionJoinType"] = join
        both.append(members)
    return both


#: Properties of tasks that conditions select by.
TASKS = keys(
    last=st.sampled_from(POOLS),
    others=st.sets(st.sampled_from(POOLS)),
    work=st.dictionaries(st.sampled_from([1, 2, 3]), st.sampled_from(USERS)).map(
        lambda users: {(user, type_) for type_, user in users.items()}
    ),
    needed=st.booleans(),
    issue=st.booleans(),
    rejections=st.integers(0, 2),
    id=st.sampled_from(IDS),
    entered=st.sampled_from(TIMES).map(datetime.fromisoformat),
)
#: What the server may do where the page leaves it open.
SERVERS = keys(
    join=st.sampled_from([all, any]),
    counts_more=st.booleans(),
    zone=st.sampled_from([-11, 0, 8, 14]),
)


def selects(members, task, server):
    """Whether a server selects a task by some conditions: the brute-force model."""
    members = {key: value for key, value in members.items() if value is not None}
    join = {"and": all, "or": any}.get(members.get("conditionJoinType"), server["join"])
    met = []
    if pools := members.get("workPoolFilter"):
        been = {task["last"]}
        if members["workPoolFilterType"] == 2:
            been |= task["others"]
        met.append(bool(been & set(pools)))
    if users := members.get("userNameFilter"):
        met.append(
            any(pair in task["work"] for pair in product(users, members["operationFilterType"]))
        )
    if "noNeedAnnotate" in members:
        met.append(task["needed"] is (members["noNeedAnnotate"] in (True, "true")))
    if "haveIssue" in members:
        met.append(task["issue"] is members["haveIssue"])
    if "rejectionTime" in members:
        least = members["rejectionTime"]
        met.append(
            task["rejections"] >= least if server["counts_more"] else task["rejections"] == least
        )
    if "taskId" in members:
        met.append(task["id"] in members["taskId"])
    if {"startTime", "endTime"} & members.keys():
        met.append(
            ("startTime" not in members or moment(members["startTime"], server) <= task["entered"])
            and ("endTime" not in members or task["entered"] <= moment(members["endTime"], server))
        )
    return join(met) if met else True


def moment(text, server):
    """Return a time as the server's clock shows it."""
    time = datetime.fromisoformat(text)
    if time.tzinfo:
        return time.replace(tzinfo=None) - time.utcoffset() + timedelta(hours=server["zone"])
    return time


def all_found_in(*documents, sendable=lambda value: value):
    """Return what is found of all documents; errors do not matter."""
    finder = RepeatFinder([RULE])
    lines = "".join(f"{json.dumps(each)}\n" for each in documents)
    return finder.in_lines(Block(lines.encode(), 1, 0), "a.jsonl", sendable)


def found_in(*documents, sendable=lambda value: value):
    """Return what is found of the last document."""
    found = all_found_in(*documents, sendable=sendable)
    return found.get(("a.jsonl", len(documents) - 1))


def request(members):
    return {"annotationRequestId": "a", "poolName": "p", "subCondition": members}


def as_seen(value):
    """Return a value without null members and quotes, as rules see it."""
    if isinstance(value, dict):
        return {key: as_seen(each) for key, each in value.items() if each is not None}
    return True if value == "true" else value


@pytest.mark.no_cover
@settings(max_examples=int(os.environ.get("EXAMPLES", "150")))
@given(pairs(), st.lists(TASKS, min_size=1, max_size=6), SERVERS)
def test_requests_that_share_a_task_compete(pair, tasks, server):
    one, other = pair
    shared = [task for task in tasks if selects(one, task, server) and selects(other, task, server)]
    if shared:
        assert found_in(request(one), request(other), sendable=as_seen)


CASES = [
    # Two conditions, and the fields that are named, None if the requests exclude each other.
    ({}, {}, ""),
    ({}, {"taskId": ["1"]}, ""),
    ({"taskId": ["1"]}, {"taskId": ["2"]}, None),
    ({"taskId": ["1", "2"]}, {"taskId": ["2"]}, "taskId"),
    ({"haveIssue": True}, {"haveIssue": False}, None),
    ({"haveIssue": True}, {"haveIssue": "false"}, "error"),
    ({"haveIssue": True}, {"haveIssue": None}, "error"),
    ({"noNeedAnnotate": True}, {"noNeedAnnotate": True}, "noNeedAnnotate"),
    ({"rejectionTime": 1}, {"rejectionTime": 2}, "rejectionTime"),
    (
        {"workPoolFilter": ["a"], "workPoolFilterType": 1},
        {"workPoolFilter": ["b", " c "], "workPoolFilterType": 1},
        None,
    ),
    (
        {"workPoolFilter": ["a"], "workPoolFilterType": 1},
        {"workPoolFilter": ["b"], "workPoolFilterType": 2},
        "workPoolFilter",
    ),
    (
        {"userNameFilter": ["a"], "operationFilterType": [1]},
        {"userNameFilter": ["b"], "operationFilterType": [1, 1]},
        None,
    ),
    *(
        (
            {"userNameFilter": ["a"], "operationFilterType": types},
            {"userNameFilter": ["b"], "operationFilterType": others},
            "userNameFilter",
        )
        for types, others in [([1], [2]), ([1, 2], [1, 2]), ([1], [1, 2])]
    ),
    (
        {"userNameFilter": ["a", "b"], "operationFilterType": [2]},
        {"userNameFilter": ["b", "c"], "operationFilterType": [2]},
        "userNameFilter",
    ),
    ({"endTime": "2025-03-01 00:00:00"}, {"startTime": "2025-03-01 00:00:01"}, None),
    ({"startTime": "2025-03-01 00:00:01"}, {"endTime": "2025-03-01"}, None),
    ({"startTime": "2025-03-02"}, {"endTime": "2025-03-02"}, "startTime and endTime"),
    (
        {"startTime": "2025-03-02T00:00Z"},
        {"endTime": "2025-03-01T23:00:00-02:00"},
        "startTime and endTime",
    ),
    ({"startTime": "2025-03-02T00:00Z"}, {"endTime": "2025-03-02T07:00+08:00"}, None),
    (
        {"startTime": "2025-03-02T00:00Z"},
        {"endTime": "2025-03-01 12:00:00"},
        "startTime and endTime",
    ),
    ({"startTime": "2025-03-02T00:00Z"}, {"endTime": "2025-02-28 12:00:00"}, None),
    (
        {"startTime": "0001-01-01T00:00+23:59"},
        {"endTime": "9999-12-31T00:00-23:59"},
        "startTime and endTime",
    ),
    (
        {"conditionJoinType": "and", "haveIssue": True, "taskId": ["1"]},
        {"conditionJoinType": "and", "haveIssue": True, "taskId": ["2"]},
        None,
    ),
    (
        {"conditionJoinType": "or", "haveIssue": True, "taskId": ["1"]},
        {"conditionJoinType": "and", "haveIssue": True, "taskId": ["2"]},
        "haveIssue",
    ),
    ({"haveIssue": True, "taskId": ["1"]}, {"taskId": ["2"]}, ""),
    (
        {"conditionJoinType": "or", "haveIssue": True, "taskId": ["1"]},
        {"conditionJoinType": "and", "haveIssue": False, "taskId": ["2"]},
        None,
    ),
    ({"conditionJoinType": "or", "haveIssue": True, "rejectionTime": 1}, {"haveIssue": False}, ""),
]


@pytest.mark.parametrize(("one", "other", "fields"), CASES)
def test_what_excludes_each_other(one, other, fields):
    for first, second in [(one, other), (other, one)]:
        found = found_in(request(first), request(second), sendable=SENDABLE)
        if fields in (None, "error"):
            assert found is None
        else:
            (earlier,) = found
            assert (earlier.case, earlier.facts) == (
                "shared" if fields else "open",
                {"fields": fields},
            )


def test_the_first_that_competes_is_named():
    documents = [request({"taskId": [each]}) for each in "1234"]
    (earlier,) = found_in(*documents, request({"taskId": ["3", "4"]}))
    assert earlier.document == 2
    assert found_in(*documents, {**request({}), "poolName": "q"}) is None
    assert found_in(*documents, {**request({}), "annotationRequestId": "b"}) is None


@given(st.lists(pairs(), min_size=1, max_size=30), st.sampled_from([2, kinds._SIZE]))
def test_the_first_of_many_is_found_as_if_each_was_compared(all_pairs, size):
    documents = [request(members) for pair in all_pairs for members in pair]
    seen = [RULE.kind._selection(as_seen(each)) for each in documents]
    with patch.object(kinds, "_SIZE", size):
        found = all_found_in(*documents, sendable=as_seen)
    for number, each in enumerate(seen):
        first = next((nth for nth in range(number) if may_share_a_task(seen[nth], each)), None)
        assert [match.document for match in found.get(("a.jsonl", number), ())] == (
            [] if first is None else [first]
        )


def may_share_a_task(one, other):
    return any(
        not any(
            kinds._exclude(way[index], way_of_other[index])
            for index in way.keys() & way_of_other.keys()
        )
        for way, way_of_other in product(one.ways, other.ways)
    )


def counting(operator):
    """Return an operator that counts its calls."""

    def compare(self, other):
        CountedTime.comparisons += 1
        return operator(self, other)

    return compare


class CountedTime(int):
    """A time that counts how often it is compared."""

    comparisons = 0
    __lt__, __le__, __gt__, __ge__ = map(counting, (int.__lt__, int.__le__, int.__gt__, int.__ge__))

    def __add__(self, other):
        return CountedTime(int(self) + other)

    def __sub__(self, other):
        return CountedTime(int(self) - other)


@pytest.mark.parametrize("is_shuffled", [False, True])
def test_times_that_do_not_meet_are_found_in_about_linear_time(monkeypatch, is_shuffled):
    microseconds = kinds._microseconds
    monkeypatch.setattr(kinds, "_microseconds", lambda time: CountedTime(microseconds(time)))

    def comparisons(count):
        monkeypatch.setattr(CountedTime, "comparisons", 0)
        days = [moment(TIMES[0], {}) + timedelta(nth) for nth in range(count)]
        # The step and the count have no common divisor.
        order = (nth * 719 % count if is_shuffled else nth for nth in range(count))
        times = [
            {"startTime": str(days[nth]), "endTime": str(days[nth] + timedelta(hours=1))}
            for nth in order
        ]
        assert not all_found_in(*map(request, times))
        return CountedTime.comparisons

    assert comparisons(1200) < 6 * comparisons(300)


def as_seen_with_errors(value):
    validation = Validation(value)
    list(validation.errors())
    return validation.normalized


@pytest.mark.parametrize("wrong", [{"taskId": [7]}, {"startTime": "soon"}, {"taskId": []}])
def test_what_is_not_usable_keeps_nothing_apart(wrong):
    right = {"taskId": ["1"], "startTime": "2025-03-01", "conditionJoinType": "and"}
    assert found_in(request(right), request(wrong), sendable=as_seen_with_errors)


def test_the_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(kinds, "_MAX_BYTES", 2_000)
    ids = [request({"taskId": ["1", "2"]})] * 2
    assert found_in(*ids)
    assert not found_in(*ids, *ids[:1])


def test_a_request_after_one_with_an_error_does_not_compete():
    wrong = {**request({}), "samplingRatio": 20.5}
    text = "".join(f"{json.dumps(each)}\n" for each in (wrong, request({})))
    codes = [each.code for each in check(text, input_format="jsonl", rules=RULES).diagnostics]
    assert "RS502" not in codes
    assert check(text, input_format="jsonl", rules=[RULE]).diagnostics == ()
