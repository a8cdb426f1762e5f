"""Records are what `typing.NamedTuple` makes, without its import."""

from __future__ import annotations

import pickle
import typing

import pytest

from rosetta_spec.record import NamedTuple


class Place(NamedTuple):
    row: int
    column: int = 1
    label: str = ""

    @property
    def name(self) -> str:
        """A member that is no field."""
        return f"{self.row}:{self.column}"


class Reference(typing.NamedTuple):
    row: int
    column: int = 1
    label: str = ""


CALLS = [
    ((1,), {}),
    ((1, 2), {}),
    ((1, 2, "x"), {}),
    ((), {"row": 1}),
    ((1,), {"label": "x"}),
    ((1,), {"label": "x", "column": 3}),
]


@pytest.mark.parametrize(("values", "named"), CALLS)
def test_fields_are_given_by_position_by_name_or_by_default(values, named):
    record, reference = Place(*values, **named), Reference(*values, **named)
    assert record == tuple(reference)
    assert record._asdict() == reference._asdict()
    assert repr(record) == repr(reference).replace("Reference", "Place")
    assert (record.row, record.column, record.label) == tuple(reference)


@pytest.mark.parametrize(
    ("values", "named", "message"),
    [
        ((), {}, "Place lacks row"),
        ((), {"column": 1}, "Place lacks row"),
        ((1, 2, "x", 4), {}, "Place has the fields row, column, label"),
        ((1,), {"other": 2}, "Place has the fields row, column, label"),
        ((1,), {"row": 2}, "Place has the fields row, column, label"),
    ],
)
def test_other_calls_are_refused(values, named, message):
    with pytest.raises(TypeError, match=message):
        Place(*values, **named)


def test_a_record_is_a_tuple_with_names_and_members():
    record = Place(3, label="x")
    row, *others = record
    assert (row, others) == (3, [1, "x"])
    assert record.name == "3:1"
    assert record._replace(row=4) == Place(4, 1, "x")
    assert Place._fields == ("row", "column", "label")
    assert {record: 1}[Place(3, 1, "x")] == 1
    match record:
        case Place(3, column, label="x"):
            assert column == 1
        case _:
            pytest.fail("a pattern names its fields in order")


def test_a_record_goes_to_another_process():
    record = Place(3, 4, "x")
    again = pickle.loads(pickle.dumps(record))  # noqa: S301 - we have just written it
    assert (again, type(again)) == (record, Place)


def test_a_record_cannot_be_changed():
    with pytest.raises(AttributeError):
        Place(1).row = 2
    with pytest.raises(AttributeError):
        Place(1).other = 2


def test_the_constructor_that_a_class_gets_in_time_is_the_same():
    class Often(NamedTuple):
        row: int
        column: int = 1
        label: str = ""

    for count in range(200):
        assert Often(count) == (count, 1, "")
        assert Often(label="x", row=count, column=2)._replace(column=3) == (count, 3, "x")
    for wrong in ((), (1, 2, "x", 4)):
        with pytest.raises(TypeError):
            Often(*wrong)
    with pytest.raises(TypeError):
        Often(1, other=2)


def test_a_class_below_a_record_may_say_otherwise_what_a_field_is():
    class Lazy(Place):
        @property
        def label(self):
            return "later"

    assert (Lazy(1, 2).row, Lazy(1, 2).label, Lazy(1, 2)) == (1, "later", (1, 2, ""))


def test_a_record_may_have_no_fields():
    class Nothing(NamedTuple):
        """Stands for itself."""

    assert {Nothing() for _ in range(100)} == {()}
