"""The public strategies: what they draw is what they say, in text too."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption

from rosetta_spec import check
from rosetta_spec.kinds import KINDS
from rosetta_spec.request.schema import is_valid, places, schema_at
from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.strategies import Maker, broken_requests, messy_requests, requests
from rosetta_spec.strategies.texts import NOTATIONS
from rosetta_spec.strategies.values import Suggestions

VALUE = {
    "a": [1, Decimal("1e30"), True, None, "x y", "it's", "\u0007", "yes", "", {}],
    "true": {"b": [], "c": {"d": [{"e": 1, "f": {"g": [[2], "3"]}}]}},
    "é: #": "🚗",
}

once = settings(max_examples=3, phases=[Phase.generate], database=None)
few = settings(max_examples=15, derandomize=True)


@pytest.mark.parametrize("notation", NOTATIONS)
@few
@given(data=st.data())
def test_a_notation_keeps_the_value(notation, data):
    from rosetta_spec.document.reader import read_documents  # noqa: PLC0415
    from rosetta_spec.fast import formats  # noqa: PLC0415

    for value in (VALUE, {}, {"a": {}}):
        text = data.draw(NOTATIONS[notation](value))
        format_ = formats.JSON if notation == "json" else formats.YAML
        (document,) = read_documents(text.encode(), format_)
        assert document.value == value


def test_a_value_that_is_no_collection_is_written_too():
    assert find(NOTATIONS["block YAML"](5), lambda text: "5" in text)
    assert find(NOTATIONS["json"](10**30), lambda text: "1" + "0" * 30 in text)


@few
@given(requests(), messy_requests())
def test_drawn_requests_are_data(valid, messy):
    assert check(valid).diagnostics == ()
    assert check(json.dumps(messy, default=str)).summary.documents == 1


@once
@given(broken_requests("ratio-with-quantity"))
def test_a_rule_is_found_by_its_name(breakage):
    assert [d.code for d in check(breakage.broken).diagnostics] == ["RS201"]


@few
@given(st.data())
def test_what_no_single_key_makes_valid_is_drawn_again(data):
    kind = KINDS["schema"](schema={"minProperties": 6}, wants="has six keys")
    rule = builtin_ruleset().find("RS404")._replace(kind=kind)
    assert len(data.draw(requests([rule]))) >= 6


@once
@given(st.data())
def test_what_the_schema_rejects_is_drawn_again(data):
    having = {"samplingRatio": st.sampled_from([5, 1])}
    document, _ = data.draw(Maker(builtin_ruleset().rules).places(((),), having=having))
    assert document["samplingRatio"] == 1


@once
@given(st.data())
def test_what_can_never_be_valid_is_not_drawn(data):
    having = {"samplingRatio": st.just(5)}
    impossible = Maker(builtin_ruleset().rules).places(((),), having=having)
    with pytest.raises(UnsatisfiedAssumption):
        data.draw(impossible)


def test_values_on_both_sides_of_a_limit_are_suggested():
    rule = builtin_ruleset().find("RS404")
    fragment = KINDS["schema"](
        schema={"properties": {"sampleCount": {"const": 7}}, "minLength": 3}, wants="is 7"
    )
    suggestions = Suggestions([rule._replace(kind=fragment)])
    assert 7 in suggestions.at(("sampleCount",))
    assert ("samplingQuantity",) not in suggestions.limits


def test_what_is_suggested_for_a_place_is_valid_there():
    policy = load_ruleset(Path(__file__).parents[1] / "laws" / "policy.rules.yaml").rules
    suggestions = Suggestions((*builtin_ruleset().rules, *policy))
    for place in places():
        values = suggestions.at(place)
        assert values
        assert all(is_valid(value, schema_at(place)) for value in values)


@few
@given(data=st.data())
def test_a_value_for_a_place_is_valid_there(data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rosetta_spec.strategies.values._NAMES", st.sampled_from(["<0>", "pool"]))
        assert data.draw(Maker(()).values(("poolName",))) != "<0>"


@pytest.mark.parametrize("bound", [Decimal("1e5000"), Decimal("1e99999999"), 10**1000])
def test_a_bound_of_any_size_is_suggested(bound):
    rule = builtin_ruleset().find("RS305")
    fragment = KINDS["schema"](at=["/sampleCount"], schema={"maximum": bound}, wants="is short")
    assert bound in Suggestions([rule._replace(kind=fragment)]).at(("sampleCount",))


def test_an_unknown_rule_is_named():
    with pytest.raises(ValueError, match=r"there is no rule rs201; did you mean RS201\?"):
        broken_requests("rs201")
