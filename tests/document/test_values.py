"""Writing JSON: what is written reads as the same value, every number as it was."""

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.document.values import indented_json, json_text

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | DECIMALS | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
)


@given(VALUES)
def test_what_is_written_reads_as_the_same(value):
    for text in (json_text(value), indented_json(value)):
        assert json.loads(text, parse_float=Decimal) == value


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    )
)
def test_rows_are_those_of_the_standard_library(value):
    assert indented_json(value) == json.dumps(value, indent=2, ensure_ascii=False)
