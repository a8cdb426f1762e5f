"""What an editor offers for findings: each of their fixes, all safe ones, silence, a reason."""

from __future__ import annotations

from typing import NamedTuple

from lsprotocol.types import (
    CodeAction,
    CodeActionKind,
    Command,
    OptionalVersionedTextDocumentIdentifier,
    TextDocumentEdit,
    TextEdit,
    WorkspaceEdit,
)

from rosetta_spec.diagnostic import Applicability
from rosetta_spec.lsp.diagnostics import MOST, shown_diagnostic
from rosetta_spec.lsp.fix_all import edits_between, fixed
from rosetta_spec.lsp.ignoring import ignoring

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lsprotocol.types import Range

    from rosetta_spec.diagnostic import Diagnostic, Fix
    from rosetta_spec.lsp.desk import Look
    from rosetta_spec.lsp.open_text import OpenText

#: What an editor asks for to explain a rule, with its code.
EXPLAIN = "rosetta-spec.explain"

#: What is added to the title of a fix.
_WARNINGS = {Applicability.UNSAFE: " (unsafe: look at what it does)"}

#: So many findings at a place are offered something.
_SEVERAL = 20

#: Characters that are read to find out what silences a finding, once for each and each try.
_MOST_READ = 2 * 1024 * 1024

#: In a text of so many characters all safe fixes are worked out also where nobody asks for them.
_QUICK = 16 * 1024


class Asked(NamedTuple):
    """What an editor asks for.

    `only` are the kinds of actions that are wanted, empty for all; `has_versions` says that it
    understands edits of a version of a text.
    """

    range: Range
    only: tuple[str, ...] = ()
    has_versions: bool = True

    def kind(self, of: CodeActionKind) -> str | None:
        """Return a kind that is wanted and what is offered is of; None if it is not wanted."""
        offered = of.value
        if not self.only:
            return offered
        if any(f"{offered}.".startswith(f"{kind}.") or not kind for kind in self.only):
            return offered
        # Who asks for our share of a kind gets what there is by that name.
        ours = f"{offered}.rosetta-spec"
        return ours if ours in self.only else None


def code_actions(text: OpenText, look: Look, asked: Asked) -> list[CodeAction]:
    """Return what is offered for a text and a range; `look` has fixes."""
    actions: list[CodeAction] = []
    kind = asked.kind(CodeActionKind.QuickFix)
    if kind:
        here = _found_at(text, look.diagnostics, asked.range)[:_SEVERAL]
        actions += _in_order(text, look, here, kind, asked)
    kind = asked.kind(CodeActionKind.SourceFixAll)
    if kind:
        actions += _fix_all(text, look, kind, asked)
    return actions


def _found_at(text: OpenText, found: Sequence[Diagnostic], range_: Range) -> list[Diagnostic]:
    """Return the findings that a range touches; if there are none, those of the cursor's row."""
    start, end = map(text.positions.location, (range_.start, range_.end))
    shown = found[:MOST]
    touched = [each for each in shown if each.location <= end and start <= each.end_location]
    in_row = [each for each in shown if each.location.row <= end.row <= each.end_location.row]
    return touched or (in_row if start == end else [])


def _in_order(
    text: OpenText, look: Look, here: Sequence[Diagnostic], kind: str, asked: Asked
) -> Iterator[CodeAction]:
    """Yield fixes first, then what silences, then what explains."""
    actions = [it for each in here for it in _offered(text, each, kind, asked)]
    for each in here[: _MOST_READ // (len(text.source) + 1)]:
        actions += _silencing(text, look, each, kind, asked)
    yield from (action for _, action in sorted(actions, key=lambda ranked: ranked[0]))


def _offered(
    text: OpenText, found: Diagnostic, kind: str, asked: Asked
) -> Iterator[tuple[int, CodeAction]]:
    shown = [shown_diagnostic(text, found)]
    for fix in found.fixes:
        is_safe = fix.applicability is Applicability.SAFE
        title = fix.title + _WARNINGS.get(fix.applicability, "")
        edit = _workspace_edit(text, _edits_of(text, fix), asked)
        yield 0, CodeAction(title, kind, shown, is_preferred=is_safe, edit=edit)
    title = f"explain {found.code} {found.name}"
    yield 2, CodeAction(title, kind, shown, command=Command(title, EXPLAIN, arguments=[found.code]))


def _silencing(
    text: OpenText, look: Look, found: Diagnostic, kind: str, asked: Asked
) -> Iterator[tuple[int, CodeAction]]:
    silence = ignoring(text, look, found)
    if silence:
        shown = [shown_diagnostic(text, found)]
        edits = [TextEdit(text.positions.range_of(each.span), each.content) for each in silence]
        edit = _workspace_edit(text, edits, asked)
        yield 1, CodeAction(f"ignore {found.code} here", kind, shown, edit=edit)


def _edits_of(text: OpenText, fix: Fix) -> list[TextEdit]:
    range_ = text.positions.range
    return [TextEdit(range_(edit.location, edit.end_location), edit.content) for edit in fix.edits]


def _fix_all(text: OpenText, look: Look, kind: str, asked: Asked) -> Iterator[CodeAction]:
    mended = [each for each in look.diagnostics if _has_safe_fix(each)]
    is_asked = bool(asked.only) or len(text.source) <= _QUICK
    if not (mended and look.mender and is_asked):
        return
    before = text.positions.text.content
    edits = [
        TextEdit(text.positions.range_of(each.span), each.content)
        for each in edits_between(before, fixed(text, look.mender))
    ]
    shown = [shown_diagnostic(text, each) for each in mended[:MOST]]
    title = "fix all that rosetta-spec can mend safely"
    yield CodeAction(title, kind, shown, edit=_workspace_edit(text, edits, asked))


def _has_safe_fix(found: Diagnostic) -> bool:
    return any(fix.applicability is Applicability.SAFE for fix in found.fixes)


def _workspace_edit(text: OpenText, edits: list[TextEdit], asked: Asked) -> WorkspaceEdit:
    if not asked.has_versions:
        return WorkspaceEdit(changes={text.uri: edits})
    identifier = OptionalVersionedTextDocumentIdentifier(uri=text.uri, version=text.version)
    return WorkspaceEdit(document_changes=[TextDocumentEdit(identifier, list(edits))])
