"""A language client over stdio, and where the servers of others are found."""

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from editor import Editor

from rosetta_spec.version import __version__

CHECKOUT = Path(__file__).parents[2]

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
        """Wait for the next diagnostics of a document."""
        return self.wait("textDocument/publishDiagnostics", uri=uri)["diagnostics"]

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
def extension_package(node_modules, tmp_path_factory):
    """The extension for VS Code as it is published."""
    for name in ("esbuild", "vsce"):
        if not (node_modules / ".bin" / name).exists():
            pytest.skip(f"{name} is not in {node_modules}")
    checkout = tmp_path_factory.mktemp("checkout")
    copy = checkout / "examples" / "editors" / "vscode"
    unneeded = shutil.ignore_patterns("node_modules", "dist", "LICENSE", "*.vsix", "*.schema.json")
    shutil.copytree(CHECKOUT / "examples" / "editors" / "vscode", copy, ignore=unneeded)
    (checkout / "docs").mkdir()
    for name in ("docs/sampling-create.schema.json", "LICENSE"):
        shutil.copy(CHECKOUT / name, checkout / name)
    (copy / "node_modules").symlink_to(node_modules)
    (copy / "note.txt").write_text("not part of it")
    subprocess.run(["npm", "run", "package"], cwd=copy, check=True, capture_output=True)
    return copy / f"rosetta-spec-{__version__}.vsix"


@pytest.fixture(scope="session")
def language_client():
    """Start a language server for as long as the tests run."""
    with contextlib.ExitStack() as running:

        def start(command, settings, **options):
            client = LanguageClient(command, settings)
            running.callback(client.stop)
            return client.connect(**options)

        yield start
