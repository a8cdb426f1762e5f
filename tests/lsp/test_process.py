"""The server as editors run it: a process with standard streams."""

import asyncio
import contextlib
import io
import os
import signal
import subprocess
import sys
import sysconfig
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from editor import Editor
from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.lsp.streams import Input, Output
from rosetta_spec.version import install_command

FILE = "file:///nowhere/a.sampling.yaml"
WRONG = """\
annotationRequestId: r-1
poolName: p
samplingRatio: '0.5'
samplingQuantity: 5
sequenceLength: 5
"""


def test_diagnostics_have_related_places_tags_and_links(editor):
    editor.open(FILE, WRONG)
    quoted, both, ignored = editor.findings(FILE)
    assert quoted["code"] == "RS103"
    assert quoted["range"] == {
        "start": {"line": 2, "character": 15},
        "end": {"line": 2, "character": 20},
    }
    assert quoted["codeDescription"]["href"].endswith("/rules/quoted-scalar/")
    assert both["relatedInformation"][0]["location"]["range"]["start"]["line"] == 2
    assert (ignored["severity"], ignored["tags"]) == (2, [1])


def test_it_works_where_warnings_are_errors(editor_of_process, monkeypatch):
    """With Python 3.14, pygls calls a function that is deprecated."""
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    editor = editor_of_process()
    editor.initialize()
    editor.open(FILE, WRONG)
    assert editor.codes(FILE) == ["RS103", "RS201", "RS401"]
    assert editor.at("textDocument/hover", FILE, 2, 0)


def test_a_request_that_repeats_names_the_first_one(editor):
    request = "annotationRequestId: a\npoolName: p\n"
    editor.open(FILE, f"{request}---\n{request}")
    (repeated,) = editor.findings(FILE)
    (first,) = repeated["relatedInformation"]
    assert (repeated["code"], repeated["range"]["start"]["line"]) == ("RS501", 3)
    assert first["message"] == "the same request is here"
    assert first["location"]["uri"] == FILE
    assert first["location"]["range"]["start"] == {"line": 0, "character": 0}


def test_a_fixed_finding_is_no_longer_published(editor):
    editor.open(FILE, WRONG)
    assert editor.codes(FILE) == ["RS103", "RS201", "RS401"]
    quotes = {"start": {"line": 2, "character": 15}, "end": {"line": 2, "character": 20}}
    editor.change(FILE, {"range": quotes, "text": "0.5"})
    assert editor.codes(FILE) == ["RS201", "RS401"]
    editor.close(FILE)
    assert editor.wait("textDocument/publishDiagnostics")["diagnostics"] == []


def test_the_exit_status_is_0_after_shutdown_and_1_without(editor_of_process):
    polite, rude = editor_of_process(), editor_of_process()
    polite.initialize()
    rude.initialize()
    polite.leave()
    rude.send({"method": "exit"})
    assert (polite.process.wait(60), rude.process.wait(60)) == (0, 1)


def test_the_server_ends_when_its_input_is_closed(editor):
    editor.open(FILE, WRONG)
    editor.process.stdin.close()
    assert editor.process.wait(60) == 1


def test_without_pygls_the_error_names_the_extra(rosetta, monkeypatch):
    monkeypatch.delitem(sys.modules, "rosetta_spec.lsp.server", raising=False)
    monkeypatch.setitem(sys.modules, "pygls.lsp.server", None)
    ended = rosetta("lsp")
    assert ended.status == 2
    assert install_command("lsp") in ended.stderr


@pytest.mark.parametrize("method", ["textDocument/nonsense", "nonsense"])
def test_an_unknown_method_is_an_error_and_the_server_goes_on(editor, method):
    assert editor.answer(editor.start(method))["error"]["code"] == -32601
    editor.notify(method)
    editor.open(FILE, "poolName: p\n")
    assert editor.codes(FILE) == ["RS101"]


#: Bodies that are no messages.
BODIES = [
    b"",
    b"{",
    b"[]",
    b"1",
    b"\xff\xfe",
    b"[" * 100_000,
    b"9" * 5000,
    b'{"method": "textDocument/didOpen", "params": {}}',
    b'{"jsonrpc": "2.0", "method": 1}',
    b'{"jsonrpc": "2.0", "method": "textDocument/didOpen"}',
    b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": []}',
    b'{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": []}',
    b'{"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 4711}}',
    b'{"jsonrpc": "1.0", "method": "textDocument/didOpen", "params": {}}',
    b'{"jsonrpc": "2.0", "id": {}, "method": "textDocument/hover", "params": {}}',
    b'{"jsonrpc": "2.0", "id": 77, "result": "nobody has asked"}',
    b'{"jsonrpc": "2.0", "id": 78, "error": {"code": 1, "message": "nobody has asked"}}',
]

#: Headers that announce no message.
LINES = [
    b"\r\n",
    b"nonsense\r\n\r\n",
    b"\xff\xfe\x00\r\n",
    b"Content-Length: -5\r\n\r\n",
]


def test_malformed_messages_are_skipped(editor):
    editor.open(FILE, "")
    for body in BODIES:
        editor.send_bytes(body)
    for line in LINES:
        editor.streams[0].write(line)
    editor.write(FILE, "poolName: p\n")
    while (codes := editor.codes(FILE)) == ["RS004"]:
        pass
    assert codes == ["RS101"]


COMMAND = [f"{sysconfig.get_path('scripts')}/rosetta-spec", "lsp"]


def test_the_server_ends_when_its_output_is_closed(folder):
    ours, theirs = os.pipe()
    with (folder / "log").open("w+b") as log:
        server = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=theirs, stderr=log)
        os.close(theirs)
        os.close(ours)
        editor = Editor(server.stdin, io.BytesIO())
        with contextlib.suppress(BrokenPipeError):
            while server.poll() is None:
                editor.start("nonsense")
                time.sleep(0.1)
        with contextlib.suppress(BrokenPipeError):
            server.stdin.close()
        assert server.wait(60) == 1
        log.seek(0)
        assert b"Traceback" not in log.read()


def test_in_a_terminal_it_prints_a_hint_and_can_be_interrupted():
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    pipes = {"stdin": theirs, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(COMMAND, **pipes) as server:
        assert b"an editor starts this command" in server.stderr.readline()
        server.stderr.readline()
        server.send_signal(signal.SIGINT)
        assert server.wait(60) == 130
        assert server.stderr.read() == b""
        assert server.stdout.read() == b""
    os.close(ours)
    os.close(theirs)


#: Starts the server so that its checks never end, one after the other or at all. A check begins
#: after a pulse of the server: until then, a slow machine may need more than two seconds.
ENDLESS = """
import re, sys, threading
from rosetta_spec.__main__ import main
from rosetta_spec.cli import servers
from rosetta_spec.lsp.session import Session

pulse, is_checking, is_pulsed = servers._pulse, threading.Event(), threading.Event()

def pulse_and_tell():
    servers._PATIENCE = 2 if is_checking.is_set() else 600
    pulse()
    if servers._PATIENCE == 2:
        is_pulsed.set()

def check(*_, **__):
    is_checking.set()
    is_pulsed.wait()
    print("checking", file=sys.stderr, flush=True)
    while True:
        {}

servers._pulse = pulse_and_tell
Session.check = check
sys.exit(main())
"""


@pytest.fixture(params=["pass", "re.fullmatch('(a+)+', 'a' * 64 + 'b')"], ids=["loop", "search"])
def endless(request):
    """A server that is checking a document of several MiB without an end."""
    command = [sys.executable, "-c", ENDLESS.format(request.param), "lsp"]
    with subprocess.Popen(command, stdin=-1, stdout=-1, stderr=-1) as server:
        editor = Editor(server.stdin, server.stdout)
        editor.process = server

        def begin(**params):
            editor.initialize(**params)
            editor.open(FILE, f"{WRONG}---\n" * 60_000)
            assert server.stderr.readline() == b"checking\n"
            return editor

        yield begin
        server.kill()


def test_the_server_ends_with_its_input_while_a_check_never_ends(endless):
    editor = endless()
    editor.streams[0].close()
    assert editor.process.wait(60) == 1


def test_exit_ends_the_server_while_a_check_never_ends(endless):
    editor = endless()
    # Where only the pulse ends the server, it may have ended already.
    with contextlib.suppress(BrokenPipeError):
        editor.send({"method": "exit"})
    assert editor.process.wait(60) == 1


def test_threads_take_short_turns():
    """An answer about a small document needs several turns, and another one is being checked."""
    call = "Server.serve = lambda *_: print(sys.getswitchinterval(), file=sys.stderr) or 0"
    code = f"import sys; from rosetta_spec.lsp.server import Server; {call}"
    command = [sys.executable, "-c", f"{code}; from rosetta_spec.__main__ import main; main()"]
    ended = subprocess.run([*command, "lsp"], stdin=subprocess.DEVNULL, stderr=-1, check=False)
    assert float(ended.stderr) < 0.001


@pytest.fixture
def client():
    """A process that ends when its input is closed."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1, stderr=-1) as process:
        yield process


def test_the_server_ends_with_its_client_while_a_check_never_ends(endless, client):
    editor = endless(processId=client.pid)
    client.kill()
    client.wait()
    assert editor.process.wait(60) == 1


@pytest.mark.parametrize("is_option", [True, False])
def test_the_server_ends_with_its_client_while_its_input_is_open(
    editor_of_process, client, is_option
):
    editor = editor_of_process(*([f"--clientProcessId={client.pid}"] if is_option else []))
    editor.initialize(processId=None if is_option else client.pid)
    editor.open(FILE, "poolName: p\n")
    assert editor.codes(FILE) == ["RS101"]
    client.kill()
    client.wait()
    assert editor.process.wait(60) == 1


@given(st.lists(st.binary(max_size=20) | st.just(b"\n") | st.just(b"a" * 5000)), st.data())
def test_input_is_read_as_it_is_written(parts, data):
    written = b"".join(parts)

    async def read():
        source = Input(io.BufferedReader(io.BytesIO(written), 4), executor)
        yield await source.readline()
        while piece := await source.readexactly(data.draw(st.integers(1, 100))):
            yield piece
            yield await source.readline()

    async def pieces():
        return [piece async for piece in read()]

    with ThreadPoolExecutor(1) as executor:
        found = asyncio.run(pieces())
    assert b"".join(found) == written
    assert all(b"\n" not in line[:-1] for line in found[::2])


def test_a_closed_output_is_noticed():
    closed = []
    output = Output(io.BytesIO(), lambda: closed.append(True))
    output.write(b"x")
    assert closed == []
    output.close()
    output.write(b"y")
    assert closed == [True]
