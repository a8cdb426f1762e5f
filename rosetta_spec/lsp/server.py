"""The language server: what it answers to each method of the protocol, and its life cycle."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import BufferedIOBase
from threading import Event
from typing import Any, BinaryIO

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidRequest,
    JsonRpcServerNotInitialized,
    PyglsError,
)
from pygls.io_ import run_async
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.uris import to_fs_path

from rosetta_spec.config.settings import Overrides
from rosetta_spec.fast.formats import ENDINGS
from rosetta_spec.lsp import views
from rosetta_spec.lsp.code_actions import EXPLAIN, code_actions
from rosetta_spec.lsp.document import OpenDocument
from rosetta_spec.lsp.session import Answer, Session
from rosetta_spec.lsp.streams import Input, Output
from rosetta_spec.spec.pages import text_page
from rosetta_spec.spec.ruleset import Ruleset
from rosetta_spec.version import __version__

#: The option of a client that shows what the commands that explain return.
SHOWS_EXPLANATIONS = "showsExplanations"

#: Documents with more characters have a session of their own, so that others need not wait.
_LARGE = 16 * 1024

#: Files that may be a configuration file, a ruleset or a request.
_WATCHED = tuple(f"**/*{ending}" for ending in (".toml", *ENDINGS))

#: Characters after which a client asks for completion by itself.
_TRIGGERS = '":, [{-'

#: Seconds between two calls that show that the server is alive.
_PULSE = 1

_log = logging.getLogger(__name__)


class _Protocol(LanguageServerProtocol):
    _server: Server

    def structure_message(self, data: dict[str, Any]) -> Any:  # noqa: ANN401 - any message
        """Read a message. A request that is not valid gets an error; pygls only logs it."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], None, error.to_response_error())
            raise

    def _get_handler(self, feature_name: str) -> Callable[..., Any]:
        """Return the handler of a method, if it may be called now.

        Source: LSP 3.17, `initialize` and `shutdown`.
        """
        if feature_name not in (types.INITIALIZE, types.EXIT):
            if self._workspace is None:
                raise JsonRpcServerNotInitialized(message="the server is not initialized")
            if self._server.is_shut_down:
                raise JsonRpcInvalidRequest(message="the server is shut down")
        handler: Callable[..., Any] = super()._get_handler(feature_name)
        return handler


class Server(LanguageServer):
    """Serves one client; `documents` are the newest versions of those that are open, by URI.

    `today` returns the day as `YYYY-MM-DD` in UTC. `pulse` is called every second while the server
    answers, and `client` is the number of the process whose end is that of the server.
    """

    def __init__(
        self,
        overrides: Overrides,
        today: Callable[[], str],
        pulse: Callable[[], object] = lambda: None,
        client: int | None = None,
    ) -> None:
        super().__init__("rosetta-spec", __version__, protocol_cls=_Protocol)
        self.documents: dict[str, OpenDocument] = {}
        self.is_shut_down = False
        self.returns_explanations = False
        self._session, self._large_session = Session(overrides, today), Session(overrides, today)
        self._publishing: set[asyncio.Task[None]] = set()
        #: What a client has pulled, by URI, with the number that it has for it.
        self._pulled: dict[str, tuple[str, list[types.Diagnostic]]] = {}
        self._pulls = 0
        self._is_pulled = False
        #: Set, and replaced by another one, when a file or the configuration may have changed.
        self._changed = asyncio.Event()
        self._are_folders_known = False
        self._pulse, self._client = pulse, client
        self._tasks: tuple[asyncio.Task[Any] | None, ...] = ()
        # pygls' own handlers of these would keep memory for each message, and that of `shutdown`
        # fails while a command is executed.
        for method in (
            types.SHUTDOWN,
            types.TEXT_DOCUMENT_DID_OPEN,
            types.TEXT_DOCUMENT_DID_CHANGE,
            types.TEXT_DOCUMENT_DID_CLOSE,
        ):
            del self.protocol.fm.builtin_features[method]
        for method, handler, options in _FEATURES:
            self.feature(method, options)(handler)
        self.command(EXPLAIN)(_explain)
        self.command(views.EXPLAIN_REQUEST)(_explain_request)

    def serve(self, stdin: BufferedIOBase, stdout: BinaryIO) -> int:
        """Serve until the client exits; return the exit status.

        Source: LSP 3.17, `exit`: the status is 1 without a `shutdown` before it.
        """
        # pygls logs every message that it cannot read with a traceback.
        logging.getLogger("pygls").setLevel(logging.CRITICAL)
        self._stop_event = Event()
        self.protocol.set_writer(Output(stdout, self._end))
        messages = run_async(
            self._stop_event,
            Input(stdin, self.thread_pool),
            self.protocol,
            error_handler=self.report_server_error,
        )
        # pygls calls `sys.exit` at `exit`.
        with suppress(asyncio.CancelledError, SystemExit):
            asyncio.run(messages)
        self.shutdown()
        return 0 if self.is_shut_down else 1

    def watch_clients(self) -> None:
        """Begin to end with the process of the client; must be called by the task that reads."""
        self._tasks = asyncio.current_task(), asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        # On Windows, where this would end the client, only the end of the input counts.
        can_look = os.name != "nt"
        clients = [it for it in (self._client, self.process_id) if can_look and it is not None]
        while not any(map(_is_gone, clients)):
            self._pulse()
            await asyncio.sleep(_PULSE)
        self._end()

    def _end(self) -> None:
        if self._stop_event:
            self._stop_event.set()
        for task in filter(None, self._tasks):
            task.cancel()

    def shutdown(self) -> None:
        """Stop without waiting for a thread: one may wait for input that never comes."""
        self._end()
        self.thread_pool.shutdown(wait=False)
        self._session.stop()
        self._large_session.stop()

    def report_server_error(
        self, error: Exception, source: type[PyglsError | JsonRpcException]
    ) -> None:
        """Log an error. pygls would show it to the user."""
        is_bug = source is not JsonRpcException and isinstance(error, JsonRpcInternalError)
        _log.error("%s", error, exc_info=error if is_bug else None)

    def can(self, capability: str) -> bool:
        """Whether the client has a capability."""
        return bool(get_capability(self.client_capabilities, capability))

    @property
    def encoding(self) -> str:
        """The encoding whose units the client counts in a line."""
        return self.server_capabilities.position_encoding or types.PositionEncodingKind.Utf16

    def explain(self, text: str) -> str | None:
        """Return an explanation to a client that shows it; show it to the user of any other."""
        if self.returns_explanations:
            return text
        self.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))
        return None

    def session_of(self, document: OpenDocument) -> Session:
        """Return the session that checks a document."""
        return self._large_session if len(document.source) > _LARGE else self._session

    async def answer(
        self, uri: str, work: Callable[[OpenDocument, Session], Answer], otherwise: Answer
    ) -> Answer:
        """Call a function with an open document and its session, in the thread of the session.

        Return `otherwise` if it is not open or has changed.
        """
        document = self.documents.get(uri)
        if document is None:
            return otherwise
        session = self.session_of(document)
        answered = await session.run(work, document, session)
        return answered if self.documents.get(uri) is document else otherwise

    async def answer_of_request(
        self, uri: str, work: Callable[[OpenDocument, Ruleset], Answer], otherwise: Answer
    ) -> Answer:
        """Do the same with its rules in place of its session; return `otherwise` if it has none."""

        def answer(document: OpenDocument, session: Session) -> Answer:
            ruleset = session.ruleset_of(document)
            return work(document, ruleset) if ruleset else otherwise

        return await self.answer(uri, answer, otherwise)

    def put(self, document: OpenDocument) -> None:
        """Replace a document by a new version and publish its diagnostics."""
        self.documents[document.uri] = document
        self.publish_later(document)

    def publish_later(self, document: OpenDocument) -> None:
        """Check a document and publish its diagnostics, unless the client pulls them."""
        session, uri = self.session_of(document), document.uri
        if uri not in session.waiting:
            session.waiting.add(uri)
            task = asyncio.get_running_loop().create_task(self._check_and_publish(session, uri))
            self._publishing.add(task)
            task.add_done_callback(self._publishing.discard)

    async def _check_and_publish(self, session: Session, uri: str) -> None:
        def is_wanted(document: OpenDocument) -> bool:
            return self.documents.get(uri) is document and not self._is_pulled

        async with session.publishing:
            session.waiting.remove(uri)
            # Of the versions that came meanwhile, only the newest one is checked.
            document = self.documents.get(uri)
            if document and is_wanted(document) and self.session_of(document) is session:
                items = await session.diagnostics(document)
                if is_wanted(document):
                    self.publish(uri, items, document.version)

    def publish(
        self, uri: str, diagnostics: Sequence[types.Diagnostic] = (), version: int | None = None
    ) -> None:
        """Replace what was published of a document."""
        params = types.PublishDiagnosticsParams(uri, diagnostics, version)
        self.text_document_publish_diagnostics(params)

    def stop_publishing(self) -> None:
        """Publish no more: a client that pulls diagnostics would show them twice."""
        if not self._is_pulled and self.can("text_document.diagnostic"):
            self._is_pulled = True
            for uri in sorted(self.documents):
                self.publish(uri)

    def result_id(self, uri: str, diagnostics: list[types.Diagnostic]) -> str:
        """Return the name of diagnostics that a client pulls; the same for the same ones."""
        result_id, before = self._pulled.get(uri, ("", None))
        if before != diagnostics:
            self._pulls += 1
            result_id = str(self._pulls)
            self._pulled[uri] = result_id, diagnostics
        return result_id

    def report(
        self, uri: str, items: list[types.Diagnostic], known: str | None
    ) -> types.WorkspaceDocumentDiagnosticReport:
        """Return what a client that knows the diagnostics with a name has to know of a file."""
        result_id = self.result_id(uri, items)
        if result_id == known:
            return types.WorkspaceUnchangedDocumentDiagnosticReport(uri, result_id)
        return types.WorkspaceFullDocumentDiagnosticReport(uri, items, result_id=result_id)

    async def check_folders(
        self, known: dict[str, str]
    ) -> list[types.WorkspaceDocumentDiagnosticReport]:
        """Check the files of the workspace that are not open; `known` is what the client knows.

        Wait until there is something that it does not know, after the first time.
        """
        while True:
            # The keys of this mapping are not valid URIs.
            opened_folders = self.workspace.folders.values()
            folders = [path for each in opened_folders if (path := to_fs_path(each.uri))]
            changed = self._changed
            opened = dict(self.documents)
            paths = {document.path for document in opened.values()}
            found = await self._large_session.check_folders(folders, paths, self.encoding)
            # Meanwhile others may have been opened, and some of these closed.
            opened |= self.documents
            found |= {uri: [] for uri in known.keys() - found.keys()}
            closed = sorted(found.keys() - opened.keys())
            reports = [self.report(uri, found[uri], known.get(uri)) for uri in closed]
            is_news = any(each.kind == types.DocumentDiagnosticReportKind.Full for each in reports)
            if is_news or not self._are_folders_known:
                self._are_folders_known = True
                return reports
            await changed.wait()

    def forget(self, uri: str) -> None:
        """Forget a document that is closed."""
        self._wake()
        self.documents.pop(uri, None)
        self._pulled.pop(uri, None)
        if not self._is_pulled:
            self.publish(uri)

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def check_again(self) -> None:
        """Check all documents again, as the configuration may have changed."""
        self._wake()
        if self._is_pulled and self.can("workspace.diagnostics.refresh_support"):
            self.workspace_diagnostic_refresh(None)
        for document in self.documents.values():
            self.publish_later(document)


def _is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError as error:
        return isinstance(error, ProcessLookupError)
    return False


def _did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    item = params.text_document
    ls.put(OpenDocument(item.uri, item.version, item.language_id, item.text, ls.encoding))


def _did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    document = ls.documents.get(params.text_document.uri)
    if document:
        ls.put(document.changed(params.text_document.version, params.content_changes))


def _did_change_folders(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    # A folder that is renamed is in both lists, and pygls removes it after adding it.
    for folder in params.event.added:
        ls.workspace.add_folder(folder)
    ls.check_again()


async def _diagnostic(
    ls: Server, params: types.DocumentDiagnosticParams
) -> types.DocumentDiagnosticReport:
    ls.stop_publishing()
    uri = params.text_document.uri
    while document := ls.documents.get(uri):
        items = await ls.session_of(document).diagnostics(document)
        # Meanwhile the document may have changed.
        if ls.documents.get(uri) is document:
            result_id = ls.result_id(uri, items)
            if result_id == params.previous_result_id:
                return types.RelatedUnchangedDocumentDiagnosticReport(result_id)
            return types.RelatedFullDocumentDiagnosticReport(items, result_id=result_id)
    return types.RelatedFullDocumentDiagnosticReport(items=[])


async def _workspace_diagnostic(
    ls: Server, params: types.WorkspaceDiagnosticParams
) -> types.WorkspaceDiagnosticReport:
    known = {each.uri: each.value for each in params.previous_result_ids}
    return types.WorkspaceDiagnosticReport(await ls.check_folders(known))


async def _code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    has_versions = ls.can("workspace.workspace_edit.document_changes")

    def work(document: OpenDocument, session: Session) -> list[types.CodeAction]:
        result = session.check(document, has_fixes=True)
        return code_actions(document, result, params, has_versions=has_versions)

    return await ls.answer(params.text_document.uri, work, [])


async def _explain(ls: Server, code: str = "") -> str | None:
    """Open the page of a rule, or explain it here; do nothing for an unknown code."""
    found = [
        await ls.answer_of_request(uri, lambda _, rules: rules.find(code), None)
        for uri in [*ls.documents]
    ]
    rule = next(filter(None, found), None)
    if rule is None:
        return None
    has_page = rule.url and ls.can("window.show_document.support")
    if ls.returns_explanations or not has_page:
        return ls.explain(text_page(rule))
    ls.window_show_document(types.ShowDocumentParams(rule.url, external=True))
    return None


async def _completion(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
    client = get_capability(ls.client_capabilities, "text_document.completion.completion_item")
    client = client or types.ClientCompletionItemOptions()

    def work(document: OpenDocument, session: Session) -> list[types.CompletionItem]:
        return session.completions(document, document.offset(params.position), client)

    return await ls.answer(params.text_document.uri, work, [])


async def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    formats = get_capability(ls.client_capabilities, "text_document.hover.content_format")
    has_markdown = not formats or types.MarkupKind.Markdown in formats

    def work(document: OpenDocument, ruleset: Ruleset) -> types.Hover | None:
        offset = document.offset(params.position)
        return views.hover_at(document, offset, ruleset, has_markdown=has_markdown)

    return await ls.answer_of_request(params.text_document.uri, work, None)


async def _explain_request(ls: Server, uri: str = "", number: int = 0) -> str | None:
    def work(document: OpenDocument, _: Ruleset) -> list[str]:
        return [text for _, text in views.explanations(document)]

    texts: list[str] = await ls.answer_of_request(uri, work, [])
    return ls.explain(texts[number]) if number in range(len(texts)) else None


#: Answers about a request that need nothing but its document and the parameters of the method.
_ANSWERS: dict[str, Callable[[OpenDocument, Any], object]] = {
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: lambda document, _: views.symbols_of(document),
    types.TEXT_DOCUMENT_INLAY_HINT: lambda document, it: views.inlay_hints(document, it.range),
    types.TEXT_DOCUMENT_CODE_LENS: lambda document, _: views.code_lenses(document),
    types.TEXT_DOCUMENT_FOLDING_RANGE: lambda document, _: views.folding_ranges(document),
    types.TEXT_DOCUMENT_DEFINITION: lambda document, it: views.anchor_of(
        document, document.offset(it.position)
    ),
}


def _handler_of(method: str) -> Callable[..., Any]:
    async def handler(ls: Server, params: Any) -> object:  # noqa: ANN401 - those of any method
        uri, work = params.text_document.uri, _ANSWERS[method]
        return await ls.answer_of_request(uri, lambda document, _: work(document, params), [])

    return handler


def _initialize(ls: Server, params: types.InitializeParams) -> None:
    options = params.initialization_options
    ls.returns_explanations = isinstance(options, dict) and SHOWS_EXPLANATIONS in options
    ls.watch_clients()


def _initialized(ls: Server, _: types.InitializedParams) -> None:
    """Ask the client to report changes of configuration files, if it can."""
    if not ls.can("workspace.did_change_watched_files.dynamic_registration"):
        return
    watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    registration = types.Registration("configuration", method, options)
    ls.client_register_capability(types.RegistrationParams([registration]))


def _shutdown(ls: Server, _: None) -> None:
    ls.is_shut_down = True


_KINDS = [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]
_PULLING = types.DiagnosticOptions(
    inter_file_dependencies=False, workspace_diagnostics=True, identifier="rosetta-spec"
)

#: The methods of the protocol, their handlers, and what the server says about them.
_FEATURES: list[tuple[str, Callable[..., Any], object]] = [
    (types.INITIALIZE, _initialize, None),
    (types.INITIALIZED, _initialized, None),
    (types.SHUTDOWN, _shutdown, None),
    (types.TEXT_DOCUMENT_DID_OPEN, _did_open, None),
    (types.TEXT_DOCUMENT_DID_CHANGE, _did_change, None),
    (types.TEXT_DOCUMENT_DID_CLOSE, lambda ls, it: ls.forget(it.text_document.uri), None),
    (types.TEXT_DOCUMENT_DID_SAVE, lambda ls, _: ls.check_again(), None),
    (types.TEXT_DOCUMENT_DIAGNOSTIC, _diagnostic, _PULLING),
    (types.WORKSPACE_DIAGNOSTIC, _workspace_diagnostic, None),
    (types.TEXT_DOCUMENT_CODE_ACTION, _code_action, types.CodeActionOptions(_KINDS)),
    (types.TEXT_DOCUMENT_COMPLETION, _completion, types.CompletionOptions(list(_TRIGGERS))),
    (types.TEXT_DOCUMENT_HOVER, _hover, None),
    *((method, _handler_of(method), None) for method in _ANSWERS),
    (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, lambda ls, _: ls.check_again(), None),
    (types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, _did_change_folders, None),
]
