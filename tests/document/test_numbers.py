import json
import pickle
from decimal import MAX_EMAX, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.document.values import is_multiple, is_whole, number_of, spelled

LITERALS = st.from_regex(
    r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,6})?", fullmatch=True
)
HUGE = "9" * 30


@given(LITERALS)
def test_a_number_is_exact(text):
    """The value of a literal is the value of its digits, regardless of its size."""
    number = number_of(text)
    assert number == Decimal(text)
    assert isinstance(number, int) == text.lstrip("-").isdecimal()


@pytest.mark.parametrize(("digits", "expected"), [(640, int), (641, Decimal), (4301, Decimal)])
def test_integers_of_any_length_are_exact(digits, expected):
    """No integer has more digits than Python writes with the lowest limit that it can have."""
    number = number_of("-" + "7" * digits)
    assert type(number) is expected
    assert number == Decimal("-" + "7" * digits)


@pytest.mark.parametrize(
    ("text", "value"), [("1.0", 1), ("-0", 0), ("+5", 5), (".5", Decimal("0.5"))]
)
def test_a_number_as_json_or_yaml_writes_it(text, value):
    assert number_of(text) == value


def test_an_exponent_out_of_range_keeps_the_order():
    """Below everything, near zero on each side, above everything: as the texts say."""
    texts = [
        f"-2.5e+{HUGE}",
        f"-9e{MAX_EMAX}",
        "-1",
        "-1e-999999999",
        f"-1e-{HUGE}",
        f"0.00E{HUGE}",
        f"1E-{HUGE}",
        "1e-999999999",
        "1",
        f"9e{MAX_EMAX}",
        f"1{'0' * 9}e{HUGE}",
    ]
    numbers = [number_of(text) for text in texts]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == len(numbers)
    assert all(Decimal(number).is_finite() for number in numbers)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"1e{HUGE}", f"1E+{HUGE}"),
        (f"-0.0250e-{HUGE}", f"-2.5E-1{'0' * 29}1"),
        (f"+120.E+000{HUGE}", f"1.2E+1{'0' * 29}1"),
        (f"9e{MAX_EMAX}", f"9E+{MAX_EMAX}"),
    ],
)
def test_an_exponent_out_of_range_is_written_as_it_is(text, written):
    number = number_of(text)
    assert str(number) == written
    assert number_of(written) == number
    copy = pickle.loads(pickle.dumps(number))  # noqa: S301 - written here
    assert (copy, str(copy)) == (number, written)


@given(LITERALS)
def test_spelled_is_the_number_of_a_literal(text):
    assert spelled(text) == number_of(text)


@given(st.one_of(st.text(), st.text(alphabet="0123456789+-.eE \n_xtrufalsn", max_size=6)))
def test_spelled_knows_exactly_what_json_spells(text):
    try:
        value = json.loads(text, parse_float=Decimal, parse_constant=lambda _: None)
    except ValueError:
        value = None
    is_scalar = isinstance(value, (int, Decimal)) and text == text.strip()
    assert spelled(text) == (value if is_scalar else None)


@pytest.mark.parametrize(
    "text",
    ["", "null", "True", " 1", "1 ", "1\n", "01", "+1", ".5", "1.", "1e", "0x1", "1_0", "٣", "NaN"],
)
def test_what_json_does_not_spell(text):
    assert spelled(text) is None


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False), ("12", 12)])
def test_what_json_spells(text, value):
    assert spelled(text) is value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", True),
        ("1.0", True),
        ("1e3", True),
        ("0e-5", True),
        ("1.5", False),
        ("10e-2", False),
        ("100e-2", True),
        ("1e999999999", True),
        ("1e-999999999", False),
        (f"1e{HUGE}", True),
        (f"1e-{HUGE}", False),
    ],
)
def test_is_whole(text, expected):
    assert is_whole(number_of(text)) is expected


@given(st.integers(-(10**30), 10**30), st.integers(1, 1000), st.integers(-5, 5), st.integers(-5, 5))
def test_multiples_are_recognized_exactly(digits, by_digits, exponent, by_exponent):
    number = Decimal(digits).scaleb(exponent)
    divisor = Decimal(by_digits).scaleb(by_exponent)
    assert is_multiple(number, divisor) == (Fraction(number) % Fraction(divisor) == 0)


@pytest.mark.parametrize(
    ("number", "divisor", "is_one"),
    [
        (Decimal("1e999999999"), 5, True),
        (Decimal("1e999999999"), 7, False),
        (Decimal("1e-999999999"), 5, False),
        (0, Decimal("1e999999999"), True),
        (7, Decimal("1e999999999"), False),
        (Decimal(f"0.{'3' * 5000}"), Decimal("0.01"), False),
        (Decimal(f"0.25{'0' * 5000}"), Decimal("0.05"), True),
        (Decimal("0.5"), 1, False),
        (Decimal("10.0"), 10, True),
        (Decimal("10.0"), Decimal("1e1"), True),
        (Decimal("1.0"), Decimal("1e1"), False),
    ],
)
def test_multiples_of_any_size_are_recognized_quickly(number, divisor, is_one):
    assert is_multiple(number, divisor) == is_one
