"""`max-bytes`: a string of at most so many bytes in UTF-8."""

from __future__ import annotations

from rosetta_spec.kinds.kind import Finding, Place, RelationKind
from rosetta_spec.kinds.registry import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.strategies.breakage import Breakage
    from rosetta_spec.strategies.maker import Draw, Maker


@kind("max-bytes")
class MaxBytes(RelationKind):
    """`limit` counts bytes, not characters."""

    target = str
    facts = frozenset({"bytes", "limit"})

    def __init__(self, *, limit: int, **place: Iterable[str]) -> None:
        super().__init__(**place)
        self.limit = limit

    def check(self, shown: str) -> Iterator[Finding]:
        size = len(shown.encode())
        if size > self.limit:
            yield Finding(
                pointer=(),
                place=Place(()),
                facts={"bytes": str(size), "limit": str(self.limit)},
            )

    def schema(self) -> None:
        """JSON Schema counts characters, not bytes."""

    def accepts(self, value: str) -> str:
        # No character has more than four bytes, and most strings are far from their limit.
        return f"len({value}) <= {self.limit // 4} or len({value}.encode()) <= {self.limit}"

    def sentence(self) -> str:
        return f"The value has at most {self.limit} bytes in UTF-8."

    def break_valid(self, draw: Draw, make: Maker) -> Breakage:
        valid, place = draw(make.places(self.at))
        letter = draw(make.st.sampled_from("aé你😀"))
        value = make.value_at(valid, place) + letter * self.limit
        return make.broken(valid, place, (), value=value)
