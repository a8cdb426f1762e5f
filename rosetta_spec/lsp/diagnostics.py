"""Findings as an editor shows them."""

from __future__ import annotations

from lsprotocol.types import (
    CodeDescription,
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    DiagnosticTag,
    Location,
    Position,
    Range,
)

from rosetta_spec.diagnostic import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import rosetta_spec.diagnostic
    from rosetta_spec.lsp.desk import Look
    from rosetta_spec.lsp.open_text import OpenText

#: Who says it.
SOURCE = "rosetta-spec"

#: Rules about what has no effect; editors show it faded.
_UNNECESSARY = frozenset({"RS401", "RS901"})

#: So many findings of a text are shown; nobody reads more, and an editor would slow down.
MOST = 1000

_SEVERITIES = {
    Severity.ERROR: DiagnosticSeverity.Error,
    Severity.WARNING: DiagnosticSeverity.Warning,
    Severity.INFO: DiagnosticSeverity.Information,
}

_START = Range(Position(0, 0), Position(0, 0))


def diagnostics_of(text: OpenText, look: Look) -> list[Diagnostic]:
    """Return what an editor is to show for a text."""
    return list(_shown(text, look))


def _shown(text: OpenText, look: Look) -> Iterator[Diagnostic]:
    if look.notice:
        yield Diagnostic(_START, look.notice, severity=DiagnosticSeverity.Error, source=SOURCE)
    yield from (shown_diagnostic(text, each) for each in look.diagnostics[:MOST])
    more = len(look.diagnostics) - MOST
    if more > 0:
        message = f"{more} more findings are not shown; `rosetta-spec check` lists them all"
        yield Diagnostic(_START, message, severity=DiagnosticSeverity.Information, source=SOURCE)


def shown_diagnostic(text: OpenText, found: rosetta_spec.diagnostic.Diagnostic) -> Diagnostic:
    """Return one finding as an editor shows it."""
    return Diagnostic(
        range=text.positions.range(found.location, found.end_location),
        severity=_SEVERITIES[found.severity],
        code=found.code,
        code_description=CodeDescription(found.url) if found.url else None,
        source=SOURCE,
        message=found.message,
        tags=[DiagnosticTag.Unnecessary] if found.code in _UNNECESSARY else None,
        related_information=_related(text, found.related) or None,
        data={"name": found.name, "document": found.document, "pointer": found.pointer},
    )


def _related(
    text: OpenText, places: Iterable[rosetta_spec.diagnostic.Related]
) -> list[DiagnosticRelatedInformation]:
    range_ = text.positions.range
    return [
        DiagnosticRelatedInformation(
            Location(text.uri, range_(place.location, place.end_location)), place.message
        )
        for place in places
    ]
