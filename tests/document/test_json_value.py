"""The quick reader of JSON, and what writes JSON, with and without the module that is in C."""

import json
import sys
from decimal import Decimal
from importlib.util import find_spec, module_from_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.document.values import json_text, number_of
from rosetta_spec.fast.formats import Declined
from rosetta_spec.fast.json_value import read_json_value, scanner

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.fixture(params=["in C", "portable"])
def scan(request, monkeypatch):
    """A scanner, once as it is everywhere and once as in a Python without `_json`."""
    if request.param == "portable":
        monkeypatch.setitem(sys.modules, "_json", None)
        spec = find_spec("rosetta_spec.fast.json_value")
        portable = module_from_spec(spec)
        spec.loader.exec_module(portable)
        return portable.scanner(number_of, number_of)
    return scanner(number_of, number_of)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ('{"a": [1, 2.50, true, null, "\\u00e9"]}', {"a": [1, Decimal("2.50"), True, None, "é"]}),
        (" \t\r\n{} ", {}),
        ("1e400", Decimal("1e400")),
        ('"\\ud83d\\ude00"', "😀"),
    ],
)
def test_what_is_right_is_read(scan, content, value):
    assert read_json_value(content, scan) == value


@pytest.mark.parametrize(
    "content",
    [
        '{"a": 1, "a": 1}',
        "[NaN]",
        "-Infinity",
        "{} {}",
        "",
        "[1,]",
        '"\x01"',
        '"\\ud83d"',
        "[" * 9999,
    ],
)
def test_what_may_be_wrong_is_declined(scan, content):
    with pytest.raises(Declined):
        read_json_value(content, scan)


@given(VALUES)
def test_json_is_written_as_the_json_package_does(value):
    assert json_text(value) == json.dumps(value, ensure_ascii=False)


def test_numbers_are_written_as_the_decimals_that_they_are():
    value = {"a": [Decimal("0.10000000000000000000001"), 2**70]}
    assert json_text(value) == '{"a": [0.10000000000000000000001, 1180591620717411303424]}'


def test_json_is_written_without_the_module_in_c_too(monkeypatch):
    monkeypatch.setitem(sys.modules, "_json", None)
    assert json_text({"é\n": "\x7f\u2028"}) == '{"é\\n": "\x7f\u2028"}'
