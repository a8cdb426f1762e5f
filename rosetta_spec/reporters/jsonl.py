"""The JSON Lines report: one finding a line, in the form that the JSON report has them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rosetta_spec.diagnostic import Diagnostic
    from rosetta_spec.engine.tally import Tally
    from rosetta_spec.reporters.style import Style


def render(diagnostic: Diagnostic, _style: Style) -> str:
    """Write one compact object on a line."""
    # A report without findings has no need of the encoder, which is slow to import.
    from rosetta_spec.reporters.json import diagnostic_object, encode  # noqa: PLC0415

    return f"{encode(diagnostic_object(diagnostic))}\n"


def assemble(findings: Iterable[str], _tally: Tally, _style: Style) -> Iterator[str]:
    """Write the findings and nothing else."""
    yield from findings
