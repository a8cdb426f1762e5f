"""Which acceptor goes with some rules: ours is shipped, one with a team's rules is made of them."""

from __future__ import annotations

from rosetta_spec.fast import acceptor as builtin
from rosetta_spec.spec.codes import is_ours

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from rosetta_spec.document.plain import Json
    from rosetta_spec.spec.rule import Rule

    #: Whether there is surely nothing to report of a value of a quick reader.
    Accepts: TypeAlias = Callable[[Json], bool]

#: The last acceptor that was made, and the rules it was made of.
_latest: tuple[tuple[Rule, ...], Accepts] = ((), builtin.accepts)


def acceptor_of(rules: tuple[Rule, ...] | None) -> Accepts:
    """Return an acceptor of requests of which `rules` (None: ours) have surely nothing to say.

    To leave some of our own rules out makes no difference: what is silenced is not accepted.
    """
    global _latest  # noqa: PLW0603 - it takes a few milliseconds to make one
    if rules is None or all(is_ours(rule.code) for rule in rules):
        return builtin.accepts
    if not _is_same(rules, _latest[0]):
        _latest = (rules, _made_of(rules))
    return _latest[1]


def _is_same(rules: tuple[Rule, ...], others: tuple[Rule, ...]) -> bool:
    pairs = zip(rules, others, strict=False)
    return len(rules) == len(others) and all(one is other for one, other in pairs)


def _made_of(rules: tuple[Rule, ...]) -> Accepts:
    # The generator needs the kinds, which our own acceptor does without.
    from rosetta_spec.spec.acceptor_generator import acceptor_source  # noqa: PLC0415

    source = acceptor_source(rules, title="The acceptor of a team's rules.")
    module: dict[str, Any] = {}
    exec(compile(source, "<acceptor>", "exec"), module)  # noqa: S102 - we have just written it
    accepts: Accepts = module["accepts"]
    return accepts
