"""`ordered`: one value that has to be less than another."""

from __future__ import annotations

from rosetta_spec.document.operations import Swap
from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.fast.predicates import is_written_time
from rosetta_spec.kinds.kind import Finding, Place, RelationKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.repair import Repair

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.document.values import Json
    from rosetta_spec.pointer import Pointer
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("ordered")
class Ordered(RelationKind):
    """`low` and `high`: two keys; `values` says how they compare, as numbers or as times.

    Two times of which only one has a UTC offset cannot be compared, and nothing is said.
    """

    cases = ("equal", "reversed")
    facts = frozenset({"low", "other_value"})

    def __init__(self, *, low: str, high: str, values: str, **place: Iterable[str]) -> None:
        super().__init__(**place)
        self.low = low
        self.high = high
        self.values = values

    def check(self, shown: dict[str, Json]) -> Iterator[Finding]:
        low, high = shown.get(self.low, UNUSABLE), shown.get(self.high, UNUSABLE)
        if UNUSABLE in (low, high):
            return
        order = compared(low, high, as_times=self.values == "times")
        if order is not None and order >= 0:
            yield Finding(
                pointer=(self.high,),
                place=Place((self.high,)),
                case="reversed" if order else "equal",
                facts={"low": self.low},
                related=(Place((self.low,)),),
            )

    def repairs(self, at: Pointer, shown: dict[str, Json], finding: Finding) -> Iterator[Repair]:  # noqa: ARG002
        if finding.case == "reversed":
            yield Repair((Swap((*at, self.low), (*at, self.high)),))

    def schema(self) -> None:
        """JSON Schema cannot compare two values."""

    def accepts(self, value: str) -> str:
        return f"{self.values}_in_order({value}.get({self.low!r}), {value}.get({self.high!r}))"

    def sentence(self) -> str:
        return f"{self.low} is {'before' if self.values == 'times' else 'below'} {self.high}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        having = {self.low: None, self.high: None}
        valid, place = draw(make.places(self.at, having=having))
        before = make.value_at(valid, place)
        low, high = before[self.low], before[self.high]
        swapped = {self.low: high, self.high: low}
        members = draw(make.st.sampled_from([swapped, {self.high: low}, {self.low: high}]))
        return make.broken(valid, place, (self.high,), set_members=members)


def compared(low: Json, high: Json, *, as_times: bool) -> int | None:
    """Return -1, 0 or 1 as `low` is below, equal to, or above `high`; None if nobody can say."""
    # As they are documented, times compare as their characters do.
    if as_times and not (is_written_time(low) and is_written_time(high)):
        # Loading what reads any other takes longer than all the rest.
        from rosetta_spec.kinds.time import read_time  # noqa: PLC0415

        low, high = read_time(low), read_time(high)
        if (low.tzinfo is None) != (high.tzinfo is None):
            return None
    return int(low > high) - int(low < high)
