"""`rosetta-spec lsp`: hands what an editor asks to what knows the answer, and nothing more."""

from __future__ import annotations

import asyncio
import logging
from typing import cast

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.lsp.server import LanguageServer

from rosetta_spec.lsp.code_actions import EXPLAIN, Asked, code_actions
from rosetta_spec.lsp.completion import Abilities, completions
from rosetta_spec.lsp.desk import Desk
from rosetta_spec.lsp.diagnostics import diagnostics_of
from rosetta_spec.lsp.hover import told_at
from rosetta_spec.lsp.looker import Looker
from rosetta_spec.lsp.open_text import OpenText
from rosetta_spec.lsp.protocol import Protocol
from rosetta_spec.lsp.streams import Incoming, Outgoing
from rosetta_spec.lsp.symbols import symbols_of
from rosetta_spec.spec.page import text_page
from rosetta_spec.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, BinaryIO

    from pygls.server import ServerErrors

    from rosetta_spec.config.settings import Overrides
    from rosetta_spec.lsp.desk import Look
    from rosetta_spec.spec.ruleset import Ruleset

#: What may be, or decide, the settings of a text.
_WATCHED = ("**/*.toml", "**/*.yaml", "**/*.yml", "**/*.json")

#: Characters after which there may be something to offer.
_TRIGGERS = '":, [{-'

#: To look at a text of more characters may take so long that others must not wait for it.
_LARGE = 256 * 1024

_log = logging.getLogger(__name__)


class Server(LanguageServer):
    """Serves one editor.

    Its texts are looked at one after the other, the large ones apart; what is found in a version
    that is no longer the newest is dropped.
    """

    protocol: Protocol

    def __init__(self, overrides: Overrides, today: Callable[[], str]) -> None:
        super().__init__("rosetta-spec", __version__, protocol_cls=Protocol)
        self.texts: dict[str, OpenText] = {}
        self._quick, self._patient = Looker(overrides, today), Looker(overrides, today)
        self._told: set[str] = set()
        self._is_asked = False

    def serve(self, stdin: BinaryIO, stdout: BinaryIO) -> int:
        """Serve until the editor leaves; return the exit status.

        Source: LSP 3.17, `exit`: 1 if there was no `shutdown` before.
        """
        # It writes a page about each message that it does not understand.
        logging.getLogger("pygls").setLevel(logging.CRITICAL)
        outgoing = Outgoing(stdout, self.shutdown)
        # They have as much of a binary stream as is used.
        self.start_io(cast("BinaryIO", Incoming(stdin)), cast("BinaryIO", outgoing))
        return 0 if self.protocol.is_shut_down else 1

    def shutdown(self) -> None:
        """Stop with the next message, and wait for nobody: the editor may never write again."""
        if self._stop_event:
            self._stop_event.set()
        self.thread_pool.shutdown(wait=False)
        self._quick.stop()
        self._patient.stop()

    def report_server_error(self, error: Exception, source: ServerErrors) -> None:
        """Write it to the log: nobody is helped by a message in the middle of writing."""
        # What cannot be read, or is not known, is no defect.
        is_ours = source is not JsonRpcException and isinstance(error, JsonRpcInternalError)
        _log.error("%s", error, exc_info=error if is_ours else None)

    def can(self, capability: str) -> bool:
        """Whether the editor has said that it can do something."""
        return bool(get_capability(self.client_capabilities, capability))

    @property
    def abilities(self) -> Abilities:
        """What the editor can do with what it inserts."""
        item = "text_document.completion.completion_item"
        modes = get_capability(
            self.client_capabilities, f"{item}.insert_text_mode_support.value_set"
        )
        can_indent = types.InsertTextMode.AdjustIndentation in (modes or ())
        return Abilities(self.can(f"{item}.snippet_support"), can_indent)

    def looker_of(self, text: OpenText) -> Looker:
        """Return who looks at a text."""
        return self._patient if len(text.source) > _LARGE else self._quick

    async def ruleset_of(self, text: OpenText | None) -> Ruleset | None:
        """Return the rules that there are for a text that is still the newest, if it is wanted."""
        if text is None:
            return None
        ruleset = await self.looker_of(text).do(Desk.ruleset_of, text)
        return ruleset if self.texts.get(text.uri) is text else None

    def put(self, text: OpenText) -> None:
        """Take a new version of a text, and tell what is wrong in it."""
        self.texts[text.uri] = text
        self.tell(text)

    def remove(self, uri: str) -> None:
        """Forget a text that was closed."""
        self.texts.pop(uri, None)
        self._publish(uri, None, [])

    def tell(self, text: OpenText) -> None:
        """See to it that the findings of a text are told, if the editor does not ask for them."""
        looker = self.looker_of(text)
        looker.due.add(text.uri)
        if looker.telling is None:
            looker.telling = asyncio.get_running_loop().create_task(self._tell_all(looker))

    async def _tell_all(self, looker: Looker) -> None:
        while looker.due:
            uri = looker.due.pop()
            text = self.texts.get(uri)
            if text is None or self._is_asked:
                continue
            look = await looker.look(text)
            # Meanwhile the text may have changed, and the editor have begun to ask.
            if self.texts.get(uri) is text and not self._is_asked:
                self._publish(uri, text.version, diagnostics_of(text, look))
        looker.telling = None

    def _publish(self, uri: str, version: int | None, shown: list[types.Diagnostic]) -> None:
        # An editor that was told nothing of a text need not hear that there is nothing.
        if shown or version is not None or uri in self._told:
            (self._told.add if shown else self._told.discard)(uri)
            params = types.PublishDiagnosticsParams(uri, shown, version)
            self.text_document_publish_diagnostics(params)

    async def newest_look(self, uri: str) -> tuple[OpenText, Look] | None:
        """Look at the newest version of a text; None if it is closed."""
        while text := self.texts.get(uri):
            look = await self.looker_of(text).look(text)
            if self.texts.get(uri) is text:
                return text, look
        return None

    def note_asking(self) -> None:
        """Tell no more from now on: an editor that asks would show everything twice."""
        if not self._is_asked and self.can("text_document.diagnostic"):
            self._is_asked = True
            for uri in sorted(self._told):
                self._publish(uri, None, [])

    def look_again(self) -> None:
        """Look at all texts again, as the settings may have changed."""
        if self._is_asked and self.can("workspace.diagnostics.refresh_support"):
            self.workspace_diagnostic_refresh(None)
        for text in self.texts.values():
            self.tell(text)


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
    markdown = types.MarkupContent(types.MarkupKind.Markdown, told.markdown)
    return types.Hover(markdown, positions.range_of(told.span))


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
