"""Findings as diagnostics of the Language Server Protocol."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from rosetta_spec.diagnostic import Diagnostic, Severity
from rosetta_spec.lsp.document import Document
from rosetta_spec.lsp.session import CheckResult

SOURCE = "rosetta-spec"

#: Rules about text without effect; editors show it faded.
_UNNECESSARY = frozenset({"RS401", "RS901"})

#: Findings of a document that are shown; more would slow editors down.
MAX_SHOWN = 1000

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}

_START = types.Range(types.Position(0, 0), types.Position(0, 0))


def diagnostics_of(document: Document, result: CheckResult) -> list[types.Diagnostic]:
    """Return what a client should show for a document."""
    return list(_diagnostics(document, result))


def _diagnostics(document: Document, result: CheckResult) -> Iterator[types.Diagnostic]:
    if result.notice:
        error = types.DiagnosticSeverity.Error
        yield types.Diagnostic(_START, result.notice, severity=error, source=SOURCE)
    yield from (lsp_diagnostic(document, each) for each in result.diagnostics[:MAX_SHOWN])
    more = len(result.diagnostics) - MAX_SHOWN
    if more > 0:
        message = f"{more} more findings are not shown; `rosetta-spec check` lists them all"
        info = types.DiagnosticSeverity.Information
        yield types.Diagnostic(_START, message, severity=info, source=SOURCE)


def lsp_diagnostic(document: Document, found: Diagnostic) -> types.Diagnostic:
    """Return one finding as the protocol has it."""
    related = [
        types.DiagnosticRelatedInformation(
            types.Location(document.uri, document.range(each.location, each.end_location)),
            each.message,
        )
        for each in found.related
    ]
    return types.Diagnostic(
        range=document.range(found.location, found.end_location),
        severity=_SEVERITIES[found.severity],
        code=found.code,
        code_description=types.CodeDescription(found.url) if found.url else None,
        source=SOURCE,
        message=found.message,
        tags=[types.DiagnosticTag.Unnecessary] if found.code in _UNNECESSARY else None,
        related_information=related or None,
        data={"name": found.name, "document": found.document, "pointer": found.pointer},
    )
