"""The search for choices, on plans that need no document."""

from rosetta_spec.document.operations import CannotEditError, Put, Remove, applied
from rosetta_spec.fixes.choices import choices_among
from rosetta_spec.fixes.planner import Outlook
from rosetta_spec.kinds.repair import Repair


class FakePlanner:
    """Knows a value; the finding goes whatever is done, but for what cannot be done."""

    def __init__(self):
        self.value = {"a": 1, "b": 2}

    def outlook(self, _sighting, operations):
        if operations[0] == Remove(("no",)):
            raise CannotEditError
        return Outlook(applied(self.value, operations), is_gone=True, brought=[])


def test_what_cannot_be_done_comes_to_the_same_or_does_more_than_needed_is_no_choice():
    repairs = [
        Repair((Remove(("no",)),)),
        Repair((Put(("a",), 3),)),
        Repair((Put(("a",), 3),), "the same"),
        Repair((Put(("a",), 3), Remove(("b",)))),
    ]
    assert [title for *_, title in choices_among(FakePlanner(), None, repairs)] == ["set a to 3"]
