"""What no request shows of the kinds: descriptions, schemas, pages."""

import pickle
import re
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rosetta_spec.api import check
from rosetta_spec.document.operations import Remove
from rosetta_spec.document.values import UNUSABLE, identity, is_same
from rosetta_spec.kinds import KINDS
from rosetta_spec.kinds.comparison import first_overlaps
from rosetta_spec.kinds.documents import RunKind
from rosetta_spec.kinds.keys_and_values import AnyOf, Forbidden, Fragment, PartnerKind, WrittenAs
from rosetta_spec.kinds.kind import Kind, RelationKind, SchemaKind, values_matching
from rosetta_spec.request.schema import WHITE_SPACE, is_valid
from rosetta_spec.spec.acceptor_generator import quick_test
from rosetta_spec.spec.bundle import bundled_schema
from rosetta_spec.spec.pages import facts_of, markdown_page, text_list, text_page
from rosetta_spec.spec.ruleset import builtin_ruleset, rule_from
from rosetta_spec.strategies import broken_requests, requests

RULES = builtin_ruleset().rules
GOOD = {"annotationRequestId": "a", "poolName": "b"}

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


_KEYS = {"samplingRatio", "workPoolFilter", "userNameFilter", "interceptionMode", "startTime"}


@every_rule
def test_a_description_is_one_plain_sentence(rule):
    sentence = rule.kind.describe()
    assert sentence.endswith(".")
    assert sentence[0] == sentence[0].upper() or sentence.split()[0].rstrip(",") in _KEYS
    assert "None" not in sentence


_KEYS |= {"start", "samplingQuantity", "conditionJoinType"}


@every_rule
def test_a_rule_is_in_the_json_schema_only_if_it_is_expressible(rule):
    """A rule's own fragment, put at its place, rejects its bad example and accepts the good one."""
    if not (isinstance(rule.kind, RelationKind) and rule.kind.is_expressible()):
        return
    alone = rule._replace(severity="error")
    documents = [check_value(example.text) for example in (rule.bad, rule.good)]
    schema = bundled_schema([alone._replace(severity=RULES[0].severity)])
    assert [is_valid(document, schema) for document in documents] == [False, True]


def check_value(text):
    from rosetta_spec.document.reader import read_documents  # noqa: PLC0415

    (document,) = read_documents(text.encode(), None)
    return document.value


def test_the_bundle_lists_what_json_schema_cannot_say():
    comment = bundled_schema(RULES)["$comment"]
    assert "RS301 (reversed-time-range)" in comment
    assert "RS201" not in comment


@every_rule
def test_a_page_says_all_that_there_is_to_a_rule(rule):
    for page in (text_page(rule), markdown_page(rule)):
        assert rule.code in page
        assert rule.name in page
        assert "{" not in page.replace("{start", "").replace("{end", "").replace("{\n", "")
    assert (facts_of(rule)["fix"] is None) == (rule.fix is None)


def test_a_list_has_a_line_for_each_rule():
    assert len(text_list(RULES).splitlines()) == len(RULES)


every_relation_rule = pytest.mark.parametrize(
    "rule", [rule for rule in RULES if isinstance(rule.kind, RelationKind)], ids=lambda r: r.code
)


def targets(rule, request):
    """The values in a request that a rule checks."""
    for pattern in rule.kind.patterns:
        for _, value in values_matching(pattern, request):
            if isinstance(value, rule.kind.target):
                yield value


@every_relation_rule
def test_a_rule_finds_nothing_in_its_good_example(rule):
    for value in targets(rule, check_value(rule.good.text)):
        assert not list(rule.kind.check(value))


@pytest.mark.no_cover
@every_relation_rule
def test_a_value_that_passes_the_quick_test_has_no_violation(rule):
    """The engine calls `check` only for values that the quick test does not clear."""
    is_fine = quick_test(rule.kind)

    @settings(max_examples=20, suppress_health_check=list(HealthCheck))
    @given(requests() | broken_requests(rule.code).map(lambda case: case.broken))
    @example(check_value(rule.good.text))
    @example(check_value(rule.bad.text))
    def law(request):
        for value in targets(rule, request):
            assert not (is_fine(value) and list(rule.kind.check(value)))

    law()


def test_a_kind_has_to_show_every_face():
    kind = Kind()
    for face in (
        lambda: next(kind.check(None)),
        lambda: RelationKind().accepts("value"),
        lambda: RelationKind().break_valid(None, None),
        lambda: PartnerKind().partners(),
        lambda: SchemaKind().wrong_values(None),
        lambda: RunKind().comparison(),
    ):
        with pytest.raises(NotImplementedError):
            face()


def test_a_value_that_is_not_listed_or_cannot_be_used_is_not_forbidden():
    kind = Forbidden(at=["/interceptionMode"], values=[4])
    assert [len(list(kind.check(value))) for value in (4, 4.0, 5, "4", UNUSABLE)] == [1, 1, 0, 0, 0]


def test_a_forbidden_value_has_no_name_if_its_places_call_it_differently():
    one = Forbidden(at=["/interceptionMode"], values=[1, 3, 4, 5])
    several = Forbidden(at=["/sampleType", "/interceptionMode"], values=[1])
    facts = [next(kind.check(1)).facts for kind in (one, several)]
    assert facts == [
        {"meaning": "1 (random continuity)", "others": "2 (positive) or 6 (sequencelength)"},
        {"meaning": "1", "others": "2"},
    ]


def test_a_string_that_is_no_time_has_no_documented_form():
    rule = next(rule for rule in RULES if rule.code == "RS404")
    kind = WrittenAs(at=["/poolName"], pattern=rule.kind.pattern, form="a time")
    (found,) = kind.check("audit")
    assert list(kind.fixes(("poolName",), "audit", found)) == []


def test_a_fragment_says_itself():
    fragment = Fragment(at=["/samplingRatio"], schema={"maximum": 0.5}, wants="is at most 0.5")
    assert fragment.describe() == "The value is at most 0.5 (samplingRatio)."
    assert [case.when for case in fragment.schema_cases()] == [{"not": {"maximum": 0.5}}]


def test_a_rule_without_a_fix_or_pages_has_neither():
    entry = {
        **dict.fromkeys(("name", "message", "help", "why", "source", "bad", "good"), "x"),
        "code": "POL001",
        "severity": "info",
        "kind": "exclusive",
        "keys": ["sampleCount", "samplingQuantity"],
    }
    rule = rule_from(entry, "")
    assert (rule.fix, rule.url, rule.related) == (None, "", {"": ""})
    report = check({**GOOD, "sampleCount": 1, "samplingQuantity": 1}, rules=[rule])
    assert [d.pointer for d in report.diagnostics] == ["/samplingQuantity"]
    assert report.summary.infos == 1


def test_equal_values_of_json_are_one():
    same = [{"a": [1, {"b": True}]}, {"a": [1.0, {"b": True}]}]
    other = [{"a": [1, {"b": 1}]}, {"a": [True, {"b": True}]}]
    assert len(set(map(identity, same))) == 1
    assert len(set(map(identity, [*same, *other]))) == 3


VALUES = st.recursive(
    st.sampled_from([None, True, False, 0, 1, 1.0, Decimal("1.5"), 1.5, "1", UNUSABLE]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=4,
)


@given(VALUES, VALUES)
@example([1], [True])
@example({"a": 0, "b": 1}, {"b": 1.0, "a": False})
def test_values_are_the_same_whose_identities_are(one, other):
    assert is_same(one, other) == (identity(one) == identity(other))
    assert is_same(one, one)


def test_the_first_of_overlapping_ranges_is_named():
    ranges = {0: (0, 9), 1: (20, 29), 2: (5, 25), 3: (100, 101), 4: (29, 100), 5: (7, 8)}
    assert dict(first_overlaps(ranges)) == {2: 0, 4: 1, 5: 0}
    assert list(first_overlaps({})) == []


def test_white_space_is_what_strip_removes():
    chars = "".join(map(chr, range(0x110000)))
    assert re.findall(f"[{WHITE_SPACE}]", chars) == [char for char in chars if char.isspace()]
    assert not any(char.strip() for char in chars if char.isspace())


def test_every_kind_knows_its_name():
    assert all(KINDS[name].name == name for name in KINDS)


def test_a_rule_goes_to_another_process_even_after_it_was_used():
    rule = rule_from(
        {
            **dict.fromkeys(("name", "message", "help", "why", "source", "bad", "good"), "x"),
            "code": "POL001",
            "severity": "error",
            "kind": "schema",
            "at": ["/sampleCount"],
            "schema": {"multipleOf": 5},
            "wants": "is a multiple of 5",
        },
        "",
    )
    request = {"annotationRequestId": "a", "poolName": "b", "sampleCount": 7}
    expected = [each.code for each in check(request, rules=[rule]).diagnostics]
    again = pickle.loads(pickle.dumps(rule))  # noqa: S301 - we have just written it
    assert (
        expected == [each.code for each in check(request, rules=[again]).diagnostics] == ["POL001"]
    )


def test_a_wording_may_ask_for_a_value_that_is_not_there():
    entry = {
        **dict.fromkeys(("name", "why", "source", "bad", "good"), "x"),
        "code": "POL001",
        "severity": "error",
        "kind": "required-when",
        "key": "sampleCount",
        "by": "sampleType",
        "values": [1],
        "message": "[{value}]",
        "help": "[{called}]",
    }
    request = {"annotationRequestId": "a", "poolName": "b", "sampleType": 1}
    (found,) = check(request, rules=[rule_from(entry, "")]).diagnostics
    assert found.message == "[]; []"


def test_what_asks_for_a_value_is_silent_where_nothing_can_be_known():
    """Neither an unusable value nor one inside an unusable object says that another is wanted."""
    asks = KINDS["set-when"](
        place="/subCondition/haveIssue", to=[True], by="/poolName", values=["a"]
    )
    assert list(asks.check({"poolName": UNUSABLE})) == []
    assert list(asks.check({"poolName": "a", "subCondition": UNUSABLE})) == []
    assert len(list(asks.check({"poolName": "a", "subCondition": {}}))) == 1


def test_a_request_that_says_nothing_is_not_taken_away():
    (found,) = (rule := AnyOf(groups=[["sampleCount"]])).check({})
    assert list(rule.fixes((), {}, found)) == []
    assert [fix.operations for fix in rule.fixes(("a",), {}, found)] == [(Remove(("a",)),)]


def test_a_value_is_allowed_only_while_another_key_has_a_listed_value():
    kind = KINDS["allowed-when"](place="/interceptionMode", to=[6], by="/sampleType", values=[1])
    assert not list(kind.check({"interceptionMode": 5}))
    assert not list(kind.check({"interceptionMode": 6, "sampleType": 1}))
    (absent,) = kind.check({"interceptionMode": 6})
    (other,) = kind.check({"interceptionMode": 6, "sampleType": 2})
    assert (absent.case, other.case) == ("absent", "other")
