"""A minimal client of the Language Server Protocol over two streams."""

import itertools
import json
import os
import queue
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

#: Seconds to wait for an answer on a busy machine.
PATIENCE = int(os.environ.get("PATIENCE", "60"))

#: A request with two findings.
WRONG = "annotationRequestId: r\npoolName: p\nsamplingRatio: 20\nsamplingQuantity: 1\n"

Message = dict[str, Any]


class Editor:
    """Sends messages and keeps what it receives."""

    def __init__(self, to_server: BinaryIO, from_server: BinaryIO) -> None:
        self._to, self._from = to_server, from_server
        self._ids = itertools.count(1)
        self._arrived: queue.Queue[Message | None] = queue.Queue()
        #: Messages of the server that no test has waited for yet.
        self.received: list[Message] = []
        self.versions: dict[str, int] = {}
        self.server: Message = {}
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def streams(self) -> tuple[BinaryIO, BinaryIO]:
        return self._to, self._from

    def _read(self) -> None:
        try:
            while header := self._from.readline():
                length = int(header.removeprefix(b"Content-Length: "))
                while self._from.readline().strip():
                    pass
                self._arrived.put(json.loads(self._from.read(length)))
        finally:
            self._arrived.put(None)

    def has_ended(self, seconds: float) -> bool:
        """Wait for the end of what the server sends."""
        self._reader.join(seconds)
        return not self._reader.is_alive()

    def send(self, message: Message) -> None:
        self.send_bytes(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def send_bytes(self, body: bytes) -> None:
        self._to.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._to.flush()

    def notify(self, method: str, **params: Any) -> None:
        self.send({"method": method, "params": params})

    def start(self, method: str, **params: Any) -> int:
        number = next(self._ids)
        self.send({"id": number, "method": method, "params": params})
        return number

    def _next(self) -> Message:
        message = self._arrived.get(timeout=PATIENCE)
        assert message is not None, "the server has gone"
        if "method" in message and "id" in message:
            self.send({"id": message["id"], "result": self.answer_to(message)})
        return message

    def answer_to(self, message: Message) -> Any:
        """Return the result of a request of the server."""
        return None

    def _find(self, is_wanted: Callable[[Message], bool]) -> Message:
        """Wait for a message; keep others."""
        for index, message in enumerate(self.received):
            if is_wanted(message):
                return self.received.pop(index)
        while not is_wanted(message := self._next()):
            self.received.append(message)
        return message

    def answer(self, number: int) -> Message:
        """Wait for the answer to a request."""
        return self._find(lambda it: it.get("id") == number and "method" not in it)

    def ask(self, method: str, **params: Any) -> Any:
        answer = self.answer(self.start(method, **params))
        assert "error" not in answer, answer
        return answer["result"]

    def wait(self, method: str, **wanted: Any) -> Any:
        """Return the next message of a method with some parameters."""

        def is_wanted(message: Message) -> bool:
            params = message.get("params") or {}
            return message.get("method") == method and wanted.items() <= params.items()

        return self._find(is_wanted).get("params")

    def initialize(self, capabilities: Message | None = None, **params: Any) -> Message:
        whole = {"processId": None, "rootUri": None, "capabilities": capabilities or {}}
        self.server = self.ask("initialize", **{**whole, **params})
        self.notify("initialized")
        return self.server["capabilities"]

    def open(self, uri: str, text: str, language: str = "yaml") -> None:
        self.versions[uri] = 1
        item = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", textDocument=item)

    def change(self, uri: str, *changes: Message) -> None:
        self.versions[uri] += 1
        identifier = {"uri": uri, "version": self.versions[uri]}
        self.notify("textDocument/didChange", textDocument=identifier, contentChanges=changes)

    def write(self, uri: str, text: str) -> None:
        self.change(uri, {"text": text})

    def close(self, uri: str) -> None:
        self.notify("textDocument/didClose", textDocument={"uri": uri})

    def findings(self, uri: str) -> list[Message]:
        """Wait for the diagnostics of the newest version of a document."""
        method, version = "textDocument/publishDiagnostics", self.versions[uri]
        return self.wait(method, uri=uri, version=version)["diagnostics"]

    def codes(self, uri: str) -> list[str]:
        return [each["code"] for each in self.findings(uri)]

    def at(self, method: str, uri: str, line: int, character: int) -> Any:
        position = {"line": line, "character": character}
        return self.ask(method, textDocument={"uri": uri}, position=position)

    def actions(self, uri: str, start: Message, end: Message, *only: str) -> list[Message]:
        context = {"diagnostics": [], **({"only": only} if only else {})}
        range_ = {"start": start, "end": end}
        return self.ask(
            "textDocument/codeAction", textDocument={"uri": uri}, range=range_, context=context
        )

    def leave(self) -> None:
        self.answer(self.start("shutdown"))
        self.send({"method": "exit"})
