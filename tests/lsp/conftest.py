"""What the tests of the language server share."""

import subprocess
import sys

import pytest
from editor import Editor


@pytest.fixture
def editor_of_process(folder):
    """Start the server in a process, as editors do; it has to leave without a word of complaint."""
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
        told = log.read().decode()
        log.close()
        assert "Traceback" not in told, told


@pytest.fixture
def editor(editor_of_process):
    """An editor that can do little, with a server that has started."""
    editor = editor_of_process()
    editor.initialize()
    return editor
