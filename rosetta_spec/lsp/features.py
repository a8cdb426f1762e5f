"""What the server answers, method by method: each asks what knows it, and nothing more."""

from __future__ import annotations

from lsprotocol import types

from rosetta_spec.lsp.code_actions import EXPLAIN, Asked, code_actions
from rosetta_spec.lsp.completion import completions
from rosetta_spec.lsp.diagnostics import diagnostics_of
from rosetta_spec.lsp.hover import told_at
from rosetta_spec.lsp.open_text import OpenText
from rosetta_spec.lsp.server import Server
from rosetta_spec.lsp.symbols import symbols_of
from rosetta_spec.spec.pages import text_page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from rosetta_spec.config.settings import Overrides
    from rosetta_spec.lsp.desk import Desk

#: What may be, or decide, the settings of a text.
_WATCHED = ("**/*.toml", "**/*.yaml", "**/*.yml", "**/*.json")

#: Characters after which there may be something to offer.
_TRIGGERS = '":, [{-'


def _plain(word: str) -> str:
    """Return a word of the protocol as it is written there; some are members of an enumeration."""
    return str.__str__(word)


def _did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    item = params.text_document
    encoding = _plain(ls.protocol.server_capabilities.position_encoding or "utf-16")
    ls.put(OpenText(item.uri, item.version, _plain(item.language_id), item.text, encoding))


def _did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    text = ls.texts.get(params.text_document.uri)
    if text:
        ls.put(text.changed(params.text_document.version, params.content_changes))


def _did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    ls.remove(params.text_document.uri)


async def _diagnostic(
    ls: Server, params: types.DocumentDiagnosticParams
) -> types.RelatedFullDocumentDiagnosticReport:
    ls.note_asking()
    newest = await ls.newest_look(params.text_document.uri)
    return types.RelatedFullDocumentDiagnosticReport(
        items=diagnostics_of(*newest) if newest else []
    )


async def _code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    text = ls.texts.get(params.text_document.uri)
    if text is None:
        return []
    only = tuple(map(_plain, params.context.only or ()))
    has_versions = ls.can("workspace.workspace_edit.document_changes")
    asked = Asked(params.range, only, has_versions)
    actions = await ls.looker_of(text).do(_actions, text, asked)
    return actions if ls.texts.get(text.uri) is text else []


def _actions(desk: Desk, text: OpenText, asked: Asked) -> list[types.CodeAction]:
    return code_actions(text, desk.look(text, has_fixes=True), asked)


async def _explain(ls: Server, code: str = "") -> None:
    """Show what there is to say about a rule: its page, or as text; nothing of an unknown one."""
    rules = [await ls.ruleset_of(text) for text in list(ls.texts.values())]
    rule = next((it for each in rules if each and (it := each.find(code))), None)
    if rule is None:
        return
    if rule.url and ls.can("window.show_document.support"):
        ls.window_show_document(types.ShowDocumentParams(rule.url, external=True))
    else:
        message = types.ShowMessageParams(types.MessageType.Info, text_page(rule))
        ls.window_show_message(message)


async def _completion(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
    text = ls.texts.get(params.text_document.uri)
    ruleset = await ls.ruleset_of(text)
    if text is None or ruleset is None:
        return []
    offset = text.positions.offset(params.position)
    return completions(text, offset, ruleset.rules, ls.abilities)


async def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    text = ls.texts.get(params.text_document.uri)
    ruleset = await ls.ruleset_of(text)
    if text is None or ruleset is None:
        return None
    positions = text.positions
    told = told_at(positions.text, text.format_, positions.offset(params.position), ruleset)
    if told is None:
        return None
    return types.Hover(ls.abilities.hovered(told.markdown), positions.range_of(told.span))


async def _symbols(ls: Server, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    text = ls.texts.get(params.text_document.uri)
    return symbols_of(text) if text and await ls.ruleset_of(text) else []


def _initialized(ls: Server, _: types.InitializedParams) -> None:
    if not ls.can("workspace.did_change_watched_files.dynamic_registration"):
        return
    watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    registration = types.Registration("settings", method, options)
    ls.client_register_capability(types.RegistrationParams([registration]))


def _files_changed(ls: Server, _: types.DidChangeWatchedFilesParams) -> None:
    ls.look_again()


def _did_save(ls: Server, _: types.DidSaveTextDocumentParams) -> None:
    ls.look_again()


def make_server(overrides: Overrides, today: Callable[[], str]) -> Server:
    """Make a server that is not started yet; `today` gives the day, as `YYYY-MM-DD` in UTC."""
    server = Server(overrides, today)
    kinds = [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]
    pulling = types.DiagnosticOptions(
        inter_file_dependencies=False, workspace_diagnostics=False, identifier="rosetta-spec"
    )
    features: list[tuple[str, Callable[..., Any], object]] = [
        (types.INITIALIZED, _initialized, None),
        (types.TEXT_DOCUMENT_DID_OPEN, _did_open, None),
        (types.TEXT_DOCUMENT_DID_CHANGE, _did_change, None),
        (types.TEXT_DOCUMENT_DID_CLOSE, _did_close, None),
        (types.TEXT_DOCUMENT_DID_SAVE, _did_save, None),
        (types.TEXT_DOCUMENT_DIAGNOSTIC, _diagnostic, pulling),
        (types.TEXT_DOCUMENT_CODE_ACTION, _code_action, types.CodeActionOptions(kinds)),
        (types.TEXT_DOCUMENT_COMPLETION, _completion, types.CompletionOptions(list(_TRIGGERS))),
        (types.TEXT_DOCUMENT_HOVER, _hover, None),
        (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, _symbols, None),
        (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, _files_changed, None),
    ]
    for method, handler, options in features:
        server.feature(method, options)(handler)
    server.command(EXPLAIN)(_explain)
    return server
