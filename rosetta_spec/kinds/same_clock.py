"""`same-clock`: two times that can be compared only if both have a UTC offset, or neither."""

from __future__ import annotations

from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.kinds.kind import Finding, Place, RelationKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.kinds.time import read_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.document.values import Json
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("same-clock")
class SameClock(RelationKind):
    """`keys`: two readable times; the second one is blamed."""

    facts = frozenset({"other", "aware", "naive"})

    def __init__(self, *, keys: Iterable[str], **place: Iterable[str]) -> None:
        super().__init__(**place)
        self.keys = tuple(keys)

    def check(self, shown: dict[str, Json]) -> Iterator[Finding]:
        values = [shown.get(key, UNUSABLE) for key in self.keys]
        if UNUSABLE in values:
            return
        is_aware = [read_time(value).tzinfo is not None for value in values]
        if is_aware[0] != is_aware[1]:
            first, second = self.keys
            aware, naive = (first, second) if is_aware[0] else (second, first)
            yield Finding(
                pointer=(second,),
                place=Place((second,)),
                facts={"other": first, "aware": aware, "naive": naive},
                related=(Place((first,)),),
            )

    def schema(self) -> None:
        """JSON Schema cannot compare two values."""

    def accepts(self, value: str) -> str:
        one, other = self.keys
        return f"same_clock({value}.get({one!r}), {value}.get({other!r}))"

    def sentence(self) -> str:
        return f"{' and '.join(self.keys)} both have a UTC offset, or neither has."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.at, having=dict.fromkeys(self.keys)))
        key = draw(make.st.sampled_from(self.keys))
        value = make.value_at(valid, (*place, key)) + draw(make.st.sampled_from(["Z", "+08:00"]))
        return make.broken(valid, place, (self.keys[1],), set_members={key: value})
