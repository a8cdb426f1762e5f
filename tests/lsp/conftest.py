"""What the tests of the language server share."""

import os
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager

import pytest
from editor import WRONG, Editor

from rosetta_spec.config.settings import Overrides
from rosetta_spec.lsp.document import OpenDocument
from rosetta_spec.lsp.server import Server
from rosetta_spec.lsp.session import Session


@pytest.fixture
def open_text(folder):
    """Return a document with the path of a file that need not exist."""

    def call(name, source=WRONG, language="yaml"):
        return OpenDocument((folder / name).as_uri(), 1, language, source, "utf-16")

    return call


@pytest.fixture
def session():
    """What checks and completes documents, without a server."""
    return Session(Overrides(force_exclude=True), lambda: "2026-06-01")


@pytest.fixture
def editor_of_process(folder):
    """Start the server in a process, as editors do; it must not print a traceback."""
    started = []

    def call(*arguments):
        command = [sys.executable, "-m", "rosetta_spec", "lsp", *arguments]
        log = (folder / f"log-{len(started)}").open("w+b")
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
        process = subprocess.Popen(command, **streams)
        started.append((process, log))
        editor = Editor(process.stdin, process.stdout)
        editor.process = process
        return editor

    yield call
    for process, log in started:
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()
        log.seek(0)
        shown = log.read().decode()
        log.close()
        assert "Traceback" not in shown, shown


@pytest.fixture
def editor(editor_of_process):
    """A client without capabilities, whose server is initialized."""
    editor = editor_of_process()
    editor.initialize()
    return editor


@contextmanager
def threaded(today="2026-06-01", **overrides):
    """A server in a thread of this process, and a client that is connected to it."""
    from_editor, to_server = os.pipe()
    from_server, to_editor = os.pipe()
    server = Server(Overrides(**overrides), lambda: today)
    streams = os.fdopen(from_editor, "rb"), os.fdopen(to_editor, "wb")
    thread = threading.Thread(target=server.serve, args=streams, daemon=True)
    thread.start()
    editor = Editor(os.fdopen(to_server, "wb"), os.fdopen(from_server, "rb"))
    yield editor
    editor.leave()
    thread.join(60)
    assert not thread.is_alive()
    for stream in (*streams, *editor.streams):
        stream.close()


@pytest.fixture
def meet(folder):
    """Start servers in threads, each with a client that has sent nothing."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(threaded(**options))


@pytest.fixture
def connect(meet):
    """Start servers in threads, each with a client that has sent its capabilities."""

    def call(capabilities=None, **options):
        editor = meet(**options)
        editor.initialize(capabilities)
        return editor

    return call
