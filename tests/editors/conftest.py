"""A language client over stdio, and where the servers of others are found."""

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from editor import Editor

#: The folder of npm packages that the tests of this folder use, such as /somewhere/node_modules.
#: `npm install vscode-langservers-extracted yaml-language-server` makes one.
NODE_MODULES = "NODE_MODULES_OF_TESTS"


class LanguageClient(Editor):
    """A client of a server that asks for its settings, in a process of its own."""

    def __init__(self, command, settings):
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._settings = settings
        super().__init__(self._process.stdin, self._process.stdout)

    def connect(self, **options):
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
        self.initialize(capabilities, initializationOptions=options)
        self.notify("workspace/didChangeConfiguration", settings=self._settings)
        return self

    def stop(self):
        with contextlib.suppress(OSError):
            self.leave()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()

    def diagnostics(self, uri):
        """Wait for the next diagnostics of a document; keep those of others."""
        method, others = "textDocument/publishDiagnostics", []
        while (params := self.wait(method))["uri"] != uri:
            others.append({"method": method, "params": params})
        self.received[:0] = others
        return params["diagnostics"]

    def answer_to(self, message):
        """Answer a request of the server."""
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
            return client.connect(**options)

        yield start
