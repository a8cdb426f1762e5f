"""The protocol as `pygls` speaks it, with our own texts, and an answer to whatever is asked."""

from __future__ import annotations

import logging

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcMethodNotFound
from pygls.protocol import LanguageServerProtocol, lsp_method

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: The largest number of a line or column. Source: LSP 3.17, `uinteger`.
_LARGEST = 2**31 - 1

_OF_A_REQUEST = {"jsonrpc", "id", "method"}

_log = logging.getLogger(__name__)


class Protocol(LanguageServerProtocol):
    """Leaves texts to the server: those of `pygls` know other line ends than the protocol.

    What is done with a text is done at once. `pygls` would keep something of each message whose
    method is a generator there for as long as the server runs.
    """

    @property
    def is_shut_down(self) -> bool:
        """Whether the client has said that it will leave."""
        return self._shutdown

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """Hand on that a text was opened."""
        self.fm.features[types.TEXT_DOCUMENT_DID_OPEN](params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Hand on that a text was changed."""
        self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE](params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Hand on that a text was closed."""
        self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE](params)

    def structure_message(self, data: dict[str, Any]) -> Any:  # noqa: ANN401 - as its base says
        """Read an object of a message, those inside of it first.

        A position outside of the protocol's numbers is taken for the closest one. A request that
        cannot be understood is answered all the same, and a text whose change cannot be understood
        is let go: what is said of it would be wrong.
        """
        if data.keys() == {"line", "character"}:
            return {name: _in_range(value) for name, value in data.items()}
        try:
            message = super().structure_message(data)
            if data.keys() >= _OF_A_REQUEST and not hasattr(message, "id"):
                # It knows this one as a notification, which nobody answers.
                raise JsonRpcMethodNotFound.of(data["method"])
            return message  # noqa: TRY300 - what it raises is answered too
        except JsonRpcException as error:
            self._answer_unread(data, error)
            raise

    def _answer_unread(self, data: dict[str, Any], error: JsonRpcException) -> None:
        match data:
            case {"id": number, "method": _}:
                self._send_response(number, error=error.to_response_error())
            case {
                "method": types.TEXT_DOCUMENT_DID_CHANGE,
                "params": {"textDocument": {"uri": str(uri)}},
            }:
                _log.error("cannot read a change of %s; it is checked when it is opened again", uri)
                closed = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
                self.lsp_text_document__did_close(closed)

    def handle_message(self, message: Any) -> None:  # noqa: ANN401 - as its base says
        """Take a message; what comes too early or too late is refused.

        Source: LSP 3.17, `initialize` and `shutdown`.
        """
        if not hasattr(message, "jsonrpc"):
            _log.error("a message that is none of JSON-RPC is passed over")
            return
        refusal = self._refusal(getattr(message, "method", types.EXIT))
        if refusal is None:
            super().handle_message(message)
        elif hasattr(message, "id"):
            self._send_response(message.id, error=refusal)

    def _refusal(self, method: str) -> types.ResponseError | None:
        if method == types.EXIT:
            return None
        if self._shutdown:
            message = "the server was told to shut down"
            return types.ResponseError(types.ErrorCodes.InvalidRequest, message)
        if self._workspace is None and method != types.INITIALIZE:
            message = "initialize has to come first"
            return types.ResponseError(types.ErrorCodes.ServerNotInitialized, message)
        return None


def _in_range(number: object) -> object:
    """Return the closest number of a line or column; what is none stays as it is."""
    return max(0, min(number, _LARGEST)) if isinstance(number, int) else number
