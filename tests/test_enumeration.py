"""Enumerations are what `enum.StrEnum` makes, without its import."""

import copy
import enum
import pickle

import pytest

from rosetta_spec.enumeration import StrEnum


class Light(StrEnum):
    """A docstring is no member, nor is a method."""

    RED = "red"
    DARK_GREEN = "dark-green"

    def shout(self) -> str:
        return f"{self.value}!"


class Reference(enum.StrEnum):
    RED = "red"
    DARK_GREEN = "dark-green"


def test_members_are_strings_with_a_name_and_a_value():
    for member, reference in zip(Light, Reference, strict=True):
        assert member == reference == member.value
        assert (str(member), f"{member}", member.name) == (
            str(reference),
            f"{reference}",
            reference.name,
        )
        assert repr(member) == repr(reference).replace("Reference", "Light")
        assert isinstance(member, Light)
    assert Light.RED.shout() == "red!"


def test_a_member_is_found_by_its_value_and_is_the_only_one_of_it():
    assert Light("dark-green") is Light.DARK_GREEN
    assert Light(Light.RED) is Light.RED
    for same in (copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))):  # noqa: S301
        assert same(Light.RED) is Light.RED


@pytest.mark.parametrize("value", ["", "RED", "blue"])
def test_other_values_are_refused_as_enum_refuses_them(value):
    with pytest.raises(ValueError, match="is not a valid Reference") as expected:
        Reference(value)
    with pytest.raises(ValueError, match="is not a valid Light") as found:
        Light(value)
    assert str(found.value) == str(expected.value).replace("Reference", "Light")


def test_members_have_an_order_and_a_number():
    assert (len(Light), list(Light)) == (2, ["red", "dark-green"])
    assert list(reversed(Light)) == [Light.DARK_GREEN, Light.RED]
    assert {Light.RED: 1} == {"red": 1}
