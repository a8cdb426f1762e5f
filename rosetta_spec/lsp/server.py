"""The server of one editor: its open texts, who looks at them, and what it was told of them."""

from __future__ import annotations

import asyncio
import logging
from typing import cast

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.lsp.server import LanguageServer

from rosetta_spec.lsp.abilities import Abilities, abilities_of
from rosetta_spec.lsp.desk import Desk
from rosetta_spec.lsp.diagnostics import diagnostics_of
from rosetta_spec.lsp.looker import Looker
from rosetta_spec.lsp.protocol import Protocol
from rosetta_spec.lsp.streams import Incoming, Outgoing
from rosetta_spec.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from pygls.server import ServerErrors

    from rosetta_spec.config.settings import Overrides
    from rosetta_spec.lsp.desk import Look
    from rosetta_spec.lsp.open_text import OpenText
    from rosetta_spec.spec.ruleset import Ruleset

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
        outgoing = Outgoing(stdout, self._end)
        # They have as much of a binary stream as is used.
        self.start_io(cast("BinaryIO", Incoming(stdin)), cast("BinaryIO", outgoing))
        return 0 if self.protocol.is_shut_down else 1

    def _end(self) -> None:
        """Read no other message after the next one."""
        if self._stop_event:
            self._stop_event.set()

    def shutdown(self) -> None:
        """Stop, and wait for nobody: the editor may never write again."""
        self._end()
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
        """What the editor can do with what it is given."""
        return abilities_of(self.client_capabilities)

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
