"""`schema`: whatever a JSON Schema fragment says of a place."""

from __future__ import annotations

from rosetta_spec.document.values import UNUSABLE
from rosetta_spec.kinds.kind import Breach, Finding, Place, RelationKind
from rosetta_spec.kinds.registry import kind
from rosetta_spec.request.expressions import fits_fragment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rosetta_spec.document.values import Json
    from rosetta_spec.request.schema import Schema
    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("schema")
class Fragment(RelationKind):
    """`schema` is a draft-07 fragment, `wants` the same in words (`is at most 0.5`)."""

    target = object
    facts = frozenset({"wants"})

    def __init__(self, *, schema: Schema, wants: str, **place: Iterable[str]) -> None:
        super().__init__(**place)
        self.fragment = schema
        self.wants = wants
        self._judge: Callable[[Json], bool] | None = None

    def check(self, shown: Json) -> Iterator[Finding]:
        if shown is not UNUSABLE and not self._fits(shown):
            yield self._unfit()

    def _unfit(self) -> Finding:
        return Finding(pointer=(), place=Place(()), facts={"wants": self.wants})

    def _fits(self, value: Json) -> bool:
        if self._judge is None:
            # A slow import that other kinds do without.
            from rosetta_spec.request.schema_judge import judge_of  # noqa: PLC0415

            self._judge = judge_of(self.fragment)
        return self._judge(value)

    def schema(self) -> Schema:
        return self.fragment

    def breaches(self) -> Iterator[Breach]:
        yield Breach({"not": self.fragment}, self._unfit())

    def accepts(self, value: str) -> str:
        return fits_fragment(self.fragment, value)

    def sentence(self) -> str:
        return f"The value {self.wants}."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        # What it says of single values inside is broken one by one.
        inside = [place for at in self.at for place in make.places_in(at, self.fragment)]
        if inside != list(self.at):
            return draw(make.steps(self, [place for place in inside if place]))
        valid, place = draw(make.places(self.at))
        unfit = make.values(place).filter(lambda value: not self._fits(value))
        return make.broken(valid, place, (), value=draw(unfit))
