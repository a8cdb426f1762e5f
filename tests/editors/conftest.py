"""A language client over stdio, and where the servers of others are found."""

import contextlib
import itertools
import json
import os
import queue
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

#: The folder of npm packages that the tests of this folder use, such as /somewhere/node_modules.
#: `npm install vscode-langservers-extracted yaml-language-server` makes one.
NODE_MODULES = "NODE_MODULES_OF_TESTS"


class LanguageClient:
    """The client's side of the Language Server Protocol, as much of it as the tests need."""

    def __init__(self, command, settings):
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._settings = settings
        self._numbers = itertools.count(1)
        self._answers = {}
        self._diagnostics = {}
        threading.Thread(target=self._read, daemon=True).start()

    def start(self, **options):
        capabilities = {
            "textDocument": {
                "publishDiagnostics": {},
                "hover": {"contentFormat": ["markdown"]},
                "completion": {
                    "completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}
                },
            },
            "workspace": {"configuration": True, "didChangeConfiguration": {}},
        }
        self.ask(
            "initialize",
            processId=os.getpid(),
            rootUri=None,
            capabilities=capabilities,
            initializationOptions=options,
        )
        self.tell("initialized")
        self.tell("workspace/didChangeConfiguration", settings=self._settings)
        return self

    def stop(self):
        with contextlib.suppress(OSError):
            self.ask("shutdown")
            self.tell("exit")
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()

    def open(self, uri, text):
        self._diagnostics[uri] = queue.Queue()
        document = {"uri": uri, "languageId": uri.rpartition(".")[2], "version": 1, "text": text}
        self.tell("textDocument/didOpen", textDocument=document)

    def diagnostics(self, uri):
        """Wait for what is said of a document."""
        return self._diagnostics[uri].get(timeout=60)

    def at(self, method, uri, line, character):
        position = {"line": line, "character": character}
        return self.ask(method, textDocument={"uri": uri}, position=position)

    def ask(self, method, **params):
        number = next(self._numbers)
        answer = self._answers[number] = queue.Queue()
        self._write({"id": number, "method": method, "params": params})
        message = answer.get(timeout=60)
        assert "error" not in message, message
        return message["result"]

    def tell(self, method, **params):
        self._write({"method": method, "params": params})

    def _write(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self):
        while header := self._process.stdout.readline():
            length = int(header.partition(b":")[2])
            while self._process.stdout.readline().strip():
                pass
            self._take(json.loads(self._process.stdout.read(length)))

    def _take(self, message):
        if "method" not in message:
            self._answers.pop(message["id"]).put(message)
        elif message["method"] == "textDocument/publishDiagnostics":
            params = message["params"]
            if params["uri"] in self._diagnostics:
                self._diagnostics[params["uri"]].put(params["diagnostics"])
        elif "id" in message:
            self._write({"id": message["id"], "result": self._result(message)})

    def _result(self, message):
        if message["method"] == "workspace/configuration":
            items = message["params"]["items"]
            return [self._settings.get(item.get("section", "")) for item in items]
        return None


@pytest.fixture(scope="session")
def node_modules():
    """The folder of npm packages; without it, or without node, a test is skipped."""
    folder = os.environ.get(NODE_MODULES)
    if folder is None or shutil.which("node") is None:
        pytest.skip(f"needs node, and a folder of npm packages in {NODE_MODULES}")
    return Path(folder)


@pytest.fixture(scope="session")
def language_client():
    """Start a language server for as long as the tests run."""
    with contextlib.ExitStack() as running:

        def start(command, settings, **options):
            client = LanguageClient(command, settings)
            running.callback(client.stop)
            return client.start(**options)

        yield start
