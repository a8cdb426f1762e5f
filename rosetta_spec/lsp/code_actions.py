"""Code actions: the fixes of each finding, suppressing it, explaining it, and all safe fixes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lsprotocol import types
from lsprotocol.types import CodeAction, CodeActionKind, TextEdit

from rosetta_spec.diagnostic import Applicability, Diagnostic
from rosetta_spec.document.reader import read_text
from rosetta_spec.document.tree import Document
from rosetta_spec.document.values import identity
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.directives import ON_A_ROW, directives_in
from rosetta_spec.engine.fixer import Fixer
from rosetta_spec.fast.formats import YAML
from rosetta_spec.fixes import edits as fixes
from rosetta_spec.lsp.document import OpenDocument
from rosetta_spec.lsp.session import MAX_PUBLISHED, CheckResult, lsp_diagnostic
from rosetta_spec.runner.diff import compared
from rosetta_spec.spec.ruleset import ALWAYS
from rosetta_spec.text import BOM, Span, Text

#: The command that explains a rule, by its code.
EXPLAIN = "rosetta-spec.explain"

#: The first findings in the range get actions.
_MAX_FINDINGS = 20

#: Characters that are checked to verify suppressions; each one is verified by a whole check.
_MAX_CHECKED = 2 * 1024 * 1024

#: To report a finding takes as long as to check this many characters.
_FINDING = 100

#: Documents with more characters, or with more findings than are shown, are fixed as a whole only
#: if the client asks for that kind.
_MAX_FIXED_UNASKED = 16 * 1024

#: Findings about suppressions cannot be suppressed.
_ABOUT_SUPPRESSIONS = frozenset({"RS901", "RS902"})


def code_actions(
    document: OpenDocument,
    result: CheckResult,
    params: types.CodeActionParams,
    *,
    has_versions: bool,
) -> list[CodeAction]:
    """Return the actions for a range of a document, whose result has fixes.

    With `has_versions` the client supports edits of a version of a document.
    """
    actions: list[CodeAction] = []
    if kind := _wanted_kind(CodeActionKind.QuickFix, params.context):
        actions += _Actions(document, result, params, kind, has_versions).quick_fixes()
    if kind := _wanted_kind(CodeActionKind.SourceFixAll, params.context):
        actions += _Actions(document, result, params, kind, has_versions).fix_all()
    return actions


def _wanted_kind(offered: CodeActionKind, context: types.CodeActionContext) -> str | None:
    """Return the kind to send for actions of an offered kind, None if they are not wanted."""
    kind = offered.value
    # Some are members of an enumeration, whose text is not their name.
    only = [str.__str__(wanted) for wanted in context.only or [""]]
    if any(f"{kind}.".startswith(f"{wanted}.") or not wanted for wanted in only):
        return kind
    ours = f"{kind}.rosetta-spec"
    return ours if ours in only else None


@dataclass
class _Actions:
    """Makes the actions of one kind."""

    _document: OpenDocument
    _result: CheckResult
    _params: types.CodeActionParams
    _kind: str
    _has_versions: bool

    def quick_fixes(self) -> Iterator[CodeAction]:
        """Yield fixes, then suppressions, then explanations."""
        found = self._in_range()[:_MAX_FINDINGS]
        for each in found:
            for fix in each.fixes:
                is_unsafe = fix.applicability is Applicability.UNSAFE
                warning = " (unsafe: review the change)" if is_unsafe else ""
                edits = [
                    TextEdit(self._document.range(edit.location, edit.end_location), edit.content)
                    for edit in fix.edits
                ]
                is_safe = fix.applicability is Applicability.SAFE
                yield self._action(f"{fix.title}{warning}", edits, each, is_preferred=is_safe)
        yield from self._suppressions(found)
        for each in found:
            title = f"explain {each.code} {each.name}"
            command = types.Command(title, EXPLAIN, arguments=[each.code])
            yield CodeAction(title, self._kind, self._shown(each), command=command)

    def _suppressions(self, found: Iterable[Diagnostic]) -> Iterator[CodeAction]:
        """Yield the comments that suppress findings, where one can."""
        document = self._document
        effort = 1 + len(document.source) + _FINDING * len(self._result.diagnostics)
        codes = ALWAYS | _ABOUT_SUPPRESSIONS
        found = [each for each in found if each.code not in codes][: _MAX_CHECKED // effort]
        if not found or document.format_ != YAML or self._result.is_cut:
            return
        documents = list(read_text(document.text, YAML))
        values = _values_of(documents)
        comments = [comment for each in documents for comment in each.comments]
        for each in found:
            for edit in _possible_suppressions(document.text, comments, each):
                if self._suppresses(each, edit, values):
                    yield self._action(f"ignore {each.code} here", self._lsp_edits([edit]), each)
                    break

    def _suppresses(
        self, found: Diagnostic, edit: fixes.TextEdit, values: Sequence[object]
    ) -> bool:
        """Whether an edit changes no value and removes only findings of a rule in a row."""
        text, checker = self._document.text, self._result.checker
        after = fixes.edited(text.content, [edit])
        if _values_of(read_text(Text(after), YAML)) != values:
            return False
        data = f"{BOM if text.has_bom else ''}{after}".encode(errors="surrogatepass")
        assert checker is not None  # noqa: S101 - it has found something
        reports = checker.check_file(data, found.filename, YAML)
        expected = (
            each
            for each in self._result.diagnostics
            if (each.code, each.location.row) != (found.code, found.location.row)
        )
        left = (each for report in reports for each in report.diagnostics)
        return sorted(map(_place_of, left)) == sorted(map(_place_of, expected))

    def _in_range(self) -> list[Diagnostic]:
        """Return the findings that the range touches, or else those in the row of the cursor."""
        range_ = self._params.range
        start, end = map(self._document.location, (range_.start, range_.end))
        shown = self._result.diagnostics[:MAX_PUBLISHED]
        touched = [it for it in shown if it.location <= end and start <= it.end_location]
        in_row = [it for it in shown if it.location.row <= end.row <= it.end_location.row]
        return touched or (in_row if start == end else [])

    def fix_all(self) -> Iterator[CodeAction]:
        """Yield the action that applies all safe fixes, if there are any."""
        document, checker = self._document, self._result.fixing_checker
        found = self._result.diagnostics
        fixable = [each for each in found if each.is_fixable]
        is_short = len(document.source) <= _MAX_FIXED_UNASKED and len(found) <= MAX_PUBLISHED
        if fixable and checker and (self._params.context.only or is_short):
            edits = edits_between(document.text.content, _fixed(document, checker))
            title = "fix everything that rosetta-spec can fix safely"
            yield self._action(title, self._lsp_edits(edits), *fixable[:MAX_PUBLISHED])

    def _shown(self, *found: Diagnostic) -> list[types.Diagnostic]:
        return [lsp_diagnostic(self._document, each) for each in found]

    def _lsp_edits(self, edits: Iterable[fixes.TextEdit]) -> list[TextEdit]:
        return [TextEdit(self._document.range_of(each.span), each.content) for each in edits]

    def _action(
        self,
        title: str,
        edits: list[TextEdit],
        *found: Diagnostic,
        is_preferred: bool | None = None,
    ) -> CodeAction:
        uri, version = self._document.uri, self._document.version
        edit = types.WorkspaceEdit(changes={uri: edits})
        if self._has_versions:
            identifier = types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version)
            changes = types.TextDocumentEdit(identifier, list(edits))
            edit = types.WorkspaceEdit(document_changes=[changes])
        shown = self._shown(*found)
        return CodeAction(title, self._kind, shown, is_preferred=is_preferred, edit=edit)


def _fixed(document: OpenDocument, checker: Checker) -> str:
    """Return the text with all safe fixes applied, without a byte order mark."""
    fixer = Fixer(checker, [Applicability.SAFE])
    data, name = document.data, document.path or document.uri
    after = fixer.fix_file(data, name, document.named_format)
    return after.decode(errors="surrogatepass").removeprefix(BOM)


def edits_between(before: str, after: str) -> Iterator[fixes.TextEdit]:
    """Yield small edits that lead from one text to another, in order."""
    end = 0
    for old, new in compared(before.splitlines(keepends=True), after.splitlines(keepends=True)):
        was, now = "".join(old), "".join(new)
        start, end = end, end + len(was)
        if was != now:
            head = _common_length(was, now)
            tail = _common_length(was[head:][::-1], now[head:][::-1])
            yield fixes.TextEdit(Span(start + head, end - tail), now[head : len(now) - tail])


def _common_length(first: str, second: str) -> int:
    """Return the length of the common start of two texts."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((i for i, (one, other) in pairs if one != other), min(len(first), len(second)))


def _possible_suppressions(
    text: Text, comments: Iterable[Span], found: Diagnostic
) -> Iterator[fixes.TextEdit]:
    """Yield a longer list in a comment, a comment at the end of the row, and one above it."""
    row = found.location.row
    for comment in comments:
        if text.location(comment.start).row in (row, row - 1):
            for directive in directives_in(text.content, comment):
                if directive.verb == ON_A_ROW and directive.names and not directive.problem:
                    end = directive.names[-1].span.end
                    yield fixes.TextEdit(Span(end, end), f", {found.code}")
    start = text.row_starts[row - 1]
    line, _ = text.line_part(row, 1, len(text.content))
    comment_text = f"# rosetta-spec: ignore[{found.code}]"
    end = start + len(line.rstrip(" \t"))
    yield fixes.TextEdit(Span(end, start + len(line)), f"  {comment_text}")
    indent = line[: len(line) - len(line.lstrip(" "))]
    found_end = re.search(r"\r\n?|\n", text.content)
    line_end = found_end[0] if found_end else "\n"
    yield fixes.TextEdit(Span(start, start), f"{indent}{comment_text}{line_end}")


def _place_of(found: Diagnostic) -> tuple[str, str, int]:
    return found.code, found.pointer, found.document


def _values_of(documents: Iterable[Document]) -> list[object]:
    return [identity(document.value) for document in documents]
