"""The JSON Lines report: one diagnostic a line, as in the JSON report."""

from collections.abc import Iterable, Iterator

from rosetta_spec.diagnostic import Diagnostic
from rosetta_spec.engine.tally import Tally
from rosetta_spec.reporters.json import diagnostic_object, encode
from rosetta_spec.reporters.style import Style


def report(diagnostics: Iterable[Diagnostic], _tally: Tally, _style: Style) -> Iterator[str]:
    """Yield one compact object a line."""
    for diagnostic in diagnostics:
        yield f"{encode(diagnostic_object(diagnostic))}\n"
