"""Laws that hold for every document, right or wrong, in every notation."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rosetta_spec.api import check
from rosetta_spec.diagnostic import Severity
from rosetta_spec.request.schema import is_valid
from rosetta_spec.spec.bundle import bundled_schema
from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.strategies import messy_requests, requests
from rosetta_spec.strategies.texts import NOTATIONS

RULES = builtin_ruleset().rules
BUNDLE = bundled_schema(RULES)
EXPRESSIBLE = {
    rule.code for rule in RULES if rule.severity is Severity.ERROR and rule.kind.is_expressible()
}
#: Every rule as an error, those of a team among them.
POLICY = load_ruleset(Path(__file__).parent / "policy.rules.yaml").rules
STRICT = [rule._replace(severity=Severity.ERROR) for rule in (*RULES, *POLICY)]
STRICT_BUNDLE = bundled_schema(STRICT)
STRICTLY_EXPRESSIBLE = {rule.code for rule in STRICT if rule.kind.is_expressible()}

#: Tracing would make them four times as slow, and other tests reach the same code.
pytestmark = pytest.mark.no_cover

thorough = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def said_of(source, **options):
    """What is found, without its place in the text."""
    return sorted((d.code, d.pointer, d.document) for d in check(source, **options).diagnostics)


@thorough
@given(document=messy_requests())
@example(document={"annotationRequestId": "a", "poolName": "b", "interceptionMode": "5"})
def test_the_bundled_schema_rejects_what_breaks_a_rule_that_it_can_say(document):
    broken = {code for code, _, _ in said_of(document)} & EXPRESSIBLE
    assert is_valid(document, BUNDLE) == (not broken)


@thorough
@given(document=messy_requests() | requests())
def test_so_does_one_of_stricter_rules(document):
    broken = {code for code, _, _ in said_of(document, rules=STRICT)} & STRICTLY_EXPRESSIBLE
    assert is_valid(document, STRICT_BUNDLE) == (not broken)


@thorough
@given(document=requests())
def test_a_drawn_request_is_valid_and_fits_the_bundled_schema(document):
    assert said_of(document) == []
    assert is_valid(document, BUNDLE)


@pytest.mark.parametrize("notation", NOTATIONS)
@thorough
@given(data=st.data())
def test_the_same_value_gives_the_same_findings_in_every_notation(notation, data):
    document = data.draw(messy_requests())
    text = data.draw(NOTATIONS[notation](document))
    format_ = "json" if notation == "json" else "yaml"
    assert said_of(text, input_format=format_) == said_of(document)


@thorough
@given(document=messy_requests(), data=st.data())
def test_the_order_of_keys_and_rules_never_matters(document, data):
    shuffled = _shuffled(document, data)
    rules = data.draw(st.permutations(RULES))
    assert said_of(shuffled, rules=rules) == said_of(document)


def _shuffled(value, data):
    if isinstance(value, dict):
        keys = data.draw(st.permutations(list(value)))
        return {key: _shuffled(value[key], data) for key in keys}
    if isinstance(value, list):
        return [_shuffled(item, data) for item in value]
    return value


_FRAGMENTS = st.sampled_from(
    [
        *(b"{", b"}", b"[", b"]", b":", b",", b'"', b"'", b"\n", b"\r", b" ", b"- ", b"&a ", b"*a"),
        *(b"!", b"!!int ", b"<<: ", b"---\n", b"...\n", b"|\n", b">-\n", b"? ", b"#", b"\xff"),
        *(b"poolName", b"subCondition", b"sampleType", b"0", b"1e9", b".nan", b"\xc2\x85"),
        *(b"\t", b"%YAML 1.1\n", b"null", b"true", b"\x00", b"\xe2\x80\xa8", b"\xef\xbb\xbf"),
        b"\\ud800",
    ]
)


@pytest.mark.parametrize("input_format", ["json", "yaml", "jsonl", None])
@thorough
@given(data=st.binary() | st.lists(_FRAGMENTS).map(b"".join))
def test_any_bytes_are_answered_by_findings_inside_the_text(input_format, data):
    report = check(data, input_format=input_format)
    assert report.summary.documents >= 1
    rows = data.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for diagnostic in report.diagnostics:
        assert diagnostic.location <= diagnostic.end_location
        row, column = diagnostic.end_location
        assert 1 <= row <= len(rows)
        assert 1 <= column <= len(rows[row - 1]) + 1
        assert diagnostic.cause.isprintable()
        assert diagnostic.remedy.isprintable()
