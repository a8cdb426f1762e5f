"""Law: a short number is its `Decimal`, whatever is asked of it."""

import operator
import pickle
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rosetta_spec.document.number import is_number, is_whole, number_of
from rosetta_spec.document.short_number import ShortNumber, is_short

texts = st.from_regex(r"-?(0|[1-9][0-9]{0,13})\.[0-9]{1,13}", fullmatch=True).filter(is_short)
others = st.one_of(
    texts.map(Decimal),
    st.integers(),
    st.integers(-20, 20),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.from_regex(r"-?[0-9]\.[0-9]{16,30}", fullmatch=True).map(Decimal),
    st.booleans(),
)
COMPARISONS = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)


@given(texts, others)
@example("0.2", Decimal("0.2000000000000000000"))
@example("0.3", Decimal("0.299999999999999988897769753748"))
@example("9999999999999.9", 10**13)
@example("-0.0", 0)
def test_it_compares_as_its_decimal(text, other):
    short, exact = ShortNumber(text), Decimal(text)
    for compare in COMPARISONS:
        assert compare(short, other) == compare(exact, other)
        assert compare(other, short) == compare(other, exact)


@given(texts, texts)
@example("0.10", "0.1")
@example("999999999999.99", "999999999999.98")
def test_two_compare_as_their_decimals(one, other):
    for compare in COMPARISONS:
        expected = compare(Decimal(one), Decimal(other))
        assert compare(ShortNumber(one), ShortNumber(other)) == expected


@given(texts)
def test_whatever_else_is_asked_of_it(text):
    short, exact = ShortNumber(text), Decimal(text)
    assert hash(short) == hash(exact)
    assert bool(short) == bool(exact)
    assert int(short) == int(exact)
    assert float(short) == float(exact)
    assert short.as_integer_ratio() == exact.as_integer_ratio()
    assert is_whole(short) == is_whole(exact)
    assert is_number(short)
    assert str(short) == text
    assert repr(short) == f"ShortNumber('{text}')"
    assert pickle.loads(pickle.dumps(short)) == short  # noqa: S301 - it was pickled here


@given(st.from_regex(r"[-+]?[0-9]{0,20}\.?[0-9]{0,20}([eE][-+]?[0-9]{1,2})?", fullmatch=True))
def test_what_is_no_short_number_is_read_exactly(text):
    if text.strip("+-.eE"):
        try:
            exact = Decimal(text)
        except ArithmeticError:
            return
        assert number_of(text) == exact
        assert is_short(text) == isinstance(number_of(text), ShortNumber)


@pytest.mark.parametrize("text", [".5", "5.", "1e2", "1.5e1", "+1.5", "01.5", "1.2345678901234567"])
def test_few_spellings_are_short(text):
    assert not is_short(text)


@pytest.mark.parametrize("other", ["0.2", None, [], object()])
def test_nothing_else_equals_it(other):
    short = ShortNumber("0.2")
    assert short != other
    with pytest.raises(TypeError):
        _ = short < other
